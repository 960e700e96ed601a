"""A digest: what a day or a week of one account was, in plain words."""

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from lib.alert_records import Notice, WatchedAccount
from lib.domain.benchmark import Policy
from lib.domain.digest import Period
from lib.domain.figures import Figures, account_index, active_return, benchmark_index, figures
from lib.domain.money import ZERO, cents, plain
from lib.domain.replay import Row
from lib.domain.requests import HistoryRequest
from lib.domain.statistics import growth
from lib.ports import Store
from lib.records import AccountPart
from lib.usecases import told
from lib.usecases.told import Asked

_DAY = timedelta(days=1)
_MINUS = "\u2212"
_NARROW = "\u202f"
_LEAST_SHOWN = Decimal("0.0005")  # 0.1 %, rounded
_NOTHING = "No complete snapshot was taken in this time, so there are no figures of it."


async def write(store: Store, account: WatchedAccount, period: Period) -> Notice:
    """Write the digest of a period. Raises: what the store raises."""
    asked = await told.gather(store, HistoryRequest(account.id, since=period.start, until=period.end))
    last = period.end - _DAY
    day = f"{last.day} {last:%b %Y}"
    daily = period.end - period.start == _DAY
    return Notice(
        account=account.id,
        change="digest",
        at=period.end,
        title=f"{account.name}: {day}" if daily else f"{account.name}: the week to {day}",
        body="\n".join(lines(asked, period, "day" if daily else "week")),
    )


def lines(asked: Asked, period: Period, name: str) -> list[str]:
    """Say what a period was, one line a matter. Times are UTC, as the period itself."""
    shown, rows, (history,) = asked.shown, asked.told.rows, asked.histories
    if shown is None or rows[shown.end].at <= period.start:
        return [_NOTHING]
    begin, end = rows[shown.base], rows[shown.end]
    held = [event.benchmark for event in history.events if event.at <= end.at]
    found = figures(rows, shown, held[-1].shortfall_usd, asked.told.net_flows, history.policy.risk_free)
    return [
        f"Value {_money(end.nav_usd)} on {end.at.day} {end.at:%b at %H:%M} UTC.",
        _ahead(found, rows[: shown.end + 1], history.policy),
        f"Return of the {name}: {_return(found.twr)}; benchmark {_return(found.benchmark_twr)}.",
        _flows(history, begin, end),
        _gaps(rows, asked.told.slot_minutes, period),
    ]


def _ahead(found: Figures, rows: Sequence[Row], policy: Policy) -> str:
    weights = " and ".join(f"{plain(100 * weight)}{_NARROW}% {asset}" for asset, weight in policy.weights.items())
    since, end = rows[0].at, rows[-1]
    if not any(map(cents, (end.nav_usd, end.benchmark_usd, found.difference))):
        return f"The account is empty: nothing to compare with holding {weights}."
    ratio = active_return(growth(account_index(rows)), growth(benchmark_index(rows))) or ZERO
    percent = f"{abs(100 * ratio):.1f}{_NARROW}%"
    is_level = not cents(found.difference)
    # Money that came or went at another time than it paid off.
    apart = abs(ratio) >= _LEAST_SHOWN if is_level else found.difference * ratio < 0
    by = _money(abs(found.difference)) + ("" if apart else f" ({percent})")
    stands = "level with" if is_level else f"{by} {_side(found.difference)}"
    told = f"You are {stands} holding {weights} since {since.day} {since:%b %Y}"
    return f"{told}; by return you are {percent} {'ahead' if ratio > 0 else 'behind'}." if apart else f"{told}."


def _side(usd: Decimal) -> str:
    return "ahead of" if usd >= 0 else "behind"


def _return(ratio: Decimal | None) -> str:
    if ratio is None:
        return "not known yet"
    percent = f"{abs(100 * ratio):.2f}{_NARROW}%"
    return percent if not ratio else f"{'+' if ratio > 0 else _MINUS}{percent}"


def _flows(history: AccountPart, begin: Row, end: Row) -> str:
    inside = [flow.usd for flow in history.flows if begin.at < flow.at <= end.at]
    paid_in, paid_out = sum((usd for usd in inside if usd > 0), ZERO), sum((usd for usd in inside if usd < 0), ZERO)
    if not inside:
        return "No money came in or went out."
    return f"Money in {_money(paid_in)}, money out {_money(-paid_out)}."


def _gaps(rows: Sequence[Row], slot_minutes: Sequence[int], period: Period) -> str:
    """Say for how long of the period there is no complete snapshot; before the very first one nothing is missing."""
    since = max(period.start, rows[0].slot)
    inside = [minutes for row, minutes in zip(rows, slot_minutes, strict=True) if since <= row.slot < period.end]
    lacking = round((period.end - since) / timedelta(minutes=1)) - sum(inside)
    if lacking <= 0:
        return "No gaps."
    hours, minutes = divmod(lacking, 60)
    long = " ".join(part for part in (f"{hours} h" if hours else "", f"{minutes} min" if minutes else "") if part)
    return f"Gaps: no complete snapshot for {long}."


def _money(usd: Decimal) -> str:
    rounded = cents(usd)
    return f"{_MINUS if rounded < 0 else ''}${abs(rounded):,.2f}"
