"""Deposit and withdrawal history: windows, pages, and rows that change as time goes by."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from lib.demo.events import Deposit, Withdrawal
from lib.demo.instants import to_ms
from tests.demo.conftest import BORN_AT, Asker, refused

DEPOSITS = "/sapi/v1/capital/deposit/hisrec"
WITHDRAWALS = "/sapi/v1/capital/withdraw/history"
DAY_MS = 86_400_000
END = BORN_AT + timedelta(days=89)
SECOND = timedelta(seconds=1)


def one[Kind](ask: Asker, account: str, kind: type[Kind], **wanted: object) -> Kind:
    return next(
        m
        for m in ask.exchange.world.movements(account, END)
        if isinstance(m, kind) and all(getattr(m, name) == value for name, value in wanted.items())
    )


def row_at(ask: Asker, account: str, path: str, name: str, at: datetime) -> Any:
    ask.clock.set(at)
    return next((row for row in ask.signed(account, path) if row["id"] == name), None)


def test_a_deposit_passes_from_pending_to_credited_to_done(ask: Asker) -> None:
    paid = one(ask, "Mixed", Deposit, wallet="funding")
    assert row_at(ask, "Mixed", DEPOSITS, paid.id, paid.inserted_at - SECOND) is None
    pending = row_at(ask, "Mixed", DEPOSITS, paid.id, paid.inserted_at)
    assert (pending["status"], pending["walletType"]) == (0, 1)
    assert "completeTime" not in pending
    credited = row_at(ask, "Mixed", DEPOSITS, paid.id, paid.credited_at)
    assert (credited["status"], credited["completeTime"]) == (6, to_ms(paid.credited_at))
    assert row_at(ask, "Mixed", DEPOSITS, paid.id, paid.unlocked_at)["status"] == 1
    assert Decimal(credited["amount"]) == paid.amount
    assert credited["insertTime"] == to_ms(paid.inserted_at)


def test_what_is_reversed_says_so_from_then_on(ask: Asker) -> None:
    paid, left = one(ask, "Mixed", Deposit, wallet="funding"), one(ask, "Mixed", Withdrawal, asset="ETH")
    back_at = left.ended_at + 3 * SECOND
    again = [replace(one, id=f"again {one.id}", reversed_at=back_at) for one in (paid, left)]
    ask.exchange.world = ask.exchange.world.adding("Mixed", *again)
    done, credited = f"{left.ended_at:%Y-%m-%d %H:%M:%S}", to_ms(paid.credited_at)
    said = {back_at - SECOND: [(1, credited), (6, done)], back_at: [(7, credited), (5, None)]}
    lists = list(zip((DEPOSITS, WITHDRAWALS), again, strict=True))
    for at, wanted in said.items():
        rows = [row_at(ask, "Mixed", path, made.id, at) for path, made in lists]
        assert [(row["status"], row.get("completeTime")) for row in rows] == wanted
    flows = [flow for flow in ask.exchange.world.flows("Mixed", BORN_AT, END) if flow.id.startswith("again")]
    assert sum(flow.quantity for flow in flows if flow.asset == paid.asset) == 0
    assert [flow.quantity for flow in flows if flow.asset == "ETH"] == [
        -(left.amount + left.fee),
        left.amount + left.fee,
    ]


def test_a_deposit_from_another_account_says_so(ask: Asker) -> None:
    paid = one(ask, "Mixed", Deposit, internal=True)
    row = row_at(ask, "Mixed", DEPOSITS, paid.id, paid.unlocked_at)
    assert row["transferType"] == 1
    assert row["txId"].startswith("Off-chain transfer ")


def test_a_withdrawal_passes_through_its_statuses(ask: Asker) -> None:
    left = one(ask, "Main", Withdrawal, asset="BTC")
    took = left.ended_at - left.applied_at
    rows = [row_at(ask, "Main", WITHDRAWALS, left.id, left.applied_at + took * part) for part in (0, 0.2, 0.7, 1)]
    seen = [(row["status"], row.get("completeTime"), bool(row["txId"])) for row in rows]
    row = rows[-1]
    done = f"{left.ended_at:%Y-%m-%d %H:%M:%S}"
    assert seen == [(0, None, False), (2, None, False), (4, None, False), (6, done, True)]
    assert row["applyTime"] == f"{left.applied_at:%Y-%m-%d %H:%M:%S}"
    assert Decimal(row["amount"]) == left.amount
    assert Decimal(row["transactionFee"]) == left.fee
    assert datetime.fromisoformat(row["completeTime"]).replace(tzinfo=UTC) == left.ended_at
    assert len(left.id) == 32


def test_a_cancelled_withdrawal_never_completes(ask: Asker) -> None:
    left = one(ask, "Main", Withdrawal, cancelled=True)
    assert row_at(ask, "Main", WITHDRAWALS, left.id, left.applied_at)["status"] == 0
    row = row_at(ask, "Main", WITHDRAWALS, left.id, left.ended_at)
    assert row["status"] == 1
    assert "completeTime" not in row


@pytest.mark.parametrize("path", [DEPOSITS, WITHDRAWALS])
def test_a_window_is_under_ninety_days(ask: Asker, path: str) -> None:
    ask.clock.set(END)
    now = to_ms(END)
    wide, fits = f"startTime={now - 90 * DAY_MS}&endTime={now}", f"startTime={now - 90 * DAY_MS + 1}&endTime={now}"
    assert refused(ask.signed_response("Main", path, wide)) == (400, -4047)
    assert b"Time interval must be within 0-90 days" in ask.signed_response("Main", path, wide).body
    assert ask.signed("Main", path, fits) == ask.signed("Main", path)
    assert refused(ask.signed_response("Main", path, f"startTime={now - 90 * DAY_MS}")) == (400, -4047)
    assert refused(ask.signed_response("Main", path, f"startTime={now}&endTime={now - 1}")) == (400, -1023)


@pytest.mark.parametrize("path", [DEPOSITS, WITHDRAWALS])
def test_without_a_window_the_last_ninety_days_answer(ask: Asker, path: str) -> None:
    ask.clock.set(END + timedelta(days=30))
    known = ask.exchange.world.movements("Main", ask.clock.now())
    kind = Deposit if path == DEPOSITS else Withdrawal
    ids = {m.id for m in known if isinstance(m, kind)}
    found = {row["id"] for row in ask.signed("Main", path)}
    assert found < ids
    middle = to_ms(BORN_AT + timedelta(days=60))
    earlier = ask.signed("Main", path, f"endTime={middle}")
    assert ids == found | {row["id"] for row in earlier}


def test_windows_filter_on_the_time_of_entry_not_of_completion(ask: Asker) -> None:
    ask.clock.set(END)
    left = one(ask, "Spot", Withdrawal, cancelled=False)
    at = to_ms(left.applied_at)
    window = f"startTime={at}&endTime={at}"
    assert [row["id"] for row in ask.signed("Spot", WITHDRAWALS, window)] == [left.id]
    assert ask.signed("Spot", WITHDRAWALS, f"startTime={at + 1}&endTime={to_ms(left.ended_at)}") == []


@pytest.mark.parametrize(("path", "time"), [(DEPOSITS, "insertTime"), (WITHDRAWALS, "applyTime")])
def test_rows_come_newest_first_in_pages(ask: Asker, path: str, time: str) -> None:
    ask.clock.set(END)
    every = ask.signed("Main", path)
    assert len(every) >= 4
    assert [row[time] for row in every] == sorted((row[time] for row in every), reverse=True)
    pages = [ask.signed("Main", path, f"offset={offset}&limit=2") for offset in range(0, len(every) + 2, 2)]
    assert [row for page in pages for row in page] == every
    assert pages[-1] == []


def test_filters(ask: Asker) -> None:
    ask.clock.set(END)
    assert {row["coin"] for row in ask.signed("Main", DEPOSITS, "coin=BTC")} == {"BTC"}
    every = ask.signed("Main", DEPOSITS)
    assert ask.signed("Main", DEPOSITS, "status=1") == every
    assert ask.signed("Main", DEPOSITS, f"txId={every[0]['txId']}") == every[:1]
    outs = ask.signed("Main", WITHDRAWALS)
    assert {row["status"] for row in ask.signed("Main", WITHDRAWALS, "status=1")} == {1}
    assert ask.signed("Main", WITHDRAWALS, f"idList={outs[0]['id']}%2C{outs[2]['id']}") == [outs[0], outs[2]]
    week = f"withdrawOrderId=mine&startTime={to_ms(END) - 8 * DAY_MS}"
    assert refused(ask.signed_response("Main", WITHDRAWALS, week)) == (400, -4047)
    assert ask.signed("Main", WITHDRAWALS, "withdrawOrderId=mine") == []


def test_the_rows_sum_to_the_true_flows(ask: Asker) -> None:
    ask.clock.set(END)
    for name in ("Main", "Spot", "Mixed"):
        listed = {movement.id for movement in ask.exchange.world.movements(name, END)}
        flows = ask.exchange.world.flows(name, BORN_AT, END)
        truth = {flow.id: flow.quantity for flow in flows if flow.id in listed}
        rows = ask.signed(name, DEPOSITS)
        told = {r["id"]: Decimal(r["amount"]) for r in rows if r.get("completeTime", 0) > to_ms(BORN_AT)}
        for row in ask.signed(name, WITHDRAWALS):
            if row["status"] == 6:
                told[row["id"]] = -(Decimal(row["amount"]) + Decimal(row["transactionFee"]))
        assert told == truth
