"""A history told from the rows that the store chose is, to the last digit, the one told from all of them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from supabase import AsyncClient

from lib.demo.clock import WorldClock
from lib.domain.benchmark import Policy
from lib.domain.flows import CashFlow
from lib.domain.prices import PricePoint
from lib.domain.record import Record
from lib.domain.replay import Point
from lib.domain.requests import HistoryRequest
from lib.domain.state import Truth
from lib.records import AccountHistory
from lib.store.client import SupabaseStore
from lib.usecases import history
from lib.usecases.restore import restore
from tests.builders import HOUR, MONDAY

SHORT, LONG = 20, 130  # days; with few points the longer one is cut by days, with many by rows
KINDS = ("busy", "rising", "still", "idle at times", "gone at times", "in hundreds")
SEED = 1
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Whole:
    """The same store, which gives every row whatever is asked to be drawn."""

    store: SupabaseStore

    async def history(
        self, account_id: str | None, *, prices: bool = False, drawn: HistoryRequest | None = None
    ) -> tuple[AccountHistory, ...]:
        return await self.store.history(account_id, prices=prices)

    def __getattr__(self, name: str) -> object:
        return getattr(self.store, name)


def worth(kind: str, chance: random.Random) -> Iterator[Decimal]:
    """The value of an account hour by hour, with what makes drawing hard."""
    usd, hour = 10_000.0, 0
    while True:
        hour += 1
        still, away = kind == "still" and hour % 90 > 20, hour % 200 > 170
        if not still:
            usd *= 1 + chance.gauss(0.001 if kind == "rising" else 0, 0.01)
        if away and kind in ("idle at times", "gone at times"):
            yield Decimal("0.5") if kind == "idle at times" else Decimal(0)
        else:
            yield Decimal(usd).quantize(Decimal("1E+2") if kind == "in hundreds" else Decimal("0.00000001"))


def lived(kind: str, seed: int, days: int) -> Record:
    """Days of hours, some of them missing, with flows, and prices of every instant that counts."""
    chance = random.Random(f"{kind} {seed}")
    hours = [hour for hour in range(24 * days) if chance.random() > 0.03 and not 200 < hour < 230]
    values = worth(kind, chance)
    ats = [MONDAY + hour * HOUR + timedelta(seconds=chance.choice((0, 0, 7))) for hour in hours]
    points = [Point(at, at.replace(minute=0, second=0), next(values)) for at in ats]
    flows = tuple(_flow(number, chance, days) for number in range(12))
    when = sorted(
        {*ats, *(flow.at for flow in flows), *(MONDAY + week * 168 * HOUR + 12 * HOUR for week in range(days // 7 + 1))}
    )
    usd = {"BTC": 100_000.0, "ETH": 4_000.0}
    prices = []
    for at in when:
        usd = {coin: price * (1 if kind == "still" else 1 + chance.gauss(0, 0.006)) for coin, price in usd.items()}
        prices += [PricePoint(coin, at, Decimal(price).quantize(CENT)) for coin, price in usd.items()]
    truth = Truth(tuple(points), flows, tuple(prices), ())
    return Record("Main", Policy(), truth, [60] * len(points))


def _flow(number: int, chance: random.Random, days: int) -> CashFlow:
    at = MONDAY + timedelta(minutes=chance.randrange(1, 24 * 60 * days))
    usd = Decimal(chance.choice((900, -400, 2500))) if chance.random() > 0.1 else Decimal("0.01")
    return CashFlow(f"deposits:{number}", at, usd, None, "USDT", usd, "deposits", "TRX")


def backwards(record: Record) -> Record:
    """Another account at the same instants, which has the same values from the last to the first."""
    points, navs = record.truth.points, [point.nav_usd for point in reversed(record.truth.points)]
    turned = tuple(replace(point, nav_usd=nav) for point, nav in zip(points, navs, strict=True))
    return replace(record, name="Other", truth=replace(record.truth, points=turned))


def requests(last: datetime, chance: random.Random, days: int) -> Iterator[HistoryRequest]:
    whole = HistoryRequest("main")
    for points in (2, 60, 300, 800):
        yield replace(whole, points=points)
        yield replace(whole, points=points, length=timedelta(days=7))
    for length in (HOUR, 24 * HOUR):
        yield replace(whole, length=length)
    for _ in range(6):
        ends = sorted(MONDAY + timedelta(minutes=chance.randrange(-900, 24 * 60 * (days + 1))) for _ in range(2))
        since, until = (chance.choice((end, end.replace(minute=0), None)) for end in ends)
        yield replace(whole, points=chance.choice((2, 40, 800)), since=since, until=until)
    yield replace(whole, until=last)
    yield replace(whole, since=last)
    yield replace(whole, until=MONDAY - HOUR)


@pytest.mark.parametrize("days", [SHORT, LONG])
@pytest.mark.parametrize("kind", KINDS)
async def test_every_request_is_answered_as_from_all_rows(supabase_client: AsyncClient, kind: str, days: int) -> None:
    store = SupabaseStore(supabase_client)
    record = lived(kind, SEED, days)
    for one in (record, backwards(record)):
        await restore(store, WorldClock(MONDAY), one, ())
    for request in requests(record.truth.points[-1].at, random.Random(SEED), days):
        told = await history.read(store, request)
        assert told == await history.read(Whole(store), request), request  # type: ignore[arg-type]


async def test_a_wipe_out_of_the_day_before_counts_in_a_range_that_begins_after_it(
    supabase_client: AsyncClient,
) -> None:
    store, record = SupabaseStore(supabase_client), lived("busy", SEED, 5)
    navs = [Decimal(1000)] * 60 + [Decimal(0)] * 3 + [Decimal(500)] * len(record.truth.points)
    points = tuple(replace(point, nav_usd=nav) for point, nav in zip(record.truth.points, navs, strict=False))
    again = replace(_flow(1, random.Random(SEED), 5), at=points[63].at, usd=Decimal(500))
    truth = replace(record.truth, points=points, flows=(again,))
    await restore(store, WorldClock(MONDAY), replace(record, truth=truth), ())
    request = HistoryRequest("main", since=points[66].at, until=points[70].at)
    told = await history.read(store, request)
    assert told == await history.read(Whole(store), request)  # type: ignore[arg-type]
    assert told["metrics"]["twr_24h"] == -1  # type: ignore[index]
    assert told["metrics"]["twr"] == 0  # type: ignore[index]


async def test_few_rows_are_read_for_a_long_history(supabase_client: AsyncClient) -> None:
    store = SupabaseStore(supabase_client)
    record = lived("busy", 3, SHORT)
    await restore(store, WorldClock(MONDAY), record, ())
    (whole,), (drawn,) = (
        await store.history("main"),
        await store.history("main", drawn=HistoryRequest("main", points=50)),
    )
    assert len(whole.rows) == len(record.truth.points)
    assert len(drawn.rows) < len(whole.rows) / 4
    assert drawn.drawn is not None
    assert 40 < len(drawn.drawn.positions) <= 65
