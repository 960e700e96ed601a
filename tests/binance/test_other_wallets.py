"""COIN-M, margin, Earn, options and portfolio margin, from the sample answers of the reference."""

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from decimal import Decimal

import httpx
import pytest

from lib.binance.client import BinanceClient
from lib.binance.errors import BinanceError, MalformedAnswer
from lib.demo.clock import WorldClock
from lib.domain.keys import KeyCheck
from lib.domain.portfolio import ABSENT, Holding, OpenPosition, Terms
from tests.binance.wire import AT, KEY, answering, sample

ABSENT_BODY = b'{"code":%d,"msg":"Margin account does not exist."}'


@asynccontextmanager
async def serving(answers: Mapping[str, bytes], status: int = 200) -> AsyncIterator[BinanceClient]:
    """Give a client whose exchange answers by the end of the path."""

    def answer(request: httpx.Request) -> httpx.Response:
        body = next(body for path, body in answers.items() if request.url.path.endswith(path))
        return httpx.Response(status, content=body)

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        yield BinanceClient(http, WorldClock(AT))


COINM = {"/dapi/v1/account": sample("coin_account"), "/dapi/v1/positionRisk": sample("coin_positions")}
EARN = {"/flexible/position": sample("flexible_positions"), "/locked/position": sample("locked_positions")}
UNIFIED = {
    "/papi/v1/balance": sample("portfolio_balance"),
    "/um/positionRisk": sample("portfolio_positions"),
    "/cm/positionRisk": sample("portfolio_coin_positions"),
}


async def test_coin_margined_counts_margin_balances_in_coins_and_positions_in_the_coins_they_are_worth() -> None:
    async with serving(COINM) as binance:
        reading = await binance.wallet(KEY, "coinm")
    assert reading.holdings == (
        Holding("coinm", "BTC", Decimal("0.025125")),
        Holding("coinm", "ETH", Decimal("0.4")),
    )
    long, short = reading.positions
    # 10 contracts of 100 dollars at 80000, and 35 of 10 at 2800
    assert long == OpenPosition(
        *("coinm", "BTCUSD_PERP", "long", Decimal("0.0125"), Decimal(80_000), "BTC"),
        Terms(Decimal("79207.92079208"), Decimal(5), "cross", Decimal("23456.7"), Decimal(10)),
    )
    assert (short.symbol, short.side, short.quantity, short.coin) == ("ETHUSD_261225", "short", Decimal("0.125"), "ETH")
    assert short.terms == Terms(Decimal(3000), Decimal(20), "isolated", None, Decimal("23.333324"))


async def test_a_coin_position_is_exact_where_its_notional_is_rounded() -> None:
    row = json.loads(sample("coin_positions"))[0] | {"markPrice": "70123.4", "notionalValue": "0.01426057"}
    async with serving({**COINM, "/dapi/v1/positionRisk": json.dumps([row]).encode()}) as binance:
        (position,) = (await binance.wallet(KEY, "coinm")).positions
    assert abs(position.quantity * Decimal("70123.4") - 1000) < Decimal("1e-40")


async def test_an_open_position_without_a_mark_price_is_not_taken_for_one() -> None:
    row = json.loads(sample("coin_positions"))[0] | {"markPrice": "0"}
    async with serving({**COINM, "/dapi/v1/positionRisk": json.dumps([row]).encode()}) as binance:
        with pytest.raises(MalformedAnswer, match=r"positionRisk: unexpected answer at \[0\]"):
            await binance.wallet(KEY, "coinm")


async def test_the_terms_of_futures_positions_tell_their_leverage_by_their_margin() -> None:
    async with answering(sample("futures_positions")) as binance:
        terms = await binance.usdm_terms(KEY)
    assert terms == {
        ("BTCUSDT", "long"): Terms(Decimal(89_680), Decimal(10), "cross", None, Decimal("15.2")),
    }


async def test_cross_margin_is_net_of_debt_and_interest() -> None:
    async with answering(sample("cross_margin")) as binance:
        assert (await binance.wallet(KEY, "cross_margin")).holdings == (
            Holding("cross_margin", "ETH", Decimal("-0.1500135")),
            Holding("cross_margin", "USDT", Decimal("1745.17")),
        )


async def test_isolated_pairs_are_summed_by_asset_net_of_debt() -> None:
    async with answering(sample("isolated_margin")) as binance:
        assert (await binance.wallet(KEY, "isolated_margin")).holdings == (
            Holding("isolated_margin", "ETH", Decimal("0.405")),
            Holding("isolated_margin", "USDT", Decimal("-400.07")),
            Holding("isolated_margin", "SOL", Decimal("2.5")),
        )


async def test_earn_tells_flexible_positions_apart_and_counts_what_is_on_its_way_back() -> None:
    async with serving(EARN) as binance:
        reading = await binance.wallet(KEY, "earn")
    assert reading.holdings == (Holding("earn", "DOT", Decimal("42.5")), Holding("earn", "BTC", Decimal("0.012")))
    assert reading.flexible == (
        Holding("earn", "USDT", Decimal("250.12345678")),
        Holding("earn", "ETH", Decimal("0.25")),
    )


async def test_earn_is_read_page_by_page() -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        page = int(request.url.params["current"])
        asked.append((request.url.path.split("/")[-2], page))
        if "locked" in request.url.path:
            return httpx.Response(200, json={"total": 0})
        rows = [{"asset": f"C{number}", "totalAmount": "1"} for number in range((page - 1) * 100, min(page * 100, 230))]
        return httpx.Response(200, json={"rows": rows, "total": 230})

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        reading = await BinanceClient(http, WorldClock(AT)).wallet(KEY, "earn")
    assert sum(holding.quantity for holding in reading.flexible) == 230
    assert sorted(asked) == [("flexible", 1), ("flexible", 2), ("flexible", 3), ("locked", 1)]


@pytest.mark.parametrize(
    "body", ['{"total":2,"rows":[]}', '{"total":2}', '{"rows":[]}', '{"total":-1,"rows":[]}', "[]"]
)
async def test_pages_that_hold_less_than_their_total_are_not_taken_for_all(body: str) -> None:
    async with answering(body.encode()) as binance:
        with pytest.raises(MalformedAnswer):
            await binance.wallet(KEY, "earn")


async def test_options_count_equity() -> None:
    async with answering(sample("options_account")) as binance:
        assert (await binance.wallet(KEY, "options")).holdings == (Holding("options", "USDT", Decimal("1430.75")),)


async def test_portfolio_margin_counts_equity_by_asset_empty_texts_as_zero_and_rows_of_pure_debt() -> None:
    async with serving(UNIFIED) as binance:
        reading = await binance.wallet(KEY, "portfolio_margin")
    assert reading.holdings == (
        Holding("portfolio_margin", "USDT", Decimal("138.53")),
        Holding("portfolio_margin", "BTC", Decimal("0.049")),
        Holding("portfolio_margin", "USDC", Decimal("-600.42")),
    )
    short, long = reading.positions
    assert (short.wallet, short.symbol, short.side, short.quantity) == (
        *("portfolio_margin", "BTCUSDT", "short"),
        Decimal("0.02"),
    )
    assert short.terms == Terms(Decimal(90_000), Decimal(10), "cross", Decimal("120321.5"), Decimal(-24))
    assert (long.symbol, long.quantity, long.coin) == ("BTCUSD_PERP", Decimal("0.0125"), "BTC")
    assert long.terms == Terms(Decimal(100_000), Decimal(125), "cross", None, Decimal(-200))


@pytest.mark.parametrize(
    ("wallet", "code"),
    [("cross_margin", -3003), ("isolated_margin", -3003), ("isolated_margin", -11001), ("portfolio_margin", -21001)],
)
async def test_a_wallet_that_does_not_exist_is_empty_and_says_so(wallet: str, code: int) -> None:
    async with serving({"": ABSENT_BODY % code}, status=400) as binance:
        assert await binance.wallet(KEY, wallet) == ABSENT


@pytest.mark.parametrize(
    ("wallet", "code"), [("spot", -3003), ("usdm", -21001), ("cross_margin", -21001), ("earn", -3003)]
)
async def test_the_code_of_another_family_is_a_refusal_and_no_empty_wallet(wallet: str, code: int) -> None:
    async with serving({"": ABSENT_BODY % code}, status=400) as binance:
        with pytest.raises(BinanceError, match=str(code)):
            await binance.wallet(KEY, wallet)


async def test_a_check_of_the_key_tells_rights_and_which_wallets_there_are() -> None:
    answers = {"apiRestrictions": sample("api_restrictions"), "account/info": sample("account_info")}
    async with serving(answers) as binance:
        check = await binance.check(KEY, AT)
    assert check == KeyCheck(AT, (), ip_restricted=False, portfolio_margin=True, unopened=("usdm", "coinm", "options"))
    async with serving({**answers, "account/info": b"{}"}) as binance:
        assert (await binance.check(KEY, AT)).unopened == ()  # what is not told is not taken for closed


@pytest.mark.parametrize(
    ("code", "kind"), [(-1002, "not_permitted"), (-4046, "not_permitted"), (-1130, "binance_refused")]
)
async def test_totals_that_are_refused_for_good_are_told_from_others(code: int, kind: str) -> None:
    async with serving({"": b'{"code":%d,"msg":"no"}' % code}, status=400) as binance:
        with pytest.raises(BinanceError) as refused:
            await binance.totals(KEY)
    assert refused.value.code == kind


@pytest.mark.parametrize(
    ("symbol", "host"),
    [
        ("BTCUSDT", "fapi"),
        ("BTCUSDT_261225", "fapi"),
        ("BTCUSD_PERP", "dapi"),
        ("ETHUSD_261225", "dapi"),
        ("USDUSDT", "fapi"),
    ],
)
async def test_the_candles_of_a_contract_are_asked_where_it_trades(symbol: str, host: str) -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(200, json=[[1_767_225_600_000, "5"]])

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        assert await BinanceClient(http, WorldClock(AT)).contract_open(symbol, AT) == 5
    assert asked[0].url.host == f"{host}.binance.com"
