"""What a snapshot was made of, of one account or of several, and how well it agrees with the exchange."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from lib.domain.member import LONGEST_ABSENCE
from lib.domain.money import ZERO, exact
from lib.domain.portfolio import PricedHolding, Wallet
from lib.domain.prices import USD
from lib.domain.snapshot import Snapshot, WalletCheck

type Checks = tuple[WalletCheck, ...] | None  # by wallet; None: the exchange's own total could not be read


@dataclass(frozen=True, slots=True)
class Compared:
    """How one whole snapshot compares with the exchange's own total."""

    at: datetime
    slot: datetime
    checks: Checks


@dataclass(frozen=True, slots=True)
class AccountHoldings:
    """One account's snapshot, and the reconciliations of those before it, oldest first.

    `snapshot` None: there is none, or what it was made of is not kept. `left_at`: paused or closed.
    """

    account: str
    inception: datetime | None
    left_at: datetime | None
    snapshot: Snapshot | None
    before: tuple[Compared, ...]


def counting(accounts: Iterable[AccountHoldings], at: datetime | None) -> tuple[AccountHoldings, ...]:
    """Return the accounts that enter the sum at `at` (None: now).

    One that is paused or closed by then has left, and so has one whose snapshot is more than a day older than the
    newest. Source: product, 4.9.
    """
    there = [one for one in accounts if one.left_at is None or (at is not None and one.left_at > at)]
    newest = max((one.snapshot.at for one in there if one.snapshot), default=None)
    return tuple(
        one
        for one in there
        if newest is not None and one.snapshot is not None and newest - one.snapshot.at <= LONGEST_ABSENCE
    )


def is_total_only(held: Sequence[PricedHolding]) -> bool:
    """Tell whether nothing but the exchange's own total is known of a wallet: it counts as so many USD."""
    return all(priced.holding.asset == USD for priced in held)


@exact
def summed(parts: Iterable[Checks]) -> Checks:
    """Add up reconciliations wallet by wallet; None where one of them is unknown: a sum without it would be false."""
    both: dict[Wallet, tuple[Decimal, Decimal]] = {}
    for checks in parts:
        if checks is None:
            return None
        for check in checks:
            ours, theirs = both.get(check.wallet, (ZERO, ZERO))
            both[check.wallet] = (ours + check.ours_usd, theirs + check.theirs_usd)
    return tuple(WalletCheck(wallet, *both[wallet]) for wallet in sorted(both))


def compared(accounts: Sequence[AccountHoldings], most: int) -> tuple[Compared, ...]:
    """Put the earlier reconciliations of several accounts beside each other: one a slot, the last `most`, oldest first.

    A slot counts as unknown where an account that had begun by then has none of its own.
    """
    by_slot: dict[datetime, dict[str, Compared]] = {}
    for one in accounts:
        for entry in one.before:
            by_slot.setdefault(entry.slot, {})[one.account] = entry
    return tuple(_together(by_slot[slot], slot, accounts) for slot in sorted(by_slot)[-most:])


def _together(found: dict[str, Compared], slot: datetime, accounts: Sequence[AccountHoldings]) -> Compared:
    at = max(entry.at for entry in found.values())
    begun = {one.account for one in accounts if one.inception is not None and one.inception <= at}
    checks = summed(entry.checks for entry in found.values()) if begun <= found.keys() else None
    return Compared(at, slot, checks)
