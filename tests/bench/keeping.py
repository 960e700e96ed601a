"""What a year of one account takes in the database: a week collected for real, then told over and over."""

from collections.abc import Mapping
from datetime import timedelta

import psycopg

from tests.bench import egress
from tests.bench.postgres import databases
from tests.bench.table import Row, Tell
from tests.spine import BORN_AT, hours, opened, the_world

_ORDINARY, _WIDEST = "Main", "Mixed"  # of the demo's accounts: futures; and every kind of wallet
_BOUND_MB = 5
_WEEKS = 52
# Each week again, so many weeks later; what one run wrote stays together, as it would.
_COPIES = (
    """insert into snapshots (account_id, slot, at, slot_minutes, nav_usd, complete, whole, missing, unreconciled,
       benchmark_usd, nav_index, benchmark_index, flow_usd, rung, note, unrealised_usd, revalued_usd)
       select account_id, slot + w * interval '7 days', at + w * interval '7 days', slot_minutes,
       nav_usd, complete, whole, missing, unreconciled, benchmark_usd, nav_index, benchmark_index, flow_usd, rung, note,
       unrealised_usd, revalued_usd from snapshots, generate_series(1, %(weeks)s) as w order by w, at""",
    """insert into prices select at + w * interval '7 days', list, usd
       from prices, generate_series(1, %(weeks)s) as w order by w, at on conflict do nothing""",
    """insert into flows select account_id, id || '-' || w, at + w * interval '7 days', usd, asset, quantity,
       value_before_usd, source, detail, booked_run
       from flows, generate_series(1, %(weeks)s) as w order by w, at""",
    """insert into income select account_id, until + w * interval '7 days', realised, funding, commission, rewards,
       other from income, generate_series(1, %(weeks)s) as w order by w, until""",
    """insert into benchmark_events select account_id, at + w * interval '7 days', seq, kind, usd, value_usd, units,
       exhausted_at, shortfall_usd from benchmark_events, generate_series(1, %(weeks)s) as w order by w, at""",
)
# What the snapshots of one day were made of, told of that day's snapshots a whole number of weeks before.
_DAY = """insert into snapshot_details (account_id, slot, made)
          select account_id, slot + %(weeks)s * interval '7 days', made from first_week
          where slot + %(weeks)s * interval '7 days' between %(since)s and %(since)s + interval '23 hours 59 minutes'
          order by slot"""
_SIZES = """select relname, pg_total_relation_size(oid) from pg_class
            where relnamespace = 'public'::regnamespace and relkind in ('r', 'm') and relname not like 'log%'
            order by 2 desc"""


async def rows(tell: Tell) -> list[Row]:
    """Measure an ordinary account and the widest one, with detail as it is kept for good."""
    with databases() as server:
        ordinary, widest = server.fresh(), server.fresh()
        for dsn, name in ((ordinary, _ORDINARY), (widest, _WIDEST)):
            tell(f"storage: collecting a week of {name}, and telling it for a year")
            await _live(dsn, name)
        tell("storage: a page open all day")
        return [
            _kept("a year's storage of an ordinary account", _sizes(ordinary)),
            _kept("  of the widest one", _sizes(widest)),
            *await egress.day(widest, _WIDEST),
        ]


async def _live(dsn: str, name: str) -> None:
    """Leave a year of an account: rows in the order of time, details thinned day by day as a run does it."""
    async with opened(dsn, the_world(name)) as spine:
        await spine.add_accounts()
        await spine.collect_at((BORN_AT, *hours(BORN_AT, 7 * 24 - 1)))
    with psycopg.connect(dsn, autocommit=True) as connection:
        for statement in _COPIES:
            connection.execute(statement.encode(), {"weeks": _WEEKS - 1})
        connection.execute("select private.write_days(id) from accounts")
        connection.execute("create temp table first_week as select * from snapshot_details")
        for day in range(7, 7 * _WEEKS):
            since = BORN_AT + timedelta(days=day)
            connection.execute(_DAY.encode(), {"weeks": day // 7, "since": since})
            connection.execute("select private.prune_details(%s)", (since + timedelta(days=1),))
            connection.execute("vacuum snapshot_details")  # as the server itself does within minutes


def _sizes(dsn: str) -> Mapping[str, int]:
    """Return bytes by table, indexes and what is stored apart counted."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("vacuum analyze")
        return dict(connection.execute(_SIZES.encode()).fetchall())


def _year_mb(sizes: Mapping[str, int]) -> float:
    return sum(sizes.values()) / 1e6 * 365 / (7 * _WEEKS)


def _kept(what: str, sizes: Mapping[str, int]) -> Row:
    largest = ", ".join(f"{name} {size / 1e6:.2f}" for name, size in list(sizes.items())[:5])
    return Row(what, _year_mb(sizes), "MB", _BOUND_MB, largest)
