"""`./monitor` as a process of its own with a home of its own: other data, other settings, none of this machine."""

import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PATIENCE_S = 60.0  # of a test that would otherwise wait for ever
ENTRY = """
import sys
from pathlib import Path
from lib.cli import terminal
from lib.cli.__main__ import main
home = Path(sys.argv[1])
terminal.DATA, terminal.DOTENV = home / "data", home / ".env"
sys.exit(main(sys.argv[2:]))
"""


def command(home: Path, *arguments: str) -> list[str]:
    return [sys.executable, "-P", "-c", ENTRY, str(home), *arguments]


def environment(**settings: str) -> dict[str, str]:
    """Nothing of this process's own but where programs are."""
    return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "PYTHONPATH": str(ROOT), **settings}


def run(home: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        command(home, *arguments),
        cwd=home,
        env=environment(**settings),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )


@dataclass
class Running:
    """A command that runs; what it tells is read line by line as it comes."""

    process: subprocess.Popen[str]
    told: list[str] = field(default_factory=list)
    _lines: "queue.Queue[str | None]" = field(default_factory=queue.Queue)

    def __post_init__(self) -> None:
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        heard = self.process.stderr or self.process.stdout
        assert heard is not None
        for line in heard:
            self._lines.put(line.rstrip("\n"))
        self._lines.put(None)

    def until(self, text: str) -> str:
        """Wait for a line with `text` in it and return it."""
        while (line := self._lines.get(timeout=PATIENCE_S)) is not None:
            self.told.append(line)
            if text in line:
                return line
        raise AssertionError(f"it ended without saying {text!r}: {self.told}")

    def heard_out(self) -> None:
        """Wait until all has been read that was told; what it is read from may be closed then."""
        self._reader.join(PATIENCE_S)

    def stop(self, *signals: int) -> int:
        """Send the signals one after another and return the exit code."""
        for number in signals:
            self.process.send_signal(number)
        code = self.process.wait(timeout=PATIENCE_S)
        while (line := self._lines.get(timeout=PATIENCE_S)) is not None:
            self.told.append(line)
        return code


@contextmanager
def running(home: Path, *arguments: str, prints: bool = False, **settings: str) -> Iterator[Running]:
    """Start a command; it does not outlive the block. What it `prints` is heard only where that is asked for."""
    with subprocess.Popen(
        command(home, *arguments),
        cwd=home,
        env=environment(**settings),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE if prints else subprocess.DEVNULL,
        stderr=subprocess.STDOUT if prints else subprocess.PIPE,
        text=True,
    ) as process:
        started = Running(process)
        try:
            yield started
        finally:
            if process.poll() is None:
                process.terminate()
            started.heard_out()
