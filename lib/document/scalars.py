"""Numbers and times of a history file. What does not fit is a ValueError that says what would."""

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PLAIN = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?").fullmatch
_MOST_DIGITS = 30  # before or after the point: no money has more, and arithmetic with 50 digits stays exact enough


def number(value: object) -> Decimal:
    """Read a number that is a string or a JSON number. Raises: ValueError."""
    if isinstance(value, str) and _PLAIN(value):
        return Decimal(value)  # nearly all are like this, and a long history has some hundred thousand
    if isinstance(value, str) and ("_" in value or not value.isascii()):
        raise ValueError(f"must be a number, got {value[:40]!r}")
    if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
        raise ValueError(f"must be a number, got {shown(value)}")  # noqa: TRY004 - pydantic takes a ValueError
    try:
        found = Decimal(value)
    except InvalidOperation:
        raise ValueError(f"must be a number, got {str(value)[:40]!r}") from None
    if not found.is_finite():
        raise ValueError("must be a finite number")
    if found and not -_MOST_DIGITS <= found.adjusted() < _MOST_DIGITS:
        raise ValueError(f"is beyond what money can be: {found:.3E}")
    return found


def price(value: object) -> Decimal:
    """Read a price. Raises: ValueError unless it is above 0."""
    found = number(value)
    if found <= 0:
        raise ValueError(f"must be above 0, got {found}")
    return found


def instant(value: object) -> datetime:
    """Read a time with a zone, or epoch seconds. Raises: ValueError."""
    try:
        if isinstance(value, str):
            found = datetime.fromisoformat(value.upper() if value[-1:] == "z" else value)
            if found.tzinfo is UTC:
                return found
            if found.tzinfo is None:
                raise ValueError(f"needs a zone, like 2025-07-07T12:00:00Z, got {value!r}")
            return found.astimezone(UTC)
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            return _EPOCH + timedelta(microseconds=int(value * 1_000_000))
    except (ValueError, OverflowError) as error:
        if str(error).startswith("needs"):
            raise
    raise ValueError(f"must be a time like 2025-07-07T12:00:00Z, got {shown(value)}")


def shown(value: object) -> str:
    """Show a value that does not fit, as JSON would call it."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case str():
            return repr(value[:40])
        case dict():
            return "an object"
        case list():
            return "a list"
    return str(value)[:40]
