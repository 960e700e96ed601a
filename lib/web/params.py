"""Query strings become values here; what is unknown or wrong is refused by name."""

import re
from collections.abc import Collection
from datetime import UTC, datetime
from decimal import Decimal
from typing import Literal

from starlette.datastructures import QueryParams
from starlette.requests import Request

from lib.domain.requests import (
    ALL_ACCOUNTS,
    DEFAULT_LOGS,
    DEFAULT_POINTS,
    LEVELS,
    RANGES,
    AccountRemoval,
    CollectOrder,
    FlowsRequest,
    HistoryRequest,
    HoldingsRequest,
    LogRequest,
    WhatIf,
)
from lib.errors import InvalidInput

_LONGEST_ID = 64
_LONGEST_TEXT = 200
_ASSET = "[A-Z0-9]{1,20}"
_WEIGHTS = re.compile(rf"{_ASSET}|{_ASSET}:[0-9]\.?[0-9]{{0,18}}(,{_ASSET}:[0-9]\.?[0-9]{{0,18}})*")
_POINTS = range(2, 2001)
_LOG_LIMITS = range(1, 501)
_CURSORS = range(2**63)


def none(query: QueryParams) -> None:
    """Refuse every parameter. Raises: InvalidInput."""
    _only(query, ())


def log_out(request: Request) -> bool:
    """Parse `everywhere`. Raises: InvalidInput."""
    _only(request.query_params, ("everywhere",))
    _no_body(request)
    return _flag(request.query_params, "everywhere")


def account_removal(request: Request) -> AccountRemoval:
    """Parse `account`, and `erase` with `name`. Raises: InvalidInput."""
    query = request.query_params
    _only(query, ("account", "erase", "name"))
    _no_body(request)
    account = _account(query)
    if account is None or account == ALL_ACCOUNTS:
        raise InvalidInput("account", "is needed: an account's id")
    erase, name = _flag(query, "erase"), _text(query, "name")
    if erase != (name is not None):
        raise InvalidInput("name", "goes with erase=true, typed letter by letter, and with nothing else")
    return AccountRemoval(account, name)


def share(request: Request) -> str:
    """Parse the `id` of a link. Raises: InvalidInput."""
    _only(request.query_params, ("id",))
    _no_body(request)
    found = _text(request.query_params, "id")
    if found is None:
        raise InvalidInput("id", "is needed: a link's id")
    return found


def collect(query: QueryParams) -> CollectOrder:
    """Parse `account` and `force`. Raises: InvalidInput."""
    _only(query, ("account", "force"))
    return CollectOrder(_account(query), "force" if _flag(query, "force") else "no")


def rebalance(query: QueryParams) -> CollectOrder:
    """Parse `account` and `now`. Raises: InvalidInput."""
    _only(query, ("account", "now"))
    return CollectOrder(_account(query), "rebalance" if _flag(query, "now") else "no")


def history(query: QueryParams) -> HistoryRequest:
    """Parse `account`, `range` or `from` and `to`, `points`, `benchmark` and `format`. Raises: InvalidInput."""
    _only(query, ("account", "range", "from", "to", "points", "benchmark", "format"))
    account = _account_or_all(query)
    since, until = _instant(query, "from"), _instant(query, "to")
    if "range" in query and (since or until):
        raise InvalidInput("range", "goes without from and to")
    if since and until and since >= until:
        raise InvalidInput("from", "must be earlier than to")
    name = query.get("range", "all")
    if name not in RANGES:
        raise InvalidInput("range", f"must be one of {', '.join(RANGES)}")
    points = _whole(query, "points", _POINTS) or DEFAULT_POINTS
    return HistoryRequest(account, RANGES[name], since, until, points, _what_if(query), _form(query))


def holdings(query: QueryParams) -> HoldingsRequest:
    """Parse `account` and `at`. Raises: InvalidInput."""
    _only(query, ("account", "at"))
    return HoldingsRequest(_account_or_all(query), _instant(query, "at"))


def flows(query: QueryParams) -> FlowsRequest:
    """Parse `account`, `from` and `to`. Raises: InvalidInput."""
    _only(query, ("account", "from", "to"))
    account = _account_or_all(query)
    since, until = _instant(query, "from"), _instant(query, "to")
    if since and until and since >= until:
        raise InvalidInput("from", "must be earlier than to")
    return FlowsRequest(account, since, until)


def logs(query: QueryParams) -> LogRequest:
    """Parse the filters and cursors of the log. Raises: InvalidInput."""
    _only(query, ("account", "level", "event", "run", "q", "after", "before", "limit"))
    level = query.get("level")
    if level is not None and level not in LEVELS:
        raise InvalidInput("level", f"must be one of {', '.join(LEVELS)}")
    if "after" in query and "before" in query:
        raise InvalidInput("after", "goes without before")
    return LogRequest(
        limit=_whole(query, "limit", _LOG_LIMITS) or DEFAULT_LOGS,
        level=level,
        account=_account(query),
        event=_text(query, "event"),
        run=_text(query, "run"),
        text=_text(query, "q"),
        after=_whole(query, "after", _CURSORS),
        before=_whole(query, "before", _CURSORS),
    )


def _only(query: QueryParams, allowed: Collection[str]) -> None:
    for name, _ in query.multi_items():
        if name not in allowed:
            known = f"known are {', '.join(allowed)}" if allowed else "this call takes none"
            raise InvalidInput(name[:_LONGEST_ID], f"is not a parameter; {known}")
        if len(query.getlist(name)) > 1:
            raise InvalidInput(name, "is given more than once")


def _no_body(request: Request) -> None:
    """Refuse what a body would say to a call that reads none: who means `everywhere` there would end one session.

    An empty object says nothing; the page sends that.
    """
    if request.state.body.strip() not in (b"", b"{}"):
        raise InvalidInput("body", "is not read here: parameters stand in the address")


def _account(query: QueryParams) -> str | None:
    given = query.get("account")
    if given is not None and not (0 < len(given) <= _LONGEST_ID and given.isprintable()):
        raise InvalidInput("account", f"must be an id of 1 to {_LONGEST_ID} characters")
    return given


def _account_or_all(query: QueryParams) -> str:
    account = _account(query)
    if account is None:
        raise InvalidInput("account", f"is needed: an account's id, or {ALL_ACCOUNTS}")
    return account


def _flag(query: QueryParams, name: str) -> bool:
    given = query.get(name, "false")
    if given not in ("true", "false"):
        raise InvalidInput(name, "must be true or false")
    return given == "true"


def _form(query: QueryParams) -> Literal["json", "csv"]:
    given = query.get("format", "json")
    if given == "json":
        return "json"
    if given != "csv":
        raise InvalidInput("format", "must be json or csv")
    if "points" in query:
        raise InvalidInput("points", "goes without format=csv, which has every snapshot")
    return "csv"


def _what_if(query: QueryParams) -> WhatIf | None:
    """Read `BTC`, `USD`, `initial` or `BTC:0.6,ETH:0.4`."""
    given = query.get("benchmark")
    if given is None:
        return None
    if given == "initial":
        return WhatIf(None)
    if not _WEIGHTS.fullmatch(given) or len(given) > _LONGEST_TEXT:
        raise InvalidInput("benchmark", "must be initial, an asset like BTC, or weights like BTC:0.6,ETH:0.4")
    parts = [part.partition(":") for part in given.split(",")]
    weights = {asset: Decimal(weight or "1") for asset, _, weight in parts}
    if len(weights) < len(parts) or sum(weights.values()) != 1 or min(weights.values()) <= 0:
        raise InvalidInput("benchmark", "its weights must be positive, each asset's once, and add up to 1")
    return WhatIf(weights)


def _text(query: QueryParams, name: str) -> str | None:
    given = query.get(name)
    if given is not None and not (0 < len(given) <= _LONGEST_TEXT and given.isprintable()):
        raise InvalidInput(name, f"must have 1 to {_LONGEST_TEXT} printable characters")
    return given


def _whole(query: QueryParams, name: str, allowed: range) -> int | None:
    given = query.get(name)
    if given is None:
        return None
    if not (given.isascii() and given.isdigit() and len(given) <= len(str(allowed.stop)) and int(given) in allowed):
        raise InvalidInput(name, f"must be a whole number from {allowed.start} to {allowed.stop - 1}")
    return int(given)


def _instant(query: QueryParams, name: str) -> datetime | None:
    given = query.get(name)
    if given is None:
        return None
    try:
        at = datetime.fromisoformat(given)
        if at.tzinfo is None:
            raise InvalidInput(name, "must name its zone: 2026-01-31T12:00:00Z")
        return at.astimezone(UTC)
    except (ValueError, OverflowError):  # the latter: the first and the last day of the calendar, in another zone
        raise InvalidInput(name, "must be a time like 2026-01-31T12:00:00Z") from None
