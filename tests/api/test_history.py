"""GET /api/history: one shape for one account, for all, for a part, and for nothing at all."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import accumulate, pairwise
from typing import Any

import pytest

from lib.demo.faults import Fault
from tests.api.conftest import COARSE_MINUTES, LIVED, PARTIAL, QUIET, call
from tests.spine import BORN_AT, Spine

ANSWER = {
    *("account", "inception", "from", "to", "benchmark", "resolution_s", "series", "estimated", "gaps", "events"),
    *("attribution", "metrics"),
}
COLUMNS = ["t", "nav", "benchmark", "nav_index", "benchmark_index", "drawdown", "benchmark_drawdown", "flow"]
EVENT = ["at", "kind", "usd", "account", "asset", "quantity"]
METRICS = {
    *("nav", "benchmark", "difference", "value_ratio", "net_flows", "pnl", "twr", "benchmark_twr", "active_return"),
    *("max_drawdown", "benchmark_max_drawdown", "twr_24h", "benchmark_twr_24h", "pnl_since_inception", "put_in"),
    "notes",
}
MONEY = {"nav", "benchmark", "difference", "net_flows", "pnl", "pnl_since_inception", "put_in"}
SLOT = timedelta(minutes=COARSE_MINUTES)
END = BORN_AT + LIVED
ROUNDING = Decimal("0.00000001")  # money in answers has eight decimals
DEPOSIT_AT = "2026-08-28T18:03:37.284000Z"


def stamp(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


async def history(spine: Spine, query: str) -> Any:
    answer = await call(spine.wired, "history", query)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    assert answer.headers["cache-control"] == "private, no-cache"
    body = answer.json()
    assert set(body) >= ANSWER
    assert list(body["series"]) == COLUMNS
    assert len({len(column) for column in body["series"].values()}) == 1
    assert list(body["estimated"]) == ["t", "nav"]
    return body


def floats(value: Any, path: str = "") -> Iterator[str]:
    """Name the places of an answer that hold a float."""
    if isinstance(value, float):
        yield path
    elif isinstance(value, dict | list):
        for key, entry in value.items() if isinstance(value, dict) else enumerate(value):
            yield from floats(entry, f"{path}.{'' if isinstance(value, list) else key}")


@pytest.mark.parametrize("account", ["main", "spot", "mixed", "all"])
async def test_every_account_and_all_answer_in_one_shape(lived: Spine, account: str) -> None:
    body = await history(lived, f"account={account}")
    series, metrics = body["series"], body["metrics"]
    assert (body["account"], body["inception"]) == (account, stamp(BORN_AT))
    assert (body["from"], body["to"]) == (stamp(BORN_AT), stamp(END))
    assert (series["t"][0], series["t"][-1]) == (int(BORN_AT.timestamp()), int(END.timestamp()))
    assert all(before < after for before, after in pairwise(series["t"]))
    assert body["benchmark"]["policy"]["weights"] == {"BTC": "0.5", "ETH": "0.5"}
    assert set(body["benchmark"]["units"]) == {"BTC", "ETH"}
    assert (body["benchmark"]["shortfall"], body["benchmark"]["exhausted_at"]) == ("0", None)
    assert set(metrics) >= METRICS
    for name in MONEY:
        assert isinstance(metrics[name], str), name
    ahead = Decimal(metrics["nav"]) - Decimal(metrics["benchmark"])
    assert abs(Decimal(metrics["difference"]) - ahead) <= ROUNDING
    for event in body["events"]:
        assert list(event) == EVENT


@pytest.mark.parametrize("account", ["main", "all"])
@pytest.mark.parametrize("query", ["", "&range=7d", "&range=24h", "&from=2026-08-27T00:00:00Z&to=2026-08-29T00:00:00Z"])
async def test_what_changed_the_value_adds_up_to_the_cent_in_every_range(
    lived: Spine, account: str, query: str
) -> None:
    body = await history(lived, f"account={account}{query}")
    told, series = body["attribution"], body["series"]
    assert list(told) == ["nav_from", "nav_to", "change", "parts", "residual", "known_from", "income_until"]
    assert (told["nav_from"], told["nav_to"]) == (series["nav"][0], series["nav"][-1])
    assert list(told["parts"]) == [
        *("flows", "realised", "funding", "commission", "unrealised", "revaluation", "rewards", "other"),
    ]
    figures = [told["nav_from"], told["change"], told["residual"], *told["parts"].values()]
    assert all(len(figure.split(".")[1]) == 2 for figure in figures)
    assert sum(map(Decimal, told["parts"].values())) + Decimal(told["residual"]) == Decimal(told["change"])
    assert Decimal(told["nav_from"]) + Decimal(told["change"]) == Decimal(told["nav_to"])
    assert abs(Decimal(told["parts"]["flows"]) - Decimal(body["metrics"]["net_flows"])) <= Decimal("0.005")
    assert (told["known_from"], told["income_until"] is None) == (None, False)


async def test_one_snapshot_has_no_change_to_be_told(spine: Spine) -> None:
    await spine.collect(BORN_AT)
    assert (await history(spine, "account=main"))["attribution"] is None


@pytest.mark.parametrize("account", ["spot", "all"])
async def test_money_is_text_with_its_cents_and_a_ratio_a_number(lived: Spine, account: str) -> None:
    body = await history(lived, f"account={account}")
    for name in ("nav", "benchmark", "flow"):
        for amount in body["series"][name]:
            assert isinstance(amount, str)
            assert Decimal(amount).as_tuple().exponent == -2, "a round amount once came without its cents"
            assert not amount.startswith("-0.00")
    for column, digits in (("nav_index", 8), ("benchmark_index", 8), ("drawdown", 4), ("benchmark_drawdown", 4)):
        assert all(round(value, digits) == value for value in body["series"][column])
    held = {place.split(".")[1] for place in floats(body)}
    assert held <= {"series", "metrics"}
    assert not {place.rsplit(".", 1)[1] for place in floats(body["metrics"], "")} & MONEY


async def test_series_and_metrics_tell_one_story(lived: Spine) -> None:
    body = await history(lived, "account=spot")
    series, metrics = body["series"], body["metrics"]
    assert abs(Decimal(series["nav"][-1]) - Decimal(metrics["nav"])) <= Decimal("0.005")
    assert (series["nav_index"][0], series["benchmark_index"][0]) == (1, 1)
    assert abs(series["nav_index"][-1] - 1 - metrics["twr"]) < 1e-8
    assert abs(series["benchmark_index"][-1] - 1 - metrics["benchmark_twr"]) < 1e-8
    peaks = list(accumulate(series["nav_index"], max))
    falls = [round(value / peak - 1, 4) for value, peak in zip(series["nav_index"], peaks, strict=True)]
    assert series["drawdown"] == pytest.approx(falls, abs=1.1e-4)
    assert abs(min(series["drawdown"]) - metrics["max_drawdown"]["depth"]) < 1e-4
    assert sum(map(Decimal, series["flow"])) == Decimal("994.54")
    assert metrics["net_flows"] == "994.53952"
    pnl = Decimal(metrics["nav"]) - Decimal(metrics["put_in"])
    assert Decimal(metrics["pnl_since_inception"]) == Decimal(metrics["pnl"]) == pnl


async def test_all_is_the_sum_of_its_accounts(lived: Spine) -> None:
    total = (await history(lived, "account=all"))["metrics"]
    parts = [(await history(lived, f"account={one}"))["metrics"] for one in ("main", "spot", "mixed")]
    for name in ("nav", "benchmark", "difference", "net_flows", "put_in"):
        assert abs(sum(Decimal(part[name]) for part in parts) - Decimal(total[name])) <= 3 * ROUNDING, name


async def test_events_are_told_in_order_with_what_moved(lived: Spine) -> None:
    body = await history(lived, "account=spot")
    assert [event["kind"] for event in body["events"]] == ["start", "rebalance", "deposit", "rebalance"]
    assert body["events"][2] == {
        "at": DEPOSIT_AT,
        "kind": "deposit",
        "usd": "994.53952",
        "account": "spot",
        "asset": "SOL",
        "quantity": "7.471",
    }
    together = await history(lived, "account=all")
    assert [event["at"] for event in together["events"]] == sorted(event["at"] for event in together["events"])
    assert {event["account"] for event in together["events"]} == {"main", "spot", "mixed"}


@pytest.mark.parametrize(("name", "days"), [("24h", 1), ("7d", 7), ("30d", 30), ("90d", 90), ("1y", 365), ("all", 999)])
async def test_a_range_cuts_and_restarts_nothing(lived: Spine, name: str, days: int) -> None:
    whole = await history(lived, "account=main&range=all")
    body = await history(lived, f"account=main&range={name}")
    since = max(END - timedelta(days=days), BORN_AT)
    assert (body["from"], body["to"], body["inception"]) == (stamp(since), stamp(END), stamp(BORN_AT))
    place = whole["series"]["t"].index(int(since.timestamp()))
    for column in ("t", "nav", "benchmark", "nav_index", "benchmark_index"):
        assert body["series"][column] == whole["series"][column][place:], "indices start at 1 at the inception"
    for same in ("nav", "benchmark", "difference", "value_ratio", "pnl_since_inception", "put_in", "twr_24h"):
        assert body["metrics"][same] == whole["metrics"][same]
    first, last = (whole["series"]["nav_index"][n] for n in (place, -1))
    assert body["metrics"]["twr"] == pytest.approx(last / first - 1, abs=1e-7)


async def test_a_range_by_its_ends_begins_at_the_last_snapshot_before(lived: Spine) -> None:
    since, until = BORN_AT + timedelta(days=2, hours=1), BORN_AT + timedelta(days=5, hours=1)
    body = await history(lived, f"account=spot&from={stamp(since)}&to={stamp(until)}")
    assert (body["from"], body["to"]) == (stamp(BORN_AT + timedelta(days=2)), stamp(BORN_AT + timedelta(days=5)))
    assert [event["kind"] for event in body["events"]] == ["deposit"]
    assert body["metrics"]["net_flows"] == "994.53952"
    whole = await history(lived, "account=spot")
    place = whole["series"]["t"].index(body["series"]["t"][-1])
    assert body["metrics"]["nav"].startswith(whole["series"]["nav"][place][:-1]), "figures are as of the range's end"


async def test_a_zone_is_understood(lived: Spine) -> None:
    at = BORN_AT + timedelta(days=2)
    plain = await history(lived, f"account=main&from={stamp(at)}")
    local = (at + timedelta(hours=5, minutes=30)).replace(tzinfo=None).isoformat()
    assert (await history(lived, f"account=main&from={local}%2B05:30")) == plain


async def test_a_range_before_the_inception_is_empty_and_one_after_the_end_is_its_last_point(lived: Spine) -> None:
    before = await history(lived, f"account=main&to={stamp(BORN_AT - SLOT)}")
    assert (before["series"]["t"], before["events"], before["gaps"], before["metrics"]) == ([], [], [], None)
    assert (before["from"], before["to"], before["inception"]) == (None, None, stamp(BORN_AT))
    after = await history(lived, f"account=main&from={stamp(END + SLOT)}")
    assert after["series"]["t"] == [int(END.timestamp())]
    assert (after["metrics"]["twr"], after["metrics"]["pnl"]) == (None, None)
    assert after["metrics"]["notes"]["twr"] == "needs two snapshots"


@pytest.mark.parametrize("points", [2, 3, 10, 33, 34, 35, 2000])
@pytest.mark.parametrize("account", ["spot", "all"])
async def test_thinning_keeps_ends_extremes_and_flows(lived: Spine, account: str, points: int) -> None:
    whole, body = [await history(lived, f"account={account}&points={n}") for n in (2000, points)]
    every, kept = whole["series"], body["series"]
    assert len(kept["t"]) <= max(points, 5), "first, last, lowest, highest, and the one flow"
    navs = list(map(Decimal, every["nav"]))
    needed = {0, len(navs) - 1, navs.index(min(navs)), navs.index(max(navs))}
    needed |= {place for place, flow in enumerate(every["flow"]) if Decimal(flow)}
    rows = list(zip(*every.values(), strict=True))
    assert {rows[place] for place in needed} <= set(zip(*kept.values(), strict=True)) <= set(rows)
    assert {**body, "series": 0, "resolution_s": 0} == {**whole, "series": 0, "resolution_s": 0}, "figures use all"
    assert whole["resolution_s"] <= body["resolution_s"]


async def test_hours_without_a_run_and_hours_read_in_part_are_gaps(lived: Spine) -> None:
    missing = {"from": stamp(BORN_AT + QUIET[0] - SLOT), "kind": "missing", "missing": []}
    (spot,) = (await history(lived, "account=spot"))["gaps"]
    assert spot == missing | {"to": stamp(BORN_AT + QUIET[1])}
    gone, part = (await history(lived, "account=mixed"))["gaps"]
    assert gone == missing | {"to": stamp(BORN_AT + PARTIAL + SLOT)}
    assert (part["kind"], part["missing"]) == ("partial", ["funding"])
    assert stamp(BORN_AT + PARTIAL - SLOT) < part["from"] <= part["to"] <= stamp(BORN_AT + PARTIAL)
    assert (await history(lived, "account=all"))["gaps"][1]["missing"] == ["Mixed"], "a gap of all names who lacks"


async def test_a_gap_after_the_end_of_the_range_was_told_too(lived: Spine) -> None:
    until = BORN_AT + timedelta(days=3)
    assert (await history(lived, f"account=mixed&to={stamp(until)}"))["gaps"] == []
    assert (await history(lived, "account=mixed&range=24h"))["gaps"] == []


async def test_what_the_newest_try_lacks_is_a_gap_at_the_end(spine: Spine) -> None:
    await spine.collect()
    assert (await history(spine, "account=main"))["gaps"] == []
    hurt = spine.now + timedelta(hours=1)
    spine.clock.set(hurt)
    spine.exchange.faults.append(Fault("/fapi/", account="Main"))
    await spine.collect()
    (gap,) = (await history(spine, "account=main"))["gaps"]
    assert (gap["kind"], gap["missing"], gap["from"]) == ("partial", ["usdm"], stamp(hurt))


@pytest.mark.parametrize("account", ["main", "all"])
async def test_before_the_first_snapshot_everything_is_there_and_empty(spine: Spine, account: str) -> None:
    for query in ("", "&range=7d", "&points=2", f"&from={stamp(BORN_AT)}"):
        body = await history(spine, f"account={account}{query}")
        assert all(column == [] for column in body["series"].values())
        assert (body["inception"], body["from"], body["to"]) == (None, None, None)
        assert (body["gaps"], body["events"], body["metrics"], body["resolution_s"]) == ([], [], None, None)
        assert (body["benchmark"]["value"], body["benchmark"]["units"]) == (None, {})


async def test_one_snapshot_has_a_value_and_no_figure_over_time(spine: Spine) -> None:
    await spine.collect()
    body = await history(spine, "account=main")
    metrics = body["metrics"]
    assert len(body["series"]["t"]) == 1
    assert (metrics["difference"], metrics["value_ratio"], metrics["put_in"]) == ("0", 0, metrics["nav"])
    over_time = {*("twr", "benchmark_twr", "active_return", "max_drawdown", "net_flows", "pnl", "twr_24h")}
    for name in over_time | {"benchmark_max_drawdown", "benchmark_twr_24h", "pnl_since_inception"}:
        assert metrics[name] is None
        assert metrics["notes"][name] == "needs two snapshots"


async def test_a_history_costs_two_calls_of_the_database_and_none_of_the_exchange(lived: Spine) -> None:
    """The second, a small one, asks what changed the value of whom between two snapshots that the first one tells."""
    for account in ("main", "all"):
        lived.to_store.clear()
        await history(lived, f"account={account}&range=7d")
        assert [call.path.rpartition("/")[2] for call in lived.to_store.calls] == ["read_history", "read_changes"]
    assert lived.to_exchange.calls == []
