"""Logging in and out, and the page behind a link, against the real local server with a database of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from ipaddress import ip_network

import pytest
from playwright.async_api import Browser, Page, expect

from lib import settings
from lib.local.proxies import BehindProxies
from lib.local.site import site
from lib.usecases import share
from lib.wiring import Wired
from tests.browser.conftest import READER
from tests.browser.real import listening
from tests.spine import BORN_AT, ENCRYPTION_KEY, hours, opened

pytestmark = pytest.mark.asyncio(loop_scope="session")

PASSWORD = "correct horse battery"
PATIENCE_MS = 20_000  # a real server with a database beneath, on a machine that may be busy
OWN = {"DEMO_MODE": "false", "ENCRYPTION_KEY": ENCRYPTION_KEY, "DASHBOARD_PASSWORD": PASSWORD}


@asynccontextmanager
async def served(dsn: str, environment: dict[str, str] | None = None) -> AsyncIterator[tuple[str, Wired]]:
    """The address of a local server with three accounts of one's own and a password, and what it works with."""
    async with opened(dsn) as spine:
        await spine.add_accounts()
        await spine.collect_at([BORN_AT, *hours(BORN_AT, 3)])
        own = replace(spine.wired, settings=settings.read(environment or OWN))

        async def wiring() -> Wired:
            return own

        app = BehindProxies(site(wiring, lambda: None), [ip_network("192.0.2.0/24")])
        async with listening(app, proxy_headers=False, lifespan="off") as address:
            yield address, own


async def log_in(page: Page, password: str) -> None:
    await page.fill("#password", password)
    await page.click("text=Log in >> nth=-1")


async def test_one_logs_in_sees_figures_is_logged_out_elsewhere_and_goes_on(database: str, browser: Browser) -> None:
    async with served(database) as (address, _):
        here = await browser.new_context(**READER)
        page = await here.new_page()
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(address)
        await expect(page.locator("#instead h1")).to_have_text("Log in to see your figures.", timeout=PATIENCE_MS)
        await log_in(page, "a guess of mine")
        await expect(page.locator("#door-wrong")).to_have_text("That password is not right.", timeout=PATIENCE_MS)
        await log_in(page, PASSWORD)
        await expect(page.locator("#sentence")).to_contain_text("50/50 BTC and ETH", timeout=PATIENCE_MS)
        await expect(page.locator("dialog")).to_have_count(
            0, timeout=PATIENCE_MS
        )  # it once took the first figures for an ended session
        (cookie,) = await here.cookies()
        assert (cookie["name"], cookie["httpOnly"], cookie["sameSite"]) == ("monitor-session", True, "Strict")
        assert await page.evaluate("() => document.cookie") == ""
        await page.reload()
        await expect(page.locator("#sentence")).to_contain_text("50/50 BTC and ETH", timeout=PATIENCE_MS)

        elsewhere = await browser.new_context(**READER)
        other = await elsewhere.new_page()
        await other.goto(address)
        await log_in(other, PASSWORD)
        await expect(other.locator("#sentence")).to_contain_text("50/50 BTC and ETH", timeout=PATIENCE_MS)
        await other.click("#menu-button")
        await other.click("text=Log out everywhere")
        await expect(other.locator("#instead h1")).to_have_text("Log in to see your figures.", timeout=PATIENCE_MS)
        await elsewhere.close()

        await page.bring_to_front()  # a page that nobody looks at asks nothing
        await page.click("#ranges button >> nth=0")
        await expect(page.locator("dialog")).to_contain_text("Log in to go on where you were.", timeout=PATIENCE_MS)
        await log_in(page, PASSWORD)
        await expect(page.locator("dialog")).to_have_count(0, timeout=PATIENCE_MS)
        await expect(page.locator("#panels")).not_to_contain_text("logged out")
        await page.click("#menu-button")
        await page.click("text=Log out >> nth=0")
        await expect(page.locator("#instead h1")).to_have_text("Log in to see your figures.", timeout=PATIENCE_MS)
        assert complaints == []
        await here.close()


async def test_after_five_wrong_tries_the_page_says_how_long_to_wait(database: str, browser: Browser) -> None:
    async with served(database) as (address, _):
        context = await browser.new_context(**READER)
        page = await context.new_page()
        await page.goto(address)
        for _ in range(5):
            await log_in(page, "a guess of mine")
            await expect(page.locator(".door button:not([disabled])")).to_be_visible()
        await log_in(page, PASSWORD)
        await expect(page.locator("#door-wrong")).to_have_text(
            "Too many tries. Try again in 15 min.", timeout=PATIENCE_MS
        )
        await context.close()


async def test_a_link_shows_percent_to_who_has_it_until_it_is_withdrawn(database: str, browser: Browser) -> None:
    async with served(database) as (address, wired):
        made = await share.make(wired.links, wired.clock, "all")
        context = await browser.new_context(**READER)
        page = await context.new_page()
        asked: list[str] = []
        complaints: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        await page.goto(address + str(made["path"]))
        await expect(page.locator("#sentence")).to_contain_text("This portfolio is", timeout=PATIENCE_MS)
        await expect(page.locator("#tiles .tile")).to_have_count(4, timeout=PATIENCE_MS)
        await expect(page.locator("#chart-head [role=radio]")).to_have_text(["Growth", "Drawdown"], timeout=PATIENCE_MS)
        await page.focus("#plot")
        for view in ("growth", "drawdown"):
            await page.click(f"#chart-head [data-key={view}]")
            await page.focus("#plot")
            await page.keyboard.press("End")
            words = await page.inner_text("body")
            assert "$" not in words
            assert "Amounts are not part of this page." in words
        for width in (320, 360, 1440):
            await page.set_viewport_size({"width": width, "height": 720})
            await page.wait_for_function("() => document.documentElement.scrollWidth <= innerWidth", timeout=5000)
        assert not [url for url in asked if str(made["token"]) in url], "the token stays out of every address"
        await share.revoke(wired.links, str(made["id"]))
        await page.reload()
        await expect(page.locator("#instead h1")).to_have_text(
            "This link was withdrawn or never existed.", timeout=PATIENCE_MS
        )
        assert complaints == []
        await context.close()
