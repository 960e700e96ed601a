"""A world in which each account has one thing that can befall an account: its events, and the runs that see them."""

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache

from lib.demo import scenario
from lib.demo.events import (
    Borrow,
    Deposit,
    Event,
    FuturesTrade,
    Gain,
    SpotTrade,
    Transfer,
    Withdrawal,
)
from lib.demo.faults import Fault
from lib.demo.scenario import account_of
from lib.demo.world import Account, World
from lib.domain.requests import FlowEntry
from lib.usecases import accounts, ledger, policy
from tests.browser.real import House
from tests.spine import BORN_AT, Spine
from tests.wires import without_rows

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
OLDER = 38 * DAY  # the market is so much older than its accounts: BAKE trades for two days more
SEEN = 12 * DAY  # the last run
DAYS = 12
NETWORK = "<img src=x onerror=alert(4)>"
HOSTILE = "<img src=x onerror=alert(1)>evil"
LONG = ("Main " * 12).strip()
XYZ = "<b>XYZ</b>"
SAYS = "<script>alert(2)</script>" + chr(0x202E)  # Binance's own words, which read from right to left in the end
REFUSED = json.dumps({"code": -2015, "msg": "Invalid API-key, IP, or permissions for action."}).encode()
_APART = [
    {"activate": True, "balance": "50000", "walletName": "Spot"},
    {"activate": True, "balance": "40312.40", "walletName": "Earn"},
]
_UID = 355_000_001


def _in(place: int, asset: str, amount: str, at: datetime, network: str = "TRX", wallet: str = "spot") -> Deposit:
    later = at + timedelta(minutes=11)
    return Deposit(f"46{place:017}", asset, Decimal(amount), wallet, network, "T", f"tx{place}", at, later, later)


def _out(place: int, asset: str, amount: str, at: datetime, hours: int = 2) -> Withdrawal:
    ends = at + hours * HOUR
    return Withdrawal(f"{place:032x}", asset, Decimal(amount), Decimal(1), "spot", "TRX", "T", f"tx{place}", at, ends)


def _moved(asset: str, amount: str, target: str, at: datetime = BORN_AT - DAY) -> Transfer:
    return Transfer(at, asset, Decimal(amount), "spot", target)


def _gain(asset: str, amount: str, at: datetime, wallet: str = "spot") -> Gain:
    return Gain(at, wallet, asset, Decimal(amount))


_EARLY, _LATER = BORN_AT - 2 * DAY, BORN_AT + 3 * DAY
_LIVES: dict[str, tuple[Event, ...]] = {
    "Level": (_in(1, "USDT", "5000", _EARLY),),
    "Differs": (_in(2, "USDT", "60000", _EARLY), _out(3, "USDT", "57000", BORN_AT + 4 * DAY)),  # at the height
    "Spent": (
        _in(4, "USDT", "10000", _EARLY),
        _gain("USDT", "15000", _LATER),
        _out(5, "USDT", "20000", _LATER + DAY),
    ),
    "Lost": (
        _in(6, "USDT", "3000", _EARLY),
        _moved("USDT", "3000", "usdm"),
        _gain("USDT", "-3000", _LATER, "usdm"),
    ),
    "Odd": (
        _in(7, "USDT", "40000", _EARLY),
        _in(8, "ETH", "4", _EARLY, "ETH"),
        _in(9, "USDT", "5000", BORN_AT + 4 * DAY, NETWORK),
        _in(10, "USDT", "700", BORN_AT + 5 * DAY),
        _in(25, "USDT", "800", BORN_AT + 5 * DAY + HOUR),
        _gain(XYZ, "1250", BORN_AT + DAY),
        _gain("币安人生", "12.5", BORN_AT + DAY),
        _in(11, "XYZ", "1250", BORN_AT + 6 * DAY, "ETH"),
        SpotTrade(BORN_AT - DAY, "USDT", "BAKE", Decimal("0.01")),
        _moved("USDT", "6000", "earn:flexible"),
        _moved("USDT", "3000", "cross_margin"),
        Borrow(BORN_AT - DAY + HOUR, "cross_margin", "ETH", Decimal("0.4")),
        SpotTrade(BORN_AT - DAY + 2 * HOUR, "ETH", "USDT", Decimal(1), "cross_margin"),
        _moved("USDT", "9000", "usdm"),
        FuturesTrade(BORN_AT - DAY + HOUR, "BTCUSDT", Decimal("0.05")),
        FuturesTrade(BORN_AT - DAY + HOUR, "ETHUSDT", Decimal("-1.5")),
        _out(12, "USDT", "500", BORN_AT + SEEN - HOUR, 9),
    ),
    "Old": (_in(13, "USDT", "8000", _EARLY), SpotTrade(BORN_AT - DAY, "USDT", "BAKE", Decimal("0.05"))),
    "Jump": (_in(14, "USDT", "25000", _EARLY), _gain("USDT", "-5000", BORN_AT + SEEN - 5 * HOUR - HOUR / 2)),
    "Torn": (
        _in(15, "USDT", "30000", _EARLY),
        _in(16, "SOL", "20", _EARLY, "SOL"),
        _moved("USDT", "9000", "usdm"),
        _moved("USDT", "4000", "funding"),
        _moved("USDT", "5000", "earn:flexible"),
    ),
    "Refused": (_in(17, "USDT", "7000", _EARLY),),
    "Unread": (_in(18, "BTC", "0.2", _EARLY, "BTC"),),
    "Apart": (_in(19, "USDT", "90000", _EARLY), _moved("USDT", "40000", "earn:flexible")),
    HOSTILE: (_in(20, "USDT", "2000", _EARLY),),
    LONG: (_in(21, "USDT", "2000", _EARLY),),
    "Empty": (),
    "Paused": (_in(22, "BTC", "0.1", _EARLY, "BTC"),),
    "Fresh": (_in(23, "USDT", "96000", _EARLY),),
    "New": (_in(24, "USDT", "100", _EARLY),),
}


@cache
def world() -> World:
    """The world of these accounts, on the demo's market as it is 38 days on."""
    market = scenario.weather(scenario.SEED, BORN_AT - OLDER)
    return World(scenario.SEED, BORN_AT, market, tuple(_account(*one) for one in enumerate(_LIVES.items())))


def _account(place: int, life: tuple[str, tuple[Event, ...]]) -> Account:
    name, events = life

    def script(week: int) -> Iterable[Event]:
        return events if week < 0 else ()

    return replace(account_of(scenario.SEED, _UID + place, name, "one trouble", lambda _: ()), extra=events)


async def live(spine: Spine) -> None:
    """Live twelve days, hour by hour in the end, when the troubles come."""
    await _add(spine, *(name for name in _LIVES if name not in ("Fresh", "New")))
    await spine.collect(BORN_AT, slot_minutes=1440)
    await policy.change(spine.wired.collector, "level", {"weights": {"USD": "1"}})
    for number in range(1, DAYS):
        await spine.collect(BORN_AT + DAY * number, slot_minutes=1440)
    await accounts.pause(spine.wired.store, spine.clock, "paused")
    await _amend(spine)
    for number in range(-10, 0):
        await spine.collect(BORN_AT + SEEN + number * HOUR)
    await _add(spine, "Fresh")
    spine.exchange.faults[:] = _faults()
    await spine.collect(BORN_AT + SEEN)
    await _add(spine, "New")
    spine.clock.pass_time(12 * 60)


async def _add(spine: Spine, *names: str) -> None:
    await spine.add_accounts(*names)


async def _amend(spine: Spine) -> None:
    """Decide on flows of Odd as an owner does: one was none, one never left, one is added."""
    desk, flows = spine.wired.collector, (await spine.histories())["Odd"].flows
    ids = {flow.usd: flow.id for flow in flows if flow.source == "deposits"}
    await ledger.void(desk, "odd", ids[Decimal(700)], "it was none")
    await ledger.void(desk, "odd", ids[Decimal(800)], "mine all along", decision=ledger.INTERNAL)
    for hour, usd, why in ((0, 300, "<b>a gift</b>"), (1, 2000, "to own Funding")):
        spine.clock.pass_time(60)
        await ledger.add(desk, "odd", FlowEntry(BORN_AT + 2 * DAY + hour * HOUR, Decimal(usd), "USDT", why))


async def late_deposit(house: House, amount: str) -> str:
    """Pay into Main what Binance lists only after the next snapshot, and return how the log tells of it."""
    spine, list_of = house.spine, "/sapi/v1/capital/deposit/hisrec"
    at = spine.now.replace(second=0) + timedelta(minutes=1)
    paid = _in(len(amount) + int(amount), "USDT", amount, at)
    spine.change_world(lambda world: world.adding("Main", paid))
    spine.to_exchange.edits.append(without_rows(list_of, paid.id))
    await spine.collect((spine.now + HOUR).replace(minute=0))
    spine.to_exchange.edits.clear()
    await spine.collect(spine.now + HOUR)
    (told,) = (one for one in (await spine.histories())["Main"].restated if amount in one.message)
    return told.message.partition(": ")[2]


def _faults() -> list[Fault]:
    said = json.dumps({"code": -2015, "msg": SAYS}).encode()
    return [
        Fault("/fapi/", "timeout", account="Torn"),
        Fault("/", status=401, body=REFUSED, account="Refused"),
        Fault("/", status=401, body=said, account=HOSTILE),
        Fault("/sapi/v1/asset/wallet/balance", account="Unread"),
        Fault("/sapi/v1/asset/wallet/balance", account="Apart", status=200, body=json.dumps(_APART).encode()),
    ]
