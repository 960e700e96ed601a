"""The demo's tools: what they ask of the server, and what they say came of it."""

import re

import pytest
from playwright.async_api import expect

from tests.browser import canned
from tests.browser.conftest import Opener
from tests.browser.scenarios import do
from tests.browser.stand_in import Script

pytestmark = pytest.mark.asyncio(loop_scope="session")

WIDE = (1440, 900)
TOOLS = "#demo-tools"


@pytest.mark.parametrize("size", [WIDE, (360, 640)], ids=["strip", "chip"])
async def test_money_is_moved_and_the_page_says_when_it_counts(size: tuple[int, int], visit: Opener) -> None:
    script = Script(acted={"run": "ok", "booked": False, "books_at": "2025-11-18T14:12:40Z"})
    seen = await visit(script, size=size)
    await seen.page.locator(f"{TOOLS} select").wait_for(state="attached")
    asked = len(script.asked)
    await do(seen.page, "Move money")
    await seen.page.get_by_role("dialog").get_by_label("Account").select_option("Spot")
    await seen.page.get_by_label("Asset").fill("usdt")
    await seen.page.get_by_label("How", exact=True).select_option("internal")
    await seen.page.get_by_label("How", exact=True).focus()
    await seen.page.keyboard.press("Tab")
    await seen.page.keyboard.press("Enter")
    await expect(seen.page.locator(".toast")).to_have_text(
        re.compile(r"A deposit of 5,000 USDT is on its way\. The next run, in (40|39|38) s, books it\.")
    )
    (act,) = script.acts
    assert act == {"action": "deposit", "account": "Spot", "asset": "USDT", "amount": "5000", "kind": "internal"}
    await expect(seen.page.get_by_role("dialog")).to_have_count(0)
    focused = await seen.page.evaluate("() => document.activeElement.id || document.activeElement.dataset.key")
    assert focused == ("money" if size == WIDE else "demo-chip")
    await seen.page.wait_for_function("() => !document.querySelector('#figures').ariaBusy.includes('true')")
    assert len(script.asked) > asked, "the page asks anew at once"
    assert seen.complaints == []


async def test_what_the_server_refuses_is_said_where_it_was_asked(visit: Opener) -> None:
    refused = canned.problem(400, "amount: Spot can pay out 12 USDT at most", "invalid_input")
    seen = await visit(Script(acted=refused), size=WIDE)
    await do(seen.page, "Move money")
    await seen.page.get_by_label("What").select_option("withdrawal")
    assert await seen.page.locator("#move-kind option[value=card]").count() == 0
    await seen.page.get_by_role("button", name="Move it").click()
    await expect(seen.page.locator("#move-wrong")).to_have_text("amount: Spot can pay out 12 USDT at most.")
    await seen.page.keyboard.press("Escape")
    await seen.page.locator(f"{TOOLS} select").select_option("crash")
    await expect(seen.page.locator(".toast")).to_contain_text("That could not be done. amount:")
    await expect(seen.page.locator(f"{TOOLS} select")).to_have_value("choppy")


async def test_while_time_passes_the_tools_wait(visit: Opener) -> None:
    script = Script(acted={"run": None, "booked": None, "books_at": None, "passing": {"done": 3, "total": 24}})
    seen = await visit(script, size=WIDE)
    await do(seen.page, "Pass time", "1 day")
    await expect(seen.page.locator("#building")).to_contain_text("Time passes: 3 of 24 runs")
    await expect(seen.page.locator(f"{TOOLS} [aria-disabled=true]")).to_have_count(3)
    await seen.page.locator(f"{TOOLS} [data-key=money]").click(force=True)
    await expect(seen.page.get_by_role("dialog")).to_have_count(0)
    script.demo = canned.DEMO
    await expect(seen.page.locator("#building")).to_be_hidden()
    await expect(seen.page.locator(f"{TOOLS} [aria-disabled=true]")).to_have_count(0)


async def test_outside_of_a_demo_there_are_no_tools(visit: Opener) -> None:
    seen = await visit(Script(health=canned.health(demo=False)), size=WIDE)
    await seen.page.wait_for_selector("#log")
    assert await seen.page.locator("#demo-strip").is_hidden()
    assert not [name for name in seen.script.asked if "demo" in name]
