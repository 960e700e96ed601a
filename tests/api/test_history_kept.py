"""GET /api/history as a browser keeps it and as a spreadsheet reads it: tags, 304, and CSV."""

import csv
import io
from datetime import datetime, timedelta
from decimal import Decimal

import httpx
import pytest

from tests.api.conftest import COARSE_MINUTES, LIVED, call, problem
from tests.spine import BORN_AT, Spine


async def ask(spine: Spine, query: str, tag: str | None = None, method: str = "GET") -> httpx.Response:
    headers = {"If-None-Match": tag} if tag is not None else {}
    return await call(spine.wired, "history", query, method=method, headers=headers)


def asked(spine: Spine) -> list[str]:
    names = [one.path.rpartition("/")[2] for one in spine.to_store.calls]
    spine.to_store.clear()
    return names


@pytest.mark.parametrize(
    "query", ["account=main&range=7d", "account=all", "account=spot&benchmark=BTC", "account=main&format=csv"]
)
async def test_what_still_holds_costs_one_small_call(lived: Spine, query: str) -> None:
    first = await ask(lived, query)
    assert first.headers["cache-control"] == "private, no-cache"
    lived.to_store.clear()
    for tag in (first.headers["etag"], first.headers["etag"].removeprefix("W/"), f'"x", {first.headers["etag"]}'):
        again = await ask(lived, query, tag)
        assert (again.status_code, again.content) == (304, b"")
        assert (again.headers["etag"], again.headers["cache-control"]) == (first.headers["etag"], "private, no-cache")
        assert datetime.fromisoformat(again.headers["x-now"]) == lived.wired.clock.now()
        assert sum(len(name) + len(value) + 4 for name, value in again.headers.raw) < 1024
        assert asked(lived) == ["read_editions"]
    assert (await ask(lived, query, first.headers["etag"], "HEAD")).status_code == 304


async def test_an_answer_is_compressed_for_who_takes_it_and_keeps_its_tag(lived: Spine) -> None:
    plain, packed, head = [
        await call(lived.wired, "history", "account=main", method=method, headers={"Accept-Encoding": coding})
        for method, coding in (("GET", "identity"), ("GET", "br, gzip"), ("HEAD", "gzip"))
    ]
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == head.headers["content-encoding"] == "gzip"
    assert packed.num_bytes_downloaded < len(plain.content) / 2
    assert packed.content == plain.content
    assert int(head.headers["content-length"]) == int(packed.headers["content-length"]) == packed.num_bytes_downloaded
    assert {one.headers["etag"] for one in (plain, packed, head)} == {plain.headers["etag"]}
    assert {one.headers["vary"] for one in (plain, packed, head)} == {"Accept-Encoding"}


async def test_another_question_has_another_tag(lived: Spine) -> None:
    queries = ["account=main", "account=spot", "account=all", "account=main&range=7d", "account=main&points=9"]
    queries += ["account=main&benchmark=BTC", "account=main&format=csv", "account=main&to=2026-08-29T00:00:00Z"]
    tags = {query: (await ask(lived, query)).headers["etag"] for query in queries}
    assert len(set(tags.values())) == len(queries)
    assert (await ask(lived, "account=main", tags["account=spot"])).status_code == 200
    same = await ask(lived, "range=7d&account=main", tags["account=main&range=7d"])
    assert same.status_code == 304, "the order of parameters says nothing"


async def test_a_new_snapshot_a_name_and_a_new_account_of_the_same_id_make_another_tag(spine: Spine) -> None:
    await spine.collect()
    tags = {name: (await ask(spine, f"account={name}")).headers["etag"] for name in ("main", "spot", "all")}
    body = {"account": "spot", "name": "Savings"}
    assert (await call(spine.wired, "accounts", method="PATCH", json=body)).status_code == 200
    assert (await ask(spine, "account=main", tags["main"])).status_code == 304, "another account's name changes nothing"
    for name in ("spot", "all"):
        answer = await ask(spine, f"account={name}", tags[name])
        assert (answer.status_code, answer.headers["etag"] == tags[name]) == (200, False)
    spine.clock.set(spine.now + timedelta(hours=1))
    await spine.collect()
    assert len((await ask(spine, "account=main", tags["main"])).json()["series"]["t"]) == 2


async def test_an_account_that_is_unknown_or_hidden_behind_a_tag_is_told_apart(lived: Spine) -> None:
    problem(await ask(lived, "account=nobody", 'W/"x"'), 404, "not_found")
    problem(await ask(lived, "account=main&range=2d", 'W/"x"'), 400, "invalid_input")


async def test_a_table_has_every_snapshot_with_money_as_stored(lived: Spine) -> None:
    answer = await ask(lived, "account=spot&format=csv")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
    assert answer.headers["content-disposition"] == 'attachment; filename="history-spot.csv"'
    heads, *rows = csv.reader(io.StringIO(answer.text))
    assert heads == [
        *("time", "nav_usd", "benchmark_usd", "nav_index", "benchmark_index"),
        *("drawdown", "benchmark_drawdown", "flow_usd"),
    ]
    (stored,) = await lived.wired.store.history("spot")
    assert [datetime.fromisoformat(row[0]) for row in rows] == [row.at for row in stored.rows]
    assert [Decimal(row[1]) for row in rows] == [row.nav_usd for row in stored.rows]
    assert [Decimal(row[4]) for row in rows] == [row.benchmark_index for row in stored.rows]
    assert sum(Decimal(row[7]) for row in rows) == Decimal("994.53952")
    drawn = (await ask(lived, "account=spot&points=2000")).json()["series"]
    for column, place in (("drawdown", 5), ("benchmark_drawdown", 6)):
        assert [float(row[place]) for row in rows] == pytest.approx(drawn[column], abs=0.5e-4)


@pytest.mark.parametrize("account", ["main", "all"])
async def test_a_table_of_a_range_has_its_rows(lived: Spine, account: str) -> None:
    answer = await ask(lived, f"account={account}&range=24h&format=csv")
    times = [datetime.fromisoformat(row[0]) for row in list(csv.reader(io.StringIO(answer.text)))[1:]]
    assert times[0] == BORN_AT + LIVED - timedelta(days=1)
    assert len(times) == 1 + timedelta(days=1) // timedelta(minutes=COARSE_MINUTES)


async def test_a_table_without_snapshots_has_its_heads(spine: Spine) -> None:
    assert len((await ask(spine, "account=main&format=csv")).text.splitlines()) == 1


@pytest.mark.parametrize(
    ("query", "name"), [("account=main&format=xls", "format"), ("account=main&format=csv&points=9", "points")]
)
async def test_a_form_that_is_not_had_is_refused_by_name(lived: Spine, query: str, name: str) -> None:
    assert name in problem(await ask(lived, query), 400, "invalid_input")["detail"]
