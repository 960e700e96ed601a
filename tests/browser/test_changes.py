"""What changed the value: its line while closed, its rows when open, and bars that join."""

from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Opener
from tests.browser.lives import TROUBLED
from tests.browser.told import signed, told, usd

pytestmark = pytest.mark.asyncio(loop_scope="session")

BARS = """() => [...document.querySelectorAll("#changes .change-bar")].map((bar) => {
  const { left, right, width } = bar.getBoundingClientRect();
  const cell = bar.parentElement.getBoundingClientRect();
  const inside = left >= cell.left - 1 && right <= cell.right + 1;
  return { left, right, width, inside, down: bar.className.includes("loss") };
})"""


async def test_on_a_phone_it_says_its_line_and_opens_to_rows(visit: Opener) -> None:
    seen = await visit()
    found = (await told(seen.house)).history["attribution"]
    await seen.page.locator("#changes").wait_for()
    put_in = Decimal(found["parts"]["flows"])
    earned = Decimal(found["change"]) - put_in
    line = f"{signed(found['change'])} since 24 Aug: {usd(put_in)} put in, {usd(earned)} earned"
    assert await seen.text("#changes-line") == line
    await expect(seen.page.locator("#changes table")).to_be_hidden()
    await seen.page.click("#changes .section-button")
    rows = seen.page.locator("#changes tbody tr")
    await expect(rows).to_have_count(12)
    assert await seen.text("#changes tbody tr >> nth=0") == f"Value on 24 Aug {usd(found['nav_from'])}"
    assert await seen.text("#changes tbody tr >> nth=9") == f"Not explained {signed(found['residual'])}"
    assert await seen.text("#changes tbody tr >> nth=11") == f"Value now {usd(found['nav_to'])}"
    assert await seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert seen.complaints == []


@pytest.mark.parametrize("width", [320, 768, 1440])
async def test_each_bar_begins_where_the_one_before_ended(visit: Opener, width: int) -> None:
    seen = await visit(size=(width, 900))
    await seen.page.locator("#changes").wait_for()
    if width < 768:
        await seen.page.click("#changes .section-button")
    await seen.look_at("changes")
    found = (await told(seen.house)).history["attribution"]
    moved = [one for one in (*found["parts"].values(), found["residual"], found["change"]) if Decimal(one)]
    assert len(moved) > 5
    await expect(seen.page.locator("#changes .change-bar")).to_have_count(len(moved))
    await seen.settle()
    bars: list[dict[str, Any]] = await seen.page.evaluate(BARS)
    assert all(bar["inside"] and bar["width"] >= 2 for bar in bars)
    for before, after in pairwise(bars[:-1]):
        ended = before["left"] if before["down"] else before["right"]
        begins = after["right"] if after["down"] else after["left"]
        assert abs(ended - begins) <= 2.5, "the least width of a bar is the only slack"
    assert abs(bars[-1]["left"] - bars[0]["left"]) < 0.5


async def test_without_two_snapshots_there_is_nothing_to_tell(visit: Opener) -> None:
    seen = await visit(TROUBLED, size=(1440, 900), path="/?account=fresh")
    await seen.page.locator("#statistics").wait_for()
    await expect(seen.page.locator("#changes")).to_be_hidden()
