"""What each host is asked to see whether it answers this address: nothing that takes a key. Source: reference, B.2."""

from collections.abc import Mapping
from types import MappingProxyType

from lib.binance.endpoints import FUTURES_TIME, PUBLIC_TIME, TIME, Endpoint

PROBES: Mapping[str, Endpoint] = MappingProxyType({"api": TIME, "fapi": FUTURES_TIME, "data": PUBLIC_TIME})
