"""What one run has to tell: written to standard output, and handed to the store with each commit."""

from collections.abc import Callable
from contextlib import suppress

from lib import log
from lib.ports import Clock
from lib.records import LogEntry
from lib.redaction import redacted, redacted_text

type _Write = Callable[[], None]  # to standard output


class Logbook:
    """Gathers the entries of one run, or of one account in it. Telling can never fail the work."""

    def __init__(self, run: str, clock: Clock, account: str | None = None) -> None:
        self._run, self._clock, self._account = run, clock, account
        self._entries: list[LogEntry] = []
        self._unwritten: list[_Write] | None = None  # what a draft keeps to itself; None: all is written at once

    @property
    def run(self) -> str:
        """Name the run."""
        return self._run

    @property
    def entries(self) -> tuple[LogEntry, ...]:
        """What was told since the last time that it was taken, oldest first."""
        return tuple(self._entries)

    def take(self) -> tuple[LogEntry, ...]:
        """Return what was told since the last time, oldest first."""
        taken, self._entries = self.entries, []
        return taken

    def keep(self, other: "Logbook") -> None:
        """Take over what another one has to tell."""
        self._entries.extend(other.take())

    def of(self, account: str) -> "Logbook":
        """Return an empty logbook of the same run for one account."""
        return Logbook(self._run, self._clock, account)

    def draft(self) -> "Logbook":
        """Return a logbook of what may come to nothing: nobody hears of it unless it is published."""
        drafted = Logbook(self._run, self._clock, self._account)
        drafted._unwritten = []
        return drafted

    def publish(self) -> None:
        """Write what a draft kept to itself: it came true."""
        for write in self._unwritten or ():
            write()
        self._unwritten = None

    def tell(self, event: str, message: str, **data: object) -> None:
        """Tell what happened."""
        self._add("info", event, message, data)
        self._write(lambda: log.info(event, message=message, run=self._run, account=self._account, **data))

    def warn(self, event: str, message: str, **data: object) -> None:
        """Tell what a person should look at."""
        self._add("warning", event, message, data)
        self._write(lambda: log.warning(event, message=message, run=self._run, account=self._account, **data))

    def fail(self, event: str, message: str, failure: BaseException | None = None, **data: object) -> None:
        """Tell what failed; the trace of `failure` goes to standard output only."""
        self._add("error", event, message, data)
        self._write(lambda: log.error(event, failure, message=message, run=self._run, account=self._account, **data))

    def _write(self, write: _Write) -> None:
        if self._unwritten is None:
            write()
        else:
            self._unwritten.append(write)

    def _add(self, level: str, event: str, message: str, data: dict[str, object]) -> None:
        with suppress(Exception):  # a value that cannot be shown
            shown = {name: redacted(value, name) for name, value in data.items()}
            entry = LogEntry(self._clock.now(), level, event, redacted_text(message), self._account, shown)
            self._entries.append(entry)
