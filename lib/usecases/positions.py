"""How open positions stand: asked only where there are some, and never worth a snapshot."""

from collections.abc import Mapping
from dataclasses import replace

from lib.domain.portfolio import USDM, Side, Terms, Wallet, WalletReading
from lib.ports import Credentials, Exchange
from lib.usecases.attempts import or_none


async def read_terms(
    exchange: Exchange, key: Credentials, wallets: Mapping[Wallet, WalletReading]
) -> Mapping[tuple[str, Side], Terms]:
    """Ask for the terms of the USD-M wallet's positions, if it has any; what is not told is absent."""
    answer = wallets.get(USDM)
    return (await or_none(exchange.usdm_terms, key) or {}) if answer is not None and answer.positions else {}


def told(
    wallets: Mapping[Wallet, WalletReading], terms: Mapping[tuple[str, Side], Terms]
) -> Mapping[Wallet, WalletReading]:
    """Return the wallets with the terms in the positions of the USD-M one."""
    if USDM not in wallets or not terms:
        return wallets
    answer = wallets[USDM]
    positions = tuple(replace(each, terms=terms.get((each.symbol, each.side))) for each in answer.positions)
    return {**wallets, USDM: replace(answer, positions=positions)}
