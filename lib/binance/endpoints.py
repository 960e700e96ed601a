"""The calls we make: where each is, which pool of weight it draws on, and how much it takes.

Source: reference, C.1 and D.
"""

from dataclasses import dataclass
from typing import Literal

type Host = Literal["api", "fapi", "dapi", "eapi", "papi", "data"]
type Pool = Literal["api", "sapi", "sapi_uid", "futures", "eapi", "papi", "data"]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One call of the exchange. `window_s` is how long its pool counts before it starts again."""

    method: Literal["GET", "POST"]
    host: Host
    path: str
    pool: Pool
    weight: int
    window_s: int = 60

    @property
    def call(self) -> str:
        """Name the call as messages do: "GET /api/v3/time"."""
        return f"{self.method} {self.path}"


def bucket(endpoint: Endpoint, account_id: str | None) -> str:
    """Name the counter a call is held against: sapi counts each endpoint apart, some of them each account apart."""
    match endpoint.pool:
        case "sapi":
            return endpoint.path
        case "sapi_uid":
            return f"{endpoint.path} {account_id}"
        case pool:
            return pool


PING = Endpoint("GET", "api", "/api/v3/ping", "api", 1)
TIME = Endpoint("GET", "api", "/api/v3/time", "api", 1)
FUTURES_TIME = Endpoint("GET", "fapi", "/fapi/v1/time", "futures", 1)
COIN_FUTURES_TIME = Endpoint("GET", "dapi", "/dapi/v1/time", "futures", 1)
OPTIONS_TIME = Endpoint("GET", "eapi", "/eapi/v1/time", "eapi", 1)

PRICES = Endpoint("GET", "api", "/api/v3/ticker/price", "api", 4)
CANDLES = Endpoint("GET", "api", "/api/v3/klines", "api", 2)
CONTRACT_CANDLES = Endpoint("GET", "fapi", "/fapi/v1/klines", "futures", 1)
COIN_CONTRACT_CANDLES = Endpoint("GET", "dapi", "/dapi/v1/klines", "futures", 1)
PUBLIC_TIME = Endpoint("GET", "data", "/api/v3/time", "data", 1)
PUBLIC_PRICES = Endpoint("GET", "data", "/api/v3/ticker/price", "data", 4)
PUBLIC_CANDLES = Endpoint("GET", "data", "/api/v3/klines", "data", 2)

WALLET_TOTALS = Endpoint("GET", "api", "/sapi/v1/asset/wallet/balance", "sapi", 60)
SPOT_ASSETS = Endpoint("POST", "api", "/sapi/v3/asset/getUserAsset", "sapi", 5)
FUNDING_ASSETS = Endpoint("POST", "api", "/sapi/v1/asset/get-funding-asset", "sapi", 1)
FUTURES_ACCOUNT = Endpoint("GET", "fapi", "/fapi/v3/account", "futures", 5)
USDM_INCOME = Endpoint("GET", "fapi", "/fapi/v1/income", "futures", 30)
COINM_INCOME = Endpoint("GET", "dapi", "/dapi/v1/income", "futures", 20)
FUTURES_POSITIONS = Endpoint("GET", "fapi", "/fapi/v3/positionRisk", "futures", 5)
COIN_ACCOUNT = Endpoint("GET", "dapi", "/dapi/v1/account", "futures", 5)
COIN_POSITIONS = Endpoint("GET", "dapi", "/dapi/v1/positionRisk", "futures", 1)
CROSS_MARGIN = Endpoint("GET", "api", "/sapi/v1/margin/account", "sapi", 10)
ISOLATED_MARGIN = Endpoint("GET", "api", "/sapi/v1/margin/isolated/account", "sapi", 10)
FLEXIBLE_EARN = Endpoint("GET", "api", "/sapi/v1/simple-earn/flexible/position", "sapi", 150)
LOCKED_EARN = Endpoint("GET", "api", "/sapi/v1/simple-earn/locked/position", "sapi", 150)
OPTIONS_ACCOUNT = Endpoint("GET", "eapi", "/eapi/v1/marginAccount", "eapi", 3)
PORTFOLIO_BALANCE = Endpoint("GET", "papi", "/papi/v1/balance", "papi", 20)
PORTFOLIO_POSITIONS = Endpoint("GET", "papi", "/papi/v1/um/positionRisk", "papi", 5)
PORTFOLIO_COIN_POSITIONS = Endpoint("GET", "papi", "/papi/v1/cm/positionRisk", "papi", 1)

DEPOSIT_HISTORY = Endpoint("GET", "api", "/sapi/v1/capital/deposit/hisrec", "sapi", 1)
WITHDRAWAL_HISTORY = Endpoint("GET", "api", "/sapi/v1/capital/withdraw/history", "sapi_uid", 18_000, window_s=1)
PAY_HISTORY = Endpoint("GET", "api", "/sapi/v1/pay/transactions", "sapi_uid", 3_000)
P2P_HISTORY = Endpoint("GET", "api", "/sapi/v1/c2c/orderMatch/listUserOrderHistory", "sapi", 1)
FIAT_ORDERS = Endpoint("GET", "api", "/sapi/v1/fiat/orders", "sapi_uid", 45_000)
FIAT_PAYMENTS = Endpoint("GET", "api", "/sapi/v1/fiat/payments", "sapi", 1)
SUB_OWN_TRANSFERS = Endpoint("GET", "api", "/sapi/v1/sub-account/transfer/subUserHistory", "sapi", 1)
SUB_ACCOUNTS = Endpoint("GET", "api", "/sapi/v1/sub-account/list", "sapi", 1)
SUB_SPOT_TRANSFERS = Endpoint("GET", "api", "/sapi/v1/sub-account/sub/transfer/history", "sapi", 1)
SUB_UNIVERSAL_TRANSFERS = Endpoint("GET", "api", "/sapi/v1/sub-account/universalTransfer", "sapi", 1)
SUB_FUTURES_TRANSFERS = Endpoint("GET", "api", "/sapi/v1/sub-account/futures/internalTransfer", "sapi", 1)

ACCOUNT_SNAPSHOT = Endpoint("GET", "api", "/sapi/v1/accountSnapshot", "sapi", 2400)

ACCOUNT_INFO = Endpoint("GET", "api", "/sapi/v1/account/info", "sapi", 1)
KEY_RESTRICTIONS = Endpoint("GET", "api", "/sapi/v1/account/apiRestrictions", "sapi", 1)
SPOT_ACCOUNT = Endpoint("GET", "api", "/api/v3/account", "api", 20)
