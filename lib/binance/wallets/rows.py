"""What the families share: rows summed up by asset, the zeros left out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from decimal import Decimal

from lib.domain.money import ZERO, exact
from lib.domain.portfolio import Holding, Wallet


def holdings(wallet: Wallet, parts: Iterable[tuple[str, Decimal]]) -> tuple[Holding, ...]:
    """Return the holdings the parts make, the zeros left out."""
    return tuple(Holding(wallet, asset, quantity) for asset, quantity in summed(parts).items() if quantity)


@exact
def summed(parts: Iterable[tuple[str, Decimal]]) -> Mapping[str, Decimal]:
    """Sum the parts by name. A generator is consumed in here, so that its own sums are exact too."""
    sums: defaultdict[str, Decimal] = defaultdict(lambda: ZERO)
    for name, quantity in parts:
        sums[name] += quantity
    return dict(sums)
