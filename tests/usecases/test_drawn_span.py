"""What befell outside of a range does not travel with its rows, and is missed by nothing that is told of it."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

import psycopg
import pytest
from supabase import AsyncClient

from lib.demo.clock import WorldClock
from lib.domain.record import Record
from lib.domain.requests import HistoryRequest
from lib.store.client import SupabaseStore
from lib.usecases import history
from lib.usecases.restore import restore
from tests.builders import HOUR, MONDAY
from tests.usecases.test_drawn import LONG, SEED, SHORT, Whole, lived, requests

DAY = 24 * HOUR
PARTIAL = """
    insert into snapshots (account_id, slot, at, slot_minutes, nav_usd, complete, whole, missing, unreconciled)
    values ('main', %(slot)s, %(at)s, 60, 1, false, false, '{usdm}', false)
"""
ESTIMATE = "insert into estimates values ('main', %(at)s, 9000)"


async def told_of(supabase_client: AsyncClient, database: str, days: int = SHORT) -> tuple[SupabaseStore, Record]:
    """An account with flows, rebalances, hours of which only a part is known, and days before its start."""
    store, record = SupabaseStore(supabase_client), lived("busy", SEED, days)
    await restore(store, WorldClock(MONDAY), record, ())
    with psycopg.connect(database) as connection:
        for hour in range(-30, 24 * days + 3):
            slot = MONDAY + (hour + 0.5) * HOUR
            taken = slot + timedelta(minutes=(-45, 5, 20, 80)[hour % 4])  # before its slot, within it, after it
            connection.execute(PARTIAL, {"slot": slot, "at": taken})
        for day in range(30):
            connection.execute(ESTIMATE, {"at": MONDAY - day * DAY})
    return store, record


def ranges(record: Record, days: int) -> Iterator[HistoryRequest]:
    """Ranges that begin and end with what must not be lost: flows, rebalances, snapshots, partial hours."""
    whole, last = HistoryRequest("main", points=40), record.truth.points[-1].at
    yield from requests(last, random.Random(SEED + 1), days)
    marks = [flow.at for flow in record.truth.flows[:4]]
    marks += [record.truth.points[number].at for number in (0, 1, 150, 199, 200)]
    marks += [MONDAY + 12 * HOUR, MONDAY + 7 * DAY + 12 * HOUR, MONDAY + 215 * HOUR, MONDAY - 3 * DAY]
    for mark in marks:
        yield replace(whole, since=mark)
        yield replace(whole, until=mark)
        yield replace(whole, until=mark + HOUR)
        yield replace(whole, since=mark, until=max(mark, MONDAY) + 2 * DAY)
    for length in (1, 3, 19, 20, 25, 60):
        yield replace(whole, length=length * DAY)


@pytest.mark.parametrize("days", [SHORT, LONG])
async def test_every_range_is_told_as_from_all_that_befell(
    supabase_client: AsyncClient, database: str, days: int
) -> None:
    store, record = await told_of(supabase_client, database, days)
    every = 1 if days == SHORT else 4
    for request in islice(ranges(record, days), 0, None, every):
        told = await history.read(store, request)
        assert told == await history.read(Whole(store), request), request  # type: ignore[arg-type]


async def test_what_befell_outside_of_the_range_does_not_travel(supabase_client: AsyncClient, database: str) -> None:
    store, _ = await told_of(supabase_client, database)
    begin, end = MONDAY + 8 * DAY, MONDAY + 9 * DAY
    (found,) = await store.history("main", drawn=HistoryRequest("main", since=begin, until=end))
    (whole,) = await store.history("main")

    def inside(at: datetime) -> bool:
        return begin - HOUR <= at <= end

    assert found.flows == tuple(flow for flow in whole.flows if inside(flow.at))
    assert all(inside(one.slot) or inside(one.at) for one in found.partials)
    assert found.estimates == ()
    assert found.events == tuple(one for one in whole.events if one.at <= end)[-len(found.events) :]
    assert (len(whole.events), len(found.events)) > (len(found.events), 0)
    assert min(len(whole.flows) - len(found.flows), len(whole.partials) - len(found.partials)) > 0
    assert (len(found.partials), len(whole.estimates)) > (0, 0)
