"""How much each pool of the exchange takes in one of its windows, and the headers that say how full it is.

Source: reference, C.1. Since June 2026 the two futures hosts share one pool.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from types import MappingProxyType

SHARE = Fraction(4, 5)  # of each limit that we allow ourselves; the rest is for whoever else is behind this address


@dataclass(frozen=True, slots=True)
class Budget:
    """One pool. Units: `limit` in weight per window. `headers` by rising window, the first one that is there counts."""

    limit: int
    headers: tuple[str, ...]
    by_account: bool = False  # counted for each account by itself, whatever address it is asked from


_MINUTE = ("x-mbx-used-weight-1m",)

BUDGETS: Mapping[str, Budget] = MappingProxyType(
    {
        "api": Budget(6000, _MINUTE),
        "data": Budget(6000, _MINUTE),
        "futures": Budget(2400, _MINUTE),
        "papi": Budget(6000, _MINUTE),
        "eapi": Budget(400, _MINUTE),
        "sapi": Budget(12_000, ("x-sapi-used-ip-weight-1m",)),
        "sapi_uid": Budget(180_000, ("x-sapi-used-uid-weight-1s", "x-sapi-used-uid-weight-1m"), by_account=True),
    }
)
