"""What the documentation tells a person to type is there: every command, every target of make, every setting."""

import re
from pathlib import Path

import pytest

from lib.cli.__main__ import main

ROOT = Path(__file__).parent.parent
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
COMMAND = re.compile(r"\./monitor((?: +-{0,2}[a-z]+(?:-[a-z]+)*)+)")
TARGET = re.compile(r"(?:^|`|=true )make ([a-z.][\w./-]*)", re.MULTILINE)
SETTING = re.compile(r"\b((?:SUPABASE|DATABASE|ENCRYPTION|CRON|API|DEMO|COLLECT|LOG|BINANCE|ALLOW)_[A-Z_]+)\b")


def told(pattern: re.Pattern[str]) -> list[str]:
    """Every match in code: what is indented in a fence, or between backticks."""
    code = [
        part
        for page in PAGES
        for part in re.findall(r"```\w*\n(.*?)```|`([^`\n]+)`", page.read_text(encoding="utf-8"), re.DOTALL)
    ]
    return sorted({match.strip() for parts in code for part in parts for match in pattern.findall(part)})


@pytest.mark.parametrize("command", told(COMMAND))
def test_every_command_exists(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main([*command.split(), "--help"])
    assert left.value.code == 0, capsys.readouterr().err


def test_the_commands_of_the_deployment_page_are_among_them() -> None:
    assert {"init", "migrate", "migrate --print", "keygen", "doctor", "history", "accounts add"} <= set(told(COMMAND))


def test_every_target_of_make_exists() -> None:
    rules = re.findall(r"^([\w./-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert told(TARGET)
    assert set(told(TARGET)) - set(rules) == set()


def test_every_setting_has_its_line_in_the_example() -> None:
    known = set(SETTING.findall((ROOT / ".env.example").read_text()))
    assert set(told(SETTING)) - known - {"BINANCE_API_KEY", "BINANCE_API_SECRET"} == set()


def test_the_keys_of_the_dashboards_page_are_those_of_the_page_itself() -> None:
    groups = (
        (ROOT / "public" / "js" / "keys.js").read_text(encoding="utf-8").partition("GROUPS =")[2].partition("]);")[0]
    )
    keys = [(" ".join(key.split()), what) for key, what in re.findall(r'\["([^"]+)", "([^"]+)"\]', groups)]
    page = (ROOT / "docs" / "dashboard.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \| ([^|]+) \|$", page.partition("## Keys")[2], re.MULTILINE)
    assert [row for row in rows if row != ("key", "what")] == keys
