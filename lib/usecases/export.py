"""Take an account out of the store as a record: all that its figures follow from, and no secret."""

from lib.domain.record import Record
from lib.domain.requests import ALL_ACCOUNTS
from lib.ports import Store


async def export(store: Store, account: str) -> tuple[Record, ...]:
    """Return the record of one account, or of all in the order they were added. Raises: NotFound."""
    ids = [one.id for one in await store.accounts()] if account == ALL_ACCOUNTS else [account]
    return tuple([await store.record(id_) for id_ in ids])
