"""Every designed state says its words, fits every width, passes axe, and asks nobody else anything."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext

from tests.browser import looks
from tests.browser.conftest import READER, Opener
from tests.browser.homes import Homes
from tests.browser.real import take_over
from tests.browser.scenarios import ALL
from tests.browser.scenes import enter, words_of
from tests.browser.troubles import LONG

pytestmark = pytest.mark.asyncio(loop_scope="session")

type Looking = asyncio.Task[list[str]]
LOOKS = "test_a_state_says_its_words_fits_and_shuts_nobody_out"

SEES = 2  # at a time, as many as the build server has cores


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def looked(request: pytest.FixtureRequest, browser: Browser, homes: Homes) -> AsyncIterator[dict[str, Looking]]:
    """What is wrong with each state that a test asks about; all of them are looked at from the first test on."""
    if not looks.AXE.exists():
        pytest.skip("axe-core is not installed: make setup brings it")
    free: asyncio.Queue[BrowserContext] = asyncio.Queue()
    for _ in range(SEES):
        free.put_nowait(await browser.new_context(**READER, reduced_motion="reduce"))

    async def look(name: str) -> list[str]:
        context = await free.get()
        opener = Opener(browser, context, homes)
        try:
            scene = ALL[name]()
            seen = await enter(opener, scene)
            return await looks.faults(seen, await words_of(scene, seen.house))
        finally:
            await opener.close()
            free.put_nowait(context)

    take_over()
    asked = {item.name for item in request.session.items}
    running = {name: asyncio.create_task(look(name)) for name in ALL if f"{LOOKS}[{name}]" in asked}
    yield running
    for one in running.values():
        one.cancel()
    await asyncio.gather(*running.values(), return_exceptions=True)
    while not free.empty():
        await free.get_nowait().close()


@pytest.mark.parametrize("name", ALL)
async def test_a_state_says_its_words_fits_and_shuts_nobody_out(name: str, looked: dict[str, Looking]) -> None:
    found = await looked[name]
    assert not found, "\n".join(found)


async def test_foreign_words_never_become_markup(visit: Opener) -> None:
    seen = await enter(visit, ALL["hostile"](), (1440, 900))
    assert await seen.page.locator("#accounts .account-button bdi").inner_text() == "<img src=x onerror=…"
    await seen.page.click("#accounts .account-button")
    await seen.page.locator("dialog .account-name").first.wait_for()
    names = await seen.page.locator("dialog .account-name bdi").all_inner_texts()
    assert {LONG, "<img src=x onerror=alert(1)>evil"} <= set(names)
    await seen.page.keyboard.press("Escape")
    await seen.look_at("log")
    await seen.page.locator("#log .log-line", has_text="<script>alert(2)</script>").first.wait_for()
    await seen.page.get_by_label("Search messages").fill("does not list")
    await seen.page.locator("#log .log-line", has_text="<b>XYZ</b>").wait_for()
    assert await seen.page.locator("img, main script, #log b").count() == 0


async def test_foreign_words_of_holdings_and_flows_never_become_markup(visit: Opener) -> None:
    seen = await enter(visit, ALL["odd_holdings"](), (1440, 900))
    await seen.page.click("#trust button")
    await seen.page.locator(".snapshot-wallet").first.wait_for()
    await seen.page.get_by_text("<b>XYZ</b>").first.wait_for()
    await seen.page.get_by_text("<img src=x onerror=alert(4)> network").wait_for()
    assert await seen.page.locator("img, main b, main i, main u, dialog b, main script").count() == 0


@pytest.mark.parametrize(("width", "height"), [(360, 640), (768, 1024), (1280, 720), (1440, 900)])
async def test_the_first_screen_holds_the_answer_and_the_whole_chart(width: int, height: int, visit: Opener) -> None:
    seen = await visit(size=(width, height))
    for selector in ("#sentence", "#trust", "#tiles", "#plot", "#ranges"):
        box = await seen.page.locator(selector).bounding_box()
        assert box, selector
        assert box["y"] + box["height"] <= height, selector
        assert box["height"] > 15, selector


@pytest.mark.parametrize("width", [360, 1440])
async def test_nothing_jumps_when_the_figures_come(width: int, visit: Opener) -> None:
    places = []
    for name in ("loading", "main"):
        seen = await enter(visit, ALL[name](), (width, 900))
        await seen.page.locator("#tiles").wait_for()
        # Before the server is heard, nobody knows that this is a demo: its strip is not part of the comparison.
        await seen.page.evaluate("() => document.querySelector('#demo-strip').remove()")
        selectors = ("#sentence", "#trust", "#tiles", "#plot-box", "#chart-foot")
        places.append([await seen.page.locator(one).bounding_box() for one in selectors])
    for before, after in zip(*places, strict=True):
        assert before
        assert after
        assert abs(before["y"] - after["y"]) <= 1
        assert abs(before["height"] - after["height"]) <= 1
