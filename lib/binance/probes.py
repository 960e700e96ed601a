"""What each host is asked to see whether it answers this address: nothing that takes a key.

The host of portfolio margin tells no time, and only those who have that are served by it. Source: reference, B.2.
"""

from collections.abc import Mapping
from types import MappingProxyType

from lib.binance.endpoints import COIN_FUTURES_TIME, FUTURES_TIME, OPTIONS_TIME, PUBLIC_TIME, TIME, Endpoint

PROBES: Mapping[str, Endpoint] = MappingProxyType(
    {"api": TIME, "fapi": FUTURES_TIME, "dapi": COIN_FUTURES_TIME, "eapi": OPTIONS_TIME, "data": PUBLIC_TIME}
)
