"""The laws of `advance`: whatever fails and whenever it is read again, history is what it would have been."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from lib.domain.flows import DEPOSITS, WITHDRAWALS, Movement
from lib.domain.reading import Want
from lib.domain.replay import Row
from tests.builders import HOUR, MINUTE, at
from tests.domain.life import Broken, Life, World, paid_in, paid_out

START = at("09:00")
HOURS = 8  # over the rebalance of Monday noon


@dataclass(frozen=True, slots=True)
class Fate:
    """What happens in one run, and how many minutes after the hour it comes."""

    minute: int
    broken: Broken


def _pick(bits: int, kind: int) -> Broken:
    """A run without some of its candles, chosen by `bits`."""
    sources = (DEPOSITS, WITHDRAWALS)
    lost = tuple(source for place, source in enumerate(sources) if kind < 4 and kind >> place & 1)

    def unfetched(want: Want) -> bool:
        place = int((want.at - START) / MINUTE) + ord(want.name[0]) + want.contract
        return bool(bits >> place % 8 & 1)

    wallets = ("usdm",) if kind == 4 else ()
    return Broken(sources=lost, wallets=wallets, totals=kind == 5, book=kind == 6, candles=unfetched)


fates = st.builds(
    Fate,
    minute=st.integers(0, 59),
    broken=st.builds(_pick, st.just(0) | st.integers(0, 255), st.just(0) | st.integers(0, 6)),
)
instants = st.integers(-90, HOURS * 60).map(lambda minutes: START + minutes * MINUTE)


@st.composite
def movements(draw: st.DrawFn) -> tuple[Movement, ...]:
    found = []
    for number in range(draw(st.integers(0, 6))):
        when = draw(instants) + draw(st.sampled_from([0, 30])) * MINUTE / 60
        asset, most = draw(st.sampled_from([("USDT", 4000), ("BTC", 1), ("SOL", 9)]))
        amount = str(Decimal(draw(st.integers(1, 100))) * most / 100)
        seen = draw(st.integers(0, 200))
        if draw(st.booleans()) and asset != "SOL":
            found.append(paid_out(str(number), when, asset, str(Decimal(amount) / 8), seen))
        else:
            found.append(paid_in(str(number), when, asset, amount, seen))
    return tuple(found)


worlds = st.builds(
    World,
    movements=movements(),
    position=st.sampled_from([Decimal(0), Decimal("0.05"), Decimal("-0.02")]),
)


def lived(world: World, runs: list[tuple[datetime, Broken]]) -> Life:
    life = Life(world)
    for when, broken in runs:
        life.collect(when, broken)
    return life


@given(worlds, st.lists(fates, min_size=HOURS, max_size=HOURS))
def test_whatever_failed_history_is_as_if_nothing_had(world: World, fated: list[Fate]) -> None:
    runs = [(START + number * HOUR + fate.minute * MINUTE, fate.broken) for number, fate in enumerate(fated)]
    runs.append((START + (HOURS + 1) * HOUR, Broken()))
    rough = lived(world, runs)
    taken = {kept.snapshot.at for kept in rough.snapshots.values() if kept.complete}
    smooth = lived(world, [(when, Broken()) for when, _ in runs if when in taken])
    assert rough.rows == smooth.rows
    assert rough.events == smooth.events
    assert rough.flows == smooth.flows


@given(worlds, st.lists(fates, min_size=HOURS, max_size=HOURS))
def test_no_run_ever_shows_a_figure_that_later_knowledge_takes_back(world: World, fated: list[Fate]) -> None:
    """Movements are listed before they are credited: nothing is ever late but for a failure, and that holds back."""
    life = Life(world)
    shown: list[Row] = []
    for number, fate in enumerate(fated):
        life.collect(START + number * HOUR + fate.minute * MINUTE, fate.broken)
        assert list(life.rows[: len(shown)]) == shown
        shown = list(life.rows)


@given(worlds, st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=12, max_size=12))
def test_every_movement_is_booked_once_however_often_it_is_listed(world: World, steps: list[tuple[int, bool]]) -> None:
    """Days pass between readings, windows overlap, ids are forgotten: the store refuses a second booking."""
    life, when = Life(world), START
    for hours, fails in steps:
        life.collect(when, Broken(sources=(DEPOSITS,)) if fails else Broken())
        when += (hours * 7 + 1) * HOUR
    life.collect(when, Broken())
    assert life.flows.keys() == {each.id for each in world.movements if each.at > life.rows[0].at}
    assert life.collect(when + HOUR).booked == ()
    assert len(life.state.known) <= len(world.movements)


@given(worlds, st.lists(st.booleans(), min_size=HOURS, max_size=HOURS))
def test_late_listings_restate_into_what_timely_ones_would_have_given(world: World, visible: list[bool]) -> None:
    """A movement whose listing comes hours late: complete snapshots are already drawn, and history restates."""
    life, twin = Life(world), Life(world)
    hidden = frozenset(each.id for each in world.movements[1::2])
    for number, shown in enumerate(visible):
        life.world = replace(world, hidden=frozenset() if shown else hidden)
        life.collect(START + number * HOUR)
        twin.collect(START + number * HOUR)
    life.world = world
    life.collect(START + HOURS * HOUR)
    twin.collect(START + HOURS * HOUR)
    assert life.rows == twin.rows
    assert life.events == twin.events
    assert life.flows == twin.flows
