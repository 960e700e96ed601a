"""Everybody at once, on several processes: each answer is right, and one hour is one snapshot."""

import contextlib
import signal
import socket
from pathlib import Path

import httpx
import psycopg

from tests import crowd
from tests.cli.process import PATIENCE_S, running
from tests.local.test_server import address

SLOW = 200  # connections that begin to say something and never end


def test_two_hundred_requests_at_once_are_answered_rightly_and_store_nothing_twice(
    tmp_path: Path, database: str
) -> None:
    came = crowd.come(tmp_path, database)
    assert {(what, answer.status_code) for what, answer in came.answers} == {("collect", 200), ("history", 200)}
    runs = [one for what, answer in came.answers if what == "collect" for one in answer.json()["accounts"]]
    assert {one["status"] for one in runs} <= {"stored", "busy", "fresh"}
    assert any(one["status"] == "stored" for one in runs)
    told: dict[str, set[str]] = {}
    for what, answer in came.answers:
        if what == "history":
            series = answer.json()["series"]
            assert len({len(column) for column in series.values()}) == 1
            for at, nav in zip(series["t"], series["nav"], strict=True):
                told.setdefault(at, set()).add(nav)
    assert all(len(values) == 1 for values in told.values()), "one instant never had two values"
    with psycopg.connect(database) as connection:
        doubled = "select slot from snapshots where complete group by account_id, slot having count(*) > 1"
        assert connection.execute(doubled).fetchall() == []
        (flows,) = connection.execute("select count(*) from flows").fetchone() or (None,)
        assert flows == 0, "nothing came in or went out after the start"
    (recomputed,) = came.recomputed["accounts"]
    assert {recomputed[name] for name in ("changed_rows", "changed_events")} == {0}
    assert came.grown_kb < 30_000


def test_who_is_slow_keeps_nobody_waiting(tmp_path: Path, own: dict[str, str]) -> None:
    halves = (
        b"GET /api/health HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: ",
        b"POST /api/session HTTP/1.1\r\nContent-Length: 99\r\n\r\n{",
    )
    with running(tmp_path, "serve", prints=True, PORT="0", **own) as server, contextlib.ExitStack() as stack:
        url = httpx.URL(address(server))
        for number in range(SLOW):
            slow = stack.enter_context(socket.create_connection((url.host, url.port or 80)))
            slow.sendall(halves[number % 2])
        assert {httpx.get(f"{url}/api/health", timeout=PATIENCE_S).status_code for _ in range(5)} == {200}
        assert server.stop(signal.SIGTERM) == 0
