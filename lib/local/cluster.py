"""A data folder of the embedded server: its files, its settings, and how it is made."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from lib.errors import ConfigurationError, MonitorError
from lib.local.binaries import Binaries
from lib.local.identity import Home, launching

SUPERUSER = "postgres"
MAX_CONNECTIONS = 40
_INITDB_TIMEOUT_S = 120


class ServerFailed(MonitorError):
    """The embedded server could not be started or stopped; the message ends with what it logged."""

    code = "embedded_postgres_failed"


@dataclass(frozen=True, slots=True)
class Files:
    """Where things lie in a server's folder."""

    folder: Path

    @property
    def cluster(self) -> Path:
        """Postgres' own data folder."""
        return self.folder / "cluster"

    @property
    def pid_file(self) -> Path:
        """What Postgres writes while it runs."""
        return self.cluster / "postmaster.pid"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.folder / "server.log"

    @property
    def door(self) -> Path:
        """Locked by whoever starts, joins or stops the server at the moment."""
        return self.folder / "door.lock"

    @property
    def users(self) -> Path:
        """Locked, shared, by every process that uses the server."""
        return self.folder / "users.lock"

    @property
    def alive(self) -> Path:
        """Locked by the server's own processes, down to the last one."""
        return self.folder / "alive.lock"


def prepare(home: Home, *, durable: bool) -> Files:
    """Make the data folder if there is none. Retry: safe, a folder half made is begun anew.

    Raises: ConfigurationError where another major version made it; ServerFailed.
    """
    files = Files(home.folder)
    version = files.cluster / "PG_VERSION"
    if version.exists():
        _check_major(version.read_text().strip(), home.binaries, files)
        return files
    unfinished = home.folder / "cluster.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    initdb = [
        *("-D", str(unfinished), "-U", SUPERUSER, "--auth=trust", "--encoding=UTF8", "--locale=C"),
        *("--no-instructions", *(() if durable else ("--no-sync",))),
    ]
    command = launching(home.identity, "attached", home.binaries.program("initdb"), *initdb)
    done = subprocess.run(
        command, cwd="/", env=environment(), capture_output=True, text=True, check=False, timeout=_INITDB_TIMEOUT_S
    )
    if done.returncode:
        raise ServerFailed(f"initdb failed in {home.folder}: {done.stderr.strip()[-1000:]}")
    unfinished.rename(files.cluster)
    return files


def environment() -> dict[str, str]:
    """Return what the server's processes see: none of our settings, none of our secrets."""
    return {"PATH": os.defpath, "LC_ALL": "C", "TZ": "UTC"}


def settings(major: int, socket_folder: Path, *, durable: bool, more: Mapping[str, str]) -> list[str]:
    """Return the server's command-line settings: small, quiet, one private socket, no network."""
    chosen = {
        "listen_addresses": "",
        "unix_socket_directories": str(socket_folder),
        "unix_socket_permissions": "0700",
        "max_connections": str(MAX_CONNECTIONS),
        "shared_buffers": "32MB",
        "max_wal_size": "256MB",
        "wal_level": "minimal",
        "max_wal_senders": "0",
        "max_logical_replication_workers": "0",
        "max_parallel_workers": "0",
        "max_parallel_workers_per_gather": "0",
        "autovacuum_max_workers": "1",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_min_messages": "log",  # starts, stops, crashes; what a query did wrong is its caller's to report
        "log_min_error_statement": "panic",  # and a statement's text never reaches the file
        "log_checkpoints": "off",
    }
    if major >= 18:  # noqa: PLR2004  the version that brought it
        chosen["io_method"] = "sync"  # no extra processes
    if not durable:
        chosen |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
    return [text for name, value in (chosen | dict(more)).items() for text in ("-c", f"{name}={value}")]


def _check_major(found: str, binaries: Binaries, files: Files) -> None:
    if found == str(binaries.major):
        return
    raise ConfigurationError(
        f"{files.cluster} was made by PostgreSQL {found}, and this release runs PostgreSQL {binaries.major}. "
        "Carry it over: with the release that made it, `./monitor backup monitor.dump`, and keep ENCRYPTION_KEY; "
        f"then `mv {files.folder} {files.folder}-{found}`, and with this release `./monitor restore monitor.dump`"
    )
