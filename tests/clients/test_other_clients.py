"""ccxt, python-binance and the exchange's own clients, unmodified: the demo exchange is Binance to them.

What they make of an account is what we store of it.
"""

import json
import subprocess
from collections.abc import Mapping
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

from lib.demo.capital import status
from lib.demo.contracts import profit, spot_symbol
from lib.demo.events import Deposit, Withdrawal
from lib.demo.instants import to_ms
from tests.cli.process import running
from tests.clients.conftest import AT, CLIENTS, WORLD, Balances, Found, ask
from tests.numbers.environment import PIP

NAMES = tuple(account.name for account in WORLD.accounts)
READ = {
    "ccxt": {"spot", "funding", "usdm", "coinm", "cross_margin", "isolated_margin", "portfolio_margin"},
    "python_binance": {"spot", "funding", "usdm", "coinm", "cross_margin", "isolated_margin", "portfolio_margin"},
    "official": {"spot", "funding", "usdm"},
}
ABSENT = {"cross_margin": "-3003", "portfolio_margin": "-21001"}  # how the exchange says that there is no such wallet
REFUSED = {
    "ccxt": ("AuthenticationError", "AuthenticationError", "AuthenticationError", "BadSymbol", "DDoSProtection"),
    "python_binance": ("BinanceAPIException",) * 5,
    "official": (
        "UnauthorizedError",
        "UnauthorizedError",
        "BadRequestError",
        "BadRequestError",
        "TooManyRequestsError",
    ),
}
CODES = {
    "unknown key": -2015,
    "malformed key": -2014,
    "wrong secret": -1022,
    "unknown symbol": -1121,
    "too many": -1003,
}


def refusals_of(client: str) -> dict[str, str]:
    return dict(zip(CODES, REFUSED[client], strict=True))


def numbers(texts: Mapping[str, str]) -> dict[str, Decimal]:
    return {name: Decimal(text) for name, text in texts.items()}


@pytest.mark.parametrize("name", NAMES)
def test_their_balances_are_what_is_stored(found: Found, stored: dict[str, Balances], name: str) -> None:
    wallets, ours = found.accounts[name]["wallets"], stored[name]
    assert wallets.keys() == READ[found.client]
    for wallet, theirs in wallets.items():
        if isinstance(theirs, str):
            assert ABSENT[wallet] in theirs
            assert wallet not in ours
            continue
        counted = dict(ours.get(wallet, {}))
        if wallet == "spot":  # flexible Earn shows there too, by a name of its own
            flexible = ours.get("earn", {})
            mirrored = theirs.keys() - counted.keys()
            counted |= {mirror: flexible.get(mirror) or flexible[mirror.removeprefix("LD")] for mirror in mirrored}
        assert numbers(theirs) == counted, wallet


@pytest.mark.parametrize("name", NAMES)
def test_their_positions_are_the_worlds(found: Found, name: str) -> None:
    prices, wanted = WORLD.market.prices(AT), {"usdm", "coinm"} & READ[found.client]
    held = {symbol: one for symbol, one in WORLD.books(name, AT).positions.items() if one.wallet in wanted}
    theirs = found.accounts[name]["positions"]
    assert {symbol: tuple(map(Decimal, told)) for symbol, told in theirs.items()} == {
        symbol: (one.quantity, profit(symbol, one, prices[spot_symbol(symbol)])) for symbol, one in held.items()
    }


@pytest.mark.parametrize("name", NAMES)
def test_their_deposits_and_withdrawals_are_the_worlds(found: Found, name: str) -> None:
    known = WORLD.movements(name, AT)
    deposits = {(one.id, one.asset, one.amount) for one in known if isinstance(one, Deposit)}
    withdrawals = {(one.id, one.asset, one.amount, one.fee) for one in known if isinstance(one, Withdrawal)}
    theirs = found.accounts[name]
    assert {(id_, coin, Decimal(amount)) for id_, coin, amount in theirs["deposits"]} == deposits
    assert {
        (id_, coin, Decimal(amount), Decimal(fee)) for id_, coin, amount, fee in theirs["withdrawals"]
    } == withdrawals


def test_there_is_something_to_find() -> None:
    """Or all of the above would hold of nothing."""
    known = [one for name in NAMES for one in WORLD.movements(name, AT)]
    assert {status(one, AT) for one in known if isinstance(one, Withdrawal)} == {1, 6}
    assert len([one for one in known if isinstance(one, Deposit)]) > 20
    positions = [one for name in NAMES for one in WORLD.books(name, AT).positions.values()]
    assert {one.wallet for one in positions} >= {"usdm", "coinm"}


def test_their_prices_and_candles_are_the_worlds(found: Found) -> None:
    now = WORLD.market.prices(AT)
    assert numbers(found.market["prices"]) == numbers(found.market["tickers"]) == now
    assert {Decimal(price) for price in found.market["contract tickers"]} == {now["BTCUSDT"]}
    for candles in (found.market["candles"], found.market["contract candles"]):
        assert [opened for opened, *_ in candles] == [
            to_ms(AT) // 3_600_000 * 3_600_000 - n * 3_600_000 for n in (4, 3, 2, 1, 0)
        ]
        assert Decimal(candles[-1][4]) == now["BTCUSDT"]
        for before, after in pairwise(candles):
            assert Decimal(before[4]) == Decimal(after[1])


def test_they_sign_with_keys_of_the_other_kinds(found: Found) -> None:
    assert found.signers == [WORLD.accounts[0].uid] * 2


def test_they_see_the_exchanges_refusals_as_such(found: Found) -> None:
    assert {what: told[0] for what, told in found.refusals.items()} == refusals_of(found.client)
    for what, code in CODES.items():
        assert str(code) in str(found.refusals[what]), what


def test_no_answer_is_of_a_shape_they_do_not_know(found: Found) -> None:
    """The official ones read every answer into types of their own, and warn where it does not fit."""
    assert found.warnings == []


@pytest.mark.parametrize("client", CLIENTS)
def test_the_exchange_of_the_command_line_is_one_to_them_too(client: str, python: Path, tmp_path: Path) -> None:
    """By the clock on the wall; what they find is not looked at more closely, since it changes."""
    with running(tmp_path, "demo", "exchange", "--port", "0", "--other-keys", prints=True) as exchange:
        told = json.loads(exchange.until('"url"'))
        keys = {one["name"]: (one["api_key"], one["api_secret"]) for one in told["accounts"]}
        others = [(one["api_key"], one["private_key"]) for one in told["other_keys"]]
        theirs = ask(python, client, {"url": told["url"], "at_ms": None, "accounts": keys, "others": others})
    assert {wallet for wallet, held in theirs.accounts["Mixed"]["wallets"].items() if held} == READ[client]
    assert theirs.accounts["Main"]["deposits"]
    assert theirs.accounts["Main"]["withdrawals"]
    assert theirs.signers == [WORLD.accounts[0].uid] * 2
    assert theirs.refusals.pop("too many") == ["answered"]
    assert {what: told[0] for what, told in theirs.refusals.items()}.items() <= refusals_of(client).items()
    assert theirs.warnings == []


def test_their_environment_lacks_nothing(python: Path) -> None:
    """It is installed without a look at what packages need; nothing may depend on luck."""
    done = subprocess.run((*PIP, python, "check"), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
