"""Who enters the sum of all accounts, and what their reconciliations say together."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.holdings import AccountHoldings, Compared, compared, counting, is_total_only, summed
from lib.domain.portfolio import Holding, PricedHolding
from lib.domain.snapshot import Snapshot, WalletCheck

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def check(wallet: str, ours: str, theirs: str) -> WalletCheck:
    return WalletCheck(wallet, Decimal(ours), Decimal(theirs))


def compared_at(hour: int, *checks: WalletCheck, known: bool = True) -> Compared:
    return Compared(NOON + hour * HOUR, NOON + hour * HOUR, checks if known else None)


def account(
    name: str, at: datetime | None = NOON, *before: Compared, left_at: datetime | None = None, born: int = -99
) -> AccountHoldings:
    taken = None if at is None else Snapshot(at, at, 60, Decimal(1), (), (), (), None)
    return AccountHoldings(name, NOON + born * HOUR, left_at, taken, before)


@pytest.mark.parametrize(
    ("at", "counts"),
    [
        pytest.param(None, ["there", "a day old"], id="now"),
        pytest.param(NOON, ["there", "a day old", "leaves later"], id="before one left"),
        pytest.param(NOON + HOUR, ["there", "a day old"], id="when it left"),
    ],
)
def test_who_has_left_or_is_silent_for_more_than_a_day_does_not_count(at: datetime | None, counts: list[str]) -> None:
    everybody = [
        account("there"),
        account("a day old", NOON - DAY),
        account("older", NOON - DAY - timedelta(microseconds=1)),
        account("leaves later", left_at=NOON + HOUR),
        account("new", None),
    ]
    assert [one.account for one in counting(everybody, at)] == counts


def test_a_silent_account_is_measured_against_those_that_are_there() -> None:
    assert counting([account("paused", NOON + 3 * DAY, left_at=NOON), account("there")], None)[0].account == "there"
    assert counting([account("new", None)], None) == ()


def test_reconciliations_add_up_wallet_by_wallet() -> None:
    both = summed([(check("usdm", "2", "3"), check("spot", "1", "1")), (check("spot", "0.5", "0.4"),)])
    assert both == (check("spot", "1.5", "1.4"), check("usdm", "2", "3"))
    assert summed([(check("spot", "1", "1"),), None]) is None
    assert summed([]) == ()


def test_an_hour_is_unknown_where_an_account_that_had_begun_has_none() -> None:
    old = account("old", NOON, *(compared_at(hour, check("spot", "3", "1")) for hour in (-3, -2, -1)))
    young = account("young", NOON, compared_at(-1, check("spot", "1", "2")), born=-2)
    found = compared([old, young], 60)
    assert [one.checks for one in found] == [(check("spot", "3", "1"),), None, (check("spot", "4", "3"),)]
    assert [one.at for one in found] == [NOON - 3 * HOUR, NOON - 2 * HOUR, NOON - HOUR]
    assert compared([old, young], 1) == found[-1:]


def test_one_unreconciled_account_makes_the_hour_unknown() -> None:
    told = account("told", NOON, compared_at(-1, check("spot", "3", "1")))
    silent = account("silent", NOON, compared_at(-1, known=False))
    assert [one.checks for one in compared([told, silent], 60)] == [None]


@given(st.lists(st.lists(st.tuples(st.sampled_from("abc"), st.integers(-99, 99), st.integers(-99, 99)), max_size=4)))
def test_the_sum_of_the_wallets_is_the_sum_of_the_accounts(parts: list[list[tuple[str, int, int]]]) -> None:
    given_checks = [tuple(check(name, str(ours), str(theirs)) for name, ours, theirs in part) for part in parts]
    found = summed(given_checks)
    assert found is not None
    assert len({one.wallet for one in found}) == len(found)
    for column in ("ours_usd", "theirs_usd"):
        alone = sum(getattr(one, column) for part in given_checks for one in part)
        assert sum(getattr(one, column) for one in found) == alone


def test_a_wallet_of_nothing_but_dollars_is_known_by_its_total_only() -> None:
    def held(asset: str) -> PricedHolding:
        return PricedHolding(Holding("trading_bots", asset, Decimal(5)), Decimal(1), NOON)

    assert is_total_only([held("USD")])
    assert not is_total_only([held("USD"), held("USDT")])
