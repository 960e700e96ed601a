"""The embedded server: shared by processes, stopped by the last, and put right after anything was killed."""

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import psycopg
import pytest

from lib.errors import ConfigurationError
from lib.local import binaries, cluster, identity, locks, postgres
from lib.local.cluster import Files
from lib.local.identity import Home
from lib.local.postgres import Server

ROOT = Path(__file__).parents[2]
USER = """
import sys
from pathlib import Path
import psycopg
from lib.local import postgres
try:
    with postgres.running(Path(sys.argv[1]), durable=False) as server:
        try:
            print(server.pid, flush=True)  # from here on it may be interrupted
            sys.stdin.readline()
        finally:
            with psycopg.connect(server.dsn("postgres")) as connection:
                connection.execute("create table if not exists marks (text text)")
                connection.execute("insert into marks values ('served to the end')")
except KeyboardInterrupt:
    print("interrupted", flush=True)
"""


class OtherProcess:
    """Another process that uses the server of a folder until it is told to go."""

    def __init__(self, data_dir: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", USER, str(data_dir)],
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # a group of its own, to be interrupted as a terminal would
        )

    def server_pid(self) -> int:
        assert self._process.stdout is not None
        return int(self._process.stdout.readline())

    def interrupt_group(self) -> str:
        os.killpg(self._process.pid, signal.SIGINT)
        return self._process.communicate(timeout=30)[0]

    def leave(self) -> int:
        self._process.communicate("\n", timeout=30)
        return self._process.returncode

    def kill(self) -> None:
        self._process.kill()
        self._process.communicate(timeout=30)


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A folder whose server is gone after the test, whatever the test did to it."""
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder) / "postgres"
        with suppress(OSError, ValueError, IndexError):
            os.kill(int(Files(Path(folder) / "postgres").pid_file.read_text().splitlines()[0]), signal.SIGQUIT)


def ask(server: Server, query: str) -> str:
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        row = connection.execute(query.encode()).fetchone()
    return str(row[0]) if row else ""


def tell(server: Server, statement: str) -> None:
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        connection.execute(statement.encode())


def gone(data_dir: Path) -> bool:
    return locks.is_free(Files(data_dir).alive)


def wait_until_gone(data_dir: Path) -> None:
    held = locks.take(Files(data_dir).alive)  # comes with the end of the last of its processes
    assert held is not None
    os.close(held)


def test_it_starts_keeps_its_data_and_leaves_nothing_behind(data_dir: Path) -> None:
    with postgres.running(data_dir, durable=True) as server:
        tell(server, "create table kept as select 1 as one")
        assert ask(server, "show fsync") == "on"
        assert ask(server, "show listen_addresses") == ""
        assert stat.S_IMODE(server.socket_folder.stat().st_mode) == 0o700
        assert stat.S_IMODE(Files(data_dir).cluster.stat().st_mode) == 0o700
    assert gone(data_dir)
    assert not server.socket_folder.exists()
    with postgres.running(data_dir, durable=True) as server:
        assert ask(server, "select one from kept") == "1"


def test_only_what_may_be_lost_runs_without_fsync(data_dir: Path) -> None:
    with postgres.running(data_dir, durable=False) as server:
        assert ask(server, "show fsync") == "off"
        with (
            pytest.raises(ConfigurationError, match="without fsync"),
            postgres.running(data_dir, durable=True),
        ):
            pytest.fail("joined a server that may lose data")
        assert ask(server, "select 1") == "1"


def test_the_last_user_stops_it_not_the_first(data_dir: Path) -> None:
    other = OtherProcess(data_dir)
    started = other.server_pid()
    with postgres.running(data_dir, durable=False) as server:
        assert server.pid == started
        assert other.leave() == 0
        assert ask(server, "select text from marks") == "served to the end"
    assert gone(data_dir)


def test_one_process_may_use_it_twice(data_dir: Path) -> None:
    with postgres.running(data_dir, durable=False) as first:
        with postgres.running(data_dir, durable=False) as second:
            assert first.pid == second.pid
        assert ask(first, "select 1") == "1"


def test_processes_that_start_at_once_share_one_server(data_dir: Path) -> None:
    others = [OtherProcess(data_dir) for _ in range(4)]
    assert len({other.server_pid() for other in others}) == 1
    assert [other.leave() for other in others] == [0] * 4
    assert gone(data_dir)


def test_a_killed_owner_leaves_a_server_that_the_next_one_joins_and_stops(data_dir: Path) -> None:
    other = OtherProcess(data_dir)
    left_behind = other.server_pid()
    other.kill()
    with postgres.running(data_dir, durable=False) as server:
        assert server.pid == left_behind
        assert ask(server, "select 1") == "1"
    assert gone(data_dir)


def test_a_killed_server_is_recovered_with_all_that_was_committed(data_dir: Path) -> None:
    with postgres.running(data_dir, durable=True) as server:
        tell(server, "create table kept as select 1 as one")
        os.kill(server.pid, signal.SIGKILL)
        wait_until_gone(data_dir)
        with postgres.running(data_dir, durable=True) as recovered:
            assert recovered.pid != server.pid
            assert ask(recovered, "select one from kept") == "1"
            assert ask(server, "select one from kept") == "1"  # whoever has the old address is served again
    assert not server.socket_folder.exists()


def test_owner_and_server_killed_at_once_are_recovered_from(data_dir: Path) -> None:
    other = OtherProcess(data_dir)
    pid = other.server_pid()
    other.kill()
    os.kill(pid, signal.SIGKILL)
    with postgres.running(data_dir, durable=False) as server:
        assert server.pid != pid
        assert ask(server, "select 1") == "1"


@pytest.mark.parametrize("line", ["own pid", "torn", "empty"])
def test_a_stale_pid_file_does_not_keep_it_from_starting(data_dir: Path, line: str) -> None:
    with postgres.running(data_dir, durable=False) as server:
        text = Files(data_dir).pid_file.read_text()
    stale = {"own pid": text.replace(str(server.pid), str(os.getpid()), 1), "torn": text[:12], "empty": ""}
    Files(data_dir).pid_file.write_text(stale[line])
    server.socket_folder.mkdir()  # as a killed server leaves it
    (server.socket_folder / ".s.PGSQL.5432").touch()
    with postgres.running(data_dir, durable=False) as again:
        assert ask(again, "select 1") == "1"
    shutil.rmtree(server.socket_folder, ignore_errors=True)


def test_an_initdb_that_was_cut_off_is_begun_anew(data_dir: Path) -> None:
    (data_dir / "cluster.unfinished" / "base").mkdir(parents=True)
    with postgres.running(data_dir, durable=False) as server:
        assert ask(server, "select 1") == "1"
    assert not (data_dir / "cluster.unfinished").exists()


def test_an_interrupt_of_the_terminal_reaches_us_and_not_the_server(data_dir: Path) -> None:
    other = OtherProcess(data_dir)
    other.server_pid()
    assert other.interrupt_group() == "interrupted\n"
    with postgres.running(data_dir, durable=False) as server:
        assert ask(server, "select text from marks") == "served to the end"


def test_data_of_another_major_version_are_refused_with_what_to_do(data_dir: Path) -> None:
    with postgres.running(data_dir, durable=False, major=binaries.OLDEST):
        pass
    refused = pytest.raises(
        ConfigurationError, match=rf"made by PostgreSQL {binaries.OLDEST}.*monitor backup.*monitor restore"
    )
    with refused, postgres.running(data_dir, durable=False):
        pytest.fail("started on data of another major version")
    with postgres.running(data_dir, durable=False, major=binaries.OLDEST) as server:
        assert ask(server, "select 1") == "1"


def test_a_server_that_cannot_start_says_why_and_can_be_started_later(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(data_dir.parent))
    wrong = {"shared_buffers": "nonsense"}
    failing = pytest.raises(cluster.ServerFailed, match="shared_buffers")
    with failing, postgres.running(data_dir, durable=False, settings=wrong):
        pytest.fail("started with nonsense")
    assert list(data_dir.parent.glob("monitor-pg-*")) == []
    with postgres.running(data_dir, durable=False) as server:
        assert ask(server, "select 1") == "1"


def test_a_long_path_with_spaces_is_no_obstacle(data_dir: Path) -> None:
    with postgres.running(data_dir / ("long name " * 12) / "data", durable=False) as server:
        assert ask(server, "select 1") == "1"


def test_the_server_sees_none_of_our_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENCRYPTION_KEY", "s3cret")
    monkeypatch.setenv("PGDATA", "/elsewhere")
    assert set(cluster.environment()) == {"PATH", "LC_ALL", "TZ"}


def test_a_missing_wheel_is_named_with_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(binaries, "find_spec", lambda name: None)
    with pytest.raises(ConfigurationError, match=r"requirements-local\.txt"):
        binaries.find(binaries.NEWEST)


@contextmanager
def as_it_comes() -> Iterator[Home]:
    with tempfile.TemporaryDirectory() as folder:
        yield identity.settle(Path(folder) / "postgres", binaries.find(binaries.NEWEST))


@contextmanager
def apart() -> Iterator[Home]:
    """What root gets where user namespaces are refused; the state folder is one that everybody can reach."""
    with tempfile.TemporaryDirectory() as folder:
        state = Path(folder)
        state.chmod(0o755)
        yield identity.settle_apart(state / "postgres", binaries.find(binaries.NEWEST), state)


@contextmanager
def apart_from_private_programs() -> Iterator[Home]:
    """The same where the programs lie in a home that nobody else may enter."""
    wheel = binaries.find(binaries.NEWEST)
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as private:
        state = Path(folder)
        state.chmod(0o755)
        yield identity.settle_apart(state / "postgres", binaries.copy(wheel, Path(private) / "copy"), state)


HOMES = (
    [as_it_comes, apart, apart_from_private_programs] if os.geteuid() == 0 else [as_it_comes]
)  # only root ever has to give way


@pytest.mark.parametrize("choose", HOMES)
def test_no_permission_of_a_folder_that_is_not_ours_changes(choose: Callable[[], AbstractContextManager[Home]]) -> None:
    programs = binaries.find(binaries.NEWEST).folder
    watched = [programs, *programs.parents, Path(tempfile.gettempdir())]
    before = [(path.stat().st_mode, path.stat().st_uid) for path in watched]
    with choose() as home, postgres.use(home, durable=False, settings={}) as server:
        assert ask(server, "select 1") == "1"
        assert (home.notice is None) == (home.owner is None)
    assert [(path.stat().st_mode, path.stat().st_uid) for path in watched] == before
