"""Every coin with its networks, and what of it lies in the spot wallet."""

from decimal import Decimal

from lib.demo.balances import held_in
from lib.demo.holdings import Balance
from lib.demo.listing import SPOT_ASSETS
from lib.demo.payments import NETWORKS, Network
from lib.demo.routes import Route, Signed, SignedRoute, weighs
from lib.domain.money import plain

_MONEY = ("EUR", "TRY")  # of states
_ANY = Network("ETH", Decimal("0.5"), 8)
_LONG_NAMES = {"TRX": "Tron (TRC20)", "ETH": "Ethereum (ERC20)", "BTC": "Bitcoin", "SOL": "Solana"}


def all_coins(call: Signed) -> object:
    """Answer with every coin, held or not."""
    owned = held_in(call, "spot")
    return [_coin(name, owned.get(name, Balance())) for name in dict.fromkeys((*SPOT_ASSETS, *owned))]


def _coin(name: str, row: Balance) -> dict[str, object]:
    legal, listed = name in _MONEY, name in SPOT_ASSETS
    return {
        "coin": name,
        "depositAllEnable": listed and not legal,
        "withdrawAllEnable": listed and not legal,
        "name": name,
        "free": plain(row.free),
        "locked": plain(row.locked),
        "freeze": "0",
        "withdrawing": plain(row.withdrawing),
        "ipoing": "0",
        "ipoable": "0",
        "storage": "0",
        "isLegalMoney": legal,
        "trading": listed,
        "networkList": [] if legal or not listed else [_network(name, NETWORKS.get(name, _ANY))],
    }


def _network(coin: str, network: Network) -> dict[str, object]:
    step = Decimal(1).scaleb(-network.decimals)
    return {
        "network": network.name,
        "coin": coin,
        "withdrawIntegerMultiple": plain(step),
        "isDefault": True,
        "depositEnable": True,
        "withdrawEnable": True,
        "depositDesc": "",
        "withdrawDesc": "",
        "specialTips": "",
        "name": _LONG_NAMES[network.name],
        "resetAddressStatus": False,
        "addressRegex": "^.{20,90}$",
        "memoRegex": "",
        "withdrawFee": plain(network.fee),
        "withdrawMin": plain(network.fee * 2),
        "withdrawMax": "10000000",
        "minConfirm": 1,
        "unLockConfirm": 1,
        "sameAddress": False,
        "estimatedArrivalTime": 5,
        "busy": False,
    }


ROUTES: dict[tuple[str, str], Route] = {
    ("GET", "/sapi/v1/capital/config/getall"): SignedRoute(all_coins, weighs(10)),
}
