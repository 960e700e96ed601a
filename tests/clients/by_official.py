"""What the exchange's own clients find at the exchange; runs in the clients' environment."""

import logging
from typing import Any

from binance_common.configuration import ConfigurationRestAPI  # type: ignore[import-not-found]
from binance_sdk_derivatives_trading_usds_futures.derivatives_trading_usds_futures import (  # type: ignore[import-not-found]
    DerivativesTradingUsdsFutures,
)
from binance_sdk_spot.spot import Spot  # type: ignore[import-not-found]
from binance_sdk_wallet.wallet import Wallet  # type: ignore[import-not-found]

from tests.clients.asked import (
    CANDLES,
    PAIR,
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


def client(kind: Any, url: str, key: Key | None = None) -> Any:
    """One of the official clients with another address."""
    keys = {"api_key": key.api_key, "private_key" if key.is_private else "api_secret": key.secret} if key else {}
    return kind(config_rest_api=ConfigurationRestAPI(base_path=url, retries=0, timeout=10_000, **keys)).rest_api


def rows(answer: Any) -> list[dict[str, Any]]:
    """Return the rows of an answer by the names the exchange gives, as the client's own types read them."""
    return [row.model_dump(by_alias=True) for row in answer]


def held(answer: Any, *plus: str) -> dict[str, str]:
    return net({row["asset"]: (total(row, *plus), "0") for row in rows(answer)})


def account(asked: Asked, name: str) -> Found:
    spot, wallet, futures = (
        client(kind, asked.url, asked.accounts[name]) for kind in (Spot, Wallet, DerivativesTradingUsdsFutures)
    )
    usdm = futures.account_information_v3().data()
    risks = rows(futures.position_information_v3().data())
    return {
        "wallets": {
            "spot": held(spot.get_account(omit_zero_balances=True).data().balances, "free", "locked"),
            "funding": held(wallet.funding_wallet().data(), "free", "locked", "freeze", "withdrawing"),
            "usdm": held(usdm.assets, "marginBalance"),
        },
        "positions": {
            row["symbol"]: [row["positionAmt"], row["unRealizedProfit"]] for row in risks if float(row["positionAmt"])
        },
        "deposits": [[row["id"], row["coin"], row["amount"]] for row in rows(wallet.deposit_history().data())],
        "withdrawals": [
            [row["id"], row["coin"], row["amount"], row["transactionFee"]]
            for row in rows(wallet.withdraw_history().data())
        ],
    }


def everything_else(asked: Asked) -> None:
    """Ask the rest of what the demo exchange knows: the client's own types say whether an answer is of their shape."""
    key = next(iter(asked.accounts.values()))
    spot, wallet, futures = (client(kind, asked.url, key) for kind in (Spot, Wallet, DerivativesTradingUsdsFutures))
    for call in (
        spot.exchange_info,
        wallet.all_coins_information,
        wallet.get_api_key_permission,
        wallet.account_info,
        wallet.user_asset,
        wallet.query_user_wallet_balance,
        futures.exchange_information,
        futures.account_information_v2,
        futures.futures_account_balance_v2,
        futures.futures_account_balance_v3,
        futures.futures_account_configuration,
        futures.position_information_v2,
        futures.notional_and_leverage_brackets,
        futures.get_income_history,
        futures.mark_price,
        futures.symbol_price_ticker,
    ):
        call().data()


def market(asked: Asked) -> Found:
    spot, futures = client(Spot, asked.url), client(DerivativesTradingUsdsFutures, asked.url)
    prices = spot.ticker_price().data().actual_instance
    return {
        "prices": {row["symbol"]: row["price"] for row in rows(prices)},
        "tickers": {row["symbol"]: row["lastPrice"] for row in rows(spot.ticker24hr().data().actual_instance)},
        "contract tickers": [
            futures.ticker24hr_price_change_statistics(symbol=PAIR).data().actual_instance.last_price,
        ],
        "candles": [row[:6] for row in spot.klines(PAIR, "1h", limit=CANDLES).data()],
        "contract candles": [row[:6] for row in futures.kline_candlestick_data(PAIR, "1h", limit=CANDLES).data()],
    }


def uid(asked: Asked, key: Key) -> int:
    """Return whose key it is."""
    return int(client(Spot, asked.url, key).get_account().data().uid)


def told(error: Any) -> list[object]:
    return [error.status_code, error.error_message]


def refusals(asked: Asked) -> Refusals:
    key, spot = next(iter(asked.accounts.values())), client(Spot, asked.url)
    return {
        **{what: refusal(client(Spot, asked.url, wrong).get_account, told) for what, wrong in wrong_keys(key).items()},
        "unknown symbol": refusal(lambda: spot.klines(UNKNOWN, "1h"), told),
        "too many": refusal(spot.time, told),
    }


class Kept(logging.Handler):
    """Keeps what the clients warn of: an answer that is not of the shape they know."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(record.getMessage())


if __name__ == "__main__":
    the, kept = read(), Kept()
    logging.getLogger().addHandler(kept)
    found = {name: account(the, name) for name in the.accounts}
    everything_else(the)
    tell(
        accounts=found,
        market=market(the),
        signers=[uid(the, key) for key in the.others],
        refusals=refusals(the),
        warnings=kept.told,
    )
