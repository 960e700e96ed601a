"""A snapshot: one owner for each coin, whole or not, and what is missing by name."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from lib.domain.portfolio import Holding, OpenPosition, WalletReading, signed_quantity, value_usd
from lib.domain.prices import PricePoint
from lib.domain.reading import Reading
from lib.domain.snapshot import (
    Snapshot,
    WalletCheck,
    can_come_later,
    missing_value,
    nav,
    price_reading,
    reconcile,
)
from tests.builders import MONDAY, amounts, at, priced

NOW = at("10:00")
BOOK = amounts(BTCUSDT="100000", ETHUSDT="4000")
READABLE = ("spot", "funding", "usdm")


def reading(
    *held: tuple[str, str, str],
    totals: Mapping[str, str] | None = None,
    failed: tuple[str, ...] = (),
    book: bool = True,
) -> Reading:
    """A reading of these (wallet, asset, quantity)."""
    wallets: dict[str, tuple[Holding, ...]] = {}
    for wallet, asset, quantity in held:
        wallets[wallet] = (*wallets.get(wallet, ()), Holding(wallet, asset, Decimal(quantity)))
    return Reading(
        at=NOW,
        book=BOOK if book else {},
        totals=None if totals is None else amounts(**totals),
        wallets={wallet: WalletReading(holdings) for wallet, holdings in wallets.items()},
        failed_wallets=failed,
    )


def counted(one: Reading, **last: str) -> tuple[Decimal, list[tuple[str, str]]]:
    known = {asset: PricePoint(asset, MONDAY, Decimal(usd)) for asset, usd in last.items()}
    found = price_reading(one, READABLE, known)
    return nav(found), [(each.holding.wallet, each.holding.asset) for each in found]


def test_nav_is_the_sum_over_wallets_and_assets_debts_subtracted() -> None:
    # 0.1 · 100000 + 2 · 4000 − 500 = 17500
    assert counted(reading(("spot", "BTC", "0.1"), ("funding", "ETH", "2"), ("usdm", "USDT", "-500")))[0] == 17_500


def test_a_coin_never_priced_counts_nothing_and_one_without_a_market_its_last_price() -> None:
    held = reading(("spot", "NEW", "7"), ("spot", "OLD", "7"), ("spot", "BTC", "0.1"))
    assert counted(held, OLD="3")[0] == 10_021
    found = price_reading(held, READABLE, {"OLD": PricePoint("OLD", MONDAY, Decimal(3))})
    assert [each.priced_at for each in found] == [None, MONDAY, NOW]
    assert missing_value(held, READABLE, {}) == ()  # complete all the same


def test_a_wallet_known_only_by_its_total_counts_as_dollars() -> None:
    held = reading(("spot", "BTC", "0.1"), totals={"spot": "10000", "trading_bots": "250", "copy_trading": "0"})
    assert counted(held) == (Decimal(10_250), [("spot", "BTC"), ("trading_bots", "USD")])


@pytest.mark.parametrize(
    ("totals", "usd", "counts"),
    [
        pytest.param({"earn": "5000"}, "15000", ["BTC", "USD"], id="Earn's own total owns it"),
        pytest.param({"earn": "0"}, "15000", ["BTC", "LDBTC"], id="no total: the mirror owns it"),
        pytest.param(None, "15000", ["BTC", "LDBTC"], id="total not read: the mirror owns it"),
    ],
)
def test_a_flexible_earn_coin_has_one_owner(totals: dict[str, str] | None, usd: str, counts: list[str]) -> None:
    held = reading(("spot", "BTC", "0.1"), ("spot", "LDBTC", "0.05"), totals=totals)
    worth, found = counted(held)
    assert (worth, [asset for _, asset in found]) == (Decimal(usd), counts)


def test_a_coin_of_its_own_that_begins_with_ld_stays_beside_earns_total() -> None:
    """LDO counted as a mirror where its dollar market paused, and NAV fell by all of it."""
    held = reading(("spot", "LDO", "10"), totals={"earn": "5000"})
    assert counted(held, LDO="2")[0] == 5_020


def test_only_the_mirrors_of_spot_give_way() -> None:
    held = reading(("funding", "LDBTC", "0.05"), totals={"earn": "5000"})
    assert counted(held)[0] == 10_000


def test_reconciling_puts_ours_beside_theirs_wallet_by_wallet() -> None:
    held = reading(("spot", "BTC", "0.1"), totals={"spot": "10001", "earn": "20", "coinm": "0"})
    assert reconcile(held, price_reading(held, READABLE, {})) == (
        WalletCheck("earn", Decimal(20), Decimal(20)),
        WalletCheck("spot", Decimal(10_000), Decimal(10_001)),
    )
    unread = reading(("spot", "BTC", "0.1"))
    assert reconcile(unread, price_reading(unread, READABLE, {})) is None


@pytest.mark.parametrize(
    ("totals", "seen", "missing"),
    [
        pytest.param({"trading_bots": "9"}, None, [], id="read now"),
        pytest.param(None, None, ["totals"], id="never read: all is uncertain"),
        pytest.param(None, {}, [], id="read once, nothing beside what can be asked"),
        pytest.param(None, {"trading_bots": "0.99", "spot": "70"}, [], id="dust, and one that can be asked"),
        pytest.param(None, {"trading_bots": "1"}, ["trading_bots"], id="a dollar when last seen"),
        pytest.param(None, {"trading_bots": "-3", "earn": "5"}, ["earn", "trading_bots"], id="debts too"),
    ],
)
def test_without_the_total_a_wallet_known_only_by_it_is_missing_if_it_was_worth_a_dollar(
    totals: dict[str, str] | None, seen: dict[str, str] | None, missing: list[str]
) -> None:
    known = None if seen is None else amounts(**seen)
    assert missing_value(reading(totals=totals), READABLE, known) == tuple(missing)


def test_failed_wallets_and_a_price_list_that_failed_are_missing_by_name() -> None:
    assert missing_value(reading(totals={}, failed=("usdm", "spot")), READABLE, None) == ("spot", "usdm")
    assert missing_value(reading(totals={}, book=False), READABLE, None) == ("prices",)


@pytest.mark.parametrize(
    ("missing", "complete", "whole"),
    [
        ((), True, True),
        (("flows:deposits", "price:SOL"), False, True),
        (("flows:between",), False, False),
        (("price:SOL", "usdm"), False, False),
        (("prices",), False, False),
        (("totals",), False, False),
    ],
)
def test_what_lacks_only_flows_or_a_candle_is_whole(missing: tuple[str, ...], complete: bool, whole: bool) -> None:
    taken = Snapshot(NOW, NOW, 60, Decimal(1), missing, (), (), None)
    assert (taken.complete, taken.whole) == (complete, whole)
    assert can_come_later("flows:pay")


def test_a_position_has_a_sign_and_a_holding_a_worth() -> None:
    long = OpenPosition("usdm", "BTCUSDT", "long", Decimal(2), Decimal(3))
    short = OpenPosition("usdm", "BTCUSDT", "short", Decimal(2), Decimal(3))
    assert (signed_quantity(long), signed_quantity(short)) == (Decimal(2), Decimal(-2))
    assert (value_usd(priced("X", "2", "3")), value_usd(priced("X", "2", None))) == (Decimal(6), Decimal(0))
