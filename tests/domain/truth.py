"""Whole worlds of which the exact return is known, and how far the product's figure is from it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from math import sqrt
from random import Random

from lib.demo import chance
from lib.demo.events import Deposit, Event, SpotTrade, Transfer, Withdrawal
from lib.demo.journal import Script
from lib.demo.market import Market
from lib.demo.payments import NETWORKS, Payer, opening
from lib.demo.scenario import build
from lib.demo.trading import Contract, Trader, futures, rotation
from lib.demo.world import Account, World
from lib.domain import survey as surveying
from lib.domain.benchmark import Policy
from lib.domain.cycle import Case, advance
from lib.domain.flows import DEPOSITS, WITHDRAWALS, CashFlow, Movement, Stage
from lib.domain.jump import Jump
from lib.domain.money import exact
from lib.domain.portfolio import FUNDING, SPOT, USDM, Holding, OpenPosition, WalletReading
from lib.domain.prices import PricePoint, history_of
from lib.domain.reading import Basis, Observation, Opens, Reading, Want
from lib.domain.replay import Facts, Point, Row, replay
from lib.domain.snapshot import Snapshot
from lib.domain.state import AccountState
from lib.domain.survey import window_start
from lib.domain.valuation import along, route
from tests.builders import HOUR, MINUTE

NAME = "Known"
BORN_AT = datetime.fromisoformat("2026-08-24T07:00:00+00:00")
FLOWS = 8
READABLE = (SPOT, FUNDING, USDM)
_OPENING_USD = 100_000


@dataclass(frozen=True, slots=True)
class Kind:
    """How an account lives. Units: `coins` and `margin` are shares of the opening, `contracts` positions in USD."""

    coins: Decimal
    margin: Decimal
    contracts: tuple[Contract, ...] = ()


KINDS = {
    "leveraged": Kind(
        Decimal(0),
        Decimal("0.65"),
        (
            Contract("BTCUSDT", 110_000, 3, timedelta(hours=43)),
            Contract("ETHUSDT", 90_000, 3, timedelta(hours=37)),
        ),
    ),
    "holder": Kind(Decimal("0.65"), Decimal(0)),
    "mixed": Kind(Decimal("0.35"), Decimal("0.3"), (Contract("SOLUSDT", 70_000, 3, timedelta(hours=29)),)),
}


@dataclass(frozen=True, slots=True)
class Gap:
    """What one life was found to return, and what it did. Ratios."""

    kind: str
    twr: float  # the product's
    closed_twr: float  # by the best closed formula: each flow's value before it unknown
    true_twr: float

    @property
    def bp(self) -> float:
        return (self.twr - self.true_twr) * 10_000

    @property
    def closed_bp(self) -> float:
        return (self.closed_twr - self.true_twr) * 10_000


def rms_bp(gaps_bp: Iterable[float]) -> float:
    found = [gap * gap for gap in gaps_bp]
    return sqrt(sum(found) / len(found))


def measure(seeds: Iterable[int], days: int = 60) -> Iterator[Gap]:
    """Live `days` in the world of each seed, every third account leveraged, fed to `advance` hour by hour."""
    for seed in seeds:
        yield gap(seed, days)


@exact
def gap(seed: int, days: int = 60) -> Gap:
    kind, world = known_world(seed, days)
    told = lived(world, days)
    last, true = told.rows[-1], true_growth(world, told.rows[0].at, told.rows[-1].at)
    assert len(told.flows) == FLOWS, "a flow was not booked"
    return Gap(kind, float(last.nav_index - 1), float(told.closed().nav_index - 1), float(true - 1))


def known_world(seed: int, days: int = 60) -> tuple[str, World]:
    """Return a world with one account and `FLOWS` flows of 1 to 10 % of its worth at random moments."""
    kind = tuple(KINDS)[seed % len(KINDS)]
    market = build(seed, BORN_AT).market
    secrets = (chance.token(seed, 64, "api key", NAME), chance.token(seed, 64, "api secret", NAME))
    account = Account(NAME, 354_900_001, kind, *secrets, _script(seed, KINDS[kind], market))
    world, dice = World(seed, BORN_AT, market, (account,)), Random(seed)
    moments = sorted(dice.sample(range(24 * 3600, (days - 1) * 24 * 3600), FLOWS))
    for place, second in enumerate(moments):
        world = world.adding(NAME, _payment(world, dice, place, BORN_AT + timedelta(seconds=second)))
    return kind, world


def _script(seed: int, kind: Kind, market: Market) -> Script:
    payer, trader = Payer(seed, NAME, BORN_AT, market, (), ()), Trader(seed, NAME, BORN_AT, market)
    bought_at, share = BORN_AT - timedelta(days=3), kind.coins / 2
    begin: list[Event] = [*opening(payer, {"USDT": Decimal(_OPENING_USD)})]
    if kind.margin:
        begin.append(Transfer(bought_at, "USDT", kind.margin * _OPENING_USD, "spot", "usdm"))
    if kind.coins:
        left = 1 - kind.margin
        begin.append(SpotTrade(bought_at + MINUTE, "USDT", "ETH", share / left))
        begin.append(SpotTrade(bought_at + 2 * MINUTE, "USDT", "SOL", share / (left - share)))

    def script(week: int) -> tuple[Event, ...]:
        if week < 0:
            return tuple(begin)
        swaps = rotation(trader, ("SOL", "LINK", "XRP"), week, Decimal("0.7")) if kind.coins else ()
        return (*futures(trader, kind.contracts, week), *swaps)

    return script


def _payment(world: World, dice: Random, place: int, when: datetime) -> Event:
    """A deposit of some coin, or a withdrawal of spot's dollars as long as they last; it counts from `when` on."""
    usd = world.nav(NAME, when) * Decimal(str(round(dice.uniform(0.01, 0.1), 4)))
    goes = place % 2 == 1 if place < 2 else dice.random() < 0.5
    asset = "USDT" if goes else dice.choice(["USDT", "BTC", "ETH", "SOL"])
    network, begun = NETWORKS[asset], when - dice.randint(5, 300) * MINUTE
    amount = round(usd / world.market.usd(asset, when), network.decimals)
    held = world.books(NAME, begun).balances["spot", "USDT"]
    if goes and amount + network.fee < held.free:
        id_ = f"{place:032x}"
        return Withdrawal(id_, asset, amount, network.fee, "spot", network.name, "DEMO", f"0x{place}", begun, when)
    asset, amount = ("USDT", round(usd, 2)) if goes else (asset, amount)
    id_, name = f"46{place:017}", NETWORKS[asset].name
    return Deposit(id_, asset, amount, "spot", name, "DEMO", f"0x{place}", begun, when, when)


def true_growth(world: World, start: datetime, end: datetime) -> Decimal:
    """Chain the world's own worth between the flows: just before each over just after the one before it."""
    growth, after = Decimal(1), world.nav(NAME, start)
    for flow in world.flows(NAME, start, end):
        now = world.nav(NAME, flow.at)
        growth *= (now - flow.quantity * world.market.usd(flow.asset, flow.at)) / after
        after = now
    return growth * world.nav(NAME, end) / after


@dataclass(slots=True)
class Told:
    """What the runs of one life left behind."""

    rows: list[Row]
    flows: list[CashFlow]
    prices: list[PricePoint]
    jumps: list[Jump]

    def closed(self) -> Row:
        """The last row, had no flow's value before been known: a closed formula for each period with a flow."""
        points = [Point(row.at, row.slot, row.nav_usd) for row in self.rows]
        blind = [replace(flow, value_before_usd=None) for flow in self.flows]
        return replay(Facts(Policy(), points, blind, history_of(self.prices))).rows[-1]


def lived(world: World, days: int, *, blind: bool = False) -> Told:
    """Collect every hour; nothing fails, so the last snapshot is the one before any new flow.

    `blind`: the lists are empty.
    """
    state, policy, told = AccountState(), Policy(), Told([], [], [], [])
    last: Snapshot | None = None
    for turn in range(days * 24 + 1):
        at = BORN_AT + turn * HOUR
        reading = _read(world, state, at)
        if blind:
            reading = replace(reading, sources={DEPOSITS: (), WITHDRAWALS: ()})
        found = surveying.survey(state, policy, reading, at)
        bases = {moved.at: _basis(last) for moved in found.movements}
        opens = _opens(world, surveying.wants(state, policy, reading, found, bases, None), reading)
        outcome = advance(Case(state, policy, Observation(at, 60, reading, opens, bases), READABLE))
        assert outcome.snapshot is not None
        assert outcome.snapshot.complete
        assert outcome.snapshot.nav_usd == world.nav(NAME, at)
        state, last = outcome.state, outcome.snapshot
        told.rows += outcome.rows
        told.flows += outcome.booked
        told.prices += outcome.prices
        told.jumps += outcome.jumps
    return told


def _basis(last: Snapshot | None) -> Basis | None:
    return Basis(last.at, last.holdings, last.positions) if last else None


def _read(world: World, state: AccountState, at: datetime) -> Reading:
    book, wallets = world.market.prices(at), {name: WalletReading() for name in READABLE}
    for row in world.holdings(NAME, at):
        held = wallets[row.wallet].holdings
        wallets[row.wallet] = WalletReading((*held, Holding(row.wallet, row.asset, row.quantity)))
    positions = tuple(
        OpenPosition(USDM, symbol, "long" if one.quantity > 0 else "short", abs(one.quantity), book[symbol])
        for symbol, one in world.books(NAME, at).positions.items()
    )
    wallets[USDM] = replace(wallets[USDM], positions=positions)
    rows = [_movement(one, at) for one in world.movements(NAME, at)]
    sources = {
        source: tuple(row for row in rows if row.source == source and row.listed_at >= window_start(state, source, at))
        for source in (DEPOSITS, WITHDRAWALS)
    }
    totals = dict[str, Decimal](world.wallet_totals(NAME, at).items())
    return Reading(at, book, totals, wallets, sources=sources)


def _movement(event: Deposit | Withdrawal, seen: datetime) -> Movement:
    if isinstance(event, Deposit):
        id_, source, quantity = f"deposit:{event.id}", DEPOSITS, event.amount
        listed, at = event.inserted_at, event.credited_at
    else:
        id_, source, quantity = f"withdrawal:{event.id}", WITHDRAWALS, -(event.amount + event.fee)
        listed, at = event.applied_at, event.ended_at
    if at > seen:
        return Movement(id_, source, event.asset, quantity, Stage.PENDING, listed, listed)
    return Movement(id_, source, event.asset, quantity, Stage.DONE, listed, at)


def _opens(world: World, wanted: Iterable[Want], reading: Reading) -> Opens:
    opens: dict[Want, Decimal | None] = {}
    for want in wanted:
        then = world.market.prices(want.at.replace(second=0, microsecond=0))
        legs = route(want.name, reading.book)
        opens[want] = then[want.name] if want.contract else along(legs or (), then)
    return opens
