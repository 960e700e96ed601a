"""/api/logs: filters and cursors by name, newest first."""

import pytest

from tests.api.conftest import call, problem
from tests.spine import BORN_AT, Spine, hours


@pytest.fixture
async def lived(spine: Spine) -> Spine:
    await spine.collect_at([BORN_AT, *hours(BORN_AT, 2)])
    return spine


async def test_the_newest_come_first_and_both_cursors_go_on(lived: Spine) -> None:
    first = (await call(lived.wired, "logs", "limit=4")).json()
    assert first["entries"][0]["event"] == "run.finished"
    assert set(first["entries"][0]) == {"id", "at", "level", "event", "message", "run", "account", "data"}
    older = (await call(lived.wired, "logs", f"limit=4&before={first['before']}")).json()
    assert [int(entry["id"]) for entry in older["entries"]] == [10, 9, 8, 7]
    newer = (await call(lived.wired, "logs", f"after={older['after']}")).json()
    assert newer == first
    nothing = (await call(lived.wired, "logs", f"after={first['after']}")).json()
    assert nothing == {"entries": [], "after": None, "before": None}


@pytest.mark.parametrize(
    ("query", "count"),
    [
        pytest.param("account=main", 4, id="account"),  # three snapshots, and its past estimated
        pytest.param("account=all", 14, id="every account"),
        pytest.param("account=main&event=nothing", 0, id="nothing of an account"),
        pytest.param("event=run", 3, id="event"),
        pytest.param("q=BENCHMARK", 9, id="text"),
        pytest.param("level=warning", 0, id="level"),
    ],
)
async def test_a_filter_leaves_what_fits(lived: Spine, query: str, count: int) -> None:
    assert len((await call(lived.wired, "logs", query)).json()["entries"]) == count


async def test_an_account_that_is_not_there_was_one_of_which_nothing_is_told(lived: Spine) -> None:
    detail = problem(await call(lived.wired, "logs", "account=Main"), 404, "not_found")["detail"]
    assert detail == "there is no account 'Main'; those there are: main (Main), spot (Spot), mixed (Mixed)"


async def test_a_run_is_found_by_its_id(lived: Spine) -> None:
    run = lived.reports[1].run
    entries = (await call(lived.wired, "logs", f"run={run}")).json()["entries"]
    assert len(entries) == 5  # each account, whose past was estimated, and the run
    assert {entry["run"] for entry in entries} == {run}


@pytest.mark.parametrize(
    "query", ["level=loud", "limit=0", "limit=501", "after=x", "before=-1", "after=1&before=2", "q=", "run=%00"]
)
async def test_a_wrong_parameter_is_refused_by_name(lived: Spine, query: str) -> None:
    answer = await call(lived.wired, "logs", query)
    assert (answer.status_code, answer.json()["code"]) == (400, "invalid_input")
    assert answer.json()["detail"].startswith(query.partition("=")[0])
