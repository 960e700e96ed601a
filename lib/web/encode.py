"""Answers as JSON: money as strings, times as RFC 3339, errors as problem+json."""

import csv as tables
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from decimal import Decimal

from starlette.responses import Response

from lib.domain.money import plain


def answer(value: object, status: int = 200) -> Response:
    """Encode `value` as a JSON answer that no cache keeps."""
    return Response(
        json.dumps(encoded(value), separators=(",", ":"), allow_nan=False),
        status,
        {"Cache-Control": "private, no-store"},
        media_type="application/json",
    )


def table(rows: Sequence[Sequence[object]]) -> str:
    """Write rows of numbers and times as CSV, the first one being the heads. Source: RFC 4180."""
    text = io.StringIO()
    tables.writer(text).writerows([encoded(cell) for cell in row] for row in rows)
    return text.getvalue()


def csv(rows: Sequence[Sequence[object]], name: str) -> Response:
    """Encode rows of numbers and times as a file to keep, the first one being the heads."""
    file = re.sub(r"[^A-Za-z0-9_-]", "_", name)
    headers = {"Cache-Control": "private, no-store", "Content-Disposition": f'attachment; filename="{file}.csv"'}
    return Response(table(rows), 200, headers, media_type="text/csv")


def problem(
    status: int,
    code: str,
    detail: str,
    request_id: str,
    headers: Mapping[str, str],
    facts: Mapping[str, object] | None = None,
) -> Response:
    """Encode an error; `facts` are members of its own kind. Source: RFC 9457."""
    body = {
        "type": "about:blank",
        "title": _TITLES.get(status, "Error"),
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": request_id,
        **{name: encoded(fact) for name, fact in (facts or {}).items()},
    }
    return Response(
        json.dumps(body, separators=(",", ":")),
        status,
        {"Cache-Control": "private, no-store", **headers},
        media_type="application/problem+json",
    )


def encoded(value: object) -> object:
    """Turn our values into what JSON has."""
    match value:
        case None | bool() | int() | float() | str():
            return value
        case Decimal():
            return plain(value)
        case datetime():
            return rfc3339(value)
        case Mapping():
            return {str(key): encoded(entry) for key, entry in value.items()}
        case list() | tuple():
            return [encoded(entry) for entry in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: encoded(getattr(value, field.name)) for field in fields(value)}
    raise TypeError(f"a {type(value).__name__} has no JSON form")


def rfc3339(at: datetime) -> str:
    """Write an instant in UTC, with fractions of a second only where there are any."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


_TITLES = {
    400: "Bad request",
    401: "Not allowed in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    409: "Conflict",
    413: "Too large",
    422: "Not possible",
    429: "Too many tries",
    500: "Internal error",
    502: "The exchange did not answer",
    503: "Not available",
}
