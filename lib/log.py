"""Structured log records: one JSON object a line, redacted; logging can never raise."""

import json
import logging
import sys
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TextIO

from lib.ports import Clock
from lib.redaction import redacted, redacted_text

_LOGGER = logging.getLogger("monitor")
_FIELDS = "monitor_fields"  # the attribute of a LogRecord that carries our own values
_CHATTY = ("httpx", "httpcore", "hpack", "h2")  # they would write a line a request


class _Hush(logging.Filter):
    """Lets only warnings and errors through while anybody asks for quiet."""

    depth = 0

    def filter(self, record: logging.LogRecord) -> bool:
        return not self.depth or record.levelno >= logging.WARNING


_HUSH = _Hush()
_LOGGER.addFilter(_HUSH)


def configure(level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send every record of this process to `stream` (standard output unless told) as JSON, in place of other handlers.

    Retry: safe; the last call counts.
    """
    handler = _QuietHandler(stream or sys.stdout)
    handler.setFormatter(JsonFormatter())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)


@contextmanager
def quiet() -> Iterator[None]:
    """Write warnings and errors only, for work that would tell the same a thousand times over.

    Several may overlap, in any order: it stays quiet until the last of them ends.
    """
    _HUSH.depth += 1
    try:
        yield
    finally:
        _HUSH.depth -= 1


def debug(event: str, **fields: object) -> None:
    """Log what only a developer wants to know."""
    _write(logging.DEBUG, event, fields)


def info(event: str, **fields: object) -> None:
    """Log what happened."""
    _write(logging.INFO, event, fields)


def warning(event: str, **fields: object) -> None:
    """Log what a person should look at some day."""
    _write(logging.WARNING, event, fields)


def error(event: str, failure: BaseException | None = None, **fields: object) -> None:
    """Log what failed; `failure` adds its type, message and trace."""
    _write(logging.ERROR, event, fields, failure)


@contextmanager
def timed(event: str, clock: Clock, **fields: object) -> Iterator[dict[str, object]]:
    """Log how long the block took on `clock`, and whether it failed; values put into the yielded dict are logged too.

    Units: `duration_ms` in whole milliseconds.
    """
    began = clock.now()
    noted = dict(fields)
    try:
        yield noted
    except BaseException as failure:
        noted["failed"] = type(failure).__name__
        raise
    finally:
        noted["duration_ms"] = round((clock.now() - began).total_seconds() * 1000)
        _write(logging.WARNING if "failed" in noted else logging.INFO, event, noted)


class JsonFormatter(logging.Formatter):
    """One record as one line of JSON; what cannot be written is replaced by a word, never an exception."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        try:
            return json.dumps(_content(record), default=str)
        except Exception as failure:  # noqa: BLE001  a value that cannot be shown must not stop the work
            return json.dumps({"level": "error", "event": "log record lost", "reason": type(failure).__name__})


class _QuietHandler(logging.StreamHandler[TextIO]):
    """A handler whose closed pipe or full disk is nobody's problem."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  the library's name
        """Let the record go."""


def _write(level: int, event: str, fields: Mapping[str, object], failure: BaseException | None = None) -> None:
    with suppress(Exception):  # logging can never raise, and there is nowhere left to tell
        _LOGGER.log(level, "%s", event, extra={_FIELDS: fields}, exc_info=failure)


def _content(record: logging.LogRecord) -> dict[str, object]:
    at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    content: dict[str, object] = {"at": at, "level": record.levelname.lower()}
    content["event"] = redacted_text(record.getMessage())
    if record.name != _LOGGER.name:
        content["logger"] = record.name
    fields = getattr(record, _FIELDS, {})
    content |= {name if name not in content else f"{name}_": redacted(value, name) for name, value in fields.items()}
    if record.exc_info and record.exc_info[1] is not None:
        failure = record.exc_info[1]
        content["error"] = {"type": type(failure).__name__, "message": redacted_text(str(failure))}
        content["trace"] = redacted_text("".join(traceback.format_exception(failure)))
    return content
