"""The table of the product's section 5, row by row: what goes wrong, and what happens.

Each test lets the demo exchange (or the database, or the clock) fail that way beneath the whole product, and looks at
what is stored, at the answer of /api/collect, at the log and at the account's status; then it mends what was broken and
looks that the next run repairs. The wire's own part of each row is in tests/binance/test_faults.py.
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from lib.demo.faults import Fault, banned, elsewhere, firewall, too_many
from tests.api.conftest import CRON_SECRET, LOCKED, call, in_mode
from tests.scenarios.test_outages import DEPOSITS
from tests.spine import BORN_AT, Spine
from tests.wires import at_call

TOTALS, SPOT, FUTURES = "/sapi/v1/asset/wallet/balance", "/sapi/v3/asset/getUserAsset", "/fapi/v3/account"
RIGHTS, PING, PRICES = "/sapi/v1/account/apiRestrictions", "/api/v3/ping", "/api/v3/ticker/price"
MARKET = {"/api/v3/time", PRICES}
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
NAMES = {"Main", "Spot", "Mixed"}


@dataclass(frozen=True, slots=True)
class Ran:
    """One run as it looks from outside."""

    http: int
    body: dict[str, Any]
    calls: list[tuple[str | None, str]]  # who asked for what at the exchange
    logs: list[tuple[str, str, dict[str, Any]]]  # event, message and data, oldest first

    def one(self, name: str) -> dict[str, Any]:
        return next(account for account in self.body["accounts"] if account["name"] == name)

    @property
    def statuses(self) -> dict[str, str]:
        return {one["name"]: one["status"] for one in self.body["accounts"]}

    def told(self, event: str) -> list[str]:
        return [message for name, message, _ in self.logs if name == event]

    def codes(self, event: str) -> set[object]:
        return {data.get("code") for name, _, data in self.logs if name == event}


async def run(spine: Spine, at: datetime) -> Ran:
    """Call /api/collect at `at` of the world's clock."""
    spine.clock.set(at)
    spine.exchange.requests.clear()
    seen = spine.sql("select coalesce(max(id), 0) from logs")[0][0]
    answer = await call(in_mode(spine.wired, LOCKED), "collect", bearer=CRON_SECRET)
    logs = spine.sql("select event, message, data from logs where id > %s order by id", seen)
    calls = [(asked.account, asked.path) for asked in spine.exchange.requests]
    return Ran(answer.status_code, answer.json(), calls, [(event, message, data) for event, message, data in logs])


async def status(spine: Spine, name: str = "Main") -> tuple[str, str]:
    known = {one.name: one.status for one in await spine.wired.store.accounts()}
    return known[name].code, known[name].detail or ""


def snapshots(spine: Spine) -> dict[str, list[bool]]:
    """Whether each stored snapshot is complete, by account, oldest first."""
    rows = spine.sql("select name, complete from snapshots join accounts on id = account_id order by slot")
    return {name: [complete for whose, complete in rows if whose == name] for name, _ in rows}


async def assert_mended(spine: Spine, at: datetime, due: set[str]) -> Ran:
    """The next run in the slot repairs what is due, and nothing tells that it was broken."""
    spine.exchange.faults = []
    ran = await run(spine, at)
    assert (ran.http, ran.body["status"]) == (200, "ok")
    assert ran.statuses == dict.fromkeys(due, "stored")
    assert snapshots(spine) == {name: [True] for name in NAMES}
    for name in NAMES:
        assert await status(spine, name) == ("ok", "")
    assert spine.sql("select count(*) from accounts where lease_run is not null") == [(0,)]
    await spine.assert_sound()
    return ran


# timeout, 5xx, -1000/-1001/-1006/-1007/-1008, dropped connection
TROUBLE = [
    pytest.param(Fault(FUTURES, "timeout", "Main"), "unreachable", id="timeout"),
    pytest.param(Fault(FUTURES, "disconnect", "Main"), "unreachable", id="dropped"),
    pytest.param(Fault(FUTURES, "answer", "Main", 502, b"<html>Bad Gateway</html>"), "exchange_trouble", id="5xx"),
    *(
        pytest.param(
            Fault(FUTURES, "answer", "Main", 400, b'{"code":%d,"msg":"no"}' % code), "exchange_trouble", id=str(code)
        )
        for code in (-1000, -1001, -1006, -1007, -1008)
    ),
]


@pytest.mark.parametrize(("fault", "code"), TROUBLE)
async def test_trouble_is_tried_again_then_the_wallet_is_missing(spine: Spine, fault: Fault, code: str) -> None:
    spine.exchange.faults = [fault]
    ran = await run(spine, BORN_AT)
    assert (ran.http, ran.body["status"]) == (200, "partial")
    assert ran.statuses == {"Main": "partial", "Spot": "stored", "Mixed": "stored"}
    assert (ran.one("Main")["missing"], ran.one("Main")["nav"]) == (["usdm"], None)
    assert ran.calls.count(("Main", FUTURES)) == 3
    assert ran.codes("exchange.call_failed") == {code}
    assert ran.told("account.partial") == ["not read: usdm"]
    found, why = await status(spine)
    assert (found, why.startswith(f"not read: usdm; GET {FUTURES}: ")) == ("partial", True)
    assert snapshots(spine) == {"Main": [False], "Spot": [True], "Mixed": [True]}
    await assert_mended(spine, BORN_AT + 5 * MINUTE, {"Main"})


@pytest.mark.parametrize("fault", [one.values[0] for one in TROUBLE], ids=[str(one.id) for one in TROUBLE])
async def test_trouble_that_passes_leaves_no_trace(spine: Spine, fault: Fault) -> None:
    spine.exchange.faults = [replace(fault, times=2)]
    ran = await run(spine, BORN_AT)
    assert (ran.http, ran.body["status"], ran.told("exchange.call_failed")) == (200, "ok", [])
    assert spine.now - BORN_AT == timedelta(seconds=2.5)  # two pauses, inside the run's deadline


# 429
@pytest.mark.parametrize(("told_s", "rest_s"), [(7, 7), (0, 15), (None, 15)])
async def test_after_a_429_the_pool_rests_and_the_run_goes_on(spine: Spine, told_s: int | None, rest_s: int) -> None:
    spine.exchange.faults = [too_many(SPOT, "Main", told_s, times=1)]
    ran = await run(spine, BORN_AT)
    assert (ran.http, ran.statuses) == (200, dict.fromkeys(NAMES, "stored"))
    assert ran.calls.count(("Main", SPOT)) == 2
    assert (spine.now - BORN_AT).total_seconds() == rest_s


async def test_a_429_past_the_deadline_leaves_the_wallet_missing(spine: Spine) -> None:
    spine.exchange.faults = [too_many(FUTURES, "Main", 600)]
    ran = await run(spine, BORN_AT)
    assert ran.statuses["Main"] == "partial"
    assert ran.one("Main")["missing"] == ["usdm"]
    assert ran.codes("exchange.call_failed") == {"rate_limited"}
    assert "its pool rests for 600 s" in (await status(spine))[1]
    assert spine.now == BORN_AT  # nobody waits for what comes too late
    due = {name for name, found in ran.statuses.items() if found != "stored"}
    await assert_mended(spine, BORN_AT + 11 * MINUTE, due)


# 418
async def test_a_ban_stops_every_call_and_later_runs_ask_first(spine: Spine) -> None:
    until = BORN_AT + 30 * MINUTE
    spine.exchange.faults = [banned(until, TOTALS)]
    ran = await run(spine, BORN_AT)
    assert (ran.http, ran.body["status"]) == (502, "failed")
    assert sum(path not in MARKET for _, path in ran.calls) <= len(NAMES)  # those under way
    for name in NAMES:
        assert "no call from this address before 2026-08-24T07:30:00Z" in ran.one(name)["error"]
        assert await status(spine, name) == ("error", ran.one(name)["error"])
    assert ran.told("exchange.banned") == ["the exchange has banned this address until 24 Aug 2026 07:30:00 UTC"]
    assert spine.sql("select ends_at from bans") == [(until,)]
    assert snapshots(spine) == {}

    spine.exchange.faults = [banned(until)]
    ran = await run(spine, BORN_AT + 10 * MINUTE)
    assert (ran.http, ran.calls) == (502, [(None, PING)])
    assert "no call from this address before 2026-08-24T07:30:00Z" in (await status(spine))[1]
    assert ran.codes("run.failed") == {"banned"}

    ran = await assert_mended(spine, BORN_AT + 20 * MINUTE, NAMES)  # another address by now
    assert ran.calls[0] == (None, PING)
    ran = await run(spine, BORN_AT + HOUR)
    assert (ran.http, (None, PING) in ran.calls) == (200, False)


async def test_a_ban_in_the_midst_of_a_run_leaves_what_is_missing_named_and_says_why(spine: Spine) -> None:
    until = BORN_AT + 30 * MINUTE
    spine.exchange.faults = [banned(until, FUTURES)]
    ran = await run(spine, BORN_AT)
    assert (ran.http, ran.statuses) == (200, dict.fromkeys(NAMES, "partial"))
    assert ran.one("Main")["missing"][0] == "usdm"
    for name in NAMES:
        assert "no call from this address before 2026-08-24T07:30:00Z" in (await status(spine, name))[1]
    assert spine.sql("select ends_at from bans") == [(until,)]
    ran = await assert_mended(spine, BORN_AT + 5 * MINUTE, NAMES)
    assert ran.calls[0] == (None, PING)


async def test_a_ban_is_remembered_by_the_database_where_the_process_forgot_it(spine: Spine) -> None:
    until = BORN_AT + 30 * MINUTE
    spine.sql("insert into bans values ('binance', %s)", until)
    spine.exchange.faults = [banned(until)]
    ran = await run(spine, BORN_AT)
    assert (ran.http, ran.calls) == (502, [(None, PING)])
    await assert_mended(spine, until, NAMES)


# 403 HTML, 451
async def test_a_page_of_the_firewall_is_backed_off_from(spine: Spine) -> None:
    spine.exchange.faults = [firewall(times=1)]
    ran = await run(spine, BORN_AT)
    assert (ran.http, ran.codes("run.failed")) == (502, {"firewalled"})
    assert "no call from this address before 2026-08-24T07:05:00Z" in (await status(spine))[1]
    ran = await run(spine, BORN_AT + 4 * MINUTE)
    assert (ran.http, ran.calls) == (502, [])
    await assert_mended(spine, BORN_AT + 5 * MINUTE, NAMES)


async def test_a_refused_location_is_asked_once_and_prices_come_from_the_public_host(spine: Spine) -> None:
    spine.exchange.faults = [elsewhere("api.binance.com"), elsewhere("fapi.binance.com")]
    asked: list[tuple[str, str]] = []

    async def note(request: httpx.Request) -> None:
        asked.append((request.url.host, request.url.path))

    spine.to_exchange.before.append(note)
    ran = await run(spine, BORN_AT)
    assert (ran.http, ran.body["status"]) == (502, "failed")
    assert asked[0] == ("api.binance.com", "/api/v3/time")
    assert set(asked[1:]) == {("data-api.binance.vision", path) for path in MARKET}
    assert len(asked) == 1 + len(MARKET)
    assert ran.codes("account.failed") == {"location_refused"}
    for name in NAMES:
        found, why = await status(spine, name)
        assert (found, "BINANCE_PROXY_URL" in why, "another region" in why) == ("error", True, True)
    assert snapshots(spine) == {}
    await assert_mended(spine, BORN_AT + 5 * MINUTE, NAMES)


# -1021
async def test_a_wrong_clock_is_measured_again_and_the_drift_is_told(spine: Spine) -> None:
    def jump() -> None:
        spine.exchange.skew = timedelta(seconds=65)

    spine.to_exchange.before.append(at_call(1, TOTALS, jump))
    ran = await run(spine, BORN_AT)
    assert (ran.http, ran.statuses) == (200, dict.fromkeys(NAMES, "stored"))
    assert ran.calls.count(("Main", TOTALS)) == 2
    assert ran.calls.count((None, "/api/v3/time")) == 2  # measured once more, for all together
    (told,) = ran.told("exchange.clock_off")
    assert told == "this machine's clock is 65 s behind the exchange's; calls are signed with its time"


# -1022, -2014, -2015, -2008
def _change(spine: Spine, **parts: Any) -> None:
    api_key = spine.world.account("Main").api_key
    spine.exchange.keys[api_key] = replace(spine.exchange.keys[api_key], **parts)


def _forget(spine: Spine) -> None:
    del spine.exchange.keys[spine.world.account("Main").api_key]


def _break(spine: Spine) -> None:
    spine.exchange.faults = [Fault("/", "answer", "Main", 401, b'{"code":-2014,"msg":"API-key format invalid."}')]


@pytest.mark.parametrize(
    ("breaks", "reason", "likely"),
    [
        pytest.param(
            lambda spine: _change(spine, secret="other"), -1022, "does not belong to this API key", id="-1022"
        ),
        pytest.param(_break, -2014, "not complete", id="-2014"),
        pytest.param(lambda spine: _change(spine, rights=frozenset()), -2015, "list of addresses", id="-2015"),
        pytest.param(_forget, -2008, "does not exist", id="-2008"),
    ],
)
async def test_a_refused_key_needs_attention_costs_one_call_and_heals(
    spine: Spine, breaks: Any, reason: int, likely: str
) -> None:
    known = dict(spine.exchange.keys)
    breaks(spine)
    for at, cheap in ((BORN_AT, TOTALS), (BORN_AT + 5 * MINUTE, RIGHTS)):
        ran = await run(spine, at)
        assert (ran.http, ran.one("Main")["status"]) == (502 if cheap == RIGHTS else 200, "error")
        found, why = await status(spine)
        assert (found, why) == ("needs_attention", ran.one("Main")["error"])
        assert (str(reason) in why, "Likely: " in why, likely in why) == (True, True, True)
        asked = [path for account, path in ran.calls if path not in MARKET and account in ("Main", None)]
        assert asked == [cheap]
        assert ran.codes("account.failed") == {"key_refused"}
    assert snapshots(spine) == {"Spot": [True], "Mixed": [True]}
    spine.exchange.keys = known
    await assert_mended(spine, BORN_AT + 10 * MINUTE, {"Main"})


async def test_futures_that_a_key_cannot_read_leave_the_rest_readable_and_name_both_cures(spine: Spine) -> None:
    _change(spine, futures=False)
    ran = await run(spine, BORN_AT)
    assert (ran.one("Main")["status"], ran.one("Main")["missing"]) == ("partial", ["usdm"])
    found, why = await status(spine)
    assert (found, "make a new one" in why, "Enable Futures" in why) == ("partial", True, True)
    _change(spine, futures=True)
    await assert_mended(spine, BORN_AT + 5 * MINUTE, {"Main"})


# key may trade, withdraw or transfer
POWERS = ["enableFutures", "enableWithdrawals", "permitsUniversalTransfer"]


def _empower(spine: Spine, *rights: str) -> None:
    _change(spine, rights=frozenset({"enableReading", *rights}))


@pytest.mark.parametrize("right", POWERS)
async def test_a_key_that_became_too_powerful_is_told_within_a_day_and_heals(spine: Spine, right: str) -> None:
    await run(spine, BORN_AT)
    _empower(spine, right)
    failed = 0
    for hour in range(1, 26):
        ran = await run(spine, BORN_AT + hour * HOUR)
        assert (ran.statuses["Spot"], ran.statuses["Mixed"]) == ("stored", "stored")
        if ran.statuses["Main"] == "error":
            failed += 1
            assert f"switch off {right} on Binance" in ran.one("Main")["error"]
            assert await status(spine) == ("needs_attention", ran.one("Main")["error"])
            assert ran.codes("account.failed") == {"key_too_powerful"}
            if failed > 1:
                assert [path for account, path in ran.calls if account == "Main"] == [RIGHTS]
    assert failed > 1
    _empower(spine)
    assert (await run(spine, BORN_AT + 26 * HOUR)).statuses == dict.fromkeys(NAMES, "stored")
    assert await status(spine) == ("ok", "")
    await spine.assert_sound()


@pytest.mark.parametrize(("right", "found"), list(zip(POWERS, ["stored", "error", "error"], strict=True)))
async def test_the_owner_may_let_in_a_key_that_trades_and_no_other(spine: Spine, right: str, found: str) -> None:
    spine.wired = replace(spine.wired, settings=replace(spine.wired.settings, allow_risky_keys=True))
    await spine.collect(BORN_AT)
    _empower(spine, right)
    report = {one.name: one.status for one in (await spine.collect(BORN_AT + 25 * HOUR)).accounts}
    assert report["Main"] == found


# malformed or unexpected body
@pytest.mark.parametrize(
    ("path", "body", "missing", "place"),
    [
        (SPOT, b'[{"asset":"BTC","free":"s3cret"}]', "spot", r"[0].free"),
        (FUTURES, b'{"assets":[{"asset":"USDT","marginBalance":"s3cret"}]}', "usdm", "assets[0].marginBalance"),
        (DEPOSITS, b'[{"id":"s3cret"', "flows:deposits", "its start: not JSON"),
        (DEPOSITS, b'{"s3cret":1}', "flows:deposits", "its start"),
    ],
)
async def test_an_unexpected_body_is_named_by_endpoint_and_field_and_never_kept(
    spine: Spine, capsys: pytest.CaptureFixture[str], path: str, body: bytes, missing: str, place: str
) -> None:
    spine.exchange.faults = [Fault(path, "answer", "Main", 200, body)]
    ran = await run(spine, BORN_AT)
    assert (ran.http, ran.one("Main")["status"], ran.one("Main")["missing"]) == (200, "partial", [missing])
    (told,) = ran.told("exchange.call_failed")
    assert told.endswith(f"{path}: unexpected answer at {place}")
    assert told in (await status(spine))[1]
    written = capsys.readouterr()
    assert "s3cret" not in written.out + written.err + json.dumps(ran.body) + repr(ran.logs)
    await assert_mended(spine, BORN_AT + 5 * MINUTE, {"Main"})


# database down
@pytest.mark.parametrize("function", ["claim_accounts", "commit_outcome", "finish_run"])
async def test_a_database_that_is_down_fails_the_run_and_the_next_repairs(spine: Spine, function: str) -> None:
    async def refuse(request: httpx.Request) -> None:
        if request.url.path.endswith((function, "finish_run")):
            raise httpx.ConnectError("nobody there", request=request)

    spine.to_store.before.append(refuse)
    ran = await run(spine, BORN_AT)
    match function:
        case "claim_accounts":
            assert (ran.http, ran.body["code"], ran.calls) == (503, "unavailable", [])
        case "commit_outcome":
            assert (ran.http, ran.statuses) == (502, dict.fromkeys(NAMES, "error"))
            assert spine.sql("select count(*) from snapshots") == spine.sql("select count(*) from flows") == [(0,)]
        case _:
            assert (ran.http, ran.statuses) == (200, dict.fromkeys(NAMES, "stored"))
    await spine.assert_sound()
    spine.to_store.clear()
    spine.expire_leases()
    ran = await run(spine, BORN_AT + 5 * MINUTE)
    assert ran.http == 200
    assert snapshots(spine) == {name: [True] for name in NAMES}
    await spine.assert_sound()


# function about to reach its time limit
async def test_what_cannot_be_begun_in_time_is_deferred_and_first_in_the_next_run(spine: Spine) -> None:
    async def dawdle(request: httpx.Request) -> None:
        if request.url.path == "/api/v3/time":
            await spine.clock.sleep(90)

    spine.to_exchange.before.append(dawdle)
    ran = await run(spine, BORN_AT)
    assert (ran.http, ran.body["status"], ran.statuses) == (200, "partial", dict.fromkeys(NAMES, "deferred"))
    assert {path for _, path in ran.calls} == MARKET
    assert len(ran.told("account.deferred")) == 3
    assert await status(spine) == ("new", "")
    assert spine.sql("select count(*) from accounts where lease_run is not null or last_tried_at is not null") == [(0,)]
    spine.to_exchange.clear()
    await assert_mended(spine, BORN_AT + 5 * MINUTE, NAMES)
