"""Digits: 50 inside a rule, and none but the agreed ones outside."""

from decimal import Context, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.money import cents, cents_text, exact, money_text, plain, units_text

numbers = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=30)


@pytest.mark.parametrize(
    ("number", "text"),
    [("0", "0"), ("-0.00", "0"), ("1E+3", "1000"), ("1E-9", "0.000000001"), ("10.500", "10.5"), ("-7.0", "-7")],
)
def test_a_plain_number_has_no_exponent_no_trailing_zeros_and_no_negative_zero(number: str, text: str) -> None:
    assert plain(Decimal(number)) == text


@pytest.mark.parametrize(
    ("amount", "shown"), [("0.005", "0.00"), ("0.015", "0.02"), ("0.025", "0.02"), ("-1.005", "-1.00")]
)
def test_cents_round_half_to_even(amount: str, shown: str) -> None:
    assert str(cents(Decimal(amount))) == shown


@pytest.mark.parametrize(
    ("amount", "shown"),
    [("7", "7.00"), ("1E+3", "1000.00"), ("-0.004", "0.00"), ("0", "0.00"), ("-2.345", "-2.34"), ("1E-9", "0.00")],
)
def test_money_for_showing_always_has_its_cents_and_no_negative_zero(amount: str, shown: str) -> None:
    assert cents_text(Decimal(amount)) == shown


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("1.000000005", "1"),
        ("1.000000015", "1.00000002"),
        ("-0.000000001", "0"),
        ("123456789012345678901234567890.5", "123456789012345678901234567890.5"),
    ],
)
def test_money_is_written_with_at_most_eight_decimals_half_to_even(amount: str, text: str) -> None:
    assert money_text(Decimal(amount)) == text


@pytest.mark.parametrize(
    ("coins", "text"),
    [
        ("0.1234567890123456785", "0.123456789012345678"),
        ("123456789.0123456785", "123456789.012345678"),
        ("0.000000000123456789012345675", "0.000000000123456789012345675"),
        ("1234567890123456785", "1234567890123456780"),
    ],
)
def test_units_are_written_with_eighteen_significant_digits_half_to_even(coins: str, text: str) -> None:
    assert units_text(Decimal(coins)) == text


@given(numbers)
def test_what_is_written_plainly_reads_as_the_same_number(number: Decimal) -> None:
    text = plain(number)
    assert Decimal(text) == number
    assert "E" not in text
    assert text != "-0"


def test_a_rule_runs_with_fifty_digits_whatever_its_caller_has() -> None:
    @exact
    def third(of: Decimal) -> Decimal:
        return of / 3

    with localcontext(Context(prec=3)):
        assert str(third(Decimal(1))) == "0." + "3" * 50
        assert str(Decimal(1) / 3) == "0.333"
