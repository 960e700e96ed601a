"""The words of a digest, over a history that a person can follow with a pencil."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lib.alert_records import WatchedAccount
from lib.document.reading import read
from lib.domain.alerts import Limits, Sight
from lib.domain.digest import Period
from lib.domain.requests import HistoryRequest
from lib.usecases import accounts, digesting, history
from lib.usecases.restore import restore
from tests.spine import Spine
from tests.usecases.conftest import OpenSpine

FIRST = datetime(2026, 1, 5, tzinfo=UTC)
DAY = timedelta(days=1)
# A fifth is lost, ten times the start is paid in, a tenth is won on all of it: behind by return, ahead in money.
HISTORY = {
    "format": "portfolio-history/1",
    "account": {"name": "Main"},
    "policy": {"weights": {"BTC": "1"}, "rebalance": None},
    "slot_minutes": 720,
    "snapshots": [
        {"at": "2026-01-05T00:00:00Z", "nav": "1000", "complete": True},
        {"at": "2026-01-05T12:00:00Z", "nav": "800", "complete": True},
        {"at": "2026-01-06T00:00:00Z", "nav": "11880", "complete": True},
        {"at": "2026-01-07T12:00:00Z", "nav": "11880", "complete": True},
        {"at": "2026-01-09T12:00:00Z", "nav": "3000", "complete": True},
    ],
    "flows": [
        {"id": "d", "at": "2026-01-05T18:00:00Z", "usd": "10000", "value_before": "800"},
        {"id": "w", "at": "2026-01-09T06:00:00Z", "usd": "-8880", "value_before": "11880"},
    ],
    "prices": [
        {"at": f"2026-01-{day:02}T{hour:02}:00:00Z", "BTC": "100"} for day in range(5, 10) for hour in (0, 6, 12, 18)
    ],
}


@pytest.fixture
async def spine(open_spine: OpenSpine) -> Spine:
    spine = await open_spine(empty=True)
    (record,) = read(json.dumps(HISTORY), "file.json")
    await restore(spine.wired.store, spine.wired.clock, record, ())
    return spine


async def told(spine: Spine, first: int, days: int = 1) -> tuple[str | None, list[str]]:
    """Title and lines of the digest of so many days from the `first` of January on."""
    start = datetime(2026, 1, first, tzinfo=UTC)
    account = WatchedAccount("main", "Main", Sight(FIRST, "ok"), Limits(), FIRST, ())
    notice = await digesting.write(spine.wired.store, account, Period(start, start + days * DAY))
    return notice.title, notice.body.splitlines()


async def test_a_day_on_which_money_and_return_point_apart(spine: Spine) -> None:
    assert await told(spine, 5) == (
        "Main: 5 Jan 2026",
        [
            "Value $11,880.00 on 6 Jan at 00:00 UTC.",
            "You are $880.00 ahead of holding 100\u202f% BTC since 5 Jan 2026; by return you are 12.0\u202f% behind.",
            "Return of the day: \u221212.00\u202f%; benchmark 0.00\u202f%.",
            "Money in $10,000.00, money out $0.00.",
            "No gaps.",
        ],
    )


async def test_a_day_with_a_gap(spine: Spine) -> None:
    _, lines = await told(spine, 7)
    assert lines[2:] == [
        "Return of the day: 0.00\u202f%; benchmark 0.00\u202f%.",
        "No money came in or went out.",
        "Gaps: no complete snapshot for 12 h.",
    ]


async def test_a_day_without_snapshots(spine: Spine) -> None:
    assert await told(spine, 8) == (
        "Main: 8 Jan 2026",
        ["No complete snapshot was taken in this time, so there are no figures of it."],
    )


async def test_a_week(spine: Spine) -> None:
    title, lines = await told(spine, 5, days=7)
    assert (title, lines[0]) == ("Main: the week to 11 Jan 2026", "Value $3,000.00 on 9 Jan at 12:00 UTC.")
    assert lines[2:] == [
        "Return of the week: \u221212.00\u202f%; benchmark 0.00\u202f%.",
        "Money in $10,000.00, money out $8,880.00.",
        "Gaps: no complete snapshot for 108 h.",
    ]


async def test_after_a_wipe_out_the_new_segment_was_once_told_as_all_there_was(open_spine: OpenSpine) -> None:
    """All was lost and 500 paid in, which grew by a fifth: that is no lead since the start, and the list said it is."""
    spine = await open_spine(empty=True)
    lost = [("05T00", "1000"), ("05T12", "0"), ("06T00", "500"), ("06T12", "600")]
    snapshots = [{"at": f"2026-01-{at}:00:00Z", "nav": nav, "complete": True} for at, nav in lost]
    flows = [{"id": "d", "at": "2026-01-06T00:00:00Z", "usd": "500"}]
    (record,) = read(json.dumps({**HISTORY, "snapshots": snapshots, "flows": flows}), "file.json")
    await restore(spine.wired.store, spine.wired.clock, record, ())
    listed: Any = await accounts.listing(spine.wired.collector)
    answer: Any = await history.read(spine.wired.store, HistoryRequest("main"))
    assert [one["active_return"] for one in listed["accounts"]] == [answer["metrics"]["active_return"]] == [-1.0]
    _, lines = await told(spine, 6)
    assert lines[1] == "You are $900.00 (100.0\u202f%) behind holding 100\u202f% BTC since 5 Jan 2026."


EMPTY = "The account is empty: nothing to compare with holding 100\u202f% BTC."
LEVEL = "You are level with holding 100\u202f% BTC since 5 Jan 2026"


@pytest.mark.parametrize(
    ("snapshots", "flows", "says"),
    [
        ([("05T00", "1000"), ("06T00", "0"), ("06T12", "0")], [("06T00", "-1000", "1000")], EMPTY),
        (
            [("05T00", "1000"), ("05T12", "1200"), ("06T12", "0")],
            [("06T00", "-1200", "1200")],
            "You are $200.00 (20.0\u202f%) ahead of holding 100\u202f% BTC since 5 Jan 2026.",
        ),
        ([("05T00", "1000"), ("06T12", "1000")], [], f"{LEVEL}."),
        (
            [("05T00", "1000"), ("05T12", "999.999"), ("06T12", "11000.001")],
            [("05T18", "10000", "999.999")],
            f"{LEVEL}.",
        ),
        # A tenth is lost with 1,000 and won on 900 with 100 more: the same money again, at another return.
        (
            [("05T00", "1000"), ("05T12", "900"), ("06T12", "1100")],
            [("06T00", "100", "900")],
            f"{LEVEL}; by return you are 1.0\u202f% behind.",
        ),
    ],
    ids=[
        "empty",
        "empty, with what it had gained taken out",
        "level",
        "level, by less than a cent",
        "level, and behind by return",
    ],
)
async def test_nothing_is_no_lead(
    open_spine: OpenSpine, snapshots: list[tuple[str, str]], flows: list[tuple[str, str, str]], says: str
) -> None:
    """It said "$0.00 (0.0 %) ahead of"."""
    spine = await open_spine(empty=True)
    document = {
        **HISTORY,
        "snapshots": [{"at": f"2026-01-{at}:00:00Z", "nav": nav, "complete": True} for at, nav in snapshots],
        "flows": [{"id": "f", "at": f"2026-01-{at}:00:00Z", "usd": usd, "value_before": v} for at, usd, v in flows],
    }
    (record,) = read(json.dumps(document), "file.json")
    await restore(spine.wired.store, spine.wired.clock, record, ())
    _, lines = await told(spine, 6)
    assert lines[1] == says


async def test_a_first_day_that_began_late_lacks_nothing_before_it(spine: Spine) -> None:
    _, lines = await told(spine, 4, days=2)
    assert lines[-1] == "No gaps."
