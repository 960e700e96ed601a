"""The embedded Postgres: the first process that needs it starts it, the last one that does stops it."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from lib.errors import ConfigurationError
from lib.local import binaries, cluster, identity, locks
from lib.local.cluster import Files, ServerFailed
from lib.local.identity import Home

_SOCKET_PREFIX = "monitor-pg-"
_SOCKET_PATH_LIMIT = 100  # bytes; the systems' own limits begin at 104
_START_S, _STOP_S, _KILL_S = 60.0, 20.0, 5.0
_POLL_S = 0.005
_LOG_LIMIT = 1_000_000


@dataclass(frozen=True, slots=True)
class Server:
    """A running server that this process uses."""

    pid: int
    socket_folder: Path
    log: Path
    notice: str | None = None  # what a person should be told about how it runs

    def dsn(self, database: str) -> str:
        """Return the connection string of one of its databases."""
        return f"postgresql://{cluster.SUPERUSER}@/{quote(database)}?host={quote(str(self.socket_folder), safe='')}"


def listens(server: Server) -> bool:
    """Tell whether the server is still there: its socket takes a call, be it one of a recovery."""
    return _is_open(server.socket_folder)


@contextmanager
def running(
    data_dir: Path, *, durable: bool, major: int = binaries.NEWEST, settings: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """Use the server of `data_dir`: start it or join it, and stop it if nobody else is left at the end.

    Blocks for up to a second; call it from a thread where an event loop waits. A server or a process that was killed
    leaves nothing that the next call does not put right. `durable=False` turns fsync off: tests and demo only.
    Raises: ConfigurationError, ServerFailed.
    """
    home = identity.settle(data_dir, binaries.find(major))
    with use(home, durable=durable, settings=settings or {}) as server:
        yield server


@contextmanager
def use(home: Home, *, durable: bool, settings: Mapping[str, str]) -> Iterator[Server]:
    """Do what `running` does in a home that is already chosen."""
    files = Files(home.folder)
    with locks.held(files.door):
        membership = locks.take(files.users, shared=True)
        assert membership is not None  # it was waited for
        try:
            server = _join(files, home.notice, durable=durable) or _start(home, durable=durable, settings=settings)
        except BaseException:
            os.close(membership)
            raise
    try:
        yield server
    finally:
        with locks.held(files.door):
            os.close(membership)
            if locks.is_free(files.users):
                _stop(files)


def _join(files: Files, notice: str | None, *, durable: bool) -> Server | None:
    """Return the server that runs already, or None once it is certain that none does."""
    deadline = time.monotonic() + _STOP_S
    while not locks.is_free(files.alive):
        if (server := _answering(files, notice)) is not None:
            if durable and "fsync=off" in (files.cluster / "postmaster.opts").read_text():
                raise ConfigurationError(
                    f"the server of {files.folder} runs without fsync, as in demo mode: stop its process first"
                )
            return server
        if time.monotonic() > deadline:
            raise ServerFailed(f"what is left of the server in {files.folder} does not end{_last_words(files)}")
        time.sleep(_POLL_S)
    return None


def _start(home: Home, *, durable: bool, settings: Mapping[str, str]) -> Server:
    files = cluster.prepare(home, durable=durable)
    socket_folder = _sweep(files) or _socket_folder(home)
    alive = locks.take(files.alive, wait=False)
    assert alive is not None  # `_join` saw it free, and the door is ours
    arguments = cluster.settings(home.binaries.major, socket_folder, durable=durable, more=settings)
    program = home.binaries.program("postgres")
    command = identity.launching(home.identity, "detached", program, "-D", str(files.cluster), *arguments)
    try:
        with files.log.open("ab") as log:
            subprocess.run(
                command,
                cwd="/",
                env=cluster.environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(alive,),  # the server holds the lock for as long as one of its processes lives
                check=True,
            )
    finally:
        os.close(alive)
    try:
        return _ready(files, home.notice)
    except ServerFailed:
        _remove_socket_folder(socket_folder)
        raise


def _ready(files: Files, notice: str | None) -> Server:
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline:
        if (server := _answering(files, notice)) is not None:
            return server
        if locks.is_free(files.alive):
            break
        time.sleep(_POLL_S)
    raise ServerFailed(f"the embedded Postgres did not start in {files.folder}{_last_words(files)}")


def _stop(files: Files) -> None:
    """Stop the server, politely first."""
    found = _read_pid_file(files)
    for how, patience_s in ((signal.SIGINT, _STOP_S), (signal.SIGQUIT, _KILL_S), (signal.SIGKILL, _KILL_S)):
        if found is None or _wait_until_free(files.alive, 0):
            break
        with suppress(ProcessLookupError):
            os.kill(found[0], how)
        if _wait_until_free(files.alive, patience_s):
            break
    if not locks.is_free(files.alive):
        raise ServerFailed(f"the embedded Postgres in {files.folder} does not stop{_last_words(files)}")
    if found is not None:
        _remove_socket_folder(found[1])


def _wait_until_free(lock: Path, patience_s: float) -> bool:
    deadline = time.monotonic() + patience_s
    while not (free := locks.is_free(lock)) and time.monotonic() < deadline:
        time.sleep(_POLL_S)
    return free


def _answering(files: Files, notice: str | None) -> Server | None:
    """Return the server if it says that it is ready and its socket is open."""
    found = _read_pid_file(files)
    if found is None or found[2] != "ready":
        return None
    return Server(found[0], found[1], files.log, notice) if _is_open(found[1]) else None


def _is_open(socket_folder: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        try:
            probe.connect(str(socket_folder / ".s.PGSQL.5432"))
        except OSError:
            return False
    return True


def _read_pid_file(files: Files) -> tuple[int, Path, str] | None:
    """Return process, socket folder and state as Postgres wrote them; None while they are not there."""
    try:
        lines = files.pid_file.read_text().splitlines()
        return int(lines[0]), Path(lines[4].strip()), lines[7].strip()
    except (OSError, IndexError, ValueError):
        return None


def _sweep(files: Files) -> Path | None:
    """Clear away what a killed server left; `alive` was free, so none of its processes is there any more.

    Returns its socket folder, emptied: who still has its address finds the next server there.
    """
    found = _read_pid_file(files)
    if found is None:
        files.pid_file.unlink(missing_ok=True)  # torn, if it is there
    elif Path(f"/proc/{found[0]}").exists() or not Path("/proc").exists():
        files.pid_file.unlink()  # somebody else has that process id now, whom Postgres would take for itself
    if files.log.exists() and files.log.stat().st_size > _LOG_LIMIT:
        files.log.rename(files.log.with_suffix(".log.1"))
    if found is None or not found[1].name.startswith(_SOCKET_PREFIX) or not found[1].is_dir():
        return None
    for name in (".s.PGSQL.5432", ".s.PGSQL.5432.lock"):
        (found[1] / name).unlink(missing_ok=True)
    return found[1]


def _socket_folder(home: Home) -> Path:
    """Make a private folder with a short name: a socket's path has about a hundred bytes."""
    usual = tempfile.gettempdir()
    short = usual if len(os.fsencode(usual)) + len(_SOCKET_PREFIX) + 30 < _SOCKET_PATH_LIMIT else "/tmp"  # noqa: S108
    folder = Path(tempfile.mkdtemp(prefix=_SOCKET_PREFIX, dir=short))
    if home.owner is not None:
        os.chown(folder, *home.owner)
    return folder


def _remove_socket_folder(folder: Path) -> None:
    if folder.name.startswith(_SOCKET_PREFIX):
        shutil.rmtree(folder, ignore_errors=True)


def _last_words(files: Files) -> str:
    try:
        words = files.log.read_text(errors="replace").strip().splitlines()[-5:]
    except OSError:
        return ""
    return ": " + " | ".join(words) if words else ""
