"""/api/share: percentages for the holder of a link, and nothing from which an amount follows."""

from typing import Any

import httpx
import pytest

from lib.wiring import Wired
from tests.api.conftest import API_TOKEN, LOCKED, SITE, call, in_mode, owner, problem
from tests.spine import BORN_AT, Spine, hours

SERIES = ["t", "nav_index", "benchmark_index", "drawdown", "benchmark_drawdown"]
MADE = ["id", "account", "created_at", "last_opened_at", "token", "path"]


async def make(wired: Wired, account: str = "spot", **rest: Any) -> httpx.Response:
    return await call(wired, "share", method="POST", json={"account": account}, **rest)


async def shown(wired: Wired, token: str) -> dict[str, Any]:
    answer = await call(wired, "share", bearer=token)
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "private, no-store")
    body: dict[str, Any] = answer.json()
    return body


@pytest.fixture
async def lived(spine: Spine) -> Spine:
    """Three accounts over some hours, a deposit of Spot among them."""
    await spine.collect_at([BORN_AT, *hours(BORN_AT, 3)])
    at = hours(BORN_AT, 1)[0].isoformat()
    gift = {"account": "spot", "action": "add", "at": at, "quantity": "5000", "reason": "a gift"}
    assert (await call(spine.wired, "flows", method="POST", json=gift)).status_code == 200
    await spine.collect_at(hours(hours(BORN_AT, 3)[-1], 5))
    return spine


@pytest.mark.parametrize("account", ["spot", "all"])
async def test_a_link_shows_growth_and_ratios_and_nothing_else(lived: Spine, account: str) -> None:
    made = await make(lived.wired, account)
    assert (made.status_code, list(made.json())) == (201, MADE)
    body = await shown(lived.wired, made.json()["token"])
    assert list(body) == ["inception", "from", "to", "benchmark", "series", "gaps", "metrics"]
    assert list(body["series"]) == SERIES
    assert {len(column) for column in body["series"].values()} == {9}
    assert (body["series"]["nav_index"][0], body["series"]["benchmark_index"][0]) == (1.0, 1.0)
    assert set(body["benchmark"]) == {"weights", "rebalance", "risk_free"}
    history = (await call(lived.wired, "history", f"account={account}")).json()
    assert body["series"]["t"] == [round(at) for at in history["series"]["t"]]
    for ours, theirs in zip(body["series"]["nav_index"], history["series"]["nav_index"], strict=True):
        assert abs(ours - theirs) <= 0.00005
    money = {name for name, value in history["metrics"].items() if isinstance(value, str)}
    assert money >= {"nav", "put_in", "net_flows"}
    assert set(body["metrics"]) & (money | {"value_ratio", "mwr", "mwr_annual"}) == set()
    assert abs(body["metrics"]["twr"] - history["metrics"]["twr"]) <= 0.00005


async def test_a_link_tells_the_same_whatever_the_amounts_are(lived: Spine) -> None:
    token = (await make(lived.wired)).json()["token"]
    before = await shown(lived.wired, token)
    lived.sql("update snapshots set nav_usd = nav_usd * 7 + 3, benchmark_usd = benchmark_usd * 11, flow_usd = 5")
    lived.sql("update benchmark_events set usd = usd + 9, value_usd = value_usd * 2")
    lived.sql("delete from flows")
    assert await shown(lived.wired, token) == before


async def test_no_name_id_or_amount_of_an_account_is_in_what_a_link_shows(lived: Spine) -> None:
    for account in ("spot", "all"):
        token = (await make(lived.wired, account)).json()["token"]
        text = (await call(lived.wired, "share", bearer=token)).text.lower()
        for word in ("spot", "main", "mixed", "usd", "5000", "units", "account", '"flow"', "wallet"):
            assert word not in text, word


async def test_what_is_kept_of_a_link_opens_nothing(lived: Spine) -> None:
    made = (await make(lived.wired)).json()
    (kept,) = lived.sql("select id, token_hash, account_id from shares")
    assert (kept[0], kept[2]) == (made["id"], "spot")
    assert made["token"] not in str(kept)
    assert made["path"] == f"/share#{made['token']}"
    for other in (kept[1], made["id"], made["token"][:-1], made["token"] + "x", "", "spot", "ü"):
        answer = await call(lived.wired, "share", headers={"Authorization": f"Bearer {other}".encode()})
        assert problem(answer, 404, "not_found")["detail"] == "this link was withdrawn or never existed"
    logged = str(lived.sql("select * from logs"))
    assert made["token"] not in logged


async def test_the_owner_sees_when_a_link_was_opened_and_withdraws_it(lived: Spine) -> None:
    one, other = (await make(lived.wired)).json(), (await make(lived.wired, "all")).json()
    listed = (await call(lived.wired, "share")).json()["shares"]
    assert {link["id"]: (link["account"], link["last_opened_at"]) for link in listed} == {
        one["id"]: ("spot", None),
        other["id"]: ("all", None),
    }
    assert one["token"] not in str(listed)
    await shown(lived.wired, one["token"])
    opened = {link["id"]: link["last_opened_at"] for link in (await call(lived.wired, "share")).json()["shares"]}
    assert opened == {one["id"]: lived.now.isoformat().replace("+00:00", "Z"), other["id"]: None}
    gone = await call(lived.wired, "share", f"id={one['id']}", method="DELETE")
    assert gone.json() == {"id": one["id"], "state": "revoked"}
    problem(await call(lived.wired, "share", bearer=one["token"]), 404, "not_found")
    problem(await call(lived.wired, "share", f"id={one['id']}", method="DELETE"), 404, "not_found")
    await shown(lived.wired, other["token"])


async def test_a_link_of_an_erased_account_is_gone_with_it(lived: Spine) -> None:
    token = (await make(lived.wired)).json()["token"]
    await call(lived.wired, "accounts", "account=spot&erase=true&name=Spot", method="DELETE")
    problem(await call(lived.wired, "share", bearer=token), 404, "not_found")


async def test_before_the_first_snapshot_a_link_shows_that_there_is_nothing_yet(spine: Spine) -> None:
    for account in ("spot", "all"):
        body = await shown(spine.wired, (await make(spine.wired, account)).json()["token"])
        assert (body["inception"], body["series"]["t"], body["metrics"]) == (None, [], None)


@pytest.mark.parametrize(
    ("query", "body"),
    [("", {}), ("", {"account": ""}), ("", {"account": "spot", "x": 1}), ("a=1", {"account": "spot"})],
)
async def test_a_wrong_wish_is_400(spine: Spine, query: str, body: dict[str, object]) -> None:
    problem(await call(spine.wired, "share", query, method="POST", json=body), 400, "invalid_input")


async def test_an_unknown_account_has_no_link(spine: Spine) -> None:
    problem(await make(spine.wired, "nobody"), 404, "not_found")


async def test_outside_of_the_demo_only_the_owner_makes_links_and_anyone_with_one_opens_it(lived: Spine) -> None:
    locked = in_mode(lived.wired, LOCKED)
    problem(await make(locked), 401, "unauthorized")
    problem(await make(locked, bearer=API_TOKEN), 401, "unauthorized")
    problem(await call(locked, "share"), 401, "unauthorized")
    problem(await call(locked, "share", bearer=API_TOKEN), 404, "not_found")
    made = (await make(locked, headers=await owner(locked), site=SITE)).json()
    await shown(locked, made["token"])
    problem(await call(locked, "accounts", bearer=made["token"]), 401, "unauthorized")
