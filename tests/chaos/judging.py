"""The laws that a history must keep: on its way, after every moment, and at its end beside a clean run."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from lib.document.reading import read
from lib.document.writing import write
from lib.domain.replay import Event, Row
from lib.domain.requests import HistoryRequest
from lib.domain.schedule import Weekly, due, slot_start
from lib.domain.snapshot import FLOWS_BETWEEN
from lib.domain.survey import ALWAYS_PRICED
from lib.records import AccountHistory
from lib.usecases import history, replay
from lib.usecases.export import export
from lib.usecases.recompute import recompute
from lib.usecases.runs import RunReport
from tests.chaos import asked, messages, turned, untold
from tests.chaos.histories import ALERTS
from tests.chaos.living import Life, Passed
from tests.chaos.truth import Money, benchmark, money, true_money
from tests.chaos.ways import MILLISECOND, SECOND
from tests.chaos.worlds import rare

_PRICES = """
    select p.at, u.asset, u.usd::numeric
      from prices as p join price_lists as l on l.id = p.list
     cross join unnest(l.assets, string_to_array(p.usd, ',')) as u (asset, usd)
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
    asked: frozenset[tuple[datetime, str, Decimal]]  # rebalances that a person asked for, with their prices
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
    before, is_new = life.known, versions != life.judged
    if is_new:
        life.judged, life.known = versions, await life.spine.histories()
    if life.limits:
        _none(messages.wrong(life, passed, before), "people are told what is not so")
    if not is_new:
        return  # nobody stored anything
    for name, told in life.known.items():
        _rows_are_true(life, name, told)
        _money_is_true(life, name, told)
    _none(asked.wrong(life, passed, life.known), "a rebalance that was asked for")
    await life.spine.assert_sound()


def _none(found: Iterable[tuple[object, ...]], law: str) -> None:
    """Hold that nothing was found."""
    for one in found:
        raise Violation(": ".join([law, *map(str, one)]))


def _answered(passed: Passed, end: Any) -> None:
    """A run that nothing struck ends well, and none ends by an error nobody planned."""
    moment = passed.moment
    others = tuple(one for one in moment.database if one.function not in ALERTS)
    if replace(moment, database=others).is_calm:
        check(isinstance(end, RunReport), "a run that nothing struck failed", passed, repr(end))
    if isinstance(end, RunReport):
        internal = [one for one in end.accounts if one.failure and "internal" in (one.failure.detail or "")]
        check(not internal, "something was not foreseen", internal)


def _rows_are_true(life: Life, name: str, told: AccountHistory) -> None:
    world = life.place.world
    for row in told.rows:
        true_usd = world.nav(name, row.at)
        check(abs(row.nav_usd - true_usd) <= _drift(life, name, row), "a NAV is false", name, row, true_usd)
    if told.rows:
        ledger = money(world, name, told.flows)
        stored = told.prices
        acts = asked.acts(life)[name]
        true = benchmark(
            world, told.rows[0].nav_usd, ledger, [row.at for row in told.rows], stored, acts, _blurred(life)
        )
        for row, true_usd in zip(told.rows, true, strict=True):
            check(
                abs(row.benchmark_usd - true_usd) <= HAIR + _drift(life, name, row),
                "a benchmark is false",
                name,
                row,
                true_usd,
            )
            shown = sum((one[4] for one in ledger if told.rows[0].at < one[1] <= row.at), Decimal(0))
            seen = sum((one.flow_usd for one in told.rows if one.at <= row.at), Decimal(0))
            check(seen == shown, "rows do not have the flows of the ledger", name, row, seen, shown)


def _drift(life: Life, name: str, row: Row) -> Decimal:
    """Return how far value may be off: not at all, save where calls were repeated or waited after its instant.

    What the exchange answers seconds later is of then: no reading could tell the value of before. Nor does any list
    tell of what went from one own wallet to another meanwhile, and so may be in both of them or in none.
    """
    passing = any(one.began <= row.at <= one.ended and one.began < one.ended for one in life.passed)
    return DRIFT * abs(row.nav_usd) + untold.carried_usd(life, name, row.at) if passing else Decimal(0)


def _blurred(life: Life) -> list[datetime]:
    """Return the instants of which a run may have been told the time, and the prices seconds later.

    Of an instant the first price stays that is stored of it, also for what falls together with it.
    """
    passing = [one for one in life.passed if one.began < one.ended]
    turns = [at for one in passing for at in due(Weekly(), one.began - MILLISECOND, one.ended)]
    return [*turns, *(one.began for one in passing)]


def _money_is_true(life: Life, name: str, told: AccountHistory) -> None:
    """Nothing is booked that did not happen, or twice, or too late to be in the rows that have its coins."""
    if not told.rows:
        check(not told.flows, "money is booked before the inception", name, told.flows)
        return
    world, start = life.place.world, told.rows[0].at
    ledger = money(world, name, told.flows)
    check(len({(one[0], one[2]) for one in ledger}) == len(ledger), "money is booked twice", name, ledger)
    wrong = [*turned.wrong(life, name, ledger, [row.at for row in told.rows])]
    check(not wrong, "money that turned back is false", name, wrong)
    true = turned.without(life.place, name, true_money(world, name, start, life.spine.now))
    booked = turned.without(life.place, name, ledger)
    check(set(booked) <= set(true), "money is booked that did not move", name, set(booked) - set(true))
    hidden = {one.id for one in life.hidden if told.rows[-1].at < one.until}
    hidden |= rare(life.place, name)
    late = {one for one in true if one[0] in hidden or one[1] > told.rows[-1].at}
    check(set(true) - late <= set(booked), "rows lack money that was listed", name, set(true) - late - set(booked))


async def ended(life: Life) -> dict[str, Ended]:
    """Return what is to be compared of every account."""
    found, acts = {}, asked.acts(life)
    for name, told in (await life.spine.histories()).items():
        instants = [*(one.at for one in told.flows), *(one.at for one in told.events if one.kind == "rebalance")]
        day_one = (await life.spine.wired.store.load(told.id)).state.day_one
        tracked = sorted({*ALWAYS_PRICED, *day_one} - {"USDT"})  # a dollar has no candles
        prices = life.spine.sql(_PRICES, instants, tracked)
        found[name] = Ended(
            ledger=tuple(money(life.place.world, name, told.flows)),
            asked=asked.priced(told, acts[name]),
            events=told.events,
            event_prices=tuple((at, asset, usd) for at, asset, usd in prices if at not in acts[name]),
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
        apart = [*(one[1] for one in {*ours.ledger} ^ {*theirs.ledger}), *(one[0] for one in ours.asked ^ theirs.asked)]
        blurred = {*_blurred(life)}
        apart += [one[0] for known in (ours, theirs) for one in known.event_prices if one[0] in blurred]
        since = min(apart, default=datetime.max.replace(tzinfo=UTC))
        _events_are_equal(name, (ours, theirs), since, blurred)
        _rows_are_equal(life, name, (ours, theirs), since)
    if life.limits:
        _none(messages.left(life), "people are left with what is not so")
    await _nothing_waits(life)
    await _only_explained_gaps(life)
    await _computed_anew(life)


def _events_are_equal(name: str, both_ends: tuple[Ended, Ended], since: datetime, blurred: set[datetime]) -> None:
    """Before `since` all is the same.

    There the first money counts that turned back at another reading, or the first act that only one of them has.
    """
    ours, theirs = both_ends
    told = [[event for event in one.events if event.at < since] for one in (ours, theirs)]
    check(told[0] == told[1], "benchmark events are others", name, *told)
    acts = {one[0] for one in {*ours.asked, *theirs.asked}}
    done = [[event.at for event in one.events if event.kind == "rebalance"] for one in (ours, theirs)]
    turns = [[at for at in instants if at not in acts] for instants in done]
    check(turns[0] == turns[1], "rebalances are others", name, *turns)
    both = {one[:2] for one in ours.event_prices} & {one[:2] for one in theirs.event_prices}
    both = {one for one in both if one[0] not in blurred}
    prices = [{one for one in known.event_prices if one[:2] in both or one[0] < since} for known in (ours, theirs)]
    check(prices[0] == prices[1], "event prices are others", name, prices[0] ^ prices[1])


def _rows_are_equal(life: Life, name: str, both: tuple[Ended, Ended], since: datetime) -> None:
    """NAV is equal at every instant that both have, and the benchmark up to `since`."""
    ours, theirs = both
    for at in ours.rows.keys() & theirs.rows.keys():
        here, there = ours.rows[at], theirs.rows[at]
        apart_usd = abs(here.nav_usd - there.nav_usd)
        if at < since:
            apart_usd = max(apart_usd, abs(here.benchmark_usd - there.benchmark_usd))
        check(apart_usd <= _drift(life, name, there), "an instant has two values", here, there)


async def _nothing_waits(life: Life) -> None:
    for account, state in life.spine.sql("select name, state from accounts"):
        parts = ("held", "waiting", "unpriced", *(() if untold.leaves_a_mark(life, account) else ("jumps",)))
        for part in parts:
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
            _read_once_more(life, passed)
        if moment.is_light and undisturbed:
            slot = slot_start(passed.began, 60)
            for account in life.place.world.accounts:
                check((account.name, slot) in found, "a gap that nothing explains", account.name, slot, passed)
        if not moment.is_calm:
            careful_until = max(careful_until, passed.ended + moment.afterwards)


def _read_once_more(life: Life, passed: Passed) -> None:
    """Money that moved while an account was read, once, leaves no gap.

    Once it is where the exchange's budget let no further time pass, and nothing that turned back had it read twice.
    """
    waited = passed.ended - passed.began > SECOND * passed.moment.slow[0].seconds
    again = any(turned.is_new(life.place, name, told.rows, passed.ended) for name, told in life.known.items())
    for end in passed.ends if not again and not waited else ():
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
