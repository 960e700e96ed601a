"""What is fetched when it is first wanted, and cannot be had then: it is said, and the next try has it."""

import pytest
from playwright.async_api import Page, Route, expect

from lib.usecases import share
from tests.browser.conftest import Opener
from tests.browser.real import OWN, PASSWORD

pytestmark = pytest.mark.asyncio(loop_scope="session")

DESKTOP = (1440, 900)
OFFLINE = "Could not be loaded: you are offline. Try again."
AWAY = "Could not be loaded. Try again, or reload the page."
CLICKED = {
    "#chart-head [data-key=compare]": "Compare with",
    "#chart-head [data-key=save]": "Save",
    "#menu-button": "Display",
    "#settings-button": "Settings",
    "#trust button": "What this snapshot is made of",
    "#demo-tools [data-key=money]": "Move money",
}


async def cut(page: Page, pattern: str) -> None:
    """Let nothing of this come."""

    async def abort(route: Route) -> None:
        await route.abort()

    await page.route(pattern, abort)


async def test_what_was_never_fetched_says_so_offline_and_comes_with_the_next_click(visit: Opener) -> None:
    seen = await visit(size=DESKTOP, alone=True)
    page, toast = seen.page, seen.page.locator(".toast p")
    await page.wait_for_load_state("networkidle")
    for button, title in CLICKED.items():
        await page.context.set_offline(True)
        await page.locator(button).click()
        await expect(toast).to_have_text(OFFLINE)
        await expect(page.get_by_role("dialog")).to_have_count(0)
        await page.context.set_offline(False)
        await page.locator(button).click()
        await expect(page.get_by_role("dialog")).to_have_attribute("aria-label", title)
        await expect(toast).to_have_count(0)  # what it said is true no more
        await page.keyboard.press("Escape")
    assert seen.complaints == []


async def test_keys_that_were_never_fetched_say_so_and_work_the_next_time(visit: Opener) -> None:
    seen = await visit(size=DESKTOP, alone=True)
    page, toast = seen.page, seen.page.locator(".toast p")
    await page.wait_for_load_state("networkidle")
    await page.context.set_offline(True)
    await page.keyboard.press("Tab")
    await page.keyboard.press("Shift+Tab")
    await expect(toast).to_have_count(0)  # of keys that are not the page's nothing is said
    await page.keyboard.press("t")
    await expect(toast).to_have_text(OFFLINE)
    await page.focus("#plot")
    await page.keyboard.press("Home")
    await page.keyboard.press("PageUp")
    await page.keyboard.press("+")
    await expect(toast).to_have_text(OFFLINE)
    await page.context.set_offline(False)
    await page.keyboard.press("+")
    await expect(page.locator(".zoom-reset")).to_be_visible()
    await page.keyboard.press("t")
    await expect(page.locator("#table tbody tr").first).to_be_visible()
    await expect(toast).to_have_count(0)
    assert seen.complaints == []


@pytest.mark.parametrize("module", ["views/menu.js", "views/sheet.js"])  # itself, or what it needs
async def test_a_server_that_is_away_for_a_moment_is_asked_again(visit: Opener, module: str) -> None:
    seen = await visit(size=DESKTOP, alone=True)
    page = seen.page
    await cut(page, f"**/js/{module}")
    await page.click("#menu-button")
    await expect(page.locator(".toast p")).to_have_text(AWAY)
    await page.unroute(f"**/js/{module}")
    await page.click("#menu-button")
    await expect(page.get_by_role("dialog")).to_have_attribute("aria-label", "Display")
    await expect(page.locator(".toast p")).to_have_count(0)
    assert seen.complaints == []


async def test_what_stands_below_the_chart_comes_when_it_can_be_had(visit: Opener) -> None:
    late = "**/js/{sections,views/demobar}.js"

    async def before(page: Page) -> None:
        await cut(page, late)

    seen = await visit(size=DESKTOP, alone=True, before=before)
    page = seen.page
    await expect(page.locator("#sentence")).to_contain_text("ahead of holding")
    await expect(page.locator("#sections")).to_be_hidden()
    await page.unroute(late)
    await expect(page.locator("#sections")).to_be_visible()
    await expect(page.locator("#demo-tools [data-key=money]")).to_be_visible()
    await expect(page.locator(".toast p")).to_have_count(0)
    assert seen.complaints == []


async def test_a_password_that_cannot_be_taken_to_the_server_is_told_so_beside_it(visit: Opener) -> None:
    house = await visit.own(environment=OWN, writes=True)
    seen = await visit(house, size=DESKTOP, alone=True)
    page = seen.page
    await cut(page, "**/js/session.js")
    await page.fill("#password", PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.locator("#door-wrong")).to_have_text(AWAY)
    await page.unroute("**/js/session.js")
    await page.keyboard.press("Enter")
    await expect(page.locator("#sentence")).to_contain_text("ahead of holding")
    assert seen.complaints == []


async def test_a_shared_page_says_the_same(visit: Opener) -> None:
    house = await visit.own(writes=True)
    made = await share.make(house.wired.links, house.wired.clock, "main")
    seen = await visit(house, size=DESKTOP, path=f"/share.html#{made['token']}", alone=True)
    page, button = seen.page, seen.page.locator("#chart-head [data-key=table]")
    await page.wait_for_load_state("networkidle")
    await page.context.set_offline(True)
    await button.click()
    await expect(page.locator(".toast p")).to_have_text(OFFLINE)
    await page.context.set_offline(False)
    await button.click()
    await expect(page.locator("#table tbody tr").first).to_be_visible()
    await expect(page.locator(".toast p")).to_have_count(0)
    assert seen.complaints == []


async def test_a_style_sheet_that_did_not_come_is_asked_for_again(visit: Opener) -> None:
    seen = await visit(size=DESKTOP, alone=True)
    page, sheet = seen.page, "**/css/settings.css"
    await cut(page, sheet)
    await page.click("#settings-button")
    await expect(page.get_by_role("dialog")).to_be_visible()  # it can be read all the same
    await page.keyboard.press("Escape")
    await page.unroute(sheet)
    async with page.expect_response(sheet) as coming:
        await page.click("#settings-button")
    assert (await coming.value).ok
    await expect(page.get_by_role("dialog")).to_be_visible()
    assert seen.complaints == []
