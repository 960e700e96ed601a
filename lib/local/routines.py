"""What the database knows of its functions, and the query that calls one with named arguments from a JSON body."""

from collections.abc import Iterable
from dataclasses import dataclass

from psycopg import AsyncConnection

ROW_CAP = 1000  # a hosted project cuts a set after so many rows, silently

_LOOK_UP = """
select coalesce(p.proargnames, '{}')::text[],
       coalesce(p.proargmodes::text[], '{}'),
       array(select format_type(t.oid, null) from unnest(p.proargtypes) with ordinality as t (oid, at) order by t.at),
       p.pronargdefaults, p.proretset, p.prorettype = 'pg_catalog.void'::regtype, p.provolatile <> 'v',
       (select substr(c, length('statement_timeout=') + 1) from unnest(p.proconfig) as c
         where c like 'statement\\_timeout=%%')
  from pg_catalog.pg_proc as p
 where p.pronamespace = to_regnamespace(%s) and p.proname = %s and p.prokind = 'f'
   and p.prorettype <> 'pg_catalog.trigger'::regtype
"""


@dataclass(frozen=True, slots=True)
class Routine:
    """One function as the API sees it."""

    schema: str
    name: str
    arguments: tuple[tuple[str, str], ...]  # name and type, in order
    optional: int  # how many of the last ones have a default
    many: bool
    nothing: bool
    read_only: bool
    statement_timeout: str | None

    def takes(self, names: frozenset[str]) -> bool:
        """Tell whether it can be called with exactly these arguments."""
        known = [name for name, _ in self.arguments]
        return names.issubset(known) and names.issuperset(known[: len(known) - self.optional])


async def look_up(connection: AsyncConnection, schema: str, name: str) -> tuple[Routine, ...]:
    """Read the functions of this name."""
    cursor = await connection.execute(_LOOK_UP, (f'"{schema}"', name))
    return tuple(_routine(schema, name, *row) for row in await cursor.fetchall())


def begin(routine: Routine, role: str) -> str:
    """Return the statements that open the transaction a call runs in."""
    access = "read only" if routine.read_only else "read write"
    timeout = f"; set local statement_timeout = {_literal(routine.statement_timeout)}" if _timed(routine) else ""
    return f"begin {access}; set local role {_quoted(role)}{timeout}"


def call(routine: Routine, names: Iterable[str]) -> str:
    """Return the query of one call: the body is its one parameter, the answer its one text.

    The database itself turns each value of the body into the argument's type, as PostgREST has it do.
    """
    types = dict(routine.arguments)
    given = [name for name in types if name in set(names)]
    function = f"{_quoted(routine.schema)}.{_quoted(routine.name)}"
    values = ", ".join(f"{_quoted(name)} := a.{_quoted(name)}" for name in given)
    columns = ", ".join(f"{_quoted(name)} {types[name]}" for name in given)
    source = f"json_to_record(%s::json) as a({columns})" if given else "(select %s::json) as a"
    rows = f"select v.value from {source}, lateral (select {function}({values}) as value) as v"  # noqa: S608  quoted
    if not routine.many:
        return f"select to_json(r.value)::text from ({rows}) as r"  # noqa: S608
    return f"select coalesce(json_agg(r.value), '[]')::text from ({rows} limit {ROW_CAP}) as r"  # noqa: S608


def _routine(
    schema: str, name: str, names: list[str], modes: list[str], types: list[str], optional: int,
    many: bool, nothing: bool, read_only: bool, timeout: str | None,
) -> Routine:  # fmt: skip
    inputs = [n for n, mode in zip(names, modes or ["i"] * len(names), strict=False) if mode in "ibv"]
    return Routine(schema, name, tuple(zip(inputs, types, strict=False)), optional, many, nothing, read_only, timeout)


def _timed(routine: Routine) -> bool:
    return routine.statement_timeout is not None


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _literal(text: str | None) -> str:
    return "'" + (text or "").replace("'", "''") + "'"
