"""Accounts that each show one thing real accounts have: for tests, and for other people's clients."""

from datetime import datetime, timedelta
from decimal import Decimal

from lib.demo import wallet_life
from lib.demo.events import Borrow, Event, FuturesTrade, Gain, Interest, SpotTrade, Transfer
from lib.demo.journal import Script
from lib.demo.market import Market
from lib.demo.payments import Payer, opening
from lib.demo.scenario import account_of, weather
from lib.demo.trading import Trader, fundings
from lib.demo.wallet_life import UNIFIED_CM, UNIFIED_CROSS, UNIFIED_UM, Life
from lib.demo.world import Account, World

_FIRST_UID = 354_950_001
_DAY = timedelta(days=1)
_PAID_IN = {"USDT": Decimal(9000), "BTC": Decimal("0.08"), "ETH": Decimal("1.2")}


def build(seed: int, born_at: datetime) -> World:
    """Return the demo's market with every archetype, and nobody else."""
    market = weather(seed, born_at)
    return World(seed, born_at, market, accounts(seed, born_at, market))


def beside(world: World) -> World:
    """Return the world with every archetype beside its own accounts."""
    others = accounts(world.seed, world.born_at, world.market)
    return World(world.seed, world.born_at, world.market, (*world.accounts, *others))


def accounts(seed: int, born_at: datetime, market: Market) -> tuple[Account, ...]:
    """Return an account of every archetype, funded before the world's birth."""
    return tuple(
        account_of(seed, _FIRST_UID + place, name, kind, _script(Trader(seed, name, born_at, market), life))
        for place, (name, kind, life) in enumerate(_ARCHETYPES)
    )


def _script(trader: Trader, life: Life | None) -> Script:
    payer = Payer(trader.seed, trader.name, trader.born_at, trader.market, (), ())

    def script(week: int) -> tuple[Event, ...]:
        if life is None:
            return ()
        return (*(opening(payer, _PAID_IN) if week < 0 else fundings(trader, week)), *life(trader, week))

    return script


def _nothing(_trader: Trader, _week: int) -> tuple[Event, ...]:
    return ()


def _before(trader: Trader, hours: int) -> datetime:
    return trader.born_at - _DAY + timedelta(hours=hours, seconds=7)


def _earn(trader: Trader, week: int) -> tuple[Event, ...]:
    """Earn, and in spot a coin whose name begins alike, and the receipt of a coin by a name it has lost."""
    begin: tuple[Event, ...] = (
        SpotTrade(_before(trader, 8), "USDT", "LDO", Decimal("0.1")),
        Gain(_before(trader, 9), "spot", "LDBAKET", Decimal(50)),
    )
    return (*wallet_life.earn(trader, week), *(begin if week < 0 else ()))


def _swapped(trader: Trader, week: int) -> tuple[Event, ...]:
    """Flexible dollars of which a part serves as margin in the futures wallet, by the name of LDUSDT."""
    if week >= 0:
        return ()
    return (
        Transfer(_before(trader, 1), "USDT", Decimal(5000), "spot", "earn:flexible"),
        Gain(_before(trader, 2), "earn:flexible", "USDT", Decimal(-2100)),
        Gain(_before(trader, 2), "usdm", "LDUSDT", Decimal(2100)),
    )


def _credits(trader: Trader, week: int) -> tuple[Event, ...]:
    """Futures in credits mode: multi-assets margin, and credits that losses have turned negative."""
    if week >= 0:
        return tuple(
            Gain(trader.born_at + timedelta(weeks=week, days=day, hours=9), "usdm", "BNFCR", Decimal(amount))
            for day, amount in ((1, "-41.37"), (3, "17.02"), (5, "-8.91"))
        )
    return (
        SpotTrade(_before(trader, 1), "USDT", "USDC", Decimal("0.3")),
        Transfer(_before(trader, 2), "USDC", Decimal(2500), "spot", "usdm"),
        Transfer(_before(trader, 2), "BTC", Decimal("0.02"), "spot", "usdm"),
        Gain(_before(trader, 3), "usdm", "BNFCR", Decimal("-12.5")),
        Gain(_before(trader, 3), "usdm", "BFUSD", Decimal("310.25")),
        Gain(_before(trader, 3), "usdm", "RWUSD", Decimal("95.5")),
        FuturesTrade(_before(trader, 4), "ETHUSDT", Decimal("0.4")),
    )


def _unified(trader: Trader, week: int) -> tuple[Event, ...]:
    """A portfolio margin account: cross margin with a debt, and contracts of both kinds."""
    if week >= 0:
        at = trader.born_at + timedelta(weeks=week, days=2, hours=3)
        return (
            *wallet_life.coin_margined(trader, week, UNIFIED_CM),
            *(Interest(at + _DAY * day, UNIFIED_CROSS, "USDC", Decimal("0.0001")) for day in range(4)),
            FuturesTrade(at, "BTCUSDT", (Decimal("0.05"), Decimal("-0.05"))[week % 2], UNIFIED_UM),
        )
    return (
        Transfer(_before(trader, 1), "USDT", Decimal(4000), "spot", UNIFIED_UM),
        Transfer(_before(trader, 2), "ETH", Decimal("0.3"), "spot", UNIFIED_CROSS),
        Borrow(_before(trader, 3), UNIFIED_CROSS, "USDC", Decimal(600)),
        SpotTrade(_before(trader, 4), "USDC", "SOL", Decimal(1), UNIFIED_CROSS),
        *wallet_life.coin_margined(trader, week, UNIFIED_CM),
    )


def _delisted(trader: Trader, week: int) -> tuple[Event, ...]:
    """A coin whose market ends, which stays in the wallet."""
    return (SpotTrade(_before(trader, 1), "USDT", "BAKE", Decimal("0.15")),) if week < 0 else ()


_ARCHETYPES: tuple[tuple[str, str, Life | None], ...] = (
    ("Spot only", "spot only", _nothing),
    ("Earn", "flexible and locked Earn, LD in spot", _earn),
    ("LDUSDT", "LDUSDT as margin in the futures wallet", _swapped),
    ("BNFCR", "negative futures credits, multi-assets margin", _credits),
    ("COIN-M", "margin and contracts in coins", wallet_life.coin_margined),
    ("Margin", "cross and isolated margin with debts", wallet_life.together(wallet_life.cross, wallet_life.isolated)),
    ("Options", "options", wallet_life.options),
    ("Portfolio margin", "one account over cross margin and both futures", _unified),
    ("Bots", "bots and copy trading, known by their total", wallet_life.by_total),
    ("Delisted", "a coin whose market ends", _delisted),
    ("Master", "master of Sub", _nothing),
    ("Sub", "sub-account of Master", _nothing),
    ("Empty", "nothing at all", None),
)
