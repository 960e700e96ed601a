"""The rules of the benchmark as a plain loop over all true facts: slow, short, and sharing no step with the product."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from lib.domain.benchmark import Policy
from lib.domain.money import exact
from lib.domain.schedule import Band, Daily, Monthly, Weekly

ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(slots=True)
class Entry:
    """A flow in force: signed USD, and the account's worth before it, which is a fact like the rest."""

    at: datetime
    usd: Decimal
    before: Decimal | None = None


@dataclass(slots=True)
class Facts:
    """What is true of one account. `rows` has time and NAV of its complete snapshots by slot."""

    price: Callable[[str, datetime], Decimal]  # of a coin
    policy: Policy = field(default_factory=Policy)
    rows: dict[datetime, tuple[datetime, Decimal]] = field(default_factory=dict)
    flows: dict[str, Entry] = field(default_factory=dict)
    asked: set[datetime] = field(default_factory=set)  # rebalances at a person's wish


@dataclass(slots=True)
class Held:
    """The benchmark after all of it, and on its way: its worth and growth at each row, and when it was rebalanced."""

    units: dict[str, Decimal]
    growth: Decimal = ONE
    shortfall: Decimal = ZERO
    exhausted_at: datetime | None = None
    marks: list[tuple[datetime, Decimal, Decimal]] = field(default_factory=list)
    rebalanced: list[datetime] = field(default_factory=list)


@exact
def held_after(facts: Facts) -> Held:
    navs = dict(sorted(facts.rows.values()))
    start, end = min(navs), max(navs)
    weights, rule = facts.policy.weights, facts.policy.rebalance
    held, since = Held({coin: share * max(navs[start], ZERO) for coin, share in weights.items()}), ZERO
    held.units = {coin: usd / facts.price(coin, start) for coin, usd in held.units.items()}
    flows = [one for one in facts.flows.values() if start < one.at <= end]
    dates = {at for at in hours(start, end) if is_due(facts, at)} | {at for at in facts.asked if start < at <= end}
    for at in sorted({*navs, *dates, *(one.at for one in flows)}):
        price = {coin: facts.price(coin, at) for coin in weights}
        worth = _worth(held, price)
        held.growth *= worth / since if since else ONE
        usd = sum((one.usd for one in flows if one.at == at), ZERO)
        if usd > 0:
            _deposit(facts.policy, held, usd, price, worth)
        if usd < 0:
            befores = [navs[at] - usd] if at in navs else [one.before for one in flows if one.at == at]
            _withdraw(facts.policy, held, at, -usd, worth, befores[0] or ZERO)
        worth = since = _worth(held, price)
        shares = {coin: held.units[coin] * price[coin] / worth for coin in weights} if worth else {}
        drifted = isinstance(rule, Band) and any(abs(shares[coin] - weights[coin]) > rule.width for coin in shares)
        if worth and at > start and (at in dates or (at in navs and drifted)):
            turnover = sum((abs(shares[coin] - weights[coin]) * worth for coin in weights), ZERO)
            left = worth - turnover * facts.policy.cost_bp / 10_000
            held.units = {coin: share * left / price[coin] for coin, share in weights.items()}
            held.rebalanced.append(at)
            held.growth *= left / worth
            since = _worth(held, price)
        if at in navs:
            held.marks.append((at, since, held.growth))
    return held


def hours(start: datetime, end: datetime) -> list[datetime]:
    first = start.replace(minute=0, second=0, microsecond=0)
    count = int((end - first) / timedelta(hours=1))
    return [at for at in (first + timedelta(hours=n) for n in range(count + 1)) if start < at <= end]


def is_due(facts: Facts, at: datetime) -> bool:
    match facts.policy.rebalance:
        case Daily(hour):
            return at.hour == hour
        case Weekly(weekday, hour):
            return (at.weekday(), at.hour) == (weekday, hour)
        case Monthly(day, hour):
            return (at.day, at.hour) == (day, hour)
        case _:
            return False


def _worth(held: Held, price: dict[str, Decimal]) -> Decimal:
    return sum((units * price[coin] for coin, units in held.units.items()), ZERO)


def _deposit(policy: Policy, held: Held, usd: Decimal, price: dict[str, Decimal], worth: Decimal) -> None:
    for coin, share in policy.weights.items():
        if policy.deposits == "proportional" and worth > 0:
            held.units[coin] *= 1 + usd / worth
        else:
            held.units[coin] += share * usd / price[coin]


def _withdraw(policy: Policy, held: Held, at: datetime, usd: Decimal, worth: Decimal, account_usd: Decimal) -> None:
    if policy.withdrawals == "fraction_matched":
        kept = 1 - usd / account_usd if usd < account_usd else ZERO
    else:
        kept = 1 - usd / worth if usd <= worth else ZERO
        if usd > worth:
            held.exhausted_at = held.exhausted_at or at
            held.shortfall += usd - worth
    held.units = {coin: units * kept for coin, units in held.units.items()}
