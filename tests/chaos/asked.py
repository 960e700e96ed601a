"""Rebalances that a person asks for: each that was reported is there, at the instant and the prices of its reading.

What was asked for in trouble may not have come about, and then the clean run's benchmark is another one from there on.
So the two are compared up to the first act that only one of them has; after it the benchmark is held against the rules
alone (truth.py), which know of the acts that are stored.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from lib.records import AccountHistory
from lib.usecases.runs import RunReport
from tests.chaos.living import Life, Passed
from tests.chaos.truth import WEIGHTS

type Act = tuple[datetime, Mapping[str, Decimal]]  # when, and the prices it was done at

_DONE = ("stored", "partial")
_NEAR = Decimal("0.01")  # of a price that was read while time passed


def acts(life: Life) -> dict[str, list[datetime]]:
    """Return when which account was rebalanced because somebody asked, by its name."""
    found: dict[str, list[datetime]] = {account.name: [] for account in life.place.world.accounts}
    for name, at in life.spine.sql("select name, at from rebalances join accounts on id = account_id order by at"):
        found[name].append(at)
    return found


def priced(told: AccountHistory, instants: list[datetime]) -> frozenset[tuple[datetime, str, Decimal]]:
    """Return them with the prices that are stored of each."""
    stored = told.prices
    return frozenset((at, coin, stored.at(at, WEIGHTS).usd[coin]) for at in instants for coin in WEIGHTS)


def wrong(life: Life, passed: Passed, known: Mapping[str, AccountHistory]) -> list[tuple[object, ...]]:
    """Return what is false of the acts, now that a moment has passed."""
    found: list[tuple[object, ...]] = []
    for name, instants in acts(life).items():
        for at in instants:
            during = [one for one in life.passed if one.moment.is_asked and one.began <= at <= one.ended]
            if not during:
                found.append(("nobody asked for it", name, at))
            elif not _at_prices_of_then(life, known[name], at, still=during[0].began == during[0].ended):
                found.append(("it was done at other prices", name, at))
        found += [("it was reported, and is not there", name, passed) for _ in _lost(passed, name, instants)]
        rows = known[name].rows
        events = {event.at for event in known[name].events if event.kind == "rebalance"}
        due = {at for at in instants if rows and rows[0].at < at <= rows[-1].at}
        if not due <= events:
            found.append(("it has no effect", name, due - events))
    return found


def _lost(passed: Passed, name: str, instants: list[datetime]) -> list[str]:
    """Return the reports of an act that is not stored. The run that was asked for is the first one of its moment."""
    end = passed.ends[0] if passed.moment.is_asked else None
    done = [one.status for one in end.accounts if one.name == name] if isinstance(end, RunReport) else []
    is_there = any(passed.began <= at <= passed.ended for at in instants)
    return [status for status in done if status in _DONE and not is_there]


def _at_prices_of_then(life: Life, told: AccountHistory, at: datetime, *, still: bool) -> bool:
    market, stored = life.place.world.market, told.prices.at(at, WEIGHTS).usd
    near = Decimal(0) if still else _NEAR
    return all(abs(stored[coin] / market.usd(coin, at) - 1) <= near for coin in WEIGHTS)
