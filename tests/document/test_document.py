"""The history file: what is read, where an error is said to be, and that what is written is read as the same."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.document import schema
from lib.document.errors import InvalidDocument
from lib.document.reading import read
from lib.document.writing import write
from lib.domain.benchmark import Policy
from lib.domain.flows import CashFlow
from lib.domain.policies import in_words
from lib.domain.prices import PricePoint
from lib.domain.record import Record
from lib.domain.replay import Point
from lib.domain.schedule import Band, Daily, Monthly, Weekly, slot_start
from lib.domain.state import Truth

ROOT = Path(__file__).parent.parent.parent
EXAMPLE = (Path(__file__).parent / "example.json").read_text()
START = datetime(2025, 7, 7, 12, tzinfo=UTC)


def document(**changes: object) -> dict[str, Any]:
    return {**json.loads(EXAMPLE), **changes}


def record_of(**changes: object) -> Record:
    (record,) = read(json.dumps(document(**changes)), "main.json")
    return record


def snapshots(*rows: Mapping[str, object]) -> tuple[Point, ...]:
    return tuple(record_of(snapshots=rows).truth.points)


def changed(path: str, value: object) -> str:
    """The example with the value at a place replaced: `snapshots 3 nav`."""
    found: Any = json.loads(EXAMPLE)
    inner, *steps = found, *path.split()
    for step in steps[:-1]:
        inner = inner[int(step) if step.isdigit() else step]
    inner[int(steps[-1]) if steps[-1].isdigit() else steps[-1]] = value
    return json.dumps(found)


@pytest.mark.parametrize(
    ("path", "value", "complaint"),
    [
        ("format", "portfolio-history/2", "format: must be portfolio-history/1, got 'portfolio-history/2'"),
        ("account", {}, "account.name: is missing"),
        ("account", [], "account: must be an object"),
        ("policy", None, "policy: must be an object"),
        ("format", None, "format: must be portfolio-history/1, got null"),
        ("snapshots", None, "snapshots: must be a list"),
        ("snapshots 3 nav", "ten", "snapshots[3].nav: must be a number, got 'ten'"),
        ("snapshots 3 nav", True, "snapshots[3].nav: must be a number, got true"),
        ("snapshots 3 nav", "NaN", "snapshots[3].nav: must be a finite number"),
        ("snapshots 3 nav", "1_000", "snapshots[3].nav: must be a number, got '1_000'"),
        ("snapshots 3 nav", "1e99", "snapshots[3].nav: is beyond what money can be: 1.000E+99"),
        ("snapshots 3 nav", None, "snapshots[3].nav: a complete snapshot needs its value"),
        ("snapshots 0 at", "2025-07-07T12:00:00", "snapshots[0].at: needs a zone"),
        ("snapshots 0 at", "yesterday", "snapshots[0].at: must be a time like"),
        ("snapshots 0 at", None, "snapshots[0].at: must be a time like 2025-07-07T12:00:00Z, got null"),
        ("snapshots 0 at", 1e30, "snapshots[0].at: must be a time like"),
        ("snapshots 0 complete", "yes", "snapshots[0].complete: input should be a valid boolean"),
        ("snapshots 2 slot", "2025-07-09T13:00:00Z", "snapshots[2].slot: begins after the snapshot was taken"),
        ("snapshots 2 slot", "2025-07-01T00:00:00Z", "snapshots[2].slot: begins before that of an earlier snapshot"),
        ("slot_minutes", 0, "slot_minutes: input should be greater than or equal to 1"),
        ("flows 0 id", "", "flows[0].id: must not be empty"),
        ("flows 1 usd", {}, "flows[1].usd: must be a number, got an object"),
        ("flows 1 id", "deposit-1", "flows[1].id: 'deposit-1' is there already as another flow"),
        ("rebalances", [{}], "rebalances[0].at: is missing"),
        ("prices 2 BTC", "0", "prices[2].BTC: must be above 0, got 0"),
        ("prices 2 SOL", "-1", "prices[2].SOL: must be above 0, got -1"),
        ("prices 2 at", "2025-07-09", "prices[2].at: needs a zone"),
        ("prices 2", {"BTC": 1}, "prices[2].at: must be a time like"),
        ("policy weights", {"BTC": "0.6", "ETH": "0.5"}, "policy.weights: must add up to 1, got 1.1"),
        ("policy weights", {"BTC": "1.5", "ETH": "-0.5"}, "policy.weights: each must be positive"),
        ("policy weights", {}, "policy.weights: must be an object of asset and weight"),
        ("policy rebalance", {"every": "year"}, "policy.rebalance.every: must be day, week or month"),
        ("policy rebalance", {"every": "week", "weekday": 7}, "policy.rebalance.weekday: must be a whole number"),
        ("policy rebalance", {"band": "1.5"}, "policy.rebalance.band: must lie between 0 and 1"),
        ("policy cost_bp", "much", "policy.cost_bp: must be a number, got 'much'"),
        ("policy risk_free", "1e300", "policy.risk_free: is beyond what it can be"),
        ("policy risk_free", "101", "policy.risk_free: must be between -1 and 100"),
        ("policy deposits", "all", "policy.deposits: must be target_weights or proportional, got 'all'"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(path: str, value: object, complaint: str) -> None:
    with pytest.raises(InvalidDocument) as told:
        read(changed(path, value), "main.json")
    assert str(told.value).startswith(f"main.json: {complaint}")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('{"format": NaN}', "no JSON we can read: NaN is no number"),
        ("[1]", "must be an object"),
        ("\ufeff", "is empty"),
        ("[" * 100_000, "no JSON we can read"),
        (EXAMPLE + '{"format": ""}', "document 2: format: must be portfolio-history/1, got ''"),
    ],
)
def test_what_is_no_document_is_refused(text: str, complaint: str) -> None:
    with pytest.raises(InvalidDocument, match=r"^main") as told:
        read(text, "main.json")
    assert complaint in str(told.value)


def test_a_file_may_hold_several_documents() -> None:
    assert [one.name for one in read(EXAMPLE + "\n" + json.dumps(document(account={"name": "Two"})), "f")] == [
        "Pencil",
        "Two",
    ]


def test_numbers_are_strings_or_json_numbers_and_never_floats() -> None:
    (record,) = read(EXAMPLE.replace('"11434.5"', "0.1000000000000000055511151231257827"), "main.json")
    assert record.truth.points[-1].nav_usd == Decimal("0.1000000000000000055511151231257827")


def test_times_have_any_zone_or_are_epoch_seconds() -> None:
    rows = ({"at": at, "nav": 1} for at in ("2025-07-07T14:00:00+02:00", "2025-07-07t12:00:01z", 1751889602.5))
    assert [point.at - START for point in snapshots(*rows)] == [timedelta(seconds=s) for s in (0, 1, 2.5)]


def test_a_slot_is_floored_where_it_is_absent() -> None:
    at = "2025-07-07T12:59:59Z"
    assert snapshots({"at": at, "nav": 1})[0].slot == START
    assert record_of(slot_minutes=360, snapshots=[{"at": at, "nav": 1}]).truth.points[0].slot == START
    own = {"at": at, "nav": 1, "slot_minutes": 1440}
    assert snapshots(own)[0].slot == START - timedelta(hours=12)


def test_of_snapshots_of_one_time_the_last_complete_one_wins() -> None:
    at = START.isoformat()
    first, second, third = {"at": at, "nav": "1"}, {"at": at, "nav": 2}, {"at": at, "nav": "3", "complete": False}
    assert [point.nav_usd for point in snapshots(first, second, third)] == [2]


def test_a_flow_given_twice_alike_is_one() -> None:
    once = {"id": "d", "at": "2025-07-08T00:00:00Z", "usd": "5"}
    again = {"id": "d", "at": "2025-07-08T02:00:00+02:00", "usd": 5.00, "value_before": None, "note": "the same"}
    assert [flow.usd for flow in record_of(flows=[once, again]).truth.flows] == [5]


def test_what_is_no_coin_is_no_price() -> None:
    rows = [{"at": START.isoformat(), "BTC": 1, "SOL": "2", "USD": "3", "source": "by hand", "币安人生": 4}]
    assert {price.asset for price in record_of(prices=rows).truth.prices} == {"BTC", "SOL", "币安人生"}


@pytest.mark.parametrize(
    ("words", "policy"),
    [
        pytest.param({}, Policy(), id="absent"),
        pytest.param({"rebalance": None}, Policy(rebalance=None), id="never"),
        pytest.param({"rebalance": {"every": "week"}}, Policy(rebalance=Weekly(0, 12)), id="weekly"),
        pytest.param({"rebalance": {"every": "day", "hour": "7"}}, Policy(rebalance=Daily(7)), id="daily"),
        pytest.param({"rebalance": {"every": "month", "day": 31}}, Policy(rebalance=Monthly(31, 12)), id="monthly"),
        pytest.param({"rebalance": {"band": 0.05}}, Policy(rebalance=Band(Decimal("0.05"))), id="band"),
        pytest.param({"risk_free": 0.02, "colour": 1}, Policy(risk_free=Decimal("0.02")), id="unknown keys"),
    ],
)
def test_a_policy_has_the_defaults_of_its_absent_keys(words: dict[str, object], policy: Policy) -> None:
    assert record_of(policy=words).policy == policy


def test_without_flows_prices_and_rebalances_there_are_none() -> None:
    bare = {"format": "portfolio-history/1", "account": {"name": "Bare"}, "snapshots": []}
    (record,) = read(json.dumps(bare), "bare.json")
    assert record == Record("Bare", Policy(), Truth((), (), (), ()), ())


instants = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001
amounts = st.decimals(-(10**9), 10**9, places=12)
positive = st.decimals(Decimal("1e-12"), 10**9, places=12)


@st.composite
def records(draw: st.DrawFn) -> Record:
    times = sorted(draw(st.sets(instants, max_size=8)))
    minutes = draw(st.sampled_from([1, 60, 360]))
    prices = draw(st.dictionaries(st.tuples(st.sampled_from(["BTC", "ETH", "SOL"]), instants), positive, max_size=8))
    flows = draw(st.dictionaries(st.text(min_size=1), st.tuples(instants, amounts, st.none() | amounts), max_size=5))
    return Record(
        name=draw(st.text(min_size=1, max_size=60)),
        policy=Policy(
            rebalance=draw(st.sampled_from([None, Daily(3), Weekly(), Monthly(31, 5), Band(Decimal("0.1"))]))
        ),
        truth=Truth(
            points=tuple(Point(at, slot_start(at, minutes), draw(amounts)) for at in times),
            flows=tuple(
                sorted(
                    (CashFlow(id_, at, usd, before, quantity=usd) for id_, (at, usd, before) in flows.items()),
                    key=lambda flow: (flow.at, flow.id),
                )
            ),
            prices=tuple(
                PricePoint(asset, at, prices[asset, at]) for at, asset in sorted((at, asset) for asset, at in prices)
            ),
            rebalances=tuple(sorted(draw(st.sets(instants, max_size=2)))),
        ),
        slot_minutes=(minutes,) * len(times),
        closed_at=draw(st.none() | instants),
    )


@given(records())
def test_what_is_written_is_read_as_the_same_and_written_as_the_same(record: Record) -> None:
    text = write(record)
    assert read(text, "main.json") == (record,)
    assert write(read(text, "main.json")[0]) == text


@given(st.randoms(use_true_random=False))
def test_the_order_of_its_parts_does_not_matter(chance: Any) -> None:
    shuffled = document(account={"name": "Pencil", "closed_at": None})
    for part in ("snapshots", "flows", "prices"):
        chance.shuffle(shuffled[part])
    (record,) = read(json.dumps(shuffled), "main.json")
    assert write(record) == write(read(EXAMPLE, "main.json")[0])


def test_the_policy_is_written_whole() -> None:
    assert json.loads(write(record_of(policy={})))["policy"] == in_words(Policy())


def test_the_schema_beside_the_page_is_that_of_the_code() -> None:
    assert (ROOT / "public" / "history-file.schema.json").read_text() == schema.text(), (
        "renew it: python -m lib.document.schema > public/history-file.schema.json"
    )
