"""What a replay tells of records: figures as of the last snapshot, warnings, and the total."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.document.reading import read
from lib.domain.prices import MissingPrice
from lib.usecases import replay

EXAMPLE = (Path(__file__).parent.parent / "document" / "example.json").read_text()


def example(**changes: object) -> dict[str, Any]:
    return {**json.loads(EXAMPLE), **changes}


def told(*documents: dict[str, Any]) -> dict[str, Any]:
    return replay.answer([replay.tell(one) for document in documents for one in read(json.dumps(document), "f")])


def alone(document: dict[str, Any]) -> dict[str, Any]:
    (account,) = told(document)["accounts"]
    found: dict[str, Any] = account
    return found


def test_flows_after_the_last_snapshot_are_left_out_with_a_warning() -> None:
    late = {"id": "late", "at": "2025-07-16T00:00:00Z", "usd": "1000"}
    found, plain = alone(example(flows=[*example()["flows"], late])), alone(example())
    assert found.pop("warnings") == [
        "the flow 'late' of 2025-07-16T00:00:00Z is later than the last complete snapshot and left out"
    ]
    assert plain.pop("warnings") == []
    assert found == plain


def test_flows_at_or_before_the_inception_never_count() -> None:
    early = [{"id": at, "at": at, "usd": "1000"} for at in ("2025-07-07T12:00:00Z", "2025-07-01T00:00:00Z")]
    assert alone(example(flows=[*example()["flows"], *early])) == alone(example())


def test_partial_snapshots_are_ignored() -> None:
    partial = {"at": "2025-07-11T12:00:00Z", "nav": "1", "complete": False}
    assert alone(example(snapshots=[partial, *example()["snapshots"]])) == alone(example())


@given(st.randoms(use_true_random=False))
def test_order_and_repetition_of_input_do_not_matter(chance: Any) -> None:
    document = example()
    for part in ("snapshots", "flows", "prices"):
        document[part] += chance.sample(document[part], 2)
        chance.shuffle(document[part])
    assert told(document) == told(example())


def test_a_price_older_than_an_hour_is_used_with_a_warning() -> None:
    kept = [row for row in example()["prices"] if row["at"] != "2025-07-09T12:00:00Z"]
    found = alone(example(prices=kept))
    assert found["series"][2]["benchmark"] == "11550"  # the prices of the deposit, six hours before
    assert found["warnings"] == [
        f"the price of {coin} is more than an hour old at 2025-07-09T12:00:00Z" for coin in ("BTC", "ETH")
    ]
    an_hour_old = {"at": "2025-07-09T11:00:00Z", "BTC": "100000", "ETH": "2500"}
    found = alone(example(prices=[*kept, an_hour_old]))
    assert (found["series"][2]["benchmark"], found["warnings"]) == ("11000", [])


def test_a_price_that_is_needed_and_not_there_is_an_error() -> None:
    with pytest.raises(MissingPrice, match="no price of BTC at or before 2025-07-07"):
        told(example(prices=example()["prices"][1:]))


def test_a_file_without_snapshots_and_prices_has_no_figures_and_is_no_failure() -> None:
    """It ended in a KeyError: nothing was needed of the policy's coins, and nothing was there."""
    found = told(example(snapshots=[], prices=[], flows=[]))
    assert found["accounts"][0]["metrics"] is found["total"]["metrics"] is None
    assert found["accounts"][0]["warnings"] == ["there is no complete snapshot"]


STEADY = [{"at": "2025-07-07T12:00:00Z", "BTC": "100", "ETH": "10"}]


def life(name: str, *hours: str, nav: str = "100", **more: object) -> dict[str, Any]:
    """An account that is worth `nav` at these times of 7 July, beside prices that stand still."""
    snapshots = [{"at": f"2025-07-07T{hour}Z", "nav": nav} for hour in hours]
    return {**example(account={"name": name}, snapshots=snapshots, flows=[], prices=STEADY), **more}


def test_an_account_that_was_closed_leaves_the_total_with_its_benchmark_and_shortfall() -> None:
    """`closed_at` was not looked at: the total ended where the account did, and its shortfall stayed for good."""
    left = life(
        "Left",
        "12:00:00",
        "13:00:00",
        account={"name": "Left", "closed_at": "2025-07-07T13:30:00Z"},
        flows=[{"id": "out", "at": "2025-07-07T13:00:00Z", "usd": "-150", "value_before": "250"}],
    )
    total = told(left, life("Stays", "12:00:00", "13:00:00", "14:00:00"))["total"]
    assert [(row["nav"], row["benchmark"], row["flow"]) for row in total["series"]] == [
        ("200", "200", "0"),
        ("200", "100", "-150"),
        ("100", "100", "-100"),
    ]
    assert (total["benchmark"]["shortfall"], total["benchmark"]["exhausted"]) == ("0", False)
    assert (total["metrics"]["difference"], total["metrics"]["net_flows"]) == ("0", "-250")


def test_what_befell_an_account_before_it_joined_and_after_the_last_row_is_not_told_of_the_total() -> None:
    """Its units and shortfall were those of its own last snapshot, which may be later than the total's last row."""
    flows = [{"id": "out", "at": "2025-07-07T13:30:00Z", "usd": "-150"}]
    longer = life("Longer", "12:00:00", "13:00:00", "14:00:00", flows=flows)
    total = told(longer, life("Shorter", "12:00:00", "13:00:00"))["total"]
    assert [row["at"][11:16] for row in total["series"]] == ["12:00", "13:00"]
    assert [event["kind"] for event in total["benchmark"]["events"]] == ["start", "start"]
    assert total["benchmark"]["units"] == {"BTC": "1", "ETH": "10"}
    assert (total["benchmark"]["shortfall"], total["metrics"]["difference"]) == ("0", "0")


def test_a_withdrawal_between_two_snapshots_of_one_row_counts_with_its_shortfall() -> None:
    """The benchmark was that after the withdrawal and the shortfall that before it: the difference lacked 50."""
    flows = [{"id": "out", "at": "2025-07-07T13:00:02Z", "usd": "-150"}]
    first = life("First", "12:00:00", "13:00:00", nav="100", flows=flows)
    total = told(first, life("Then", "12:00:04", "13:00:04"))["total"]
    assert [(row["nav"], row["benchmark"]) for row in total["series"]] == [("200", "200"), ("50", "100")]
    assert total["benchmark"]["shortfall"] == "50"
    assert total["benchmark"]["units"] == {"BTC": "0.5", "ETH": "5"}
    assert total["metrics"]["difference"] == total["metrics"]["pnl"] == "0"


def test_a_file_without_a_complete_snapshot_has_no_figures() -> None:
    found = told(example(snapshots=[]))
    assert found["total"]["metrics"] is None
    assert found["accounts"][0]["series"] == []
    assert found["accounts"][0]["warnings"] == ["there is no complete snapshot"]


def test_one_snapshot_gives_the_headline_and_no_figure_over_time() -> None:
    found = alone(example(snapshots=example()["snapshots"][:1]))
    assert found["metrics"]["difference"] == "0"
    assert found["metrics"]["twr"] is None
    assert found["metrics"]["notes"]["twr"] == "needs two snapshots"


def test_the_total_sums_up_the_files() -> None:
    total = told(example(), example(account={"name": "Twin"}))["total"]
    assert [row["nav"] for row in total["series"]] == ["20000", "22000", "25300", "23100", "25410", "22869"]
    assert total["benchmark"]["units"] == {"BTC": "0.0825", "ETH": "4.95"}
    assert len(total["benchmark"]["events"]) == 8
    assert (total["metrics"]["difference"], total["metrics"]["put_in"]) == ("2079", "19900")


def test_the_total_of_an_account_whose_snapshot_came_first_has_its_later_flow() -> None:
    """4.9: an earlier snapshot enters with its own flows up to the row's time, as the API has it too."""
    first = example(
        snapshots=[{"at": "2025-07-07T12:00:00Z", "nav": "100"}, {"at": "2025-07-08T12:00:00Z", "nav": "100"}],
        flows=[{"id": "between", "at": "2025-07-08T12:00:02Z", "usd": "10"}],
    )
    later = example(
        account={"name": "Later"},
        snapshots=[{"at": "2025-07-07T12:00:04Z", "nav": "100"}, {"at": "2025-07-08T12:00:04Z", "nav": "100"}],
        flows=[],
    )
    total = told(first, later)["total"]
    assert [row["nav"] for row in total["series"]] == ["200", "210"]
    assert total["metrics"]["net_flows"] == "10"
    assert total["metrics"]["twr"] == 0
    assert total["warnings"] == [
        "Pencil: the flow 'between' of 2025-07-08T12:00:02Z is later than the last complete snapshot and left out"
    ]
