"""The lines at the bottom: what is good to know goes by itself, what went wrong stays."""

import pytest
from playwright.async_api import expect

from lib.demo.breakages import breakage
from lib.local.demo import misbehave
from tests.browser.conftest import Opener
from tests.browser.lives import TROUBLED
from tests.browser.scenarios_demo import do

pytestmark = pytest.mark.asyncio(loop_scope="session")

DESKTOP = (1440, 900)
SHOWN_MS = 6000
RESTATED = "/?account=odd"  # its owner has added a flow of a time before


async def test_a_line_waits_while_it_is_pointed_at_or_has_the_focus_and_leads_to_what_it_is_about(
    visit: Opener,
) -> None:
    seen = await visit(TROUBLED, size=DESKTOP, path=RESTATED, frozen=True)
    line = seen.page.locator(".toast")
    await line.hover()
    await seen.page.clock.run_for(2 * SHOWN_MS)
    await seen.page.get_by_role("button", name="Show").focus()
    await seen.page.mouse.move(10, 10)
    await seen.page.clock.run_for(2 * SHOWN_MS)
    await expect(line).to_have_count(1)
    await seen.page.keyboard.press("Enter")
    await expect(line).to_have_count(0)
    await expect(seen.page.locator("#flows .section-button")).to_be_focused()
    await expect(seen.page.locator("#flows")).to_be_in_viewport()


async def test_a_line_that_is_left_alone_goes(visit: Opener) -> None:
    seen = await visit(TROUBLED, size=DESKTOP, path=RESTATED, frozen=True)
    line = seen.page.locator(".toast")
    await line.hover()
    await seen.page.mouse.move(10, 10)
    await seen.page.clock.run_for(SHOWN_MS - 200)
    await expect(line).to_have_count(1)
    await seen.page.clock.run_for(400)
    await expect(line).to_have_count(0)


async def test_an_error_stays_until_it_is_closed_and_there_are_never_more_than_three(visit: Opener) -> None:
    house = await visit.own()
    assert house.demo
    misbehave(house.demo, breakage("429", house.spine.now))
    seen = await visit(house, size=DESKTOP, frozen=True)
    lines = seen.page.locator(".toast")
    for runs, count in ((1, 1), (2, 2), (2, 2), (3, 3), (4, 3)):
        house.demo.passing.done, house.demo.passing.total = runs, 24  # while time passes nothing else can be done
        async with seen.page.expect_response("**/api/demo"):
            await do(seen.page, "Mend")
        await expect(seen.page.locator("#demo-strip[aria-busy]")).to_have_count(0)
        await expect(lines).to_have_count(count)
        await expect(lines.last).to_contain_text(f"time passes: {runs} of 24 runs")
    await seen.page.clock.run_for(10 * SHOWN_MS)
    await expect(lines).to_have_count(3)
    await seen.page.locator("#demo-tools [data-key=mend]").focus()
    await seen.page.locator("#menu-button").focus()
    await lines.first.get_by_role("button", name="Close").focus()
    await seen.page.keyboard.press("Enter")
    await expect(lines).to_have_count(2)
    await expect(seen.page.locator("#menu-button")).to_be_focused()
