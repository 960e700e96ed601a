"""Pay, P2P and fiat histories: newest first, in an envelope that says whether the call went well.

Source: reference, D.5 and H.
"""

from collections.abc import Iterator
from datetime import timedelta

from lib.demo import params
from lib.demo.crossings import Crossing, FiatOrderRow, FiatPaymentRow, P2pRow, PayRow
from lib.demo.events import Deposit, Withdrawal
from lib.demo.instants import to_ms
from lib.demo.routes import Route, Signed, SignedRoute, weighs
from lib.domain.money import exact, plain

_DAY_MS = 86_400_000
_PAY_DAYS, _PAY_REACH_DAYS, _PAY_MOST = 90, 540, 100
_P2P_DAYS, _P2P_REACH_DAYS, _P2P_MOST = 30, 180, 100
_FIAT_DAYS, _FIAT_MOST = 30, 500
_AHEAD = timedelta(seconds=4)  # Pay tells of a payment between users a moment before the wallets do

type Dated = tuple[int, dict[str, object]]


def _fine(rows: list[dict[str, object]], **more: object) -> dict[str, object]:
    return {"code": "000000", "message": "success", "success": True, **more, "data": rows}


def _no(message: str) -> dict[str, object]:
    return {"code": "000002", "message": message, "success": False}


def _window(call: Signed, names: tuple[str, str], days: int, *, bounded: bool) -> tuple[int, int] | None:
    """Return both ends, inclusive; by default the last `days`. None where they are too far apart."""
    start_ms, end_ms = (params.integer(call.params, name) for name in names)
    end_ms = max(call.now_ms, start_ms or 0) if end_ms is None else end_ms
    start_ms = end_ms - days * _DAY_MS if start_ms is None else start_ms
    return None if start_ms > end_ms or (bounded and end_ms - start_ms > days * _DAY_MS) else (start_ms, end_ms)


def _inside(rows: Iterator[Dated], window: tuple[int, int]) -> list[dict[str, object]]:
    found = [(at_ms, row) for at_ms, row in rows if window[0] <= at_ms <= window[1]]
    return [row for _, row in sorted(found, key=lambda dated: dated[0], reverse=True)]


def _page(call: Signed, rows: list[dict[str, object]], most: int) -> list[dict[str, object]]:
    page = params.integer(call.params, "page") or 1
    size = min(params.integer(call.params, "rows") or 100, most)
    return rows[(page - 1) * size : page * size]


def pay(call: Signed) -> object:
    """Answer with the payments of a window; there is no second page."""
    window = _window(call, ("startTime", "endTime"), _PAY_DAYS, bounded=True)
    if window is None:
        return _no("Time interval must be within 0-90 days")
    reach_ms = call.now_ms - _PAY_REACH_DAYS * _DAY_MS
    rows = _inside(_payments(call), (max(window[0], reach_ms), window[1]))
    return _fine(rows[: params.limit(call.params, _PAY_MOST, _PAY_MOST)])


def _payments(call: Signed) -> Iterator[Dated]:
    for crossing in call.world.crossings(call.key.account, call.now):
        if isinstance(crossing.shown, PayRow):
            yield to_ms(crossing.at), _pay_row(crossing.id, to_ms(crossing.at), crossing.shown)
    for movement in call.world.movements(call.key.account, call.now):
        done_at = movement.credited_at if isinstance(movement, Deposit) else movement.ended_at
        told_at = done_at - _AHEAD
        if movement.pay_id and told_at <= call.now and not (isinstance(movement, Withdrawal) and movement.cancelled):
            amount = movement.amount if isinstance(movement, Deposit) else -movement.amount
            shown = PayRow("C2C", movement.asset, amount, ((movement.asset, abs(amount)),))
            yield to_ms(told_at), _pay_row(movement.pay_id, to_ms(told_at), shown)


def _pay_row(id_: str, at_ms: int, shown: PayRow) -> dict[str, object]:
    me, other = {"name": "Demo", "type": "USER", "binanceId": "10000001"}, {"name": "Other", "type": "USER"}
    return {
        "orderType": shown.order_type,
        "transactionId": id_,
        "transactionTime": at_ms,
        "amount": plain(shown.amount),
        "currency": shown.currency,
        "walletType": 1,
        "walletTypes": [1],
        "fundsDetail": [
            {"currency": asset, "amount": plain(size), "walletAssetCost": {"1": plain(size)}}
            for asset, size in shown.funds
        ],
        "payerInfo": other if shown.amount > 0 else me,
        "receiverInfo": me if shown.amount > 0 else other,
    }


def p2p(call: Signed) -> object:
    """Answer with the P2P orders of a window, of one side or of both."""
    window = _window(call, ("startTimestamp", "endTimestamp"), _P2P_DAYS, bounded=True)
    if window is None:
        return _no("Time interval must be within 0-30 days")
    reach_ms = call.now_ms - _P2P_REACH_DAYS * _DAY_MS
    orders = (
        (to_ms(crossing.at), _p2p_row(crossing, crossing.shown, done=crossing.moved_at <= call.now))
        for crossing in call.world.crossings(call.key.account, call.now)
        if isinstance(crossing.shown, P2pRow)
        and call.params.get("tradeType", crossing.shown.trade_type) == crossing.shown.trade_type
    )
    rows = _inside(orders, (max(window[0], reach_ms), window[1]))
    return _fine(_page(call, rows, _P2P_MOST), total=len(rows))


@exact
def _p2p_row(crossing: Crossing, shown: P2pRow, *, done: bool) -> dict[str, object]:
    return {
        "orderNumber": crossing.id,
        "advNo": "11" + crossing.id[2:],
        "tradeType": shown.trade_type,
        "asset": shown.asset,
        "fiat": shown.fiat,
        "fiatSymbol": shown.fiat,
        "amount": plain(shown.amount),
        "totalPrice": plain(shown.amount * shown.unit_price),
        "unitPrice": plain(shown.unit_price),
        "orderStatus": shown.ended if done else "TRADING",
        "createTime": to_ms(crossing.at),
        "commission": "0",
        "takerCommission": plain(shown.commission),
        "takerAmount": plain(shown.amount - shown.commission),
        "counterPartNickName": "oth***",
        "payMethodName": "BANK",
        "advertisementRole": "TAKER",
    }


def fiat_orders(call: Signed) -> object:
    """Answer with the bank transfers of a window, of one direction."""
    kind = _kind(call)
    orders = (
        (to_ms(crossing.at), _order_row(crossing, crossing.shown, done=crossing.moved_at <= call.now))
        for crossing in call.world.crossings(call.key.account, call.now)
        if isinstance(crossing.shown, FiatOrderRow) and crossing.shown.kind == kind
    )
    return _fiat(call, orders)


@exact
def _order_row(crossing: Crossing, shown: FiatOrderRow, *, done: bool) -> dict[str, object]:
    return {
        "orderNo": crossing.id,
        "fiatCurrency": shown.currency,
        "indicatedAmount": plain(shown.amount + shown.fee),
        "amount": plain(shown.amount),
        "totalFee": plain(shown.fee),
        "method": "BankAccount",
        "status": shown.ended if done else "Processing",
        "createTime": to_ms(crossing.at),
        "updateTime": to_ms(crossing.moved_at if done else crossing.at),
    }


def fiat_payments(call: Signed) -> object:
    """Answer with the purchases or the sales of a window; with none of them `data` is left out."""
    kind = _kind(call)
    payments = (
        (to_ms(crossing.at), _payment_row(crossing, crossing.shown, done=crossing.moved_at <= call.now))
        for crossing in call.world.crossings(call.key.account, call.now)
        if isinstance(crossing.shown, FiatPaymentRow) and crossing.shown.kind == kind
    )
    answer = _fiat(call, payments)
    return answer if answer.get("data") else {name: value for name, value in answer.items() if name != "data"}


def _payment_row(crossing: Crossing, shown: FiatPaymentRow, *, done: bool) -> dict[str, object]:
    method = {"paymentMethod": shown.method} if shown.method else {}
    return {
        "orderNo": crossing.id,
        "sourceAmount": plain(shown.source),
        "fiatCurrency": shown.fiat,
        "obtainAmount": plain(shown.obtained),
        "cryptoCurrency": shown.crypto,
        "totalFee": plain(shown.fee),
        "price": plain(shown.price),
        "status": shown.ended if done else "Processing",
        **method,
        "createTime": to_ms(crossing.at),
        "updateTime": to_ms(crossing.moved_at if done else crossing.at),
    }


def _kind(call: Signed) -> int:
    kind = params.required(call.params, "transactionType")
    if kind not in ("0", "1"):
        raise params.invalid("transactionType")
    return int(kind)


def _fiat(call: Signed, rows: Iterator[Dated]) -> dict[str, object]:
    window = _window(call, ("beginTime", "endTime"), _FIAT_DAYS, bounded=False)
    if window is None:
        return _no("beginTime is after endTime")
    found = _inside(rows, window)
    return _fine(_page(call, found, _FIAT_MOST), total=len(found))


ROUTES: dict[tuple[str, str], Route] = {
    ("GET", "/sapi/v1/pay/transactions"): SignedRoute(pay, weighs(3_000), per_account=True),
    ("GET", "/sapi/v1/c2c/orderMatch/listUserOrderHistory"): SignedRoute(p2p, weighs(1)),
    ("GET", "/sapi/v1/fiat/orders"): SignedRoute(fiat_orders, weighs(45_000), per_account=True),
    ("GET", "/sapi/v1/fiat/payments"): SignedRoute(fiat_payments, weighs(1)),
}
