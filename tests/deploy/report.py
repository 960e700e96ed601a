"""What the check prints: one line a check, one a long step, and how it ended."""

import sys
import time
from collections.abc import Callable, Iterable, Set


class Report:
    """Counts what held and what did not, and says each at once."""

    def __init__(self, write: Callable[[str], object] = sys.stdout.write) -> None:
        self._write = write
        self._since_s = time.monotonic()
        self.passed = 0
        self.failed = 0

    def check(self, claim: str, problems: Iterable[str]) -> None:
        """Say that `claim` holds, or what contradicts it."""
        found = list(problems)
        self.passed += not found
        self.failed += bool(found)
        self._line(f"FAILED {claim}: {'; '.join(found)}" if found else f"ok     {claim}")

    def step(self, text: str) -> None:
        """Say what takes its time now."""
        self._line(f"       {text} ({time.monotonic() - self._since_s:.0f} s)")

    def close(self) -> int:
        """Say how it ended, and return the exit code."""
        self._line(f"check-deploy: {self.passed} passed, {self.failed} failed")
        return 1 if self.failed else 0

    def _line(self, text: str) -> None:
        self._write(f"{text}\n")
        sys.stdout.flush()


def differing(found: object, expected: object) -> list[str]:
    """Return what is wrong with `found`, if anything; of sets only what differs."""
    if isinstance(found, Set) and isinstance(expected, Set):
        return [*unwanted(map(str, expected - found), "lacking"), *unwanted(map(str, found - expected), "also")]
    return [] if found == expected else [f"expected {_shown(expected)}, found {_shown(found)}"]


def unwanted(names: Iterable[str], what: str) -> list[str]:
    """Return the names that should not be there, the first few in full."""
    found = sorted(names)
    more = f" and {len(found) - 8} more" if len(found) > 8 else ""
    return [f"{what}: {', '.join(found[:8])}{more}"] if found else []


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 400 else f"{text[:400]}..."
