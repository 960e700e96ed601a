"""Read the log, newest first, with cursors both ways."""

from dataclasses import replace

from lib.domain.requests import ALL_ACCOUNTS, LogRequest
from lib.ports import Store
from lib.records import StoredLog


async def read(store: Store, request: LogRequest) -> dict[str, object]:
    """Answer with entries and their cursors: `after` asks for what was written later, `before` for what was earlier.

    Entries stand in the order of their times, cursors go by the order of writing. Both are None where nothing was
    found: then the cursor that was asked with still holds. Raises: as `find`.
    """
    entries = await find(store, request)
    ids = [each.id for each in entries]
    return {
        "entries": [in_words(each) for each in entries],
        "after": str(max(ids)) if ids else None,
        "before": str(min(ids)) if ids else None,
    }


async def find(store: Store, request: LogRequest) -> tuple[StoredLog, ...]:
    """Return entries, newest first. Raises: NotFound where the account that is asked for is not there."""
    if request.account == ALL_ACCOUNTS:
        request = replace(request, account=None)
    entries = await store.logs(request)
    if not entries and request.account is not None and request.after is None and request.before is None:
        await store.editions(request.account)  # of one that is not there nothing can be told, of another just nothing
    return entries


def in_words(stored: StoredLog) -> dict[str, object]:
    """Write an entry by the names of its parts."""
    entry = stored.entry
    return {
        "id": str(stored.id),
        "at": entry.at,
        "level": entry.level,
        "event": entry.event,
        "message": entry.message,
        "run": stored.run,
        "account": entry.account,
        "data": dict(entry.data),
    }
