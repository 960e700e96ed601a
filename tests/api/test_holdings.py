"""/api/holdings: one snapshot of nine days down to what it was made of, over the real store and exchange."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from lib.demo.faults import Fault
from tests.api.conftest import COARSE_MINUTES, LIVED, PARTIAL, call, problem
from tests.spine import BORN_AT, Spine

STEP = timedelta(minutes=COARSE_MINUTES)
MEMBERS = [
    *("account", "at", "complete", "missing", "nav", "accounts", "wallets", "positions", "unpriced"),
    *("reconciliation", "differences"),
]


async def held(spine: Spine, query: str) -> dict[str, Any]:
    answer = await call(spine.wired, "holdings", query)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def worth(body: dict[str, Any]) -> Decimal:
    return sum((Decimal(one["value"]) for wallet in body["wallets"] for one in wallet["holdings"]), Decimal(0))


async def latest(spine: Spine, account: str) -> dict[str, Any]:
    listed = (await call(spine.wired, "accounts")).json()["accounts"]
    found: dict[str, Any] = next(one for one in listed if one["id"] == account)["latest"]
    return found


async def test_everything_of_an_account_adds_up_to_its_value(lived: Spine) -> None:
    for account in ("main", "spot", "mixed"):
        body = await held(lived, f"account={account}")
        assert list(body) == MEMBERS
        known = await latest(lived, account)
        assert (body["at"], body["nav"], body["complete"], body["missing"]) == (known["at"], known["nav"], True, [])
        assert abs(worth(body) - Decimal(body["nav"])) < Decimal("0.00001")
        assert sorted(wallet["wallet"] for wallet in body["wallets"]) == known["wallets"]
        for wallet in body["wallets"]:
            assert abs(sum(Decimal(one["value"]) for one in wallet["holdings"]) - Decimal(wallet["value"])) < 1
            for one in wallet["holdings"]:
                price = Decimal(one["price"] or 0)
                assert abs(Decimal(one["quantity"]) * price - Decimal(one["value"])) < Decimal("0.00000001")
                assert (one["account"], one["price_age_s"]) == (account, 0)


async def test_wallets_and_holdings_come_most_valuable_first(lived: Spine) -> None:
    for wallets in [(await held(lived, f"account={name}"))["wallets"] for name in ("mixed", "all")]:
        for rows in (wallets, *(wallet["holdings"] for wallet in wallets)):
            values = [Decimal(one["value"]) for one in rows]
            assert values == sorted(values, reverse=True)


async def test_a_past_snapshot_is_asked_for_by_time_and_a_partial_one_passed_over(lived: Spine) -> None:
    day_five = (BORN_AT + timedelta(days=5)).isoformat().replace("+00:00", "Z")
    body = await held(lived, f"account=mixed&at={day_five}")
    assert timedelta(0) <= BORN_AT + timedelta(days=5) - datetime.fromisoformat(body["at"]) < STEP
    broken = (BORN_AT + PARTIAL + timedelta(hours=1)).isoformat().replace("+00:00", "Z")
    before = datetime.fromisoformat((await held(lived, f"account=mixed&at={broken}"))["at"])
    assert before < BORN_AT + PARTIAL - timedelta(hours=12)
    main = datetime.fromisoformat((await held(lived, f"account=main&at={broken}"))["at"])
    assert main >= BORN_AT + PARTIAL


async def test_a_partial_snapshot_is_found_by_its_very_time_without_a_value_and_never_in_a_sum(spine: Spine) -> None:
    await spine.collect()
    spine.exchange.faults.append(Fault("/fapi/", account="Main"))
    await spine.collect(BORN_AT + timedelta(hours=1))
    listed = (await call(spine.wired, "accounts")).json()["accounts"]
    tried = next(one for one in listed if one["id"] == "main")["last_try"]
    body = await held(spine, f"account=main&at={tried['at']}")
    assert (body["at"], body["complete"], body["missing"], body["nav"]) == (tried["at"], False, ["usdm"], None)
    assert body["accounts"] == [{"account": "main", "at": tried["at"], "nav": None}]
    assert sorted(one["wallet"] for one in body["wallets"]) == tried["wallets"]
    later = (datetime.fromisoformat(tried["at"]) + timedelta(microseconds=1)).isoformat().replace("+00:00", "Z")
    for query in (f"account=main&at={later}", f"account=all&at={tried['at']}"):
        whole = await held(spine, query)
        assert (whole["complete"], whole["missing"]) == (True, [])
        assert whole["nav"] is not None


async def test_before_the_first_snapshot_there_is_nothing(lived: Spine) -> None:
    for account in ("main", "all"):
        body = await held(lived, f"account={account}&at=2020-01-01T00:00:00Z")
        assert (body["at"], body["nav"], body["complete"], body["wallets"], body["reconciliation"]) == (
            *(None, None, None, []),
            None,
        )
        assert body["differences"] == {"t": [], "total": [], "wallets": {}}


async def test_all_is_the_sum_of_the_accounts(lived: Spine) -> None:
    everybody = await held(lived, "account=all")
    alone = [await held(lived, f"account={name}") for name in ("main", "spot", "mixed")]
    assert [one["account"] for one in everybody["accounts"]] == ["main", "spot", "mixed"]
    assert abs(Decimal(everybody["nav"]) - sum(Decimal(one["nav"]) for one in alone)) < Decimal("0.0000001")
    assert len(everybody["positions"]) == sum(len(one["positions"]) for one in alone)
    rows = {
        (wallet["wallet"], one["account"], one["asset"], one["quantity"])
        for wallet in everybody["wallets"]
        for one in wallet["holdings"]
    }
    assert rows == {
        (wallet["wallet"], one["account"], one["asset"], one["quantity"])
        for body in alone
        for wallet in body["wallets"]
        for one in wallet["holdings"]
    }
    for column in ("ours", "theirs", "difference"):
        total = sum(Decimal(one["reconciliation"][column]) for one in alone)
        assert abs(Decimal(everybody["reconciliation"][column]) - total) < Decimal("0.0000001")


async def test_the_reconciliation_is_the_one_the_list_of_accounts_tells(lived: Spine) -> None:
    body = await held(lived, "account=mixed")
    found, known = body["reconciliation"], (await latest(lived, "mixed"))["reconciliation"]
    assert (found["theirs"], found["difference"]) == (known["total"], known["difference"])
    for one in (found, *found["wallets"]):
        gap = Decimal(one["ours"]) - Decimal(one["theirs"]) - Decimal(one["difference"])
        assert abs(gap) <= Decimal("0.00000001")
    assert Decimal(found["ours"]) == Decimal(body["nav"])


async def test_the_differences_of_the_snapshots_before_are_columns(lived: Spine) -> None:
    body = await held(lived, "account=mixed")
    columns = body["differences"]
    taken = LIVED // STEP - 2 - 1  # two fall into the quiet hours, one is partial; this one is not among those before
    assert len(columns["t"]) == len(columns["total"]) == taken
    assert columns["t"] == sorted(columns["t"])
    assert columns["t"][-1] < datetime.fromisoformat(body["at"]).timestamp()
    assert all(len(one) == taken for one in columns["wallets"].values())
    for place, total in enumerate(columns["total"]):
        parts = sum(Decimal(one[place]) for one in columns["wallets"].values())
        assert abs(parts - Decimal(total)) < Decimal("0.0000001")
    everybody = (await held(lived, "account=all"))["differences"]
    assert everybody["total"].count(None) == 1, "the hour that Mixed lacks a wallet in"
    assert len(everybody["t"]) == taken + 1


async def test_open_positions_say_what_they_are_worth(lived: Spine) -> None:
    (first, *_) = (await held(lived, "account=main"))["positions"]
    assert (first["account"], first["wallet"]) == ("main", "usdm")
    assert Decimal(first["value"]) == pytest.approx(Decimal(first["quantity"]) * Decimal(first["mark"]))
    assert (first["leverage"], first["margin"]) == ("5", "cross")
    gained = Decimal(first["quantity"]) * (Decimal(first["mark"]) - Decimal(first["entry"]))
    assert Decimal(first["unrealised"]) == pytest.approx(
        gained if first["side"] == "long" else -gained, rel=Decimal("0.01")
    )
    assert first["liquidation"] is not None


async def test_it_takes_one_call_of_the_database(lived: Spine) -> None:
    for query in ("account=main", "account=all"):
        lived.to_store.clear()
        await held(lived, query)
        assert len(lived.to_store.calls) == 1
    lived.to_store.clear()
    assert (await call(lived.wired, "flows", "account=all")).status_code == 200
    assert len(lived.to_store.calls) == 1


async def test_what_cannot_be_asked_is_refused_by_name(lived: Spine) -> None:
    for query, name in (("", "account"), ("account=main&at=yesterday", "at"), ("account=main&x=1", "x")):
        body = problem(await call(lived.wired, "holdings", query), 400, "invalid_input")
        assert body["detail"].startswith(f"{name}: ")
    problem(await call(lived.wired, "holdings", "account=nobody"), 404, "not_found")
