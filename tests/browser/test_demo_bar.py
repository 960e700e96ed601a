"""The demo's tools: what they ask of the server, and what they say came of it."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Opener
from tests.browser.real import API_TOKEN
from tests.browser.scenarios_demo import do, held_at
from tests.browser.scenarios_doors import BY_TOKEN

pytestmark = pytest.mark.asyncio(loop_scope="session")

WIDE = (1440, 900)
TOOLS = "#demo-tools"


@pytest.mark.parametrize("size", [WIDE, (360, 640)], ids=["strip", "chip"])
async def test_money_is_moved_and_the_page_says_when_it_counts(size: tuple[int, int], visit: Opener) -> None:
    house = await visit.own(writes=True)
    seen = await visit(house, size=size)
    await seen.page.locator(f"{TOOLS} select").wait_for(state="attached")
    asked = len(seen.asked)
    await do(seen.page, "Move money")
    await seen.page.get_by_role("dialog").get_by_label("Account").select_option("Spot")
    await seen.page.get_by_label("Asset").fill("usdt")
    await seen.page.get_by_label("How", exact=True).select_option("internal")
    await seen.page.get_by_label("How", exact=True).focus()
    await seen.page.keyboard.press("Tab")
    await seen.page.keyboard.press("Enter")
    await expect(seen.page.locator(".toast")).to_have_text(
        re.compile(r"A deposit of 5,000 USDT is on its way\. The next run, in 48 min, books it\.")
    )
    (coming,) = (await house.ask("/api/flows?account=spot"))["coming"]
    assert (coming["kind"], coming["asset"], coming["quantity"], coming["state"]) == (
        *("deposit", "USDT", "5000", "on_its_way"),
    )
    await expect(seen.page.get_by_role("dialog")).to_have_count(0)
    focused = await seen.page.evaluate("() => document.activeElement.id || document.activeElement.dataset.key")
    assert focused == ("money" if size == WIDE else "demo-chip")
    await seen.page.wait_for_function("() => !document.querySelector('#figures').ariaBusy.includes('true')")
    assert len(seen.asked) > asked, "the page asks anew at once"
    assert seen.complaints == []


async def test_what_the_server_refuses_is_said_where_it_was_asked(visit: Opener) -> None:
    house = await visit.own()
    assert house.demo
    seen = await visit(house, size=WIDE)
    await do(seen.page, "Move money")
    await seen.page.get_by_role("dialog").get_by_label("Account").select_option("Spot")
    await seen.page.get_by_label("Amount", exact=True).fill("900000")
    await seen.page.get_by_label("What").select_option("withdrawal")
    assert await seen.page.locator("#move-kind option[value=card]").count() == 0
    await seen.page.get_by_role("button", name="Move it").click()
    await expect(seen.page.locator("#move-wrong")).to_have_text(
        re.compile(r"^amount: Spot can pay out [\d.]+ USDT at most\.$")
    )
    await seen.page.keyboard.press("Escape")
    reigns = await seen.page.locator(f"{TOOLS} select").input_value()
    house.demo.passing.done, house.demo.passing.total = 1, 24  # while time passes nothing else can be done
    await seen.page.locator(f"{TOOLS} select").select_option("crash")
    await expect(seen.page.locator(".toast")).to_contain_text("That could not be done. time passes: 1 of 24 runs")
    await expect(seen.page.locator(f"{TOOLS} select")).to_have_value(reigns)


async def test_while_time_passes_the_tools_wait(visit: Opener) -> None:
    house = await visit.own(writes=True)
    seen = await visit(house, size=WIDE)
    go_on = await held_at(house, 3)
    await do(seen.page, "Pass time", "1 day")
    await expect(seen.page.locator("#building")).to_contain_text("Time passes: 3 of 24 runs")
    await expect(seen.page.locator(f"{TOOLS} [aria-disabled=true]")).to_have_count(3)
    await seen.page.locator(f"{TOOLS} [data-key=money]").click(force=True)
    await expect(seen.page.get_by_role("dialog")).to_have_count(0)
    go_on.set()
    await expect(seen.page.locator("#building")).to_be_hidden()
    await expect(seen.page.locator(f"{TOOLS} [aria-disabled=true]")).to_have_count(0)
    await house.spine.assert_sound()


async def test_outside_of_a_demo_there_are_no_tools(visit: Opener) -> None:
    seen = await visit(await visit.own(environment=BY_TOKEN), size=WIDE, alone=True)
    await seen.page.fill("#token", API_TOKEN)
    await seen.page.keyboard.press("Enter")
    await seen.page.wait_for_selector("#log")
    assert await seen.page.locator("#demo-strip").is_hidden()
    assert not [name for name in seen.asked if "demo" in name]
