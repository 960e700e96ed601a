"""All accounts, told from what each was worth, are to the last digit those that are told from all that is stored."""

import random
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

import pytest
from supabase import AsyncClient

from lib.demo.clock import WorldClock
from lib.domain.benchmark import FRACTION_MATCHED, Policy
from lib.domain.prices import together
from lib.domain.record import Record
from lib.domain.requests import ALL_ACCOUNTS
from lib.domain.schedule import Daily
from lib.domain.worth import Worth
from lib.records import AccountPart
from lib.store.client import SupabaseStore
from lib.usecases import history
from lib.usecases.restore import restore
from tests.builders import MONDAY
from tests.usecases.test_drawn import KINDS, SEED, SHORT, backwards, lived, requests

LATE = 100  # rows that one of them begins after the others


@dataclass(frozen=True, slots=True)
class Whole:
    """The same store, which gives all that it has of each account, and to each account its own prices."""

    store: SupabaseStore

    async def parts(self) -> tuple[AccountPart, ...]:
        return await self.store.history(None, prices=True)

    def __getattr__(self, name: str) -> object:
        return getattr(self.store, name)


def beside(record: Record) -> list[Record]:
    """Others that live beside the account: one joins late, and one, always some seconds later, is closed in the end."""
    joined = replace(backwards(record), policy=Policy({"BTC": Decimal(1)}, Daily(7), withdrawals=FRACTION_MATCHED))
    truth, points = joined.truth, joined.truth.points[LATE:]
    joined = replace(joined, truth=replace(truth, points=points), slot_minutes=[60] * len(points))
    late = tuple(replace(one, at=one.at + timedelta(seconds=11)) for one in record.truth.points[:-LATE])
    closed = replace(record, name="Third", truth=replace(record.truth, points=late), slot_minutes=[60] * len(late))
    return [joined, replace(closed, closed_at=late[-1].at)]


async def three(supabase_client: AsyncClient, kind: str) -> tuple[SupabaseStore, Record]:
    store, record = SupabaseStore(supabase_client), lived(kind, SEED, SHORT)
    for one in (*beside(record), record):
        await restore(store, WorldClock(MONDAY), one, ())
    return store, record


@pytest.mark.parametrize("kind", KINDS)
async def test_every_request_is_answered_as_from_all_that_is_stored(supabase_client: AsyncClient, kind: str) -> None:
    store, record = await three(supabase_client, kind)
    for request in requests(record.truth.points[-1].at, random.Random(SEED), SHORT):
        asked = replace(request, account=ALL_ACCOUNTS)
        told = await history.read(store, asked)
        assert told == await history.read(Whole(store), asked), asked  # type: ignore[arg-type]


async def test_what_all_do_not_follow_from_does_not_travel_and_prices_do_once(supabase_client: AsyncClient) -> None:
    store, _ = await three(supabase_client, "busy")
    parts, whole = await store.parts(), await store.history(None, prices=True)
    assert {type(row) for one in parts for row in one.rows} == {Worth}
    assert [[*one.prices.columns] for one in parts] == [["BTC", "ETH"], [], []]
    assert together(one.prices for one in parts) == together(one.prices for one in whole)
    for part, one in zip(parts, whole, strict=True):
        assert part.rows == tuple(Worth(row.at, row.slot, row.nav_usd, row.benchmark_usd) for row in one.rows)
        assert replace(part, rows=(), prices=one.prices) == AccountPart(
            **{name: getattr(one, name) for name in AccountPart.__dataclass_fields__} | {"rows": ()}
        )
