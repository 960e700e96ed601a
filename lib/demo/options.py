"""The options family: margin, and the worth of what is open."""

from lib.demo.holdings import balance, total
from lib.demo.public import time
from lib.demo.routes import PublicRoute, Route, Signed, SignedRoute, fixed, weighs
from lib.domain.money import exact

_ASSETS = ("USDT",)


@exact
def account(call: Signed) -> object:
    """Answer with the margin account: equity is margin balance plus the worth of the options."""
    books = call.world.books(call.key.account, call.now)
    rows = []
    for asset in _ASSETS:
        margin, worth = total(balance(books, "options", asset)), total(balance(books, "options:worth", asset))
        rows.append(
            {
                "asset": asset,
                "marginBalance": fixed(margin),
                "equity": fixed(margin + worth),
                "available": fixed(margin),
                "initialMargin": "0.00000000",
                "maintMargin": "0.00000000",
                "unrealizedPNL": fixed(worth),
                "adjustedEquity": fixed(margin),
            }
        )
    return {"asset": rows, "greek": [], "time": call.now_ms}


ROUTES: dict[tuple[str, str], Route] = {
    ("GET", "/eapi/v1/time"): PublicRoute(time, weighs(1)),
    ("GET", "/eapi/v1/marginAccount"): SignedRoute(account, weighs(3)),
}
