"""What a year of one account takes in the database: a week collected for real, then told over and over."""

from collections.abc import Mapping

import psycopg

from tests.bench import egress
from tests.bench.postgres import databases
from tests.bench.table import Row, Tell
from tests.spine import BORN_AT, hours, opened, the_world

_ACCOUNT = "Mixed"  # the demo's widest: spot, funding and futures
_BOUND_MB = 5
_WEEKS = 52
_FULL_DETAIL_DAYS = 35
# Each week again, so many weeks later; what one run wrote stays together, as it would.
_COPIES = (
    """insert into snapshots select account_id, slot + w * interval '7 days', at + w * interval '7 days', slot_minutes,
       nav_usd, complete, whole, missing, unreconciled, benchmark_usd, nav_index, benchmark_index, flow_usd, rung, note,
       unrealised_usd, revalued_usd from snapshots, generate_series(1, %(weeks)s) as w order by w, at""",
    """insert into snapshot_details select account_id, slot + w * interval '7 days', holdings, positions, checks
       from snapshot_details, generate_series(1, %(weeks)s) as w order by w, slot""",
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
_THIN = "select private.prune_details((select max(at) from snapshots), %(days)s)"
_SIZES = """select relname, pg_total_relation_size(oid) from pg_class
            where relnamespace = 'public'::regnamespace and relkind in ('r', 'm') and relname not like 'log%'
            order by 2 desc"""


async def rows(tell: Tell) -> list[Row]:
    """Measure with all detail kept, and with detail as it is kept for good."""
    tell(f"storage: collecting a week of {_ACCOUNT}")
    with databases() as server:
        dsn = server.fresh()
        async with opened(dsn, the_world(_ACCOUNT)) as spine:
            await spine.add_accounts()
            await spine.collect_at((BORN_AT, *hours(BORN_AT, 7 * 24 - 1)))
        tell("storage: telling it for a year")
        with psycopg.connect(dsn, autocommit=True) as connection:
            for statement in _COPIES:
                connection.execute(statement.encode(), {"weeks": _WEEKS - 1})
            connection.execute("select private.write_days(id) from accounts")
            full = _sizes(connection)
            connection.execute(_THIN.encode(), {"days": _FULL_DETAIL_DAYS})
            connection.execute("vacuum full snapshot_details")
            thinned = _sizes(connection)
        tell("storage: a page open all day")
        sent = await egress.day(dsn, _ACCOUNT)
    kept = f"{_FULL_DETAIL_DAYS} days in full, then once a day"
    return [
        Row("a year's storage of one account, all detail kept", _year_mb(full), "MB", _BOUND_MB, _told(full)),
        Row(f"  with detail {kept}", _year_mb(thinned), "MB", _BOUND_MB, _told(thinned)),
        *sent,
    ]


def _sizes(connection: psycopg.Connection) -> Mapping[str, int]:
    """Return bytes by table, indexes and what is stored apart counted."""
    connection.execute("vacuum analyze")
    return dict(connection.execute(_SIZES.encode()).fetchall())


def _year_mb(sizes: Mapping[str, int]) -> float:
    return sum(sizes.values()) / 1e6 * 365 / (7 * _WEEKS)


def _told(sizes: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {size / 1e6:.2f}" for name, size in list(sizes.items())[:4])
