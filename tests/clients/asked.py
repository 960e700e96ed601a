"""What the scripts of this folder are asked and how they tell what they found; runs in the clients' environment.

They read JSON on standard input: the exchange's address, its instant in ms (null where it runs), the keys of its
accounts by name, and the first one's keys of the other kinds.
"""

import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

CANDLES = 5
PAIR = "BTCUSDT"
INVERSE = "BTCUSD_PERP"
UNKNOWN = "NOSUCHUSDT"
UNIFIED = ("totalWalletBalance", "umUnrealizedPNL", "cmUnrealizedPNL")
UNIFIED_DEBTS = ("crossMarginBorrowed", "crossMarginInterest")

type Found = dict[str, Any]
type Refusals = dict[str, list[object]]


@dataclass(frozen=True)
class Key:
    """What an account's client signs with."""

    api_key: str
    secret: str

    @property
    def is_private(self) -> bool:
        """Tell whether the secret is a private key, in PEM."""
        return self.secret.startswith("-----BEGIN")


@dataclass(frozen=True)
class Asked:
    """Whom to ask, and for whom."""

    url: str
    accounts: dict[str, Key]
    others: tuple[Key, ...]  # of the first account, with a private key in PEM each


def read() -> Asked:
    """Return what is asked, and set this process's clock to that of the exchange where that stands still."""
    asked = json.load(sys.stdin)
    if asked["at_ms"] is not None:
        time.time = lambda: asked["at_ms"] / 1000
        time.time_ns = lambda: asked["at_ms"] * 1_000_000
    keys = {name: Key(*key) for name, key in asked["accounts"].items()}
    return Asked(asked["url"], keys, tuple(Key(*key) for key in asked["others"]))


def tell(**found: object) -> None:
    """Write what was found."""
    json.dump(found, sys.stdout)


def net(rows: Mapping[str, Sequence[object]]) -> dict[str, str]:
    """Return what is held of each asset, the first number less the second, where there is any."""
    found = {asset: Decimal(str(total or 0)) - Decimal(str(debt or 0)) for asset, (total, debt) in rows.items()}
    return {asset: format(quantity, "f") for asset, quantity in found.items() if quantity}


def total(row: Mapping[str, object], *names: str) -> Decimal:
    """Return the sum of some fields; an empty one is 0."""
    return sum((Decimal(str(row[name] or "0")) for name in names), Decimal(0))


def wrong_keys(key: Key) -> dict[str, Key]:
    """Return a key nobody has, and a secret that is another's."""
    return {
        "unknown key": Key("A" * 64, key.secret),
        "malformed key": Key("short", key.secret),
        "wrong secret": Key(key.api_key, "B" * 64),
    }


def refusal(call: Callable[[], object], told: Callable[[Exception], list[object]]) -> list[object]:
    """Return how a call failed: the name of the exception and what `told` finds in it."""
    try:
        call()
    except Exception as error:  # noqa: BLE001 - which one it is, is the question
        return [type(error).__name__, *told(error)]
    return ["answered"]
