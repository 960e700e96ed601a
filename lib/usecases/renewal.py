"""Begin to decide again: from the account as it is now, and from the prices that others have stored meanwhile."""

from collections.abc import Sequence
from dataclasses import replace

from lib.domain.prices import PricePoint
from lib.ports import Store
from lib.records import Account


async def renewed(store: Store, account_id: str, tried: Sequence[PricePoint]) -> Account:
    """Return the account after a commit that was refused. `tried` are the prices it would have stored.

    Of an instant all accounts have one price, the first one stored: where it is there already it is the account's, too.
    Raises: NotFound.
    """
    account = await store.load(account_id)
    if not tried:
        return account
    stored = await store.prices(sorted({point.asset for point in tried}), min(point.at for point in tried))
    wanted = {(point.asset, point.at) for point in tried}
    wanted -= {(point.asset, point.at) for point in account.state.prices}
    found = (point for point in stored if (point.asset, point.at) in wanted)
    return replace(account, state=replace(account.state, prices=(*account.state.prices, *found)))
