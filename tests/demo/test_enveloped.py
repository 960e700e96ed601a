"""Pay, P2P and fiat histories of the demo exchange: envelopes, windows, pages, weights."""

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from lib.demo.crossings import FiatOrderRow, FiatPaymentRow, P2pRow, banked, exchanged, paid, traded
from lib.demo.events import Deposit
from lib.demo.instants import to_ms
from tests.demo.conftest import BORN_AT, Asker, refused

PAY, P2P = "/sapi/v1/pay/transactions", "/sapi/v1/c2c/orderMatch/listUserOrderHistory"
ORDERS, PAYMENTS = "/sapi/v1/fiat/orders", "/sapi/v1/fiat/payments"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
DAY_MS = 86_400_000
END = BORN_AT + 20 * DAY


def living(ask: Asker, now: datetime = END) -> Asker:
    """Spot, which has none of these by itself, with some of each."""
    events = [paid(f"P_{n}", BORN_AT + n * HOUR, "USDT", Decimal(1 + n)) for n in range(130)]
    order = P2pRow("BUY", "USDT", Decimal(500), Decimal("0.5"), "EUR", Decimal("0.9"), "COMPLETED")
    sold = replace(order, trade_type="SELL", amount=Decimal(20))
    bank = FiatOrderRow(0, "EUR", Decimal(900), Decimal(1), "Successful")
    card = FiatPaymentRow(
        0, Decimal(200), "EUR", Decimal("0.002"), "BTC", Decimal(3), Decimal(91000), "Credit Card", "Completed"
    )
    ask.exchange.world = ask.exchange.world.adding(
        "Spot",
        *events,
        traded("20000000000000000001", BORN_AT + DAY, BORN_AT + DAY + HOUR, order),
        traded("20000000000000000002", BORN_AT + 2 * DAY, BORN_AT + 2 * DAY + HOUR, sold),
        banked("f-1", BORN_AT + 3 * DAY, BORN_AT + 4 * DAY, bank),
        exchanged("c-1", BORN_AT + 5 * DAY, BORN_AT + 5 * DAY + HOUR, card),
        exchanged("c-2", BORN_AT + 6 * DAY, BORN_AT + 6 * DAY + HOUR, replace(card, method="Cash Balance")),
    )
    ask.clock.set(now)
    return ask


def test_a_payment_says_what_moved_and_the_envelope_that_it_went_well(ask: Asker) -> None:
    answer = living(ask).signed("Spot", PAY)
    assert (answer["code"], answer["success"]) == ("000000", True)
    newest = answer["data"][0]
    assert (newest["transactionId"], newest["amount"], newest["transactionTime"]) == (
        "P_129",
        "130",
        to_ms(BORN_AT + 129 * HOUR),
    )
    assert newest["fundsDetail"] == [{"currency": "USDT", "amount": "130", "walletAssetCost": {"1": "130"}}]


def test_pay_has_no_second_page_only_the_newest_hundred(ask: Asker) -> None:
    ask = living(ask)
    ids = [row["transactionId"] for row in ask.signed("Spot", PAY)["data"]]
    assert ids == [f"P_{n}" for n in range(129, 29, -1)]
    assert ask.signed("Spot", PAY, "limit=100&page=2&offset=100")["data"][0]["transactionId"] == "P_129"
    window = f"startTime={to_ms(BORN_AT)}&endTime={to_ms(BORN_AT + 29 * HOUR)}"
    assert len(ask.signed("Spot", PAY, window)["data"]) == 30


@pytest.mark.parametrize(
    ("path", "names", "days"), [(PAY, ("startTime", "endTime"), 90), (P2P, ("startTimestamp", "endTimestamp"), 30)]
)
def test_a_window_that_is_too_wide_fails_in_the_envelope(
    ask: Asker, path: str, names: tuple[str, str], days: int
) -> None:
    ask.clock.set(END)
    start = to_ms(END) - days * DAY_MS
    assert ask.signed("Spot", path, f"{names[0]}={start}&{names[1]}={to_ms(END)}")["success"] is True
    answer = ask.signed("Spot", path, f"{names[0]}={start - 1}&{names[1]}={to_ms(END)}")
    assert (answer["code"], answer["success"]) == ("000002", False)


def test_a_deposit_from_another_user_is_in_pay_too(ask: Asker) -> None:
    at = BORN_AT + 2 * DAY
    deposit = Deposit("7", "SOL", Decimal(3), "spot", "SOL", "a", "t", at, at, at, internal=True, pay_id="P_X")
    ask.exchange.world = ask.exchange.world.adding("Spot", deposit)
    ask.clock.set(at)
    (row,) = ask.signed("Spot", PAY)["data"]
    assert (row["transactionId"], row["amount"], row["currency"]) == ("P_X", "3", "SOL")
    assert [flow.id for flow in ask.exchange.world.flows("Spot", BORN_AT, at)] == ["7"]


def test_p2p_lands_in_funding_when_it_completes(ask: Asker) -> None:
    ask, held = living(ask, BORN_AT), []
    for at in (BORN_AT + DAY, BORN_AT + DAY + HOUR):
        ask.clock.set(at)
        (row,) = ask.signed("Spot", P2P)["data"]
        paid_in = sum(Decimal(n + 1) for n in range(130) if BORN_AT + n * HOUR <= at)
        funding = ask.signed("Spot", "/sapi/v1/asset/get-funding-asset", method="POST")
        usdt = next(one["free"] for one in funding if one["asset"] == "USDT")
        held.append((row["orderStatus"], Decimal(usdt) - paid_in))
    assert held == [("TRADING", 0), ("COMPLETED", Decimal("499.5"))]


def test_p2p_has_sides_and_pages(ask: Asker) -> None:
    ask = living(ask)
    both = ask.signed("Spot", P2P)
    assert [row["tradeType"] for row in both["data"]] == ["SELL", "BUY"]
    assert both["total"] == 2
    assert [row["tradeType"] for row in ask.signed("Spot", P2P, "tradeType=BUY")["data"]] == ["BUY"]
    assert ask.signed("Spot", P2P, "rows=1&page=2")["data"] == both["data"][1:]
    ask.clock.set(BORN_AT + 200 * DAY)
    old = f"startTimestamp={to_ms(BORN_AT)}&endTimestamp={to_ms(BORN_AT + 9 * DAY)}"
    assert ask.signed("Spot", P2P, old)["data"] == []  # half a year is all it tells


def test_fiat_asks_for_a_direction_and_begins_with_its_own_word(ask: Asker) -> None:
    ask = living(ask)
    assert refused(ask.signed_response("Spot", ORDERS)) == (400, -1102)
    assert refused(ask.signed_response("Spot", ORDERS, "transactionType=2")) == (400, -1130)
    (row,) = ask.signed("Spot", ORDERS, "transactionType=0")["data"]
    assert (row["amount"], row["indicatedAmount"], row["totalFee"], row["status"]) == ("900", "901", "1", "Successful")
    ask.clock.pass_time(60)  # four a minute are all it takes
    later = f"transactionType=0&beginTime={to_ms(BORN_AT + 4 * DAY)}"
    assert ask.signed("Spot", ORDERS, later)["data"] == []
    ignored = f"transactionType=0&startTime={to_ms(BORN_AT + 4 * DAY)}"
    assert len(ask.signed("Spot", ORDERS, ignored)["data"]) == 1


def test_payments_that_are_none_come_without_data(ask: Asker) -> None:
    ask = living(ask)
    assert ask.signed("Spot", PAYMENTS, "transactionType=1") == {
        "code": "000000",
        "message": "success",
        "success": True,
        "total": 0,
    }
    methods = [row["paymentMethod"] for row in ask.signed("Spot", PAYMENTS, "transactionType=0")["data"]]
    assert methods == ["Cash Balance", "Credit Card"]


def test_what_is_paid_from_the_own_balance_is_no_flow(ask: Asker) -> None:
    ask = living(ask)
    true = {flow.id for flow in ask.exchange.world.flows("Spot", BORN_AT, END)}
    assert {"f-1", "c-1"} <= true
    assert "c-2" not in true


@pytest.mark.parametrize(
    ("path", "query", "header", "weight", "calls"),
    [
        (PAY, "", "X-SAPI-USED-UID-WEIGHT-1M", 3_000, 60),
        (ORDERS, "transactionType=0", "X-SAPI-USED-UID-WEIGHT-1M", 45_000, 4),
        (PAYMENTS, "transactionType=0", "X-SAPI-USED-IP-WEIGHT-1M", 1, 10),
        (P2P, "", "X-SAPI-USED-IP-WEIGHT-1M", 1, 10),
    ],
)
def test_weights(ask: Asker, path: str, query: str, header: str, weight: int, calls: int) -> None:
    answers = [ask.signed_response("Main", path, query) for _ in range(calls)]
    assert [answer.status for answer in answers] == [200] * calls
    assert dict(answers[-1].headers)[header] == str(weight * calls)
    if "UID" in header:  # of its own account, whoever else asks
        assert ask.signed_response("Spot", path, query).status == 200
        late: Any = ask.signed_response("Main", path, query)
        assert (late.status, "Retry-After" in dict(late.headers)) == (429, True)
