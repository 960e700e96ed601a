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
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--python")


class NotInstalled(Exception):
    """The packages could not be had on this machine; the message says why."""


def prepared(name: str) -> Path:
    """Return the Python of the environment that `tests/NAME/requirements.txt` describes.

    A stamp of the requirements makes a second call cheap; runs wait for each other. Raises: NotInstalled.
    """
    requirements, home = ROOT / "tests" / name / "requirements.txt", ROOT / ".venv" / name
    python, stamp = home / "bin" / "python", home / ".stamp"
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    with _alone(home):
        if not stamp.exists() or stamp.read_text() != wanted:
            shutil.rmtree(home, ignore_errors=True)
            _run("venv", sys.executable, "-m", "venv", "--without-pip", str(home))
            install = ("install", "--quiet", "--no-deps", "--only-binary", ":all:", "--retries", "1")
            _run("packages", *PIP, str(python), *install, "-r", str(requirements))
            stamp.write_text(wanted)
    return python


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    home.parent.mkdir(exist_ok=True)
    with home.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _run(what: str, *command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        told = [line for line in done.stderr.splitlines() if line.startswith("ERROR")] or ["no reason given"]
        raise NotInstalled(f"other people's {what} could not be installed: {told[-1]}")
