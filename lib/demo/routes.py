"""What an endpoint of the demo exchange is: its weight, whether it is signed, and the function that answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from lib.demo.access import Key
from lib.demo.world import World

type Params = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Public:
    """An admitted call that needs no key; `now` and `now_ms` are the same instant."""

    world: World
    now: datetime
    now_ms: int
    params: Params


@dataclass(frozen=True, slots=True)
class Signed:
    """An admitted call of one account."""

    world: World
    now: datetime
    now_ms: int
    params: Params
    key: Key


@dataclass(frozen=True, slots=True)
class PublicRoute:
    """An unsigned endpoint. Units: `weight` counts against the pool of its path."""

    answer: Callable[[Public], object]
    weight: Callable[[Params], int]
    reads: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SignedRoute:
    """A signed endpoint; on /sapi its weight may be counted per account, and per second."""

    answer: Callable[[Signed], object]
    weight: Callable[[Params], int]
    reads: frozenset[str] = frozenset()
    per_account: bool = False
    per_second: bool = False


type Route = PublicRoute | SignedRoute


def weighs(weight: int) -> Callable[[Params], int]:
    """Return the weight of an endpoint that always weighs the same."""
    return lambda _params: weight


def fixed(amount: Decimal) -> str:
    """Write an amount with the 8 decimals of /api and /fapi."""
    return f"{amount + 0:.8f}"  # + 0: a zero has no sign
