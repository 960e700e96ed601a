"""A database that was destroyed and restored: the same figures to the last digit, and life goes on."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lib.domain.requests import HistoryRequest
from lib.local import backup
from lib.local.postgres import Server
from lib.usecases import history
from lib.usecases.recompute import recompute
from tests.database import _fresh
from tests.spine import BORN_AT, Spine, hours, opened


@pytest.fixture
def another(postgres_server: Server, database_template: str) -> Iterator[str]:
    """A database as a new server has it: with the roles, and nothing in it."""
    assert database_template  # the roles are the server's
    yield from _fresh(postgres_server, "template0")


async def figures(one: Spine) -> list[dict[str, Any]]:
    store = one.wired.store
    return [
        await history.read(store, HistoryRequest(account, points=2000))
        for account in ("all", *(summary.id for summary in await store.accounts()))
    ]


async def test_what_was_destroyed_comes_back_to_the_last_digit_and_goes_on(
    spine: Spine, another: str, tmp_path: Path
) -> None:
    """The keys are opened with the same ENCRYPTION_KEY; no flow is booked twice, and none is lost."""
    await spine.collect_at([BORN_AT, *hours(BORN_AT, 40, step=6)])
    shown, stored = await figures(spine), spine.stored()
    assert stored["flows"]
    backup.save(spine.dsn, tmp_path / "monitor.dump")
    spine.sql("truncate accounts, prices cascade")
    backup.bring_back(another, tmp_path / "monitor.dump")
    async with opened(another, spine.world, spine.now) as other:
        assert other.stored() == stored
        assert await figures(other) == shown
        assert not any(one.changed for one in await recompute(other.wired.store, "all"))
        other.expire_leases()
        await other.collect_at(hours(spine.now, 8, step=6))
        await other.assert_sound()
        booked = {row[:2] for row in other.stored()["flows"]}
        assert len(booked) == len(other.stored()["flows"]) > len(stored["flows"])
    assert (tmp_path / "monitor.dump").stat().st_mode & 0o777 == 0o600


async def test_a_run_after_the_restore_finds_what_an_undisturbed_one_finds(
    spine: Spine, another: str, tmp_path: Path
) -> None:
    await spine.collect_at([BORN_AT, *hours(BORN_AT, 12, step=6)])
    backup.save(spine.dsn, tmp_path / "monitor.dump")
    since = spine.now
    await spine.collect_at(hours(since, 6, step=6))
    backup.bring_back(another, tmp_path / "monitor.dump")
    async with opened(another, spine.world, since) as other:
        await other.collect_at(hours(since, 6, step=6))
        assert other.stored() == spine.stored()
