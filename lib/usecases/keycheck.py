"""What a key may do beyond reading: refused when it is added, looked at once a day, and told to its owner.

Source: product, 5 (the table; cadence) and 12; reference, H.4.
"""

import json
from collections.abc import Iterable, Mapping, Sequence

from lib.errors import MonitorError
from lib.ports import Credentials, Exchange, Vault

_MOVES_MONEY = ("withdraw", "transfer")  # in the exchange's own names of rights, also of those to come


class KeyTooPowerful(MonitorError):
    """The key may do more than read; the message names what to switch off."""

    code = "key_too_powerful"

    def __init__(self, rights: Sequence[str], or_else: str) -> None:
        super().__init__(f"the key may do more than read: switch off {', '.join(rights)} on Binance{or_else}")
        self.rights = tuple(rights)

    @property
    def facts(self) -> Mapping[str, object]:
        """Return the rights to switch off, in the exchange's own names."""
        return {"rights": self.rights}


def credentials(vault: Vault, account_id: str, sealed_key: str) -> Credentials:
    """Open an account's key. Raises: what the vault says."""
    secret = json.loads(vault.open(account_id, sealed_key))
    return Credentials(account_id, secret["api_key"], secret["secret"])


def refuse(risky: Iterable[str], *, allow_trading: bool) -> None:
    """Refuse a key with rights it should not have; with `allow_trading` only for those that move money.

    Raises: KeyTooPowerful.
    """
    names = tuple(risky)
    moving = tuple(name for name in names if any(word in name.casefold() for word in _MOVES_MONEY))
    wrong = moving if allow_trading else names
    if not wrong:
        return
    or_else = "" if moving else ", or set ALLOW_RISKY_KEYS to true if a key that trades must do"
    raise KeyTooPowerful(wrong, or_else)


async def confirm(exchange: Exchange, key: Credentials, *, allow_trading: bool) -> None:
    """Ask with one cheap call whether a key that needed its owner's attention does by now.

    Raises: KeyTooPowerful, or what the exchange says.
    """
    refuse(await exchange.risky_rights(key), allow_trading=allow_trading)
