"""What the exchange says of a key and of the account behind it, asked when it is added and once a day."""

from dataclasses import dataclass
from datetime import datetime

from lib.domain.portfolio import Wallet


@dataclass(frozen=True, slots=True)
class KeyCheck:
    """The rights of a key, and which wallets its account has, as they were at `at`."""

    at: datetime
    risky: tuple[str, ...]  # names of the rights it should not have: "enableWithdrawals"
    ip_restricted: bool
    portfolio_margin: bool  # one account in place of cross margin and both futures wallets
    unopened: tuple[Wallet, ...] = ()
