"""The platform's own builder, run without an account."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.deploy.source import ROOT, Source

_VERCEL = ROOT / "tests/tools/deploy/node_modules/.bin/vercel"
_UV = Path(sys.prefix) / "deploy/bin/uv"
_PATIENCE_S = 600
_TOLD = ("Installing", "Compiling", "Running", "Build Completed", "Error", "WARNING: ", "added ")


class CannotBuild(Exception):
    """The builder cannot be run, or it stopped; the message says what and why."""


@dataclass(frozen=True, slots=True)
class Tools:
    """What a build calls. `bin` holds uv and the platform's Python and nothing else."""

    vercel: Path
    python: Path
    bin: Path


def tools(folder: Path) -> Tools:
    """Find what a build calls. Raises: CannotBuild naming what is not there."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise CannotBuild("Node 20 or newer and npm are needed and were not found: make check-deploy brings them")
    for tool in (_VERCEL, _UV):
        if not tool.exists():
            raise CannotBuild(f"{tool.name} is not installed: make check-deploy brings it")
    python = _python((ROOT / ".python-version").read_text().strip())
    folder.mkdir()
    (folder / "uv").symlink_to(_UV)
    (folder / python.name).symlink_to(python)
    return Tools(_VERCEL, python, folder)


def build(source: Source, with_tools: Tools, tell: Callable[[str], None], *, bytecode: bool = False) -> Path:
    """Build, telling the builder's steps, and return the folder of its output. Raises: CannotBuild."""
    command = [str(with_tools.vercel), "build", "--yes", "--global-config", str(source.folder / ".vercel/global")]
    process = subprocess.Popen(
        command,
        cwd=source.folder,
        env=_environment(with_tools, bytecode=bytecode),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said: list[str] = []
    with process:
        assert process.stdout is not None
        for line in process.stdout:
            said.append(line.rstrip())
            if line.startswith(_TOLD) and line.rstrip() not in said[:-1]:
                tell(line.rstrip())
        code = process.wait(_PATIENCE_S)
    output = source.folder / ".vercel/output"
    if code != 0 or not (output / "config.json").exists():
        last = "\n".join(said[-25:])
        raise CannotBuild(f"vercel build ended with {code}:\n{last}")
    return output


def _environment(with_tools: Tools, *, bytecode: bool) -> dict[str, str]:
    """Return this process's environment without an account, a setting of the product or a virtual environment."""
    ours = ("VERCEL", "NOW_", "SUPABASE_", "BINANCE_", "VIRTUAL_ENV", "PYTHON", "ENCRYPTION_", "MAKE")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    kept["PATH"] = f"{with_tools.bin}{os.pathsep}{kept['PATH']}"
    kept |= {"VERCEL_TELEMETRY_DISABLED": "1", "NO_COLOR": "1", "NO_UPDATE_NOTIFIER": "1"}
    return kept | ({"VERCEL_PYTHON_COMPILEALL": "1"} if bytecode else {})


def _python(version: str) -> Path:
    """Find an interpreter of the platform's version, a fresh one from uv as the last resort."""
    current = f"{sys.version_info.major}.{sys.version_info.minor}"
    if current == version:
        return _named(Path(sys.base_prefix) / "bin", version)
    why = ""
    for attempt in (["find", "--no-project", version], ["install", version], ["find", "--no-project", version]):
        done = subprocess.run([str(_UV), "python", *attempt], capture_output=True, text=True, check=False)
        why = why or (done.stderr.strip() if attempt[0] == "install" else "")
        if done.returncode == 0 and attempt[0] == "find":
            return _named(Path(done.stdout.strip()).resolve().parent, version)
    raise CannotBuild(f"Python {version} is needed and was not found, and uv could not bring it: {why}")


def _named(folder: Path, version: str) -> Path:
    path = folder / f"python{version}"
    if not path.exists():
        raise CannotBuild(f"Python {version} is needed: there is no {path.name} beside this interpreter")
    return path
