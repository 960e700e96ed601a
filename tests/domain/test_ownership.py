"""Each coin has one owner: mirrors of Earn, margin by another name, totals, and one account in place of three."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from lib.domain import asking
from lib.domain.keys import KeyCheck
from lib.domain.ownership import counted
from lib.domain.portfolio import ABSENT, Holding, WalletReading
from lib.domain.reading import Basis, Reading
from lib.domain.snapshot import missing_value, nav, price_reading, reconcile
from tests.builders import MONDAY, amounts, at, priced

NOW = at("10:00")
BOOK = amounts(BTCUSDT="100000", ETHUSDT="4000", LDOUSDT="2")
READABLE = (
    "spot",
    "funding",
    "usdm",
    "coinm",
    "cross_margin",
    "isolated_margin",
    "earn",
    "options",
    "portfolio_margin",
)


def wallet(name: str, flexible: Mapping[str, str] | None = None, **held: str) -> dict[str, WalletReading]:
    def rows(texts: Mapping[str, str]) -> tuple[Holding, ...]:
        return tuple(Holding(name, asset, Decimal(quantity)) for asset, quantity in texts.items())

    return {name: WalletReading(rows(held), flexible=rows(flexible or {}))}


def reading(
    *wallets: Mapping[str, WalletReading], totals: Mapping[str, str] | None = None, failed: tuple[str, ...] = ()
) -> Reading:
    told = {name: answer for each in wallets for name, answer in each.items()}
    return Reading(NOW, BOOK, None if totals is None else amounts(**totals), told, failed)


def rows(one: Reading) -> dict[tuple[str, str], Decimal]:
    return {(holding.wallet, holding.asset): holding.quantity for holding in counted(one, READABLE)}


def worth(one: Reading) -> Decimal:
    return nav(price_reading(one, READABLE, {}))


EARN = {"USDT": "250", "BTC": "0.05"}


def test_a_flexible_position_owns_its_coin_and_its_mirror_in_spot_goes() -> None:
    one = reading(wallet("spot", LDUSDT="249.9", LDBTC="0.05", LDO="10"), wallet("earn", EARN), totals={"earn": "5250"})
    assert rows(one) == {
        ("spot", "LDO"): Decimal(10),
        ("earn", "USDT"): Decimal(250),
        ("earn", "BTC"): Decimal("0.05"),
    }
    assert worth(one) == 5270


def test_flexible_and_locked_of_one_coin_are_one_holding() -> None:
    assert rows(reading(wallet("earn", {"BTC": "0.05"}, BTC="0.02"))) == {("earn", "BTC"): Decimal("0.07")}


def test_a_mirror_that_earn_does_not_list_counts_where_earn_is() -> None:
    one = reading(wallet("spot", LDBTC="0.05", LDETH="1"), wallet("earn", {"BTC": "0.05"}))
    assert rows(one) == {("earn", "LDETH"): Decimal(1), ("earn", "BTC"): Decimal("0.05")}
    assert worth(one) == 9000


@pytest.mark.parametrize("wallet_name", ["usdm", "portfolio_margin"])
@pytest.mark.parametrize("listed", ["250", "150"], ids=["with what was swapped", "without"])
def test_dollars_that_serve_as_margin_by_another_name_are_counted_once(wallet_name: str, listed: str) -> None:
    """Of 250 flexible dollars 100 lie in the futures wallet, whether the positions still list them or not."""
    one = reading(
        wallet("spot", LDUSDT="150"), wallet(wallet_name, LDUSDT="100"), wallet("earn", {"USDT": listed, "BTC": "0.01"})
    )
    assert rows(one) == {
        (wallet_name, "LDUSDT"): Decimal(100),
        ("earn", "LDUSDT"): Decimal(150),
        ("earn", "BTC"): Decimal("0.01"),
    }
    assert worth(one) == 1250


def test_mirrors_count_while_earn_was_not_asked() -> None:
    assert worth(reading(wallet("spot", LDUSDT="150"), totals={"spot": "0", "earn": "0"})) == 150


def test_the_receipt_of_a_coin_by_a_name_it_has_lost_is_unpriced_and_stays() -> None:
    one = reading(wallet("spot", LDBAKET="50"), wallet("earn", {"BTC": "0.01"}))
    (unpriced, _) = price_reading(one, READABLE, {})
    assert (unpriced.holding.asset, unpriced.price_usd) == ("LDBAKET", None)


def test_credits_and_yield_coins_are_a_dollar_each_debts_subtracted() -> None:
    assert worth(reading(wallet("usdm", BNFCR="-12.5", BFUSD="310.25", RWUSD="95.5", USDT="1000"))) == Decimal(
        "1393.25"
    )


def test_a_wallet_that_denies_itself_counts_by_its_total_if_it_has_one() -> None:
    denied = {"portfolio_margin": ABSENT}
    assert rows(reading(denied, totals={"portfolio_margin": "70"})) == {("portfolio_margin", "USD"): Decimal(70)}
    assert rows(reading(denied, totals={"portfolio_margin": "0"})) == {}


UNIFIED = {
    "portfolio_margin": WalletReading(
        (Holding("portfolio_margin", "USDT", Decimal(900)), Holding("portfolio_margin", "ETH", Decimal(-1)))
    )
}


@pytest.mark.parametrize(
    "totals",
    [
        pytest.param({"usdm": "900", "cross_margin": "-4001", "spot": "0"}, id="told by its parts"),
        pytest.param({"portfolio_margin": "-3101", "usdm": "0"}, id="told by its own name"),
    ],
)
def test_portfolio_margin_stands_for_the_wallets_it_contains(totals: dict[str, str]) -> None:
    one = reading(UNIFIED, totals=totals)
    assert worth(one) == -3100
    assert missing_value(one, READABLE, {}) == ()
    (check,) = reconcile(one, price_reading(one, READABLE, {})) or ()
    assert (check.wallet, check.ours_usd, check.theirs_usd) == ("portfolio_margin", Decimal(-3100), Decimal(-3101))


def test_what_the_totals_show_and_nobody_answered_for_is_missing() -> None:
    """A portfolio margin account that was closed since the last check hid its futures wallet."""
    totals = {"usdm": "500", "coinm": "0", "spot": "20", "trading_bots": "9"}
    one = reading({"portfolio_margin": ABSENT}, wallet("spot", USDT="20"), totals=totals)
    assert missing_value(one, READABLE, {}) == ("usdm",)
    assert missing_value(reading(UNIFIED, totals={"isolated_margin": "5"}), READABLE, {}) == ("isolated_margin",)


def test_without_totals_a_wallet_that_denies_itself_is_missing_where_it_was_worth_something() -> None:
    one = reading({"portfolio_margin": ABSENT}, totals=None)
    assert missing_value(one, READABLE, amounts(portfolio_margin="70")) == ("portfolio_margin",)
    assert missing_value(one, READABLE, amounts(portfolio_margin="1")) == ("portfolio_margin",)
    assert missing_value(one, READABLE, amounts(portfolio_margin="0.99")) == ()
    assert missing_value(one, READABLE, {}) == ()


def test_totals_refused_for_good_leave_nothing_open() -> None:
    one = Reading(NOW, BOOK, None, {}, totals_refused=True)
    assert missing_value(one, READABLE, None) == ()
    assert missing_value(one, READABLE, amounts(trading_bots="3")) == ("trading_bots",)


def check(**changes: bool | tuple[str, ...]) -> KeyCheck:
    return KeyCheck(MONDAY, (), ip_restricted=False, **{"portfolio_margin": False, **changes})  # type: ignore[arg-type]


LEFT = Basis(MONDAY, (priced("ETH", "1", "4000", wallet="cross_margin"),), ())
CONTAINED = {"usdm", "coinm", "cross_margin"}


@pytest.mark.parametrize(
    ("totals", "checked", "basis", "fresh", "asked"),
    [
        pytest.param({"spot": "5", "usdm": "0", "bots": "9"}, check(), None, False, {"spot"}, id="what is not empty"),
        pytest.param({"cross_margin": "-5"}, check(), None, False, {"cross_margin"}, id="debts too"),
        pytest.param(
            {"spot": "5", "cross_margin": "0"}, check(), LEFT, False, {"spot", "cross_margin"}, id="debt = holdings"
        ),
        pytest.param({"spot": "5"}, None, None, False, {"spot"}, id="no check yet"),
        pytest.param(
            {"spot": "5", "usdm": "7", "coinm": "1"},
            check(portfolio_margin=True),
            LEFT,
            False,
            {"spot", "portfolio_margin"},
            id="one account in place of three",
        ),
        pytest.param(None, None, None, False, set(READABLE), id="nothing known: all"),
        pytest.param(None, check(unopened=("usdm",)), None, False, set(READABLE), id="an old check tells nothing"),
        pytest.param(
            None,
            check(unopened=("usdm", "coinm", "cross_margin")),
            LEFT,
            True,
            set(READABLE) - {"usdm", "coinm", "portfolio_margin"},
            id="a fresh one does, save of what held something",
        ),
        pytest.param(
            None,
            check(portfolio_margin=True),
            None,
            True,
            set(READABLE) - CONTAINED,
            id="all, the one in place of three",
        ),
    ],
)
def test_who_is_asked(
    totals: dict[str, str] | None, checked: KeyCheck | None, basis: Basis | None, fresh: bool, asked: set[str]
) -> None:
    told = None if totals is None else amounts(**totals)
    found = asking.wallets(READABLE, told, checked, basis, fresh=fresh)
    assert set(found) == asked
    assert list(found) == [name for name in READABLE if name in asked]
