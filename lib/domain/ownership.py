"""Each coin has one owner: what of all that the wallets and the totals tell counts in NAV, and where.

Source: product, 4.1 and 4.3; reference, D.6.
"""

from collections.abc import Container, Iterable
from decimal import Decimal

from lib.domain.money import ZERO, exact
from lib.domain.portfolio import EARN, FUTURES_WALLETS, PORTFOLIO_MARGIN, SPOT, UNIFIED, Holding, Wallet
from lib.domain.prices import USD
from lib.domain.reading import Reading
from lib.domain.valuation import MIRROR, is_earn_receipt


def counted(reading: Reading, readable: Container[Wallet]) -> tuple[Holding, ...]:
    """Return what counts, each asset of a wallet once; a wallet known only by its total counts as so many USD."""
    held = [holding for answer in reading.wallets.values() for holding in answer.holdings]
    dropped, receipts = _mirrored(reading, readable), _receipts(reading) if EARN in reading.wallets else set()
    rows = [
        Holding(EARN, holding.asset, holding.quantity) if _lies_in(holding, receipts) else holding
        for holding in held
        if not _lies_in(holding, dropped)
    ]
    totals = reading.totals or {}
    known = [Holding(wallet, USD, totals[wallet]) for wallet in totals if only_total(reading, readable, wallet)]
    return _joined((*rows, *_flexible(reading), *known))


def _lies_in(holding: Holding, names: set[str]) -> bool:
    return holding.wallet == SPOT and holding.asset in names


def only_total(reading: Reading, readable: Container[Wallet], wallet: Wallet) -> bool:
    """Tell whether nothing but the exchange's total says what is in a wallet: it cannot be asked, or denies itself."""
    answer = reading.wallets.get(wallet)
    denies = answer is not None and not answer.exists
    return bool((reading.totals or {}).get(wallet)) and (wallet not in readable or denies)


def is_unified(reading: Reading) -> bool:
    """Tell whether a portfolio margin account answered in place of the wallets it contains."""
    answer = reading.wallets.get(PORTFOLIO_MARGIN)
    return answer is not None and answer.exists


def unread(reading: Reading, readable: Container[Wallet]) -> set[Wallet]:
    """Return the wallets that the totals show to hold something and nobody has answered for."""
    spoken = UNIFIED if is_unified(reading) else frozenset()
    return {
        wallet
        for wallet, total in (reading.totals or {}).items()
        if total and wallet in readable and wallet not in reading.wallets and wallet not in spoken
    }


def _mirrored(reading: Reading, readable: Container[Wallet]) -> set[str]:
    """Return the names in spot (LDBTC) that stand for what is counted in Earn."""
    if only_total(reading, readable, EARN):
        return _receipts(reading)
    return _receipts(reading) & {MIRROR + holding.asset for holding in _flexible(reading)}


def _receipts(reading: Reading) -> set[str]:
    spot = reading.wallets.get(SPOT)
    return (
        {holding.asset for holding in spot.holdings if is_earn_receipt(holding.asset, reading.book)} if spot else set()
    )


def _flexible(reading: Reading) -> list[Holding]:
    """Return the flexible positions of Earn that count there.

    A coin whose mirror serves as margin in a futures wallet (LDUSDT) may still be listed whole among the positions:
    there the mirrors count: in the futures wallet what lies there, in Earn what spot mirrors.
    Source: reference, D.6 (rule a).
    """
    swapped = {
        holding.asset
        for wallet, answer in reading.wallets.items()
        if wallet in FUTURES_WALLETS
        for holding in answer.holdings
    }
    earn = reading.wallets.get(EARN)
    return [holding for holding in earn.flexible if MIRROR + holding.asset not in swapped] if earn else []


@exact
def _joined(holdings: Iterable[Holding]) -> tuple[Holding, ...]:
    sums: dict[tuple[Wallet, str], Decimal] = {}
    for holding in holdings:
        place = holding.wallet, holding.asset
        sums[place] = sums.get(place, ZERO) + holding.quantity
    return tuple(Holding(wallet, asset, quantity) for (wallet, asset), quantity in sums.items() if quantity)
