"""Keys are sealed anew while others are at work on the accounts."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx
import pytest

from lib.setting_values import key
from lib.usecases.keycheck import credentials
from lib.usecases.rotate import Rotated, rotate
from lib.vault import Vault, generate_key
from tests.spine import BORN_AT, ENCRYPTION_KEY, Spine, the_world
from tests.usecases.conftest import OpenSpine
from tests.wires import Turn

FRESH = generate_key()
AFTERWARDS = Vault([key(FRESH)])


@pytest.fixture
async def main(open_spine: OpenSpine) -> Spine:
    """One account, added and not collected yet."""
    return await open_spine(the_world("Main"))


def rotated(spine: Spine) -> Awaitable[tuple[Rotated, ...]]:
    return rotate(spine.wired.store, Vault([key(FRESH), key(ENCRYPTION_KEY)]))


def once(path: str, act: Callable[[], Awaitable[object]]) -> Turn:
    """Return a turn that acts before the first request to `path`."""
    done = False

    async def turn(request: httpx.Request) -> None:
        nonlocal done
        if request.url.path.endswith(path) and not done:
            done = True
            await act()

    return turn


def sealed(spine: Spine) -> str:
    ((found,),) = spine.sql("select sealed_key from accounts where id = 'main'")
    return str(found)


@pytest.mark.parametrize("moment", ["/fapi/v3/account", "/commit_outcome", "/finish_run"])
async def test_a_run_that_is_under_way_ends_as_if_nothing_had_been(main: Spine, moment: str) -> None:
    turn = once(moment, lambda: rotated(main))
    main.to_exchange.before.append(turn)
    main.to_store.before.append(turn)
    assert (await main.one(BORN_AT)).status == "stored"
    assert {call.status for call in main.to_store.calls if call.path.endswith("/commit_outcome")} == {200}  # at once
    assert AFTERWARDS.is_current(sealed(main))
    await main.assert_sound()


async def test_a_key_that_is_replaced_meanwhile_is_not_put_back(main: Spine) -> None:
    newer = main.wired.vault.seal("main", '{"api_key": "newer", "secret": "another"}')

    async def replace() -> None:
        main.sql("update accounts set sealed_key = %s", newer)

    main.to_store.before.append(once("/reseal_key", replace))
    assert [one.result for one in await rotated(main)] == ["resealed"]
    assert credentials(AFTERWARDS, "main", sealed(main)).api_key == "newer"


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("update accounts set closed_at = now(), sealed_key = null, uid = null", id="closed"),
        pytest.param("delete from accounts", id="erased"),
    ],
)
async def test_an_account_that_goes_meanwhile_does_not_get_its_key_back(main: Spine, change: str) -> None:
    async def go() -> None:
        main.sql(change)

    main.to_store.before.append(once("/reseal_key", go))
    assert await rotated(main) == ()
    assert main.sql("select from accounts where sealed_key is not null") == []


async def test_two_rotations_at_once_leave_one_key_that_opens(spine: Spine) -> None:
    for done in await asyncio.gather(rotated(spine), rotated(spine)):
        assert {one.account for one in done} == {"main", "spot", "mixed"}
        assert {one.result for one in done} <= {"resealed", "current"}
    for id_, found in spine.sql("select id, sealed_key from accounts"):
        assert credentials(AFTERWARDS, id_, found).api_key


async def test_an_answer_that_was_lost_is_made_up_for_by_repeating(main: Spine) -> None:
    async def lose(request: httpx.Request) -> None:
        if request.url.path.endswith("/reseal_key"):
            raise httpx.ReadError("lost")

    main.to_store.after.append(lose)
    with pytest.raises(Exception, match="reseal_key: the database cannot be reached"):
        await rotated(main)
    main.to_store.clear()
    assert [one.result for one in await rotated(main)] == ["current"]
