"""One snapshot down to wallet, asset, quantity and price, and how it compares with the exchange's own total."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import groupby

from lib.domain import holdings
from lib.domain.holdings import AccountHoldings, Checks, Compared
from lib.domain.money import ZERO, exact, money_text, plain
from lib.domain.portfolio import OpenPosition, PricedHolding, value_usd
from lib.domain.requests import ALL_ACCOUNTS, HoldingsRequest
from lib.domain.snapshot import Snapshot, WalletCheck
from lib.ports import Store

BEFORE = 60  # earlier snapshots whose differences are told

type _Taken = tuple[str, Snapshot]  # an account's id and what it held


async def read(store: Store, request: HoldingsRequest) -> dict[str, object]:
    """Answer with the newest whole snapshot at or before the time that is asked for, of one account or of all.

    A partial one of one account is answered at its very time, without a value: a sum of what was read is none.
    Raises: NotFound. Source: product, 6.
    """
    is_all = request.account == ALL_ACCOUNTS
    found = await store.holdings(None if is_all else request.account, request.at, BEFORE)
    return _told(request.account, holdings.counting(found, request.at) if is_all else found)


@exact
def _told(account: str, members: Sequence[AccountHoldings]) -> dict[str, object]:
    taken = [(one.account, one.snapshot) for one in members if one.snapshot]
    checks = holdings.summed(snapshot.checks for _, snapshot in taken) if taken else None
    return {
        "account": account,
        "at": max((snapshot.at for _, snapshot in taken), default=None),
        "complete": all(snapshot.complete for _, snapshot in taken) if taken else None,
        "missing": sorted({name for _, snapshot in taken for name in snapshot.missing}),
        "nav": _nav(snapshot for _, snapshot in taken) if taken else None,
        "accounts": [{"account": account, "at": snapshot.at, "nav": _nav([snapshot])} for account, snapshot in taken],
        "wallets": _wallets(taken),
        "positions": [_position(account, one) for account, snapshot in taken for one in snapshot.positions],
        "unpriced": [_unpriced(account, one) for account, one in _held(taken) if one.price_usd is None],
        "reconciliation": None if checks is None else _reconciliation(checks),
        "differences": _differences(holdings.compared(members, BEFORE)),
    }


def _nav(snapshots: Iterable[Snapshot]) -> str | None:
    """Write the value of several snapshots, None where a part of one is missing. Source: product, 4.2."""
    known = list(snapshots)
    whole = all(snapshot.whole for snapshot in known)
    return money_text(sum((snapshot.nav_usd for snapshot in known), ZERO)) if whole else None


def _held(taken: Iterable[_Taken]) -> list[tuple[str, PricedHolding]]:
    return [(account, one) for account, snapshot in taken for one in snapshot.holdings]


def _wallets(taken: Sequence[_Taken]) -> list[dict[str, object]]:
    """Sort what is held by wallet, the most valuable ones first."""
    seen_at = {account: snapshot.at for account, snapshot in taken}
    ordered = sorted(_held(taken), key=lambda pair: pair[1].holding.wallet)
    grouped = [(name, list(rows)) for name, rows in groupby(ordered, key=lambda pair: pair[1].holding.wallet)]
    worth = {name: sum((value_usd(one) for _, one in rows), ZERO) for name, rows in grouped}
    return [
        {
            "wallet": name,
            "value": money_text(worth[name]),
            "total_only": holdings.is_total_only([one for _, one in rows]),
            "holdings": [
                _holding(account, one, seen_at[account])
                for account, one in sorted(rows, key=lambda pair: (-value_usd(pair[1]), pair[1].holding.asset))
            ],
        }
        for name, rows in sorted(grouped, key=lambda pair: (-worth[pair[0]], pair[0]))
    ]


def _holding(account: str, priced: PricedHolding, at: datetime) -> dict[str, object]:
    """Write a holding. `price_age_s`: how old the price was when the snapshot was taken."""
    price, seen = priced.price_usd, priced.priced_at
    return {
        "account": account,
        "asset": priced.holding.asset,
        "quantity": plain(priced.holding.quantity),
        "price": None if price is None else plain(price),
        "priced_at": seen,
        "price_age_s": None if seen is None else int((at - seen).total_seconds()),
        "value": money_text(value_usd(priced)),
    }


def _unpriced(account: str, priced: PricedHolding) -> dict[str, object]:
    holding = priced.holding
    quantity = plain(holding.quantity)
    return {"account": account, "wallet": holding.wallet, "asset": holding.asset, "quantity": quantity}


def _position(account: str, position: OpenPosition) -> dict[str, object]:
    """Write an open position; null where the exchange did not tell how it stands."""
    terms = position.terms
    return {
        "account": account,
        "wallet": position.wallet,
        "symbol": position.symbol,
        "side": position.side,
        "quantity": plain(position.quantity),
        "mark": plain(position.price_usd),
        "value": money_text(position.quantity * position.price_usd),
        "entry": plain(terms.entry_usd) if terms else None,
        "leverage": plain(terms.leverage) if terms and terms.leverage is not None else None,
        "margin": terms.margin if terms else None,
        "liquidation": plain(terms.liquidation_usd) if terms and terms.liquidation_usd is not None else None,
        "unrealised": money_text(terms.unrealised_usd) if terms else None,
    }


def _reconciliation(checks: Sequence[WalletCheck]) -> dict[str, object]:
    ours = sum((one.ours_usd for one in checks), ZERO)
    theirs = sum((one.theirs_usd for one in checks), ZERO)
    return {
        **_beside(ours, theirs),
        "wallets": [{"wallet": one.wallet, **_beside(one.ours_usd, one.theirs_usd)} for one in checks],
    }


def _beside(ours: Decimal, theirs: Decimal) -> dict[str, object]:
    return {"ours": money_text(ours), "theirs": money_text(theirs), "difference": money_text(ours - theirs)}


def _differences(entries: Sequence[Compared]) -> dict[str, object]:
    """Write columns of equal length, oldest first; null where a snapshot was not reconciled."""
    names = sorted({check.wallet for one in entries for check in one.checks or ()})
    return {
        "t": [int(one.at.timestamp()) for one in entries],
        "total": [_gap(one.checks, None) for one in entries],
        "wallets": {name: [_gap(one.checks, name) for one in entries] for name in names},
    }


def _gap(checks: Checks, wallet: str | None) -> str | None:
    """Return by how much we count more than the exchange, in one wallet or (None) in all."""
    if checks is None:
        return None
    gaps = (one.ours_usd - one.theirs_usd for one in checks if wallet in (None, one.wallet))
    return money_text(sum(gaps, ZERO))
