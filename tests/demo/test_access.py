"""The door of the exchange: every refusal of a signed call, one thing broken at a time."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from lib.binance.signing import signed
from lib.demo.access import Key
from lib.demo.clock import WorldClock
from lib.demo.exchange import DemoExchange, other_keys_of
from lib.demo.instants import to_ms
from lib.demo.messages import Request, Response
from lib.demo.scenario import SEED, build
from lib.demo.world import World
from tests.demo.conftest import BORN_AT, Asker, refused, sign

PUBLISHED_KEY = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A"
PUBLISHED_SECRET = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"
ORDER = "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC"
REST = "quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559"
RESTRICTIONS = "/sapi/v1/account/apiRestrictions"


def published(query: str, body: str, path: str = RESTRICTIONS) -> Response:
    """Send one of the published vectors, at its own time."""
    clock = WorldClock(BORN_AT.fromtimestamp(1_499_827_319.559, BORN_AT.tzinfo))
    exchange = DemoExchange(build(SEED, clock.now()), clock, [Key("Main", PUBLISHED_KEY, PUBLISHED_SECRET)])
    return exchange.handle(Request("GET", path, query.encode(), body.encode(), PUBLISHED_KEY))


@pytest.mark.parametrize(
    ("query", "body", "signature"),
    [
        pytest.param(
            f"{ORDER}&{REST}", "", "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71", id="query"
        ),
        pytest.param(ORDER, REST, "0fd168b8ddb4876a0358a8d14d0c9f3da0e9b20c5d52b2a00fcf7d1c602f9a77", id="both"),
        pytest.param(
            f"{ORDER}&{REST}".replace("LTCBTC", "%EF%BC%91%EF%BC%92%EF%BC%93%EF%BC%94%EF%BC%95%EF%BC%96"),
            "",
            "e1353ec6b14d888f1164ae9af8228a3dbd508bc82eb867db8ab6046442f33ef3",
            id="encoded",
        ),
    ],
)
def test_the_published_vectors_are_accepted(query: str, body: str, signature: str) -> None:
    assert published(f"{query}&signature={signature}", body).status == 200
    assert published(f"signature={signature}&{query}", body).status == 200
    assert published(f"{query}&signature={signature.upper()}", body).status == 200
    wrong = signature[:-1] + ("0" if signature[-1] != "0" else "1")
    assert refused(published(f"{query}&signature={wrong}", body)) == (400, -1022)


def test_the_signature_may_come_in_the_body() -> None:
    signature = "0fd168b8ddb4876a0358a8d14d0c9f3da0e9b20c5d52b2a00fcf7d1c602f9a77"
    assert published(ORDER, f"{REST}&signature={signature}").status == 200


@pytest.mark.parametrize("raw", ['symbols=["BTCUSDT"]', "email=a@example.com", "name=é", "list=1,2"])
def test_a_payload_signed_unencoded_is_refused(ask: Asker, raw: str) -> None:
    assert refused(ask.signed_response("Main", RESTRICTIONS, raw)) == (400, -1022)


def test_parameters_in_the_query_win(ask: Asker, world: World) -> None:
    account = world.account("Mixed")
    query = f"asset=USDT&timestamp={to_ms(ask.clock.now())}"
    body = "asset=BTC"
    query += f"&signature={sign(account.api_secret, query + body)}"
    path = "/sapi/v1/asset/get-funding-asset"
    answer = ask.raw(path, query, body=body.encode(), method="POST", api_key=account.api_key)
    assert [row["asset"] for row in json.loads(answer.body)] == ["USDT"]


@pytest.mark.parametrize("key", ["", "short", "x" * 63 + "!"])
def test_a_malformed_key_comes_first_of_all(ask: Asker, key: str) -> None:
    assert refused(ask.raw("/api/v3/account", "recvWindow=99999999", api_key=key)) == (401, -2014)


@pytest.mark.parametrize(
    ("path", "status", "code", "text"),
    [
        ("/api/v3/account", 401, -2015, "Invalid API-key, IP, or permissions for action."),
        (
            "/fapi/v3/account",
            401,
            -2015,
            "Invalid API-key, IP, or permissions for action, request ip: 203.0.113.7",
        ),
        (RESTRICTIONS, 400, -2008, "Invalid Api-Key ID."),
    ],
)
def test_an_unknown_key_is_refused_in_each_familys_words(
    ask: Asker, path: str, status: int, code: int, text: str
) -> None:
    answer = ask.raw(path, f"timestamp={to_ms(BORN_AT)}&signature=ab", api_key="k" * 64)
    assert (answer.status, json.loads(answer.body)) == (status, {"code": code, "msg": text})


@pytest.mark.parametrize(
    ("query", "name"),
    [("signature=ab", "timestamp"), ("timestamp=&signature=ab", "timestamp"), ("timestamp=1", "signature")],
)
def test_a_call_without_timestamp_or_signature_says_which(ask: Asker, world: World, query: str, name: str) -> None:
    answer = ask.raw("/api/v3/account", query, api_key=world.account("Main").api_key)
    assert refused(answer) == (400, -1102)
    assert f"'{name}'" in json.loads(answer.body)["msg"]


@pytest.mark.parametrize(
    ("shift_ms", "window", "code"),
    [
        pytest.param(-5000, "", None, id="just in time"),
        pytest.param(-5001, "", -1021, id="too old"),
        pytest.param(-5001, "recvWindow=6000&", None, id="wider window"),
        pytest.param(999, "", None, id="a little ahead"),
        pytest.param(1000, "", -1021, id="too far ahead"),
        pytest.param(0, "recvWindow=60000&", None, id="widest window"),
        pytest.param(0, "recvWindow=60001&", -1131, id="window too wide"),
        pytest.param(0, "recvWindow=nan&", -1102, id="no number"),
    ],
)
def test_the_timestamp_must_fit_the_worlds_clock(
    ask: Asker, world: World, shift_ms: int, window: str, code: int | None
) -> None:
    account = world.account("Main")
    query = f"{window}timestamp={to_ms(ask.clock.now()) + shift_ms}"
    answer = ask.raw(RESTRICTIONS, f"{query}&signature={sign(account.api_secret, query)}", api_key=account.api_key)
    assert answer.status == 200 if code is None else refused(answer) == (400, code)


def test_the_two_texts_of_a_wrong_time(ask: Asker, world: World) -> None:
    account = world.account("Main")
    texts = []
    for shift in (timedelta(seconds=-9), timedelta(seconds=9)):
        query = f"timestamp={to_ms(ask.clock.now() + shift)}&signature=ab"
        texts.append(json.loads(ask.raw("/api/v3/account", query, api_key=account.api_key).body)["msg"])
    assert texts == [
        "Timestamp for this request is outside of the recvWindow.",
        "Timestamp for this request was 1000ms ahead of the server's time.",
    ]


def test_microseconds_are_accepted(ask: Asker, world: World) -> None:
    account = world.account("Main")
    query = f"timestamp={to_ms(ask.clock.now()) * 1000}"
    signature = sign(account.api_secret, query)
    assert ask.raw("/api/v3/account", f"{query}&signature={signature}", api_key=account.api_key).status == 200


def test_a_key_that_may_not_read_futures_still_reads_spot(ask: Asker) -> None:
    for api_key, key in ask.exchange.keys.items():
        ask.exchange.keys[api_key] = replace(key, futures=False)
    assert refused(ask.signed_response("Main", "/fapi/v3/account")) == (401, -2015)
    assert ask.signed_response("Main", "/api/v3/account").status == 200


def test_a_risky_key_shows(ask: Asker, world: World) -> None:
    mine = world.account("Main").api_key
    ask.exchange.keys[mine] = replace(ask.exchange.keys[mine], rights=frozenset({"enableReading", "enableWithdrawals"}))
    told = ask.signed("Main", RESTRICTIONS)
    assert (told["enableReading"], told["enableWithdrawals"], told["enableFutures"]) == (True, True, False)
    calm = ask.signed("Spot", RESTRICTIONS)
    assert [name for name, value in calm.items() if value is True] == ["enableReading"]


def test_no_secret_shows_in_a_repr(world: World) -> None:
    account = world.account("Main")
    key = Key("Main", account.api_key, account.api_secret)
    shown = f"{account!r} {key!r} {Request('GET', '/x', b'signature=ab', b'c=d', account.api_key)!r}"
    assert account.api_secret not in shown
    assert "signature" not in shown


def test_a_key_is_bound_to_the_addresses_its_owner_listed(ask: Asker, exchange: DemoExchange) -> None:
    api_key = exchange.world.account("Main").api_key
    exchange.keys[api_key] = replace(exchange.keys[api_key], addresses=frozenset({"198.51.100.1"}))
    assert refused(ask.signed_response("Main", RESTRICTIONS)) == (401, -2015)
    exchange.keys[api_key] = replace(exchange.keys[api_key], addresses=frozenset({Request("GET", "/").address}))
    assert ask.signed_response("Main", RESTRICTIONS).status == 200
    assert json.loads(ask.signed_response("Main", RESTRICTIONS).body)["ipRestrict"] is True


@pytest.mark.parametrize("place", [0, 1], ids=["Ed25519", "RSA"])
def test_a_key_of_another_kind_is_admitted_by_its_own_signature_alone(
    ask: Asker, exchange: DemoExchange, place: int
) -> None:
    key = other_keys_of(exchange.world)[place]
    exchange.keys[key.api_key] = key
    query = signed("", key.secret, to_ms(ask.clock.now()))
    assert ask.raw(RESTRICTIONS, query, api_key=key.api_key).status == 200
    payload, _, signature = query.rpartition("&signature=")
    for wrong in (signature.swapcase(), signature[:-4], "%20" + signature, sign(key.secret, payload), "ä"):
        assert refused(ask.raw(RESTRICTIONS, f"{payload}&signature={wrong}", api_key=key.api_key)) == (400, -1022)
