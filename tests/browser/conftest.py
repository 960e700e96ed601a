"""One browser for all tests of the page, and the houses it visits; what only some need is opened when it is wanted."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, Request, async_playwright, expect

from lib.local.postgres import Server
from tests.browser.homes import Homes
from tests.browser.lives import LIVED, Life, Lives
from tests.browser.real import House, take_over

PATIENCE_MS = 20_000  # a real server with a database beneath, on a machine that may be busy
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

type Before = Callable[[Page], Awaitable[None]]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    expect.set_options(timeout=PATIENCE_MS)
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
async def homes(postgres_server: Server, database_template: str) -> AsyncIterator[Homes]:
    async with AsyncExitStack() as stack:
        yield Homes(Lives(postgres_server, database_template), stack)


@pytest.fixture(autouse=True)
def own_site() -> None:
    """Whatever ran in this process before: the functions of `api/` answer for the houses of these tests."""
    take_over()


@dataclass(slots=True)
class Visit:
    """A page of a house, what it asked for, and what went wrong on it."""

    page: Page
    house: House
    asked: list[str] = field(default_factory=list)  # of the API, in that order
    complaints: list[str] = field(default_factory=list)

    @property
    def site(self) -> str:
        return self.house.address

    def those(self, path: str) -> list[str]:
        """What was asked for at an address, with its parameters."""
        return [one for one in self.asked if one.partition("?")[0] == path]

    def asked_with(self, path: str, parameter: str) -> bool:
        """Tell whether something was asked for with this parameter."""
        return any(parameter in one.partition("?")[2].split("&") for one in self.those(path))

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

    def note(self, request: Request) -> None:
        found = urlsplit(request.url)
        if found.path.startswith("/api/") and request.method == "GET":
            self.asked.append(f"{found.path}?{found.query}" if found.query else found.path)

    def listen(self) -> None:
        note = self.note  # Playwright would hang something on the method's owner, which has slots
        self.page.on("request", lambda request: note(request))  # noqa: PLW0108
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on(
            "console",
            lambda said: (
                self.complaints.append(said.text)
                if said.type in {"error", "warning"} and "Failed to load resource" not in said.text
                else None
            ),
        )


class Opener:
    """Opens the page of a house, as a reader with an English locale in UTC."""

    def __init__(self, browser: Browser, common: BrowserContext, homes: Homes) -> None:
        self.browser, self.common, self.homes = browser, common, homes
        self.pages: list[Page] = []
        self.houses = AsyncExitStack()

    async def own(self, life: Life = LIVED, environment: dict[str, str] | None = None, **how: Any) -> House:
        """A house of one's own, as long as the test lasts. `how`: as in `Homes.own`."""
        return await self.houses.enter_async_context(self.homes.own(life, environment, **how))

    async def __call__(
        self,
        house: House | Life = LIVED,
        *,
        size: tuple[int, int] = (360, 640),
        path: str = "/",
        frozen: bool = False,
        alone: bool = False,
        touch: bool = False,
        before: Before | None = None,
        waits: bool = True,
    ) -> Visit:
        """Visit the demo over a life, or a house; `before` sets up the browser's edge before the page is asked for."""
        house = house if isinstance(house, House) else await self.homes.of(house)
        own = frozen or touch or alone  # a clock, a finger and a cookie belong to a whole context
        how = READER | ({"reduced_motion": "reduce"} if alone else {})
        context = await self.browser.new_context(**how, has_touch=touch) if own else self.common
        page = await context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        self.pages.append(page)
        await page.set_viewport_size({"width": size[0], "height": size[1]})
        if frozen:  # on a clock that says something else than the server's
            await page.clock.install(time="2001-01-01T00:00:00Z")
        visit = Visit(page, house)
        visit.listen()
        if before:
            await before(page)
        await page.goto(house.address + path)
        if waits:
            await page.wait_for_function(SHOWN)
            await visit.settle()
        return visit

    async def close(self) -> None:
        """Close what was opened, and leave the common context as it was."""
        await self.common.set_offline(False)
        for page in self.pages:
            if page.context is self.common:
                await page.unroute_all(behavior="ignoreErrors")
                if page.url.startswith("http"):
                    await page.evaluate("() => localStorage.clear()")
                await page.close()
            else:
                await page.context.close()
        await self.houses.aclose()


@pytest_asyncio.fixture(loop_scope="session")
async def visit(browser: Browser, common: BrowserContext, homes: Homes) -> AsyncIterator[Opener]:
    opener = Opener(browser, common, homes)
    yield opener
    await opener.close()
