"""The doctor and the accounts: secrets that no key opens, keys that Binance refuses, snapshots that stopped coming."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from lib.demo.clock import WorldClock
from lib.local.doctor import check_accounts
from lib.local.doctor.examine import examine
from lib.local.doctor.finding import Finding, Level
from lib.local.doctor.gather import gather
from lib.setting_values import key
from lib.settings import Settings, read
from lib.usecases.rotate import rotate
from lib.vault import Vault, generate_key
from tests.spine import BORN_AT, ENCRYPTION_KEY, Spine, opened, the_world

SECRETS = {"ENCRYPTION_KEY": ENCRYPTION_KEY, "CRON_SECRET": generate_key(), "API_TOKEN": generate_key()}
OTHER_KEY = generate_key()


@pytest.fixture
async def spine(database: str) -> AsyncIterator[Spine]:
    """One account with one snapshot, which is a minute old."""
    async with opened(database, the_world("Main")) as found:
        await found.add_accounts()
        assert (await found.collect()).status == "ok"
        found.clock.set(BORN_AT + timedelta(minutes=1))
        yield found


def own(spine: Spine, **more: str) -> Settings:
    return read(SECRETS | {"DATABASE_URL": spine.dsn.replace("@/", "@localhost/")} | more)


async def look(spine: Spine, data_dir: Path, settings: Settings | None = None) -> list[Finding]:
    """What is said of accounts, their secrets and snapshots."""
    findings = await examine(settings or own(spine), data_dir, spine.clock)
    return [one for one in findings if one.subject in ("stored secrets", "accounts", "prices", "snapshots")]


async def one(spine: Spine, data_dir: Path, settings: Settings | None = None) -> Finding:
    """The only finding that is not fine."""
    (found,) = [one for one in await look(spine, data_dir, settings) if one.level is not Level.OK]
    return found


async def test_an_account_that_was_just_collected_is_fine(spine: Spine, tmp_path: Path) -> None:
    assert [(one.level, one.subject, one.message) for one in await look(spine, tmp_path)] == [
        ("ok", "stored secrets", "1 open"),
        ("ok", "accounts", "1, none in trouble"),
        ("ok", "snapshots", "the oldest of the newest is 1 minute old"),
    ]


async def test_looking_changes_nothing(spine: Spine, tmp_path: Path) -> None:
    spine.clock.set(BORN_AT + timedelta(hours=3))  # the account is due
    tables = ("accounts", "snapshots", "logs", "chores")
    before = [spine.sql(f"select * from {table}") for table in tables]
    await examine(own(spine), tmp_path, spine.clock)
    assert [spine.sql(f"select * from {table}") for table in tables] == before


async def test_a_lost_encryption_key_is_named_by_the_account_it_locks_out(spine: Spine, tmp_path: Path) -> None:
    found = await one(spine, tmp_path, own(spine, ENCRYPTION_KEY=OTHER_KEY))
    assert (found.level, found.subject) == (Level.PROBLEM, "stored secrets")
    assert found.message.startswith("no encryption key here opens the stored key of Main: ")
    assert "account main was sealed under key" in found.message
    assert "ENCRYPTION_KEYS_OLD" in (found.remedy or "")
    assert "./monitor accounts edit main --key" in (found.remedy or "")
    assert not {ENCRYPTION_KEY, OTHER_KEY} & set(str(found).split())


async def test_an_account_that_only_a_former_key_opens_is_named_until_its_key_is_rotated(
    spine: Spine, tmp_path: Path
) -> None:
    rotating = own(spine, ENCRYPTION_KEY=OTHER_KEY, ENCRYPTION_KEYS_OLD=ENCRYPTION_KEY)
    found = await one(spine, tmp_path, rotating)
    assert (found.level, found.subject) == (Level.WARNING, "stored secrets")
    assert found.message == "only a key of ENCRYPTION_KEYS_OLD opens those of Main"
    assert "./monitor rotate-key" in (found.remedy or "")

    await rotate(spine.wired.store, Vault([key(OTHER_KEY), key(ENCRYPTION_KEY)]))
    found = (await look(spine, tmp_path, rotating))[0]
    assert (found.level, found.message) == (Level.OK, "1 open; ENCRYPTION_KEYS_OLD is not needed any more")
    assert (await look(spine, tmp_path, own(spine, ENCRYPTION_KEY=OTHER_KEY)))[0].message == "1 open"


async def test_a_lost_key_and_a_former_one_are_both_told(database: str, tmp_path: Path) -> None:
    async with opened(database, the_world("Main", "Spot")) as spine:
        await spine.add_accounts()
        spine.sql("update accounts set sealed_key = 'v1:00000000:AAAA' where id = 'spot'")
        settings = own(spine, ENCRYPTION_KEY=OTHER_KEY, ENCRYPTION_KEYS_OLD=ENCRYPTION_KEY)
        found = [one for one in await look(spine, tmp_path, settings) if one.subject == "stored secrets"]
    assert [one.level for one in found] == [Level.PROBLEM, Level.WARNING]
    assert "of Spot: " in found[0].message
    assert found[1].message.endswith("opens those of Main")


async def test_an_account_restored_without_a_key_was_said_to_have_a_changed_one(spine: Spine, tmp_path: Path) -> None:
    spine.sql("update accounts set sealed_key = null, uid = null")
    found = (await look(spine, tmp_path))[0]
    assert (found.level, found.message) == (Level.OK, "0 open")


async def test_a_secret_that_was_changed_in_the_database_is_named(spine: Spine, tmp_path: Path) -> None:
    spine.sql("update accounts set sealed_key = 'v1:' || split_part(sealed_key, ':', 2) || ':AAAA'")
    found = await one(spine, tmp_path)
    assert (found.level, found.subject) == (Level.PROBLEM, "stored secrets")
    assert "was changed or belongs to another" in found.message


async def test_without_a_key_the_accounts_are_looked_at_all_the_same(spine: Spine, tmp_path: Path) -> None:
    keyless = replace(own(spine), encryption_key=None)
    findings = await examine(keyless, tmp_path, spine.clock)
    assert [one.message for one in findings if one.level is Level.PROBLEM] == ["ENCRYPTION_KEY is not set"]
    assert [one.subject for one in findings if one.level is Level.OK][-2:] == ["accounts", "snapshots"]


async def test_an_account_that_needs_attention_says_why(spine: Spine, tmp_path: Path) -> None:
    spine.sql("update accounts set status_code = 'needs_attention', status_detail = 'the key was deleted'")
    found = await one(spine, tmp_path)
    assert (found.level, found.message) == (Level.PROBLEM, "Main needs attention: the key was deleted")


async def test_an_account_from_a_history_file_was_sent_to_binance_for_its_key(spine: Spine, tmp_path: Path) -> None:
    """It was a problem, and late as well: nothing is wrong with it, it has no key and nobody collects it."""
    spine.sql("update accounts set sealed_key = null, uid = null, status_code = 'needs_attention'")
    spine.clock.set(BORN_AT + timedelta(days=9))
    found = await one(spine, tmp_path)
    assert (found.level, found.message.startswith("Main has no key: ")) == (Level.WARNING, True)
    assert (found.remedy or "").startswith("./monitor accounts edit main --key ")


@pytest.mark.parametrize("code", ["error", "partial"])
async def test_an_account_whose_last_run_failed_is_a_warning(spine: Spine, tmp_path: Path, code: str) -> None:
    spine.sql("update accounts set status_code = %s, status_detail = 'not read: usdm'", code)
    found = await one(spine, tmp_path)
    assert (found.level, found.message) == (Level.WARNING, "Main, last run: not read: usdm")


async def test_a_coin_that_never_had_a_price_is_named_as_counting_nothing(spine: Spine, tmp_path: Path) -> None:
    spine.sql(
        """update snapshot_details set made = jsonb_set(made::jsonb, '{holdings,-1}', '["spot", "JUNK", "7", null]')"""
    )
    found = await one(spine, tmp_path)
    assert (found.level, found.subject) == (Level.WARNING, "prices")
    assert found.message == "Main holds JUNK, which never had a price and counts 0"
    assert "a market for it" in (found.remedy or "")


@pytest.mark.parametrize(
    ("age", "level", "message"),
    [
        pytest.param(timedelta(hours=2), Level.OK, "the oldest of the newest is 2 hours old", id="two slots may pass"),
        pytest.param(
            timedelta(hours=2, minutes=1),
            Level.WARNING,
            "Main: the newest complete snapshot is 2 hours old",
            id="a third may not",
        ),
        pytest.param(
            timedelta(hours=24), Level.WARNING, "Main: the newest complete snapshot is 24 hours old", id="a day"
        ),
        pytest.param(
            timedelta(days=3), Level.PROBLEM, "Main: the newest complete snapshot is 3 days old", id="longer than a day"
        ),
    ],
)
async def test_the_newest_snapshot_grows_old_by_slots(
    spine: Spine, tmp_path: Path, age: timedelta, level: Level, message: str
) -> None:
    spine.clock.set(BORN_AT + age)
    found = (await look(spine, tmp_path))[-1]
    assert (found.level, found.subject, found.message) == (level, "snapshots", message)
    assert (found.remedy is not None) is (level is not Level.OK)


async def test_longer_slots_make_it_old_later(spine: Spine, tmp_path: Path) -> None:
    spine.clock.set(BORN_AT + timedelta(hours=47))
    assert (await look(spine, tmp_path, own(spine, COLLECT_EVERY_MINUTES="1440")))[-1].level is Level.OK
    spine.clock.set(BORN_AT + timedelta(hours=49))
    assert (await look(spine, tmp_path, own(spine, COLLECT_EVERY_MINUTES="1440")))[-1].level is Level.PROBLEM


async def test_an_account_that_never_got_a_snapshot_is_late_from_when_it_was_added(
    database: str, tmp_path: Path
) -> None:
    async with opened(database, the_world("Main")) as spine:
        await spine.add_accounts()
        assert (await look(spine, tmp_path))[-1].message == "the first is due"
        spine.clock.set(BORN_AT + timedelta(hours=3))
        found = await one(spine, tmp_path)
    assert found.message == "Main was added 3 hours ago and has no complete snapshot"


async def test_what_the_newest_try_lacked_is_told_with_its_age(spine: Spine, tmp_path: Path) -> None:
    spine.sql(
        "insert into snapshots (account_id, slot, at, slot_minutes, nav_usd, complete, whole, missing, unreconciled) "
        "values ('main', %s, %s, 60, 1, false, false, '{usdm,spot}', false)",
        BORN_AT + timedelta(hours=1),
        BORN_AT + timedelta(hours=1),
    )
    spine.clock.set(BORN_AT + timedelta(hours=3))
    assert (await one(spine, tmp_path)).message.endswith("3 hours old; the newest try lacks usdm, spot")


async def test_an_account_that_is_paused_or_closed_is_not_late(spine: Spine, tmp_path: Path) -> None:
    spine.clock.set(BORN_AT + timedelta(days=9))
    spine.sql("update accounts set paused_at = %s", BORN_AT)
    assert [one.level for one in await look(spine, tmp_path)] == [Level.OK, Level.OK]
    spine.sql("update accounts set closed_at = %s, sealed_key = 'destroyed'", BORN_AT)
    assert [one.message for one in await look(spine, tmp_path)] == ["there is none yet"]


async def test_the_world_of_a_demo_may_stand_still(database: str, tmp_path: Path) -> None:
    """Nobody serves it: its snapshots are as old as its last day."""
    async with opened(database, the_world("Main")) as spine:
        await spine.add_accounts()
        await spine.collect()
        facts = await gather(own(spine), tmp_path, WorldClock(BORN_AT + timedelta(days=9)))
    demo = replace(facts, settings=replace(facts.settings, demo=True, encryption_key=key(ENCRYPTION_KEY)))
    assert {one.subject for one in check_accounts.check(demo)} == {"stored secrets", "accounts"}
