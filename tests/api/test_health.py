"""GET /api/health: open to anyone, so it says whether the product works and nothing of what it knows."""

from datetime import timedelta

import psycopg
import pytest

from lib.local import data_api
from lib.wiring import StoreHome, build
from tests.api.conftest import LOCKED, OWN, call, in_mode
from tests.spine import Spine, the_settings

MEMBERS = ["status", "version", "store", "newest_snapshot_age_s", "demo", "log_in"]
SLOT = timedelta(hours=1)


async def test_a_new_installation_is_well_and_has_no_snapshot(spine: Spine) -> None:
    answer = await call(in_mode(spine.wired, LOCKED), "health")
    body = answer.json()
    assert (answer.status_code, list(body)) == (200, MEMBERS)
    assert (body["status"], body["store"], body["newest_snapshot_age_s"], body["demo"]) == ("ok", "ok", None, False)


@pytest.mark.parametrize(
    ("age", "status"),
    [(timedelta(), "ok"), (2 * SLOT, "ok"), (2 * SLOT + timedelta(seconds=1), "degraded"), (90 * SLOT, "degraded")],
)
async def test_it_degrades_when_two_slots_brought_nothing(spine: Spine, age: timedelta, status: str) -> None:
    await spine.collect()
    spine.clock.set(spine.now + age)
    answer = await call(in_mode(spine.wired, OWN), "health")
    assert answer.status_code == 200
    assert (answer.json()["status"], answer.json()["newest_snapshot_age_s"]) == (status, age.total_seconds())


@pytest.mark.parametrize(
    ("environ", "by"),
    [(LOCKED, "password"), ({**OWN, "API_TOKEN": "look"}, "token"), (OWN, "nothing")],
)
async def test_it_says_by_what_one_comes_in(spine: Spine, environ: dict[str, str], by: str) -> None:
    assert (await call(in_mode(spine.wired, environ), "health")).json()["log_in"] == by


async def test_it_names_no_amount_no_account_and_no_secret(lived: Spine) -> None:
    answer = await call(in_mode(lived.wired, LOCKED), "health")
    assert list(answer.json()) == MEMBERS
    for name in ("Main", "main", "nav", "usd", "BTC"):
        assert name not in answer.text


async def test_a_database_that_is_away_is_503_down_within_the_clients_patience(unused_tcp_port: int) -> None:
    dsn = f"postgresql://nobody:hunter2@127.0.0.1:{unused_tcp_port}/nothing?connect_timeout=1"
    async with data_api.connected(dsn, connections=1, wait_s=0.2) as transport:
        home = StoreHome(data_api.URL, data_api.SECRET_KEY, transport)
        wired = in_mode(build(the_settings(), store=home), OWN)
        answer = await call(wired, "health")
        assert (answer.status_code, answer.headers["content-type"]) == (503, "application/json")
        assert list(answer.json()) == MEMBERS
        assert (answer.json()["status"], answer.json()["store"]) == ("down", "unreachable")
        for name, query in (("collect", ""), ("accounts", ""), ("history", "account=all")):
            locked = await call(in_mode(wired, {}), name, query)
            assert (locked.status_code, locked.json()["code"]) == (503, "unavailable")
            assert "hunter2" not in locked.text
            assert "127.0.0.1" not in locked.text


async def test_a_database_that_went_away_comes_back_by_itself(spine: Spine) -> None:
    assert (await call(spine.wired, "health")).status_code == 200
    with psycopg.connect(spine.dsn, autocommit=True) as connection:
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where datname = current_database() and pid <> pg_backend_pid()"
        )
    assert (await call(spine.wired, "health")).status_code == 200
