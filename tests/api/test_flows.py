"""/api/flows: the ledger to read, and in demo mode to change."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx
import pytest

from lib.document.reading import read
from lib.document.writing import write
from lib.usecases.export import export
from tests.api.conftest import LOCKED, call, in_mode, problem
from tests.spine import BORN_AT, Spine, hours

AT = (BORN_AT + timedelta(hours=1, minutes=30)).isoformat()
ADD = {"account": "spot", "action": "add", "at": AT, "asset": "USDT", "quantity": "250.5", "reason": "a gift"}


@pytest.fixture
async def lived(spine: Spine) -> Spine:
    await spine.collect_at([BORN_AT, *hours(BORN_AT, 3)])
    return spine


async def post(spine: Spine, body: Mapping[str, object], **headers: str) -> httpx.Response:
    return await call(spine.wired, "flows", method="POST", json=dict(body), headers=headers)


async def listed(spine: Spine, query: str = "account=spot") -> list[dict[str, Any]]:
    flows: list[dict[str, Any]] = (await call(spine.wired, "flows", query)).json()["flows"]
    return flows


async def test_an_added_flow_is_listed_and_can_be_corrected_and_voided(lived: Spine) -> None:
    added = (await post(lived, ADD)).json()["flow"]
    assert (added["state"], added["kind"], added["usd"], added["source"]) == ("booked", "deposit", "250.5", "manual")
    assert await listed(lived) == [added]
    corrected = (
        await post(lived, {**ADD, "action": "correct", "flow": added["id"], "quantity": 260, "reason": "more"})
    ).json()["flow"]
    assert corrected["usd"] == "260"
    old = next(flow for flow in await listed(lived) if flow["id"] == added["id"])
    assert (old["state"], old["superseded_by"], old["reason"]) == ("superseded", corrected["id"], "more")
    body = {"account": "spot", "action": "void", "flow": corrected["id"], "reason": "a dream"}
    assert (await post(lived, body)).json()["flow"]["state"] == "void"
    assert {flow["state"] for flow in await listed(lived)} == {"superseded", "void"}
    history = (await call(lived.wired, "history", "account=spot")).json()
    assert history["metrics"]["net_flows"] == "0"
    await lived.assert_sound()


async def test_a_part_of_the_ledger_is_asked_for_by_time(lived: Spine) -> None:
    await post(lived, ADD)
    until = AT.replace("+00:00", "Z")
    assert len(await listed(lived, f"account=spot&to={until}")) == 1
    assert await listed(lived, f"account=spot&from={until}") == []


@pytest.mark.parametrize(
    ("change", "says"),
    [
        pytest.param({"quantity": "NaN"}, "quantity: ", id="no number"),
        pytest.param({"quantity": None}, "quantity: is needed", id="no quantity"),
        pytest.param({"at": "2026-01-01T00:00:00"}, "at: ", id="no zone"),
        pytest.param({"at": None}, "at: is needed", id="no time"),
        pytest.param({"action": "burn"}, "action: ", id="unknown action"),
        pytest.param({"reason": ""}, "reason: ", id="no reason"),
        pytest.param({"asset": "<b>"}, "asset: ", id="no asset"),
        pytest.param({"more": 1}, "more: ", id="unknown member"),
        pytest.param({"action": "void"}, "flow: is needed", id="void what"),
        pytest.param({"flow": "manual:1"}, "flow: is of no use to add", id="an entry to add"),
        pytest.param({"action": "void", "flow": "x"}, "asset: is of no use to void", id="amounts to void"),
        pytest.param({"asset": "usdt"}, "asset: must be a coin's name in capital letters", id="small letters"),
        pytest.param({"m" * 9000: 1}, "mmmm", id="a long name"),
    ],
)
async def test_a_wrong_body_is_refused_by_name(lived: Spine, change: dict[str, object], says: str) -> None:
    body = problem(await post(lived, {**ADD, **change}), 400, "invalid_input")
    assert body["detail"].startswith(says)
    assert len(body["detail"]) < 200
    assert await listed(lived) == []


@pytest.mark.parametrize("quantity", ["1e30", "-1000000000000000000", "1e-19", "1.0000000000000000001"])
async def test_a_flow_that_no_history_file_can_carry_was_booked(lived: Spine, quantity: str) -> None:
    body = problem(await post(lived, {**ADD, "quantity": quantity}), 400, "invalid_input")
    assert body["detail"].startswith("quantity: must have at most 18 digits")
    assert await listed(lived) == []


@pytest.mark.parametrize("quantity", ["999999999999999999.999999999999999999", "-0.000000000000000001"])
async def test_what_a_coin_can_be_is_booked_and_told_by_a_history_file(lived: Spine, quantity: str) -> None:
    assert (await post(lived, {**ADD, "quantity": quantity})).status_code == 200
    (record,) = await export(lived.wired.store, "spot")
    (told,) = read(write(record), "spot.json")
    assert [(flow.at, flow.usd) for flow in told.truth.flows] == [(flow.at, flow.usd) for flow in record.truth.flows]


async def test_an_unknown_entry_or_account_is_404(lived: Spine) -> None:
    body = {"account": "spot", "action": "void", "flow": "deposit:nope", "reason": "x"}
    assert "deposit:nope" in problem(await post(lived, body), 404, "not_found")["detail"]
    problem(await post(lived, {**ADD, "account": "nobody"}), 404, "not_found")
    problem(await call(lived.wired, "flows", "account=nobody"), 404, "not_found")


async def test_another_sites_page_changes_nothing(lived: Spine) -> None:
    problem(await post(lived, ADD, origin="https://evil.example"), 403, "other_site")
    form = await call(lived.wired, "flows", method="POST", data={"account": "spot"})
    problem(form, 400, "invalid_input")
    assert (await post(lived, ADD, origin="http://monitor.test")).status_code == 200


async def test_outside_of_the_demo_nobody_changes_it_over_http(lived: Spine) -> None:
    locked = in_mode(lived.wired, LOCKED)
    for bearer in (LOCKED["CRON_SECRET"], LOCKED["API_TOKEN"], None):
        answer = await call(locked, "flows", method="POST", json=ADD, bearer=bearer)
        assert "./monitor" in problem(answer, 401, "unauthorized")["detail"]
    assert await listed(lived) == []


async def test_the_flows_of_all_accounts_stand_together_newest_first(spine: Spine) -> None:
    await spine.collect_at([BORN_AT, *hours(BORN_AT, 20, 12)])
    body = (await call(spine.wired, "flows", "account=all")).json()
    alone = [(await call(spine.wired, "flows", f"account={name}")).json() for name in ("main", "spot", "mixed")]
    assert body["account"] == "all"
    assert body["flows"], "the demo's accounts have flows by then"
    for part in ("flows", "coming"):
        assert {(one["account"], one["id"]) for one in body[part]} == {
            (one["account"], one["id"]) for answer in alone for one in answer[part]
        }
        times = [one["at"] for one in body[part]]
        assert times == sorted(times, reverse=True)
