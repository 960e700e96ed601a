"""Puts years of an account into a database as the store itself would have left them, in seconds."""

import json
from collections.abc import Iterable, Sequence

import psycopg
from psycopg import sql

from lib.domain.policies import in_words
from lib.domain.prices import PricePoint
from lib.domain.replay import Event, Story, replay
from lib.domain.state import AccountState
from lib.store.rows.benchmark import encode_amounts
from lib.store.rows.ledger import encode_price
from lib.store.rows.state import encode_state
from tests.bench import years

_COPIED = ("snapshots", "flows", "benchmark_events")  # what an account's history is read from, and its account


def store_years(dsn: str, count: int, account: str = "main") -> None:
    """Store `count` years of hours of one account, with all that is derived from them."""
    points, prices = years.points_and_prices(count)
    paid = years.flows(points)
    facts = years.facts(points, prices, paid)
    story = replay(facts)
    with psycopg.connect(dsn) as connection:
        _account(connection, account, story)
        _copy(connection, "snapshots", _SNAPSHOT, (
            (account, row.slot, row.at, 60, row.nav_usd, True, True, None, False, row.benchmark_usd, row.nav_index,
             row.benchmark_index, row.flow_usd, row.rung, row.note)
            for row in story.rows
        ))  # fmt: skip
        _copy(connection, "flows", _FLOW, (
            (account, flow.id, flow.at, flow.usd, flow.asset, flow.quantity, flow.value_before_usd, flow.source,
             flow.detail, "bench")
            for flow in paid
        ))  # fmt: skip
        _copy(connection, "benchmark_events", _EVENT, _events(account, story.events))
        _write_days(connection, account)
        _prices(connection, prices)
    _analyze(dsn)


def copy_account(dsn: str, source: str, *accounts: str) -> None:
    """Give these accounts the life of `source`."""
    with psycopg.connect(dsn) as connection:
        for account in accounts:
            for table, columns, key in (
                ("accounts", _ACCOUNT, "id"),
                *((name, None, "account_id") for name in _COPIED),
            ):
                _copy_rows(connection, table, columns or _columns(connection, table), key, source, account)
            _write_days(connection, account)
    _analyze(dsn)


_ACCOUNT = ("id", "name", "uid", "sealed_key", "policy", "state", "created_at", "inception", "status_code")
_SNAPSHOT = (
    *("account_id", "slot", "at", "slot_minutes", "nav_usd", "complete", "whole", "missing", "unreconciled"),
    *("benchmark_usd", "nav_index", "benchmark_index", "flow_usd", "rung", "note"),
)
_FLOW = (
    *("account_id", "id", "at", "usd", "asset", "quantity", "value_before_usd", "source", "detail", "booked_run"),
)  # fmt: skip
_EVENT = (
    *("account_id", "at", "seq", "kind", "usd", "value_usd", "units", "exhausted_at", "shortfall_usd"),
)  # fmt: skip


def _account(connection: psycopg.Connection, account: str, story: Story) -> None:
    checkpoint = story.checkpoint
    assert checkpoint is not None
    policy = json.dumps(in_words(years.POLICY))
    state = json.dumps(encode_state(AccountState(checkpoint=checkpoint)))
    begun = checkpoint.inception
    row = (account, account.title(), account, "sealed", policy, state, begun, begun, "ok")
    _copy(connection, "accounts", _ACCOUNT, [row])


def _events(account: str, events: Iterable[Event]) -> Iterable[Sequence[object]]:
    for place, event in enumerate(events):
        held = event.benchmark
        units = json.dumps(encode_amounts(held.units))
        yield (account, event.at, place, event.kind, event.usd, event.value_usd, units, held.exhausted_at,
               held.shortfall_usd)  # fmt: skip


def _prices(connection: psycopg.Connection, prices: Iterable[PricePoint]) -> None:
    """Store prices as the store itself does, in one piece."""
    told = json.dumps([encode_price(point) for point in prices])
    connection.execute("select private.write_prices(%s)", (told,))


def _copy(connection: psycopg.Connection, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    statement = sql.SQL("copy public.{} ({}) from stdin").format(sql.Identifier(table), names)
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _columns(connection: psycopg.Connection, table: str) -> tuple[str, ...]:
    asked = "select attname from pg_attribute where attrelid = %s::regclass and attnum > 0 and not attisdropped"
    return tuple(name for (name,) in connection.execute(asked, (f"public.{table}",)))


def _write_days(connection: psycopg.Connection, account: str) -> None:
    connection.execute("select private.write_days(%s)", (account,))


def _copy_rows(
    connection: psycopg.Connection, table: str, columns: Sequence[str], key: str, source: str, account: str
) -> None:
    own = {key, "name", "uid"} if table == "accounts" else {key}
    values = [sql.Literal(account) if name in own else sql.Identifier(name) for name in columns]
    connection.execute(
        sql.SQL("insert into public.{} ({}) select {} from public.{} where {} = {}").format(
            sql.Identifier(table),
            sql.SQL(", ").join(map(sql.Identifier, columns)),
            sql.SQL(", ").join(values),
            sql.Identifier(table),
            sql.Identifier(key),
            sql.Literal(source),
        )
    )


def _analyze(dsn: str) -> None:
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("vacuum analyze")
