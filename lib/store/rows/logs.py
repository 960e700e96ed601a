"""Log entries."""

from collections.abc import Mapping
from typing import Any

from lib.records import LogEntry, StoredLog
from lib.store.rows.scalars import instant, stamp

_NUL = "\x00"  # JSON in Postgres cannot hold it, and no reader misses it; half of a pair of surrogates neither


def encode_log(entry: LogEntry) -> dict[str, Any]:
    """Write an entry."""
    return {
        "at": stamp(entry.at),
        "level": entry.level,
        "event": entry.event,
        "message": _text(entry.message),
        "account": entry.account,
        "data": _clean(entry.data),
    }


def decode_log(row: Mapping[str, Any]) -> StoredLog:
    """Read an entry."""
    entry = LogEntry(instant(row["at"]), row["level"], row["event"], row["message"], row["account"], row["data"])
    return StoredLog(row["id"], row["run"], entry)


def _clean(value: object) -> object:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Mapping):
        return {_text(str(key)): _clean(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(inner) for inner in value]
    return value


def _text(text: str) -> str:
    return text.replace(_NUL, "").encode(errors="replace").decode()
