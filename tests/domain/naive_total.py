"""The rules of all accounts as one, as plain loops over every instant: slow, and sharing no step with the product."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from lib.domain.flows import NetFlow
from lib.domain.index import Period, step
from lib.domain.money import exact
from lib.domain.prices import PriceHistory
from lib.domain.replay import Event, Row
from lib.domain.worth import Worth

ZERO, ONE, MOMENT, DAY = Decimal(0), Decimal(1), timedelta(microseconds=1), timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Account:
    """One account: its own rows and events, and what came and went, by time."""

    rows: Sequence[Worth]
    events: Sequence[Event]
    moved: Mapping[datetime, Decimal]
    left: bool = False

    def row(self, slot: datetime) -> Worth | None:
        return next((row for row in self.rows if row.slot == slot), None)

    def nav(self, slot: datetime, at: datetime) -> Decimal:
        row = self.row(slot)
        assert row is not None
        return row.nav_usd + sum((usd for when, usd in self.moved.items() if row.at < when <= at), ZERO)

    def worth(self, at: datetime, prices: PriceHistory, *, before: bool = False) -> Decimal:
        """What its benchmark is worth at `at`, after all that happened then or before it."""
        past = [event for event in self.events if event.at < at or (event.at == at and not before)]
        units = (past or self.events[:1])[-1].benchmark.units
        return sum((held * prices.at(at, [coin]).of(coin) for coin, held in units.items()), ZERO)

    def cost(self, at: datetime) -> Decimal:
        """What a rebalance at `at` took, which is a loss like any other."""
        return -sum((event.usd for event in self.events if event.kind == "rebalance" and event.at == at), ZERO)


@dataclass(slots=True)
class Sum:
    rows: list[Row] = field(default_factory=list)
    gaps: list[datetime] = field(default_factory=list)
    flows: list[NetFlow] = field(default_factory=list)
    shortfall: Decimal = ZERO


def is_there(account: Account, slot: datetime, accounts: Sequence[Account]) -> bool:
    """From its first row on; not after its last one if it left, nor in a silence of more than a day among others."""
    others = {row.slot for one in accounts for row in one.rows}
    before = [row for row in account.rows if row.slot <= slot]
    after = [row for row in account.rows if row.slot >= slot]
    if not before:
        return False
    if before[-1].slot == slot:
        return True
    end = max(one.rows[-1].at for one in accounts)
    if not after:
        return not account.left and end - before[-1].at <= DAY
    silent = after[0].at - before[-1].at > DAY
    return not (silent and any(before[-1].slot < one < after[0].slot for one in others))


@exact
def summed(accounts: Sequence[Account], prices: PriceHistory) -> Sum:
    found = Sum()
    inside: list[Account] = []
    for slot in sorted({row.slot for account in accounts for row in account.rows}):
        there = [account for account in accounts if is_there(account, slot, accounts)]
        if any(account.row(slot) is None for account in there):
            found.gaps.append(slot)
            continue
        at = max(row.at for row in (account.row(slot) for account in there) if row)
        at = max(at, found.rows[-1].at + MOMENT) if found.rows else at
        _add(found, inside, there, slot, at, prices)
        inside = there
        past = [[event for event in account.events if event.at <= at][-1] for account in there]
        found.shortfall = sum((event.benchmark.shortfall_usd for event in past), ZERO)
    return found


def _add(
    found: Sum, inside: list[Account], there: list[Account], slot: datetime, at: datetime, prices: PriceHistory
) -> None:
    nav = sum((account.nav(slot, at) for account in there), ZERO)
    worth = sum((account.worth(at, prices) for account in there), ZERO)
    if not found.rows:
        found.rows.append(Row(at, slot, nav, worth, ONE, ONE, ZERO, None, "start"))
        return
    last = found.rows[-1]
    ends = {id(account): _end(account, last, slot, at) for account in inside if account not in there}
    moved: dict[datetime, Decimal] = {}
    known: dict[datetime, Decimal] = {}
    for account in inside:
        until = ends.get(id(account), at)
        for when, usd in account.moved.items():
            if last.at < when <= until:
                moved[when] = moved.get(when, ZERO) + usd
        if account not in there:
            final = [row for row in account.rows if row.slot < slot and row.at <= until][-1]
            moved[until + MOMENT] = moved.get(until + MOMENT, ZERO) - account.nav(final.slot, until)
            if until == last.at:
                known[until + MOMENT] = last.nav_usd
    for account in there:
        if account not in inside:
            moved[at] = moved.get(at, ZERO) + account.nav(slot, at)
    flows = tuple(NetFlow(when, usd, known.get(when)) for when, usd in sorted(moved.items()) if usd)
    after = step(last.nav_index, Period(last.at, last.nav_usd, at, nav, flows))
    growth = _growth(inside, ends, last, at, prices)
    usd = sum(moved.values(), ZERO)
    index = last.benchmark_index * growth
    found.rows.append(Row(at, slot, nav, worth, after.index, index, usd, after.rung, after.note))
    found.flows.extend(flows)


def _end(account: Account, last: Row, slot: datetime, at: datetime) -> datetime:
    final = [row for row in account.rows if row.slot < slot][-1]
    return min(max(final.at, last.at), at - MOMENT)


def _growth(
    inside: list[Account], ends: Mapping[int, datetime], last: Row, at: datetime, prices: PriceHistory
) -> Decimal:
    """The growth of what is held together, from each instant at which any of them changes to the next."""
    instants = {end + MOMENT for end in ends.values()} | {at}
    for account in inside:
        instants |= {event.at for event in account.events if last.at < event.at <= ends.get(id(account), at)}
    growth, since = ONE, last.benchmark_usd
    for instant in sorted(instants):
        held = [account for account in inside if id(account) not in ends or ends[id(account)] + MOMENT >= instant]
        now = sum((account.worth(instant, prices, before=True) for account in held), ZERO)
        growth *= now / since if since else ONE
        stay = [account for account in held if ends.get(id(account)) != instant - MOMENT]
        since = sum((account.worth(instant, prices) + account.cost(instant) for account in stay), ZERO)
    end = sum((account.worth(at, prices) for account in inside if id(account) not in ends), ZERO)
    return growth * (end / since if since else ONE)
