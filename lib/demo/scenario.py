"""The demo world as it is built: a market with some weather, and three accounts that live in it for good."""

from datetime import datetime, timedelta
from decimal import Decimal

from lib.demo import chance, wallet_life
from lib.demo.errands import errands
from lib.demo.events import Event, SpotTrade, Transfer
from lib.demo.journal import Script
from lib.demo.market import Market, Scenario
from lib.demo.payments import Payer, Payment, opening, payments
from lib.demo.trading import Contract, Trader, futures, rotation
from lib.demo.world import Account, World

_WEATHER: tuple[tuple[int, Scenario], ...] = (
    (-6, "choppy"),
    (9, "bull"),
    (27, "choppy"),
    (38, "bear"),
    (47, "choppy"),
    (61, "bull"),
    (74, "choppy"),
)
_FIRST_UID = 354_900_001
_EVERY_WALLET = wallet_life.together(
    wallet_life.earn,
    wallet_life.coin_margined,
    wallet_life.cross,
    wallet_life.isolated,
    wallet_life.options,
    wallet_life.by_total,
)
SEED = 2  # the story told by default: Main runs ahead, Spot lags, Mixed stays close


def build(seed: int, born_at: datetime) -> World:
    """Return the world of that seed: before `born_at` its accounts were only funded, from then on they live."""
    market = weather(seed, born_at)
    scripts = (
        ("Main", "futures trader", _main(seed, born_at, market)),
        ("Spot", "spot holder", _spot(seed, born_at, market)),
        ("Mixed", "every kind of wallet", _mixed(seed, born_at, market)),
    )
    accounts = tuple(
        account_of(seed, _FIRST_UID + place, name, kind, script) for place, (name, kind, script) in enumerate(scripts)
    )
    return World(seed, born_at, market, accounts)


def weather(seed: int, born_at: datetime) -> Market:
    """Return the market of the demo, with what is to come."""
    return Market(seed, born_at, tuple((born_at + timedelta(days=day), scenario) for day, scenario in _WEATHER))


def account_of(seed: int, uid: int, name: str, kind: str, script: Script) -> Account:
    """Return an account with the keys that its name and the seed give."""
    key, secret = (chance.token(seed, 64, f"api {part}", name) for part in ("key", "secret"))
    return Account(name=name, uid=uid, kind=kind, api_key=key, api_secret=secret, script=script)


def _swap(trader: Trader, place: int, sell: str, buy: str, share: str) -> SpotTrade:
    at = trader.born_at - timedelta(days=3) + timedelta(minutes=29 * place, seconds=13 + 7 * place)
    return SpotTrade(at, sell, buy, Decimal(share))


def _main(seed: int, born_at: datetime, market: Market) -> Script:
    trader = Trader(seed, "Main", born_at, market)
    contracts = (
        Contract("BTCUSDT", 46_000, 4, timedelta(hours=43)),
        Contract("ETHUSDT", 36_000, 3, timedelta(hours=37)),
        Contract("SOLUSDT", 22_000, 3, timedelta(hours=53)),
    )
    payer = Payer(
        seed,
        "Main",
        born_at,
        market,
        paid_in=(
            Payment(1, 2, "USDT", 5_800, via="usdm"),
            Payment(5, 1, "BTC", 3_900),
            Payment(9, 4, "USDT", 7_600, via="usdm"),
            Payment(12, 2, "USDT", 2_100),
        ),
        paid_out=(
            Payment(3, 3, "USDT", 2_900, via="usdm"),
            Payment(6, 2, "USDT", 1_900, via="usdm", cancelled=True),
            Payment(7, 5, "USDT", 4_800, via="usdm"),
            Payment(10, 4, "BTC", 1_900),
            Payment(12, 5, "USDT", 1_300, via="usdm"),
        ),
    )
    moved_at = born_at - timedelta(days=2)
    begin: tuple[Event, ...] = (
        *opening(payer, {"USDT": Decimal("96250")}),
        _swap(trader, 0, "USDT", "BNB", "0.013"),
        Transfer(moved_at, "USDT", Decimal("93000"), "spot", "usdm"),
        Transfer(moved_at + timedelta(seconds=41), "BNB", Decimal("0.9"), "spot", "usdm"),
    )

    def script(week: int) -> tuple[Event, ...]:
        return begin if week < 0 else (*payments(payer, week), *futures(trader, contracts, week))

    return script


def _spot(seed: int, born_at: datetime, market: Market) -> Script:
    trader = Trader(seed, "Spot", born_at, market)
    coins = ("SOL", "XRP", "ADA", "DOGE", "LINK", "LDO")
    payer = Payer(
        seed,
        "Spot",
        born_at,
        market,
        paid_in=(
            Payment(0, 4, "SOL", 950),
            Payment(2, 6, "USDT", 1_500),
            Payment(6, 3, "ETH", 1_200),
            Payment(11, 2, "BTC", 700),
        ),
        paid_out=(
            Payment(4, 4, "ETH", 720),
            Payment(8, 5, "USDT", 600),
            Payment(9, 2, "USDT", 310, cancelled=True),
            Payment(12, 4, "ETH", 410),
        ),
    )
    begin: tuple[Event, ...] = (
        *opening(payer, {"USDT": Decimal("21700"), "ETH": Decimal("0.85")}),
        _swap(trader, 0, "USDT", "BNB", "0.04"),
        _swap(trader, 1, "USDT", "SOL", "0.18"),
        _swap(trader, 2, "USDT", "XRP", "0.20"),
        _swap(trader, 3, "USDT", "ADA", "0.22"),
        _swap(trader, 4, "USDT", "DOGE", "0.25"),
        _swap(trader, 5, "USDT", "LINK", "0.38"),
        _swap(trader, 6, "USDT", "LDO", "0.55"),
    )

    def script(week: int) -> tuple[Event, ...]:
        return begin if week < 0 else (*payments(payer, week), *rotation(trader, coins, week, Decimal("0.7")))

    return script


def _mixed(seed: int, born_at: datetime, market: Market) -> Script:
    trader = Trader(seed, "Mixed", born_at, market)
    contracts = (Contract("ETHUSDT", 7_000, 3, timedelta(hours=61)), Contract("BTCUSDT", 5_000, 2, timedelta(hours=79)))
    payer = Payer(
        seed,
        "Mixed",
        born_at,
        market,
        paid_in=(
            Payment(1, 4, "BTC", 2_000),
            Payment(3, 2, "USDT", 1_650, wallet="funding"),
            Payment(8, 6, "SOL", 1_200, internal=True),
            Payment(12, 3, "ETH", 820),
        ),
        paid_out=(
            Payment(4, 2, "ETH", 1_230),
            Payment(6, 4, "USDT", 800, wallet="funding"),
            Payment(10, 1, "BTC", 1_600),
            Payment(11, 3, "USDC", 500, cancelled=True),
            Payment(12, 6, "SOL", 450),
        ),
    )
    moved_at = born_at - timedelta(days=2)
    begin: tuple[Event, ...] = (
        *opening(payer, {"USDT": Decimal("31000"), "BTC": Decimal("0.11"), "ETH": Decimal("2.4")}),
        _swap(trader, 0, "USDT", "BNB", "0.05"),
        _swap(trader, 1, "USDT", "USDC", "0.14"),
        _swap(trader, 2, "USDT", "SOL", "0.12"),
        Transfer(moved_at, "USDT", Decimal("11000"), "spot", "usdm"),
        Transfer(moved_at + timedelta(seconds=31), "USDT", Decimal("3500"), "spot", "funding"),
        Transfer(moved_at + timedelta(seconds=67), "BTC", Decimal("0.02"), "spot", "funding"),
        Transfer(moved_at + timedelta(seconds=99), "BNB", Decimal("0.35"), "spot", "usdm"),
    )

    def script(week: int) -> tuple[Event, ...]:
        if week < 0:
            return (*begin, *_EVERY_WALLET(trader, week))
        moves = (*_errand(trader, week), *errands(payer, week), *_EVERY_WALLET(trader, week))
        return (*payments(payer, week), *futures(trader, contracts, week), *moves)

    return script


def _errand(trader: Trader, week: int) -> tuple[Event, ...]:
    """Return the money Mixed moves between its own wallets: to and fro, week by week."""
    at = trader.born_at + timedelta(weeks=week, days=5, hours=9, minutes=31, seconds=44)
    if week % 2:
        return (Transfer(at, "USDT", Decimal("640"), "funding", "spot"),)
    return (Transfer(at, "USDT", Decimal("640"), "spot", "funding"),)
