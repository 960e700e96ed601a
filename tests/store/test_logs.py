"""The log: kept with the commit or not at all, read by filters and cursors, cut once a day."""

from datetime import timedelta

import pytest

from lib.domain.requests import LogRequest
from lib.records import Account, LogEntry, LogLimits, StoredLog, VersionMoved
from lib.store.client import SupabaseStore
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


async def test_an_entry_of_an_account_that_is_gone_is_still_kept(store: SupabaseStore) -> None:
    await store.finish("run", {}, [entry(1, account="nobody")])
    (stored,) = await store.logs(LogRequest())
    assert stored.entry.account is None


async def test_a_nul_in_an_exchange_text_cannot_fail_a_run(store: SupabaseStore) -> None:
    await store.finish("run", {}, [LogEntry(at(1), "info", "e", "a\x00b", None, {"k": ["\x00c"]})])
    (stored,) = await store.logs(LogRequest())
    assert (stored.entry.message, stored.entry.data) == ("ab", {"k": ["c"]})


async def test_once_a_day_the_log_is_cut_by_age_and_by_number(store: SupabaseStore, five: list[LogEntry]) -> None:
    now = at(3) + timedelta(days=30)
    await store.finish("later", {}, (), now)
    assert numbers(await store.logs(LogRequest())) == [5, 4, 3]
    await store.finish("an hour on", {}, (), now + timedelta(hours=23), LogLimits(entries=1))
    assert numbers(await store.logs(LogRequest())) == [5, 4, 3]
    await store.finish("a day on", {}, (), now + timedelta(days=1), LogLimits(days=60, entries=1))
    assert numbers(await store.logs(LogRequest())) == [5]
