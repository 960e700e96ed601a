"""What a key may do, and whose it is. Source: reference, D.3 and H.4."""

from lib.binance.endpoints import KEY_RESTRICTIONS, SPOT_ACCOUNT
from lib.binance.schemas import keys
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
    given = [name for name, value in (rights.model_extra or {}).items() if value is True]
    risky = (name for name in given if name in RISKY or any(word in name.casefold() for word in _TELLING))
    account = await send(SPOT_ACCOUNT, keys.SPOT_ACCOUNT, encode({"omitZeroBalances": "true"}), key)
    return KeyRights(account.uid, rights.enable_reading, tuple(sorted(risky)))
