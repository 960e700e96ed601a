"""What an owner wants to be told of, as people and programs write it."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import get_args

from lib.domain.alerts import Digest, Limits
from lib.domain.money import plain
from lib.errors import InvalidInput

RATIOS = ("behind", "drawdown")
DIGESTS: tuple[Digest, ...] = get_args(Digest.__value__)
LEAST = Decimal("0.0001")
_LONGEST = 20  # characters of a number


def in_words(limits: Limits) -> dict[str, object]:
    """Write limits for the API: ratios as numbers, None where it is not watched."""
    ratios = {name: getattr(limits, name) for name in RATIOS}
    return {
        **{name: None if ratio is None else float(ratio) for name, ratio in ratios.items()},
        "digest": limits.digest,
    }


def changed(words: Mapping[str, object]) -> dict[str, str | None]:
    """Read the parts that change: `behind` and `drawdown` as ratios or None, `digest` as a word.

    Raises: InvalidInput naming the part.
    """
    if not words:
        raise InvalidInput("alerts", f"must have one of {', '.join((*RATIOS, 'digest'))}")
    found: dict[str, str | None] = {}
    for name, word in words.items():
        if name in RATIOS:
            found[name] = None if word is None else plain(_ratio(f"alerts.{name}", str(word)))
        elif name == "digest" and word in DIGESTS:
            found[name] = str(word)
        elif name == "digest":
            raise InvalidInput("alerts.digest", f"must be one of {', '.join(DIGESTS)}")
        else:
            raise InvalidInput("alerts", f"has no part {name!r}")
    return found


def _ratio(name: str, text: str) -> Decimal:
    try:
        ratio = Decimal(text) if len(text) <= _LONGEST else Decimal("NaN")
    except InvalidOperation:
        ratio = Decimal("NaN")
    if not (ratio.is_finite() and LEAST <= ratio < 1):
        raise InvalidInput(name, f"must be at least {LEAST} and less than 1 (0.05 is 5 %), or null for none")
    return ratio
