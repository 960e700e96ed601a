import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any
from urllib.parse import quote

import pytest

from lib.demo.candles import INTERVALS
from lib.demo.instants import to_ms
from lib.demo.listing import MARKETS, PERPETUALS
from tests.demo.conftest import BORN_AT, Asker, refused

KLINES = "/api/v3/klines"
TICKER = "/api/v3/ticker/price"
MINUTE = 60_000


def test_it_is_there_and_knows_the_time(ask: Asker) -> None:
    assert ask.public("/api/v3/ping") == {}
    for path in ("/api/v3/time", "/fapi/v1/time"):
        assert ask.public(path) == {"serverTime": to_ms(BORN_AT)}


def test_one_price_is_an_object_and_several_are_a_list(ask: Asker) -> None:
    assert ask.public(TICKER, "symbol=BTCUSDT") == {
        "symbol": "BTCUSDT",
        "price": f"{ask.exchange.world.market.price('BTCUSDT', BORN_AT):.8f}",
    }
    two = ask.public(TICKER, f"symbols={quote('["ETHUSDT","BTCUSDT"]')}")
    assert [row["symbol"] for row in two] == ["ETHUSDT", "BTCUSDT"]
    assert len(ask.public(TICKER)) == len(MARKETS)


def test_suspended_markets_keep_a_stale_price_and_can_be_left_out(ask: Asker) -> None:
    names = {row["symbol"] for row in ask.public(TICKER, "symbolStatus=TRADING")}
    assert "BTCBUSD" not in names
    assert {row["symbol"] for row in ask.public(TICKER, "symbolStatus=BREAK")} == {"BTCBUSD"}
    then = ask.public(TICKER, "symbol=BTCBUSD")
    ask.clock.pass_time(86_400)
    assert ask.public(TICKER, "symbol=BTCBUSD") == then


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("symbol=NOPE", -1121),
        ("symbol=btcusdt", -1100),
        ("symbols=" + quote('["BTCUSDT","NOPE"]'), -1121),
        ("symbols=" + quote('["BTCUSDT","BTCUSDT"]'), -1151),
        ("symbols=BTCUSDT", -1100),
        ("symbol=BTCUSDT&symbols=" + quote('["BTCUSDT"]'), -1128),
        ("symbol=BTCUSDT&symbolStatus=BREAK", -1220),
        ("symbolStatus=ASLEEP", -1130),
        ("symbol=BTCUSDT&colour=red", -1104),
    ],
)
def test_a_bad_question_for_prices_is_refused(ask: Asker, query: str, code: int) -> None:
    assert refused(ask.raw(TICKER, query)) == (400, code)


def test_unread_parameters_are_counted(ask: Asker) -> None:
    text = json.loads(ask.raw(TICKER, "symbol=BTCUSDT&a=1").body)["msg"]
    assert text == "Not all sent parameters were read; read '1' parameter(s) but was sent '2'."


def test_every_listed_market_is_described(ask: Asker) -> None:
    told = ask.public("/api/v3/exchangeInfo")
    assert [row["symbol"] for row in told["symbols"]] == [market.symbol for market in MARKETS]
    assert {row["status"] for row in told["symbols"]} == {"TRADING", "BREAK"}
    assert told["rateLimits"][0]["limit"] == 6000
    one = ask.public("/api/v3/exchangeInfo", "symbol=ETHBTC")["symbols"]
    assert [(row["baseAsset"], row["quoteAsset"]) for row in one] == [("ETH", "BTC")]


def minute(ask: Asker, query: str) -> Any:
    return ask.public(KLINES, f"symbol=BTCUSDT&interval=1m&{query}")


def test_a_candle_opens_and_closes_with_the_prices_of_its_ends(ask: Asker) -> None:
    start = to_ms(BORN_AT) // MINUTE * MINUTE - 10 * MINUTE
    rows = minute(ask, f"startTime={start}&limit=4")
    market = ask.exchange.world.market
    assert [row[0] for row in rows] == [start + n * MINUTE for n in range(4)]
    for row in rows:
        assert Decimal(row[1]) == market.prices_ms(row[0])["BTCUSDT"]
        assert Decimal(row[4]) == market.prices_ms(row[0] + MINUTE)["BTCUSDT"]
        assert Decimal(row[3]) <= min(Decimal(row[1]), Decimal(row[4]))
        assert Decimal(row[2]) >= max(Decimal(row[1]), Decimal(row[4]))
        assert row[6] == row[0] + MINUTE - 1
        assert len(row) == 12


def test_the_running_candle_ends_now_and_keeps_its_open(ask: Asker) -> None:
    (row,) = minute(ask, "limit=1")
    assert Decimal(row[4]) == ask.exchange.world.market.price("BTCUSDT", BORN_AT)
    ask.clock.pass_time(120)
    assert minute(ask, f"startTime={row[0]}&limit=1")[0][1] == row[1]


def test_the_start_leads_forward_and_its_absence_backward(ask: Asker) -> None:
    now = to_ms(BORN_AT)
    assert len(minute(ask, "")) == 500
    assert len(minute(ask, "limit=5000")) == 1000
    newest = minute(ask, "limit=3")
    assert newest[-1][0] == now // MINUTE * MINUTE
    end = now - 100 * MINUTE
    assert [row[0] // MINUTE for row in minute(ask, f"endTime={end}&limit=2")] == [end // MINUTE - 1, end // MINUTE]
    start = newest[0][0]
    assert [row[0] for row in minute(ask, f"startTime={start + 1}&limit=9")] == [start + MINUTE, start + 2 * MINUTE]
    assert minute(ask, f"startTime={start}&endTime={start}") == newest[:1]
    assert minute(ask, f"startTime={now + MINUTE}") == []


def test_before_its_listing_a_market_has_no_candle(ask: Asker) -> None:
    listed_ms = to_ms(ask.exchange.world.market.listed_from)
    first = minute(ask, "startTime=0&limit=1")[0][0]
    assert listed_ms <= first < listed_ms + MINUTE
    assert minute(ask, f"endTime={listed_ms - MINUTE}") == []
    assert ask.public(KLINES, "symbol=BTCBUSD&interval=1m") == []


@pytest.mark.parametrize("interval", INTERVALS)
def test_every_interval_has_candles_without_gaps(ask: Asker, interval: str) -> None:
    rows = ask.public(KLINES, f"symbol=ETHUSDT&interval={interval}&limit=5")
    assert len(rows) == 5
    assert all(earlier[6] + 1 == later[0] for earlier, later in pairwise(rows))
    assert all(earlier[4] == later[1] for earlier, later in pairwise(rows))
    forward = ask.public(KLINES, f"symbol=ETHUSDT&interval={interval}&startTime={rows[0][0]}&limit=5")
    assert forward == rows


@pytest.mark.parametrize(
    ("interval", "opens"),
    [("1d", (2026, 8, 24)), ("1w", (2026, 8, 24)), ("1M", (2026, 8, 1))],
)
def test_long_candles_begin_where_the_calendar_says(ask: Asker, interval: str, opens: tuple[int, int, int]) -> None:
    (row,) = ask.public(KLINES, f"symbol=BTCUSDT&interval={interval}&limit=1")
    assert row[0] == to_ms(datetime(*opens, tzinfo=UTC))
    (shifted,) = ask.public(KLINES, f"symbol=BTCUSDT&interval={interval}&limit=1&timeZone=-8")
    assert (shifted[0] - to_ms(datetime(*opens, tzinfo=UTC))) % 86_400_000 == to_ms(datetime(1970, 1, 1, 8, tzinfo=UTC))


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("interval=1m", -1102),
        ("symbol=BTCUSDT", -1102),
        ("symbol=BTCUSDT&interval=", -1102),
        ("symbol=BTCUSDT&interval=7m", -1120),
        ("symbol=NOPE&interval=1m", -1121),
        ("symbol=BTCUSDT&interval=1m&startTime=soon", -1100),
        ("symbol=BTCUSDT&interval=1m&limit=0", -1130),
        ("symbol=BTCUSDT&interval=1m&timeZone=15", -1130),
    ],
)
def test_a_bad_question_for_candles_is_refused(ask: Asker, query: str, code: int) -> None:
    assert refused(ask.raw(KLINES, query)) == (400, code)


def test_contracts_trade_at_the_spot_price(ask: Asker) -> None:
    spot = {row["symbol"]: Decimal(row["price"]) for row in ask.public(TICKER)}
    for path in ("/fapi/v1/ticker/price", "/fapi/v2/ticker/price"):
        rows = ask.public(path)
        assert {row["symbol"]: Decimal(row["price"]) for row in rows} == {name: spot[name] for name in PERPETUALS}
    one = ask.public("/fapi/v1/premiumIndex", "symbol=BTCUSDT")
    assert Decimal(one["markPrice"]) == Decimal(one["indexPrice"]) == spot["BTCUSDT"]
    assert one["nextFundingTime"] == to_ms(datetime(2026, 8, 24, 8, tzinfo=UTC))
    assert len(ask.public("/fapi/v1/premiumIndex")) == len(PERPETUALS)
    same = "symbol=BTCUSDT&interval=1h&limit=2"
    contract, coin = ask.public("/fapi/v1/klines", same), ask.public(KLINES, same)
    assert [Decimal(row[1]) for row in contract] == [Decimal(row[1]) for row in coin]


@pytest.mark.parametrize(
    ("path", "query", "code"),
    [
        ("/fapi/v1/ticker/price", "symbol=ETHBTC", -1121),
        ("/fapi/v1/premiumIndex", "symbol=NOPE", -1121),
        ("/fapi/v1/klines", "symbol=BTCUSDT&interval=1m&startTime=2&endTime=1", -1023),
    ],
)
def test_a_bad_question_for_contracts_is_refused(ask: Asker, path: str, query: str, code: int) -> None:
    assert refused(ask.raw(path, query)) == (400, code)


def test_an_unknown_path_is_not_found(ask: Asker) -> None:
    assert ask.raw("/api/v9/nothing").status == 404
    assert ask.raw("/api/v3/time", method="POST").status == 404
    assert ask.raw("nonsense").status == 404
    answer = ask.raw("/fapi/v9/x")
    assert json.loads(answer.body) == {"code": -5000, "msg": "Path /fapi/v9/x, Method GET is invalid"}


def test_the_same_seed_gives_the_same_bytes(ask: Asker) -> None:
    first = ask.raw(TICKER).body
    ask.clock.pass_time(timedelta(days=2).total_seconds())
    second = ask.raw(TICKER).body
    assert first != second
    assert ask.raw(TICKER).body == second
