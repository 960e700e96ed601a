"""A world that is known, an account read out of it, and a store of a few lines: what `advance` needs to live."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from lib.domain import survey as surveying
from lib.domain.benchmark import Policy
from lib.domain.cycle import Case, advance
from lib.domain.flows import DEPOSITS, WITHDRAWALS, CashFlow, Movement, Stage
from lib.domain.portfolio import SPOT, USDM, Holding, OpenPosition, Wallet, WalletReading
from lib.domain.prices import PricePoint, history_of
from lib.domain.reading import Basis, Observation, Opens, Reading, Want
from lib.domain.replay import Event, Facts, Point, Row, Story, replay
from lib.domain.schedule import minute_start, slot_start
from lib.domain.snapshot import FLOWS_BETWEEN, Snapshot, nav
from lib.domain.state import AccountState, Outcome, Truth
from lib.domain.survey import window_start
from lib.domain.valuation import along, route
from tests.builders import MINUTE, MONDAY

READABLE = (SPOT, USDM)
BASES = {"BTCUSDT": 100_000, "ETHUSDT": 4_000, "SOLUSDT": 200}


def wavy(symbol: str, when: datetime) -> Decimal:
    """A price that moves every minute, by some percent within hours."""
    minute = int((when - MONDAY) / MINUTE)
    step = Decimal((minute * 7 + len(symbol) * BASES[symbol]) % 23 - 11) / 100
    return BASES[symbol] * (1 + step / 2)


@dataclass(frozen=True, slots=True)
class World:
    """One account's true life. `markets` lists what trades at an instant, `candles` which of those have a candle."""

    held: Mapping[str, Decimal] = field(default_factory=lambda: {"BTC": Decimal("0.1"), "USDT": Decimal(10_000)})
    movements: tuple[Movement, ...] = ()
    position: Decimal = Decimal(0)  # BTC, negative when short; profit counts from the beginning of time
    price: Callable[[str, datetime], Decimal] = wavy
    markets: Callable[[str, datetime], bool] = lambda _symbol, _when: True
    candles: Callable[[str, datetime], bool] = lambda _symbol, _when: True
    totals: Mapping[Wallet, Decimal] = field(default_factory=dict)  # of wallets known by nothing else
    hidden: frozenset[str] = frozenset()  # ids that the exchange does not list yet, though they moved money

    def quantity(self, asset: str, when: datetime) -> Decimal:
        moved = (each.quantity for each in self.movements if each.asset == asset and counts(each, when))
        return self.held.get(asset, Decimal(0)) + sum(moved, Decimal(0))

    def book(self, when: datetime) -> dict[str, Decimal]:
        return {symbol: self.price(symbol, when) for symbol in BASES if self.markets(symbol, when)}

    def spot(self, when: datetime) -> WalletReading:
        assets = sorted({*self.held, *(each.asset for each in self.movements)})
        found = (Holding(SPOT, asset, self.quantity(asset, when)) for asset in assets)
        return WalletReading(tuple(holding for holding in found if holding.quantity))

    def usdm(self, when: datetime) -> WalletReading:
        if not self.position:
            return WalletReading()
        mark = self.price("BTCUSDT", when)
        profit = self.position * (mark - BASES["BTCUSDT"])
        side = "long" if self.position > 0 else "short"
        held = OpenPosition(USDM, "BTCUSDT", side, abs(self.position), mark)  # type: ignore[arg-type]
        return WalletReading((Holding(USDM, "USDT", 1000 + profit),), (held,))


def counts(movement: Movement, when: datetime) -> bool:
    return movement.stage is not Stage.DROPPED and movement.at <= when


@dataclass(frozen=True, slots=True)
class Broken:
    """What does not answer in one run. `candles` tells which prices of the past could not be fetched."""

    sources: tuple[str, ...] = ()
    wallets: tuple[Wallet, ...] = ()
    totals: bool = False
    book: bool = False
    candles: Callable[[Want], bool] = lambda _want: False


ALL_IS_WELL = Broken()


@dataclass(frozen=True, slots=True)
class Kept:
    snapshot: Snapshot
    complete: bool


@dataclass(slots=True)
class Life:
    """The account as it is stored, run after run, with what must hold after each of them asserted."""

    world: World = field(default_factory=World)
    policy: Policy = field(default_factory=Policy)
    state: AccountState = field(default_factory=AccountState)
    snapshots: dict[datetime, Kept] = field(default_factory=dict)
    flows: dict[str, CashFlow] = field(default_factory=dict)
    prices: dict[tuple[str, datetime], PricePoint] = field(default_factory=dict)
    rebalances: set[datetime] = field(default_factory=set)
    rows: tuple[Row, ...] = ()
    events: tuple[Event, ...] = ()
    asked: list[Want] = field(default_factory=list)

    def collect(self, when: datetime, broken: Broken = ALL_IS_WELL, *, took: int = 0, now: bool = False) -> Outcome:
        """Run once at `when`; reading lasts `took` minutes; `now` asks for a rebalance at once."""
        return self.decide(self.read(when, broken, took), broken, now=now)

    def read(self, when: datetime, broken: Broken = ALL_IS_WELL, took: int = 0) -> Reading:
        sources = [source for source in (DEPOSITS, WITHDRAWALS) if source not in broken.sources]
        wallets = {SPOT: self.world.spot(when), USDM: self.world.usdm(when)}
        totals = {**self.world.totals, SPOT: Decimal(1), USDM: Decimal(1)}
        return Reading(
            at=when,
            book={} if broken.book else self.world.book(when),
            totals=None if broken.totals else totals,
            wallets={name: answer for name, answer in wallets.items() if name not in broken.wallets},
            failed_wallets=broken.wallets,
            sources={source: self._listed(source, when, when + took * MINUTE) for source in sources},
            failed_sources=broken.sources,
            until=when + took * MINUTE if took else None,
        )

    def decide(self, reading: Reading, broken: Broken = ALL_IS_WELL, *, now: bool = False) -> Outcome:
        slot, asked = slot_start(reading.at, 60), (reading.at,) if now else ()
        state = replace(self.state, rebalances=(*self.state.rebalances, *asked))
        found = surveying.survey(state, self.policy, reading, slot)
        truth = self.truth() if found.needs_truth else None
        found = surveying.survey(state, self.policy, reading, slot, truth)
        bases = {at: self._basis(at) for at in surveying.lookbacks(state, found, truth)}
        self.asked = sorted(
            surveying.wants(state, self.policy, reading, found, bases, truth), key=lambda want: (want.at, want.name)
        )
        opens = self._opens((want for want in self.asked if not broken.candles(want)), reading.book)
        observation = Observation(slot, 60, reading, opens, bases)
        outcome = advance(Case(state, self.policy, observation, READABLE, truth))
        self._commit(replace(outcome, rebalances=asked))
        return outcome

    def truth(self) -> Truth:
        points = [
            Point(kept.snapshot.at, slot, kept.snapshot.nav_usd)
            for slot, kept in self.snapshots.items()
            if kept.complete
        ]
        return Truth(points, [*self.flows.values()], [*self.prices.values()], [*self.rebalances])

    def from_scratch(self) -> Story:
        truth = self.truth()
        return replay(Facts(self.policy, truth.points, truth.flows, history_of(truth.prices), truth.rebalances))

    def _listed(self, source: str, when: datetime, seen: datetime) -> tuple[Movement, ...]:
        since = window_start(self.state, source, when)
        shown = (each for each in self.world.movements if each.source == source and each.id not in self.world.hidden)
        rows = (each for each in shown if since <= each.listed_at <= seen)
        return tuple(
            each if each.at <= seen else replace(each, stage=Stage.PENDING, at=each.listed_at) for each in rows
        )

    def _basis(self, before: datetime) -> Basis | None:
        whole = [kept.snapshot for kept in self.snapshots.values() if kept.complete or kept.snapshot.whole]
        last = max((one for one in whole if one.at < before), key=lambda one: one.at, default=None)
        return Basis(last.at, last.holdings, last.positions) if last else None

    def _opens(self, wanted: Iterable[Want], book: Mapping[str, Decimal]) -> Opens:
        opens: dict[Want, Decimal | None] = {}
        for want in wanted:
            minute, legs = minute_start(want.at), route(want.name, book) or ()
            symbols = [want.name] if want.contract else [leg.symbol for leg in legs]
            there = all(self.world.candles(symbol, minute) for symbol in symbols)
            price = {symbol: self.world.price(symbol, minute) for symbol in symbols}
            opens[want] = (price[want.name] if want.contract else along(legs, price)) if there else None
        return opens

    def _commit(self, outcome: Outcome) -> None:
        assert not {flow.id for flow in outcome.booked} & self.flows.keys(), "booked twice"
        self.flows |= {flow.id: flow for flow in (*outcome.booked, *outcome.revalued)}
        for slot in outcome.completed:
            self.snapshots[slot] = replace(self.snapshots[slot], complete=True)
        for slot in outcome.given_up:
            kept = self.snapshots[slot]
            self.snapshots[slot] = Kept(replace(kept.snapshot, missing=(*kept.snapshot.missing, FLOWS_BETWEEN)), False)
        if outcome.snapshot is not None:
            self._keep(outcome.snapshot)
        for price in outcome.prices:
            self.prices.setdefault((price.asset, price.at), price)
        self.rebalances |= {*outcome.rebalances}
        since = outcome.restated_from
        self.rows = (*(row for row in self.rows if since is None or row.at < since), *outcome.rows)
        self.events = (*(event for event in self.events if since is None or event.at < since), *outcome.events)
        self.state = outcome.state
        self._assert_sound()

    def _keep(self, taken: Snapshot) -> None:
        kept = self.snapshots.get(taken.slot)
        replaced = kept is None or taken.complete or (not kept.complete and (taken.whole or not kept.snapshot.whole))
        if replaced:
            self.snapshots[taken.slot] = Kept(taken, taken.complete)

    def _assert_sound(self) -> None:
        story = self.from_scratch()
        assert self.rows == story.rows, "what is stored is not what the truth gives from scratch"
        assert self.events == story.events
        assert self.state.checkpoint == story.checkpoint
        late = story.checkpoint.last.at if story.checkpoint else None
        ahead = {flow for flow in self.flows.values() if late is None or flow.at > late}
        assert {*self.state.ahead} == ahead
        waiting = {(kept.snapshot.at, slot) for slot, kept in self.snapshots.items() if _waits(kept)}
        assert {(held.at, held.slot) for held in self.state.held} == waiting
        assert all(nav(kept.snapshot.holdings) == kept.snapshot.nav_usd for kept in self.snapshots.values())


def _waits(kept: Kept) -> bool:
    return kept.snapshot.whole and not kept.complete


def paid_in(id_: str, when: datetime, asset: str = "USDT", quantity: str = "500", seen: int = 5) -> Movement:
    """A deposit credited at `when`, listed `seen` minutes before."""
    return Movement(f"deposit:{id_}", DEPOSITS, asset, Decimal(quantity), Stage.DONE, when - seen * MINUTE, when)


def paid_out(id_: str, when: datetime, asset: str = "USDT", quantity: str = "300", seen: int = 40) -> Movement:
    return Movement(f"withdraw:{id_}", WITHDRAWALS, asset, -Decimal(quantity), Stage.DONE, when - seen * MINUTE, when)
