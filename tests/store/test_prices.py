"""Prices: one row an instant, the first one stored of a coin and instant in force, exact, whoever stores it when."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import psycopg
import pytest

from lib.domain.money import plain
from lib.domain.prices import PricePoint
from lib.records import Account, VersionMoved
from lib.store.client import SupabaseStore
from tests.store.builders import OK, at, complete, new_account, outcome, prices

WAITING = "select count(*) from pg_locks where not granted"
FIRST = """select private.write_prices('[{"asset": "H", "at": "%s", "usd": "1"}]')"""


def points(when: datetime, **usd: str) -> tuple[PricePoint, ...]:
    return tuple(PricePoint(asset, when, Decimal(price)) for asset, price in usd.items())


async def stored(store: SupabaseStore, *assets: str) -> set[tuple[str, datetime, str]]:
    """What is stored of some coins from the beginning on, as it is written."""
    return {(one.asset, one.at, str(one.usd)) for one in await store.prices(assets, at(0))}


async def commit(store: SupabaseStore, *known: PricePoint, account: str = "main") -> None:
    await store.commit(await store.load(account), "run", outcome(known_prices=known), OK)


@pytest.mark.parametrize(
    "usd",
    [
        *("0", "0.00000000", "1.00000000", "89331.15000000", "100", "0.000000000000000001"),
        *("12345678901234567890.12345678901234567890123456789", "0." + "3" * 50, "1." + "0" * 60 + "1"),
    ],
)
async def test_a_price_keeps_every_digit_save_zeros_at_its_end(
    store: SupabaseStore, account: Account, usd: str
) -> None:
    await commit(store, *points(at(0), BTC=usd, ETH="3.10"))
    expected = {("BTC", at(0), str(Decimal(plain(Decimal(usd))))), ("ETH", at(0), "3.1")}
    assert await stored(store, "BTC", "ETH") == expected
    await commit(store, *points(at(0), AAA="7", ZZZ="8.0"))  # the row is written anew
    assert await stored(store, "BTC", "ETH") == expected


async def test_the_first_price_of_a_coin_and_instant_stays(store: SupabaseStore, account: Account) -> None:
    await commit(store, *points(at(0), BTC="1", ETH="2"))
    await commit(store, *points(at(0), BTC="9", SOL="3"), *points(at(1), BTC="4"), *points(at(1), BTC="5"))
    assert await stored(store, "BTC", "ETH", "SOL") == {
        *(("BTC", at(0), "1"), ("ETH", at(0), "2"), ("SOL", at(0), "3"), ("BTC", at(1), "4")),
    }


async def test_a_run_that_counted_with_another_price_is_refused(store: SupabaseStore, account: Account) -> None:
    await commit(store, *points(at(0), SOL="5"), *prices(at(0), usd="1"))
    with pytest.raises(VersionMoved):
        await store.commit(await store.load("main"), "run", complete(0), OK)
    assert {usd for _, _, usd in await stored(store, "BTC", "ETH")} == {"1"}
    same = complete(0)
    await store.commit(await store.load("main"), "run", replace(same, prices=prices(at(0), usd="1.000")), OK)


@pytest.mark.parametrize("usd", ["NaN", "-1", "1.50", "1,", ",1", "", "1,,2", "Infinity", "1e3", "1. 5"])
async def test_nothing_is_stored_that_is_no_plain_price(
    store: SupabaseStore, account: Account, database: str, usd: str
) -> None:
    await commit(store, *prices(at(0)))
    with psycopg.connect(database) as connection, pytest.raises(psycopg.errors.CheckViolation):
        connection.execute("update prices set usd = %s", (usd,))


async def test_an_instant_may_have_the_prices_of_hundreds_of_coins(store: SupabaseStore, account: Account) -> None:
    """All accounts of a run share its instant, and each keeps what it held on day one, dust included."""
    many = {f"{number}COIN{'X' * (number % 5)}": f"0.{number}1" for number in range(600)}
    await commit(store, *points(at(0), **many))
    await commit(store, *points(at(0), LAST="1"), *points(at(1), **many))
    assert await stored(store, *many) == {(coin, at(hour), usd) for coin, usd in many.items() for hour in (0, 1)}


async def test_what_brings_nothing_new_rewrites_nothing(store: SupabaseStore, account: Account, database: str) -> None:
    where = "select ctid::text, xmin::text, xmax::text from prices order by at"
    with psycopg.connect(database, autocommit=True) as connection:
        await commit(store, *prices(at(0), at(1)))
        before = connection.execute(where).fetchall()
        await commit(store, *prices(at(0), at(1)))
        assert connection.execute(where).fetchall() == before
        await commit(store, *prices(at(0)), *points(at(1), SOL="1"))
        after = connection.execute(where).fetchall()
        assert (after[0], after[1] == before[1]) == (before[0], False)


async def test_accounts_that_store_prices_of_the_same_instants_at_once_lose_none_and_wait_in_no_ring(
    store: SupabaseStore, account: Account, database: str
) -> None:
    """Both read what is stored, then wait for one that stores a price of both instants, then go on."""
    known = {
        "main": (*points(at(0), A="1", H="1"), *points(at(1), A="2", H="1")),
        "other": (*points(at(1), H="1", Z="4"), *points(at(0), H="1", Z="3", A="1")),
    }
    await store.add(new_account("other"))
    async with await psycopg.AsyncConnection.connect(database, autocommit=True) as watch, asyncio.timeout(10):
        async with await psycopg.AsyncConnection.connect(database) as first:
            for hour in (1, 0):
                await first.execute((FIRST % at(hour).isoformat()).encode())
            commits = [asyncio.create_task(commit(store, *brought, account=id_)) for id_, brought in known.items()]
            while await (await watch.execute(WAITING)).fetchone() != (2,):
                continue
            await first.commit()
        assert await asyncio.gather(*commits) == [None, None]
    assert await stored(store, "A", "H", "Z") == {
        *(("A", at(0), "1"), ("H", at(0), "1"), ("Z", at(0), "3")),
        *(("A", at(1), "2"), ("H", at(1), "1"), ("Z", at(1), "4")),
    }


async def test_prices_are_read_from_the_one_in_force_on_though_other_coins_have_later_ones(
    store: SupabaseStore, account: Account
) -> None:
    await commit(store, *points(at(0), BTC="1", SOL="1"), *points(at(1), BTC="2", SOL="2"), *points(at(3), BTC="3"))
    await commit(store, *points(at(2), ETH="7", BTC="4"), *points(at(5), SOL="5"))
    since = at(2) + timedelta(minutes=1)
    found = await store.prices(["SOL", "BTC", "NONE", "SOL"], since)
    assert found == (
        *points(at(2), BTC="4"),
        *points(at(3), BTC="3"),
        *points(at(1), SOL="2"),
        *points(at(5), SOL="5"),
    )
