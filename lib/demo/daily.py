"""The daily account snapshots: what was in spot and futures at the end of each UTC day of the last month."""

from collections.abc import Callable
from datetime import timedelta

from lib.demo import params
from lib.demo.contracts import profits, unrealised
from lib.demo.holdings import ZERO, Books, total
from lib.demo.instants import from_ms
from lib.demo.messages import Refused
from lib.demo.routes import Route, Signed, SignedRoute, fixed, weighs
from lib.domain.money import exact

_DAY_MS = timedelta(days=1) // timedelta(milliseconds=1)
_KEPT_DAYS = 30
_FEWEST, _MOST = 7, 30


def account_snapshot(call: Signed) -> object:
    """Answer with the newest days of the asked span, oldest first; days before the account held anything have none."""
    kind = params.required(call.params, "type")
    if kind not in _DATA:
        raise params.invalid("type")
    asked = params.integer(call.params, "limit")
    if asked is not None and not _FEWEST <= asked <= _MOST:
        raise params.invalid("limit")
    start_ms, end_ms = _bounds(call)
    first, last = -(-(start_ms + 1000) // _DAY_MS), (end_ms + 1000) // _DAY_MS
    rows = [row for day in range(first, last + 1) if (row := _row(call, kind, day * _DAY_MS - 1000)) is not None]
    return {"code": 200, "msg": "", "snapshotVos": rows[-(asked or _FEWEST) :]}


def _bounds(call: Signed) -> tuple[int, int]:
    """Return the asked span, cut to the last month. Raises: Refused where it is 30 days or wider, or backwards."""
    start_ms, end_ms = params.integer(call.params, "startTime"), params.integer(call.params, "endTime")
    if start_ms is not None and end_ms is not None:
        if start_ms > end_ms:
            raise Refused(400, -1023, "Start time is greater than end time.")
        if end_ms - start_ms >= _KEPT_DAYS * _DAY_MS:
            raise Refused(400, -1127, "More than 720 hours between startTime and endTime.")
    oldest_ms = call.now_ms - _KEPT_DAYS * _DAY_MS
    return max(oldest_ms, start_ms or 0), call.now_ms if end_ms is None else min(end_ms, call.now_ms)


def _row(call: Signed, kind: str, at_ms: int) -> dict[str, object] | None:
    """Return the snapshot of a day's last second, None where there was nothing."""
    data = _DATA[kind](call, call.world.books(call.key.account, from_ms(at_ms)), at_ms)
    return None if data is None else {"type": kind.lower(), "updateTime": at_ms, "data": data}


@exact
def _spot(call: Signed, books: Books, at_ms: int) -> dict[str, object] | None:
    held = {asset: row for (wallet, asset), row in sorted(books.balances.items()) if wallet == "spot" and total(row)}
    if not held:
        return None
    at = from_ms(at_ms)
    usd = sum(total(row) * call.world.market.usd(asset, at) for asset, row in held.items())
    balances = [
        {"asset": asset, "free": fixed(row.free), "locked": fixed(row.locked + row.withdrawing)}
        for asset, row in held.items()
    ]
    return {"balances": balances, "totalAssetOfBtc": fixed(usd / call.world.market.usd("BTC", at))}


def _margin(_call: Signed, _books: Books, _at_ms: int) -> dict[str, object] | None:
    """Nobody here borrows."""
    return None


@exact
def _futures(call: Signed, books: Books, at_ms: int) -> dict[str, object] | None:
    held = {asset: total(row) for (wallet, asset), row in sorted(books.balances.items()) if wallet == "usdm"}
    if not any(held.values()):
        return None
    prices = call.world.market.prices_ms(at_ms)
    profit = profits(books, prices)
    assets = [
        {
            "asset": asset,
            "marginBalance": fixed(quantity + profit.get(("usdm", asset), ZERO)),
            "walletBalance": fixed(quantity),
        }
        for asset, quantity in held.items()
    ]
    positions = [
        {
            "symbol": symbol,
            "entryPrice": str(position.entry),
            "markPrice": fixed(prices[symbol]),
            "positionAmt": str(position.quantity),
            "unRealizedProfit": fixed(unrealised(position, prices[symbol])),
        }
        for symbol, position in sorted(books.positions.items())
        if position.wallet == "usdm"
    ]
    return {"assets": assets, "position": positions}


_DATA: dict[str, Callable[[Signed, Books, int], dict[str, object] | None]] = {
    "SPOT": _spot,
    "MARGIN": _margin,
    "FUTURES": _futures,
}
ROUTES: dict[tuple[str, str], Route] = {
    ("GET", "/sapi/v1/accountSnapshot"): SignedRoute(account_snapshot, weighs(2400)),
}
