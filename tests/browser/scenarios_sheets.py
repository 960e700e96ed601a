"""States of a link, of hidden amounts, and the sheets that a button or a key opens."""

from urllib.parse import urljoin

from playwright.async_api import Page, expect

from lib.usecases import share
from tests.browser.conftest import Visit
from tests.browser.scenes import Scene, on_page, own
from tests.browser.told import Told, headline

SHARED = """async (token) => {
  const { series } = await (await fetch("/api/share", { headers: { Authorization: `Bearer ${token}` } })).json();
  return [series.nav_index.at(-1), series.benchmark_index.at(-1)];
}"""


def hidden_amounts() -> Scene:
    async def act(page: Page) -> None:
        await page.keyboard.press("h")

    def words(t: Told) -> list[str]:
        return [
            f"You are $••••• ({headline(t.active)}) ahead of",
            "Value and Difference are off while amounts are hidden",
        ]

    return Scene(words, act=on_page(act))


async def open_link(page: Page, path: str) -> None:
    await page.goto(urljoin(page.url, path))
    await page.locator("#instead:not([hidden]) h1, #tiles .tile").first.wait_for()


def share_view() -> Scene:
    async def act(seen: Visit) -> None:
        made = await share.make(seen.house.wired.links, seen.house.wired.clock, "main")
        await open_link(seen.page, str(made["path"]))
        you, bench = await seen.page.evaluate(SHARED, made["token"])
        lead = f"This portfolio is {headline(you / bench - 1)} ahead of holding 50/50 BTC and ETH since 24 Aug 2026."
        await expect(seen.page.locator("#sentence")).to_have_text(lead)

    counts = "one dollar on each side since 24 Aug 2026, no money in or out"
    words = ["Amounts are not part of this page.", counts, "Return since 24 Aug"]
    return Scene(words, open=own(writes=True), act=act)


def revoked() -> Scene:
    async def act(seen: Visit) -> None:
        links = seen.house.wired.links
        made = await share.make(links, seen.house.wired.clock, "main")
        await share.revoke(links, str(made["id"]))
        await open_link(seen.page, str(made["path"]))

    return Scene(["This link was withdrawn or never existed."], open=own(writes=True), act=act)


def shortcuts() -> Scene:
    async def act(page: Page) -> None:
        await page.keyboard.press("?")

    return Scene(["Keyboard", "Single keys work outside of fields"], act=on_page(act))


def saving() -> Scene:
    async def act(page: Page) -> None:
        wide = page.locator("#chart-head [data-key=save]")
        if await wide.is_visible():
            await wide.click()
        else:
            await page.click("#menu-button")
            await page.get_by_role("button", name="Save").click()

    return Scene(["Every snapshot, with all digits", "The chart as it is now"], act=on_page(act))


def not_loaded() -> Scene:
    """What a button opens was never fetched, and cannot be now."""

    async def act(page: Page) -> None:
        await page.wait_for_load_state("networkidle")  # with all that the page fetches by itself
        await page.context.set_offline(True)
        await page.click("#menu-button")

    words = ["You are offline.", "Could not be loaded: you are offline. Try again.", "Close"]
    return Scene(words, act=on_page(act), alone=True)


STATES = (hidden_amounts, share_view, revoked, shortcuts, saving, not_loaded)
