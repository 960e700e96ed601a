"""The whole of `sql/` as one script, for where only an SQL editor reaches the database."""

from pathlib import Path

from lib.store import sql_files
from lib.store.migrations import LOCK, REAPPLIED
from lib.store.sql_files import SqlFile

_HEAD = """\
-- The whole schema in one transaction. Run it as often as you like: what is applied is skipped.
begin;
select pg_advisory_xact_lock({lock});
set local statement_timeout = 0;
set local check_function_bodies = off;
"""

_MIGRATION = """
-- {place}
do ${tag}$
declare
    stored text;
begin
    if to_regclass('private.migrations') is not null then
        select m.checksum into stored from private.migrations as m where m.number = {number};
    end if;
    if stored is null then
        execute ${tag}_text$
{text}
${tag}_text$;
        insert into private.migrations (number, name, checksum) values ({number}, '{name}', '{checksum}');
    elsif stored <> '{checksum}' then
        raise exception '{place} was applied before and has been changed since';
    end if;
end
${tag}$;
"""

_TAIL = """
insert into private.reapplied (name, checksum) values ('{name}', '{checksum}')
    on conflict (name) do update set checksum = excluded.checksum;
commit;
notify pgrst, 'reload schema';
"""


def render(sql_dir: Path) -> str:
    """Return the script. It records the checksums that `migrations.apply` compares with.

    Raises: BadMigrationName.
    """
    sources = sql_files.reapplied(sql_dir)
    return "".join(
        [
            _HEAD.format(lock=LOCK),
            *(_guarded(migration) for migration in sql_files.migrations(sql_dir)),
            *(f"\n-- {source.place}\n{source.text.rstrip()}\n" for source in sources),
            _TAIL.format(name=REAPPLIED, checksum=sql_files.checksum_of_all(sources)),
        ]
    )


def _guarded(migration: SqlFile) -> str:
    """Wrap a migration so that it runs once; its quoting cannot collide with the text's own."""
    return _MIGRATION.format(
        place=migration.place,
        tag=f"m{migration.checksum[:16]}",
        number=migration.number,
        text=migration.text.rstrip(),
        name=migration.name,
        checksum=migration.checksum,
    )
