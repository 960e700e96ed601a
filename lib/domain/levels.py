"""Where sums stand at a snapshot that tell, by their difference, what changed between two of them."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Levels:
    """What changed between two snapshots is the difference of their levels. Units: USD.

    `unrealised_usd` is the open profit of all futures positions. `revalued_usd` is what prices did to everything else
    that was held, summed up since the first snapshot that knows it; the open profit is no part of it.
    """

    unrealised_usd: Decimal
    revalued_usd: Decimal
