"""Whether the database is reachable, its schema this release's, and closed to everybody but the code."""

from collections.abc import Iterator

from lib.local.doctor.facts import Catalogue, Door, Facts, Grant, Lack, Outcome
from lib.local.doctor.finding import Finding, ok, problem, warning
from lib.local.doctor.gather import EMBEDDED, HOSTED, HOSTED_DIRECT, OWN
from lib.settings import Settings

_DATABASE, _MIGRATIONS, _SECURITY, _GRANTS = "database", "migrations", "row security", "grants"
_ROW_CAP = "row cap"
_WAYS = {
    EMBEDDED: "the embedded Postgres",
    OWN: "the Postgres of DATABASE_URL",
    HOSTED: "Supabase's Data API",
    HOSTED_DIRECT: "the Postgres of SUPABASE_DB_URL",
}
_AWAY = {
    EMBEDDED: "see the words above; if the disk is full or the folder is not yours, mend that and try again",
    OWN: "start that server, or correct DATABASE_URL",
    HOSTED: "correct SUPABASE_URL; a project of the free plan that was paused is restored in its dashboard",
    HOSTED_DIRECT: "take the session pooler's connection string (Supabase, Connect) with the database's password; "
    "the direct one, db.….supabase.co, is IPv6 alone",
}
_REFUSED = {
    HOSTED: "take SUPABASE_SECRET_KEY from the same project as SUPABASE_URL; see also grants below",
}
_NOT_ASKED = "not checked: that takes a direct connection"
_GIVE_DIRECT = "set SUPABASE_DB_URL to the session pooler's connection string (Supabase, Connect)"


def check(facts: Facts) -> tuple[Finding, ...]:
    """Check every way in, then what lies behind."""
    found = [_door(door) for door in facts.doors]
    if facts.catalogue is not None:
        found += [*_migrations(facts, facts.catalogue)]
        if facts.catalogue.recorded is not None:
            found += [*_security(facts.catalogue), *_rights(facts.catalogue), *_row_cap(facts.catalogue)]
        return tuple(found)
    if facts.is_behind is not None:
        found.append(_as_told(facts))
    if facts.settings.supabase_url is not None:
        what = "edited migrations, row level security, grants"
        remedy = _GIVE_DIRECT if facts.settings.supabase_db_url is None else "mend SUPABASE_DB_URL, see above"
        found.append(warning(_DATABASE, f"{what}: {_NOT_ASKED}", remedy))
    return tuple(found)


def _door(door: Door) -> Finding:
    way = _WAYS[door.name]
    match door.outcome:
        case Outcome.OPEN:
            return ok(_DATABASE, f"{way} answers")
        case Outcome.EMPTY if door.name == EMBEDDED:
            return ok(_DATABASE, f"{way} has no data yet: make run, or any command that opens it, begins them")
        case Outcome.EMPTY:
            return problem(_DATABASE, f"{way}: {door.reason}", "create it, or correct the name at the address's end")
        case Outcome.AWAY:
            return problem(_DATABASE, f"{way} cannot be reached: {door.reason}", _AWAY[door.name])
        case Outcome.REFUSED:
            remedy = _REFUSED.get(door.name, "see migrations and grants below")
            return problem(_DATABASE, f"{way} refuses: {door.reason}", remedy)


def _migrate(settings: Settings) -> str:
    if settings.supabase_url is None or settings.supabase_db_url is not None:
        return "./monitor migrate"
    return "./monitor migrate with SUPABASE_DB_URL set, or ./monitor migrate --print into Supabase's SQL editor"


def _as_told(facts: Facts) -> Finding:
    """The claim compares versions itself; it cannot tell an edited file."""
    if facts.is_behind:
        return problem(_MIGRATIONS, "the schema is older than the code, or not there", _migrate(facts.settings))
    return ok(_MIGRATIONS, "the schema is new enough for this release")


def _migrations(facts: Facts, catalogue: Catalogue) -> Iterator[Finding]:
    recorded, files = catalogue.recorded, facts.release.migrations
    newest = max((file.number for file in files), default=0)
    if recorded is None:
        yield problem(_MIGRATIONS, "nothing was ever applied here", _migrate(facts.settings))
        return
    edited = [file for file in files if file.number in recorded and recorded[file.number][1] != file.checksum]
    for file in edited:
        yield problem(
            _MIGRATIONS,
            f"{file.place} was applied before as {recorded[file.number][0]} and has been changed since",
            f"restore it (git checkout {file.place}) and put the change into a new migration",
        )
    version = max(recorded, default=0)
    pending = [file for file in files if file.number not in recorded]
    if pending and pending[0].number < version:
        late = f"{pending[0].place} was never applied, though later ones were"
        yield problem(_MIGRATIONS, late, "give it the next free number, then ./monitor migrate")
    elif pending:
        behind = f"the schema is at version {version}, this release needs {newest}"
        yield problem(_MIGRATIONS, behind, _migrate(facts.settings))
    elif version == newest and catalogue.reapplied != facts.release.reapplied:
        changed = "the functions in the database are another release's"
        yield warning(_MIGRATIONS, changed, f"{_migrate(facts.settings)}, unless this is the older release")
    elif not edited:
        ahead = f", ahead of this release's {newest}, which is fine" if version > newest else ""
        yield ok(_MIGRATIONS, f"the schema is at version {version}{ahead}")


def _security(catalogue: Catalogue) -> Iterator[Finding]:
    for table in catalogue.unguarded:
        yield problem(
            _SECURITY, f"{table} has row level security off", f"alter table {table} enable row level security;"
        )
    if not catalogue.unguarded:
        yield ok(_SECURITY, "on for every table")


def _row_cap(catalogue: Catalogue) -> Iterator[Finding]:
    for function in catalogue.many_rows:
        told = f"{function} answers with rows, of which the Data API sends 1000 and keeps the rest to itself"
        yield problem(_ROW_CAP, told, f"drop function {function}; then ./monitor migrate, which brings back ours")
    if not catalogue.many_rows:
        yield ok(_ROW_CAP, "no answer is cut at 1000 rows: each is one value")


def _rights(catalogue: Catalogue) -> Iterator[Finding]:
    by_target: dict[tuple[str, str], list[Grant]] = {}
    for grant in catalogue.grants:
        by_target.setdefault((grant.kind, grant.target), []).append(grant)
    for (kind, target), grants in by_target.items():
        told = ", ".join(f"{grant.role} ({' '.join(grant.rights)})" for grant in grants)
        yield problem(
            _GRANTS,
            f"{kind} {target} is open to {told}",
            f"revoke all on {kind} {target} from public, anon, authenticated;",
        )
    yield from dict.fromkeys(_lack(lack) for lack in catalogue.lacks)  # a thing that is gone lacks every right
    if not by_target and not catalogue.lacks:
        yield ok(_GRANTS, "nothing for anon, authenticated or public; service_role has what the code needs")


def _lack(lack: Lack) -> Finding:
    need = lack.need
    right = f"{need.right} ({need.column})" if need.column else need.right
    if not lack.exists:
        gone = f"{need.kind} {need.target}{f' ({need.column})' if need.column else ''}, or the role service_role,"
        return problem(
            _GRANTS, f"{gone} is not there", "./monitor migrate; if it was removed by hand, restore a backup"
        )
    return problem(
        _GRANTS,
        f"service_role lacks {right} on {need.kind} {need.target}",
        f"grant {right} on {need.kind} {need.target} to service_role;",
    )
