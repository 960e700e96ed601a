"""What the store can answer but a value; see `lib.ports` and `lib.errors` for the errors that callers act on."""

from lib.errors import MonitorError


class MigrationsBehind(MonitorError):
    """The database's schema is older than the code."""

    code = "migrations_behind"

    def __init__(self, call: str) -> None:
        super().__init__(f"{call}: the database is behind the code: run ./monitor migrate")


class StoreRefused(MonitorError):
    """The database answered, and the answer was no. The message names the function and the database's code."""

    code = "store_refused"

    def __init__(self, call: str, reason: str) -> None:
        super().__init__(f"{call}: {reason}")
        self.reason = reason


class StoreConflict(StoreRefused):
    """What was asked contradicts what is stored (409); `reason` is the database's own short word for it."""

    code = "store_conflict"
