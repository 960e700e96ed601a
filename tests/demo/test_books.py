from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.demo.books import apply
from lib.demo.contracts import unrealised
from lib.demo.events import (
    Borrow,
    Deposit,
    Event,
    Funding,
    FuturesTrade,
    Gain,
    Growth,
    Interest,
    OrderLock,
    SpotTrade,
    Transfer,
    Withdrawal,
)
from lib.demo.holdings import EMPTY, Balance, Books, Position, balance, rounded, total
from lib.demo.journal import Journal, fold, steps
from lib.demo.market import Market

START = datetime(2026, 8, 24, tzinfo=UTC)
MARKET = Market(5, START)
HOUR = timedelta(hours=1)


def deposit(asset: str, amount: str, at: datetime = START) -> Deposit:
    return Deposit("1", asset, Decimal(amount), "spot", "TRX", "DEMO", "de30", at, at + HOUR / 60, at + HOUR / 30)


def withdrawal(amount: str, at: datetime, *, cancelled: bool = False, name: str = "w") -> Withdrawal:
    return Withdrawal(
        name, "USDT", Decimal(amount), Decimal(1), "spot", "TRX", "DEMO", "de30", at, at + 5 * HOUR, cancelled
    )


def after(*events: Event, at: datetime = START + timedelta(days=365)) -> Books:
    return fold([step for step in steps(events) if step.at <= at], MARKET)


def spot(books: Books, asset: str) -> Balance:
    return balance(books, "spot", asset)


def test_a_deposit_counts_from_its_credit() -> None:
    event = deposit("USDT", "100")
    assert spot(after(event, at=event.inserted_at), "USDT").free == 0
    assert spot(after(event, at=event.credited_at), "USDT").free == 100


def test_a_withdrawal_waits_before_it_leaves_with_its_fee() -> None:
    paid, left = deposit("USDT", "100"), withdrawal("40", START + HOUR)
    assert spot(after(paid, left, at=left.applied_at), "USDT") == Balance(Decimal(59), Decimal(0), Decimal(41))
    assert spot(after(paid, left, at=left.ended_at), "USDT") == Balance(Decimal(59))


def test_a_cancelled_withdrawal_gives_the_money_back() -> None:
    left = withdrawal("40", START + HOUR, cancelled=True)
    assert spot(after(deposit("USDT", "100"), left), "USDT") == Balance(Decimal(100))


def test_what_is_reversed_goes_back_whole() -> None:
    paid = replace(deposit("USDT", "100"), reversed_at=START + 8 * HOUR)
    left = replace(withdrawal("40", START + HOUR), reversed_at=START + 7 * HOUR)
    assert spot(after(paid, left, at=left.ended_at), "USDT") == Balance(Decimal(59))
    assert spot(after(paid, left, at=START + 7 * HOUR), "USDT") == Balance(Decimal(100))
    assert spot(after(paid, left), "USDT") == Balance(Decimal(0))


def test_a_withdrawal_that_cannot_be_paid_is_refused() -> None:
    books = after(deposit("USDT", "40"), withdrawal("40", START + HOUR))
    assert spot(books, "USDT") == Balance(Decimal(40))
    assert books.refused == {"w"}


def test_a_transfer_that_cannot_be_paid_is_refused() -> None:
    books = after(deposit("USDT", "40"), Transfer(START + HOUR, "USDT", Decimal(41), "spot", "usdm"))
    assert spot(books, "USDT").free == 40


def test_an_order_locks_and_frees() -> None:
    lock = OrderLock(START + HOUR, START + 3 * HOUR, "USDT", Decimal("0.25"))
    paid = deposit("USDT", "100")
    assert spot(after(paid, lock, at=START + 2 * HOUR), "USDT") == Balance(Decimal(75), Decimal(25))
    assert spot(after(paid, lock), "USDT") == Balance(Decimal(100))


def test_a_trade_changes_coins_at_the_price_less_the_fee() -> None:
    trade = SpotTrade(START + HOUR, "USDT", "ETH", Decimal("0.5"))
    books = after(deposit("USDT", "1000"), trade)
    assert spot(books, "USDT").free == 500
    expected = Decimal("499.5") / MARKET.usd("ETH", trade.at)
    assert 0 <= expected - spot(books, "ETH").free < Decimal("0.00000001")


def test_a_trade_pays_its_fee_in_bnb_where_there_is_some() -> None:
    trade = SpotTrade(START + HOUR, "USDT", "ETH", Decimal(1))
    books = after(deposit("USDT", "1000"), deposit("BNB", "1"), trade)
    assert Decimal("0.999") < spot(books, "BNB").free < 1
    assert 0 <= Decimal(1000) / MARKET.usd("ETH", trade.at) - spot(books, "ETH").free < Decimal("0.00000001")


@pytest.mark.parametrize(
    ("quantities", "held"),
    [
        pytest.param(["1", "0.5"], "1.5", id="opened and increased"),
        pytest.param(["1", "-0.4"], "0.6", id="reduced"),
        pytest.param(["1", "-1"], None, id="closed"),
        pytest.param(["1", "-3"], "-2", id="turned round"),
        pytest.param(["-1", "-1", "1"], "-1", id="short"),
    ],
)
def test_the_margin_is_what_the_trades_earned(quantities: Sequence[str], held: str | None) -> None:
    """Cash plus open profit equals the quantities bought and sold at their prices, less the commission."""
    trades = [FuturesTrade(START + n * HOUR, "BTCUSDT", Decimal(q)) for n, q in enumerate(quantities, 1)]
    books = after(*trades)
    assert books.positions.get("BTCUSDT", Position(Decimal(0), Decimal(0))).quantity == Decimal(held or 0)
    assert ("BTCUSDT" in books.positions) == (held is not None)
    mark = MARKET.price("BTCUSDT", START + timedelta(days=3))
    prices = [MARKET.price("BTCUSDT", trade.at) for trade in trades]
    earned = sum(
        t.quantity * (mark - p) - abs(t.quantity) * p * Decimal("0.0005") for t, p in zip(trades, prices, strict=True)
    )
    margin = balance(books, "usdm", "USDT").free
    margin += sum(unrealised(position, mark) for position in books.positions.values())
    assert abs(margin - earned) < Decimal("0.0000001")


def test_funding_moves_money_only_while_a_position_is_open() -> None:
    trade = FuturesTrade(START + HOUR, "BTCUSDT", Decimal(1))
    without, paid = after(trade), after(trade, Funding(START + 8 * HOUR))
    change = balance(paid, "usdm", "USDT").free - balance(without, "usdm", "USDT").free
    assert 0 < abs(change) < 15
    assert after(Funding(START + 8 * HOUR)) == EMPTY


def test_an_inverse_contract_earns_coins() -> None:
    """12 contracts of 100 dollars: what they are worth in coins when bought less what they are when sold."""
    first, second = START + HOUR, START + 30 * HOUR
    trades = [FuturesTrade(at, "BTCUSD_PERP", Decimal(n), "coinm") for at, n in ((first, 12), (second, -12))]
    books = after(*trades)
    bought, sold = Decimal(1200) / MARKET.usd("BTC", first), Decimal(1200) / MARKET.usd("BTC", second)
    earned = bought - sold - (bought + sold) * Decimal("0.0005")
    assert abs(balance(books, "coinm", "BTC").free - earned) < Decimal("0.00000004")
    assert books.positions == {}


def test_an_inverse_position_is_averaged_by_the_coins_it_bought() -> None:
    at = [START + n * 20 * HOUR for n in (1, 2)]
    books = after(*(FuturesTrade(when, "ETHUSD_PERP", Decimal(30), "coinm") for when in at))
    coins = sum((Decimal(300) / MARKET.usd("ETH", when) for when in at), Decimal(0))
    assert abs(books.positions["ETHUSD_PERP"].entry - 600 / coins) < Decimal("0.00000001")


def test_a_debt_costs_interest_and_is_paid_back_interest_first() -> None:
    lent = Borrow(START + HOUR, "cross_margin", "ETH", Decimal(2))
    cost = Interest(START + 2 * HOUR, "cross_margin", "ETH", Decimal("0.01"))
    back = Borrow(START + 3 * HOUR, "cross_margin", "ETH", Decimal("-0.5"))
    held = balance(after(lent, cost), "cross_margin", "ETH")
    assert [held.free, held.borrowed, held.interest, total(held)] == [2, 2, Decimal("0.02"), Decimal("-0.02")]
    paid = balance(after(lent, cost, back), "cross_margin", "ETH")
    assert [paid.free, paid.borrowed, paid.interest] == [Decimal("1.5"), Decimal("1.52"), 0]
    assert total(paid) == total(held)
    all_back = Borrow(START + 3 * HOUR, "cross_margin", "ETH", Decimal(-9))
    assert balance(after(lent, cost, all_back), "cross_margin", "ETH").free == 0  # no more than there is


def test_products_earn_and_cost() -> None:
    grown = Growth(START + HOUR, "earn:flexible", "USDT", Decimal("0.001"))
    fee = Gain(START + HOUR, "usdm", "BNFCR", Decimal("-3.1"))
    moved = Transfer(START + HOUR / 2, "USDT", Decimal(80), "spot", "earn:flexible")
    books = after(deposit("USDT", "100"), moved, grown, fee)
    assert balance(books, "earn:flexible", "USDT").free == Decimal("80.08")
    assert balance(books, "usdm", "BNFCR").free == Decimal("-3.1")


AMOUNTS = st.decimals("0.01", "5000", places=2)
TIMES = st.integers(0, 20 * 86_400).map(lambda s: START + timedelta(seconds=s))
SHARES = st.decimals("0.01", "1", places=2)
WALLETS = st.sampled_from(["spot", "funding", "usdm"])
COINS = st.sampled_from(["USDT", "ETH", "BNB"])
TRANSFERS = st.builds(Transfer, TIMES, COINS, AMOUNTS, WALLETS, WALLETS)
EVENTS = st.one_of(
    st.builds(deposit, COINS, AMOUNTS.map(str), TIMES),
    st.builds(
        lambda amount, at, cancelled, n: withdrawal(str(amount), at, cancelled=cancelled, name=f"w{n}"),
        AMOUNTS,
        TIMES,
        st.booleans(),
        st.integers(0, 10**9),
    ),
    TRANSFERS,
    st.builds(SpotTrade, TIMES, COINS, COINS, SHARES),
    st.builds(lambda at, coin, share: OrderLock(at, at + 3 * HOUR, coin, share), TIMES, COINS, SHARES),
    st.builds(FuturesTrade, TIMES, st.sampled_from(["BTCUSDT", "SOLUSDT"]), st.decimals("-2", "2", places=3)),
    st.builds(Funding, TIMES),
)


def worth(books: Books, at: datetime) -> Decimal:
    held = sum(
        (row.free + row.locked + row.withdrawing) * MARKET.usd(asset, at) for (_, asset), row in books.balances.items()
    )
    return Decimal(held)


def test_at_one_instant_what_began_first_goes_first() -> None:
    """A withdrawal cancelled at the very instant of another one pays for it, however many weeks are between."""
    first = withdrawal("99", START + timedelta(days=7, hours=-3), cancelled=True, name="first")
    second = withdrawal("98", first.ended_at, name="second")
    events = (second, deposit("USDT", "100"), first)
    assert Journal(START, lambda _week: (), MARKET, events).books(second.ended_at) == after(*events)
    assert after(*events).refused == frozenset()


@settings(deadline=None)
@given(st.lists(EVENTS, max_size=12), st.lists(TIMES, min_size=1, max_size=5))
def test_the_journal_equals_the_fold_from_scratch_in_any_order_of_asking(
    events: list[Event], asked: list[datetime]
) -> None:
    journal = Journal(START, lambda _week: (), MARKET, tuple(events))
    for at in asked:
        assert journal.books(at) == fold([step for step in steps(events) if step.at <= at], MARKET)


@settings(deadline=None)
@given(st.lists(EVENTS, max_size=8), TRANSFERS)
def test_a_transfer_changes_no_worth(events: list[Event], moved: Transfer) -> None:
    books = after(*events)
    assert worth(apply(books, moved, 0, MARKET), START) == worth(books, START)


@settings(deadline=None)
@given(st.lists(EVENTS, max_size=12))
def test_nothing_in_spot_or_funding_is_ever_owed_and_all_has_eight_decimals(events: list[Event]) -> None:
    for (wallet, _), held in after(*events).balances.items():
        for amount in (held.free, held.locked, held.withdrawing):
            assert amount == rounded(amount)
            assert wallet == "usdm" or amount >= 0
