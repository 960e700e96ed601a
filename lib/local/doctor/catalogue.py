"""Ask the database about its own schema, over a direct connection that can only read."""

import re
from collections.abc import Sequence

import psycopg
from psycopg import Connection

from lib.errors import NotFound, Unavailable
from lib.local.doctor.facts import Catalogue, Grant, Lack, Need
from lib.store.migrations import REAPPLIED

_NO_SUCH_DATABASE = re.compile(r'database "[^"]*" does not exist')

_OURS = """
  join pg_catalog.pg_namespace as n on n.oid = o.{namespace} and n.nspname in ('public', 'private')
 where not exists (select from pg_catalog.pg_depend as d
                    where d.classid = 'pg_catalog.{catalogue}'::regclass and d.objid = o.oid and d.deptype = 'e')
"""
_RELATIONS = _OURS.format(namespace="relnamespace", catalogue="pg_class")
_ROUTINES = _OURS.format(namespace="pronamespace", catalogue="pg_proc")

_UNGUARDED = f"""
select format('%I.%I', n.nspname, o.relname) from pg_catalog.pg_class as o {_RELATIONS}
   and o.relkind in ('r', 'p') and not o.relrowsecurity order by 1
"""  # noqa: S608  constants of this module

# The Data API sends a thousand rows of an answer and no more; one value it sends whole.
_MANY_ROWS = f"""
select format('%%I.%%I(%%s)', n.nspname, o.proname, pg_get_function_identity_arguments(o.oid))
  from pg_catalog.pg_proc as o {_ROUTINES}
   and o.proretset and n.nspname || '.' || o.proname = any (%s) order by 1
"""  # noqa: S608  constants of this module

# A function that a trigger calls cannot be called by anyone else, whatever was granted.
_GRANTS = f"""
with outsider (role) as (
    select r.rolname::text from pg_catalog.pg_roles as r where r.rolname in ('anon', 'authenticated')
    union all select 'public'
), held (kind, target, role, ordinal, privilege) as (
    select 'schema', n.nspname::text, w.role, p.place, p.privilege
      from pg_catalog.pg_namespace as n, outsider as w,
           unnest(array['usage', 'create']) with ordinality as p (privilege, place)
     where n.nspname = 'private' and has_schema_privilege(w.role, n.oid, p.privilege)
    union all
    select 'table', t.target, w.role, p.place, p.privilege
      from (select o.oid, format('%I.%I', n.nspname, o.relname) as target from pg_catalog.pg_class as o {_RELATIONS}
               and o.relkind in ('r', 'p', 'v', 'm', 'f')) as t, outsider as w,
           unnest(array['select', 'insert', 'update', 'delete', 'truncate', 'references', 'trigger'])
               with ordinality as p (privilege, place)
     where has_table_privilege(w.role, t.oid, p.privilege)
        or case when p.privilege in ('select', 'insert', 'update', 'references')
                then has_any_column_privilege(w.role, t.oid, p.privilege) end
    union all
    select 'sequence', s.target, w.role, p.place, p.privilege
      from (select o.oid, format('%I.%I', n.nspname, o.relname) as target from pg_catalog.pg_class as o {_RELATIONS}
               and o.relkind = 'S') as s, outsider as w,
           unnest(array['usage', 'select', 'update']) with ordinality as p (privilege, place)
     where has_sequence_privilege(w.role, s.oid, p.privilege)
    union all
    select 'function', f.target, w.role, 1, 'execute'
      from (select o.oid, format('%I.%I(%s)', n.nspname, o.proname, pg_get_function_identity_arguments(o.oid)) as target
              from pg_catalog.pg_proc as o {_ROUTINES}
               and o.prorettype not in ('trigger'::regtype, 'event_trigger'::regtype)) as f, outsider as w
     where has_function_privilege(w.role, f.oid, 'execute')
)
select kind, target, role, array_agg(privilege order by ordinal) from held
 group by kind, target, role order by target, role
"""  # noqa: S608  constants of this module

# Null: what the right is to, or the role that should have it, is not there.
_HELD = """
select w.place, case w.kind
           when 'schema' then has_schema_privilege(r.oid, to_regnamespace(w.target)::oid, w.privilege)
           when 'sequence' then has_sequence_privilege(r.oid, to_regclass(w.target)::oid, w.privilege)
           when 'function' then (
               select bool_and(has_function_privilege(r.oid, p.oid, w.privilege))
                 from pg_catalog.pg_proc as p join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
                where n.nspname || '.' || p.proname = w.target)
           when 'table' then case when w.column_name = ''
               then has_table_privilege(r.oid, to_regclass(w.target)::oid, w.privilege)
               else (select has_column_privilege(r.oid, a.attrelid, a.attnum, w.privilege)
                       from pg_catalog.pg_attribute as a
                      where a.attrelid = to_regclass(w.target) and a.attname = w.column_name) end
       end
  from unnest(%s::text[], %s::text[], %s::text[], %s::text[])
           with ordinality as w (kind, target, privilege, column_name, place)
  left join pg_catalog.pg_roles as r on r.rolname = 'service_role'
 order by w.place
"""


def read(dsn: str, needs: Sequence[Need]) -> Catalogue:
    """Read all that the checks look at; nothing is changed.

    Raises: Unavailable; NotFound where the server has no such database.
    """
    try:
        connection = psycopg.connect(dsn, connect_timeout=10, application_name="monitor doctor")
    except psycopg.OperationalError as error:
        words = " ".join(str(error).split())
        if _NO_SUCH_DATABASE.search(words):
            raise NotFound(words) from error
        raise Unavailable(words) from error
    except psycopg.ProgrammingError as error:  # its words may quote the string
        raise Unavailable("the connection string cannot be understood") from error
    with connection:
        connection.read_only = True
        recorded = _recorded(connection)
        return Catalogue(
            recorded=recorded,
            reapplied=_reapplied(connection) if recorded is not None else None,
            unguarded=tuple(name for (name,) in connection.execute(_UNGUARDED.encode())),
            many_rows=_many_rows(connection, needs),
            grants=tuple(
                Grant(kind, target, role, tuple(rights))
                for kind, target, role, rights in connection.execute(_GRANTS.encode())
            ),
            lacks=_lacks(connection, needs),
        )


def _recorded(connection: Connection) -> dict[int, tuple[str, str]] | None:
    if connection.execute("select to_regclass('private.migrations')").fetchone() == (None,):
        return None
    rows = connection.execute("select number, name, checksum from private.migrations").fetchall()
    return {number: (name, checksum) for number, name, checksum in rows}


def _many_rows(connection: Connection, needs: Sequence[Need]) -> tuple[str, ...]:
    called = [need.target for need in needs if need.kind == "function" and need.target.startswith("public.")]
    return tuple(name for (name,) in connection.execute(_MANY_ROWS.encode(), (called,)))


def _reapplied(connection: Connection) -> str | None:
    row = connection.execute("select checksum from private.reapplied where name = %s", (REAPPLIED,)).fetchone()
    return None if row is None else str(row[0])


def _lacks(connection: Connection, needs: Sequence[Need]) -> tuple[Lack, ...]:
    columns = (
        [need.kind for need in needs],
        [need.target for need in needs],
        [need.right for need in needs],
        [need.column for need in needs],
    )
    answers = connection.execute(_HELD, columns).fetchall()
    return tuple(
        Lack(need, exists=held is not None) for need, (_, held) in zip(needs, answers, strict=True) if held is not True
    )
