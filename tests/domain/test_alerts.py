"""When an episode begins and when it is over: each once, whatever is seen in between, and none flaps at its limit."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.alerts import (
    BEHIND,
    CLEAR,
    DRAWDOWN,
    JUMP,
    KEY_RISKY,
    NEEDS_ATTENTION,
    PARTIAL,
    STALE,
    Change,
    Episode,
    Judgement,
    Limits,
    Newest,
    Sight,
    judge,
    settle,
)
from lib.domain.jump import KEPT, Jump
from tests.builders import DAY, HOUR, at

NOON = at("12:00")
ONE = Decimal(1)
NONE, LIMIT = Limits(), Decimal("0.05")
SEEN = Sight(since=NOON - 30 * DAY, code="ok", latest=Newest(NOON, ONE, ONE), tried_at=NOON, peak_index=ONE)


def after(episodes: Sequence[Episode], changes: Sequence[Change]) -> tuple[Episode, ...]:
    """What is the matter once changes were kept."""
    over = [one.episode for one in changes if not one.begins]
    return (*(one for one in episodes if one not in over), *(one.episode for one in changes if one.begins))


def kinds(seen: Sight, limits: Limits = NONE, *known: str, hours: float = 0) -> list[tuple[str, bool]]:
    """What begins (True) and what is over (False) `hours` after noon, where episodes of `known` are open."""
    now = NOON + hours * HOUR
    episodes = [Episode(kind, "", NOON, "") for kind in known]
    found = settle(now, judge(now, seen, limits, 60, episodes), episodes)
    return [(one.episode.kind, one.begins) for one in found]


def told(seen: Sight, limits: Limits = NONE, *known: str, hours: float = 0) -> str | None:
    now = NOON + hours * HOUR
    episodes = [Episode(kind, "", NOON, "") for kind in known]
    (found,) = settle(now, judge(now, seen, limits, 60, episodes), episodes)
    return found.told


SUBJECTS = st.tuples(st.sampled_from([BEHIND, JUMP]), st.sampled_from(["", "a", "b"]))
VERDICTS = st.dictionaries(SUBJECTS, st.booleans())  # what is absent cannot be told


@given(st.lists(VERDICTS))
def test_each_begins_once_and_ends_once_whatever_is_seen(runs: list[dict[tuple[str, str], bool]]) -> None:
    episodes: tuple[Episode, ...] = ()
    heard: dict[tuple[str, str], list[bool]] = {}
    for number, verdicts in enumerate(runs):
        judged = [Judgement(kind, wrong, "why", subject) for (kind, subject), wrong in verdicts.items()]
        changes = settle(NOON + number * HOUR, judged, episodes)
        episodes = after(episodes, changes)
        assert settle(NOON + number * HOUR, judged, episodes) == (), "the same seen again is no news"
        for one in changes:
            heard.setdefault((one.episode.kind, one.episode.subject), []).append(one.begins)
    for news in heard.values():
        assert news == [number % 2 == 0 for number in range(len(news))]
    assert {(one.kind, one.subject) for one in episodes} == {key for key, news in heard.items() if news[-1]}


@given(st.lists(st.decimals("0.5", "1.5", places=4)), st.sampled_from([BEHIND, DRAWDOWN]))
def test_between_two_beginnings_it_was_well_within_the_limit(indices: list[Decimal], kind: str) -> None:
    limits = Limits(behind=LIMIT) if kind == BEHIND else Limits(drawdown=LIMIT)
    episodes: tuple[Episode, ...] = ()
    is_open = False
    for index in indices:
        seen = replace(SEEN, latest=Newest(NOON, index, ONE), peak_index=max(index, ONE))
        lost = 1 - index if kind == BEHIND else 1 - index / max(index, ONE)
        is_open = lost > LIMIT if not is_open else lost >= LIMIT * CLEAR
        episodes = after(episodes, settle(NOON, judge(NOON, seen, limits, 60, episodes), episodes))
        assert bool(episodes) == is_open


@pytest.mark.parametrize(
    ("index", "known", "found"),
    [
        pytest.param("0.95", (), [], id="at the limit"),
        pytest.param("0.9499", (), [(BEHIND, True)], id="beyond it"),
        pytest.param("0.9499", (BEHIND,), [], id="still beyond it"),
        pytest.param("0.9601", (BEHIND,), [(BEHIND, False)], id="a fifth of it back"),
        pytest.param("0.955", (BEHIND,), [], id="hardly within"),
        pytest.param("1.3", (BEHIND,), [(BEHIND, False)], id="ahead"),
        pytest.param("0", (), [(BEHIND, True)], id="lost everything"),
    ],
)
def test_behind_the_benchmark(index: str, known: tuple[str, ...], found: list[tuple[str, bool]]) -> None:
    seen = replace(SEEN, latest=Newest(NOON, Decimal(index), ONE))
    assert kinds(seen, Limits(behind=LIMIT), *known) == found


def test_who_lost_all_is_behind_whatever_a_new_beginning_has_made() -> None:
    """The index begins anew at 1, and a message said that it was over."""
    seen = replace(SEEN, latest=Newest(NOON, Decimal("1.2"), ONE, wiped_out=True))
    found = judge(NOON, seen, Limits(behind=Decimal("0.05")), 60, ())
    assert [one.wrong for one in found if one.kind == BEHIND] == [True]


def test_a_limit_says_how_far_it_is_and_how_far_it_may_be() -> None:
    seen = replace(SEEN, latest=Newest(NOON, Decimal("0.9376"), ONE), peak_index=Decimal("1.25"))
    assert told(seen, Limits(behind=LIMIT)) == "It is 6.2 % behind its benchmark since the start; the limit is 5.0 %."
    assert told(seen, Limits(drawdown=LIMIT)) == "It is 25.0 % below its highest point; the limit is 5.0 %."


def test_a_limit_that_is_taken_away_ends_its_episode_without_a_word() -> None:
    seen = replace(SEEN, latest=Newest(NOON, Decimal("0.5"), ONE))
    assert kinds(seen, Limits(), BEHIND) == [(BEHIND, False)]
    assert told(seen, Limits(), BEHIND) is None


def test_what_cannot_be_told_changes_nothing() -> None:
    limits = Limits(behind=LIMIT, drawdown=LIMIT)
    nothing = replace(SEEN, latest=Newest(NOON, ONE, Decimal(0)), peak_index=Decimal(0))
    assert kinds(nothing, limits) == kinds(nothing, limits, BEHIND, DRAWDOWN) == []


@pytest.mark.parametrize("code", ["new", "error"])
def test_a_status_that_says_nothing_of_the_key_changes_nothing(code: str) -> None:
    assert kinds(replace(SEEN, code=code)) == []
    assert kinds(replace(SEEN, code=code), Limits(), NEEDS_ATTENTION, KEY_RISKY) == []


def test_a_refused_key_and_one_that_may_do_too_much_are_two_matters_that_end_when_it_is_read_again() -> None:
    refused = replace(SEEN, code="needs_attention", detail="-2015 no", cause="key_refused")
    risky = replace(SEEN, code="needs_attention", detail="switch it off", cause="key_too_powerful")
    assert (kinds(refused), kinds(risky)) == ([(NEEDS_ATTENTION, True)], [(KEY_RISKY, True)])
    assert kinds(risky, Limits(), NEEDS_ATTENTION) == [(KEY_RISKY, True)]
    partial = replace(SEEN, code="partial")
    assert kinds(partial, Limits(), NEEDS_ATTENTION, KEY_RISKY) == [(NEEDS_ATTENTION, False), (KEY_RISKY, False)]


@pytest.mark.parametrize(
    ("hours", "change", "known", "found"),
    [
        pytest.param(3, {}, (), [], id="three hours are no matter"),
        pytest.param(3.1, {}, (), [(STALE, True)], id="more is stale"),
        pytest.param(3.1, {"tried_at": NOON + 3 * HOUR, "missing": ("spot",)}, (), [(PARTIAL, True)], id="partial"),
        pytest.param(
            9, {"tried_at": NOON + 3 * HOUR, "missing": ("spot",)}, (), [(STALE, True)], id="partial long ago"
        ),
        pytest.param(9, {}, (PARTIAL,), [], id="one of the two is enough"),
        pytest.param(
            9, {"code": "needs_attention", "detail": "no"}, (), [(NEEDS_ATTENTION, True)], id="the key is why"
        ),
        pytest.param(2, {}, (STALE,), [(STALE, False)], id="a complete one"),
        pytest.param(2, {}, (PARTIAL,), [(PARTIAL, False)], id="a complete one after partial ones"),
        pytest.param(9, {"since": NOON + 7 * HOUR}, (), [], id="taken up again two hours ago"),
        pytest.param(9, {"latest": None, "peak_index": None}, (), [(STALE, True)], id="never one"),
    ],
)
def test_snapshots_that_do_not_come(
    hours: float, change: dict[str, object], known: tuple[str, ...], found: list[tuple[str, bool]]
) -> None:
    assert kinds(replace(SEEN, **change), Limits(), *known, hours=hours) == found  # type: ignore[arg-type]


def test_with_long_slots_three_of_them_are_waited_for() -> None:
    late, too_late = NOON + 18 * HOUR, NOON + 18 * HOUR + timedelta(minutes=1)
    assert [one for one in judge(late, SEEN, Limits(), 360, ()) if one.wrong] == []
    assert [one.kind for one in judge(too_late, SEEN, Limits(), 360, ()) if one.wrong] == [STALE]


def jumped(hour: int, usd: str = "100") -> Jump:
    when = NOON + hour * HOUR
    return Jump(when, when, when - HOUR, Decimal(usd), Decimal(10))


def jump_changes(jumps: tuple[Jump, ...], *open_: Jump) -> list[tuple[str, bool, bool]]:
    episodes = [Episode(JUMP, one.slot.isoformat(), NOON, "") for one in open_]
    found = settle(NOON, judge(NOON, replace(SEEN, jumps=jumps), Limits(), 60, episodes), episodes)
    return [(one.episode.subject[11:13], one.begins, one.told is not None) for one in found]


def test_each_unexplained_change_of_value_is_an_episode_of_its_own_until_it_is_explained() -> None:
    first, second = jumped(1), jumped(2)
    assert jump_changes((first, second)) == [("13", True, True), ("14", True, True)]
    assert jump_changes((first, second), first) == [("14", True, True)]
    assert jump_changes((second,), first, second) == [("13", False, True)]
    assert jump_changes((jumped(-31 * 24),)) == [], "it was before anybody looked"


def test_one_that_is_remembered_no_more_is_not_said_to_be_explained() -> None:
    many = tuple(jumped(hour) for hour in range(2, 2 + KEPT))
    (forgotten,) = jump_changes(many, jumped(1), *many)
    assert forgotten == ("13", False, False)
    (explained,) = jump_changes(many[1:], *many)
    assert explained == ("14", False, True)
