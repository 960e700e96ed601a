"""What an account holds, as the spot host and the wallet endpoints tell it."""

from decimal import Decimal

from lib.demo import params
from lib.demo.access import RIGHTS
from lib.demo.events import Owned
from lib.demo.holdings import Balance, total
from lib.demo.instants import to_ms
from lib.demo.listing import SPOT_ASSETS
from lib.demo.routes import Route, Signed, SignedRoute, fixed, weighs
from lib.demo.world import wallet_of
from lib.domain.money import exact, plain
from lib.errors import NotFound

# All wallet names of the overview, and which of ours each one is: portfolio margin is told in its three parts.
_WALLETS: tuple[tuple[str, frozenset[Owned]], ...] = (
    ("Spot", frozenset({"spot"})),
    ("Funding", frozenset({"funding"})),
    ("Cross Margin", frozenset({"cross_margin", "portfolio_margin:cross"})),
    ("Isolated Margin", frozenset({"isolated_margin"})),
    ("USDⓈ-M Futures", frozenset({"usdm", "portfolio_margin:um"})),
    ("COIN-M Futures", frozenset({"coinm", "portfolio_margin:cm"})),
    ("Earn", frozenset({"earn"})),
    ("Options", frozenset({"options"})),
    ("Trading Bots", frozenset({"trading_bots"})),
    ("Copy Trading", frozenset({"copy_trading"})),
)
_MIRROR = "LD"


def held_in(call: Signed, wallet: Owned) -> dict[str, Balance]:
    """Return the balances of a wallet by asset; spot mirrors what lies in flexible Earn."""
    balances = call.world.books(call.key.account, call.now).balances
    found = {asset: held for (owned, asset), held in balances.items() if owned == wallet}
    if wallet == "spot":
        found |= {_MIRROR + asset: held for (owned, asset), held in balances.items() if owned == "earn:flexible"}
    return found


def account(call: Signed) -> object:
    """Answer with the spot wallet, what is being withdrawn left out."""
    held, omits = held_in(call, "spot"), call.params.get("omitZeroBalances") == "true"
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
    for asset, row in sorted(held_in(call, wallet).items()):
        quantity = total(row)
        if not quantity or (only and asset != only):
            continue
        worth = quantity * market.worth(asset, call.now) / market.usd("BTC", call.now) if wants else None
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
    opened = {part for part, _ in call.world.books(call.key.account, call.now).balances}
    totals = call.world.part_totals(call.key.account, call.now)
    rows = []
    for name, parts in _WALLETS:
        worth = sum((usd for part, usd in totals.items() if _belongs(part, parts)), Decimal(0)) / quote_usd
        active = any(_belongs(part, parts) for part in opened)
        rows.append({"activate": active, "balance": fixed(worth), "walletName": name})
    return rows


def _belongs(part: Owned, parts: frozenset[Owned]) -> bool:
    return part in parts or wallet_of(part) in parts


def restrictions(call: Signed) -> object:
    """Answer with what the key may do."""
    rights = {right: right in call.key.rights for right in RIGHTS}
    created = to_ms(call.world.born_at) - 86_400_000
    return {"ipRestrict": call.key.addresses is not None, "createTime": created, **rights}


def info(call: Signed) -> object:
    """Answer with which wallets exist."""
    opened = {wallet_of(part) for part, _ in call.world.books(call.key.account, call.now).balances}
    return {
        "vipLevel": 0,
        "isMarginEnabled": bool(opened & {"cross_margin", "isolated_margin", "portfolio_margin"}),
        "isFutureEnabled": bool(opened & {"usdm", "coinm", "portfolio_margin"}),
        "isOptionsEnabled": "options" in opened,
        "isPortfolioMarginRetailEnabled": "portfolio_margin" in opened,
    }


ROUTES: dict[tuple[str, str], Route] = {
    ("GET", "/api/v3/account"): SignedRoute(account, weighs(20), frozenset({"omitZeroBalances"})),
    ("POST", "/sapi/v3/asset/getUserAsset"): SignedRoute(user_asset, weighs(5)),
    ("POST", "/sapi/v1/asset/get-funding-asset"): SignedRoute(funding_asset, weighs(1)),
    ("GET", "/sapi/v1/asset/wallet/balance"): SignedRoute(wallet_balance, weighs(60)),
    ("GET", "/sapi/v1/account/apiRestrictions"): SignedRoute(restrictions, weighs(1)),
    ("GET", "/sapi/v1/account/info"): SignedRoute(info, weighs(1)),
}
