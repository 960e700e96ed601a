"""Weights are counted per pool and minute of the world's clock; who goes on past a limit is banned."""

import json
from fractions import Fraction

import pytest

from lib.demo.exchange import Asked
from lib.demo.limits import pool
from lib.demo.messages import Response
from tests.demo.conftest import Asker, refused

INFO = "/api/v3/exchangeInfo"
BALANCE = "/sapi/v1/asset/wallet/balance"


def header(response: Response, name: str) -> str:
    return dict(response.headers)[name]


@pytest.mark.parametrize(
    ("path", "query", "weight"),
    [
        ("/api/v3/ping", "", 1),
        ("/api/v3/ticker/price", "symbol=BTCUSDT", 2),
        ("/api/v3/ticker/price", "", 4),
        ("/api/v3/klines", "symbol=BTCUSDT&interval=1m&limit=1", 2),
        (INFO, "", 20),
        ("/api/v3/account", "", 20),
        ("/fapi/v1/ticker/price", "symbol=BTCUSDT", 1),
        ("/fapi/v1/ticker/price", "", 2),
        ("/fapi/v1/premiumIndex", "", 10),
        ("/fapi/v1/klines", "symbol=BTCUSDT&interval=1m&limit=99", 1),
        ("/fapi/v1/klines", "symbol=BTCUSDT&interval=1m&limit=100", 2),
        ("/fapi/v1/klines", "symbol=BTCUSDT&interval=1m", 5),
        ("/fapi/v1/klines", "symbol=BTCUSDT&interval=1m&limit=1001", 10),
        ("/fapi/v3/account", "", 5),
    ],
)
def test_every_call_has_its_weight(ask: Asker, path: str, query: str, weight: int) -> None:
    assert header(ask.raw(path, query), "X-MBX-USED-WEIGHT-1M") == str(weight)
    assert ask.exchange.requests[-1].weight == weight


def test_pools_are_counted_apart_and_turn_with_the_minute(ask: Asker) -> None:
    ask.raw(INFO)
    assert header(ask.raw("/api/v3/ping"), "X-MBX-USED-WEIGHT") == "21"
    assert header(ask.raw("/fapi/v1/time"), "X-MBX-USED-WEIGHT-1M") == "1"
    assert header(ask.signed_response("Main", BALANCE), "X-SAPI-USED-IP-WEIGHT-1M") == "60"
    assert header(ask.signed_response("Spot", BALANCE), "X-SAPI-USED-IP-WEIGHT-1M") == "120"
    rights = ask.signed_response("Main", "/sapi/v1/account/apiRestrictions")
    assert header(rights, "X-SAPI-USED-IP-WEIGHT-1M") == "1"
    ask.clock.pass_time(54.7)
    assert header(ask.raw("/api/v3/ping"), "X-MBX-USED-WEIGHT-1M") == "22"
    ask.clock.pass_time(0.1)
    assert header(ask.raw("/api/v3/ping"), "X-MBX-USED-WEIGHT-1M") == "1"


@pytest.mark.parametrize(("path", "limit"), [("/papi/v1/ping", 6000), ("/eapi/v1/ping", 400), ("/dapi/v1/ping", 2400)])
def test_every_family_has_its_own_limit(path: str, limit: int) -> None:
    found = pool(path, per_account=False, per_second=False)
    assert (found.limit, found.bans) == (limit, True)
    assert found != pool("/api/v3/ping", per_account=False, per_second=False)


def test_the_meter_tells_how_full_a_pool_has_been_at_most(ask: Asker) -> None:
    for _ in range(3):
        ask.raw(INFO)
    ask.clock.pass_time(60)
    ask.raw(INFO)
    assert ask.exchange.meter.peaks == {"api": Fraction(60, 6000)}


def test_refused_calls_count_too(ask: Asker) -> None:
    answer = ask.raw("/api/v3/account", "timestamp=1&signature=x", api_key="k" * 64)
    assert refused(answer) == (401, -2015)
    assert header(answer, "X-MBX-USED-WEIGHT-1M") == "20"


def test_withdrawal_histories_are_counted_by_account_and_second(ask: Asker) -> None:
    path = "/sapi/v1/capital/withdraw/history"
    answers = [ask.signed_response("Main", path) for _ in range(11)]
    assert [answer.status for answer in answers] == [200] * 10 + [429]
    assert header(answers[1], "X-SAPI-USED-UID-WEIGHT-1S") == "36000"
    assert ask.signed_response("Spot", path).status == 200
    ask.clock.pass_time(1)
    assert ask.signed_response("Main", path).status == 200


def test_past_the_limit_comes_429_until_the_minute_turns(ask: Asker) -> None:
    for _ in range(300):
        assert ask.raw(INFO).status == 200
    late = ask.raw("/api/v3/ping")
    assert refused(late) == (429, -1003)
    assert json.loads(late.body)["msg"].startswith("Too much request weight used; current limit is 6000")
    assert header(late, "Retry-After") == "55"
    assert header(late, "X-MBX-USED-WEIGHT-1M") == "6001"
    assert ask.raw("/fapi/v1/time").status == 200
    ask.clock.pass_time(55)
    assert ask.raw("/api/v3/ping").status == 200


def exhaust(ask: Asker) -> Response:
    answer = ask.raw(INFO)
    while answer.status == 200:
        answer = ask.raw(INFO)
    for _ in range(20):
        answer = ask.raw(INFO)
    return answer


def test_who_goes_on_is_banned_everywhere_and_longer_each_time(ask: Asker) -> None:
    exhaust(ask)
    banned = ask.raw("/fapi/v1/time")
    assert refused(banned) == (418, -1003)
    assert header(banned, "Retry-After") == "120"
    assert "banned until" in json.loads(banned.body)["msg"]
    assert ask.signed_response("Main", BALANCE).status == 418
    assert ask.raw("/api/v3/ping", address="198.51.100.9").status == 200
    ask.clock.pass_time(120)
    assert ask.raw("/api/v3/ping").status == 200
    exhaust(ask)
    assert header(ask.raw("/api/v3/ping"), "Retry-After") == "240"


def test_sapi_never_bans(ask: Asker) -> None:
    answers = [ask.signed_response("Main", BALANCE).status for _ in range(240)]
    assert answers == [200] * 200 + [429] * 40
    assert ask.raw("/api/v3/ping").status == 200


def test_the_futures_pool_speaks_its_own_words(ask: Asker) -> None:
    for _ in range(240):
        ask.raw("/fapi/v1/premiumIndex")
    late = json.loads(ask.raw("/fapi/v1/time").body)["msg"]
    assert late.startswith("Too many requests; current limit of IP(203.0.113.7) is 2400")
    for _ in range(20):
        ask.raw("/fapi/v1/time")
    assert "IP(203.0.113.7) banned until" in json.loads(ask.raw("/fapi/v1/time").body)["msg"]


def test_the_calls_are_remembered_until_forgotten(ask: Asker) -> None:
    ask.raw("/api/v3/ping")
    ask.signed("Main", BALANCE)
    assert list(ask.exchange.requests) == [Asked("/api/v3/ping", None, 1), Asked(BALANCE, "Main", 60)]
    ask.exchange.requests.clear()
    assert not ask.exchange.requests
