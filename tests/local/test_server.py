"""`./monitor serve` as a real process: it answers at once, builds, stops when told, and leaves nothing behind."""

import re
import signal
import socket
from itertools import pairwise
from pathlib import Path

import httpx
import pytest

from lib.errors import ConfigurationError
from lib.local import binaries, identity, locks
from lib.local.cluster import Files
from lib.local.server import listen
from tests.cli.process import Running, run, running

RUNS = 501
PATIENT = httpx.Timeout(30.0)


def is_stopped(home: Path) -> bool:
    """Tell whether the embedded server was there and is gone with all of its processes."""
    settled = identity.settle(home / "data" / "demo", binaries.find(binaries.NEWEST))
    return Files(settled.folder).users.exists() and locks.is_free(Files(settled.folder).alive)


def address(server: Running) -> str:
    found = re.search(r"http://127\.0\.0\.1:[1-9]\d*", server.until("Serving on"))
    assert found
    return found.group(0)


def get(url: str) -> httpx.Response:
    return httpx.get(url, timeout=PATIENT)


def ended_well(server: Running, *signals: int) -> None:
    code = server.stop(*signals)
    assert (code, server.told[-1]) == (0, "Stopped.")
    assert not [line for line in server.told if "Traceback" in line or "Error" in line]


def steps(server: Running) -> list[int]:
    found = [re.search(rf"history: (\d+) of {RUNS} runs", line) for line in server.told]
    return [int(match.group(1)) for match in found if match]


def test_a_demo_is_interrupted_goes_on_where_it_was_and_comes_back_with_its_data(tmp_path: Path) -> None:
    with running(tmp_path, "serve", PORT="0") as server:
        url = address(server)
        assert server.told[0].startswith("Demo mode")
        assert get(url).text.lstrip().startswith("<!doctype html>"), "the page is there from the first second"
        first = get(f"{url}/api/health")
        assert first.status_code in (200, 503)
        server.until(f"100 of {RUNS}")
        building = get(f"{url}/api/demo").json()["building"]
        assert 100 <= building["done"] < building["total"] == RUNS
        assert get(f"{url}/api/accounts").status_code == 200, "it answers while it builds"
        ended_well(server, signal.SIGINT)
        reached = steps(server)[-1]
    assert is_stopped(tmp_path)

    with running(tmp_path, "serve", PORT="0") as server:
        url = address(server)
        server.until("Collecting every minute")
        counts = steps(server)
        assert counts[0] >= reached, "nothing is built twice"
        assert counts[-1] == RUNS
        assert all(before < after for before, after in pairwise(counts))
        assert get(f"{url}/api/demo").json()["building"] is None
        assert any(get(f"{url}/api/health").json()["status"] == "ok" for _ in range(2000)), "it goes on collecting"
        before = get(f"{url}/api/history?account=all&points=2000").json()
        assert len(before["series"]["t"]) >= RUNS
        assert len(get(f"{url}/api/accounts").json()["accounts"]) == 3
        ended_well(server, signal.SIGTERM)
    assert is_stopped(tmp_path), "SIGTERM once left the embedded Postgres behind"

    with running(tmp_path, "serve", PORT="0") as server:
        url = address(server)
        server.until("Collecting every minute")
        assert steps(server) == [], "the second start finds its history"
        after = get(f"{url}/api/history?account=all&points=2000").json()
        assert after["inception"] == before["inception"]
        assert after["series"]["nav"][:RUNS] == before["series"]["nav"][:RUNS]
        ended_well(server, signal.SIGINT, signal.SIGINT, signal.SIGTERM)
    assert is_stopped(tmp_path)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_told_to_stop_while_postgres_starts_it_leaves_none_running(tmp_path: Path, number: int) -> None:
    with running(tmp_path, "serve", PORT="0") as server:
        address(server)
        ended_well(server, number)
    assert is_stopped(tmp_path)


def test_it_once_listened_on_no_address_of_ipv6() -> None:
    if not has_ipv6():
        with pytest.raises(ConfigurationError, match="cannot listen on ::1:0"):
            listen("::1", 0)
        return
    with listen("::1", 0) as listening:
        assert listening.family is socket.AF_INET6


def has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as found:
            found.bind(("::1", 0))
    except OSError:
        return False
    return True


def test_a_taken_port_is_named_with_what_to_do_and_nothing_is_begun(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run(tmp_path, "serve", PORT=str(port))
    assert done.returncode == 2
    assert (
        done.stderr.splitlines()[-1] == f"monitor: port {port} is taken: stop what uses it, or set PORT to another one"
    )
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_host_that_is_not_ours_is_named(tmp_path: Path) -> None:
    done = run(tmp_path, "serve", PORT="0", HOST="192.0.2.1")
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1].startswith("monitor: cannot listen on 192.0.2.1:0: ")


def test_a_missing_setting_ends_it_with_its_name(tmp_path: Path) -> None:
    done = run(tmp_path, "serve", PORT="0", DEMO_MODE="false")
    assert done.returncode == 2
    assert "ENCRYPTION_KEY is not set" in done.stderr.splitlines()[-1]
    assert "Demo mode" not in done.stderr


def test_no_part_of_an_answer_waits_for_the_receipt_of_the_one_before() -> None:
    with listen("127.0.0.1", 0) as listening, socket.create_connection(listening.getsockname()):
        answering, _ = listening.accept()
        with answering:
            assert answering.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
