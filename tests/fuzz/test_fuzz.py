"""The description is up to date, agrees with the doors, and a fuzzer finds no call that answers otherwise.

Replay a failure with the seed that it prints: FUZZ_SEED=1 make test ARGS=tests/fuzz
"""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lib.local.postgres import Server
from lib.web.description import document
from lib.web.description.calls import CALLS, LINK, NOBODY, OWNER, SCHEDULER, VIEWER
from tests.api.test_doors import DOORS
from tests.database import _fresh
from tests.fuzz.serving import API_TOKEN, CRON_SECRET, PASSWORD, Served, served
from tests.numbers.environment import NotInstalled, prepared
from tests.spine import ENCRYPTION_KEY

ROOT = Path(__file__).parent.parent.parent
DESCRIPTION = ROOT / "public" / "openapi.json"
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,"
    "response_headers_conformance,unleaked"
)
ENDS_ITS_SESSION = ("--exclude-operation-id", "delete_session")
HOW = {
    "nobody": ("--phases", "examples,fuzzing", "--max-examples", "2"),
    "scheduler": ("--phases", "examples,fuzzing", "--max-examples", "2"),
    "link": ("--phases", "examples,fuzzing", "--max-examples", "2"),
    "viewer": ("--phases", "examples,fuzzing", "--max-examples", "4"),
    "owner": ("--phases", "examples,coverage,fuzzing", "--max-examples", "4", *ENDS_ITS_SESSION),
}


def test_the_description_is_what_the_code_says() -> None:
    assert DESCRIPTION.read_text() == document.text(), "renew it: python -m lib.web.description > public/openapi.json"


def test_the_description_has_the_doors_of_the_documentation() -> None:
    known = {SCHEDULER: "CRON_SECRET", VIEWER: "API_TOKEN", OWNER: "session", LINK: "link", NOBODY: "nobody"}
    told = {(call.name, call.method.upper()): {known[door] for door in call.doors} for call in CALLS}
    for (name, method, query), lets_in in DOORS.items():
        if not query:
            expected = {"nobody"} if lets_in["nobody"] else {who for who, is_in in lets_in.items() if is_in}
            assert told.pop((name, method)) == expected, (name, method)
    assert told == {}


def test_every_reference_of_the_description_leads_somewhere() -> None:
    shapes = json.loads(DESCRIPTION.read_text())["components"]["schemas"]
    referred = {part.split('"')[0] for part in DESCRIPTION.read_text().split('"#/components/schemas/')[1:]}
    assert referred <= shapes.keys()
    assert shapes.keys() - referred == set(), "a shape that nothing has"


@pytest.fixture(scope="module")
def fuzzer() -> Path:
    try:
        return prepared("fuzz").with_name("schemathesis")
    except NotInstalled as reason:
        pytest.skip(str(reason))


@pytest.fixture(scope="module")
def house(postgres_server: Server, database_template: str) -> Iterator[Served]:
    with contextmanager(_fresh)(postgres_server, database_template) as dsn, served(dsn) as found:
        yield found


@pytest.mark.parametrize("who", HOW)  # the owner last: it may change what the others read
def test_no_call_answers_otherwise_than_described(house: Served, fuzzer: Path, tmp_path: Path, who: str) -> None:
    done = _fuzzed(fuzzer, house, who, tmp_path)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert " passed" in done.stdout


def _fuzzed(fuzzer: Path, house: Served, who: str, folder: Path) -> subprocess.CompletedProcess[str]:
    headers = [part for name, value in house.callers[who].items() for part in ("-H", f"{name}: {value}")]
    secrets = [CRON_SECRET, API_TOKEN, PASSWORD, ENCRYPTION_KEY]
    environ = {
        **os.environ,
        "SCHEMATHESIS_HOOKS": "unleaked",
        "PYTHONPATH": str(Path(__file__).parent),
        "FUZZ_HIDDEN": "\n".join(secrets),
    }
    command = [str(fuzzer), "run", str(DESCRIPTION), "--url", house.url, "--checks", CHECKS, *HOW[who], *headers]
    command += ["--seed", os.environ.get("FUZZ_SEED", "1"), "--suppress-health-check", "all", "--no-color"]
    return subprocess.run(command, env=environ, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
