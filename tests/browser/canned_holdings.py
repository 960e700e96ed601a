"""What the account of the stand-in holds, and its ledger: the figures the design shows."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from tests.browser import canned

NAV = Decimal("117116.90")
BTC, ETH, BNB, SOL = "122850.42", "4581.96", "941.09", "168.44"
WALLETS: dict[str, tuple[str, tuple[tuple[str, str, str | None], ...]]] = {
    "usdm": ("71722.08", (("USDT", "54286.38", "1"), ("BTC", "0.1175", BTC), ("BFUSD", "2998.19", "1"))),
    "spot": ("23552.23", (("BTC", "0.08", BTC), ("ETH", "2.1", ETH), ("SOL", "20", SOL), ("DOGE", "1200", "0.2014"))),
    "earn": ("11500.75", (("ETH", "0.977", ETH), ("BNB", "7.4", BNB), ("TRX", "200", "0.3312"))),
    "cross_margin": ("5422.51", (("BTC", "0.0302", BTC), ("SOL", "11.08", SOL), ("ADA", "-500", "0.6931"))),
    "funding": ("3209.00", (("USDT", "2000", "1"), ("BNB", "1.1", BNB), ("XRP", "40", "2.61"))),
    "trading_bots": ("1709.91", (("USD", "1709.91", "1"),)),
}


def holdings(account: str = "main", **changes: Any) -> dict[str, Any]:
    """The answer of /api/holdings; USDT in futures makes up for what is left to the value."""
    held = {name: [holding(*one, account=account) for one in rows] for name, (_, rows) in WALLETS.items()}
    rest = NAV - sum(Decimal(one["value"]) for rows in held.values() for one in rows)
    first = held["usdm"][0]
    first["quantity"] = first["value"] = str(Decimal(first["value"]) + rest)
    worth = {name: sum(Decimal(one["value"]) for one in rows) for name, rows in held.items()}
    return {
        "account": account,
        "at": canned.stamp(canned.LAST),
        "complete": True,
        "missing": [],
        "nav": str(NAV),
        "accounts": [{"account": account, "at": canned.stamp(canned.LAST), "nav": str(NAV)}],
        "wallets": [
            {"wallet": name, "value": str(worth[name]), "total_only": name == "trading_bots", "holdings": rows}
            for name, rows in held.items()
        ],
        "positions": positions(account),
        "unpriced": [],
        "reconciliation": reconciliation(worth),
        "differences": differences(),
    } | changes


def partial(at: str, missing: str) -> dict[str, Any]:
    """The answer about a snapshot in which one wallet could not be read."""
    whole = holdings()
    wallets = [one for one in whole["wallets"] if one["wallet"] != missing]
    nobody = {"nav": None, "accounts": [{"account": "main", "at": at, "nav": None}], "positions": []}
    return whole | nobody | {"at": at, "complete": False, "missing": [missing], "wallets": wallets}


def holding(asset: str, quantity: str, price: str | None, account: str = "main", **changes: Any) -> dict[str, Any]:
    value = canned.money(Decimal(quantity) * Decimal(price or 0))
    seen = None if price is None else canned.stamp(canned.LAST)
    known = {"priced_at": seen, "price_age_s": None if price is None else 0, "value": value}
    return {"account": account, "asset": asset, "quantity": quantity, "price": price, **known} | changes


def positions(account: str) -> list[dict[str, Any]]:
    rows = (
        ("BTCUSDT", "long", "0.482", BTC, "119533.46", "5", "99508.84", "1598.78"),
        ("ETHUSDT", "short", "6.2", ETH, "4526.97", "4", "5008.32", "-340.90"),
        ("SOLUSDT", "long", "118", SOL, "171.90", "3", "121.30", "-408.28"),
    )
    return [
        {
            "account": account,
            "wallet": "usdm",
            "symbol": symbol,
            "side": side,
            "quantity": quantity,
            "mark": mark,
            "value": canned.money(Decimal(quantity) * Decimal(mark)),
            "entry": entry,
            "leverage": leverage,
            "margin": "cross",
            "liquidation": liquidation,
            "unrealised": gained,
        }
        for symbol, side, quantity, mark, entry, leverage, liquidation, gained in rows
    ]


def reconciliation(worth: dict[str, Any], gaps: dict[str, str] | None = None) -> dict[str, Any]:
    known = gaps or {"usdm": "0.31", "spot": "-0.02", "earn": "0.13"}
    rows = [{"wallet": name, **beside(ours, known.get(name, "0"))} for name, ours in worth.items()]
    return {**beside(NAV, str(sum(map(Decimal, known.values())))), "wallets": rows}


def beside(ours: Decimal, gap: str) -> dict[str, str]:
    return {"ours": str(ours), "theirs": str(ours - Decimal(gap)), "difference": gap}


def differences(count: int = 60) -> dict[str, Any]:
    """An hour each before the last one; two of them were not checked."""
    t = [int((canned.LAST - timedelta(hours=count - place)).timestamp()) for place in range(count)]
    gaps = [None if place in (20, 21) else str(Decimal((place * 37) % 13 - 6) / 10) for place in range(count)]
    earn = [None if gap is None else str(Decimal(gap) / 2) for gap in gaps]
    return {"t": t, "total": gaps, "wallets": {"earn": earn, "usdm": earn}}


def flows(account: str = "main") -> dict[str, Any]:
    """The answer of /api/flows: one of each state, newest first."""
    return {
        "account": account,
        "coming": [
            coming("w1", "2025-11-18T13:31:00Z", "BTC", "-0.0501", "on_its_way", "BTC"),
            coming("d9", "2025-11-12T09:20:00Z", "XYZ", "1250", "waiting_for_price", ""),
        ],
        "flows": [
            entry("d3", "2025-11-04T07:05:00Z", "5000", "TRX"),
            entry("w0", "2025-10-21T18:40:00Z", "-6500", "ETH"),
            entry("p1", "2025-10-02T11:02:00Z", "2000", "", source="pay", state="internal", reason="to own Funding"),
            entry("m1", "2025-09-30T09:00:00Z", "300", "a gift", source="manual", state="void", reason="it was none"),
            entry("d1", "2025-09-16T10:12:00Z", "10000", "TRX"),
        ],
    }


def entry(ident: str, at: str, usd: str, detail: str, **changes: Any) -> dict[str, Any]:
    way = "deposit" if Decimal(usd) > 0 else "withdrawal"
    decided = {"reason": None, "decided_at": "2025-10-03T08:00:00Z" if "state" in changes else None}
    known = {"value_before": None, "superseded_by": None, "source": f"{way}s", "detail": detail, "state": "booked"}
    money = {"usd": usd, "asset": "USDT", "quantity": usd}
    return {"account": "main", "id": ident, "at": at, "kind": way, **money, **known, **decided} | changes


def coming(ident: str, at: str, asset: str, quantity: str, state: str, detail: str) -> dict[str, Any]:
    way = "deposit" if Decimal(quantity) > 0 else "withdrawal"
    known = {"source": f"{way}s", "detail": detail, "state": state}
    return {"account": "main", "id": ident, "at": at, "kind": way, "asset": asset, "quantity": quantity, **known}


def changed(ledger: dict[str, Any], change: dict[str, Any]) -> None:
    """Do in the ledger what is asked for, as far as the page can see."""
    rows = ledger["flows"]
    if change["action"] in ("add", "correct"):
        new = entry(f"n{len(rows)}", change["at"], change["quantity"], change["reason"], source="manual")
        rows.insert(0, new | {"asset": change["asset"]})
    old = next((one for one in rows if one["id"] == change.get("flow")), None)
    if old is not None:
        state = {"void": "void", "internal": "internal", "correct": "superseded"}[change["action"]]
        old |= {"state": state, "reason": change["reason"], "decided_at": canned.stamp(canned.NOW)}
