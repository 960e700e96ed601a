"""GET, POST /api/collect and /api/rebalance: what a run answers, whole, in part, failed, or not at all."""

import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from lib.demo.faults import Fault
from tests.api.conftest import CRON_SECRET, LOCKED, call, in_mode, problem
from tests.spine import BORN_AT, Spine, opened

RUN = ["run", "status", "started_at", "duration_ms", "binance", "accounts"]
ACCOUNT = ["id", "name", "status", "slot", "nav", "benchmark", "flows", "rebalances", "missing", "error"]
HOUR = timedelta(hours=1)


def stamp(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


async def run(spine: Spine, query: str = "", *, name: str = "collect", status: int = 200, method: str = "GET") -> Any:
    answer = await call(in_mode(spine.wired, LOCKED), name, query, method=method, bearer=CRON_SECRET)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/json")
    body = answer.json()
    assert list(body) == RUN
    for account in body["accounts"]:
        assert list(account) == ACCOUNT
    return body


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("name", ["collect", "rebalance"])
async def test_a_run_answers_in_the_promised_shape(spine: Spine, name: str, method: str) -> None:
    body = await run(spine, name=name, method=method)
    assert (body["status"], body["started_at"]) == ("ok", stamp(spine.now))
    assert re.fullmatch(r"[0-9a-f]{16}", body["run"])
    assert isinstance(body["duration_ms"], int)
    assert list(body["binance"]) == ["requests", "weight"]
    assert body["binance"]["requests"] == len(spine.to_exchange.calls)
    assert all(isinstance(used, int) and used >= 0 for used in body["binance"]["weight"].values())
    assert {one["id"] for one in body["accounts"]} == {"main", "spot", "mixed"}
    for one in body["accounts"]:
        assert (one["status"], one["slot"], one["missing"], one["error"]) == ("stored", stamp(BORN_AT), [], None)
        assert (one["flows"], one["rebalances"]) == (0, 0)
        assert isinstance(one["nav"], str)
        assert Decimal(one["nav"]) == Decimal(one["benchmark"]) > 0


async def test_a_slot_that_is_stored_is_not_due_again_unless_it_is_forced(spine: Spine) -> None:
    await run(spine)
    again = await run(spine)
    assert (again["status"], again["accounts"], again["binance"]["requests"]) == ("nothing_due", [], 0)
    assert [one["id"] for one in (await run(spine, "account=spot&force=true"))["accounts"]] == ["spot"]
    assert (await run(spine, "account=spot&force=false"))["status"] == "nothing_due"
    assert len((await run(spine, "force=true"))["accounts"]) == 3


async def test_one_account_can_be_asked_for_alone(spine: Spine) -> None:
    assert [one["id"] for one in (await run(spine, "account=mixed"))["accounts"]] == ["mixed"]
    assert {one["id"] for one in (await run(spine))["accounts"]} == {"main", "spot"}


@pytest.mark.parametrize("name", ["collect", "rebalance"])
@pytest.mark.parametrize("account", ["nope", "all", "Main", "%20main", "main%27--", "ma%C3%AFn", "%F0%9F%90%99", "%ff"])
async def test_an_unknown_account_was_answered_as_if_nothing_were_due(spine: Spine, name: str, account: str) -> None:
    for more in ("", "&force=true" if name == "collect" else "&now=true"):
        answer = await call(spine.wired, name, f"account={account}{more}")
        assert "there is no account" in problem(answer, 404, "not_found")["detail"]
    assert spine.to_exchange.calls == []


async def test_a_part_that_cannot_be_read_is_named_and_has_no_value(spine: Spine) -> None:
    spine.exchange.faults.append(Fault("/fapi/", account="Main", status=500))
    body = await run(spine)
    assert body["status"] == "partial"
    found = {one["id"]: one for one in body["accounts"]}
    main = found["main"]
    assert (main["status"], main["nav"], main["benchmark"]) == ("partial", None, None)
    assert main["missing"] == ["usdm"]
    assert [found[other]["status"] for other in ("spot", "mixed")] == ["stored", "stored"]


async def test_one_account_that_fails_never_stops_another(spine: Spine) -> None:
    refused = b'{"code":-2015,"msg":"Invalid API-key, IP, or permissions for action."}'
    spine.exchange.faults.append(Fault("/sapi/", account="Spot", status=401, body=refused))
    body = await run(spine)
    found = {one["id"]: one for one in body["accounts"]}
    assert body["status"] == "partial"
    assert (found["spot"]["status"], found["spot"]["nav"]) == ("error", None)
    assert "-2015" in found["spot"]["error"]
    assert "?" not in found["spot"]["error"], "no query string"
    assert [found[other]["status"] for other in ("main", "mixed")] == ["stored", "stored"]


@pytest.mark.parametrize("what", ["answer", "timeout", "disconnect", "torn body"])
async def test_when_every_account_failed_it_is_502_with_the_same_body(spine: Spine, what: Any) -> None:
    spine.exchange.faults.append(Fault("/", what))
    body = await run(spine, status=502)
    assert body["status"] == "failed"
    assert len(body["accounts"]) == 3
    for one in body["accounts"]:
        assert (one["status"], one["nav"], one["benchmark"], one["slot"]) == ("error", None, None, stamp(BORN_AT))
        assert one["error"]
    spine.exchange.faults.clear()
    assert (await run(spine))["status"] == "ok", "the next run repairs, in the same slot"


async def test_no_secret_of_an_account_is_in_any_answer_of_a_failed_run(spine: Spine) -> None:
    spine.exchange.faults.append(Fault("/", status=401, body=b'{"code":-1022,"msg":"Signature is not valid."}'))
    answer = await call(spine.wired, "collect")
    assert answer.status_code == 502
    for account in spine.world.accounts:
        assert account.api_key not in answer.text
        assert account.api_secret not in answer.text
    assert "signature=" not in answer.text


async def test_rebalancing_now_is_an_entry_of_the_ledger_and_a_due_one_is_none(spine: Spine) -> None:
    await run(spine)
    spine.clock.set(BORN_AT + 2 * HOUR)
    asked = await run(spine, "account=main&now=true", name="rebalance")
    assert [(one["id"], one["rebalances"]) for one in asked["accounts"]] == [("main", 1)]
    assert spine.sql("select account_id, at from rebalances") == [("main", spine.now)]
    spine.clock.set(BORN_AT + 6 * HOUR)  # Monday 12:00 is over
    due = await run(spine, name="rebalance")
    assert {one["rebalances"] for one in due["accounts"]} == {1}
    assert len(spine.sql("select 1 from rebalances")) == 1


@pytest.fixture
async def without_schema(empty_database: str) -> AsyncIterator[Spine]:
    async with opened(empty_database) as found:
        yield found


@pytest.mark.parametrize(
    ("name", "query"),
    [("collect", ""), ("rebalance", "account=main"), ("accounts", ""), ("history", "account=all")],
)
async def test_a_database_behind_the_code_is_503_with_the_command(without_schema: Spine, name: str, query: str) -> None:
    body = problem(await call(without_schema.wired, name, query), 503, "migrations_behind")
    assert "./monitor migrate" in body["detail"]


async def test_an_older_schema_stops_a_run_before_the_exchange_is_asked(spine: Spine) -> None:
    spine.sql("delete from private.migrations where number = (select max(number) from private.migrations)")
    problem(await call(spine.wired, "collect"), 503, "migrations_behind")
    assert spine.to_exchange.calls == []
