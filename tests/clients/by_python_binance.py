"""What python-binance finds at the exchange; runs in the clients' environment."""

from collections.abc import Callable
from functools import partial
from typing import Any

from binance.client import Client  # type: ignore[import-not-found]
from binance.exceptions import BinanceAPIException  # type: ignore[import-not-found]

from tests.clients.asked import (
    CANDLES,
    INVERSE,
    PAIR,
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

ADDRESSES = {
    "API_URL": "api",
    "MARGIN_API_URL": "sapi",
    "FUTURES_URL": "fapi",
    "FUTURES_COIN_URL": "dapi",
    "PAPI_URL": "papi",
}


def client(url: str, key: Key | None) -> Any:
    """Return the client with other addresses."""
    found = Client(**secrets(key), ping=False)
    for name, family in ADDRESSES.items():
        setattr(found, name, f"{url}/{family}")
    found.ping()
    return found


def secrets(key: Key | None) -> dict[str, str]:
    if key is None:
        return {}
    return {"api_key": key.api_key, "private_key" if key.is_private else "api_secret": key.secret}


def held(rows: Any, *plus: str, minus: tuple[str, ...] = ()) -> dict[str, str]:
    return net({row["asset"]: (total(row, *plus), total(row, *minus)) for row in rows})


def isolated(exchange: Any) -> dict[str, str]:
    pairs = exchange.get_isolated_margin_account()["assets"]
    return held([side for pair in pairs for side in (pair["baseAsset"], pair["quoteAsset"])], "netAsset")


def wallets(exchange: Any) -> dict[str, Callable[[], dict[str, str]]]:
    return {
        "spot": lambda: held(exchange.get_account()["balances"], "free", "locked"),
        "funding": lambda: held(exchange.funding_wallet(), "free", "locked", "freeze", "withdrawing"),
        "usdm": lambda: held(exchange.futures_account()["assets"], "marginBalance"),
        "coinm": lambda: held(exchange.futures_coin_account()["assets"], "marginBalance"),
        "cross_margin": lambda: held(exchange.get_margin_account()["userAssets"], "netAsset"),
        "isolated_margin": partial(isolated, exchange),
        "portfolio_margin": lambda: held(exchange.papi_get_balance(), *UNIFIED, minus=UNIFIED_DEBTS),
    }


def opened(ask: Callable[[], dict[str, str]]) -> dict[str, str] | str:
    """Return a wallet, or how the exchange says that there is none."""
    try:
        return ask()
    except BinanceAPIException as error:
        return str(error)


def positions(exchange: Any) -> dict[str, list[str]]:
    rows = (*exchange.futures_position_information(), *exchange.futures_coin_position_information())
    return {row["symbol"]: [row["positionAmt"], row["unRealizedProfit"]] for row in rows if float(row["positionAmt"])}


def account(asked: Asked, name: str) -> Found:
    exchange = client(asked.url, asked.accounts[name])
    return {
        "wallets": {wallet: opened(ask) for wallet, ask in wallets(exchange).items()},
        "positions": positions(exchange),
        "deposits": [[row["id"], row["coin"], row["amount"]] for row in exchange.get_deposit_history()],
        "withdrawals": [
            [row["id"], row["coin"], row["amount"], row["transactionFee"]] for row in exchange.get_withdraw_history()
        ],
    }


def market(asked: Asked) -> Found:
    exchange = client(asked.url, None)
    wanted = {"symbol": PAIR, "interval": "1h", "limit": CANDLES}
    return {
        "prices": {row["symbol"]: row["price"] for row in exchange.get_all_tickers()},
        "tickers": {row["symbol"]: row["lastPrice"] for row in exchange.get_ticker()},
        "contract tickers": [
            exchange.futures_ticker(symbol=PAIR)["lastPrice"],
            exchange.futures_coin_ticker(symbol=INVERSE)[0]["lastPrice"],
        ],
        "candles": [row[:6] for row in exchange.get_klines(**wanted)],
        "contract candles": [row[:6] for row in exchange.futures_klines(**wanted)],
    }


def uid(asked: Asked, key: Key) -> int:
    """Return whose key it is."""
    return int(client(asked.url, key).get_account()["uid"])


def told(error: Any) -> list[object]:
    return [error.status_code, error.code, error.message]


def refusals(asked: Asked) -> Refusals:
    key, exchange = next(iter(asked.accounts.values())), client(asked.url, None)
    return {
        **{what: refusal(client(asked.url, wrong).get_account, told) for what, wrong in wrong_keys(key).items()},
        "unknown symbol": refusal(lambda: exchange.get_klines(symbol=UNKNOWN, interval="1h"), told),
        "too many": refusal(exchange.get_server_time, told),
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
