"""What a key may do, and whose it is. Source: reference, D.3 and H.4."""

from lib.binance.endpoints import KEY_RESTRICTIONS, SPOT_ACCOUNT
from lib.binance.schemas import keys
from lib.binance.schemas.keys import Restrictions
from lib.binance.signing import encode
from lib.binance.transport import Send
from lib.ports import Credentials, KeyRights

RISKY = (
    "enableWithdrawals",
    "enableInternalTransfer",
    "permitsUniversalTransfer",
    "enableSpotAndMarginTrading",
    "enableMargin",
    "enableFutures",
    "enableVanillaOptions",
    "enablePortfolioMarginTrading",
    "enableFixApiTrade",
)
_TELLING = ("withdraw", "transfer", "trad")  # a right that came later than this list gives itself away by its name


async def read(send: Send, key: Credentials) -> KeyRights:
    """Ask what the key may do and whose it is."""
    rights = await send(KEY_RESTRICTIONS, keys.RESTRICTIONS, "", key)
    account = await send(SPOT_ACCOUNT, keys.SPOT_ACCOUNT, encode({"omitZeroBalances": "true"}), key)
    return KeyRights(account.uid, rights.enable_reading, risky(rights), rights.ip_restrict)


async def read_risky(send: Send, key: Credentials) -> tuple[str, ...]:
    """Ask which rights the key has that one which only reads should not have: one call of weight 1."""
    return risky(await send(KEY_RESTRICTIONS, keys.RESTRICTIONS, "", key))


def risky(rights: Restrictions) -> tuple[str, ...]:
    """Name the rights that a key which only reads should not have."""
    given = [name for name, value in (rights.model_extra or {}).items() if value is True]
    return tuple(sorted(name for name in given if name in RISKY or any(word in name.casefold() for word in _TELLING)))
