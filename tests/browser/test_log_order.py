"""The lines of the log beside their times, whatever the order in which several runs wrote them."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from playwright.async_api import expect

from lib.records import LogEntry
from tests.browser.conftest import Opener, Visit
from tests.browser.real import House

pytestmark = pytest.mark.asyncio(loop_scope="session")

TOLD = 30  # more than a page of twenty
PERIOD = 7  # shares no divisor with TOLD: each second once, in no order


async def write(house: House, run: str, seconds: Iterable[int]) -> None:
    began = house.spine.now.replace(second=0)
    lines = [LogEntry(began + timedelta(seconds=at), "info", "probe", f"probe {at}", None, {}) for at in seconds]
    await house.spine.wired.store.finish(run, {}, lines)


async def shown(seen: Visit) -> list[int]:
    """The seconds that stand beside the lines, each of which says the same."""
    times = await seen.page.locator("#log .log-time").all_inner_texts()
    words = await seen.page.locator("#log .log-message").all_inner_texts()
    seconds = [int(time.strip()[-2:]) for time in times]
    assert [f"probe {at}" for at in seconds] == words
    return seconds


async def test_the_times_beside_the_lines_never_go_up_and_down(visit: Opener) -> None:
    house = await visit.own(writes=True)
    for place in range(TOLD):
        await write(house, f"run {place}", [place * PERIOD % TOLD])
    seen = await visit(house, size=(1440, 900), frozen=True)
    lines = seen.page.locator("#log .log-line")
    await seen.look_at("log")
    await lines.first.wait_for()
    async with seen.page.expect_response(lambda answer: "q=probe" in answer.url):
        await seen.page.fill("#log .log-search", "probe")
        await seen.page.clock.run_for(400)
    await expect(lines).to_have_count(20)
    page = await shown(seen)
    assert page == sorted(page, reverse=True)
    await seen.page.get_by_role("button", name="Older").click()
    await expect(lines).to_have_count(TOLD)
    assert await shown(seen) == list(range(TOLD - 1, -1, -1))
    await lines.first.scroll_into_view_if_needed()  # the tail follows
    await seen.settle()
    await write(house, "slow", [TOLD + 1])
    async with seen.page.expect_response(lambda answer: "after=" in answer.url):
        await seen.page.get_by_role("button", name="Live").click()
    await write(house, "slower", [TOLD])
    async with seen.page.expect_response(lambda answer: "after=" in answer.url):
        await seen.page.clock.run_for(5100)
    await expect(lines).to_have_count(TOLD + 2)
    assert await shown(seen) == list(range(TOLD + 1, -1, -1))
