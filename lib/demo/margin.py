"""Cross and isolated margin accounts, their debts beside what they hold."""

from decimal import Decimal

from lib.demo import params
from lib.demo.holdings import ZERO, Balance, Books, total
from lib.demo.listing import BY_SYMBOL, LENT, MARKETS, Listed, lendable
from lib.demo.messages import Refused
from lib.demo.routes import Public, PublicRoute, Route, Signed, SignedRoute, fixed, weighs
from lib.domain.money import exact

_MOST_PAIRS = 5
_ISOLATED = "isolated_margin:"


@exact
def cross(call: Signed) -> object:
    """Answer with the cross margin account. Raises: Refused where it was never opened."""
    books = call.world.books(call.key.account, call.now)
    held = {asset: row for (part, asset), row in books.balances.items() if part == "cross_margin"}
    if not held:
        raise Refused(400, -3003, "Margin account does not exist.")
    rows = {asset: held.get(asset, Balance()) for asset in dict.fromkeys((*LENT, *held))}
    owned, owed = _btc(call, rows, debts=False), _btc(call, rows, debts=True)
    return {
        "created": True,
        "borrowEnabled": True,
        "marginLevel": fixed(owned / owed) if owed else "999.00000000",
        "totalAssetOfBtc": fixed(owned),
        "totalLiabilityOfBtc": fixed(owed),
        "totalNetAssetOfBtc": fixed(owned - owed),
        "TotalCollateralValueInUSDT": fixed(owned * call.world.market.usd("BTC", call.now)),
        "tradeEnabled": True,
        "transferInEnabled": True,
        "transferOutEnabled": True,
        "accountType": "MARGIN_1",
        "userAssets": [_row(asset, row) for asset, row in rows.items()],
    }


def _row(asset: str, held: Balance) -> dict[str, object]:
    return {
        "asset": asset,
        "borrowed": fixed(held.borrowed),
        "free": fixed(held.free),
        "interest": fixed(held.interest),
        "locked": fixed(held.locked),
        "netAsset": fixed(total(held)),
    }


def _btc(call: Signed, rows: dict[str, Balance], *, debts: bool) -> Decimal:
    """Return what is owned, or owed. Units: BTC."""
    market = call.world.market
    parts = ((a, row.borrowed + row.interest if debts else row.free + row.locked) for a, row in rows.items())
    usd = sum((quantity * market.worth(asset, call.now) for asset, quantity in parts if quantity), ZERO)
    return usd / market.usd("BTC", call.now)


@exact
def isolated(call: Signed) -> object:
    """Answer with the isolated pairs, all or up to five; the totals come only with all."""
    books = call.world.books(call.key.account, call.now)
    opened = sorted({part.removeprefix(_ISOLATED) for part, _ in books.balances if part.startswith(_ISOLATED)})
    asked = call.params.get("symbols")
    names = asked.split(",") if asked else opened
    if len(names) > _MOST_PAIRS and asked:
        raise params.invalid("symbols")
    pairs = [_pair(call, books, name) for name in names if name in opened]
    if asked:
        return {"assets": pairs}
    rows = {(name, asset): row for name in opened for asset, row in _sides(books, name).items()}
    flat = [(asset, row) for (_, asset), row in rows.items()]
    owned = sum((_btc(call, {asset: row}, debts=False) for asset, row in flat), ZERO)
    owed = sum((_btc(call, {asset: row}, debts=True) for asset, row in flat), ZERO)
    return {
        "assets": pairs,
        "totalAssetOfBtc": fixed(owned),
        "totalLiabilityOfBtc": fixed(owed),
        "totalNetAssetOfBtc": fixed(owned - owed),
    }


def _sides(books: Books, name: str) -> dict[str, Balance]:
    market = BY_SYMBOL[name]
    return {a: books.balances.get((_ISOLATED + name, a), Balance()) for a in (market.base, market.quote)}


def _pair(call: Signed, books: Books, name: str) -> dict[str, object]:
    base, quote = (_side(call, asset, row) for asset, row in _sides(books, name).items())
    return {
        "symbol": name,
        "isolatedCreated": True,
        "enabled": True,
        "marginLevelStatus": "EXCESSIVE",
        "marginRatio": "10.00000000",
        "indexPrice": fixed(call.world.market.price(name, call.now)),
        "liquidatePrice": "0.00000000",
        "liquidateRate": "0.00000000",
        "tradeEnabled": True,
        "baseAsset": base,
        "quoteAsset": quote,
    }


def _side(call: Signed, asset: str, held: Balance) -> dict[str, object]:
    return {
        **_row(asset, held),
        "borrowEnabled": True,
        "netAssetOfBtc": fixed(_btc(call, {asset: held}, debts=False) - _btc(call, {asset: held}, debts=True)),
        "repayEnabled": True,
        "totalAsset": fixed(held.free + held.locked),
    }


def cross_pairs(_call: Public) -> object:
    """Answer with the pairs that cross margin trades."""
    return [{"id": 351_637_150_141_315_861 + n, **_tradable(pair)} for n, pair in enumerate(filter(lendable, MARKETS))]


def isolated_pairs(_call: Public) -> object:
    """Answer with the pairs that isolated margin trades."""
    return [_tradable(pair) for pair in filter(lendable, MARKETS)]


def _tradable(pair: Listed) -> dict[str, object]:
    allowed = {"isBuyAllowed": True, "isMarginTrade": True, "isSellAllowed": True}
    return {"base": pair.base, "quote": pair.quote, "symbol": pair.symbol, **allowed}


ROUTES: dict[tuple[str, str], Route] = {
    ("GET", "/sapi/v1/margin/account"): SignedRoute(cross, weighs(10)),
    ("GET", "/sapi/v1/margin/isolated/account"): SignedRoute(isolated, weighs(10)),
    ("GET", "/sapi/v1/margin/allPairs"): PublicRoute(cross_pairs, weighs(1)),
    ("GET", "/sapi/v1/margin/isolated/allPairs"): PublicRoute(isolated_pairs, weighs(10)),
}
