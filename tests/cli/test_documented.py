"""What README and docs tell a person to type: each line is run here or by a test that is named, or says what it needs.

The marks: V needs the Vercel account, S the Supabase project, B the Binance account, R root on a server of one's own.
"""

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lib.local.postgres import Server
from tests.cli.conftest import Command, Served
from tests.cli.process import PATIENCE_S, ROOT
from tests.cli.test_own_accounts import keys
from tests.database import _fresh

PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
MARKED = re.compile(r"# ?(?:[VSBR](?:, )?)+(?::|;|$)")
SETTING = re.compile(r"#.*|[A-Z_]+=(?!\$\().*")  # no command
OURS = re.compile(r"\./monitor((?: [^`\n#>|;&]*)?)")
# What the walk cannot run, and which test does it by which words.
ELSEWHERE = {
    "make run": ("Makefile", "./monitor serve"),  # and what that needs, as make test does
    "make .venv/.local": ("Makefile", "test: $(DEV)"),
    "mv .data/postgres .data/postgres-broken": ("tests/cli/test_backup.py", 'rmtree(tmp_path / "data")'),
    "./monitor serve": ("tests/cli/test_serving.py", 'running(tmp_path, "serve"'),
    "./monitor alerts test": ("tests/cli/test_alerts.py", 'command("alerts", "test"'),
    "./monitor logs --follow": ("tests/cli/test_logs.py", '"logs", "--follow"'),
}
A_HISTORY = ".venv/bin/python -m tests.chaos 12345"
THE_READERS = {"git clone <this repository> && cd binance-portfolio-monitor", "git pull"}  # the address is theirs
# Every documented call of ./monitor in the order of a life, "=" where another value stands for a word of the page.
LIFE = (
    "--help",
    "keygen",
    "migrate",
    "migrate --print",
    "accounts add Main",
    "accounts add NAME=Spot",
    "accounts check",
    "accounts edit ID=main --key",
    "accounts edit ID=main --name NAME=Futures",
    "accounts edit ID=main --alert-behind 5% --alert-drawdown 20%",
    "accounts edit ID=main --alert-behind 5% --digest weekly",
    "accounts edit ID=main --digest weekly",
    "accounts edit ID=main --alert-behind off",
    "alerts list",
    "accounts pause ID=spot",
    "accounts resume ID=spot",
    "collect",
    "history",
    "history main --csv",
    "logs --level warning",
    "flows add ACCOUNT=main AT=NOW QUANTITY=5 --reason=forgotten",
    "flows correct ACCOUNT=main FLOW=ADDED AT=NOW QUANTITY=6 --reason=miscounted",
    "flows list ACCOUNT=main",
    "recompute",
    "rotate-key",
    "doctor",
    "doctor --json",
    "export main -o main.json",
    "export all -o all.json",
    "replay main.json",
    "replay --json FILE=main.json",
    f"replay --json tests/document/example.json={ROOT}/tests/document/example.json",
    f"replay --json tests/document/days.json={ROOT}/tests/document/days.json",
    "backup monitor.dump",
    "backup FILE=again.dump",
    "backup before-upgrade.dump",
    "backup /var/backups/monitor/before-upgrade.dump=upgrade.dump",
    "accounts remove ID=main",
    "accounts remove ID=spot --erase NAME=Spot",
)
INTO_ANOTHER = ("restore monitor.dump", "accounts edit ID=main --key")
INTO_A_THIRD = ("migrate", "import main.json")
ENDED_BY_INIT = ("init",)
WARNED = {"doctor", "doctor --json"}  # of secrets that a walk through the docs did not set


def as_written(call: str) -> str:
    return " ".join(word.partition("=")[0] for word in shlex.split(call))


def typed(call: str) -> list[str]:
    return [word.partition("=")[2] if "=" in word and not word.startswith("-") else word for word in shlex.split(call)]


def told() -> set[str]:
    """Every call of ./monitor in code, in a fence or between backticks."""
    found = set()
    for page in PAGES:
        for fence, inline in re.findall(r"```\w*\n(.*?)```|`([^`\n]+)`", page.read_text(), re.DOTALL):
            found |= {match.strip() for match in OURS.findall(fence or inline)}
    return found - {""}


def lines() -> list[tuple[str, str]]:
    """Every line of a fence of the shell's, with its page."""
    return [
        (page.name, line)
        for page in PAGES
        for fence in re.findall(r"```sh\n(.*?)```", page.read_text(), re.DOTALL)
        for line in fence.splitlines()
        if line.strip() and not SETTING.fullmatch(line)
    ]


def bare(line: str) -> str:
    return re.split(r" +#|  +", line)[0].removeprefix("sudo -u monitor ").strip()


@pytest.mark.parametrize(("page", "line"), [pair for pair in lines() if pair[0] != "api.md"])
def test_a_line_for_the_shell_is_run_or_marked(page: str, line: str) -> None:
    """Those of docs/api.md are run by tests/api/test_examples.py, which reads them from the page."""
    ours = bare(line).partition(">")[0].removeprefix("./monitor ").strip()
    run = ours in walked() or bare(line) in {*ELSEWHERE, *THE_READERS, A_HISTORY}
    assert run or MARKED.search(line), f"{page} tells to type {line!r}"


def walked() -> set[str]:
    return {as_written(call) for call in (*LIFE, *INTO_ANOTHER, *INTO_A_THIRD, *ENDED_BY_INIT)}


def test_every_call_of_ours_is_in_the_walk_or_in_a_test_that_is_named() -> None:
    elsewhere = {line.removeprefix("./monitor ") for line in ELSEWHERE}
    run = walked() | elsewhere
    assert [call for call in sorted(told()) if not any(one == call or one.startswith(f"{call} ") for one in run)] == []


@pytest.mark.parametrize(("where", "words"), ELSEWHERE.values())
def test_what_is_run_elsewhere_is_run_there(where: str, words: str) -> None:
    assert words in (ROOT / where).read_text()


def test_a_random_history_is_lived_again_by_the_line_that_is_told() -> None:
    done = subprocess.run(
        [sys.executable, *A_HISTORY.split()[1:]],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert (done.returncode, "0 failed" in done.stdout) == (0, True), done.stderr


@pytest.fixture
def others(postgres_server: Server, database_template: str) -> Iterator[list[str]]:
    """Two databases as a new server has them."""
    assert database_template  # the roles are the server's
    with ExitStack() as stack:
        fresh = contextmanager(_fresh)
        made = [stack.enter_context(fresh(postgres_server, "template0")) for _ in range(2)]
        yield [dsn.replace("@/", "@localhost/") for dsn in made]


def test_the_walk_through_all_documented_calls(
    command: Command,
    exchange: Served,
    own: dict[str, str],
    others: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)

    def run(call: str, **settings: str) -> None:
        who = "Spot" if "Spot" in call or "ID=spot" in call else "Main"
        known = {"NOW": datetime.now(UTC).isoformat()}
        if "ADDED" in call:
            (flow,) = json.loads(command("flows", "list", "main", "--json", **own).out)["flows"]
            known["ADDED"] = flow["id"]
        done = command(*(known.get(word, word) for word in typed(call)), **own | settings | keys(exchange, who))
        fine = (0, 3) if call in WARNED else (0,)
        assert done.code in fine, f"./monitor {call}: {done.err or done.out}"

    for call in LIFE:
        run(call)
    for database, calls in zip(others, (INTO_ANOTHER, INTO_A_THIRD), strict=True):
        for call in calls:
            run(call, DATABASE_URL=database)
    for call in ENDED_BY_INIT:
        run(call)
