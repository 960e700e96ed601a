"""Read the log, newest first, with cursors both ways."""

from lib.domain.requests import LogRequest
from lib.ports import Store
from lib.records import StoredLog


async def read(store: Store, request: LogRequest) -> dict[str, object]:
    """Answer with entries and their cursors: `after` asks for newer ones, `before` for older ones.

    Both are None where nothing was found: then the cursor that was asked with still holds.
    """
    entries = await store.logs(request)
    return {
        "entries": [in_words(each) for each in entries],
        "after": str(entries[0].id) if entries else None,
        "before": str(entries[-1].id) if entries else None,
    }


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
