"""What is stored takes no more room than it must: no gaps, no empty words, and an account is written in its place."""

from dataclasses import replace
from decimal import Decimal
from hashlib import sha256

import psycopg
import pytest

from lib.domain.portfolio import Holding, OpenPosition, PricedHolding, Terms
from lib.domain.snapshot import WalletCheck
from lib.records import Account
from lib.store.client import SupabaseStore
from tests.store.builders import OK, at, complete, new_account, outcome, row, slot, snapshot


def held(count: int) -> tuple[PricedHolding, ...]:
    return tuple(
        PricedHolding(Holding("spot", f"COIN{number}", Decimal(number) / 7), Decimal(number + 1), at(0))
        for number in range(count)
    )


@pytest.mark.parametrize("count", [4, 20, 200], ids=["few", "a little less than is compressed by itself", "many"])
async def test_what_a_snapshot_was_made_of_is_compressed_and_comes_back_to_the_last_digit(
    store: SupabaseStore, account: Account, database: str, count: int
) -> None:
    taken = replace(snapshot(0), holdings=held(count))
    await store.commit(account, "run", outcome(taken, [row(0)]), OK)
    with psycopg.connect(database) as connection:
        sizes = "select pg_column_size(made), octet_length(rtrim(made::text)) from snapshot_details"
        kept, said = connection.execute(sizes.encode()).fetchone() or (0, 0)
    assert kept < 0.8 * said
    (found,) = await store.holdings("main", None, 1)
    assert found.snapshot is not None
    assert (found.snapshot.holdings, found.snapshot.positions, found.snapshot.checks) == (
        *(taken.holdings, taken.positions, taken.checks),
    )


async def test_details_are_written_without_zeros_at_their_ends_and_come_back_as_they_were(
    store: SupabaseStore, account: Account, database: str
) -> None:
    terms = Terms(Decimal("2500.5000"), Decimal("5.0"), "cross", Decimal("0E+2"), Decimal("-0.00"))
    taken = replace(
        snapshot(0),
        holdings=(PricedHolding(Holding("spot", "BTC", Decimal("-0.50000000")), Decimal("1.2E+5"), at(0)),),
        positions=(OpenPosition("usdm", "ETHUSDT", "short", Decimal("200"), Decimal("0.0000001000"), terms=terms),),
        checks=(WalletCheck("spot", Decimal("2447.9426733658000000"), Decimal("2447.00")),),
    )
    await store.commit(account, "run", outcome(taken, [row(0)]), OK)
    with psycopg.connect(database) as connection:
        ((made,),) = connection.execute(b"select made from snapshot_details").fetchall()
    assert made == {
        "holdings": [["spot", "BTC", "-0.5", "120000"]],
        "positions": [
            [
                *("usdm", "ETHUSDT", "short", "200", "0.0000001"),
                {"terms": ["2500.5", "5", "cross", "0", "0"]},
            ]
        ],
        "checks": [["spot", "2447.9426733658", "2447"]],
    }
    (found,) = await store.holdings("main", None, 0)
    assert found.snapshot == taken


async def test_what_lacks_nothing_says_so_by_silence(store: SupabaseStore, account: Account, database: str) -> None:
    await store.commit(account, "run", complete(0), OK)
    await store.commit(await store.load("main"), "run", outcome(snapshot(1, missing=("usdm",))), OK)
    with psycopg.connect(database, autocommit=True) as connection:
        kept = connection.execute(b"select complete, missing from snapshots order by slot").fetchall()
        assert kept == [(True, None), (False, ["usdm"])]
        for whole, wrong in ((True, "{}"), (True, "{usdm}"), (False, "{}"), (False, None)):
            with pytest.raises(psycopg.errors.CheckViolation):
                connection.execute("update snapshots set missing = %s where complete = %s", (wrong, whole))


async def test_an_account_s_id_takes_its_letters_and_leaves_no_gap(store: SupabaseStore, database: str) -> None:
    for length in range(1, 10):
        id_ = "a" * length
        await store.add(new_account(id_))
        await store.commit(await store.load(id_), "run", complete(0), OK)
    with psycopg.connect(database) as connection:
        sizes = connection.execute(b"select pg_column_size(s) from snapshots as s order by account_id").fetchall()
    assert sizes == [(sizes[0][0] + more,) for more in range(9)]


async def test_a_hundred_runs_write_an_account_with_a_long_memory_in_its_place(
    store: SupabaseStore, account: Account, database: str
) -> None:
    known = {sha256(str(number).encode()).hexdigest(): at(number) for number in range(36)}  # as good as incompressible
    await store.commit(account, "run", complete(0), OK)
    for hour in range(1, 100):
        (claimed,) = (await store.claim(f"run {hour}", slot(hour), lease_s=60, limit=9)).accounts
        decided = complete(hour)
        await store.commit(claimed, f"run {hour}", replace(decided, state=replace(decided.state, known=known)), OK)
    with psycopg.connect(database) as connection:
        sizes = "select pg_column_size(state), pg_relation_size('accounts'), pg_relation_size(c.reltoastrelid) "
        (found,) = connection.execute(f"{sizes} from accounts, pg_class as c where relname = 'accounts'".encode())
    assert 2032 < found[0] < 3500  # else it would lie elsewhere of itself
    assert found[1:] == (8192, 0)
