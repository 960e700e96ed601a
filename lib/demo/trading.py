"""What the demo accounts trade: decided with a look ahead at the market as it would be without further scenarios."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from lib.demo import chance
from lib.demo.events import Event, Funding, FuturesTrade, OrderLock, SpotTrade
from lib.demo.listing import PERPETUALS
from lib.demo.market import Market

_WEEK = timedelta(weeks=1)
_EIGHT_HOURS = timedelta(hours=8)
_JUDGED = 5  # of so many decisions in a row `right` are right
_OUT_RATIO = 0.1  # of the turns are spent without a position
_UNLUCKY_WEEKS = 13


@dataclass(frozen=True, slots=True)
class Contract:
    """One perpetual someone trades. Units: `usd` is the usual size of a position; `right` of five bets are right."""

    symbol: str
    usd: int
    right: int
    hold: timedelta


@dataclass(frozen=True, slots=True)
class Trader:
    """Who trades, since when, and on what market the decisions are made."""

    seed: int
    name: str
    born_at: datetime
    market: Market


def futures(trader: Trader, contracts: tuple[Contract, ...], week: int) -> tuple[Event, ...]:
    """Return one week's trades in perpetuals, and the funding of whatever is open."""
    found: list[Event] = []
    for contract in contracts:
        first = max(0, int(_WEEK * week / contract.hold) - 2)
        for turn in range(first, int(_WEEK * (week + 1) / contract.hold) + 2):
            at = _turn_at(trader, contract, turn)
            if 0 <= week == (at - trader.born_at) // _WEEK:
                change = _target(trader, contract, turn) - _target(trader, contract, turn - 1)
                if change:
                    found.append(FuturesTrade(at, contract.symbol, change))
    return (*found, *fundings(trader, week))


def fundings(trader: Trader, week: int) -> tuple[Funding, ...]:
    """Return the instants of one week at which whatever is open pays or receives funding."""
    start = trader.born_at + _WEEK * week
    day = start.replace(hour=0, minute=0, second=0, microsecond=0)
    moments = (day + _EIGHT_HOURS * count for count in range(25))
    return tuple(Funding(at) for at in moments if week >= 0 and start <= at < start + _WEEK)


def _turn_at(trader: Trader, contract: Contract, turn: int) -> datetime:
    late_s = chance.between(trader.seed, 0, 0.4 * contract.hold.total_seconds(), trader.name, contract.symbol, turn)
    return trader.born_at + timedelta(minutes=47) + contract.hold * turn + timedelta(seconds=int(late_s))


def _target(trader: Trader, contract: Contract, turn: int) -> Decimal:
    """Return the signed position held after a turn; before the first there is none."""
    if turn < 0:
        return Decimal(0)
    names = (trader.name, contract.symbol, "bet", turn)
    if chance.fraction(trader.seed, *names, "out") < _OUT_RATIO:
        return Decimal(0)
    opened = trader.market.price(contract.symbol, _turn_at(trader, contract, turn))
    closed = trader.market.price(contract.symbol, _turn_at(trader, contract, turn + 1))
    side = 1 if (closed > opened) == _is_right(trader, contract, turn) else -1
    step = PERPETUALS[contract.symbol]
    size = Decimal(round(chance.between(trader.seed, 0.6, 1.4, *names, "size") * contract.usd)) / opened
    return side * (size // step) * step


def _is_right(trader: Trader, contract: Contract, turn: int) -> bool:
    block, place = divmod(turn, _JUDGED)
    order = sorted(
        range(_JUDGED), key=lambda n: chance.fraction(trader.seed, trader.name, contract.symbol, "right", block, n)
    )
    return order.index(place) < contract.right


def rotation(trader: Trader, coins: tuple[str, ...], week: int, share: Decimal) -> tuple[Event, ...]:
    """Return one week's swap between coins: for a quarter of a year out of what will do best, then by the throw."""
    if week < 0:
        return ()
    start = trader.born_at + _WEEK * week
    at = start + timedelta(days=1, seconds=int(chance.between(trader.seed, 0, 80_000, trader.name, "swap", week)))
    if week < _UNLUCKY_WEEKS:
        growth = {coin: trader.market.usd(coin, start + _WEEK) / trader.market.usd(coin, at) for coin in coins}
        best, worst = max(coins, key=growth.__getitem__), min(coins, key=growth.__getitem__)
    else:
        best, worst = sorted(coins, key=lambda coin: chance.fraction(trader.seed, trader.name, week, coin))[:2]
    order_at = start + timedelta(days=3, hours=5, minutes=17)
    return (
        SpotTrade(at, best, worst, share),
        OrderLock(order_at, order_at + timedelta(days=2, hours=7, minutes=3), worst, Decimal("0.3")),
    )
