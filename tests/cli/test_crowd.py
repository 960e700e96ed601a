"""Everybody at once, on several processes: each answer is right, and one hour is one snapshot."""

from pathlib import Path

import psycopg

from tests import crowd


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
