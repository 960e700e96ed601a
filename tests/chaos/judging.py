"""The laws that a history must keep: on its way, after every moment, and at its end beside a clean run."""

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from lib.document.reading import read
from lib.document.writing import write
from lib.domain.prices import history_of
from lib.domain.replay import Event, Row
from lib.domain.requests import HistoryRequest
from lib.domain.schedule import slot_start
from lib.domain.snapshot import FLOWS_BETWEEN
from lib.domain.survey import ALWAYS_PRICED
from lib.records import AccountHistory
from lib.usecases import history, replay
from lib.usecases.export import export
from lib.usecases.recompute import recompute
from lib.usecases.runs import RunReport
from tests.chaos import turned
from tests.chaos.living import Life, Passed
from tests.chaos.truth import Money, benchmark, money, true_money

_PRICES = """
    select p.at, u.asset, u.usd
      from prices as p join price_lists as l on l.id = p.list cross join unnest(l.assets, p.usd) as u (asset, usd)
     where p.at = any (%s) and u.asset = any (%s) order by 1, 2
"""

HAIR = Decimal("1e-8")
DRIFT = Decimal("0.005")  # of a NAV that was read while time passed: no flow of these worlds is so small


class Violation(AssertionError):
    """A law is broken."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What must be the same in the end, whatever happened on the way, of one account.

    `ledger` has all that is booked, what turned back as well: that follows from when was read.
    """

    ledger: tuple[Money, ...]
    events: tuple[Event, ...]
    event_prices: tuple[tuple[datetime, str, Decimal], ...]
    rows: dict[datetime, Row]


def check(holds: bool, law: str, *said: object) -> None:
    if not holds:
        raise Violation(": ".join([law, *map(str, said)]))


async def judge_moment(life: Life, passed: Passed) -> None:
    """Hold what is stored now against the world: nothing of it is false, and nothing is half there."""
    for end in passed.ends:
        _answered(passed, end)
    versions = life.spine.sql("select id, version from accounts order by id")
    if versions == life.judged:
        return  # nobody stored anything
    life.judged = versions
    for name, told in (await life.spine.histories()).items():
        _rows_are_true(life, name, told)
        _money_is_true(life, name, told)
    await life.spine.assert_sound()


def _answered(passed: Passed, end: Any) -> None:
    """A run that nothing struck ends well, and none ends by an error nobody planned."""
    if passed.moment.is_calm:
        check(isinstance(end, RunReport), "a run that nothing struck failed", passed, repr(end))
    if isinstance(end, RunReport):
        internal = [one for one in end.accounts if one.failure and "internal" in (one.failure.detail or "")]
        check(not internal, "something was not foreseen", internal)


def _rows_are_true(life: Life, name: str, told: AccountHistory) -> None:
    world = life.place.world
    for row in told.rows:
        true_usd = world.nav(name, row.at)
        check(abs(row.nav_usd - true_usd) <= _drift(life, row), "a NAV is false", name, row, true_usd)
    if told.rows:
        ledger = money(world, name, told.flows)
        stored = history_of(told.prices)
        true = benchmark(world, told.rows[0].nav_usd, ledger, [row.at for row in told.rows], stored)
        for row, true_usd in zip(told.rows, true, strict=True):
            check(
                abs(row.benchmark_usd - true_usd) <= HAIR + _drift(life, row),
                "a benchmark is false",
                name,
                row,
                true_usd,
            )
            shown = sum((one[4] for one in ledger if told.rows[0].at < one[1] <= row.at), Decimal(0))
            seen = sum((one.flow_usd for one in told.rows if one.at <= row.at), Decimal(0))
            check(seen == shown, "rows do not have the flows of the ledger", name, row, seen, shown)


def _drift(life: Life, row: Row) -> Decimal:
    """Return how far value may be off: not at all, save where calls were repeated or waited after its instant.

    What the exchange answers seconds later is of then: no reading could tell the value of before.
    """
    passing = any(one.began <= row.at <= one.ended and one.began < one.ended for one in life.passed)
    return DRIFT * abs(row.nav_usd) if passing else Decimal(0)


def _money_is_true(life: Life, name: str, told: AccountHistory) -> None:
    """Nothing is booked that did not happen, or twice, or too late to be in the rows that have its coins."""
    if not told.rows:
        check(not told.flows, "money is booked before the inception", name, told.flows)
        return
    world, start = life.place.world, told.rows[0].at
    ledger = money(world, name, told.flows)
    check(len({one[0] for one in ledger}) == len(ledger), "money is booked twice", name, ledger)
    wrong = [*turned.wrong(life.place, name, ledger, [row.at for row in told.rows])]
    check(not wrong, "money that turned back is false", name, wrong)
    true = turned.without(life.place, name, true_money(world, name, start, life.spine.now))
    booked = turned.without(life.place, name, ledger)
    check(set(booked) <= set(true), "money is booked that did not move", name, set(booked) - set(true))
    hidden = {one.id for one in life.hidden if told.rows[-1].at < one.until}
    late = {one for one in true if one[0] in hidden or one[0].startswith("2000") or one[1] > told.rows[-1].at}
    check(set(true) - late <= set(booked), "rows lack money that was listed", name, set(true) - late - set(booked))


async def ended(life: Life) -> dict[str, Ended]:
    """Return what is to be compared of every account."""
    found = {}
    for name, told in (await life.spine.histories()).items():
        instants = [*(one.at for one in told.flows), *(one.at for one in told.events if one.kind == "rebalance")]
        day_one = (await life.spine.wired.store.load(told.id)).state.day_one
        tracked = sorted({*ALWAYS_PRICED, *day_one} - {"USDT"})  # a dollar has no candles
        prices = life.spine.sql(_PRICES, instants, tracked)
        found[name] = Ended(
            ledger=tuple(money(life.place.world, name, told.flows)),
            events=told.events,
            event_prices=tuple((at, asset, usd) for at, asset, usd in prices),
            rows={row.at: row for row in told.rows},
        )
    return found


async def judge_end(life: Life, clean: dict[str, Ended]) -> None:
    """Hold the end beside the clean run's, and beside what can be computed anew."""
    mine = await ended(life)
    for name, theirs in clean.items():
        ours = mine[name]
        here, there = (turned.without(life.place, name, one.ledger) for one in (ours, theirs))
        check(here == there, "the ledger is another", name, here, there)
        since = min((one[1] for one in {*ours.ledger} ^ {*theirs.ledger}), default=datetime.max.replace(tzinfo=UTC))
        _events_are_equal(name, ours, theirs, since)
        _rows_are_equal(life, ours, theirs, since)
    await _nothing_waits(life)
    await _only_explained_gaps(life)
    await _computed_anew(life)


def _events_are_equal(name: str, ours: Ended, theirs: Ended, since: datetime) -> None:
    """Before `since`, where the first money counts that turned back at another reading, all is the same."""
    told = [[event for event in one.events if event.at < since] for one in (ours, theirs)]
    check(told[0] == told[1], "benchmark events are others", name, *told)
    turns = [[event.at for event in one.events if event.kind == "rebalance"] for one in (ours, theirs)]
    check(turns[0] == turns[1], "rebalances are others", name, *turns)
    both = {one[:2] for one in ours.event_prices} & {one[:2] for one in theirs.event_prices}
    prices = [{one for one in known.event_prices if one[:2] in both or one[0] < since} for known in (ours, theirs)]
    check(prices[0] == prices[1], "event prices are others", name, prices[0] ^ prices[1])


def _rows_are_equal(life: Life, ours: Ended, theirs: Ended, since: datetime) -> None:
    """NAV is equal at every instant that both have, and the benchmark up to `since`."""
    for at in ours.rows.keys() & theirs.rows.keys():
        here, there = ours.rows[at], theirs.rows[at]
        apart_usd = abs(here.nav_usd - there.nav_usd)
        if at < since:
            apart_usd = max(apart_usd, abs(here.benchmark_usd - there.benchmark_usd))
        check(apart_usd <= _drift(life, there), "an instant has two values", here, there)


async def _nothing_waits(life: Life) -> None:
    for account, state in life.spine.sql("select id, state from accounts"):
        for part in ("held", "waiting", "unpriced"):
            check(not state.get(part), "something still waits", account, part, state.get(part))
    partial = life.spine.sql("select account_id, slot, missing from snapshots where whole and not complete")
    check(not partial, "a whole snapshot never became complete", partial)


async def _only_explained_gaps(life: Life) -> None:
    """Every slot in which an account could be read undisturbed has its snapshot."""
    wanted = "select name, slot from snapshots join accounts on id = account_id where "
    found = set(life.spine.sql(wanted + "complete or 'flows:between' = any (missing) and cardinality(missing) > 1"))
    careful_until = life.place.start
    for passed in life.passed:
        moment = passed.moment
        undisturbed = passed.began >= careful_until and passed.began >= moment.at
        if moment.is_brief and undisturbed:
            _read_once_more(passed)
        if moment.is_light and undisturbed:
            slot = slot_start(passed.began, 60)
            for account in life.place.world.accounts:
                check((account.name, slot) in found, "a gap that nothing explains", account.name, slot, passed)
        if not moment.is_calm:
            careful_until = max(careful_until, passed.ended + moment.afterwards)


def _read_once_more(passed: Passed) -> None:
    """Money that moved while an account was read, once, leaves no gap."""
    for end in passed.ends:
        missing = [one.missing for one in end.accounts] if isinstance(end, RunReport) else [FLOWS_BETWEEN]
        check(not any(FLOWS_BETWEEN in one for one in missing), "what moved once was not read once more", passed)


async def _computed_anew(life: Life) -> None:
    """Derived values are those of a recomputation and of a replay of the export, to the last digit."""
    store = life.spine.wired.store
    rebuilt = await recompute(store, "all")
    check(not any(one.changed for one in rebuilt), "stored is not what is rebuilt", rebuilt)
    records = [record for one in await export(store, "all") for record in read(write(one), "file.json")]
    told: Any = replay.answer([replay.tell(record) for record in records])
    names = {one.name: one for one in await store.history(None)}
    for account in told["accounts"]:
        one = names[account["name"]]
        answer: Any = await history.read(store, HistoryRequest(one.id, points=2000))
        check(account["metrics"] == answer["metrics"], "the replay has other figures", one.name)
        check(account["benchmark"]["units"] == answer["benchmark"]["units"], "the replay has other units", one.name)
        part = replay.in_words(_part(one))
        check(account["series"] == part["series"], "the replay has other rows", one.name)
    everybody: Any = await history.read(store, HistoryRequest("all", points=2000))
    check(told["total"]["metrics"] == everybody["metrics"], "the replay has another total")


def _part(one: AccountHistory) -> replay.Part:
    held = (one.benchmark,) if one.benchmark else ()
    return replay.Part(one.name, one.rows, one.events, held, (), one.policy.risk_free, ())
