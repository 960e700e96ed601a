"""The cold start of each built function: from the start of its process to the first byte of its first answer."""

import http.client
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from tests.bench.table import Row, Tell, middle, missing
from tests.deploy import output, source
from tests.deploy.builder import CannotBuild, Tools, build, tools
from tests.deploy.output import Function
from tests.deploy.running import Running, materialised, running
from tests.deploy.surroundings import surroundings

_BOUND_S, _BOUND_MB = 0.5, 80
_STARTS = 5
_UNWRITTEN = {"PYTHONDONTWRITEBYTECODE": "1"}  # the platform's disk cannot be written: no start helps the next one


@dataclass(frozen=True, slots=True)
class _Start:
    """One cold start. Units: `ready_s` until its runtime says that it serves."""

    first_byte_s: float
    ready_s: float
    status: int
    peak_mb: float | None


async def rows(tell: Tell) -> list[Row]:
    """Measure each function as built with compiled bytecode, then as built without."""
    with tempfile.TemporaryDirectory(prefix="bench-functions-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        try:
            with_tools = tools(folder / "bin")
        except CannotBuild as problem:
            return [missing("cold start of the built functions", str(problem))]
        with surroundings(folder / "postgres") as world:
            settings = {**world.settings, **_UNWRITTEN}
            return [
                row
                for bytecode in (True, False)
                for row in _kind(folder / f"bytecode-{bytecode}", with_tools, settings, tell, bytecode=bytecode)
            ]


def _kind(folder: Path, with_tools: Tools, settings: dict[str, str], tell: Tell, *, bytecode: bool) -> Iterator[Row]:
    """Measure every function of one kind of build. The bounds are those of one with bytecode."""
    kind = "with bytecode" if bytecode else "without bytecode"
    tell(f"functions: building {kind}")
    tree = source.copied(folder / "source")
    built = output.read(build(tree, with_tools, lambda _: None, bytecode=bytecode), tree.folder)
    peaks: list[float] = []
    for function in built.functions:
        tell(f"functions: starting {function.name} {kind} {_STARTS} times")
        laid = materialised(function, folder / function.name)
        starts = [_start(function, laid, with_tools.python, settings) for _ in range(_STARTS)]
        yield _told(function, kind, starts, _BOUND_S if bytecode else None)
        peaks.extend(start.peak_mb for start in starts if start.peak_mb is not None)
    if peaks:
        yield Row(f"  most memory of any, {kind}", max(peaks), "MB", _BOUND_MB if bytecode else None)


def _told(function: Function, kind: str, starts: list[_Start], bound_s: float | None) -> Row:
    compiled = sum(path.endswith(".pyc") for path in function.files)
    ready = middle([start.ready_s for start in starts])
    note = f"answers {starts[0].status}, ready after {ready:.2f} s, {compiled} compiled files"
    first = middle([start.first_byte_s for start in starts])
    return Row(f"cold start, {function.name}, {kind}", first, "s", bound_s, note)


def _start(function: Function, folder: Path, python: Path, settings: dict[str, str]) -> _Start:
    began = time.perf_counter()
    with running(function, folder, python, settings) as started:
        ready_s = time.perf_counter() - began
        status = _first_byte(started)
        return _Start(time.perf_counter() - began, ready_s, status, _peak_mb(started.pid))


def _first_byte(started: Running) -> int:
    """Ask without a secret and return the answer's status, as soon as its first bytes are here."""
    address = urlsplit(started.url)
    assert address.hostname is not None
    connection = http.client.HTTPConnection(address.hostname, address.port, timeout=30)
    headers = {
        "host": "monitor.example",
        "x-forwarded-proto": "https",
        "x-vercel-internal-invocation-id": "bench-1",
        "x-vercel-internal-request-id": "1",
        "x-vercel-internal-span-id": "0" * 16,
        "x-vercel-internal-trace-id": "0" * 32,
    }
    try:
        connection.request("GET", f"/api/{started.function.name}", headers=headers)
        return connection.getresponse().status
    finally:
        connection.close()


def _peak_mb(pid: int) -> float | None:
    """Return the most memory a process ever held; where the system keeps no such figure, what it holds now."""
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        peak = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(peak.split()[1]) / 1e3
    asked = ["ps", "-o", "rss=", "-p", str(pid)]
    held = subprocess.run(asked, capture_output=True, text=True, check=False).stdout
    return int(held) / 1e3 if held.strip() else None
