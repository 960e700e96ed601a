"""What every market did in the last 24 hours, of the spot host and of both futures hosts."""

from dataclasses import dataclass
from decimal import Decimal

from lib.demo import candles, coin_futures, futures
from lib.demo.candles import Range
from lib.demo.contracts import spot_symbol
from lib.demo.instants import from_ms, to_ms
from lib.demo.listing import BY_SYMBOL
from lib.demo.public import CHOICE, chosen
from lib.demo.routes import Params, Public, PublicRoute, Route, fixed
from lib.domain.money import exact

_DAY_MS = 86_400_000
_TRADES_A_DAY = 1_000_000
_AFTER_COUNTS = ((20, 2), (100, 40))  # so many symbols weigh so much
_ALL_WEIGH = 80


@dataclass(frozen=True, slots=True)
class _Day:
    """A market's last 24 hours. Units: `volume` in the base asset, `turnover` in the quote asset."""

    opened_ms: int
    first: Decimal
    highest: Decimal
    lowest: Decimal
    last: Decimal
    volume: Decimal
    turnover: Decimal
    trades: int


@exact
def _day(call: Public, symbol: str) -> _Day:
    """Return the day of a spot market; one that has ended had no trades."""
    market, opened_ms = call.world.market, max(call.now_ms - _DAY_MS, to_ms(call.world.market.listed_from))
    first, last = market.prices_ms(opened_ms)[symbol], market.prices_ms(call.now_ms)[symbol]
    if market.status(BY_SYMBOL[symbol], from_ms(call.now_ms)) != "TRADING":
        return _Day(opened_ms, last, last, last, last, Decimal(0), Decimal(0), 0)
    hours = candles.candles(market, symbol, Range("1h", opened_ms, call.now_ms, 25), call.now, str)
    rows = [row for row in hours if isinstance(row, list)]
    return _Day(
        opened_ms,
        first,
        highest=max(first, last, *(Decimal(row[2]) for row in rows)),
        lowest=min(first, last, *(Decimal(row[3]) for row in rows)),
        last=last,
        volume=sum((Decimal(row[5]) for row in rows), Decimal(0)),
        turnover=sum((Decimal(row[7]) for row in rows), Decimal(0)),
        trades=sum(row[8] for row in rows),
    )


@exact
def _told(symbol: str, day: _Day, now_ms: int) -> dict[str, object]:
    """Return what all hosts tell of a day."""
    change, first_id = day.last - day.first, now_ms // _DAY_MS * _TRADES_A_DAY
    return {
        "symbol": symbol,
        "priceChange": fixed(change),
        "priceChangePercent": f"{change / day.first * 100:.3f}",
        "weightedAvgPrice": fixed(day.turnover / day.volume if day.volume else day.last),
        "lastPrice": fixed(day.last),
        "lastQty": "0.01000000" if day.trades else "0.00000000",
        "openPrice": fixed(day.first),
        "highPrice": fixed(day.highest),
        "lowPrice": fixed(day.lowest),
        "openTime": day.opened_ms,
        "closeTime": now_ms,
        "firstId": first_id if day.trades else -1,
        "lastId": first_id + day.trades - 1 if day.trades else -1,
        "count": day.trades,
    }


def spot(call: Public) -> object:
    """Answer with the day of one symbol, of some, or of all, and with the best offers."""
    rows = []
    for market in chosen(call):
        day, tick = _day(call, market.symbol), Decimal(1).scaleb(-market.digits)
        offers = {
            "bidPrice": fixed(day.last - tick if day.trades else Decimal(0)),
            "bidQty": fixed(Decimal(bool(day.trades))),
            "askPrice": fixed(day.last + tick if day.trades else Decimal(0)),
            "askQty": fixed(Decimal(bool(day.trades))),
        }
        volumes = {"volume": fixed(day.volume), "quoteVolume": fixed(day.turnover)}
        rows.append({**_told(market.symbol, day, call.now_ms), "prevClosePrice": fixed(day.first), **offers, **volumes})
    return rows[0] if "symbol" in call.params else rows


def linear(call: Public) -> object:
    """Answer with the day of one USD-M contract or of all: it is that of the spot market."""
    rows = []
    for symbol in futures.asked_of(call):
        day = _day(call, symbol)
        volumes = {"volume": fixed(day.volume), "quoteVolume": fixed(day.turnover)}
        rows.append({**_told(symbol, day, call.now_ms), **volumes})
    return rows[0] if call.params.get("symbol") else rows


def inverse(call: Public) -> object:
    """Answer with the day of COIN-M contracts, always as a list. Units: `volume` in contracts, the other in coins."""
    rows = []
    for symbol in coin_futures.asked_of(call):
        day = _day(call, spot_symbol(symbol))
        volumes = {"volume": str(day.trades), "baseVolume": fixed(day.volume)}
        rows.append({**_told(symbol, day, call.now_ms), "pair": symbol.partition("_")[0], **volumes})
    return rows


def _weight(asked: Params) -> int:
    if asked.get("symbol"):
        return 2
    count = asked.get("symbols", "").count('",') + 1
    return next((weight for most, weight in _AFTER_COUNTS if asked.get("symbols") and count <= most), _ALL_WEIGH)


def _contract_weight(asked: Params) -> int:
    return 1 if asked.get("symbol") else 40


ROUTES: dict[tuple[str, str], Route] = {
    ("GET", "/api/v3/ticker/24hr"): PublicRoute(spot, _weight, CHOICE),
    ("GET", "/fapi/v1/ticker/24hr"): PublicRoute(linear, _contract_weight),
    ("GET", "/dapi/v1/ticker/24hr"): PublicRoute(inverse, _contract_weight),
}
