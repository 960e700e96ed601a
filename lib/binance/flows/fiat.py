"""Money from and to the bank, and coins bought and sold for it. Source: reference, D.5, F.1 and F.5."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from types import MappingProxyType

from lib.binance.endpoints import FIAT_ORDERS, FIAT_PAYMENTS
from lib.binance.flows.history import History, Pages, unwrapped
from lib.binance.instants import from_ms
from lib.binance.schemas import fiat
from lib.binance.schemas.envelope import Envelope
from lib.binance.schemas.fiat import Order, Payment
from lib.domain.flows import Movement, Stage
from lib.domain.money import ZERO, exact
from lib.domain.sources import FIAT_BUYS, FIAT_DEPOSITS, FIAT_SELLS, FIAT_WITHDRAWALS

_FROM_OWN_BALANCE = "Cash Balance"
_IN, _OUT = {"transactionType": 0}, {"transactionType": 1}
# No widest window is documented, and the orders may be asked four times a minute: one call tells it all.
_WIDEST = timedelta(days=366)
_PAGES = Pages("page", "rows", 500, first=1, step=1)
_TIMES = ("beginTime", "endTime")

_ORDER_STAGES: Mapping[str, Stage] = MappingProxyType(
    {
        "Processing": Stage.PENDING,
        "Successful": Stage.DONE,
        "Finished": Stage.DONE,
        "Refunding": Stage.PENDING,
    }
)
_PAYMENT_STAGES: Mapping[str, Stage] = MappingProxyType({"Processing": Stage.PENDING, "Completed": Stage.DONE})


def deposit(row: Order) -> Movement:
    """Return what money from the bank means: what arrived, when it was credited."""
    return _ordered(row, FIAT_DEPOSITS, row.amount, row.update_time)


@exact
def withdrawal(row: Order) -> Movement:
    """Return what money to the bank means: what it took, fee included, when it was asked for."""
    gross = row.indicated_amount or row.amount + (row.total_fee or ZERO)
    return _ordered(row, FIAT_WITHDRAWALS, -gross, row.create_time)


def _ordered(row: Order, source: str, quantity: Decimal, done_ms: int) -> Movement:
    stage, listed_at = _ORDER_STAGES.get(row.status, Stage.DROPPED), from_ms(row.create_time)
    return Movement(
        id=f"fiat:{row.order_no}",
        source=source,
        asset=row.fiat_currency,
        quantity=quantity,
        stage=stage,
        listed_at=listed_at,
        at=from_ms(_moved_ms(stage, row.create_time, done_ms, row.update_time)),
        detail=row.method or "",
    )


def _moved_ms(stage: Stage, listed_ms: int, done_ms: int, updated_ms: int) -> int:
    """Return when the money moved; of what was dropped or refunded, when that was."""
    return {Stage.DONE: done_ms, Stage.DROPPED: updated_ms}.get(stage, listed_ms)


def bought(row: Payment) -> Iterator[Movement]:
    """Yield what a purchase brought; one paid from the account's own money moved nothing across its border."""
    if row.payment_method != _FROM_OWN_BALANCE:
        yield _paid(row, FIAT_BUYS, row.obtain_amount, row.payment_method or "")


def sold(row: Payment) -> Iterator[Movement]:
    """Yield what a sale took, with the money it was made for as its detail.

    Whether that money went to a bank or into the account is not told: the domain decides, by what the account holds.
    """
    yield _paid(row, FIAT_SELLS, -_coins_of(row), row.fiat_currency)


@exact
def _coins_of(row: Payment) -> Decimal:
    """Return which of a sale's two amounts is coins. It is not documented; the price tells: money is coins by price."""
    if not row.price:
        return row.source_amount
    as_source = abs(row.source_amount * row.price - row.obtain_amount)
    as_obtained = abs(row.obtain_amount * row.price - row.source_amount)
    return row.source_amount if as_source <= as_obtained else row.obtain_amount


def _paid(row: Payment, source: str, quantity: Decimal, detail: str) -> Movement:
    stage, listed_at = _PAYMENT_STAGES.get(row.status, Stage.DROPPED), from_ms(row.create_time)
    return Movement(
        id=f"fiatpay:{row.order_no}",
        source=source,
        asset=row.crypto_currency,
        quantity=quantity,
        stage=stage,
        listed_at=listed_at,
        at=from_ms(_moved_ms(stage, row.create_time, row.update_time, row.update_time)),
        detail=detail,
    )


def _orders(asks: Mapping[str, str | int], source: str) -> History[Envelope[Order], Order]:
    meaning = deposit if source == FIAT_DEPOSITS else withdrawal
    return History(
        endpoint=FIAT_ORDERS,
        shape=fiat.ORDERS,
        rows=unwrapped,
        key=lambda row: row.order_no,
        stamp_ms=lambda row: row.create_time,
        movements=lambda row: (meaning(row),),
        widest=_WIDEST,
        paging=_PAGES,
        times=_TIMES,
        asks=asks,
    )


def _payments(asks: Mapping[str, str | int], source: str) -> History[Envelope[Payment], Payment]:
    return History(
        endpoint=FIAT_PAYMENTS,
        shape=fiat.PAYMENTS,
        rows=unwrapped,
        key=lambda row: row.order_no,
        stamp_ms=lambda row: row.create_time,
        movements=bought if source == FIAT_BUYS else sold,
        widest=_WIDEST,
        paging=_PAGES,
        times=_TIMES,
        asks=asks,
    )


DEPOSIT_ROWS, WITHDRAWAL_ROWS = _orders(_IN, FIAT_DEPOSITS), _orders(_OUT, FIAT_WITHDRAWALS)
BUY_ROWS, SELL_ROWS = _payments(_IN, FIAT_BUYS), _payments(_OUT, FIAT_SELLS)
