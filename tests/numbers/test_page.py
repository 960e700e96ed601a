"""The page that explains the numbers says what replay prints for the files it names."""

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from lib.cli.__main__ import main

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "numbers.md").read_text(encoding="utf-8")
COMMAND = re.compile(r"^`\./monitor replay --json (\S+)`$", re.MULTILINE)
FIGURE = re.compile(r"^\| `(\w+)` \| (\S+) \|", re.MULTILINE)

_, *parts = COMMAND.split(PAGE)
TOLD = dict(zip(parts[::2], parts[1::2], strict=True))  # the text after each command, by its file


@pytest.mark.parametrize("file", TOLD)
def test_each_figure_is_what_replay_prints(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "--json", str(ROOT / file)]) == 0
    (account,) = json.loads(capsys.readouterr().out)["accounts"]
    told = FIGURE.findall(TOLD[file])
    assert len(told) >= 15
    for name, text in told:
        assert shown(account["metrics"], name) == pytest.approx(float(text), rel=1e-11, abs=5e-13), name


def shown(metrics: Mapping[str, Any], name: str) -> float:
    value = metrics[name]
    return float(value["depth"] if isinstance(value, dict) else value)


def test_every_figure_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "--json", str(ROOT / next(iter(TOLD)))]) == 0
    (account,) = json.loads(capsys.readouterr().out)["accounts"]
    named = set(re.findall(r"`(\w+)`", PAGE))
    assert {name.removeprefix("benchmark_") for name in account["metrics"]} - named == set()


def test_the_money_weighted_return_solves_the_equation_of_the_page(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["replay", "--json", str(ROOT / next(iter(TOLD)))]) == 0
    (account,) = json.loads(capsys.readouterr().out)["accounts"]
    growth = 1 + account["metrics"]["mwr"]
    terms = 10_000 * growth, 1_050 * growth ** (6.25 / 8), 1_100 * growth ** (5 / 8)
    assert "{:,.2f} + {:,.2f} − {:,.2f} = 11,434.50 with G = {:.6f}".format(*terms, growth) in PAGE
    assert terms[0] + terms[1] - terms[2] == pytest.approx(11_434.5)
