"""What an account holds, as the spot host and the wallet endpoints tell it."""

from decimal import Decimal

from lib.demo import params
from lib.demo.access import RIGHTS
from lib.demo.books import Balance
from lib.demo.events import Owned
from lib.demo.instants import to_ms
from lib.demo.listing import SPOT_ASSETS
from lib.demo.routes import Route, Signed, SignedRoute, fixed, weighs
from lib.demo.world import total
from lib.domain.money import exact, plain
from lib.errors import NotFound

# All wallet names of the overview, and which of ours each one is.
_WALLETS: tuple[tuple[str, Owned | None], ...] = (
    ("Spot", "spot"),
    ("Funding", "funding"),
    ("Cross Margin", None),
    ("Isolated Margin", None),
    ("USDⓈ-M Futures", "usdm"),
    ("COIN-M Futures", None),
    ("Earn", None),
    ("Options", None),
    ("Trading Bots", None),
    ("Copy Trading", None),
)


def _held(call: Signed, wallet: Owned) -> dict[str, Balance]:
    books = call.world.books(call.key.account, call.now)
    return {asset: held for (owned, asset), held in books.balances.items() if owned == wallet}


def account(call: Signed) -> object:
    """Answer with the spot wallet, what is being withdrawn left out."""
    held, omits = _held(call, "spot"), call.params.get("omitZeroBalances") == "true"
    balances = []
    for asset in dict.fromkeys((*SPOT_ASSETS, *held)):
        row = held.get(asset, Balance())
        if not omits or row.free or row.locked:
            balances.append({"asset": asset, "free": fixed(row.free), "locked": fixed(row.locked)})
    return {
        "makerCommission": 10,
        "takerCommission": 10,
        "buyerCommission": 0,
        "sellerCommission": 0,
        "commissionRates": {
            "maker": "0.00100000",
            "taker": "0.00100000",
            "buyer": "0.00000000",
            "seller": "0.00000000",
        },
        "canTrade": True,
        "canWithdraw": True,
        "canDeposit": True,
        "brokered": False,
        "requireSelfTradePrevention": False,
        "preventSor": False,
        "updateTime": call.now_ms,
        "accountType": "SPOT",
        "balances": balances,
        "permissions": ["TRD_GRP_004"],
        "uid": call.world.account(call.key.account).uid,
    }


@exact
def _rows(call: Signed, wallet: Owned) -> list[dict[str, str]]:
    """Return the non-zero rows of a wallet. Units: `btcValuation` in BTC, "0" unless asked for."""
    market, wants, only = call.world.market, call.params.get("needBtcValuation") == "true", call.params.get("asset")
    found = []
    for asset, row in sorted(_held(call, wallet).items()):
        quantity = total(row)
        if not quantity or (only and asset != only):
            continue
        worth = quantity * market.usd(asset, call.now) / market.usd("BTC", call.now) if wants else None
        found.append(
            {
                "asset": asset,
                "free": plain(row.free),
                "locked": plain(row.locked),
                "freeze": "0",
                "withdrawing": plain(row.withdrawing),
                "btcValuation": "0" if worth is None else fixed(worth),
            }
        )
    return found


def user_asset(call: Signed) -> object:
    """Answer with the spot wallet, what is being withdrawn included."""
    return [{**row, "ipoable": "0"} for row in _rows(call, "spot")]


def funding_asset(call: Signed) -> object:
    """Answer with the Funding wallet."""
    return _rows(call, "funding")


@exact
def wallet_balance(call: Signed) -> object:
    """Answer with the worth of every wallet in the quote asset."""
    quote = call.params.get("quoteAsset") or "BTC"
    try:
        quote_usd = call.world.market.usd(quote, call.now)
    except NotFound:
        raise params.invalid("quoteAsset") from None
    totals = call.world.wallet_totals(call.key.account, call.now)
    rows = []
    for name, wallet in _WALLETS:
        worth = totals[wallet] / quote_usd if wallet else Decimal(0)
        rows.append({"activate": wallet is not None, "balance": fixed(worth), "walletName": name})
    return rows


def restrictions(call: Signed) -> object:
    """Answer with what the key may do."""
    rights = {right: right in call.key.rights for right in RIGHTS}
    created = to_ms(call.world.born_at) - 86_400_000
    return {"ipRestrict": call.key.addresses is not None, "createTime": created, **rights}


def info(call: Signed) -> object:
    """Answer with which wallets exist."""
    return {
        "vipLevel": 0,
        "isMarginEnabled": False,
        "isFutureEnabled": bool(_held(call, "usdm")),
        "isOptionsEnabled": False,
        "isPortfolioMarginRetailEnabled": False,
    }


ROUTES: dict[tuple[str, str], Route] = {
    ("GET", "/api/v3/account"): SignedRoute(account, weighs(20), frozenset({"omitZeroBalances"})),
    ("POST", "/sapi/v3/asset/getUserAsset"): SignedRoute(user_asset, weighs(5)),
    ("POST", "/sapi/v1/asset/get-funding-asset"): SignedRoute(funding_asset, weighs(1)),
    ("GET", "/sapi/v1/asset/wallet/balance"): SignedRoute(wallet_balance, weighs(60)),
    ("GET", "/sapi/v1/account/apiRestrictions"): SignedRoute(restrictions, weighs(1)),
    ("GET", "/sapi/v1/account/info"): SignedRoute(info, weighs(1)),
}
