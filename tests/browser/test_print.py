"""The page on paper, and in the colours of the system."""

import pytest
from playwright.async_api import Page, expect

from lib.usecases import share
from tests.browser.conftest import Opener

pytestmark = pytest.mark.asyncio(loop_scope="session")

SECTIONS = ("changes", "allocation", "positions", "statistics", "flows", "addsup", "log")
CONTROLS = "select, input, .button, .icon-button, .menu-row, [role=radio], .chip[aria-haspopup]"
LOOK = """() => ({
  theme: document.documentElement.dataset.theme, canvas: document.querySelector("#plot canvas").style.width,
  ink: getComputedStyle(document.body).color,
})"""
PAINTED = """() => {
  const canvas = document.querySelector("#plot canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  const found = { accent: 0, tint: 0 };
  for (let at = 0; at < data.length; at += 4) {
    found.accent += data[at] === 0x35 && data[at + 1] === 0x47 && data[at + 2] === 0xd1 && data[at + 3] === 255;
    found.tint += Math.abs(data[at + 3] - 0.17 * 255) < 4;
  }
  return found;
}"""


async def seen_controls(page: Page) -> list[str]:
    every = await page.locator(CONTROLS).all()
    return [await one.evaluate("(it) => it.outerHTML.slice(0, 80)") for one in every if await one.is_visible()]


async def test_all_of_the_page_is_printed_on_light_ground_without_its_controls(visit: Opener) -> None:
    seen = await visit(size=(360, 640))  # where every section is closed
    page = seen.page
    await page.evaluate("() => { document.documentElement.dataset.theme = 'dark'; }")
    await page.wait_for_selector("#printed", state="attached")
    before = await page.evaluate(LOOK)
    await page.evaluate("() => { window.print = () => { window.asked = true; }; }")
    await page.keyboard.press("Control+p")
    await page.wait_for_function("() => window.asked")
    await page.emulate_media(media="print")
    await seen.settle()
    await page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    assert await page.evaluate(LOOK) == {"theme": "light", "canvas": "680px", "ink": "rgb(21, 23, 28)"}
    for one in SECTIONS:
        said = await page.locator(f"#{one} .section-body").inner_text()
        assert len(said) > 100, f"{one}: {said}"
    assert await seen_controls(page) == []
    foot = page.locator("#printed")
    await expect(foot).to_contain_text(f"Main · Portfolio Monitor · {seen.site}/")
    await expect(foot).to_contain_text("printed 16 Nov 2026, 07:12 UTC")
    await page.evaluate("() => dispatchEvent(new Event('afterprint'))")
    await page.emulate_media(media="screen")
    await seen.settle()
    assert await page.evaluate(LOOK) == before
    await expect(page.locator("#log .section-button")).to_have_attribute("aria-expanded", "false")
    assert seen.complaints == []


async def test_a_shared_page_is_printed_without_controls_and_without_what_opens_it(visit: Opener) -> None:
    house = await visit.own(writes=True)
    made = await share.make(house.wired.links, house.wired.clock, "main")
    seen = await visit(house, size=(1440, 900), path=f"/share.html#{made['token']}")
    await seen.page.wait_for_selector("#printed", state="attached")
    await seen.page.emulate_media(media="print")
    await seen.page.evaluate("() => dispatchEvent(new Event('beforeprint'))")
    assert await seen_controls(seen.page) == []
    await expect(seen.page.locator("#printed")).to_contain_text(f"{seen.site}/share.html · printed 16 Nov 2026")
    assert str(made["token"]) not in await seen.page.inner_text("body")
    assert seen.complaints == []


async def test_in_forced_colours_the_chart_has_the_systems_and_fills_nothing(visit: Opener) -> None:
    seen = await visit(size=(1440, 900))
    painted = await seen.page.evaluate(PAINTED)
    assert painted["accent"] > 100
    assert painted["tint"] > 5000
    await seen.page.emulate_media(forced_colors="active")
    await seen.settle()
    forced = await seen.page.evaluate(PAINTED)
    assert forced["accent"] == 0
    assert forced["tint"] < painted["tint"] / 20, "a letter's edge may be as faint as a fill"
    await seen.page.emulate_media(forced_colors="none")
