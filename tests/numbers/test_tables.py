"""Worked tables, made in a spreadsheet's way and kept as CSV: the product says what they say.

`benchmark.csv` and `index.csv` have a step a line, each computed from the line above. `days.csv` has the returns of 36
days, and `figures.csv` what a spreadsheet makes of them: its formulas are for the cells of `days.csv`.
"""

import csv
import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from lib.document.reading import read
from lib.usecases import replay

TABLES = Path(__file__).parent / "tables"
DAYS = Path(__file__).parent.parent / "document" / "days.json"
MANY = "1000000"  # what an account is worth where only its benchmark is looked at


def table(name: str) -> list[dict[str, str]]:
    with (TABLES / f"{name}.csv").open(newline="") as file:
        return list(csv.DictReader(file))


def told(document: dict[str, Any]) -> dict[str, Any]:
    whole = {"format": "portfolio-history/1", "account": {"name": "Table"}, **document}
    answer = replay.answer([replay.tell(one) for one in read(json.dumps(whole), "table")])
    accounts: Any = answer["accounts"]
    assert accounts[0]["warnings"] == []
    return dict(accounts[0])


def near(text: str) -> Any:
    """As near as twelve decimals are, or the eight of money."""
    return pytest.approx(float(text), abs=6e-9, rel=1e-11)


def seconds(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def test_the_benchmark_step_by_step() -> None:
    lines = table("benchmark")
    steps = lines[1:-1]
    found = told(
        {
            "policy": {"cost_bp": "10"},
            "snapshots": [{"at": line["at"], "nav": line["usd"] or MANY} for line in (lines[0], lines[-1])],
            "flows": [
                {"id": line["at"], "at": line["at"], "usd": line["usd"], "value_before": MANY}
                for line in steps
                if line["usd"]
            ],
            "prices": [{"at": line["at"], "BTC": line["btc_price"], "ETH": line["eth_price"]} for line in lines]
            + [{"at": "2025-07-21T12:00:00Z", "BTC": "120000", "ETH": "2300"}],
        }
    )
    events = found["benchmark"]["events"]
    assert [(event["at"], event["kind"]) for event in events] == [(line["at"], line["what"]) for line in lines[:-1]]
    for event, line in zip(events, lines, strict=False):
        assert float(event["usd"]) == near(line["usd"] or f"-{line['cost']}")
        assert float(event["value"]) == near(line["value"])
        assert {coin: float(held) for coin, held in event["units"].items()} == {
            "BTC": near(line["btc_units"]),
            "ETH": near(line["eth_units"]),
        }
    end, row = lines[-1], found["series"][-1]
    assert (float(row["benchmark"]), row["benchmark_index"]) == (near(end["value"]), near(end["index"]))
    assert float(found["benchmark"]["shortfall"]) == near(end["shortfall"])
    assert found["benchmark"]["exhausted"]


def test_the_index_rung_by_rung() -> None:
    lines = table("index")
    before = {line["flow_at"]: {"value_before": line["value_before"]} for line in lines if line["value_before"]}
    found = told(
        {
            "snapshots": [{"at": line["at"], "nav": line["value"]} for line in lines],
            "flows": [
                {"id": line["flow_at"], "at": line["flow_at"], "usd": line["flow"], **before.get(line["flow_at"], {})}
                for line in lines
                if line["flow"]
            ],
            "prices": [
                {"at": line[at], "BTC": 100, "ETH": 10} for line in lines for at in ("at", "flow_at") if line[at]
            ],
        }
    )
    assert {line["rung"] for line in lines} == {"", "1", "2", "3", "4", "5"}
    for row, line in zip(found["series"], lines, strict=True):
        assert row["nav_index"] == near(line["index"]), line
        assert (str(row["rung"] or ""), row["note"] or "", row["flow"]) == (
            line["rung"],
            line["note"],
            line["flow"] or "0",
        )


def test_the_days_of_the_table_are_those_of_the_file_and_follow_from_it() -> None:
    document, lines = json.loads(DAYS.read_text()), table("days")
    assert [(one["at"], one["nav"]) for one in document["snapshots"]] == [
        (line["at"], line["account"]) for line in lines
    ]
    assert [(one["at"], one["BTC"]) for one in document["prices"]] == [(line["at"], line["btc"]) for line in lines]
    series = told(document)["series"]
    for before, after, line in zip(series[:-1], series[1:], lines[1:], strict=True):
        assert after["nav_index"] / before["nav_index"] - 1 == near(line["account_return"])
        assert after["benchmark_index"] / before["benchmark_index"] - 1 == near(line["benchmark_return"])
        assert float(line["account_return"]) - 0.0365 / 365 == near(line["account_excess"])
        assert Decimal(line["account_return"]) - Decimal(line["benchmark_return"]) == pytest.approx(
            Decimal(line["active"]), abs=Decimal("2e-12")
        )
    assert seconds(series[-1]["at"]) - seconds(series[0]["at"]) == 35 * 86_400


def test_the_figures_of_a_spreadsheet() -> None:
    metrics = told(json.loads(DAYS.read_text()))["metrics"]
    depths = ("max_drawdown", "benchmark_max_drawdown")
    for line in table("figures"):
        name = line["figure"]
        found = metrics[name]["depth"] if name in depths else metrics[name]
        assert found == pytest.approx(float(line["value"]), rel=1e-9), name
        if name not in ("twr", "benchmark_twr", "active_return", *depths):
            assert metrics["notes"][name] == "weak: 35 days"
