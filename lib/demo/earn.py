"""Simple Earn: flexible and locked positions, page by page, and their worth."""

from decimal import Decimal

from lib.demo import params
from lib.demo.events import Owned
from lib.demo.holdings import ZERO, total
from lib.demo.routes import Route, Signed, SignedRoute, fixed, weighs
from lib.domain.money import exact, plain

_USUAL, _MOST = 10, 100


def _subscribed(call: Signed, part: Owned) -> dict[str, Decimal]:
    balances = call.world.books(call.key.account, call.now).balances
    return {asset: total(held) for (owned, asset), held in sorted(balances.items()) if owned == part and total(held)}


def flexible(call: Signed) -> object:
    """Answer with the flexible positions; what serves as margin in the futures wallet is listed with its coin."""
    held = _subscribed(call, "earn:flexible")
    swapped = _subscribed(call, "usdm").get("LDUSDT", ZERO)
    if swapped:
        held["USDT"] = held.get("USDT", ZERO) + swapped
    rows = [
        {
            "totalAmount": plain(amount),
            "latestAnnualPercentageRate": "0.03140000",
            "asset": asset,
            "canRedeem": True,
            "collateralAmount": "0",
            "productId": f"{asset}001",
            "yesterdayRealTimeRewards": "0",
            "cumulativeBonusRewards": "0",
            "cumulativeRealTimeRewards": "0",
            "cumulativeTotalRewards": "0",
            "autoSubscribe": False,
        }
        for asset, amount in held.items()
    ]
    return _page(call, [row for row in rows if call.params.get("asset") in (None, "", row["asset"])])


def locked(call: Signed) -> object:
    """Answer with the locked positions."""
    rows = [
        {
            "positionId": 100_000 + place,
            "projectId": f"{asset}*90",
            "asset": asset,
            "amount": plain(amount),
            "purchaseTime": str(call.now_ms - call.now_ms % 86_400_000),
            "duration": "90",
            "accrualDays": "1",
            "rewardAsset": asset,
            "rewardAmt": "0",
            "redeemingAmt": "0",
            "redeemTo": "SPOT",
            "APY": "0.0512",
            "canRedeemEarly": True,
            "autoSubscribe": True,
            "type": "NORMAL",
            "status": "HOLDING",
        }
        for place, (asset, amount) in enumerate(_subscribed(call, "earn:locked").items())
    ]
    return _page(call, [row for row in rows if call.params.get("asset") in (None, "", row["asset"])])


def _page(call: Signed, rows: list[dict[str, object]]) -> object:
    current, size = params.integer(call.params, "current") or 1, params.integer(call.params, "size") or _USUAL
    size = min(size, _MOST)
    return {"rows": rows[(current - 1) * size : current * size], "total": len(rows)}


@exact
def account(call: Signed) -> object:
    """Answer with what it is all worth."""
    market = call.world.market
    worth = {
        part: sum((q * market.worth(asset, call.now) for asset, q in _subscribed(call, part).items()), ZERO)
        for part in ("earn:flexible", "earn:locked")
    }
    btc = market.usd("BTC", call.now)
    whole = worth["earn:flexible"] + worth["earn:locked"]
    return {
        "totalAmountInBTC": fixed(whole / btc),
        "totalAmountInUSDT": fixed(whole),
        "totalFlexibleAmountInBTC": fixed(worth["earn:flexible"] / btc),
        "totalFlexibleAmountInUSDT": fixed(worth["earn:flexible"]),
        "totalLockedInBTC": fixed(worth["earn:locked"] / btc),
        "totalLockedInUSDT": fixed(worth["earn:locked"]),
    }


ROUTES: dict[tuple[str, str], Route] = {
    ("GET", "/sapi/v1/simple-earn/flexible/position"): SignedRoute(flexible, weighs(150)),
    ("GET", "/sapi/v1/simple-earn/locked/position"): SignedRoute(locked, weighs(150)),
    ("GET", "/sapi/v1/simple-earn/account"): SignedRoute(account, weighs(150)),
}
