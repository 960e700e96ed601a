"""What a build left, parsed once."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

VENDOR = "_vendor/"


@dataclass(frozen=True, slots=True)
class Function:
    """One deployed function. `files` leads from the path inside it to the file on this disk."""

    name: str  # the file in api/, without .py
    runtime: str
    handler: str
    max_duration_s: int
    environment: Mapping[str, str]
    files: Mapping[str, Path]

    @property
    def own(self) -> frozenset[str]:
        """The files that are ours."""
        return frozenset(name for name in self.files if not name.startswith(VENDOR))

    @property
    def size_bytes(self) -> int:
        return sum(path.stat().st_size for path in self.files.values())

    @property
    def own_bytes(self) -> int:
        return sum(self.files[name].stat().st_size for name in self.own)


@dataclass(frozen=True, slots=True)
class Output:
    """All that would be deployed."""

    crons: tuple[tuple[str, str], ...]  # path, schedule
    headers: Mapping[str, str]  # of every path
    text: str  # config.json as it is
    static: Mapping[str, Path]
    functions: tuple[Function, ...]

    def function(self, name: str) -> Function:
        """Return the function of that name."""
        return next(function for function in self.functions if function.name == name)


def read(folder: Path, source: Path) -> Output:
    """Read the output in `folder` of a build in `source`."""
    text = (folder / "config.json").read_text()
    config = json.loads(text)
    everywhere = [route for route in config["routes"] if "headers" in route and route.get("continue")]
    static = folder / "static"
    return Output(
        crons=tuple((cron["path"], cron["schedule"]) for cron in config.get("crons", [])),
        headers={name: value for route in everywhere for name, value in route["headers"].items()},
        text=text,
        static={path.relative_to(static).as_posix(): path for path in static.rglob("*") if path.is_file()},
        functions=tuple(_function(path, folder, source) for path in sorted((folder / "functions").rglob("*.func"))),
    )


def _function(folder: Path, output: Path, source: Path) -> Function:
    config = json.loads((folder / ".vc-config.json").read_text())
    mapped = {name: source / path for name, path in config.get("filePathMap", {}).items()}
    beside = {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.is_file() and path.name != ".vc-config.json"
    }
    return Function(
        name=folder.relative_to(output / "functions").as_posix().removeprefix("api/").removesuffix(".func"),
        runtime=config["runtime"],
        handler=config["handler"],
        max_duration_s=config.get("maxDuration", 0),
        environment=config.get("environment", {}),
        files=mapped | beside,
    )
