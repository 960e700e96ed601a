"""The log: kept with the commit or not at all, read by filters and cursors, cut once a day."""

import asyncio
from datetime import timedelta

import psycopg
import pytest
from psycopg.types.json import Jsonb

from lib.alert_records import Watched
from lib.domain.requests import LogRequest
from lib.records import Account, LogEntry, LogLimits, StoredLog, VersionMoved
from lib.store.client import SupabaseStore
from lib.store.rows.logs import encode_log
from tests.store.builders import OK, at, complete


def entry(number: int, level: str = "info", event: str = "account.stored", account: str | None = "main") -> LogEntry:
    return LogEntry(at(number), level, event, f"message {number}", account, {"number": number, "list": ["a", None]})


def numbers(logs: tuple[StoredLog, ...]) -> list[object]:
    return [stored.entry.data["number"] for stored in logs]


@pytest.fixture
async def five(store: SupabaseStore, account: Account) -> list[LogEntry]:
    entries = [
        entry(1, event="run.started", account=None),
        entry(2),
        entry(3, "warning", "account.partial"),
        entry(4, "error", "account.failed"),
        entry(5, "debug", "run.finished", account=None),
    ]
    await store.finish("run", {}, entries)
    return entries


async def test_what_a_commit_tells_is_kept_with_it(store: SupabaseStore, account: Account) -> None:
    await store.commit(account, "run", complete(0), OK, [entry(1), entry(2)])
    logs = await store.logs(LogRequest())
    assert [stored.entry for stored in logs] == [entry(2), entry(1)]
    assert {stored.run for stored in logs} == {"run"}


async def test_a_commit_that_is_refused_tells_nothing(store: SupabaseStore, account: Account) -> None:
    await store.commit(account, "first", complete(0), OK)
    with pytest.raises(VersionMoved):
        await store.commit(account, "second", complete(0), OK, [entry(1)])
    assert await store.logs(LogRequest()) == ()


@pytest.mark.parametrize(
    ("request_", "found"),
    [
        pytest.param(LogRequest(), [5, 4, 3, 2, 1], id="all"),
        pytest.param(LogRequest(limit=2), [5, 4], id="newest two"),
        pytest.param(LogRequest(level="warning"), [4, 3], id="warnings and graver"),
        pytest.param(LogRequest(account="main"), [4, 3, 2], id="one account"),
        pytest.param(LogRequest(account="other"), [], id="nobody"),
        pytest.param(LogRequest(event="account"), [4, 3, 2], id="event family"),
        pytest.param(LogRequest(event="account.stored"), [2], id="event"),
        pytest.param(LogRequest(event="accoun"), [], id="no part of a word"),
        pytest.param(LogRequest(event="%"), [], id="no pattern of events"),
        pytest.param(LogRequest(event="account_stored"), [], id="no sign for any"),
        pytest.param(LogRequest(run="run"), [5, 4, 3, 2, 1], id="run"),
        pytest.param(LogRequest(run="another"), [], id="another run"),
        pytest.param(LogRequest(text="MESSAGE 3"), [3], id="text, whatever its case"),
        pytest.param(LogRequest(text="%"), [], id="no pattern"),
    ],
)
async def test_filters(store: SupabaseStore, five: list[LogEntry], request_: LogRequest, found: list[int]) -> None:
    assert numbers(await store.logs(request_)) == found


async def test_cursors_walk_both_ways_and_meet_each_entry_once(store: SupabaseStore, five: list[LogEntry]) -> None:
    newest = await store.logs(LogRequest(limit=2))
    older = await store.logs(LogRequest(limit=2, before=newest[-1].id))
    oldest = await store.logs(LogRequest(limit=2, before=older[-1].id))
    assert numbers(newest) + numbers(older) + numbers(oldest) == [5, 4, 3, 2, 1]
    back = await store.logs(LogRequest(limit=2, after=oldest[-1].id))
    assert numbers(back) == [3, 2]
    assert await store.logs(LogRequest(after=newest[0].id)) == ()


async def test_what_is_told_of_an_account_that_was_erased_meanwhile_is_let_go(store: SupabaseStore) -> None:
    await store.finish("run", {}, [entry(1, account="nobody"), entry(2, account=None)])
    (stored,) = await store.logs(LogRequest())
    assert stored.entry == entry(2, account=None)


async def until_blocked(database: str, task: asyncio.Task[Watched | None]) -> None:
    """Wait until somebody waits for a lock; `task` should be the one."""
    with psycopg.connect(database, autocommit=True) as watch:
        waiting = "select count(*) from pg_locks where not granted"
        for _ in iter(lambda: watch.execute(waiting).fetchone(), (1,)):
            assert not task.done()
            await asyncio.sleep(0)


async def test_who_goes_on_after_the_newest_once_missed_what_was_written_before_it_and_stored_after_it(
    store: SupabaseStore, account: Account, database: str
) -> None:
    with psycopg.connect(database) as slow:
        slow.execute("select private.write_logs('slow', %s)", [Jsonb([encode_log(entry(1))])])
        fast = asyncio.create_task(store.finish("fast", {}, [entry(2)]))
        await until_blocked(database, fast)
        slow.commit()
    await fast
    assert numbers(await store.logs(LogRequest())) == [2, 1]


async def test_a_pause_and_a_run_that_tell_of_one_account_never_wait_for_each_other(
    store: SupabaseStore, account: Account, database: str
) -> None:
    with psycopg.connect(database) as paused:
        paused.execute("select from public.accounts where id = 'main' for update")
        run = asyncio.create_task(store.finish("run", {}, [entry(1)]))
        await until_blocked(database, run)
        paused.execute("select private.write_logs('pause', %s)", [Jsonb([encode_log(entry(2))])])
        paused.commit()
    await run
    assert [stored.id for stored in sorted(await store.logs(LogRequest()), key=lambda one: one.entry.at)] == [2, 1]


async def test_entries_stand_by_their_times_and_cursors_go_by_the_order_of_writing(
    store: SupabaseStore, account: Account
) -> None:
    """A quick account's lines are kept before a slow one's, which were told earlier."""
    for run, told in (("quick", (2, 4)), ("slow", (1, 3)), ("after", (5,))):
        await store.finish(run, {}, [entry(number) for number in told])
    assert numbers(await store.logs(LogRequest())) == [5, 4, 3, 2, 1]
    page = await store.logs(LogRequest(limit=3))
    assert numbers(page) == [5, 3, 1]
    older = await store.logs(LogRequest(before=min(stored.id for stored in page)))
    assert numbers(older) == [4, 2]
    assert numbers(await store.logs(LogRequest(after=max(stored.id for stored in older)))) == [5, 3, 1]


@pytest.mark.parametrize("sign", ["\x00", "\ud800"])
async def test_what_no_text_can_hold_cannot_fail_a_run(store: SupabaseStore, sign: str) -> None:
    kept = {"\x00": "", "\ud800": "?"}[sign]
    await store.finish("run", {}, [LogEntry(at(1), "info", "e", f"a{sign}b", None, {"k": [f"{sign}c"]})])
    (stored,) = await store.logs(LogRequest())
    assert (stored.entry.message, stored.entry.data) == (f"a{kept}b", {"k": [f"{kept}c"]})


async def test_once_a_day_the_log_is_cut_by_age_and_by_number(store: SupabaseStore, five: list[LogEntry]) -> None:
    now = at(3) + timedelta(days=30)
    await store.finish("later", {}, (), now)
    assert numbers(await store.logs(LogRequest())) == [5, 4, 3]
    await store.finish("an hour on", {}, (), now + timedelta(hours=23), LogLimits(entries=1))
    assert numbers(await store.logs(LogRequest())) == [5, 4, 3]
    await store.finish("a day on", {}, (), now + timedelta(days=1), LogLimits(days=60, entries=1))
    assert numbers(await store.logs(LogRequest())) == [5]
