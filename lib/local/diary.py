"""What was done to the demo world, kept in a table of the demo's own database: it outlives the server that did it."""

import json
from dataclasses import dataclass

import psycopg
from pydantic import TypeAdapter

from lib.demo.acts import Act

_MAKE = (  # beside the product's own schema, and out of its roles' sight
    "select pg_advisory_xact_lock(hashtext('demo.acts'))",  # two that make it at once would collide
    "create schema if not exists demo",
    "create table if not exists demo.acts (number bigint generated always as identity primary key, act jsonb not null)",
)
_ACTS: TypeAdapter[Act] = TypeAdapter(Act)


@dataclass(frozen=True, slots=True)
class Diary:
    """The diary in the database of `dsn`."""

    dsn: str

    async def read(self) -> tuple[Act, ...]:
        """Return every act in the order they were done."""
        async with await psycopg.AsyncConnection.connect(self.dsn) as connection:
            await _make(connection)
            cursor = await connection.execute("select act::text from demo.acts order by number")
            return tuple(_ACTS.validate_json(text) for (text,) in await cursor.fetchall())

    async def write(self, act: Act) -> None:
        """Add one act, whole or not at all."""
        text = json.dumps(_ACTS.dump_python(act, mode="json"))
        async with await psycopg.AsyncConnection.connect(self.dsn) as connection:
            await _make(connection)
            await connection.execute("insert into demo.acts (act) values (%s::jsonb)", (text,))

    async def clear(self) -> None:
        """Forget all of them: they were done to another world."""
        async with await psycopg.AsyncConnection.connect(self.dsn) as connection:
            await _make(connection)
            await connection.execute("delete from demo.acts")


async def _make(connection: psycopg.AsyncConnection) -> None:
    for statement in _MAKE:
        await connection.execute(statement.encode())
