"""The shapes of one snapshot: what was held, how positions stood, and how it compares with the exchange's own total."""

from lib.web.description.shapes import MONEY, TEXT, TIME, TRUTH, WHOLE, Shape, many, maybe, named, one_of, thing

_BESIDE: dict[str, Shape] = {"ours": MONEY, "theirs": MONEY, "difference": MONEY}
_COLUMN = many(maybe(MONEY))
_HOLDING = thing({
    "account": TEXT,
    "asset": TEXT,
    "quantity": MONEY,
    "price": maybe(MONEY),
    "priced_at": maybe(TIME),
    "price_age_s": maybe(WHOLE),
    "value": MONEY,
})  # fmt: skip
_POSITION = thing({
    "account": TEXT,
    "wallet": TEXT,
    "symbol": TEXT,
    "side": one_of("long", "short"),
    "quantity": MONEY,
    "mark": MONEY,
    "value": MONEY,
    "entry": maybe(MONEY),
    "leverage": maybe(MONEY),
    "margin": maybe(one_of("cross", "isolated")),
    "liquidation": maybe(MONEY),
    "unrealised": maybe(MONEY),
})  # fmt: skip

HOLDINGS = thing({
    "account": TEXT,
    "at": maybe(TIME),
    "complete": maybe(TRUTH),
    "missing": many(TEXT),
    "nav": maybe(MONEY),
    "accounts": many(thing({"account": TEXT, "at": TIME, "nav": maybe(MONEY)})),
    "wallets": many(thing({"wallet": TEXT, "value": MONEY, "total_only": TRUTH, "holdings": many(_HOLDING)})),
    "positions": many(_POSITION),
    "unpriced": many(thing({"account": TEXT, "wallet": TEXT, "asset": TEXT, "quantity": MONEY})),
    "reconciliation": maybe(thing({**_BESIDE, "wallets": many(thing({"wallet": TEXT, **_BESIDE}))})),
    "differences": thing({"t": many(WHOLE), "total": _COLUMN, "wallets": named(_COLUMN)}),
})  # fmt: skip
