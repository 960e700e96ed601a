"""What people are told: once when something begins and once when it is over, in order, and nothing that is false.

What a message says is held against what was stored when it was written: the rows themselves are held against the world.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal, localcontext

from lib.domain import alerts
from lib.domain.money import EXACT, cents_text
from lib.domain.replay import Row
from lib.records import AccountHistory
from lib.usecases.alert_words import TITLES
from tests.chaos import untold
from tests.chaos.histories import BAD_KEY
from tests.chaos.living import Life, Look, Passed
from tests.chaos.post import Written, written
from tests.chaos.truth import true_money

_OVER = "over: "
_BEGAN = re.compile(r" It began on (.+ UTC)\.$")
_EXPLAINS = re.compile(r"No price, holding or flow explains (\S+) USD between (.+) UTC and (.+ UTC)\.")
_KINDS = {title: kind for kind, title in TITLES.items()}
_PATIENCE = timedelta(hours=3)
_DAY = timedelta(days=1)
_GONE = timedelta(days=2)  # messages that nobody took for so long are dropped

type Wrong = Iterator[tuple[object, ...]]


def wrong(life: Life, passed: Passed, before: Mapping[str, AccountHistory]) -> Wrong:
    """Yield what is false of the messages that were written while a moment passed, and of what has arrived by now."""
    life.looks.append(Look(passed, before, life.known))
    everything = written(life.spine.database)
    names = {account.name.lower(): account.name for account in life.place.world.accounts}
    for one in everything[life.read :]:
        name = names[one.account]
        look = next(each for each in reversed(life.looks) if each.passed.began <= one.at)
        kind, is_over = _kind(one, name)
        if kind is None:
            yield from _digest(one, name, look)
        else:
            yield from _out_of_turn(one, name, everything)
            is_clear = len(look.passed.moment.runs) == 1
            if is_clear and not _true(life, one, (kind, is_over), (name, look)):
                yield "a message is false", one, look.passed, [row.at for row in look.newest(name)]
    life.read = len(everything)
    yield from _arrived(life, everything)


def _kind(one: Written, name: str) -> tuple[str | None, bool]:
    """Return what a message is about, None of a digest, and whether it says that it is over."""
    title = one.title.removeprefix(f"{name}: ")
    return _KINDS.get(title.removeprefix(_OVER)), title.startswith(_OVER)


def _out_of_turn(one: Written, name: str, everything: Sequence[Written]) -> Wrong:
    """An episode begins once and ends once; of changes of value there may be several at a time."""
    kind, _ = _kind(one, name)
    same = [each for each in everything if each.account == one.account and _kind(each, name)[0] == kind]
    begun = [each for each in same if each.number <= one.number and not _kind(each, name)[1]]
    ended = [each for each in same if each.number <= one.number and _kind(each, name)[1]]
    most = len({each.body for each in begun}) if kind == alerts.JUMP else 1
    if not 0 <= len(begun) - len(ended) <= most:
        yield "an episode begins twice, or ends before it began", one, same
    told = _BEGAN.search(one.body)
    if told and told[1] not in {f"{each.at.day} {each.at:%b %Y at %H:%M} UTC" for each in begun}:
        yield "a message says another beginning", one, begun


def _true(life: Life, one: Written, what: tuple[str, bool], of: tuple[str, Look]) -> bool:
    (kind, is_over), (name, look) = what, of
    body, rows, told = _BEGAN.sub("", one.body), look.newest(name), look.after[name]
    match kind:
        case alerts.BEHIND:
            ratios = [_ratio(row.nav_index, row.benchmark_index) for row in rows]
            return body in _limited(ratios, "behind its benchmark since the start", life.limits["behind"], is_over)
        case alerts.DRAWDOWN:
            ratios = [_ratio(row.nav_index, max(_indices(told, row))) for row in rows]
            return body in _limited(ratios, "below its highest point", life.limits["drawdown"], is_over)
        case alerts.STALE | alerts.PARTIAL if is_over:
            again = [f"There is a complete snapshot again, of {_time(row.at)}." for row in rows]
            return any(body == text and one.at - row.at <= _PATIENCE for text, row in zip(again, rows, strict=True))
        case alerts.STALE | alerts.PARTIAL:
            whence = [f"No complete snapshot since {_time(row.at)}" for row in rows]
            late = [text for text, row in zip(whence, rows, strict=True) if one.at - row.at > _PATIENCE]
            return any(body.startswith(text) for text in late)
        case alerts.NEEDS_ATTENTION:
            refused = any(fault.body == BAD_KEY and fault.account == name for fault in look.passed.moment.faults)
            return is_over or refused
        case alerts.JUMP:
            return is_over or _is_news(life, name, told, body)
    return False


def _is_news(life: Life, name: str, told: AccountHistory, body: str) -> bool:
    """Tell whether a change of value is told that is stored, and money that nobody knows of moved indeed."""
    found = _EXPLAINS.match(body)
    if found is None:
        return False
    usd, since, until = found.groups()
    stored = [jump for jump in told.unexplained if (cents_text(jump.usd), _time(jump.at)) == (usd, until)]
    begins = datetime.strptime(since, "%d %b %Y %H:%M").replace(tzinfo=UTC) - _DAY
    booked = {flow.id.split(":")[1] for flow in told.flows}
    moved = true_money(life.place.world, name, begins, stored[0].at) if stored else []
    return any(one[0] not in booked for one in moved) or untold.leaves_a_mark(life, name)


def _indices(told: AccountHistory, row: Row) -> list[Decimal]:
    return [each.nav_index for each in told.rows if each.at <= row.at] or [row.nav_index]


def _ratio(index: Decimal, of: Decimal) -> Decimal:
    with localcontext(EXACT):
        return 1 - index / of


def _limited(ratios: Sequence[Decimal], words: str, limit: str, is_over: bool) -> Iterator[str]:
    bound = Decimal(limit)
    for ratio in ratios:
        if ratio < bound * alerts.CLEAR if is_over else ratio > bound:
            now = f"It is {100 * ratio:.1f} % {words}" if ratio > 0 else f"It is no longer {words}"
            yield f"{now}; the limit is {100 * bound:.1f} %."


def _time(at: datetime) -> str:
    return f"{at.day} {at:%b %Y %H:%M} UTC"


def _digest(one: Written, name: str, look: Look) -> Wrong:
    """A digest has the value of the last row of its day, and is of the last day that is over."""
    midnight = one.at.replace(hour=0, minute=0, second=0, microsecond=0)
    day = midnight - _DAY
    if one.title != f"{name}: {day.day} {day:%b %Y}":
        yield "a digest is of another day", one
    for told in (look.before, look.after) if look.before else (look.after,):
        rows = [row for row in told[name].rows if day < row.at <= midnight]
        if not rows and one.body.startswith("No complete snapshot was taken"):
            return
        if rows and one.body.startswith(f"Value ${rows[-1].nav_usd:,.2f} on {rows[-1].at.day} "):
            return
    if len(look.passed.moment.runs) == 1:
        yield "a digest is false", one


def _arrived(life: Life, everything: Sequence[Written]) -> Wrong:
    """What arrives was written, once where nothing went wrong, and of each account the older message first."""
    newest: dict[str, int] = {}
    unheard = [*everything]
    is_shaken = any(each.moment.database or each.moment.is_fatal for each in life.passed)
    for part in life.mailbox.taken:
        one = next((each for each in unheard if (each.title, each.body) == part), None)
        if one is not None:
            unheard.remove(one)
            if one.number < newest.get(one.account, 0):
                yield "an older message arrived after a newer one", one, life.mailbox.taken
            newest[one.account] = one.number
        elif not any((each.title, each.body) == part for each in everything):
            yield "a message arrived that nobody wrote", part
        elif not is_shaken:
            yield "a message arrived twice", part


def left(life: Life) -> Wrong:
    """Yield what was never told, and what is still told to be the matter when all is well again."""
    heard = {*life.mailbox.taken}
    for one in written(life.spine.database):
        if (one.title, one.body) not in heard and life.spine.now - one.at <= _GONE:
            yield "a message never arrived", one
    for name, kind, subject in life.spine.sql(
        "select name, kind, subject from alert_episodes join accounts on id = account_id"
    ):
        row = life.known[name].rows[-1]
        lost = {
            alerts.BEHIND: _ratio(row.nav_index, row.benchmark_index),
            alerts.DRAWDOWN: _ratio(row.nav_index, max(_indices(life.known[name], row))),
        }
        if kind == alerts.JUMP and untold.leaves_a_mark(life, name):
            continue
        if kind not in lost or lost[kind] < Decimal(life.limits[kind]) * alerts.CLEAR:
            yield "something is no longer the matter", name, kind, subject
