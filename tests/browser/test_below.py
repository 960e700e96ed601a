"""What a reader does with views, comparison, statistics and log, and what all of it weighs."""

import gzip
import re
from urllib.parse import urlsplit

import pytest
from playwright.async_api import expect

from lib.domain.requests import CollectOrder
from tests.browser.conftest import Opener, Visit
from tests.browser.lives import HOUR, LAST, TROUBLED
from tests.browser.real import PUBLIC
from tests.browser.scenarios_below import open_compare
from tests.browser.told import headline, moment, percent, told, usd
from tests.browser.troubles import late_deposit

pytestmark = pytest.mark.asyncio(loop_scope="session")

DESKTOP = (1440, 900)
HEAVIEST_BYTES = 130_000


async def logged(seen: Visit) -> None:
    await seen.look_at("log")
    await seen.page.locator("#log .log-line").first.wait_for()


async def test_a_view_is_chosen_read_and_remembered(visit: Opener) -> None:
    seen = await visit(size=DESKTOP)
    await seen.page.click("#chart-head [data-key=growth]")
    await seen.page.keyboard.press("ArrowRight")
    await seen.page.keyboard.press("ArrowRight")
    await expect(seen.page.locator("#chart-head [data-key=drawdown]")).to_be_focused()
    assert "view=drawdown" in seen.page.url
    await seen.page.focus("#plot")
    await seen.page.keyboard.press("End")
    plot = seen.page.locator("#plot")
    series = (await told(seen.house)).history["series"]
    you, bench = (percent(series[name][-1]).replace(" ", ".") for name in ("drawdown", "benchmark_drawdown"))
    await expect(plot).to_have_attribute("aria-valuetext", re.compile(f"07:00 UTC: You {you}, 50/50 {bench}$"))
    assert seen.asked.count("/api/history?account=main&range=90d") == 1  # a view asks for nothing
    await seen.page.goto(seen.site)
    await expect(seen.page.locator("#chart-head [aria-checked=true]")).to_have_text("Drawdown")


async def growth_row(seen: Visit) -> str:
    """The newest row of the table of growth."""
    known = await told(seen.house)
    series = known.history["series"]
    you, bench = series["nav_index"][-1] - 1, series["benchmark_index"][-1] - 1
    cells = (percent(one, sign=True) for one in (you, bench, known.active))
    return " ".join((moment(known.history["to"]), *cells))


async def test_the_table_has_what_the_view_shows(visit: Opener) -> None:
    seen = await visit(size=DESKTOP, path="/?view=growth")
    await seen.page.click("#chart-head [data-key=table]")
    assert await seen.text("#table thead") == "Day, UTC You 50/50 Ahead"
    assert await seen.text("#table tbody tr >> nth=0") == await growth_row(seen)


async def test_a_comparison_is_asked_for_said_and_remembered(visit: Opener) -> None:
    seen = await visit(size=DESKTOP)
    await open_compare(seen.page)
    await seen.page.get_by_role("button", name="BTC all money").click()
    ahead = headline((await told(seen.house, "/?account=main&benchmark=BTC")).active).replace(" ", ".")
    await expect(seen.page).to_have_title(re.compile(f"^{ahead} ahead of BTC · Main · "))
    assert "/api/history?account=main&range=90d&benchmark=BTC" in seen.asked
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
    seen = await visit()
    await seen.page.click("#menu-button")
    await seen.page.get_by_role("button", name="Compare with 50/50").click()
    await seen.page.get_by_role("button", name="Another coin").click()
    await expect(seen.page.get_by_label("Coin 3")).to_be_focused()
    await seen.page.keyboard.type("sol")
    await seen.page.get_by_label("Percent 3").fill("12.5")
    await seen.page.get_by_label("Percent 2").fill("27.5")
    await seen.page.keyboard.press("Enter")
    await expect(seen.page.locator("#sentence")).to_contain_text("60/27.5/12.5 BTC, ETH and SOL")
    assert seen.asked_with("/api/history", "benchmark=BTC%3A0.6%2CETH%3A0.275%2CSOL%3A0.125")


async def test_a_comparison_that_cannot_be_had_leaves_the_figures(visit: Opener) -> None:
    seen = await visit(size=DESKTOP, path="/?benchmark=DOT")
    await expect(seen.page.locator("#panels")).to_contain_text("DOT")
    await expect(seen.page.locator("#sentence")).to_contain_text("50/50 BTC and ETH")
    assert "DOT" not in seen.page.url
    await seen.page.click("#ranges [data-key='30d']")
    await expect(seen.page.locator("#panels")).to_be_empty()


async def test_sections_are_open_where_there_is_room_and_stay_as_they_were_left(visit: Opener) -> None:
    seen = await visit(TROUBLED, size=DESKTOP)
    head = seen.page.locator("#statistics .section-button")
    await expect(head).to_have_attribute("aria-expanded", "true")
    await head.click()
    await seen.page.reload()
    await expect(head).to_have_attribute("aria-expanded", "false")
    await expect(seen.page.locator("#log .section-button")).to_have_attribute("aria-expanded", "true")
    phone = await visit(TROUBLED)
    await expect(phone.page.locator("#log .section-button")).to_have_attribute("aria-expanded", "false")
    await expect(phone.page.locator("#log .section-line")).to_contain_text("warnings and 2 errors today")
    asked = phone.those("/api/logs")
    assert asked
    assert all("limit=20" not in one for one in asked)  # a closed log asks for its line alone


async def test_how_a_figure_is_computed_stays_open_across_a_refresh(visit: Opener) -> None:
    house = await visit.own(writes=True)
    seen = await visit(house, size=DESKTOP, frozen=True)
    await seen.look_at("statistics")
    await seen.page.click("#statistics [data-key=volatility]")
    assert (await house.spine.collect(LAST + HOUR)).status == "ok"
    await seen.page.clock.run_for(61_000)
    await expect(seen.page.locator("#sentence")).to_contain_text(usd((await told(house)).metrics["difference"]))
    await expect(seen.page.locator("#how-volatility")).to_be_visible()
    await expect(seen.page.locator("#statistics [data-key=volatility]")).to_be_focused()


async def test_the_log_is_filtered_and_cleared(visit: Opener) -> None:
    seen = await visit(TROUBLED, size=DESKTOP)
    await logged(seen)
    lines = seen.page.locator("#log .log-line")
    await seen.page.get_by_label("Level").select_option("error")
    await expect(lines).to_have_count(2)
    await seen.page.get_by_label("Search messages").fill("nothing like it")
    await expect(seen.page.locator("#log .log-foot")).to_contain_text("No entries match.")
    assert seen.those("/api/logs")[-1] == "/api/logs?level=error&q=nothing+like+it&limit=20"
    await seen.page.get_by_role("button", name="Clear filters").click()
    await expect(lines).to_have_count(20)
    await expect(seen.page.get_by_label("Search messages")).to_have_value("")
    await expect(seen.page.get_by_label("Level")).to_have_value("")


async def test_the_lines_of_one_run_stand_together(visit: Opener) -> None:
    seen = await visit(size=DESKTOP)
    await logged(seen)
    newest = (await seen.house.ask("/api/logs?limit=20"))["entries"]
    run = next(one["run"] for one in newest if one["run"] != newest[0]["run"])
    its = await seen.house.ask(f"/api/logs?run={run}&limit=20")
    place = [one["run"] for one in newest].index(run)
    await seen.page.locator("#log .log-time .log-only").nth(place).click()
    await expect(seen.page.locator("#log .log-line")).to_have_count(len(its["entries"]))
    assert len(its["entries"]) == 4, "three accounts and the run's own"
    assert f"run={run}" in seen.those("/api/logs")[-1]
    await seen.page.get_by_role("button", name="One run only").click()
    await expect(seen.page.locator("#log .log-line")).to_have_count(20)


async def test_the_lines_of_one_event_stand_together_beside_other_filters(visit: Opener) -> None:
    seen = await visit(TROUBLED, size=DESKTOP)
    await logged(seen)
    await seen.page.get_by_label("Level").select_option("warning")
    await seen.page.locator("#log .log-event .log-only", has_text="exchange.call_failed").first.click()
    await expect(seen.page.locator("#log .log-event")).to_have_text(["exchange.call_failed"] * 2)
    assert seen.those("/api/logs")[-1] == "/api/logs?level=warning&event=exchange.call_failed&limit=20"
    await seen.page.locator("#log .log-tools").get_by_role("button", name="exchange.call_failed").click()
    await expect(seen.page.locator("#log .log-event", has_text="account.failed")).not_to_have_count(0)


async def test_older_lines_follow_until_there_are_none(visit: Opener) -> None:
    seen = await visit(TROUBLED, size=DESKTOP)
    await logged(seen)
    await seen.page.locator("#log [data-key=account]").select_option("jump")
    whole = len((await seen.house.ask("/api/logs?account=jump&limit=500"))["entries"])
    assert 20 < whole <= 40
    await expect(seen.page.locator("#log .log-line")).to_have_count(20)
    await seen.page.get_by_role("button", name="Older").click()
    await expect(seen.page.locator("#log .log-line")).to_have_count(whole)
    await expect(seen.page.get_by_role("button", name="Older")).to_have_count(0)


async def test_the_tail_follows_only_while_the_newest_line_is_in_view(visit: Opener) -> None:
    house = await visit.own(writes=True)
    seen = await visit(house, size=(1440, 500), frozen=True)
    await logged(seen)
    await seen.page.locator("#log [data-key=account]").select_option("spot")
    await expect(seen.page.locator("#log .log-line", has_text="Spot")).to_have_count(20)
    live = seen.page.get_by_role("button", name="Live")
    async with seen.page.expect_response(lambda answer: "after=" in answer.url):
        await live.click()
    await seen.settle()
    await seen.page.locator("#log .log-line").first.scroll_into_view_if_needed()
    await seen.settle()
    newest = seen.page.locator("#log .log-message").first

    async def another_run() -> str:
        """One more line of Spot, and what it says."""
        house.spine.clock.pass_time(60)
        assert (await house.spine.collect(order=CollectOrder(account="spot", retake="force"))).status == "ok"
        entries = (await house.ask("/api/logs?account=spot&level=info&limit=1"))["entries"]
        async with seen.page.expect_response(lambda answer: "after=" in answer.url):
            await seen.page.clock.run_for(5100)
        return str(entries[0]["message"])

    first = await another_run()
    await expect(newest).to_have_text(first)
    await seen.page.get_by_role("button", name="Older").scroll_into_view_if_needed()
    await seen.settle()
    second = await another_run()
    assert first != second
    fresh = seen.page.locator("#log .log-fresh button")
    await expect(fresh).to_have_text(re.compile(r"^\d new lines?$"))
    await expect(newest).to_have_text(first)
    await fresh.click()
    await expect(newest).to_have_text(second)
    await live.click()
    asked = len(seen.asked)
    await seen.page.clock.run_for(6000)
    assert [one for one in seen.asked[asked:] if "after=" in one] == []


async def test_a_recomputed_past_is_told_once_in_each_browser(visit: Opener) -> None:
    house = await visit.own(writes=True)
    why = await late_deposit(house, "1200")
    seen = await visit(house, size=DESKTOP)
    await expect(seen.page.locator(".toast p")).to_have_text(f"History since 16 Nov was recomputed: {why}.")
    await seen.page.reload()
    await logged(seen)
    await expect(seen.page.locator(".toast")).to_have_count(0)
    await late_deposit(house, "1300")
    await seen.page.reload()
    await expect(seen.page.locator(".toast")).to_have_count(1)


async def test_a_snapshot_taken_again_is_not_told_as_a_late_flow(visit: Opener) -> None:
    house = await visit.own(writes=True)
    assert (await house.spine.collect(order=CollectOrder(retake="force"))).status == "ok"
    assert [one for one in (await told(house)).history["events"] if one["kind"] == "restated"]
    seen = await visit(house, size=DESKTOP)
    await logged(seen)
    await expect(seen.page.locator(".toast")).to_have_count(0)


async def test_a_figure_opens_how_it_is_computed(visit: Opener) -> None:
    seen = await visit(size=DESKTOP)
    await seen.page.get_by_role("button", name=re.compile(r"^Sharpe ratio, \d\d days: how is this computed\?$")).click()
    await expect(seen.page.locator("#how-sharpe")).to_be_visible()
    await expect(seen.page.locator("#statistics .section-button")).to_be_focused()
    await seen.page.locator("#tiles [data-key=how-nav]").click()
    await expect(seen.page.locator("dialog[open] h2")).to_have_text("What this snapshot is made of")


async def test_the_settings_have_a_button_of_their_own_where_there_is_room(visit: Opener) -> None:
    seen = await visit(size=DESKTOP)
    await seen.page.click("#settings-button")
    await expect(seen.page.locator("dialog h2")).to_have_text("Settings")
    await seen.page.keyboard.press("Escape")
    await expect(seen.page.locator("#settings-button")).to_be_focused()
    await seen.page.set_viewport_size({"width": 360, "height": 640})
    await expect(seen.page.locator("#settings-button")).to_be_hidden()


async def test_the_page_weighs_no_more_than_its_budget(visit: Opener) -> None:
    """Product 13: 130 kB compressed without data, all that an open page fetches by itself, and a sheet, counted."""
    seen = await visit(size=DESKTOP)
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
