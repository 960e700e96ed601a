"""What a reader does with views, comparison, statistics and log, and what all of it weighs."""

import gzip
import re
from urllib.parse import urlsplit

import pytest
from playwright.async_api import expect

from tests.browser import canned, canned_log
from tests.browser.conftest import Opener, Visit
from tests.browser.scenarios import open_compare
from tests.browser.stand_in import PUBLIC, Script

pytestmark = pytest.mark.asyncio(loop_scope="session")

DESKTOP = (1440, 900)
HEAVIEST_BYTES = 130_000


async def logged(seen: Visit) -> None:
    await seen.look_at("log")
    await seen.page.locator("#log .log-line").first.wait_for()


async def test_a_view_is_chosen_read_and_remembered(visit: Opener) -> None:
    seen = await visit(Script(), size=DESKTOP)
    await seen.page.click("#chart-head [data-key=growth]")
    await seen.page.keyboard.press("ArrowRight")
    await seen.page.keyboard.press("ArrowRight")
    await expect(seen.page.locator("#chart-head [data-key=drawdown]")).to_be_focused()
    assert "view=drawdown" in seen.page.url
    await seen.page.focus("#plot")
    await seen.page.keyboard.press("End")
    plot = seen.page.locator("#plot")
    await expect(plot).to_have_attribute(
        "aria-valuetext", re.compile(r"14:00 UTC: You −\d\.\d\d.%, 50/50 −\d\d\.\d\d.%$")
    )
    assert seen.script.asked.count("/api/history?account=main&range=90d") == 1  # a view asks for nothing
    await seen.page.goto(seen.site)
    await expect(seen.page.locator("#chart-head [aria-checked=true]")).to_have_text("Drawdown")


async def test_the_table_has_what_the_view_shows(visit: Opener) -> None:
    seen = await visit(Script(), size=DESKTOP, path="/?view=growth")
    await seen.page.click("#chart-head [data-key=table]")
    assert await seen.text("#table thead") == "Day, UTC You 50/50 Ahead"
    assert await seen.text("#table tbody tr >> nth=0") == "18 Nov 14:00 +12.22 % +5.75 % +6.12 %"


async def test_a_comparison_is_asked_for_said_and_remembered(visit: Opener) -> None:
    seen = await visit(Script(), size=DESKTOP)
    await open_compare(seen.page)
    await seen.page.get_by_role("button", name="BTC all money").click()
    await expect(seen.page).to_have_title(re.compile(r"^9.4.% ahead of BTC · Main · "))
    assert seen.script.histories[-1] == "/api/history?account=main&range=90d&benchmark=BTC"
    assert "benchmark=BTC" in seen.page.url
    await expect(seen.page.locator("#readout")).to_contain_text("BTC, same money on the same days")
    await expect(seen.page.locator("#sentence a")).to_be_focused()
    await expect(seen.page.locator("#live")).to_have_text("")  # a comparison is no new snapshot
    await seen.page.goto(seen.site)
    await expect(seen.page.locator("#chart-head [data-key=compare]")).to_have_text("Compare with BTC")
    await seen.page.click("#chart-head [data-key=compare]")
    await seen.page.get_by_role("button", name="own benchmark").click()
    await expect(seen.page.locator("#sentence")).to_contain_text("50/50 BTC and ETH")
    assert "benchmark" not in seen.page.url


async def test_own_weights_are_compared_from_the_menu_of_a_phone(visit: Opener) -> None:
    seen = await visit(Script())
    await seen.page.click("#menu-button")
    await seen.page.get_by_role("button", name="Compare with 50/50").click()
    await seen.page.get_by_role("button", name="Another coin").click()
    await expect(seen.page.get_by_label("Coin 3")).to_be_focused()
    await seen.page.keyboard.type("bnb")
    await seen.page.get_by_label("Percent 3").fill("12.5")
    await seen.page.get_by_label("Percent 2").fill("27.5")
    await seen.page.keyboard.press("Enter")
    await expect(seen.page.locator("#sentence")).to_contain_text("60/27.5/12.5 BTC, ETH and BNB")
    assert seen.script.histories[-1].endswith("&benchmark=BTC%3A0.6%2CETH%3A0.275%2CBNB%3A0.125")


async def test_a_comparison_that_cannot_be_had_leaves_the_figures(visit: Opener) -> None:
    seen = await visit(Script(), size=DESKTOP, path="/?benchmark=SOL")
    await expect(seen.page.locator("#panels")).to_contain_text("No prices of SOL are stored")
    await expect(seen.page.locator("#sentence")).to_contain_text("50/50 BTC and ETH")
    assert "SOL" not in seen.page.url
    await seen.page.click("#ranges [data-key='30d']")
    await expect(seen.page.locator("#panels")).to_be_empty()


async def test_sections_are_open_where_there_is_room_and_stay_as_they_were_left(visit: Opener) -> None:
    seen = await visit(Script(), size=DESKTOP)
    head = seen.page.locator("#statistics .section-button")
    await expect(head).to_have_attribute("aria-expanded", "true")
    await head.click()
    await seen.page.reload()
    await expect(head).to_have_attribute("aria-expanded", "false")
    await expect(seen.page.locator("#log .section-button")).to_have_attribute("aria-expanded", "true")
    phone = await visit(Script())
    await expect(phone.page.locator("#log .section-button")).to_have_attribute("aria-expanded", "false")
    await expect(phone.page.locator("#log .section-line")).to_contain_text("2 warnings")
    assert all("limit=20" not in asked for asked in phone.script.asked_log)  # a closed log asks for its line alone


async def test_how_a_figure_is_computed_stays_open_across_a_refresh(visit: Opener) -> None:
    seen = await visit(Script(), size=DESKTOP, frozen=True)
    await seen.look_at("statistics")
    await seen.page.click("#statistics [data-key=volatility]")
    seen.script.past = canned.world(end_nav="120000.00", tilt=0.01)
    await seen.page.clock.run_for(61_000)
    await expect(seen.page.locator("#sentence")).to_contain_text("$9,239.42")
    await expect(seen.page.locator("#how-volatility")).to_be_visible()
    await expect(seen.page.locator("#statistics [data-key=volatility]")).to_be_focused()


async def test_the_log_is_filtered_and_cleared(visit: Opener) -> None:
    seen = await visit(Script(), size=DESKTOP)
    await logged(seen)
    lines = seen.page.locator("#log .log-line")
    await seen.page.get_by_label("Level").select_option("error")
    await expect(lines).to_have_count(1)
    await seen.page.get_by_label("Search messages").fill("nothing like it")
    await expect(seen.page.locator("#log .log-foot")).to_contain_text("No entries match.")
    assert seen.script.asked_log[-1] == "/api/logs?level=error&q=nothing+like+it&limit=20"
    await seen.page.get_by_role("button", name="Clear filters").click()
    await expect(lines).to_have_count(20)
    await expect(seen.page.get_by_label("Search messages")).to_have_value("")
    await expect(seen.page.get_by_label("Level")).to_have_value("")


async def test_the_lines_of_one_run_stand_together(visit: Opener) -> None:
    seen = await visit(Script(), size=DESKTOP)
    await logged(seen)
    await seen.page.locator("#log .log-time .log-only", has_text="12:00:02").click()
    await expect(seen.page.locator("#log .log-line")).to_have_count(6)
    assert "run=run-2" in seen.script.asked_log[-1]
    await seen.page.get_by_role("button", name="One run only").click()
    await expect(seen.page.locator("#log .log-line")).to_have_count(20)


async def test_the_lines_of_one_event_stand_together_beside_other_filters(visit: Opener) -> None:
    seen = await visit(Script(), size=DESKTOP)
    await logged(seen)
    await seen.page.get_by_label("Level").select_option("warning")
    await seen.page.locator("#log .log-event .log-only", has_text="binance.retry").first.click()
    await expect(seen.page.locator("#log .log-event")).to_have_text(["binance.retry"] * 2)
    assert seen.script.asked_log[-1] == "/api/logs?level=warning&event=binance.retry&limit=20"
    await seen.page.locator("#log .log-tools").get_by_role("button", name="binance.retry").click()
    await expect(seen.page.locator("#log .log-event", has_text="binance.refused")).not_to_have_count(0)


async def test_older_lines_follow_until_there_are_none(visit: Opener) -> None:
    seen = await visit(Script(), size=DESKTOP)
    await logged(seen)
    whole = len(seen.script.log)
    for shown in (40, whole):
        await seen.page.get_by_role("button", name="Older").click()
        await expect(seen.page.locator("#log .log-line")).to_have_count(shown)
    await expect(seen.page.get_by_role("button", name="Older")).to_have_count(0)


async def test_the_tail_follows_only_while_the_newest_line_is_in_view(visit: Opener) -> None:
    seen = await visit(Script(), size=(1440, 500), frozen=True)
    await logged(seen)
    live = seen.page.get_by_role("button", name="Live")
    await live.click()
    await seen.page.locator("#log .log-tools").scroll_into_view_if_needed()
    newest = seen.page.locator("#log .log-message").first

    async def told(number: int) -> None:
        message = f"line {number}"
        line = canned_log.line(number, "2025-11-18T14:11:00Z", "info", "main", "account.stored", message)
        seen.script.log = [line, *seen.script.log]
        await seen.page.clock.run_for(5100)

    await told(1001)
    await expect(newest).to_have_text("line 1001")
    await seen.page.get_by_role("button", name="Older").scroll_into_view_if_needed()
    await seen.settle()
    await told(1002)
    fresh = seen.page.get_by_role("button", name="1 new line")
    await expect(fresh).to_be_visible()
    await expect(newest).to_have_text("line 1001")
    await fresh.click()
    await expect(newest).to_have_text("line 1002")
    await live.click()
    asked = len(seen.script.asked_log)
    await seen.page.clock.run_for(6000)
    assert [one for one in seen.script.asked_log[asked:] if "after=" in one] == []


async def test_a_recomputed_past_is_told_once_in_each_browser(visit: Opener) -> None:
    script = Script(history=canned.restated(canned.history(canned.world())))
    seen = await visit(script, size=DESKTOP)
    await expect(seen.page.locator(".toast p")).to_have_text(
        "History since 12 Nov was recomputed: a late deposit was booked at its own time."
    )
    await seen.page.reload()
    await logged(seen)
    await expect(seen.page.locator(".toast")).to_have_count(0)
    script.history = canned.restated(canned.history(canned.world()), "2025-11-16T09:00:00Z")
    await seen.page.reload()
    await expect(seen.page.locator(".toast")).to_have_count(1)


async def test_a_snapshot_taken_again_is_not_told_as_a_late_flow(visit: Opener) -> None:
    answer = canned.restated(canned.history(canned.world()))
    notes = [{name: event[name] for name in event if name != "detail"} for event in answer["events"]]
    seen = await visit(Script(history=answer | {"events": notes}), size=DESKTOP)
    await logged(seen)
    await expect(seen.page.locator(".toast")).to_have_count(0)


async def test_a_figure_opens_how_it_is_computed(visit: Opener) -> None:
    seen = await visit(Script(), size=DESKTOP)
    await seen.page.get_by_role("button", name="Sharpe ratio, 81 days: how is this computed?").click()
    await expect(seen.page.locator("#how-sharpe")).to_be_visible()
    await expect(seen.page.locator("#statistics .section-button")).to_be_focused()
    await seen.page.locator("#tiles [data-key=how-nav]").click()
    await expect(seen.page.locator("dialog[open] h2")).to_have_text("What this snapshot is made of")


async def test_the_settings_have_a_button_of_their_own_where_there_is_room(visit: Opener) -> None:
    seen = await visit(Script(), size=DESKTOP)
    await seen.page.click("#settings-button")
    await expect(seen.page.locator("dialog h2")).to_have_text("Settings")
    await seen.page.keyboard.press("Escape")
    await expect(seen.page.locator("#settings-button")).to_be_focused()
    await seen.page.set_viewport_size({"width": 360, "height": 640})
    await expect(seen.page.locator("#settings-button")).to_be_hidden()


async def test_the_page_weighs_no_more_than_its_budget(visit: Opener) -> None:
    """Product 13: 130 kB compressed without data, all that an open page fetches by itself, and a sheet, counted."""
    seen = await visit(Script(), size=DESKTOP)
    fetched: set[str] = set()
    seen.page.on("request", lambda request: fetched.add(urlsplit(request.url).path))
    await seen.page.reload()
    await expect(seen.page.locator("#log-line")).to_contain_text("Last run")
    await seen.page.wait_for_selector("#printed", state="attached")
    await open_compare(seen.page)
    paths = {"/index.html" if path == "/" else path for path in fetched if not path.startswith("/api/")}
    weights = {path: len(gzip.compress((PUBLIC / path[1:]).read_bytes(), 9)) for path in paths}
    assert {"/vendor/chart.umd.js", "/css/sections.css", "/js/views/compare.js"} <= weights.keys()
    assert sum(weights.values()) <= HEAVIEST_BYTES, sorted(weights.items(), key=lambda one: -one[1])[:10]
