"""What changed the value: the parts add up whatever happened, ranges join, and nothing counts twice."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from lib.domain.attribution import PARTS, Stretch, attribute, in_cents, levels
from lib.domain.income import KINDS
from lib.domain.levels import Levels
from lib.domain.portfolio import Holding, PricedHolding, WalletReading
from lib.domain.prices import PricePoint
from lib.domain.reading import Basis, Reading
from lib.domain.snapshot import nav, price_reading
from tests.builders import HOUR, added, at, decs

usd = st.decimals(min_value=-(10**9), max_value=10**9, places=8)
level = st.builds(Levels, usd, usd)
incomes = st.dictionaries(st.sampled_from(KINDS), usd)
stretches = st.builds(Stretch, st.none() | level, st.none() | level, incomes, usd)


@given(usd, usd, usd, st.lists(stretches, max_size=4))
def test_the_parts_and_the_residual_are_the_change_exactly_and_so_are_they_in_cents(
    begin: Decimal, end: Decimal, flows: Decimal, of: list[Stretch]
) -> None:
    told = attribute(begin, end, flows, of)
    for found in (told, in_cents(told)):
        assert tuple(found.parts) == PARTS
        assert added([*found.parts.values(), found.residual, found.nav_from]) == found.nav_to
    assert all(part == part.quantize(Decimal("0.01")) for part in in_cents(told).parts.values())


@given(st.lists(st.tuples(level, usd, usd, incomes), min_size=3, max_size=3))
def test_ranges_join(ends: list[tuple[Levels, Decimal, Decimal, Mapping[str, Decimal]]]) -> None:
    (a, nav_a, *_), (b, nav_b, flow_b, earned_b), (c, nav_c, flow_c, earned_c) = ends
    both = {kind: added([earned_b.get(kind, Decimal(0)), earned_c.get(kind, Decimal(0))]) for kind in KINDS}
    whole = attribute(nav_a, nav_c, added([flow_b, flow_c]), [Stretch(a, c, both)])
    first = attribute(nav_a, nav_b, flow_b, [Stretch(a, b, earned_b)])
    second = attribute(nav_b, nav_c, flow_c, [Stretch(b, c, earned_c)])
    assert whole.parts == {part: added([first.parts[part], second.parts[part]]) for part in PARTS}
    assert whole.residual == added([first.residual, second.residual])


@given(usd, usd)
def test_where_only_money_moved_nothing_else_changed(begin: Decimal, flow: Decimal) -> None:
    still = Levels(Decimal(7), Decimal(-3))
    told = attribute(begin, added([begin, flow]), flow, [Stretch(still, still)])
    assert {part for part, found in told.parts.items() if found} <= {"flows"}
    assert told.residual == 0


def test_what_is_not_known_of_an_older_snapshot_is_not_explained() -> None:
    begin, end, flows = decs(100, 130, 10)
    told = attribute(begin, end, flows, [Stretch(None, Levels(Decimal(1), Decimal(2)))])
    assert (told.parts["unrealised"], told.parts["revaluation"], told.residual) == decs(0, 0, 20)


def taken(
    basis: Basis | None, when: datetime, book: Mapping[str, str], *wallets: WalletReading
) -> tuple[Decimal, Basis]:
    """The NAV of one reading, and what the next one measures from."""
    prices = {name: Decimal(price) for name, price in book.items()}
    reading = Reading(when, prices, None, {str(place): wallet for place, wallet in enumerate(wallets)})
    known: dict[str, PricePoint] = {}
    holdings: tuple[PricedHolding, ...] = price_reading(reading, (), known)
    profits = tuple(profit for wallet in wallets for profit in wallet.profits)
    return nav(holdings), Basis(when, holdings, (), profits, levels(basis, reading, known))


def futures(wallet: str, asset: str, balance: str, profit: str) -> WalletReading:
    held, open_profit = Decimal(balance), Decimal(profit)
    return WalletReading((Holding(wallet, asset, held + open_profit),), (), (Holding(wallet, asset, open_profit),))


def test_the_open_profit_of_a_dollar_wallet_is_no_revaluation() -> None:
    before, one = taken(None, at("10:00"), {}, futures("usdm", "USDT", "1000", "50"))
    after, two = taken(one, at("11:00"), {}, futures("usdm", "USDT", "1000", "-20"))
    assert (one.levels, two.levels) == (Levels(Decimal(50), Decimal(0)), Levels(Decimal(-20), Decimal(0)))
    assert after - before == -70


def test_the_collateral_of_a_coin_wallet_is_revalued_without_its_open_profit() -> None:
    spot = WalletReading((Holding("spot", "BTC", Decimal(2)),))
    before, one = taken(None, at("10:00"), {"BTCUSDT": "100"}, futures("coinm", "BTC", "3", "0.5"), spot)
    after, two = taken(one, at("11:00"), {"BTCUSDT": "110"}, futures("coinm", "BTC", "3", "0.25"), spot)
    assert two.levels == Levels(Decimal("27.5"), Decimal(50))
    told = attribute(before, after, Decimal(0), [Stretch(one.levels, two.levels)])
    assert (told.parts["unrealised"], told.parts["revaluation"], told.residual) == decs("-22.5", 50, 0)


def test_what_was_sold_since_is_revalued_and_what_came_of_it_is_not_explained() -> None:
    before, one = taken(None, at("10:00"), {"SOLUSDT": "200"}, WalletReading((Holding("spot", "SOL", Decimal(1)),)))
    after, two = taken(one, at("11:00"), {"SOLUSDT": "210"}, WalletReading((Holding("spot", "USDT", Decimal(204)),)))
    told = attribute(before, after, Decimal(0), [Stretch(one.levels, two.levels)])
    assert (told.parts["revaluation"], told.residual) == decs(10, -6)


def test_the_first_price_of_a_coin_counts_as_revaluation() -> None:
    held = WalletReading((Holding("spot", "NEW", Decimal(4)),))
    before, one = taken(None, at("10:00"), {}, held)
    after, two = taken(one, at("11:00"), {"NEWUSDT": "5"}, held)
    assert (before, after) == decs(0, 20)
    assert two.levels == Levels(*decs(0, 20))


def test_sums_begin_at_zero_where_an_older_release_did_not_keep_them() -> None:
    _, one = taken(None, at("10:00"), {"SOLUSDT": "200"}, WalletReading((Holding("spot", "SOL", Decimal(1)),)))
    _, two = taken(replace(one, levels=None), at("11:00"), {"SOLUSDT": "300"}, WalletReading())
    assert two.levels == Levels(Decimal(0), Decimal(0))


quantities = st.dictionaries(st.sampled_from(["BTC", "SOL", "USDT"]), st.decimals(-99, 99, places=8), max_size=3)
prices = st.fixed_dictionaries({"BTCUSDT": st.decimals(1, 10**5, places=2), "SOLUSDT": st.decimals(1, 500, places=2)})


@given(quantities, quantities, st.lists(prices, min_size=2, max_size=5))
def test_where_only_prices_moved_nothing_is_left_unexplained(
    spot: dict[str, Decimal], collateral: dict[str, Decimal], path: list[dict[str, Decimal]]
) -> None:
    """However often it was looked at in between: each look adds the revaluation since the one before."""
    wallets = [
        WalletReading(tuple(Holding(name, asset, quantity) for asset, quantity in held.items()))
        for name, held in (("spot", spot), ("coinm", collateral))
    ]
    looks: list[tuple[Decimal, Basis]] = []
    for hour, book in enumerate(path):
        basis = looks[-1][1] if looks else None
        looks.append(
            taken(basis, at("10:00") + hour * HOUR, {name: str(price) for name, price in book.items()}, *wallets)
        )
    (before, first), (after, last) = looks[0], looks[-1]
    told = attribute(before, after, Decimal(0), [Stretch(first.levels, last.levels)])
    assert told.residual == 0
