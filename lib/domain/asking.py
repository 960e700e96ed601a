"""Who is asked: which wallets a run reads, by what the totals, the key and the last snapshot tell."""

from collections.abc import Collection, Mapping
from decimal import Decimal

from lib.domain.keys import KeyCheck
from lib.domain.portfolio import PORTFOLIO_MARGIN, UNIFIED, Wallet
from lib.domain.reading import Basis


def wallets(
    readable: Collection[Wallet],
    totals: Mapping[Wallet, Decimal] | None,
    checked: KeyCheck | None,
    basis: Basis | None,
    *,
    fresh: bool,
) -> tuple[Wallet, ...]:
    """Return the wallets to ask for, in the order of `readable`.

    One that the totals show empty is not asked for, unless it held something in the last whole snapshot: a total of 0
    may be a debt as large as what is held, or have fallen to 0 since, and one more request tells. With portfolio
    margin that account is asked, whatever the totals call it, in place of the wallets it contains. Without the
    totals every wallet is asked, save those that a check of this very run (`fresh`) says were never opened.
    Source: product, 4.2, 4.3 and 5; reference, D.11.
    """
    unified = checked is not None and checked.portfolio_margin
    held = {priced.holding.wallet for priced in basis.holdings} if basis else set()
    if totals is None:
        closed = {*checked.unopened, *(() if unified else (PORTFOLIO_MARGIN,))} if checked and fresh else set()
        wanted = {wallet for wallet in readable if wallet not in closed or wallet in held}
    else:
        wanted = {wallet for wallet in readable if totals.get(wallet) or wallet in held}
    if unified:
        wanted = {*wanted, PORTFOLIO_MARGIN} - UNIFIED
    return tuple(wallet for wallet in readable if wallet in wanted)
