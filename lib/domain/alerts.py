"""What is the matter with an account: when an episode of it begins, and when it is over.

An episode begins where something is wrong and ends where its opposite is seen; what tells neither changes nothing. So
each begins once and ends once, whatever came in between. Source: product, 12; docs/operations.md.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from lib.domain.jump import KEPT, Jump
from lib.domain.money import ONE, cents_text, exact

BEHIND, DRAWDOWN, STALE, PARTIAL, NEEDS_ATTENTION, KEY_RISKY, JUMP = (
    "behind",
    "drawdown",
    "stale",
    "partial",
    "needs_attention",
    "key_risky",
    "jump",
)
KINDS = (NEEDS_ATTENTION, KEY_RISKY, STALE, PARTIAL, BEHIND, DRAWDOWN, JUMP)
CLEAR = Decimal("0.8")  # of a limit: only below that an episode is over, so that none flaps at the limit itself
PATIENCE, PATIENCE_SLOTS = timedelta(hours=3), 3  # the longer one: for so long a snapshot may be missing
_TOO_POWERFUL = "key_too_powerful"
_READ = ("ok", "partial")  # statuses of an account whose key was let in

type Digest = Literal["off", "daily", "weekly"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What an owner wants to be told of. Units: ratios (0.05 is 5 %), None where it is not watched."""

    behind: Decimal | None = None
    drawdown: Decimal | None = None
    digest: Digest = "off"


@dataclass(frozen=True, slots=True)
class Newest:
    """The newest complete snapshot. `wiped_out`: all was lost at any time since the start."""

    at: datetime
    nav_index: Decimal
    benchmark_index: Decimal
    wiped_out: bool = False


@dataclass(frozen=True, slots=True)
class Sight:
    """What is seen of an account. `since`: from when on it was looked at. `peak_index`: of the present segment.

    `tried_at` and `missing` are of the newest snapshot of any kind, `cause` is the code of the error behind the status.
    """

    since: datetime
    code: str
    detail: str | None = None
    cause: str | None = None
    latest: Newest | None = None
    tried_at: datetime | None = None
    missing: tuple[str, ...] = ()
    peak_index: Decimal | None = None
    jumps: tuple[Jump, ...] = ()


@dataclass(frozen=True, slots=True)
class Episode:
    """Something that is the matter since `since`. `subject` tells those of one kind apart; mostly there is but one."""

    kind: str
    subject: str
    since: datetime
    detail: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """Whether something is wrong or right, in a sentence; None: right, and nobody needs to hear of it."""

    kind: str
    wrong: bool
    detail: str | None
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """An episode that begins, or one that is over; `told` is None where nobody needs to hear of its end."""

    episode: Episode
    begins: bool
    told: str | None


def settle(now: datetime, judgements: Iterable[Judgement], episodes: Sequence[Episode]) -> tuple[Change, ...]:
    """Return what begins and what is over, given what is the matter already."""
    known = {(one.kind, one.subject): one for one in episodes}
    changes = []
    for found in judgements:
        episode = known.get((found.kind, found.subject))
        if found.wrong and episode is None:
            detail = found.detail or ""
            changes.append(Change(Episode(found.kind, found.subject, now, detail), begins=True, told=detail))
        elif not found.wrong and episode is not None:
            changes.append(Change(episode, begins=False, told=found.detail))
    return tuple(changes)


@exact
def judge(
    now: datetime, seen: Sight, limits: Limits, slot_minutes: int, episodes: Sequence[Episode]
) -> tuple[Judgement, ...]:
    """Judge an account. What cannot be told from what is seen is not judged."""
    return (
        *_key(seen),
        *_snapshots(now, seen, slot_minutes, {one.kind for one in episodes}),
        *_limited(BEHIND, "behind its benchmark since the start", behind_ratio(seen), limits.behind),
        *_limited(DRAWDOWN, "below its highest point", drawdown_ratio(seen), limits.drawdown),
        *_jumps(seen, [one.subject for one in episodes if one.kind == JUMP]),
    )


@exact
def behind_ratio(seen: Sight) -> Decimal | None:
    """Return how far the account's return is behind the benchmark's since the start; negative where it is ahead.

    Over a wipe-out it is all of it: the index that began anew tells nothing of what was before. Source: product, 4.6.
    """
    if seen.latest is None or not seen.latest.benchmark_index:
        return None
    if seen.latest.wiped_out:
        return ONE
    return ONE - seen.latest.nav_index / seen.latest.benchmark_index


@exact
def drawdown_ratio(seen: Sight) -> Decimal | None:
    """Return how far the account's index is below its peak."""
    if seen.latest is None or not seen.peak_index:
        return None
    return ONE - seen.latest.nav_index / seen.peak_index


def _key(seen: Sight) -> Iterable[Judgement]:
    if seen.code in _READ:
        yield Judgement(NEEDS_ATTENTION, wrong=False, detail="Its key is let in again, and it is collected.")
        yield Judgement(KEY_RISKY, wrong=False, detail="Its key is one that may be used again, and it is collected.")
    elif seen.code == NEEDS_ATTENTION:
        kind = KEY_RISKY if seen.cause == _TOO_POWERFUL else NEEDS_ATTENTION
        why = (seen.detail or "its key is refused").rstrip(".")
        then = "Until then it is not collected; every run tries again."
        yield Judgement(kind, wrong=True, detail=f"{why[:1].upper()}{why[1:]}. {then}")


def _snapshots(now: datetime, seen: Sight, slot_minutes: int, open_kinds: set[str]) -> Iterable[Judgement]:
    """Judge whether complete snapshots come; what a refused key explains is not told twice."""
    patience = max(PATIENCE, PATIENCE_SLOTS * timedelta(minutes=slot_minutes))
    last = seen.latest.at if seen.latest else None
    if last is not None and now - last <= patience:
        again = f"There is a complete snapshot again, of {_time(last)}."
        yield Judgement(STALE, wrong=False, detail=again)
        yield Judgement(PARTIAL, wrong=False, detail=again)
        return
    known = {STALE, PARTIAL} & open_kinds  # one of the two is enough until it is over
    if now - max(last or seen.since, seen.since) <= patience or seen.code == NEEDS_ATTENTION or known:
        return
    whence = "There is no complete snapshot yet" if last is None else f"No complete snapshot since {_time(last)}"
    tried = seen.tried_at if seen.tried_at is not None and seen.tried_at != last else None
    if tried is not None and now - tried <= patience and seen.missing:
        why = f"not read: {', '.join(seen.missing)}. Partial snapshots count in no figure"
        yield Judgement(PARTIAL, wrong=True, detail=f"{whence}; {why}; every run tries again.")
    else:
        why = f" ({seen.detail})" if seen.detail and seen.code not in _READ else ""
        yield Judgement(STALE, wrong=True, detail=f"{whence}{why}. The chart has a gap there; every run tries again.")


def _limited(kind: str, words: str, ratio: Decimal | None, limit: Decimal | None) -> Iterable[Judgement]:
    if limit is None:
        yield Judgement(kind, wrong=False, detail=None)  # its owner does not want to hear of it
    elif ratio is not None and ratio > limit:
        yield Judgement(kind, wrong=True, detail=f"It is {_percent(ratio)} {words}; the limit is {_percent(limit)}.")
    elif ratio is not None and ratio < limit * CLEAR:
        now = f"It is {_percent(ratio)} {words}" if ratio > 0 else f"It is no longer {words}"
        yield Judgement(kind, wrong=False, detail=f"{now}; the limit is {_percent(limit)}.")


def _jumps(seen: Sight, subjects: Iterable[str]) -> Iterable[Judgement]:
    """Judge each change of value that nothing explains; those from before anybody looked are no news."""
    left = {jump.slot.isoformat(): jump for jump in seen.jumps if jump.usd}
    for subject, jump in left.items():
        if jump.at >= seen.since:
            what = f"{cents_text(jump.usd)} USD between {_time(jump.since)} and {_time(jump.at)}"
            yield Judgement(
                JUMP, True, f"No price, holding or flow explains {what}. It counts as performance.", subject
            )
    crowded_out = len(left) >= KEPT
    for subject in subjects:
        if subject not in left:
            forgotten = crowded_out and subject < min(left)
            yield Judgement(JUMP, False, None if forgotten else "A flow that is known by now explains it.", subject)


def _percent(ratio: Decimal) -> str:
    return f"{100 * ratio:.1f} %"


def _time(at: datetime) -> str:
    return f"{at.day} {at:%b %Y %H:%M} UTC"
