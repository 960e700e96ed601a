"""/api/accounts as its owner writes to it: add, rename, another key, policy, pause, close, erase."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import httpx
import pytest

from lib.demo.access import Key
from lib.demo.exchange import keys_of
from lib.demo.faults import Fault
from lib.domain.requests import AccountChange, AccountEntry, KeyPair
from lib.usecases import upkeep
from tests.api.conftest import call, problem
from tests.spine import BORN_AT, Spine, hours, opened

NOTHING_YET = {"slot_minutes": 60, "accounts": [], "role": "demo"}
OWNERLESS = """
select c.table_name from information_schema.columns as c
  join information_schema.tables as t using (table_schema, table_name)
 where c.table_schema = 'public' and c.column_name = 'account_id' and t.table_type = 'BASE TABLE' order by 1
"""


def keys(spine: Spine, name: str) -> dict[str, str]:
    account = spine.world.account(name)
    return {"api_key": account.api_key, "secret": account.api_secret}


async def write(spine: Spine, method: str, body: Mapping[str, object]) -> httpx.Response:
    return await call(spine.wired, "accounts", method=method, json=dict(body))


async def remove(spine: Spine, query: str) -> httpx.Response:
    return await call(spine.wired, "accounts", query, method="DELETE")


async def listed(spine: Spine) -> dict[str, Any]:
    return {one["id"]: one for one in (await call(spine.wired, "accounts")).json()["accounts"]}


async def test_an_account_is_added_after_a_look_at_its_key_and_collected_at_once(database: str) -> None:
    async with opened(database) as spine:
        assert (await call(spine.wired, "accounts")).json() == NOTHING_YET
        answer = await write(spine, "POST", {"name": " Main ", **keys(spine, "Main")})
        assert answer.status_code == 201
        body = answer.json()
        assert (body["account"], body["name"], body["run"]["status"]) == ("main", "Main", "ok")
        assert body["rights"] == []
        assert (await listed(spine))["main"]["latest"]["nav"] == body["run"]["accounts"][0]["nav"]
        for hidden in keys(spine, "Main").values():
            assert hidden not in answer.text
        again = await write(spine, "POST", {"name": "Twin", **keys(spine, "Main")})
        assert problem(again, 409, "account_exists")["field"] == "api_key"
        asked = len(spine.to_exchange.calls)
        taken = await write(spine, "POST", {"name": "Main", **keys(spine, "Spot")})
        assert problem(taken, 409, "account_exists")["field"] == "name"
        assert len(spine.to_exchange.calls) == asked
        assert list(await listed(spine)) == ["main"]


async def test_a_key_that_will_not_do_is_refused_with_what_to_change_and_nothing_is_stored(database: str) -> None:
    async with opened(database) as spine:
        risky = Key("Main", "R" * 64, "risky", frozenset({"enableReading", "enableWithdrawals"}))
        blind = Key("Spot", "B" * 64, "blind", frozenset())
        for key in (risky, blind):
            spine.exchange.keys[key.api_key] = key
        entry = {"name": "Main", "api_key": risky.api_key, "secret": risky.secret}
        told = problem(await write(spine, "POST", entry), 422, "key_too_powerful")
        assert "enableWithdrawals" in told["detail"]
        assert told["rights"] == ["enableWithdrawals"]
        entry = {"name": "Spot", "api_key": blind.api_key, "secret": blind.secret}
        problem(await write(spine, "POST", entry), 422, "key_refused")
        unknown = problem(
            await write(spine, "POST", {"name": "X", "api_key": "k" * 64, "secret": "s"}), 422, "key_refused"
        )
        assert "k" * 64 not in unknown["detail"]
        assert unknown["likely"] == "the key does not exist (any more)"
        torn = {"name": "X", "api_key": "k" * 64, "secret": "-----BEGIN PRIVATE KEY-----"}
        torn_key = problem(await write(spine, "POST", torn), 422, "key_refused")
        assert torn_key["likely"] == "the private key cannot be read: give the whole PEM block, from BEGIN to END"
        spine.exchange.faults.append(Fault("/sapi/v1/account/apiRestrictions", status=503))
        problem(await write(spine, "POST", {"name": "Main", **keys(spine, "Main")}), 502, "exchange_trouble")
        assert await listed(spine) == {}


async def test_what_a_key_may_do_beyond_reading_is_told_where_it_is_let_in(database: str) -> None:
    async with opened(database) as spine:
        (main,) = (key for key in keys_of(spine.world) if key.account == "Main")
        trades = replace(main, rights=main.rights | {"enableFutures"})
        spine.exchange.keys[main.api_key] = trades
        lenient = replace(spine.wired.collector, allow_trading_keys=True)
        pair = KeyPair(main.api_key, main.secret)
        added = await upkeep.enter(lenient, AccountEntry("Main", pair))
        changed = await upkeep.change(spine.wired.register, lenient, AccountChange("main", key=pair))
        assert added["rights"] == changed["rights"] == ("enableFutures",)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"name": ""}, "name: "),
        ({"name": "x" * 61}, "name: "),
        ({"name": "All"}, "name: "),
        ({"name": "a\nb"}, "name: "),
        ({"name": None}, "name: "),
        ({"api_key": ""}, "api_key: "),
        ({"api_key": "k" * 201}, "api_key: "),
        ({"secret": None}, "secret: "),
        ({"uid": "1"}, "uid: "),
    ],
)
async def test_a_wrong_entry_is_refused_by_name_and_without_its_key(
    spine: Spine, change: dict[str, object], says: str
) -> None:
    answer = await write(spine, "POST", {"name": "New", "api_key": "hunter2", "secret": "hunter2", **change})
    assert problem(answer, 400, "invalid_input")["detail"].startswith(says)
    assert "hunter2" not in answer.text
    assert spine.to_exchange.calls == []


async def test_an_account_is_renamed_and_its_id_stays(spine: Spine) -> None:
    before = await spine.wired.store.load("main")
    assert (await write(spine, "PATCH", {"account": "main", "name": " Futures "})).json() == {"account": "main"}
    assert (await listed(spine))["main"]["name"] == "Futures"
    assert (await spine.wired.store.load("main")).version == before.version + 1, "what was told before is told anew"
    await write(spine, "PATCH", {"account": "main", "name": "Futures"})
    assert (await spine.wired.store.load("main")).version == before.version + 1, "the same name changes nothing"
    problem(await write(spine, "PATCH", {"account": "main", "name": "Spot"}), 409, "account_exists")
    logged = (await call(spine.wired, "logs", "event=account.renamed")).json()["entries"]
    assert [(entry["account"], entry["message"]) for entry in logged] == [("main", "is called Futures from now on")]


async def test_limits_and_digest_are_set_part_by_part_and_figures_stay_what_they_are(spine: Spine) -> None:
    before = await spine.wired.store.load("main")

    async def told(alerts: object) -> object:
        answer = await write(spine, "PATCH", {"account": "main", "alerts": alerts})
        assert (answer.status_code, answer.json()) == (200, {"account": "main"})
        return {name: value for name, value in (await listed(spine))["main"]["alerts"].items() if name != "open"}

    assert await told({"behind": "0.05"}) == {"behind": 0.05, "drawdown": None, "digest": "off"}
    assert await told({"drawdown": 0.2, "digest": "daily"}) == {"behind": 0.05, "drawdown": 0.2, "digest": "daily"}
    assert await told({"behind": None}) == {"behind": None, "drawdown": 0.2, "digest": "daily"}
    assert await told({"behind": None}) == {"behind": None, "drawdown": 0.2, "digest": "daily"}
    assert await told({"digest": "off"}) == {"behind": None, "drawdown": 0.2, "digest": "off"}
    assert (await spine.wired.store.load("main")).version == before.version
    logged = (await call(spine.wired, "logs", "event=account.alerts")).json()["entries"]
    assert [entry["message"] for entry in logged][::-1] == [
        "alerts are set: behind 0.05",
        "alerts are set: drawdown 0.2, digest daily",
        "alerts are set: behind off",
        "alerts are set: digest off",
    ], "what changes nothing is not told"
    problem(await write(spine, "PATCH", {"account": "nobody", "alerts": {"digest": "off"}}), 404, "not_found")


@pytest.mark.parametrize(
    ("alerts", "says"),
    [
        ({}, "alerts: must have one of"),
        ({"behind": 0}, "alerts.behind: "),
        ({"behind": 1}, "alerts.behind: "),
        ({"drawdown": "NaN"}, "alerts.drawdown: "),
        ({"drawdown": "1e-400"}, "alerts.drawdown: "),
        ({"drawdown": "0." + "1" * 30}, "alerts.drawdown: "),
        ({"digest": "hourly"}, "alerts.digest: "),
        ({"digest": None}, "alerts.digest: "),
        ({"stale": True}, "alerts.stale: "),
    ],
)
async def test_alerts_that_cannot_be_are_refused_by_name(spine: Spine, alerts: object, says: str) -> None:
    answer = await write(spine, "PATCH", {"account": "main", "alerts": alerts})
    assert problem(answer, 400, "invalid_input")["detail"].startswith(says)


async def test_another_key_of_the_same_account_is_read_with_at_once(spine: Spine) -> None:
    await spine.collect_at([BORN_AT])
    (main,) = (key for key in keys_of(spine.world) if key.account == "Main")
    fresh = replace(main, api_key="F" * 64, secret="fresh-secret")
    del spine.exchange.keys[main.api_key]
    spine.exchange.keys[fresh.api_key] = fresh
    report = await spine.collect(hours(BORN_AT, 1)[0])
    assert (await listed(spine))["main"]["status"]["code"] == "needs_attention", report
    answer = await write(spine, "PATCH", {"account": "main", "key": {"api_key": fresh.api_key, "secret": fresh.secret}})
    assert (answer.status_code, answer.json()["run"]["status"]) == (200, "ok")
    assert (await listed(spine))["main"]["status"]["code"] == "ok"
    for hidden in (fresh.api_key, fresh.secret):
        assert hidden not in answer.text + str(spine.sql("select sealed_key from accounts"))
    other = await write(spine, "PATCH", {"account": "main", "key": keys(spine, "Spot")})
    problem(other, 409, "other_owner")
    await spine.assert_sound()


async def test_a_policy_is_changed_for_the_whole_history_with_stored_prices_only(spine: Spine) -> None:
    await spine.collect_at([BORN_AT, *hours(BORN_AT, 2)])
    change = {"weights": {"BTC": "1"}, "rebalance": None}
    answer = await write(spine, "PATCH", {"account": "spot", "policy": change})
    assert answer.json()["policy"]["weights"] == {"BTC": "1"}
    policy = (await call(spine.wired, "history", "account=spot")).json()["benchmark"]["policy"]
    assert (policy["weights"], policy["rebalance"], policy["deposits"]) == ({"BTC": "1"}, None, "target_weights")
    refused = await write(spine, "PATCH", {"account": "spot", "policy": {"weights": {"NOSUCH": 1}}})
    problem(refused, 400, "no_stored_prices")
    wrongs: list[dict[str, object]] = [
        {"weights": {"BTC": 0.5}},
        {"weights": {}},
        {"deposits": "never"},
        {"cost_bp": "-1"},
        {"more": 1},
        {"weights": {"btc": 1}},
        {"rebalance": {"band": "0.05", "hour": 3}},
        {"rebalance": {"every": "day", "weekday": 3, "hour": 3}},
        {"rebalance": {"weekday": 3, "day": 3}},
        {"rebalance": {"every": "day", "minute": 3}},
        {"rebalance": {"every": "year"}},
    ]
    known = ("weights", "deposits", "cost_bp", "policy", "rebalance.")
    for wrong in wrongs:
        body = await write(spine, "PATCH", {"account": "spot", "policy": wrong})
        assert problem(body, 400, "invalid_input")["detail"].startswith(known)
    await spine.assert_sound()


@pytest.mark.parametrize("rate", ["1e400", "1e300", "101", "-1.01", "1e-400"])
async def test_a_rate_beyond_every_interest_once_left_the_account_without_any_figure(spine: Spine, rate: str) -> None:
    await spine.collect_at([BORN_AT, *hours(BORN_AT, 40, 24)])
    body = problem(
        await write(spine, "PATCH", {"account": "spot", "policy": {"risk_free": rate}}), 400, "invalid_input"
    )
    assert body["detail"].startswith("risk_free: ")
    for edge in ("-1", "100"):
        assert (await write(spine, "PATCH", {"account": "spot", "policy": {"risk_free": edge}})).status_code == 200
        assert (await call(spine.wired, "history", "account=spot")).status_code == 200


async def test_an_account_is_paused_and_resumed_as_often_as_one_likes(spine: Spine) -> None:
    for state in ("paused", "paused", "active", "active"):
        assert (await write(spine, "PATCH", {"account": "main", "state": state})).status_code == 200
        assert (await listed(spine))["main"]["state"] == state


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"account": "main"},
        {"account": "main", "name": "A", "state": "paused"},
        {"account": "main", "name": None},
        {"account": "main", "state": "closed"},
        {"account": "main", "key": {"api_key": "k"}},
        {"account": "main", "policy": {}},
        {"account": "", "name": "A"},
    ],
)
async def test_a_change_is_one_thing_of_one_account(spine: Spine, body: dict[str, object]) -> None:
    problem(await write(spine, "PATCH", body), 400, "invalid_input")
    assert (await listed(spine))["main"]["name"] == "Main"


async def test_what_is_not_there_is_404_in_every_way(spine: Spine) -> None:
    changes: list[dict[str, object]] = [
        {"name": "A"},
        {"key": keys(spine, "Main")},
        {"policy": {"cost_bp": "1"}},
        {"state": "paused"},
    ]
    for change in changes:
        problem(await write(spine, "PATCH", {"account": "nope", **change}), 404, "not_found")
    for query in ("account=nope", "account=nope&erase=true&name=x"):
        problem(await remove(spine, query), 404, "not_found")
    assert spine.to_exchange.calls == [], "the exchange is not asked about a key for nothing"


async def test_a_closed_account_is_hidden_keyless_and_its_history_stays_in_all(spine: Spine) -> None:
    await spine.collect_at([BORN_AT, *hours(BORN_AT, 2)])
    before = (await call(spine.wired, "history", "account=all")).json()["series"]
    assert (await remove(spine, "account=main")).json() == {"account": "main", "state": "closed"}
    assert (await remove(spine, "account=main")).status_code == 200, "once more is the same"
    assert list(await listed(spine)) == ["spot", "mixed"]
    assert spine.sql("select sealed_key, uid from accounts where id = 'main'") == [(None, None)]
    assert (await call(spine.wired, "history", "account=all")).json()["series"]["nav"][0] == before["nav"][0]
    problem(await write(spine, "PATCH", {"account": "main", "name": "A"}), 404, "not_found")
    problem(await write(spine, "PATCH", {"account": "main", "state": "active"}), 409, "account_closed")


async def test_an_erased_account_leaves_no_trace_in_any_table(spine: Spine) -> None:
    await spine.collect_at([BORN_AT, *hours(BORN_AT, 2)])
    at = hours(BORN_AT, 1)[0].isoformat()
    flow = {"account": "main", "action": "add", "at": at, "quantity": "1", "reason": "r"}
    added = (await call(spine.wired, "flows", method="POST", json=flow)).json()["flow"]["id"]
    void = {"account": "main", "action": "void", "flow": added, "reason": "r"}
    assert (await call(spine.wired, "flows", method="POST", json=void)).status_code == 200
    await write(spine, "PATCH", {"account": "main", "policy": {"cost_bp": "1"}})
    await call(spine.wired, "rebalance", "account=main&now=true", method="POST")
    tables = [table for (table,) in spine.sql(OWNERLESS)]
    others = {table: spine.sql(f"select count(*) from {table} where account_id = 'spot'") for table in tables}

    problem(await remove(spine, "account=main&erase=true&name=main"), 400, "other_name")
    problem(await remove(spine, "account=main&erase=true"), 400, "invalid_input")
    problem(await remove(spine, "account=main&name=Main"), 400, "invalid_input")
    assert "main" in await listed(spine)
    answer = await remove(spine, "account=main&erase=true&name=Main")
    assert (answer.status_code, answer.json()) == (200, {"account": "main", "state": "erased"})
    problem(await remove(spine, "account=main&erase=true&name=Main"), 404, "not_found")
    assert list(await listed(spine)) == ["spot", "mixed"]
    for table in tables:
        assert spine.sql(f"select count(*) from {table} where account_id = 'main'") == [(0,)], table
        assert spine.sql(f"select count(*) from {table} where account_id = 'spot'") == others[table], table
    told = str(spine.sql("select message, data from logs"))
    assert "Main" not in told
    assert "main" not in told
    assert (await spine.collect(hours(BORN_AT, 3)[-1])).status == "ok", "the others go on"
