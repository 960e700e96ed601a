"""A life of accidents beside a naive model: after every step the product says what a plain loop over all facts says."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from lib.domain import amendment, schedule
from lib.domain.amendment import Change, Prices, Standing
from lib.domain.benchmark import DOLLAR_MATCHED, FRACTION_MATCHED, PROPORTIONAL, TARGET_WEIGHTS, Policy
from lib.domain.flows import DEPOSITS, WITHDRAWALS, CashFlow, Movement, Stage
from lib.domain.money import exact
from lib.domain.prices import PricePoint
from lib.domain.schedule import Band, Daily, Monthly, Weekly, slot_start
from lib.domain.state import Decision
from tests.builders import HOUR, MINUTE, amounts, at
from tests.domain.life import ALL_IS_WELL, Broken, Life, World, paid_in, paid_out, wavy
from tests.domain.naive import Entry, Facts, held_after

START = at("03:00")  # a Monday: its rebalance is nine hours away
HAIR = Decimal("1e-24")
MANUAL = "manual"
COINS = st.sampled_from([("USDT", Decimal(40)), ("BTC", Decimal("0.0004")), ("SOL", Decimal("0.2"))])

policies = st.builds(
    Policy,
    weights=st.sampled_from(
        [amounts(BTC="0.5", ETH="0.5"), amounts(BTC="0.3", ETH="0.5", USD="0.2"), amounts(ETH="1")]
    ),
    rebalance=st.sampled_from([Weekly(), Daily(3), Daily(22), Monthly(6, 5), Band(Decimal("0.02")), None]),
    deposits=st.sampled_from([TARGET_WEIGHTS, PROPORTIONAL]),
    withdrawals=st.sampled_from([DOLLAR_MATCHED, FRACTION_MATCHED]),
    cost_bp=st.sampled_from([Decimal(0), Decimal(10)]),
)


type Moment = tuple[int, int]

MOMENTS = st.tuples(st.integers(0, 3) | st.sampled_from([9, 24, 200, 300]), st.just(0) | st.integers(1, 3599))
SIZES = st.integers(1, 50) | st.sampled_from([200, 700, 1500])  # 40 USD each, of 20,000
SEEN = st.integers(0, 200) | st.just(12 * 24 * 60)  # minutes from being listed to being done, at most


class Accidents(RuleBasedStateMachine):
    """`life` is the product with a store of a few lines; `facts` and the fields below it are the naive model."""

    def __init__(self) -> None:
        super().__init__()
        self.now, self.serial, self.moves = START, 0, [(START, Decimal(1))]
        before = paid_in(self.next_id(), START)  # is in the first NAV, and never counts
        self.life = Life(World(price=self.price, movements=(before,)))
        self.facts = Facts(self.usd)
        self.read = {DEPOSITS: START, WITHDRAWALS: START}  # how far each list was read
        self.held: dict[datetime, datetime] = {}  # snapshots that wait for such a list, by slot
        self.seen: set[str] = set()  # movements the ledger once had, in force or not

    @exact
    def price(self, symbol: str, when: datetime) -> Decimal:
        """With eight decimals, as markets have them: then a sum is the same in any order, and with 28 digits or 50."""
        factor = next(factor for since, factor in reversed(self.moves) if since <= when or since == START)
        return round(wavy(symbol, when) * factor, 8)

    def usd(self, coin: str, when: datetime) -> Decimal:
        return Decimal(1) if coin in ("USD", "USDT") else self.price(f"{coin}USDT", when)

    @initialize()
    def begin(self) -> None:
        self.life.collect(self.now)
        self.took_row(self.now)

    # What happens in the world.

    @rule(coin=COINS, size=SIZES, when=MOMENTS, seen=SEEN, late=st.booleans())
    def money_comes(self, coin: tuple[str, Decimal], size: int, when: Moment, seen: int, *, late: bool) -> None:
        self.moves_money(paid_in(self.next_id(), *self.dated(coin, size, when, seen)), hidden=late)

    @rule(coin=COINS, size=SIZES, when=MOMENTS, seen=SEEN, late=st.booleans())
    def money_goes(self, coin: tuple[str, Decimal], size: int, when: Moment, seen: int, *, late: bool) -> None:
        self.moves_money(paid_out(self.next_id(), *self.dated(coin, size, when, seen)), hidden=late)

    @rule(coin=COINS, size=SIZES, when=MOMENTS, seen=SEEN)
    def money_stays_after_all(self, coin: tuple[str, Decimal], size: int, when: Moment, seen: int) -> None:
        asked = paid_out(self.next_id(), *self.dated(coin, size, when, seen))
        self.moves_money(replace(asked, stage=Stage.DROPPED), hidden=False)

    @rule(percent=st.integers(60, 160))
    def prices_move(self, percent: int) -> None:
        since = self.now.replace(second=0, microsecond=0) + MINUTE
        self.moves.append((since, self.moves[-1][1] * percent / 100))

    @rule()
    def late_lists_are_filled_in(self) -> None:
        self.life.world = replace(self.life.world, hidden=frozenset())

    # What the product does.

    @rule(later=st.integers(1, 40), seconds=st.integers(0, 59))
    def a_run(self, later: int, seconds: int) -> None:
        """Between a minute and the end of some later slot: runs are missed now and then."""
        self.pass_time(later * 7 * MINUTE + seconds * MINUTE / 60)
        self.collect()

    @rule(later=st.integers(1, 9), broken=st.sampled_from([(DEPOSITS,), (WITHDRAWALS,), (DEPOSITS, WITHDRAWALS)]))
    def a_run_without_a_list(self, later: int, broken: tuple[str, ...]) -> None:
        self.pass_time(later * 11 * MINUTE)
        self.collect(Broken(sources=broken))

    @rule(later=st.integers(1, 9))
    def a_run_without_a_wallet(self, later: int) -> None:
        self.pass_time(later * 11 * MINUTE)
        self.collect(Broken(wallets=("usdm",)))

    @rule(days=st.integers(1, 5))
    def a_run_after_days(self, days: int) -> None:
        self.pass_time(days * 24 * HOUR)
        self.collect()

    @rule()
    def a_run_twice_over(self) -> None:
        """Two triggers at once: the second decides on the same reading after the first has stored."""
        self.pass_to_full_hour()
        reading = self.life.read(self.now)
        self.collect()
        assert self.life.decide(reading).booked == ()

    @rule()
    def a_rebalance_at_once(self) -> None:
        self.pass_to_full_hour()
        self.facts.asked.add(self.now)
        self.collect(now=True)

    # What a person does.

    @rule(policy=policies)
    def another_policy(self, policy: Policy) -> None:
        checkpoint = self.life.state.checkpoint
        assert checkpoint is not None
        dates = schedule.due(policy.rebalance, checkpoint.inception, checkpoint.last.at)
        lacking = ((coin, when) for when in dates for coin in policy.weights if coin != "USD")
        learned = [PricePoint(*key, self.usd(*key)) for key in lacking if key not in self.life.prices]
        outcome = amendment.change_policy(self.standing(), policy, learned, self.now)
        self.life.policy = self.facts.policy = policy
        self.life._commit(outcome)

    @precondition(lambda self: self.now > self.inception() + MINUTE)
    @rule(coin=COINS, size=st.integers(-100, 100).filter(bool), ago=st.integers(0, 1000))
    def an_entry_by_hand(self, coin: tuple[str, Decimal], size: int, ago: int) -> None:
        self.amend(self.by_hand(coin, size, ago), None)

    @precondition(lambda self: self.life.flows)
    @rule(data=st.data())
    def an_entry_goes(self, data: st.DataObject) -> None:
        self.amend(None, self.one_of(data))

    @precondition(lambda self: self.life.flows and self.now > self.inception() + MINUTE)
    @rule(data=st.data(), coin=COINS, size=st.integers(-100, 100).filter(bool), ago=st.integers(0, 1000))
    def an_entry_is_corrected(self, data: st.DataObject, coin: tuple[str, Decimal], size: int, ago: int) -> None:
        self.amend(self.by_hand(coin, size, ago), self.one_of(data))

    # The naive model follows, and is compared.

    def collect(self, broken: Broken = ALL_IS_WELL, *, now: bool = False) -> None:
        self.life.collect(self.now, broken, now=now)
        listed = [source for source in self.read if source not in broken.sources]
        self.read |= dict.fromkeys(listed, self.now)
        hidden, slot = self.life.world.hidden, slot_start(self.now, 60)
        for each in self.life.world.movements:
            if each.source in listed and each.at <= self.now and each.id not in {*hidden, *self.seen}:
                self.enter(each)
        for waiting, when in list(self.held.items()):
            if when <= min(self.read.values()) and not (waiting == slot and not broken.sources and not broken.wallets):
                self.took_row(when)
                del self.held[waiting]
        if not broken.sources and not broken.wallets:
            self.took_row(self.now)
            self.held.pop(slot, None)
        elif not broken.wallets and slot not in self.facts.rows:
            self.held[slot] = self.now

    @invariant()
    def the_ledger_is_the_same(self) -> None:
        booked = {flow.id: (flow.at, flow.usd) for flow in self.life.flows.values()}
        assert booked == {id_: (entry.at, entry.usd) for id_, entry in self.facts.flows.items()}

    @invariant()
    def the_rows_are_the_same(self) -> None:
        assert [(row.at, row.slot, row.nav_usd) for row in self.life.rows] == sorted(
            (when, slot, nav) for slot, (when, nav) in self.facts.rows.items()
        )

    @invariant()
    def the_benchmark_is_the_same(self) -> None:
        for id_, entry in self.facts.flows.items():
            entry.before = self.life.flows[id_].value_before_usd
        true, checkpoint = held_after(self.facts), self.life.state.checkpoint
        assert checkpoint is not None
        assert checkpoint.benchmark.units.keys() == true.units.keys()
        assert all(near(units, true.units[coin]) for coin, units in checkpoint.benchmark.units.items())
        assert all(units >= 0 for units in checkpoint.benchmark.units.values())
        assert near(checkpoint.benchmark.shortfall_usd, true.shortfall)
        assert checkpoint.benchmark.exhausted_at == true.exhausted_at
        assert [event.at for event in self.life.events if event.kind == "rebalance"] == true.rebalanced
        for row, (when, worth, growth) in zip(self.life.rows, true.marks, strict=True):
            assert row.at == when
            assert near(row.benchmark_usd, worth)
            assert near(row.benchmark_index, growth)

    def next_id(self) -> str:
        self.serial += 1
        return str(self.serial)

    def pass_to_full_hour(self) -> None:
        self.pass_time(slot_start(self.now, 60) + HOUR - self.now)

    def pass_time(self, length: timedelta) -> None:
        """What has been hidden for days comes to light: no list is filled in later than the overlap of readings."""
        self.now += length
        hidden = self.life.world.hidden
        old = {each.id for each in self.life.world.movements if each.listed_at < self.now - 6 * 24 * HOUR}
        self.life.world = replace(self.life.world, hidden=hidden - old)

    def dated(self, coin: tuple[str, Decimal], size: int, when: Moment, seen: int) -> tuple[datetime, str, str, int]:
        """Hours and seconds after the last full hour are when it counts; it is listed from now on at the earliest."""
        moment = slot_start(self.now, 60) + when[0] * HOUR + when[1] * MINUTE / 60
        moment += HOUR if moment <= self.now else 0 * HOUR
        return moment, coin[0], str(coin[1] * size), min(seen, int((moment - self.now) / MINUTE))

    def moves_money(self, movement: Movement, *, hidden: bool) -> None:
        world = self.life.world
        unseen = world.hidden | {movement.id} if hidden else world.hidden
        self.life.world = replace(world, movements=(*world.movements, movement), hidden=unseen)

    def took_row(self, when: datetime) -> None:
        held = {coin: self.life.world.quantity(coin, when) for coin in ("BTC", "USDT", "SOL")}
        worth = sum((quantity * self.usd(coin, when) for coin, quantity in held.items()), Decimal(0))
        self.facts.rows[slot_start(when, 60)] = (when, worth)

    def enter(self, movement: Movement) -> None:
        self.seen.add(movement.id)
        if movement.stage is Stage.DONE and movement.at > self.inception():
            usd = movement.quantity * self.usd(movement.asset, movement.at)
            self.facts.flows[movement.id] = Entry(movement.at, usd)

    def inception(self) -> datetime:
        """It moves within its slot while that is taken anew."""
        return min(when for when, _ in self.facts.rows.values())

    def by_hand(self, coin: tuple[str, Decimal], size: int, ago: int) -> Movement:
        when = max(self.now - ago * MINUTE, self.inception() + MINUTE)
        return Movement(f"{MANUAL}:{self.next_id()}", MANUAL, coin[0], coin[1] * size, Stage.DONE, when, when)

    def one_of(self, data: st.DataObject) -> CashFlow:
        return self.life.flows[data.draw(st.sampled_from(sorted(self.life.flows)))]

    def standing(self) -> Standing:
        state, last = self.life.state, self.life.rows[-1].at
        ahead = tuple(point for point in self.life.prices.values() if point.at > last)
        return Standing(replace(state, prices=ahead), self.life.policy, self.life.truth())

    def amend(self, added: Movement | None, removed: CashFlow | None) -> None:
        standing = Standing(self.life.state, self.life.policy, self.life.truth())
        decisions = (Decision(removed.id, "void", "so it is", self.now),) if removed else ()
        change, book = Change(added, removed, decisions), self.life.world.book(self.now)
        prices = Prices(book, bases={added.at: self.life._basis(added.at)} if added else {})
        opens = self.life._opens(amendment.wants(standing, change, prices), book)
        outcome = amendment.amend(standing, change, replace(prices, opens=opens))
        if removed:
            del self.life.flows[removed.id], self.facts.flows[removed.id]
        if added:
            self.enter(added)
        self.life._commit(outcome)


def near(ours: Decimal, theirs: Decimal) -> bool:
    return abs(ours - theirs) <= HAIR * max(abs(theirs), Decimal(1))


Accidents.TestCase.settings = settings(max_examples=max(200, settings().max_examples), stateful_step_count=40)
TestAccidents = Accidents.TestCase
