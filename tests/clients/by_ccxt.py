"""What ccxt finds at the exchange; runs in the clients' environment."""

from collections.abc import Callable
from functools import partial
from typing import Any

import ccxt  # type: ignore[import-not-found]

from tests.clients.asked import (
    CANDLES,
    UNIFIED,
    UNIFIED_DEBTS,
    UNKNOWN,
    Asked,
    Found,
    Key,
    Refusals,
    net,
    read,
    refusal,
    tell,
    total,
    wrong_keys,
)

BALANCES: dict[str, dict[str, str]] = {
    "spot": {},
    "funding": {"type": "funding"},
    "usdm": {"type": "swap", "subType": "linear"},
    "coinm": {"type": "swap", "subType": "inverse"},
    "cross_margin": {"type": "margin"},
    "isolated_margin": {"marginMode": "isolated"},
}


def client(url: str, key: Key | None) -> Any:
    """Return the client with another address, and numbers as they came."""
    keys = {"apiKey": key.api_key, "secret": key.secret} if key else {}
    found = ccxt.binance({**keys, "enableRateLimit": False})
    found.number = str
    found.urls["api"] = {
        name: url + "/" + address.split("/", 3)[3]
        for name, address in found.urls["api"].items()
        if isinstance(address, str)
    }
    return found


def balances(exchange: Any, params: dict[str, Any]) -> dict[str, str]:
    told = exchange.fetch_balance(params)
    debts = told.get("debt", {})
    return net({asset: (whole, debts.get(asset)) for asset, whole in told["total"].items()})


def unified(exchange: Any) -> dict[str, str]:
    """Return the portfolio margin account from its rows: ccxt has no total where a zero comes as an empty text."""
    rows = exchange.fetch_balance({"portfolioMargin": True})["info"]
    return net({row["asset"]: (total(row, *UNIFIED), total(row, *UNIFIED_DEBTS)) for row in rows})


def positions(exchange: Any, kind: str) -> dict[str, list[str]]:
    rows = exchange.fetch_positions(None, {"subType": kind})
    return {
        row["info"]["symbol"]: [("-" if row["side"] == "short" else "") + row["contracts"], row["unrealizedPnl"]]
        for row in rows
        if float(row["contracts"])
    }


def opened(ask: Callable[[], dict[str, str]]) -> dict[str, str] | str:
    """Return a wallet, or how the exchange says that there is none."""
    try:
        return ask()
    except ccxt.ExchangeError as error:
        return str(error)


def account(asked: Asked, name: str) -> Found:
    exchange = client(asked.url, asked.accounts[name])
    exchange.load_markets()
    wallets = {wallet: opened(partial(balances, exchange, params)) for wallet, params in BALANCES.items()}
    wallets["portfolio_margin"] = opened(partial(unified, exchange))
    return {
        "wallets": wallets,
        "positions": positions(exchange, "linear") | positions(exchange, "inverse"),
        "deposits": [[row["id"], row["currency"], row["amount"]] for row in exchange.fetch_deposits()],
        "withdrawals": [
            [row["id"], row["currency"], row["amount"], row["fee"]["cost"]] for row in exchange.fetch_withdrawals()
        ],
    }


def market(asked: Asked) -> Found:
    exchange = client(asked.url, None)
    prices = exchange.fetch_last_prices()
    return {
        "prices": {exchange.market(symbol)["id"]: row["price"] for symbol, row in prices.items()},
        "tickers": {exchange.market(symbol)["id"]: row["last"] for symbol, row in exchange.fetch_tickers().items()},
        "contract tickers": [exchange.fetch_ticker(symbol)["last"] for symbol in ("BTC/USDT:USDT", "BTC/USD:BTC")],
        "candles": exchange.fetch_ohlcv("BTC/USDT", "1h", limit=CANDLES),
        "contract candles": exchange.fetch_ohlcv("BTC/USDT:USDT", "1h", limit=CANDLES),
    }


def uid(asked: Asked, key: Key) -> int:
    """Return whose key it is; the client sees of which kind."""
    return int(client(asked.url, key).private_get_account()["uid"])


def told(error: Exception) -> list[object]:
    return [str(error)]


def refusals(asked: Asked) -> Refusals:
    key, exchange = next(iter(asked.accounts.values())), client(asked.url, None)
    return {
        **{
            what: refusal(client(asked.url, wrong).private_get_account, told) for what, wrong in wrong_keys(key).items()
        },
        "unknown symbol": refusal(lambda: exchange.public_get_klines({"symbol": UNKNOWN, "interval": "1h"}), told),
        "too many": refusal(exchange.fetch_time, told),
    }


if __name__ == "__main__":
    the = read()
    tell(
        accounts={name: account(the, name) for name in the.accounts},
        market=market(the),
        signers=[uid(the, key) for key in the.others],
        refusals=refusals(the),
        warnings=[],
    )
