"""Reads one history of the exchange: every row of a span of time, all windows and pages, each once.

Source: reference, D.4, D.5 and F.4.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count

from pydantic import TypeAdapter

from lib.binance.endpoints import Endpoint
from lib.binance.errors import BinanceError, MalformedAnswer
from lib.binance.instants import MILLISECOND, to_ms
from lib.binance.schemas.envelope import FINE, Envelope
from lib.binance.signing import encode
from lib.binance.transport import Send
from lib.domain.flows import Movement
from lib.ports import Credentials

type Window = tuple[int, int]  # milliseconds, both ends inclusive


@dataclass(frozen=True, slots=True)
class Pages:
    """Page after page: parameter `name` starts at `first` and grows by `step`; `size_name` asks for `size` rows."""

    name: str
    size_name: str
    size: int
    first: int
    step: int


@dataclass(frozen=True, slots=True)
class Slices:
    """No pages: a window that comes back full is cut in two. `size_name` asks for `size` rows."""

    size_name: str
    size: int


@dataclass(frozen=True, slots=True)
class History[Answer, Row]:
    """Where rows are listed, how they are asked for, and what one of them means.

    `key` and `stamp_ms` tell a row's identity and the time its window filter acts on. `reach`: how far back the
    exchange tells anything.
    """

    endpoint: Endpoint
    shape: TypeAdapter[Answer]
    rows: Callable[[str, Answer], Sequence[Row]]
    key: Callable[[Row], str]
    stamp_ms: Callable[[Row], int]
    movements: Callable[[Row], Iterable[Movement]]
    widest: timedelta
    paging: Pages | Slices
    times: tuple[str, str] = ("startTime", "endTime")
    asks: Mapping[str, str | int] = field(default_factory=dict)
    reach: timedelta | None = None


def plain_rows[Row](_call: str, answer: list[Row]) -> Sequence[Row]:
    """Return the rows of an answer that is nothing but a list."""
    return answer


def unwrapped[Row](call: str, answer: Envelope[Row]) -> Sequence[Row]:
    """Return the rows in their wrapping.

    Raises: BinanceError where it says that the call failed; MalformedAnswer where rows are promised and absent.
    """
    is_fine = answer.code == FINE if answer.success is None else answer.success
    if not is_fine:
        reason = int(answer.code) if answer.code.isdecimal() and answer.code.isascii() else 0
        raise BinanceError(call, 200, reason, answer.message or answer.code)
    if answer.data is None and answer.total:
        raise MalformedAnswer(call, 200, "data")
    return answer.data or ()


def windows(start_ms: int, end_ms: int, width_ms: int) -> Iterator[Window]:
    """Cut [start, end] into windows of at most `width_ms`, without overlap, oldest first."""
    while start_ms <= end_ms:
        last_ms = min(start_ms + width_ms - 1, end_ms)
        yield start_ms, last_ms
        start_ms = last_ms + 1


async def read[Answer, Row](
    send: Send, key: Credentials, history: History[Answer, Row], start: datetime, end: datetime
) -> tuple[Movement, ...]:
    """Read every row listed in [start, end], oldest first, each once; of a row met twice the later reading counts."""
    if history.reach is not None:
        start = max(start, end - history.reach)
    found: dict[str, Row] = {}
    for window in windows(to_ms(start), to_ms(end), history.widest // MILLISECOND):
        if isinstance(history.paging, Pages):
            await _read_pages(send, key, history, history.paging, window, found)
        else:
            await _read_slices(send, key, history, history.paging, window, found)
    return in_order(movement for row in found.values() for movement in history.movements(row))


def in_order(movements: Iterable[Movement]) -> tuple[Movement, ...]:
    """Return the movements oldest first, each once; of one met twice the later reading counts."""
    found = {movement.id: movement for movement in movements}
    return tuple(sorted(found.values(), key=lambda movement: (movement.listed_at, movement.id)))


async def _ask[Answer, Row](
    send: Send, key: Credentials, history: History[Answer, Row], window: Window, more: Mapping[str, int]
) -> Sequence[Row]:
    begins, ends = history.times
    query = encode({**history.asks, begins: window[0], ends: window[1], **more})
    return history.rows(history.endpoint.call, await send(history.endpoint, history.shape, query, key))


async def _read_pages[Answer, Row](
    send: Send,
    key: Credentials,
    history: History[Answer, Row],
    paging: Pages,
    window: Window,
    found: dict[str, Row],
) -> None:
    for place in count(paging.first, paging.step):
        rows = await _ask(send, key, history, window, {paging.name: place, paging.size_name: paging.size})
        known = len(found)
        found.update((history.key(row), row) for row in rows)
        if len(rows) < paging.size:
            return
        if len(found) == known:
            raise MalformedAnswer(history.endpoint.call, 200, "its rows: a full page brought nothing new")


async def _read_slices[Answer, Row](
    send: Send,
    key: Credentials,
    history: History[Answer, Row],
    paging: Slices,
    window: Window,
    found: dict[str, Row],
) -> None:
    """Read a window; which of too many rows the exchange leaves out is not known, so both halves are read again."""
    waiting = [window]
    while waiting:
        first_ms, last_ms = waiting.pop()
        rows = await _ask(send, key, history, (first_ms, last_ms), {paging.size_name: paging.size})
        found.update((history.key(row), row) for row in rows)
        if len(rows) < paging.size:
            continue
        if first_ms == last_ms or not any(first_ms <= history.stamp_ms(row) <= last_ms for row in rows):
            raise MalformedAnswer(history.endpoint.call, 200, "its rows: a full page brought nothing new")
        middle_ms = (first_ms + last_ms) // 2
        waiting += [(middle_ms + 1, last_ms), (first_ms, middle_ms)]
