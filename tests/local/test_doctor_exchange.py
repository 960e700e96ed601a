"""The doctor and the exchange: each host and each key, fine or with what is wrong and what to do about it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from lib import settings as configuration
from lib.clock import SystemClock
from lib.demo.faults import Fault, banned, elsewhere, firewall, too_many
from lib.local.doctor import check_exchange, gather_exchange
from lib.local.doctor.finding import Finding, Level
from lib.ports import Credentials
from lib.settings import Settings
from lib.wiring import exchange_at
from tests.spine import BORN_AT, Spine, the_world
from tests.usecases.conftest import open_spine, spine

__all__ = ["open_spine", "spine"]

FAPI = "https://fapi.binance.com"
HOSTS = (
    *(f"https://{name}.binance.com" for name in ("api", "fapi", "dapi", "eapi")),
    "https://data-api.binance.vision",
)


def own(**more: str) -> Settings:
    return configuration.read({"DEMO_MODE": "false", **more})


def keys(spine: Spine, *names: str) -> list[tuple[str, Credentials]]:
    accounts = [account for account in spine.world.accounts if not names or account.name in names]
    return [(one.name, Credentials(one.name.lower(), one.api_key, one.api_secret)) for one in accounts]


async def look(spine: Spine, *names: str, **settings: str) -> list[Finding]:
    found = await gather_exchange.look(own(**settings), spine.wired.exchange, spine.clock, keys(spine, *names))
    return list(check_exchange.check(found))


async def wrong(spine: Spine, *names: str, **settings: str) -> list[Finding]:
    return [one for one in await look(spine, *names, **settings) if one.level is not Level.OK]


async def test_all_is_fine(spine: Spine) -> None:
    assert [(one.level, one.subject, one.message) for one in await look(spine)] == [
        *(("ok", "exchange", f"{host} answers this machine") for host in HOSTS),
        ("ok", "clock", "this machine's clock is the exchange's"),
        *(("ok", "keys", f"{name}: reads every wallet, usable from any address") for name in ("Main", "Spot", "Mixed")),
    ]
    assert spine.sql("select count(*) from snapshots") == [(0,)]


async def test_in_demo_mode_nothing_is_said_of_binance_itself(spine: Spine) -> None:
    found = [one.message for one in await look(spine, "Main", DEMO_MODE="true") if one.subject == "exchange"]
    assert found == [f"the imitation of {host} answers" for host in HOSTS]


@pytest.mark.parametrize(
    ("fault", "says", "remedy"),
    [
        pytest.param(elsewhere("fapi.binance.com"), "does not serve the place", "another region", id="location"),
        pytest.param(banned(BORN_AT + timedelta(hours=1), "/fapi"), "before 2026-08-24T08:00:00Z", "wait", id="banned"),
        pytest.param(firewall("/fapi"), "403", "five minutes", id="firewall"),
        pytest.param(too_many("/fapi", retry_after_s=60), "its pool rests for 60 s", "wait a minute", id="429"),
        pytest.param(Fault("/fapi", "timeout"), "no answer (ReadTimeout)", "BINANCE_FAPI_URL", id="no network"),
        pytest.param(Fault("/fapi", "torn body"), "not JSON", "something else answers there", id="somebody else"),
        pytest.param(Fault("/fapi", status=503, body=b"{}"), "503", "Binance's own", id="their trouble"),
    ],
)
async def test_a_host_that_does_not_answer_is_named_with_the_remedy(
    spine: Spine, fault: Fault, says: str, remedy: str
) -> None:
    spine.exchange.faults = [fault]
    found = next(one for one in await wrong(spine, "Spot") if one.subject == "exchange")
    assert (found.level, found.message.startswith(f"{FAPI}: GET /fapi/v1/time: ")) == ("problem", True)
    assert says in found.message
    assert remedy in (found.remedy or "")


async def test_where_the_first_host_refuses_the_place_no_key_is_tried(spine: Spine) -> None:
    spine.exchange.faults = [elsewhere("api.binance.com")]
    spine.exchange.requests.clear()
    (found,) = await wrong(spine)
    assert (found.subject, "BINANCE_PROXY_URL" in (found.remedy or "")) == ("exchange", True)
    assert {asked.account for asked in spine.exchange.requests} == {None}


@pytest.mark.parametrize(
    ("skew_s", "level", "says"),
    [
        (0.9, None, ""),
        (30, "warning", "30 s behind the exchange's"),
        (-30, "warning", "30 s ahead of the exchange's"),
        (65, "problem", "65 s behind the exchange's"),
    ],
)
async def test_a_clock_that_is_off_is_told_and_hinders_no_key(
    spine: Spine, skew_s: float, level: str | None, says: str
) -> None:
    spine.exchange.skew = timedelta(seconds=skew_s)
    found = await wrong(spine)
    assert [(one.level, one.subject, says in one.message) for one in found] == (
        [(level, "clock", True)] if level else []
    )
    assert all("NTP" in (one.remedy or "") for one in found)


def _change(spine: Spine, **parts: Any) -> None:
    api_key = spine.world.account("Main").api_key
    spine.exchange.keys[api_key] = replace(spine.exchange.keys[api_key], **parts)


def _rights(*names: str) -> frozenset[str]:
    return frozenset({"enableReading", *names})


@pytest.mark.parametrize(
    ("breaks", "says", "remedy"),
    [
        pytest.param(lambda s: s.exchange.keys.clear(), "-2008", "this one was deleted", id="deleted"),
        pytest.param(lambda s: _change(s, secret="x"), "-1022", "secret, or the private key", id="wrong secret"),
        pytest.param(
            lambda s: _change(s, addresses=frozenset({"198.51.100.1"})), "-2015", "to the key's list", id="address"
        ),
        pytest.param(lambda s: _change(s, rights=frozenset()), "-2015", "Enable Reading", id="may not read"),
        pytest.param(
            lambda s: _change(s, futures=False), "wallet usdm: GET /fapi/v3/account: -2015", "new key", id="old"
        ),
        pytest.param(
            lambda s: _change(s, rights=_rights("enableMargin")),
            "switch off enableMargin",
            "switch them off",
            id="trades",
        ),
        pytest.param(
            lambda s: s.exchange.faults.append(Fault("/sapi/v1/account", "timeout")), "no answer", "network", id="away"
        ),
    ],
)
async def test_a_key_that_will_not_do_is_named_with_the_remedy(
    spine: Spine, breaks: Callable[[Spine], None], says: str, remedy: str
) -> None:
    breaks(spine)
    (found,) = await wrong(spine, "Main")
    assert (found.level, found.subject, found.message.startswith("Main")) == ("problem", "keys", True)
    assert says in found.message
    assert remedy in (found.remedy or "")
    account = spine.world.account("Main")
    assert account.api_key not in str(found)
    assert account.api_secret not in str(found)


async def test_a_futures_wallet_out_of_reach_has_both_cures(spine: Spine) -> None:
    _change(spine, futures=False)
    (found,) = await wrong(spine, "Main")
    assert ("new key" in (found.remedy or ""), "Enable Futures" in (found.remedy or "")) == (True, True)


async def test_a_key_that_trades_by_its_owners_leave_is_a_warning_and_one_that_withdraws_a_problem(
    spine: Spine,
) -> None:
    _change(spine, rights=_rights("enableFutures"))
    (found,) = await wrong(spine, "Main", ALLOW_RISKY_KEYS="true")
    assert (found.level, "enableFutures" in found.message) == ("warning", True)
    _change(spine, rights=_rights("enableFutures", "enableWithdrawals"))
    (found,) = await wrong(spine, "Main", ALLOW_RISKY_KEYS="true")
    assert (found.level, "enableWithdrawals" in found.message) == ("problem", True)


async def test_a_proxy_that_nobody_listens_at_is_named_and_not_its_password() -> None:
    settings = own(BINANCE_PROXY_URL="http://me:hunter2@127.0.0.1:9")
    async with exchange_at(settings, SystemClock()) as exchange:
        found = check_exchange.check(await gather_exchange.look(settings, exchange, SystemClock(), []))
    assert {one.level for one in found} == {Level.PROBLEM}
    assert all("BINANCE_PROXY_URL" in (one.remedy or "") for one in found)
    assert "hunter2" not in repr(found) + repr(settings)


async def test_one_account_is_enough(open_spine: Callable[..., Any]) -> None:
    spine = await open_spine(the_world("Spot"))
    assert [one.message for one in await look(spine) if one.subject == "keys"] == [
        "Spot: reads every wallet, usable from any address"
    ]
