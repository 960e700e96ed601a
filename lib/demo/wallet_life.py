"""What happens week by week in the wallets beside spot, funding and USD-M, for any account of the demo world.

Each life is given what it needs from the spot wallet before the world's birth (week -1), and never more than that.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

from lib.demo import chance
from lib.demo.events import Borrow, Event, FuturesTrade, Gain, Growth, Interest, Owned, SpotTrade, Transfer
from lib.demo.trading import Trader

type Life = Callable[[Trader, int], tuple[Event, ...]]

ISOLATED = "isolated_margin:ETHUSDT"
UNIFIED_CROSS, UNIFIED_UM, UNIFIED_CM = "portfolio_margin:cross", "portfolio_margin:um", "portfolio_margin:cm"
_PAID_BACK_WEEKS = 4
_WEEK, _HOUR = timedelta(weeks=1), timedelta(hours=1)


def _opening(trader: Trader, hours: int = 0, seconds: int = 0) -> datetime:
    return trader.born_at - timedelta(days=1) + timedelta(hours=hours, seconds=seconds)


def _moment(trader: Trader, week: int, day: int, hour: int) -> datetime:
    """Return an odd minute of that day and hour of the week, another one each week."""
    odd_s = int(chance.between(trader.seed, 0, 3500, trader.name, "moment", week, day, hour))
    return trader.born_at + _WEEK * week + timedelta(days=day, hours=hour, seconds=odd_s)


def _moved(at: datetime, asset: str, amount: str, target: Owned, source: Owned = "spot") -> Transfer:
    return Transfer(at, asset, Decimal(amount), source, target)


def earn(trader: Trader, week: int) -> tuple[Event, ...]:
    """Live in Simple Earn: flexible and locked, interest every day, subscribed and redeemed by turns."""
    if week < 0:
        return (
            _moved(_opening(trader), "USDT", "1800", "earn:flexible"),
            _moved(_opening(trader, seconds=40), "ETH", "0.25", "earn:flexible"),
            _moved(_opening(trader, seconds=80), "BTC", "0.012", "earn:locked"),
        )
    days = [_moment(trader, week, day, 1) for day in range(7)]
    at = _moment(trader, week, 2, 9)
    turned = _moved(at, "USDT", "150", "earn:flexible" if week % 2 else "spot", "spot" if week % 2 else "earn:flexible")
    return (
        *(Growth(day, "earn:flexible", "USDT", Decimal("0.000112")) for day in days),
        *(Growth(day, "earn:flexible", "ETH", Decimal("0.000041")) for day in days),
        Gain(_moment(trader, week, 3, 2), "spot", "BTC", Decimal("0.00000713")),  # the locked one pays into spot
        turned,
    )


def coin_margined(trader: Trader, week: int, wallet: Owned = "coinm") -> tuple[Event, ...]:
    """Live in COIN-M: coins as margin, a long and a short in contracts, turned each week."""
    if week < 0:
        return (
            _moved(_opening(trader, 1), "BTC", "0.025", wallet),
            _moved(_opening(trader, 1, 40), "ETH", "0.4", wallet),
            FuturesTrade(_opening(trader, 2), "BTCUSD_PERP", Decimal(12), wallet),
        )
    bitcoin, ether = _moment(trader, week, 1, 4), _moment(trader, week, 3, 15)
    turn = (Decimal(-24), Decimal(24))[week % 2]
    return (
        FuturesTrade(bitcoin, "BTCUSD_PERP", turn, wallet),
        FuturesTrade(ether, "ETHUSD_PERP", Decimal(-35), wallet),
        FuturesTrade(ether + 61 * _HOUR, "ETHUSD_PERP", Decimal(35), wallet),
    )


def cross(trader: Trader, week: int, wallet: Owned = "cross_margin") -> tuple[Event, ...]:
    """Live in cross margin: ether is borrowed and sold, costs interest, and is paid back in part."""
    if week < 0:
        return (
            _moved(_opening(trader, 3), "USDT", "1300", wallet),
            Borrow(_opening(trader, 3, 50), wallet, "ETH", Decimal("0.15")),
            SpotTrade(_opening(trader, 3, 90), "ETH", "USDT", Decimal(1), wallet),
        )
    interest = (Interest(_moment(trader, week, day, 5), wallet, "ETH", Decimal("0.00009")) for day in range(7))
    if (week + 1) % _PAID_BACK_WEEKS:
        return tuple(interest)
    at = _moment(trader, week, 4, 11)
    return (
        *interest,
        SpotTrade(at, "USDT", "ETH", Decimal("0.05"), wallet),
        Borrow(at + _HOUR / 60, wallet, "ETH", Decimal("-0.02")),
    )


def isolated(trader: Trader, week: int) -> tuple[Event, ...]:
    """Live in one isolated pair: dollars are borrowed and ether bought, so that the dollars are owed net."""
    if week < 0:
        return (
            _moved(_opening(trader, 4), "USDT", "700", ISOLATED),
            Borrow(_opening(trader, 4, 50), ISOLATED, "USDT", Decimal(500)),
            SpotTrade(_opening(trader, 4, 90), "USDT", "ETH", Decimal(1), ISOLATED),
        )
    return tuple(Interest(_moment(trader, week, day, 6), ISOLATED, "USDT", Decimal("0.00014")) for day in range(7))


def options(trader: Trader, week: int) -> tuple[Event, ...]:
    """Live in options: margin, and open ones whose worth goes up and down."""
    if week < 0:
        return (_moved(_opening(trader, 5), "USDT", "450", "options"),)
    swings = [round(Decimal(chance.between(trader.seed, -30, 32, trader.name, "option", week, n)), 2) for n in range(2)]
    return tuple(Gain(_moment(trader, week, 2 + 3 * n, 13), "options:worth", "USDT", by) for n, by in enumerate(swings))


def by_total(trader: Trader, week: int) -> tuple[Event, ...]:
    """Live in bots and copy trading, of which nothing but the total is ever told."""
    if week < 0:
        return (
            _moved(_opening(trader, 6), "USDT", "600", "trading_bots"),
            _moved(_opening(trader, 6, 40), "USDT", "400", "copy_trading"),
        )
    return tuple(
        Growth(_moment(trader, week, day, 17), wallet, "USDT", _luck(trader, week, day, wallet))
        for day in range(7)
        for wallet in ("trading_bots", "copy_trading")
    )


def _luck(trader: Trader, week: int, day: int, wallet: Owned) -> Decimal:
    return Decimal(f"{chance.between(trader.seed, -0.011, 0.013, trader.name, wallet, week, day):.5f}")


def together(*lives: Life) -> Life:
    """Return the life that is all of these at once."""
    return lambda trader, week: tuple(event for life in lives for event in life(trader, week))
