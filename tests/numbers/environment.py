"""An environment of its own for other people's packages, made where it is missing."""

import fcntl
import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
REQUIREMENTS = Path(__file__).parent / "requirements.txt"
HOME = ROOT / ".venv" / "numbers"
PYTHON = HOME / "bin" / "python"
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", str(PYTHON))


class NotInstalled(Exception):
    """The packages could not be had on this machine; the message says why."""


def prepared() -> Path:
    """Return the environment's Python. A stamp of the requirements makes a second call cheap; runs wait for each other.

    Raises: NotInstalled.
    """
    wanted, stamp = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest(), HOME / ".stamp"
    with _alone():
        if not stamp.exists() or stamp.read_text() != wanted:
            shutil.rmtree(HOME, ignore_errors=True)
            _run("venv", sys.executable, "-m", "venv", "--without-pip", str(HOME))
            install = ("install", "--quiet", "--no-deps", "--only-binary", ":all:", "--retries", "1")
            _run("packages", *PIP, *install, "-r", str(REQUIREMENTS))
            stamp.write_text(wanted)
    return PYTHON


@contextmanager
def _alone() -> Iterator[None]:
    HOME.parent.mkdir(exist_ok=True)
    with (HOME.parent / "numbers.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _run(what: str, *command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        told = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or ["no reason given"]
        raise NotInstalled(f"other people's {what} could not be installed: {told[-1]}")
