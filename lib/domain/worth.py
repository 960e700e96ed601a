"""What was worth how much: the part of a history that sums are made of."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Worth:
    """What an account and its benchmark are worth at one complete snapshot."""

    at: datetime
    slot: datetime
    nav_usd: Decimal
    benchmark_usd: Decimal
