"""`./monitor replay`: figures on standard output, or nothing there and a place on standard error."""

import json
from pathlib import Path

import pytest

from lib.cli.__main__ import main
from lib.cli.history import headline

EXAMPLE = Path(__file__).parent.parent / "document" / "example.json"
DAYS = ("07", "08", "09", "10", "14", "15")

# Worked by hand in docs/history-file.md.
ROWS = [  # nav, benchmark, nav index, benchmark index, flow, rung, note
    ("10000", "10000", 1.0, 1.0, "0", None, "start"),
    ("11000", "10500", 1.1, 1.05, "0", None, None),
    ("12650", "11000", 1.1495, 1.0, "1050", 3, None),
    ("11550", "9900", 1.1495, 1.0, "-1100", 3, None),
    ("12705", "9900", 1.26445, 1.0, "0", None, None),
    ("11434.5", "10395", 1.138005, 1.05, "0", None, None),
]
EVENTS = [  # at, kind, usd, value, BTC, ETH
    ("2025-07-07T12:00:00Z", "start", "10000", "10000", "0.05", "2"),
    ("2025-07-09T06:00:00Z", "deposit", "1050", "11550", "0.055", "2.2"),
    ("2025-07-10T12:00:00Z", "withdrawal", "-1100", "9900", "0.0495", "1.98"),
    ("2025-07-14T12:00:00Z", "rebalance", "0", "9900", "0.04125", "2.475"),
]
FIGURES = {
    "nav": "11434.5",
    "benchmark": "10395",
    "difference": "1039.5",
    "value_ratio": 0.1,
    "put_in": "9950",
    "net_flows": "-50",
    "pnl": "1484.5",
    "pnl_since_inception": "1484.5",
    "twr": 0.138005,
    "benchmark_twr": 0.05,
    "active_return": 0.0838142857142857,
    "twr_24h": -0.1,
    "benchmark_twr_24h": 0.05,
    "days": 4,
}


def test_the_worked_example_gives_what_the_pencil_gives(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "--json", str(EXAMPLE)]) == 0
    answer = json.loads(capsys.readouterr().out)
    (account,) = answer["accounts"]
    assert account["name"] == "Pencil"
    assert account["series"] == [
        {
            "at": f"2025-07-{day}T12:00:00Z",
            "nav": nav,
            "benchmark": benchmark,
            "nav_index": pytest.approx(index, rel=1e-15),
            "benchmark_index": pytest.approx(benchmark_index, rel=1e-15),
            "flow": flow,
            "rung": rung,
            "note": note,
        }
        for day, (nav, benchmark, index, benchmark_index, flow, rung, note) in zip(DAYS, ROWS, strict=True)
    ]
    assert account["benchmark"] == {
        "value": "10395",
        "units": {"BTC": "0.04125", "ETH": "2.475"},
        "exhausted": False,
        "shortfall": "0",
        "events": [
            {"at": at, "kind": kind, "usd": usd, "value": value, "units": {"BTC": btc, "ETH": eth}}
            for at, kind, usd, value, btc, eth in EVENTS
        ],
    }
    metrics = account["metrics"]
    assert {name: metrics[name] for name in FIGURES} == {
        name: value if isinstance(value, str) else pytest.approx(value, rel=1e-13) for name, value in FIGURES.items()
    }
    assert metrics["max_drawdown"] == {
        "depth": pytest.approx(-0.1, rel=1e-13),
        "from": "2025-07-14T12:00:00Z",
        "trough": "2025-07-15T12:00:00Z",
        "recovered": None,
        "days": 1.0,
    }
    assert metrics["notes"]["sharpe"] == "needs 30 days, has 4"
    assert account["warnings"] == []
    assert answer["total"]["name"] == "all"
    assert answer["total"]["benchmark"]["value"] == "10395"


def test_a_person_gets_a_table_and_the_answer_in_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", str(EXAMPLE)]) == 0
    heads, pencil, _, sentence = capsys.readouterr().out.splitlines()
    assert heads.split()[:2] == ["account", "since"]
    assert pencil.split() == [
        "Pencil",
        "2025-07-07",
        "2025-07-15",
        "12:00",
        "11434.50",
        "10395.00",
        "1039.50",
        "+13.80",
        "%",
        "+5.00",
        "%",
    ]
    whole = "1039.50 USD ahead of the benchmark since the start, return +8.38 % against the benchmark in this range."
    assert sentence == whole, "that of the one account: a total knows less of what was there before a flow"


@pytest.mark.parametrize(
    ("nav", "benchmark", "difference", "says"),
    [
        ("0", "0.004", "-0.004", "The account is empty: nothing to compare with the benchmark."),
        (
            "0",
            "0",
            "200",
            "200.00 USD ahead of the benchmark since the start.",
        ),
        ("7", "7.001", "-0.001", "Level with the benchmark since the start."),
    ],
)
def test_nothing_is_no_lead(nav: str, benchmark: str, difference: str, says: str) -> None:
    assert headline({"nav": nav, "benchmark": benchmark, "difference": difference, "active_return": None}) == says


def test_several_accounts_have_a_total_and_its_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    other = tmp_path / "other.json"
    other.write_text(EXAMPLE.read_text().replace("Pencil", "Pen"))
    assert main(["replay", str(EXAMPLE), str(other)]) == 0
    _, *rows, _, sentence = capsys.readouterr().out.splitlines()
    assert [row.split()[0] for row in rows] == ["Pencil", "Pen", "all"]
    assert sentence.startswith("2079.00 USD ahead of the benchmark since the start")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        pytest.param("{", "line 1, column 2: no JSON", id="no JSON"),
        pytest.param("", "is empty", id="empty"),
        pytest.param('{"format": "portfolio-history/2"}', "format: must be portfolio-history/1", id="unknown format"),
    ],
)
def test_bad_input_is_nothing_on_standard_output(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, complaint: str
) -> None:
    file = tmp_path / "bad.json"
    file.write_text(text)
    assert main(["replay", "--json", str(EXAMPLE), str(file)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert f"{file}: {complaint}" in err


def test_a_price_that_is_needed_and_missing_is_told_with_its_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document = json.loads(EXAMPLE.read_text())
    document["prices"] = document["prices"][1:]
    file = tmp_path / "gap.json"
    file.write_text(json.dumps(document))
    assert main(["replay", str(file)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert f"{file}: prices: no price of BTC at or before 2025-07-07T12:00:00+00:00" in err


def test_a_file_that_is_not_there_is_wrong_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", str(tmp_path / "none.json")]) == 2
    assert "none.json: No such file" in capsys.readouterr().err
