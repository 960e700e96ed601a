"""Exact money: one decimal context for every rule, and the few places where digits are cut."""

from collections.abc import Callable
from decimal import ROUND_HALF_EVEN, Context, Decimal, getcontext, localcontext
from functools import wraps

EXACT = Context(prec=50, rounding=ROUND_HALF_EVEN)
ZERO = Decimal(0)
ONE = Decimal(1)
HAIR = Decimal("1e-30")  # a share of less is rounding, the last of fifty digits, and no movement of money

_CENT = Decimal("0.01")
_UNIT_DIGITS = Context(prec=18, rounding=ROUND_HALF_EVEN)


def exact[**P, R](rule: Callable[P, R]) -> Callable[P, R]:
    """Run `rule` with 50 digits, whatever context its caller has."""

    @wraps(rule)
    def inner(*args: P.args, **kwargs: P.kwargs) -> R:
        current = getcontext()
        if current.prec == EXACT.prec and current.rounding == EXACT.rounding:
            return rule(*args, **kwargs)  # called by another such rule, a hundred thousand times in a long history
        with localcontext(EXACT):
            return rule(*args, **kwargs)

    return inner


def cents(amount: Decimal) -> Decimal:
    """Round for showing: two decimals, half even."""
    return amount.quantize(_CENT, rounding=ROUND_HALF_EVEN, context=EXACT)


def plain(number: Decimal) -> str:
    """Write a number as JSON carries it: no exponent, no trailing zeros, zero without a sign."""
    if not number:
        return "0"
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def cents_text(amount: Decimal) -> str:
    """Write money for showing, always with its two decimals; zero without a sign."""
    rounded = cents(amount)
    return format(rounded or abs(rounded), "f")


def money_text(amount: Decimal) -> str:
    """Write money with at most 8 decimals, half even."""
    text = format(amount, ".8f").rstrip("0").rstrip(".")  # rounds as the context does: half even
    return "0" if text == "-0" else text


def units_text(quantity: Decimal) -> str:
    """Write coins with 18 significant digits, half even."""
    return plain(_UNIT_DIGITS.plus(quantity))
