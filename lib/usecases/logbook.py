"""What one run has to tell: written to standard output at once, and handed to the store with each commit."""

from lib import log
from lib.ports import Clock
from lib.records import LogEntry
from lib.redaction import redacted, redacted_text


class Logbook:
    """Gathers the entries of one run, or of one account in it. Telling can never fail the work."""

    def __init__(self, run: str, clock: Clock, account: str | None = None) -> None:
        self._run, self._clock, self._account = run, clock, account
        self._entries: list[LogEntry] = []

    def take(self) -> tuple[LogEntry, ...]:
        """Return what was told since the last time, oldest first."""
        taken, self._entries = tuple(self._entries), []
        return taken

    def keep(self, other: "Logbook") -> None:
        """Take over what another one has to tell."""
        self._entries.extend(other.take())

    def of(self, account: str) -> "Logbook":
        """Return an empty logbook of the same run for one account."""
        return Logbook(self._run, self._clock, account)

    def tell(self, event: str, message: str, **data: object) -> None:
        """Tell what happened."""
        self._add("info", event, message, data)
        log.info(event, message=message, run=self._run, account=self._account, **data)

    def warn(self, event: str, message: str, **data: object) -> None:
        """Tell what a person should look at."""
        self._add("warning", event, message, data)
        log.warning(event, message=message, run=self._run, account=self._account, **data)

    def fail(self, event: str, message: str, failure: BaseException | None = None, **data: object) -> None:
        """Tell what failed; the trace of `failure` goes to standard output only."""
        self._add("error", event, message, data)
        log.error(event, failure, message=message, run=self._run, account=self._account, **data)

    def _add(self, level: str, event: str, message: str, data: dict[str, object]) -> None:
        shown = {name: redacted(value, name) for name, value in data.items()}
        self._entries.append(LogEntry(self._clock.now(), level, event, redacted_text(message), self._account, shown))
