"""A whole database as one file, and back: Postgres' own programs do it, here they are chosen, called and checked."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path

import psycopg
from psycopg.pq import Conninfo

from lib.errors import ConfigurationError, InvalidInput, MonitorError, Unavailable
from lib.local import binaries, cluster

SCHEMAS = ("public", "private", "demo")  # a hosted project has more, which are the platform's
_MAJORS = (binaries.OLDEST, binaries.NEWEST)
# What a database has from the start, and says in another way on another platform.
_NOT_OURS = re.compile(r"\d+; \d+ \d+ (?:DEFAULT ACL |(?:SCHEMA|COMMENT|ACL) - (?:SCHEMA )?public )")
_RIGHTS = re.compile(r"\d+; \d+ \d+ ACL ")
# A hosted project gives rights on everything that is made in it; only those that were saved shall be there.
_NOBODY = "".join(
    f"revoke all on all {kind} in schema {schema} from public, anon, authenticated, service_role;\n"
    for schema in SCHEMAS[:2]
    for kind in ("tables", "sequences", "functions")
)


class BackupFailed(MonitorError):
    """One of Postgres' programs refused; the message is its own."""

    code = "backup_failed"


def save(dsn: str, to: Path) -> None:
    """Write the database into a new file that is its owner's alone: one consistent instant, whole or not at all.

    Runs may go on meanwhile.
    Raises: InvalidInput where the file is there or cannot be made, or nothing is stored; BackupFailed;
    ConfigurationError; Unavailable.
    """
    if to.exists():
        raise InvalidInput(str(to), "is there already, and nothing is overwritten")
    if _is_empty(dsn):
        raise InvalidInput("database", "it holds nothing yet")
    part = to.with_name(f"{to.name}.part")
    schemas = [f"--schema={schema}" for schema in SCHEMAS]
    tool = _tool(dsn, "pg_dump")
    try:
        part.unlink(missing_ok=True)
        part.touch(mode=0o600, exist_ok=False)
        _run(dsn, tool, "--format=custom", "--no-owner", *schemas, f"--file={part.resolve()}")
        part.rename(to)
    except OSError as error:
        raise InvalidInput(str(to), error.strerror or "cannot be written") from None
    finally:
        part.unlink(missing_ok=True)


def bring_back(dsn: str, file: Path) -> None:
    """Make an empty database what `file` holds, in one transaction.

    Raises: InvalidInput where the database is not empty, or the file is no backup; BackupFailed; Unavailable.
    """
    if not file.is_file():
        raise InvalidInput(str(file), "no such file")
    if not _is_empty(dsn):
        raise InvalidInput("database", "it has its tables already: a backup is restored into an empty one")
    listed = _run(dsn, _tool(dsn, "pg_restore"), "--list", str(file.resolve())).splitlines()
    ours = [line for line in listed if not line.startswith(";") and not _NOT_OURS.match(line)]
    with tempfile.TemporaryDirectory() as folder:
        scripts = [
            _script(dsn, file, Path(folder) / "things", [line for line in ours if not _RIGHTS.match(line)]),
            Path(folder) / "nobody.sql",
            _script(dsn, file, Path(folder) / "rights", [line for line in ours if _RIGHTS.match(line)]),
        ]
        scripts[1].write_text(_NOBODY)
        strictly = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1")
        _run(dsn, _tool(dsn, "psql"), *strictly, *(f"--file={script}" for script in scripts))


def _is_empty(dsn: str) -> bool:
    query = "select to_regclass('public.accounts') is null and to_regclass('private.migrations') is null"
    with _connected(dsn) as connection:
        return connection.execute(query).fetchone() == (True,)


def _script(dsn: str, file: Path, name: Path, lines: list[str]) -> Path:
    """Write out of a backup the statements that these lines of its contents stand for."""
    contents, script = name.with_suffix(".list"), name.with_suffix(".sql")
    contents.write_text("\n".join(lines))
    chosen = (f"--use-list={contents}", f"--file={script}", "--no-owner")
    _run(dsn, _tool(dsn, "pg_restore"), *chosen, str(file.resolve()))
    return script


def _run(dsn: str, program: Path, *arguments: str) -> str:
    """Run a program; the address goes through its environment, because arguments can be seen by everybody."""
    environment = cluster.environment() | {"HOME": str(Path.home())} | _environment(dsn)  # where a .pgpass may be
    done = subprocess.run(
        [program, *arguments], env=environment, stdin=subprocess.DEVNULL, capture_output=True, check=False
    )
    if done.returncode:
        raise BackupFailed(f"{program.name}: {done.stderr.decode(errors='replace').strip()[-1000:]}")
    return done.stdout.decode()


def _environment(dsn: str) -> dict[str, str]:
    """Return the variables by which libpq knows what the address says."""
    return {
        option.envvar.decode(): option.val.decode()
        for option in Conninfo.parse(dsn.encode())
        if option.envvar and option.val
    }


def _tool(dsn: str, name: str) -> Path:
    """Choose the program: the wheel's speaks no TLS, so it is for a database on this machine alone.

    Raises: ConfigurationError naming what to install.
    """
    with _connected(dsn) as connection:
        major, host = connection.info.server_version // 10_000, connection.info.host
    fitting = [known for known in _MAJORS if known >= major]
    if fitting and _is_here(host):
        bundled = binaries.find(fitting[0]).program(name)
        if bundled.exists():
            return bundled
    found = shutil.which(name)
    if found is None:
        raise ConfigurationError(
            f"{name} is not installed, and a database elsewhere takes the system's: install PostgreSQL's client "
            f"programs, version {major} or newer (on Debian and Ubuntu the package postgresql-client)"
        )
    return Path(found)


def _is_here(host: str) -> bool:
    if not host or host.startswith("/") or host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


@contextmanager
def _connected(dsn: str) -> Iterator[psycopg.Connection]:
    try:
        connection = psycopg.connect(dsn, connect_timeout=10, autocommit=True)
    except psycopg.OperationalError as error:
        raise Unavailable(f"cannot reach the database: {str(error).strip()}") from error
    with connection:
        yield connection
