"""What runs tell: with each commit, by account, of every kind of outcome, and never a secret."""

import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import httpx
import pytest

from lib import log
from lib.demo.clock import WorldClock
from lib.demo.events import Deposit, Gain
from lib.demo.faults import Fault
from lib.document.reading import read
from lib.domain.requests import CollectOrder, FlowEntry, LogRequest
from lib.ports import Store
from lib.records import LogEntry
from lib.usecases import ledger, policy
from lib.usecases.logbook import Logbook
from lib.usecases.restore import restore
from tests.scenarios.test_outages import paid_out
from tests.spine import BORN_AT, Spine, hours, the_world
from tests.usecases.conftest import OpenSpine
from tests.wires import Edit, at_call

HOUR = timedelta(hours=1)
DEPOSITS = "/sapi/v1/capital/deposit/hisrec"
EXAMPLE = Path(__file__).parent.parent / "document" / "example.json"


async def told(store: Store, **asked: object) -> list[LogEntry]:
    """What the store keeps, oldest first."""
    return [stored.entry for stored in reversed(await store.logs(LogRequest(limit=500, **asked)))]  # type: ignore[arg-type]


async def test_a_run_tells_of_each_account_and_of_itself(spine: Spine) -> None:
    report = await spine.collect(BORN_AT)
    entries = await told(spine.wired.store)
    assert sorted(entry.event for entry in entries) == ["account.stored"] * 3 + ["run.finished"]
    assert {entry.account for entry in entries} == {"main", "spot", "mixed", None}
    last = entries[-1]
    assert (last.event, last.message) == ("run.finished", "ok: 3 stored")
    assert last.data["requests"] == report.requests
    (stored,) = await told(spine.wired.store, account="spot")
    nav = next(one.nav_usd for one in report.accounts if one.id == "spot")
    assert nav is not None
    assert stored.message.startswith(f"value {nav:.2f} USD, benchmark ")
    assert set(stored.data) == {"slot", "read_ms", "decide_ms"}


async def test_a_run_with_nothing_due_tells_nothing(spine: Spine) -> None:
    await spine.collect(BORN_AT)
    before = len(await told(spine.wired.store))
    assert (await spine.collect()).status == "nothing_due"
    assert len(await told(spine.wired.store)) == before


async def test_flows_rebalances_and_what_became_complete_are_told(open_spine: OpenSpine) -> None:
    at = BORN_AT + 5.5 * HOUR
    paid = Deposit("77", "USDT", Decimal(1500), "spot", "TRX", "a", "t", at, at, at)
    spine = await open_spine(the_world("Spot").adding("Spot", paid))
    await spine.collect_at([BORN_AT, *hours(BORN_AT, 5)])
    spine.exchange.faults.append(Fault(DEPOSITS, times=9, until=BORN_AT + 6.5 * HOUR))
    assert (await spine.one(BORN_AT + 6 * HOUR)).status == "partial"
    (partial,) = await told(spine.wired.store, event="account.partial")
    assert (partial.level, partial.message) == ("warning", "not read: flows:deposits")
    assert (await spine.one(BORN_AT + 7 * HOUR)).status == "stored"
    found = {entry.event: entry.message for entry in await told(spine.wired.store, account="spot")}
    assert found["account.flow"] == "deposit of 1500 USDT, 1500.00 USD, 24 Aug 2026 12:30:00 UTC"
    assert found["account.rebalanced"] == "the benchmark was rebalanced as of 24 Aug 2026 12:00:00 UTC"
    completed = "the snapshot of 24 Aug 2026 13:00:00 UTC has its flows and prices now, and counts"
    assert found["account.completed"] == completed


async def test_the_first_price_of_a_coin_that_counted_nothing_is_told_once(open_spine: OpenSpine) -> None:
    """It enters as performance (product, 4.1): nothing said why the account had gained."""
    found = Gain(BORN_AT - HOUR, "spot", "NEWCOIN", Decimal(50))
    spine = await open_spine(the_world("Spot").adding("Spot", found))
    await spine.collect_at([BORN_AT, BORN_AT + HOUR])
    spine.to_exchange.edits.append(with_price("NEWCOINUSDT", "3"))
    await spine.collect_at(hours(BORN_AT + HOUR, 3))
    (entry,) = await told(spine.wired.store, event="account.first_price")
    assert (entry.level, entry.data) == ("warning", {"asset": "NEWCOIN", "usd": "150"})
    assert entry.message == (
        "NEWCOIN has a price for the first time: 150.00 USD of it count from now on, as performance"
    )
    rows = (await spine.histories())["Spot"].rows
    assert [row.flow_usd for row in rows] == [0] * 5
    assert rows[2].nav_usd == spine.world.nav("Spot", rows[2].at) + 150


@pytest.mark.parametrize("chosen", ["before", "after"])
async def test_a_share_of_an_account_whose_value_is_not_known_is_told_with_a_warning(
    open_spine: OpenSpine, chosen: str
) -> None:
    left_at = BORN_AT + timedelta(hours=1, minutes=20)
    spine = await open_spine(the_world("Spot").adding("Spot", paid_out("79", left_at, "SOL", "2")))
    by_fraction = {"withdrawals": "fraction_matched"}
    if chosen == "before":
        await policy.change(spine.wired.collector, "spot", by_fraction)
    await spine.collect_at([BORN_AT, BORN_AT + HOUR])
    spine.sql("delete from snapshot_details")
    await spine.collect_at([BORN_AT + 2 * HOUR])
    if chosen == "after":
        assert await told(spine.wired.store, event="account.value_unknown") == []
        await policy.change(spine.wired.collector, "spot", by_fraction)
        await policy.change(spine.wired.collector, "spot", {**by_fraction, "cost_bp": "5"})
    assert spine.sql("select value_before_usd from flows") == [(None,)]
    (entry,) = await told(spine.wired.store, event="account.value_unknown")
    assert (entry.level, entry.data) == ("warning", {"flow": "withdrawal:79"})
    assert "is not known: the benchmark sold as large a share as of its last value and the flows since" in entry.message


async def test_a_withdrawal_of_before_the_start_counts_for_nothing_and_is_not_warned_of(open_spine: OpenSpine) -> None:
    spine = await open_spine(empty=True)
    document = json.loads(EXAMPLE.read_text())
    document["flows"].append({"id": "old", "at": "2025-07-06T12:00:00Z", "usd": "-500"})
    (record,) = read(json.dumps(document), "file.json")
    id_ = await restore(spine.wired.store, spine.wired.clock, record, ())
    assert (await spine.wired.store.truth(id_)).flows[0].id == "old"
    await policy.change(spine.wired.collector, id_, {"withdrawals": "fraction_matched"})
    assert await told(spine.wired.store, event="account.value_unknown") == []


async def test_a_withdrawal_added_by_hand_is_told_with_that_warning_too(spine: Spine) -> None:
    await policy.change(spine.wired.collector, "spot", {"withdrawals": "fraction_matched"})
    await spine.collect_at([BORN_AT, *hours(BORN_AT, 2)])
    spine.sql("delete from snapshot_details")
    left = FlowEntry(BORN_AT + timedelta(minutes=80), Decimal(-100), "USDT", "cash")
    flow = await ledger.add(spine.wired.collector, "spot", left)
    assert flow.value_before_usd is None
    (entry,) = await told(spine.wired.store, event="account.value_unknown")
    assert entry.data == {"flow": flow.id}


def with_price(symbol: str, price: str) -> Edit:
    """A market that the exchange has just opened."""

    def edit(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if request.url.path != "/api/v3/ticker/price":
            return response
        return httpx.Response(200, json=[*response.json(), {"symbol": symbol, "price": price}], request=request)

    return edit


async def test_a_slot_taken_anew_is_told_as_a_restatement(open_spine: OpenSpine) -> None:
    spine = await open_spine(the_world("Spot"))
    await spine.collect_at([BORN_AT, BORN_AT + HOUR])
    await spine.one(BORN_AT + 1.5 * HOUR, CollectOrder(retake="force"))
    (restated,) = await told(spine.wired.store, event="account.restated")
    assert restated.level == "info"  # nothing late came to light
    assert restated.message == "history since 24 Aug 2026 08:00:00 UTC was computed anew"


async def test_a_failed_account_is_told_of_by_the_run_and_no_secret_is_in_it(spine: Spine) -> None:
    secrets = [secret for account in spine.world.accounts for secret in (account.api_key, account.api_secret)]
    refused = b'{"code":-2015,"msg":"Invalid API-key, IP, or permissions for action."}'
    spine.exchange.faults.append(Fault("/sapi", account="Mixed", status=401, body=refused))
    await spine.collect(BORN_AT)
    (failed,) = await told(spine.wired.store, event="account.failed")
    assert (failed.level, failed.account) == ("error", "mixed")
    assert failed.data["code"] == "key_refused"
    everything = "\n".join(map(str, await told(spine.wired.store)))
    assert not any(secret in everything for secret in secrets)


async def test_a_bug_in_one_account_is_told_without_its_trace(spine: Spine, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> str:
        raise KeyError("of secret thoughts")

    monkeypatch.setattr("lib.vault.Vault.open", broken)
    report = await spine.collect(BORN_AT)
    assert {account.status for account in report.accounts} == {"error"}
    failed = await told(spine.wired.store, event="account.failed")
    assert {entry.message for entry in failed} == {"internal error"}
    assert "thoughts" not in str(failed)


@pytest.fixture
def said(own_logging: None) -> Callable[[], list[dict[str, object]]]:
    """What was written to standard output since the test began."""
    stream = io.StringIO()
    log.configure("INFO", stream)
    return lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.mark.parametrize("limit", [{"log_retention_days": 1}, {"max_log_entries": 2}])
async def test_a_run_cuts_the_log_as_the_settings_say(open_spine: OpenSpine, limit: dict[str, int]) -> None:
    spine = await open_spine(the_world("Spot"))
    spine.wired = replace(spine.wired, settings=replace(spine.wired.settings, **limit))  # type: ignore[arg-type]
    await spine.collect_at([BORN_AT, BORN_AT + HOUR])
    runs = [report.run for report in spine.reports]
    assert {stored.run for stored in await spine.wired.store.logs(LogRequest())} == set(runs)
    await spine.collect(BORN_AT + 25.5 * HOUR)
    assert {stored.run for stored in await spine.wired.store.logs(LogRequest())} == {spine.reports[-1].run}


def get_ahead(spine: Spine) -> None:
    """Store something for every account, as another process might."""
    spine.sql("update accounts set version = version + 1")


async def test_what_another_run_got_the_better_of_was_once_said_to_be_stored(
    open_spine: OpenSpine, said: Callable[[], list[dict[str, object]]]
) -> None:
    spine = await open_spine(the_world("Spot"))
    await spine.collect(BORN_AT)
    before = len(said())
    spine.to_store.before.append(at_call(1, "commit_outcome", lambda: get_ahead(spine)))
    assert (await spine.one(BORN_AT + HOUR)).status == "stored"
    events = [record["event"] for record in said()[before:]]
    assert events == ["account.stored", "account.estimated", "run.finished"]


async def test_what_was_told_before_deciding_is_kept_though_the_first_commit_is_refused(open_spine: OpenSpine) -> None:
    at = BORN_AT + HOUR
    paid = Deposit("77", "USDT", Decimal(1500), "spot", "TRX", "a", "t", at, at, at)
    spine = await open_spine(the_world("Spot"))
    await spine.collect(BORN_AT)
    spine.to_exchange.before.append(at_call(1, "getUserAsset", lambda: spine.clock.pass_time(60)))
    spine.change_world(lambda world: world.adding("Spot", replace(paid, credited_at=at + timedelta(seconds=30))))
    spine.to_store.before.append(at_call(1, "commit_outcome", lambda: get_ahead(spine)))
    assert (await spine.one(at)).status == "stored"
    assert len(await told(spine.wired.store, event="account.reread")) == 1


async def test_a_run_whose_commit_fails_does_not_say_that_it_stored(
    open_spine: OpenSpine, said: Callable[[], list[dict[str, object]]]
) -> None:
    spine = await open_spine(the_world("Spot"))
    spine.sql("revoke execute on function commit_outcome(text, text, bigint, jsonb) from service_role")
    assert (await spine.one(BORN_AT)).status == "error"
    assert [record["event"] for record in said()] == ["account.failed", "run.finished"]


class Hostile:
    """A value that fails when it is looked at."""

    def __str__(self) -> str:
        raise RuntimeError("not today")


def test_a_value_that_cannot_be_shown_fails_nobody(said: Callable[[], list[dict[str, object]]]) -> None:
    book = Logbook("run", WorldClock(BORN_AT))
    book.tell("odd", "told", value=Hostile())
    book.tell("fine", "told", at=BORN_AT)
    assert [(entry.event, entry.data) for entry in book.take()] == [("fine", {"at": "2026-08-24T07:00:00Z"})]
    assert [record["event"] for record in said()] == ["log record lost", "fine"]


async def test_a_log_that_cannot_be_kept_fails_no_run(spine: Spine) -> None:
    spine.sql("revoke insert on public.logs from service_role")
    report = await spine.collect(BORN_AT)
    assert {account.status for account in report.accounts} == {"stored"}
