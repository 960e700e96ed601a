"""Pay, P2P, fiat and sub-accounts: what their rows mean, and what is made of an answer that is not as promised."""

import json
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.binance import flows
from lib.binance.client import BinanceClient
from lib.binance.errors import BinanceError, ExchangeTrouble, KeyRefused, MalformedAnswer, SourceRefused
from lib.demo.clock import WorldClock
from lib.domain.flows import Movement, Stage
from lib.domain.sources import (
    FIAT_BUYS,
    FIAT_DEPOSITS,
    FIAT_SELLS,
    FIAT_WITHDRAWALS,
    MASTER_TRANSFERS,
    P2P,
    PAY,
    SUB_TRANSFERS_IN,
    SUB_TRANSFERS_OUT,
)
from tests.binance.wire import AT, AT_MS, KEY, answering, sample, sent

HOUR, WEEK = timedelta(hours=1), timedelta(days=7)
PAYMENT = {"transactionId": "P1", "transactionTime": AT_MS, "amount": "10", "currency": "USDT", "orderType": "PAY"}
ORDER = {
    "orderNumber": "1",
    "tradeType": "BUY",
    "asset": "USDT",
    "amount": "100",
    "orderStatus": "COMPLETED",
    "createTime": AT_MS,
}
BANK = {"orderNo": "b", "fiatCurrency": "EUR", "amount": "100", "createTime": AT_MS, "updateTime": AT_MS + 3_600_000}
CARD = {
    "orderNo": "c",
    "sourceAmount": "200",
    "fiatCurrency": "EUR",
    "obtainAmount": "0.002",
    "cryptoCurrency": "BTC",
    "price": "100000",
    "createTime": AT_MS,
    "updateTime": AT_MS + 60_000,
}
OWN = {"tranId": 7, "type": 1, "asset": "BTC", "qty": "2", "status": "SUCCESS", "time": AT_MS}


def wrapped(*rows: dict[str, Any]) -> bytes:
    return json.dumps({"code": "000000", "message": "success", "success": True, "data": rows}).encode()


async def read(source: str, body: bytes) -> tuple[Movement, ...]:
    async with answering(body) as binance:
        return await binance.movements(KEY, source, AT - HOUR, AT + HOUR)


async def test_the_sample_of_pay_is_money_that_left() -> None:
    (movement,) = await read(PAY, sample("pay"))
    assert movement == Movement(
        "pay:P_A1EXAMPLE0001:USDT", PAY, "USDT", Decimal("-25.50"), Stage.DONE, AT, AT, detail="C2C"
    )


@pytest.mark.parametrize(
    ("amount", "funds", "moved"),
    [
        pytest.param("10", None, {"USDT": "10"}, id="no detail"),
        pytest.param("10", [], {"USDT": "10"}, id="empty detail"),
        pytest.param("-30", [("BTC", "0.0001"), ("BNB", "0.02")], {"BTC": "-0.0001", "BNB": "-0.02"}, id="two assets"),
        pytest.param("-30", [("BTC", "1"), ("BTC", "2")], {"BTC": "-3"}, id="one asset twice"),
        pytest.param("-30", [("BTC", "0"), ("BNB", "1")], {"BNB": "-1"}, id="one of them nothing"),
        pytest.param("-30", [("BTC", "0")], {"USDT": "-30"}, id="detail of nothing"),
        pytest.param("0", None, {}, id="nothing at all"),
    ],
)
async def test_what_a_payment_moved(amount: str, funds: list[tuple[str, str]] | None, moved: dict[str, str]) -> None:
    detail = None if funds is None else [{"currency": coin, "amount": size} for coin, size in funds]
    found = await read(PAY, wrapped(PAYMENT | {"amount": amount, "fundsDetail": detail}))
    assert {one.asset: one.quantity for one in found} == {coin: Decimal(size) for coin, size in moved.items()}
    assert {one.id for one in found} == {f"pay:P1:{coin}" for coin in moved}


async def test_a_payment_and_its_refund_are_two() -> None:
    refund = {"transactionId": "P2", "orderType": "PAY_REFUND", "amount": "-10"}
    found = await read(PAY, wrapped(PAYMENT, PAYMENT | refund))
    assert [one.quantity for one in found] == [Decimal(10), Decimal(-10)]


async def test_the_sample_of_p2p_leaves_with_its_commission() -> None:
    (movement,) = await read(P2P, sample("p2p"))
    assert (movement.id, movement.asset, movement.quantity, movement.at) == (
        "c2c:20219644646554779648",
        "USDT",
        Decimal("-500.25"),
        AT,
    )


@pytest.mark.parametrize(
    ("changes", "quantity"),
    [
        ({}, "100"),
        ({"takerCommission": "1", "commission": "3", "advertisementRole": "TAKER"}, "99"),
        ({"takerCommission": "1", "commission": "3", "advertisementRole": "MAKER"}, "97"),
        ({"tradeType": "SELL", "commission": "3", "advertisementRole": "MAKER"}, "-103"),
        ({"tradeType": "SELL", "commission": "", "takerCommission": None}, "-100"),
    ],
)
async def test_what_a_p2p_order_moved(changes: dict[str, Any], quantity: str) -> None:
    (movement,) = await read(P2P, wrapped(ORDER | changes))
    assert movement.quantity == Decimal(quantity)


@pytest.mark.parametrize(
    ("status", "stage"),
    [
        *((name, Stage.PENDING) for name in ("PENDING", "TRADING", "BUYER_PAYED", "DISTRIBUTING", "IN_APPEAL")),
        ("COMPLETED", Stage.DONE),
        ("CANCELLED", Stage.DROPPED),
        ("CANCELLED_BY_SYSTEM", Stage.DROPPED),
    ],
)
async def test_how_far_a_p2p_order_has_come(status: str, stage: Stage) -> None:
    (movement,) = await read(P2P, wrapped(ORDER | {"orderStatus": status}))
    assert movement.stage is stage


async def test_the_sample_of_a_bank_transfer_comes_net_when_credited_and_goes_gross_when_asked() -> None:
    (came,) = await read(FIAT_DEPOSITS, sample("fiat_orders"))
    (went,) = await read(FIAT_WITHDRAWALS, sample("fiat_orders"))
    assert (came.id, came.quantity, came.at) == (
        "fiat:7d76d611-0000-4f43-afb6-24cac7760001",
        Decimal(1000),
        AT + HOUR,
    )
    assert (went.id, went.quantity, went.at) == (came.id, Decimal(-1001), AT)


async def test_a_bank_transfer_without_its_gross_amount_goes_with_the_fee() -> None:
    (went,) = await read(FIAT_WITHDRAWALS, wrapped(BANK | {"status": "Finished", "totalFee": "1.5"}))
    assert went.quantity == Decimal("-101.5")


@pytest.mark.parametrize(
    ("status", "stage"),
    [
        ("Processing", Stage.PENDING),
        ("Refunding", Stage.PENDING),
        ("Successful", Stage.DONE),
        ("Finished", Stage.DONE),
        *(
            (name, Stage.DROPPED)
            for name in ("Failed", "Refunded", "Refund Failed", "Order Partial credit Stopped", "Expired")
        ),
    ],
)
async def test_how_far_a_bank_transfer_has_come(status: str, stage: Stage) -> None:
    (movement,) = await read(FIAT_DEPOSITS, wrapped(BANK | {"status": status}))
    assert movement.stage is stage
    assert movement.at == (AT if stage is Stage.PENDING else AT + HOUR)  # a refund tells when it was made


async def test_money_to_a_bank_left_when_it_was_asked_for_and_is_refunded_when_that_was_done() -> None:
    ended = [await read(FIAT_WITHDRAWALS, wrapped(BANK | {"status": status})) for status in ("Finished", "Refunded")]
    assert [(one.stage, one.at) for (one,) in ended] == [(Stage.DONE, AT), (Stage.DROPPED, AT + HOUR)]


async def test_the_sample_of_a_purchase_by_card_is_coins_from_outside() -> None:
    (movement,) = await read(FIAT_BUYS, sample("fiat_payments"))
    assert (movement.id, movement.asset, movement.quantity, movement.at) == (
        "fiatpay:353fca443f06466db0c4dc8900000001",
        "BTC",
        Decimal("0.00215"),
        AT + timedelta(minutes=1),
    )


async def test_a_purchase_from_the_own_balance_is_none() -> None:
    row = CARD | {"status": "Completed", "paymentMethod": "Cash Balance"}
    assert await read(FIAT_BUYS, wrapped(row)) == ()


@pytest.mark.parametrize(
    ("changes", "coins"),
    [
        ({"sourceAmount": "0.002", "obtainAmount": "200"}, "0.002"),
        ({"sourceAmount": "200", "obtainAmount": "0.002"}, "0.002"),
        ({"sourceAmount": "0.002", "obtainAmount": "196", "price": ""}, "0.002"),
    ],
)
async def test_a_sale_takes_coins_whichever_amount_they_are(changes: dict[str, str], coins: str) -> None:
    (movement,) = await read(FIAT_SELLS, wrapped(CARD | {"status": "Completed"} | changes))
    assert (movement.quantity, movement.detail) == (-Decimal(coins), "EUR")


async def test_an_empty_answer_may_lack_its_data_but_not_where_rows_are_promised() -> None:
    assert await read(FIAT_BUYS, sample("fiat_payments_empty")) == ()
    with pytest.raises(MalformedAnswer, match="unexpected answer at data"):
        await read(FIAT_BUYS, b'{"code":"000000","success":true,"total":3}')


async def test_a_transfer_of_a_sub_account_comes_or_goes() -> None:
    (came,) = await read(SUB_TRANSFERS_IN, sample("sub_own_transfers"))
    assert (came.id, came.quantity) == ("sub:9223372036854775001", Decimal(250))
    (went,) = await read(SUB_TRANSFERS_OUT, json.dumps([OWN | {"type": 2}]).encode())
    assert (went.id, went.quantity, went.stage) == ("sub:7", Decimal(-2), Stage.DONE)


async def test_a_sub_account_is_asked_for_both_directions() -> None:
    """The exchange tells only what went out unless the other is asked for."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(sent(request)["type"])
        return httpx.Response(200, json=[])

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        for source in (SUB_TRANSFERS_IN, SUB_TRANSFERS_OUT):
            await BinanceClient(http, WorldClock(AT)).movements(KEY, source, AT, AT)
    assert asked == ["1", "2"]


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        pytest.param(200, '{"code":"000002","message":"no","success":false}', SourceRefused, id="the envelope says no"),
        pytest.param(400, '{"code":"000002","message":"no","success":false}', SourceRefused, id="with a bad status"),
        pytest.param(200, '{"code":"000000","success":false,"data":[]}', SourceRefused, id="it contradicts itself"),
        pytest.param(401, '{"code":-2015,"msg":"Invalid API-key, IP, or permissions"}', SourceRefused, id="no right"),
        pytest.param(400, '{"code":-4046,"msg":"Agreement not confirmed."}', SourceRefused, id="not opened"),
        pytest.param(400, '{"code":-12022,"msg":"master only"}', SourceRefused, id="not that kind of account"),
        pytest.param(
            400, '{"code":-4047,"msg":"Time interval must be within 0-90 days"}', BinanceError, id="our fault"
        ),
        pytest.param(400, '{"code":-1102,"msg":"Mandatory parameter"}', BinanceError, id="our fault, too"),
        pytest.param(400, "{}", BinanceError, id="no reason given"),
        pytest.param(400, '{"code":-1022,"msg":"Signature"}', KeyRefused, id="a wrong secret"),
        pytest.param(503, '{"code":-1008,"msg":"busy"}', ExchangeTrouble, id="busy"),
    ],
)
async def test_which_refusals_are_for_good(status: int, body: str, expected: type[BinanceError]) -> None:
    """What cannot be told apart from a fault of ours, or from a bad hour of theirs, holds the snapshot back."""
    transport = httpx.MockTransport(lambda _request: httpx.Response(status, content=body.encode()))
    async with httpx.AsyncClient(transport=transport) as http:
        with pytest.raises(BinanceError) as raised:
            await BinanceClient(http, WorldClock(AT)).movements(KEY, PAY, AT - HOUR, AT)
    assert type(raised.value) is expected


class Master:
    """Answers a master with three lists that overlap."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, str]]] = []

    def answer(self, request: httpx.Request) -> httpx.Response:
        path, asked = request.url.path.rsplit("/", 2)[-2:], sent(request)
        self.asked.append(("/".join(path), asked))
        match path[1]:
            case "list":
                return httpx.Response(200, json={"subAccounts": [{"email": "s1@x"}, {"email": "s2@x"}]})
            case "history":
                return httpx.Response(200, json=self._sent(asked, "spot"))
            case "universalTransfer":
                return httpx.Response(200, json={"result": self._sent(asked, "universal"), "totalCount": 1})
        return httpx.Response(200, json={"success": True, "transfers": self._sent(asked, "futures")})

    def _sent(self, asked: dict[str, str], family: str) -> list[dict[str, Any]]:
        times = {"createTimeStamp": AT_MS, "time": AT_MS}
        if not int(asked["startTime"]) <= AT_MS <= int(asked["endTime"]):
            return []
        rows = [
            ("1", "me@x", "s1@x", "spot universal"),
            ("2", "s1@x", "me@x", "universal"),
            ("3", "s1@x", "s2@x", "spot"),
            ("4", "s2@x", "me@x", "futures"),
        ]
        return [
            {"tranId": id_, "from": a, "to": b, "fromEmail": a, "toEmail": b, "asset": "USDT", **times}
            | {"qty": "5", "amount": "5", "status": "SUCCESS"}
            for id_, a, b, families in rows
            if family in families and (asked.get("email") in (a, b) or asked.get("fromEmail", "me@x") == a)
            and ("email" not in asked or asked["email"] in (a, b))
        ]  # fmt: skip


async def test_a_master_counts_what_it_sent_and_got_once_and_nothing_of_what_subs_send_each_other() -> None:
    master = Master()
    async with httpx.AsyncClient(transport=httpx.MockTransport(master.answer)) as http:
        found = await BinanceClient(http, WorldClock(AT)).movements(KEY, MASTER_TRANSFERS, AT - WEEK, AT + HOUR)
    assert {one.id: one.quantity for one in found} == {"sub:1": -5, "sub:2": 5, "sub:4": 5}
    assert all(("fromEmail" in asked) + ("toEmail" in asked) < 2 for _, asked in master.asked)
    spans = [int(asked["endTime"]) - int(asked["startTime"]) for path, asked in master.asked if "universal" in path]
    assert max(spans) < 7 * 86_400_000


async def test_an_account_without_sub_accounts_is_asked_nothing_more() -> None:
    async with answering(b'{"subAccounts":[]}') as binance:
        assert await binance.movements(KEY, MASTER_TRANSFERS, AT - WEEK, AT) == ()
        assert binance.usage().requests == 1


ROWS = {
    PAY: (PAYMENT, True),
    P2P: (ORDER, True),
    FIAT_DEPOSITS: (BANK | {"status": "Successful"}, True),
    FIAT_WITHDRAWALS: (BANK | {"status": "Successful"}, True),
    FIAT_BUYS: (CARD | {"status": "Completed"}, True),
    FIAT_SELLS: (CARD | {"status": "Completed"}, True),
    SUB_TRANSFERS_IN: (OWN, False),
    SUB_TRANSFERS_OUT: (OWN, False),
}
wild = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=9)
    | st.sampled_from(["1e999", "-1", "NaN"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner, max_size=3),
    max_leaves=6,
)


def checked(found: tuple[Movement, ...]) -> None:
    assert all(abs(one.quantity) < Decimal("1e31") and one.quantity.is_finite() for one in found)
    assert all(one.id.split(":", 1)[1] and one.asset for one in found)


async def tried(source: str, body: bytes) -> BinanceError | None:
    try:
        checked(await read(source, body))
    except BinanceError as error:
        return error
    return None


@given(source=st.sampled_from(sorted(flows.SOURCES)), body=wild)
async def test_json_of_any_shape_is_rows_or_a_typed_error(source: str, body: object) -> None:
    error = await tried(source, json.dumps(body).encode())
    assert error is None or len(str(error)) < 400


@given(source=st.sampled_from(sorted(ROWS)), data=st.data(), value=wild)
async def test_a_row_with_one_field_of_any_shape_is_a_movement_or_a_typed_error(
    source: str, data: st.DataObject, value: object
) -> None:
    row, is_wrapped = ROWS[source]
    changed = row | {data.draw(st.sampled_from(sorted(row))): value, "aFieldOfTomorrow": value}
    error = await tried(source, wrapped(changed) if is_wrapped else json.dumps([changed]).encode())
    said = str(error)
    assert error is None or str(value) not in said or len(str(value)) < 6  # where it is wrong, never what stood there


@given(source=st.sampled_from(sorted(ROWS)), cut=st.integers(0, 400))
async def test_a_torn_body_is_a_typed_error(source: str, cut: int) -> None:
    row, is_wrapped = ROWS[source]
    body = wrapped(row) if is_wrapped else json.dumps([row]).encode()
    with pytest.raises(BinanceError):
        await read(source, body[: min(cut, len(body) - 1)])
