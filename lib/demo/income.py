"""The income histories of both futures families: oldest first, both bounds inclusive, three months back."""

from datetime import timedelta

from lib.demo import chance, params
from lib.demo.earnings import Earning, earnings
from lib.demo.events import Owned
from lib.demo.instants import from_ms, to_ms
from lib.demo.messages import Refused
from lib.demo.routes import Route, Signed, SignedRoute, fixed, weighs

KEPT = timedelta(days=90)
_DEFAULT_SPAN = timedelta(days=7)
_DEFAULT_ROWS, _MOST_ROWS = 100, 1000
_PLACES = 1000  # rows of one instant are fewer


def usdm(call: Signed) -> object:
    """Answer with what changed the USD-M wallet; of more than `limit` rows the oldest come."""
    return [_row(call, earning) for earning in _asked(call, "usdm")]


def coinm(call: Signed) -> object:
    """Answer with what changed the COIN-M wallet, the ids as text."""
    rows = (_row(call, earning) for earning in _asked(call, "coinm"))
    return [{**row, "tranId": str(row["tranId"])} for row in rows]


def _asked(call: Signed, wallet: Owned) -> list[Earning]:
    start_ms, end_ms = _bounds(call)
    kind, symbol = call.params.get("incomeType"), call.params.get("symbol")
    most = params.limit(call.params, _DEFAULT_ROWS, _MOST_ROWS)
    found = earnings(call.world, call.key.account, wallet, from_ms(start_ms), from_ms(end_ms))
    kept = [one for one in found if (not kind or one.kind == kind) and (not symbol or one.symbol == symbol)]
    return kept[:most]


def _bounds(call: Signed) -> tuple[int, int]:
    """Return the asked span, cut to what is kept. Raises: Refused (-1023) where it ends before it starts."""
    end_ms = params.integer(call.params, "endTime")
    start_ms = params.integer(call.params, "startTime")
    if start_ms is not None and end_ms is not None and start_ms > end_ms:
        raise Refused(400, -1023, "Start time is greater than end time.")
    until_ms = call.now_ms if end_ms is None else min(end_ms, call.now_ms)
    since_ms = until_ms - _ms(_DEFAULT_SPAN) if start_ms is None else start_ms
    return max(since_ms, call.now_ms - _ms(KEPT)), until_ms


def _row(call: Signed, earning: Earning) -> dict[str, object]:
    at_ms = to_ms(earning.at)
    is_trade = earning.kind in ("REALIZED_PNL", "COMMISSION")
    trade = chance.digits(call.world.seed, 10, call.key.account, "trade", earning.symbol, at_ms) if is_trade else ""
    return {
        "symbol": earning.symbol,
        "incomeType": earning.kind,
        "income": fixed(earning.amount),
        "asset": earning.asset,
        "info": trade or earning.kind,
        "time": at_ms,
        "tranId": at_ms * _PLACES * 10 + earning.place,  # past what a float can hold
        "tradeId": trade,
    }


def _ms(length: timedelta) -> int:
    return length // timedelta(milliseconds=1)


ROUTES: dict[tuple[str, str], Route] = {
    ("GET", "/fapi/v1/income"): SignedRoute(usdm, weighs(30)),
    ("GET", "/dapi/v1/income"): SignedRoute(coinm, weighs(20)),
}
