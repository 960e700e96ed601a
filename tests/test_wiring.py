"""The wiring: which adapters stand where, and what is said when they cannot."""

import gc
import json
import logging

import httpx
import pytest

from lib import log, settings
from lib.clock import SystemClock
from lib.errors import ConfigurationError
from lib.local import data_api
from lib.redaction import HIDDEN
from lib.vault import generate_key
from lib.wiring import StoreHome, build, wired_from_environment
from tests.spine import the_settings

KEY = generate_key()
HOSTED = {"SUPABASE_URL": "https://abc.supabase.co", "SUPABASE_SECRET_KEY": "sb_secret_hunter2", "ENCRYPTION_KEY": KEY}


def refuse(_: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("nobody is there")


def test_a_hosted_store_is_wired_from_settings_alone() -> None:
    wired = build(settings.read(HOSTED))
    assert isinstance(wired.clock, SystemClock)
    assert wired.collector.slot_minutes == 60
    assert wired.collector_for(360).slot_minutes == 360


@pytest.mark.parametrize("name", list(HOSTED))
def test_a_setting_that_is_missing_is_named(name: str) -> None:
    environ = {key: value for key, value in HOSTED.items() if key != name} | {"VERCEL": "1"}
    with pytest.raises(ConfigurationError, match=rf"^{name} is not set"):
        build(settings.read(environ))


def test_demo_settings_without_a_demo_store_are_no_way_in() -> None:
    with pytest.raises(ConfigurationError, match="SUPABASE_URL"):
        build(settings.read({}))


def test_a_store_without_a_key_is_refused() -> None:
    home = StoreHome(data_api.URL, data_api.SECRET_KEY, httpx.MockTransport(refuse))
    with pytest.raises(ConfigurationError, match="ENCRYPTION_KEY is not set"):
        build(settings.read({}), store=home)


def test_nothing_wired_shows_a_secret() -> None:
    wired = build(settings.read({**HOSTED, "CRON_SECRET": "tick-tock", "API_TOKEN": "look-look"}))
    shown = repr(wired) + repr(wired.collector) + repr(StoreHome("http://x", "sb_secret_hunter2"))
    for secret in ("hunter2", KEY, "tick-tock", "look-look"):
        assert secret not in shown


def deploy(monkeypatch: pytest.MonkeyPatch, **environ: str) -> None:
    for name, value in {**HOSTED, "VERCEL": "1", "DEMO_MODE": "", "DATABASE_URL": "", **environ}.items():
        monkeypatch.setenv(name, value)


@pytest.mark.usefixtures("own_logging")
async def test_a_deployed_function_wires_from_its_own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    deploy(monkeypatch)
    before = gc.get_threshold()
    gc.set_threshold(700)  # another test of this process may have wired, too
    wired = await wired_from_environment()
    assert (wired.settings.deployed, wired.settings.demo) == (True, False)
    assert gc.get_threshold()[0] > 700
    gc.set_threshold(*before)


@pytest.mark.usefixtures("own_logging")
async def test_the_records_of_a_deployed_function_once_lost_their_fields_and_its_level(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    logging.basicConfig(level="INFO", force=True)  # what the platform has set up by then
    deploy(monkeypatch, LOG_LEVEL="WARNING")
    await wired_from_environment()
    log.info("account.stored", run="r1")
    log.warning("account.partial", run="r1", api_secret="hunter2")
    (line,) = capsys.readouterr().out.splitlines()
    record = json.loads(line)
    assert (record["event"], record["run"], record["api_secret"]) == ("account.partial", "r1", HIDDEN)


@pytest.mark.usefixtures("own_logging")
async def test_what_is_wrong_with_the_settings_is_told_as_a_record(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    deploy(monkeypatch, LOG_LEVEL="loud")
    with pytest.raises(ConfigurationError):
        await wired_from_environment()
    log.warning("request refused")
    assert json.loads(capsys.readouterr().out)["event"] == "request refused"


async def test_the_exchange_is_asked_at_the_addresses_of_the_settings() -> None:
    asked: list[str] = []

    def note(request: httpx.Request) -> httpx.Response:
        asked.append(f"{request.url.scheme}://{request.url.host}")
        return httpx.Response(200, json={"serverTime": 1_800_000_000_000})

    environ = {**HOSTED, "BINANCE_API_URL": "https://api.elsewhere.test/"}
    await build(settings.read(environ), exchange=httpx.MockTransport(note)).exchange.time()
    assert asked == ["https://api.elsewhere.test"]


def test_the_demo_and_the_real_thing_differ_in_transports_alone() -> None:
    demo, real = build(the_settings(), store=StoreHome(data_api.URL, data_api.SECRET_KEY)), build(settings.read(HOSTED))
    for part in ("exchange", "store", "vault"):
        assert type(getattr(demo, part)) is type(getattr(real, part))
