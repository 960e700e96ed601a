"""One browser and one server for all tests of the page; a fresh context for each."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from tests.browser.stand_in import Script, Site, serving

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)

READER: dict[str, Any] = {"locale": "en-GB", "timezone_id": "UTC"}
SHOWN = """() => {
  const shown = (selector) => document.querySelector(`${selector}:not([hidden])`)?.innerText.trim();
  return shown("#instead") || shown("#building") || shown("#readout") || shown("#figures:not(.is-loading) #sentence");
}"""


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        launched = await playwright.chromium.launch(executable_path=chromium, args=list(QUIET))
        yield launched
        await launched.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def common(browser: Browser) -> AsyncIterator[BrowserContext]:
    """One context keeps the page's files in its cache: most tests share it, and leave nothing in its storage."""
    context = await browser.new_context(**READER)
    yield context
    await context.close()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def site() -> AsyncIterator[Site]:
    async with serving() as standing_in:
        yield standing_in


@dataclass(slots=True)
class Visit:
    """A page on the stand-in, and what went wrong on it."""

    page: Page
    script: Script
    site: str
    complaints: list[str] = field(default_factory=list)

    async def text(self, selector: str) -> str:
        """The words as shown, narrow spaces as plain ones."""
        return " ".join((await self.page.inner_text(selector)).split())

    async def strangers(self) -> list[str]:
        """Addresses of others that were asked for; what the policy forbids is a complaint before it is asked."""
        asked: list[str] = await self.page.evaluate("() => performance.getEntries().map(({ name }) => name)")
        return [one for one in asked if "://" in one and not one.startswith(self.site)]

    async def look_at(self, *sections: str) -> None:
        """Scroll to sections: what they open to is fetched when somebody is near."""
        for one in sections:
            await self.page.locator(f"#{one}").scroll_into_view_if_needed()
            await self.page.locator(f"#{one} .section-body > :not(.is-reading)").first.wait_for(state="attached")

    async def settle(self) -> None:
        """Wait until a drawing is done."""
        await self.page.evaluate(
            "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
        )


class Opener:
    """Opens the page in a state, as a reader with an English locale in UTC."""

    def __init__(self, browser: Browser, common: BrowserContext, site: Site) -> None:
        self.browser, self.common, self.site = browser, common, site
        self.pages: list[Page] = []

    async def __call__(
        self,
        script: Script,
        *,
        size: tuple[int, int] = (360, 640),
        path: str = "/",
        frozen: bool = False,
        touch: bool = False,
    ) -> Visit:
        own = frozen or touch  # a clock and a finger belong to a whole context
        context = await self.browser.new_context(**READER, has_touch=touch) if own else self.common
        page = await context.new_page()
        self.pages.append(page)
        await page.set_viewport_size({"width": size[0], "height": size[1]})
        await page.set_extra_http_headers(self.site.admit(script))
        if frozen:  # on a clock that says something else than the server's
            await page.clock.install(time="2001-01-01T00:00:00Z")
        visit = Visit(page, script, self.site.address)
        page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        page.on(
            "console",
            lambda said: (
                visit.complaints.append(said.text)
                if said.type in {"error", "warning"} and "Failed to load resource" not in said.text
                else None
            ),
        )
        await page.goto(self.site.address + path)
        if not script.held:
            await page.wait_for_function(SHOWN)
            await visit.settle()
        return visit

    async def close(self) -> None:
        """Close what was opened, and leave the common context as it was."""
        await self.common.set_offline(False)
        for page in self.pages:
            if page.context is self.common:
                await page.evaluate("() => localStorage.clear()")
                await page.close()
            else:
                await page.context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser: Browser, common: BrowserContext, site: Site) -> AsyncIterator[Opener]:
    opener = Opener(browser, common, site)
    yield opener
    await opener.close()
