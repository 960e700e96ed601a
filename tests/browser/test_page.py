"""What a reader does with the page, and what it does by itself."""

import asyncio
import re
from datetime import timedelta

import pytest
from playwright.async_api import expect

from tests.browser import canned
from tests.browser.conftest import Opener
from tests.browser.scenarios import ALL
from tests.browser.stand_in import PUBLIC, Script

pytestmark = pytest.mark.asyncio(loop_scope="session")

DESKTOP = (1440, 900)
LATER = r'\bimport\("([^"]+)"\)'
ACCENT_IN_COLUMN = """([x]) => {
  const canvas = document.querySelector("#plot canvas");
  const scale = canvas.width / canvas.clientWidth;
  const { data } = canvas.getContext("2d").getImageData(Math.round(x * scale), 0, 1, canvas.height);
  let found = 0;
  for (let at = 0; at < data.length; at += 4) {
    found += Math.abs(data[at] - 0x35) < 40 && Math.abs(data[at + 1] - 0x47) < 40 && Math.abs(data[at + 2] - 0xd1) < 40;
  }
  return found;
}"""


async def test_the_keyboard_reads_the_chart(visit: Opener) -> None:
    seen = await visit(Script(), size=DESKTOP)
    plot = seen.page.locator("#plot")
    await plot.focus()
    await seen.page.keyboard.press("ArrowLeft")
    await expect(plot).to_have_attribute("aria-valuetext", re.compile(r"^18 Nov 2025, 14:00 UTC: You \$117,116.90"))
    await seen.page.keyboard.press("ArrowLeft")
    await expect(plot).not_to_have_attribute("aria-valuetext", re.compile("14:00 UTC"))
    await seen.page.keyboard.press("Home")
    await expect(plot).to_have_attribute("aria-valuetext", re.compile(r"^28 Aug 2025, 08:00 UTC: You \$96,000.00"))
    assert await plot.get_attribute("aria-valuenow") == "0"
    await seen.page.keyboard.press("PageUp")
    await expect(plot).to_have_attribute("aria-valuetext", re.compile("^4 Sep 2025"))
    await seen.page.keyboard.press("Shift+ArrowRight")
    await expect(plot).to_have_attribute("aria-valuetext", re.compile("^5 Sep 2025"))
    await seen.page.keyboard.press("End")
    await expect(seen.page.locator("#readout")).to_contain_text("Ahead $6,356.32")
    await seen.page.keyboard.press("Escape")
    await expect(seen.page.locator("#readout")).to_contain_text("same money on the same days")


async def test_the_keyboard_walks_the_marks(visit: Opener) -> None:
    seen = await visit(Script(), size=DESKTOP)
    await seen.page.focus("#plot")
    await seen.page.keyboard.press("Home")
    told = []
    for _ in range(6):
        await seen.page.keyboard.press("m")
        told.append(await seen.text("#mark-tag"))
    assert told[0] == "Rebalance · 1 Sep 12:00"
    assert "Deposit +$10,000.00 · 16 Sep 10:12" in told
    await seen.page.keyboard.press("Shift+M")
    assert await seen.text("#mark-tag") == told[-2]


async def test_no_line_crosses_hours_without_data(visit: Opener) -> None:
    seen = await visit(Script(), size=DESKTOP)
    box = await seen.page.locator("#plot").bounding_box()
    assert box
    columns = {}
    for x in range(460, 640, 4):
        await seen.page.mouse.move(box["x"] + x, box["y"] + 40)
        columns[x] = await seen.text("#readout")
    silent = {x for x, words in columns.items() if words == "26 Sep 21:00 – 28 Sep 19:00 UTC: no data"}
    inside = sorted(x for x in silent if {x - 4, x + 4} <= silent)  # a line is two pixels wide, at its end too
    assert inside
    await seen.page.mouse.move(2, 2)
    for x in inside:
        assert await seen.page.evaluate(ACCENT_IN_COLUMN, [x]) == 0
    assert await seen.page.evaluate(ACCENT_IN_COLUMN, [inside[0] + 200]) > 0


async def test_a_mark_under_the_pointer_says_what_it_is_and_stays_on_the_page(visit: Opener) -> None:
    seen = await visit(Script(), size=(360, 640))
    box = await seen.page.locator("#plot").bounding_box()
    assert box
    found = set()
    for x in range(40, 326, 8):
        await seen.page.mouse.move(box["x"] + x, box["y"] + box["height"] - 30)
        tag = seen.page.locator("#mark-tag")
        if await tag.is_visible():
            found.add(await tag.inner_text())
            place = await tag.bounding_box()
            assert place
            assert place["x"] >= 0
            assert place["x"] + place["width"] <= 360
    assert {"Deposit +$5,000.00 · 4 Nov 07:05", "Withdrawal −$6,500.00 · 21 Oct 18:40"} <= found


async def test_a_finger_reads_the_chart_and_nothing_moves(visit: Opener) -> None:
    seen = await visit(Script(), touch=True)
    plot = seen.page.locator("#plot")
    before = await plot.bounding_box()
    assert before
    await seen.page.touchscreen.tap(before["x"] + 200, before["y"] + 80)
    await expect(seen.page.locator("#readout")).to_have_class(re.compile("is-reading"))
    assert await plot.bounding_box() == before
    await seen.page.touchscreen.tap(100, 150)
    await expect(seen.page.locator("#readout")).not_to_have_class(re.compile("is-reading"))


async def test_a_range_is_asked_for_shown_and_remembered(visit: Opener) -> None:
    seen = await visit(Script(), size=DESKTOP)
    await seen.page.click("#ranges [data-key='30d']")
    await expect(seen.page.locator("#tiles")).to_contain_text("Return, 30 days")
    assert "range=30d" in seen.page.url
    assert seen.script.histories[-1] == "/api/history?account=main&range=30d"
    await seen.page.keyboard.press("ArrowRight")
    await expect(seen.page.locator("#ranges [data-key='90d']")).to_be_focused()
    await expect(seen.page.locator("#tiles")).to_contain_text("Return since 28 Aug")
    await seen.page.goto(seen.site)
    await expect(seen.page.locator("#ranges [aria-checked=true]")).to_have_text("90d")


async def test_an_answer_that_comes_late_does_not_replace_a_newer_one(visit: Opener) -> None:
    late = asyncio.Event()
    seen = await visit(Script(slow_ranges={"7d": late}), size=DESKTOP)
    await seen.page.click("#ranges [data-key='7d']")
    await expect(seen.page.locator("#plot-box")).to_have_class(re.compile("is-dim"))
    await seen.page.click("#ranges [data-key='30d']")
    await expect(seen.page.locator("#tiles")).to_contain_text("Return, 30 days")
    late.set()
    await seen.settle()
    await expect(seen.page.locator("#tiles")).to_contain_text("Return, 30 days")
    await expect(seen.page.locator("#plot-box")).not_to_have_class(re.compile("is-dim"))


async def test_accounts_are_tabs_where_they_fit_and_a_list_elsewhere(visit: Opener) -> None:
    seen = await visit(Script(), size=DESKTOP)
    await seen.page.get_by_role("radio", name="Mixed").click()
    await expect(seen.page).to_have_title(re.compile(r"ahead · Mixed · Portfolio Monitor$"))
    await seen.page.set_viewport_size({"width": 360, "height": 640})
    await seen.page.get_by_role("button", name="Account: Mixed").click()
    await seen.page.get_by_role("dialog").get_by_role("button", name="Spot").click()
    await expect(seen.page).to_have_title(re.compile("Spot"))
    assert seen.script.histories[-1] == "/api/history?account=spot&range=90d"
    await expect(seen.page.get_by_role("dialog")).to_have_count(0)
    await expect(seen.page.locator(".account-button")).to_be_focused()


async def test_all_accounts_together_are_one_answer(visit: Opener) -> None:
    seen = await visit(Script(), size=DESKTOP, path="/?account=all")
    assert seen.script.histories[-1] == "/api/history?account=all&range=90d"
    assert "all 3 accounts complete · within $1.26 of Binance’s own total" in await seen.text("#trust")


async def test_a_theme_is_chosen_and_kept(visit: Opener) -> None:
    seen = await visit(Script(), size=DESKTOP)
    await seen.page.click("#menu-button")
    await seen.page.get_by_role("radio", name="Dark").click()
    ground = "() => getComputedStyle(document.body).backgroundColor"
    assert await seen.page.evaluate(ground) == "rgb(13, 16, 21)"
    await seen.page.keyboard.press("Escape")
    await expect(seen.page.locator("#menu-button")).to_be_focused()
    await seen.page.reload()
    assert await seen.page.evaluate(ground) == "rgb(13, 16, 21)"
    contents = "() => [...document.querySelectorAll('meta[name=theme-color]')].map((meta) => meta.content)"
    await expect(seen.page.locator("#sentence")).to_contain_text("ahead")
    assert await seen.page.evaluate(contents) == ["#0d1015", "#0d1015"]


async def test_a_token_opens_the_page_and_stays_in_the_tab(visit: Opener) -> None:
    script, _ = ALL["locked"]()
    seen = await visit(script)
    script.problem = None
    await seen.page.fill("#token", "a-secret-token")
    await seen.page.keyboard.press("Enter")
    await expect(seen.page.locator("#sentence")).to_contain_text("ahead of holding")
    assert script.tokens[0] is None
    assert script.tokens[-1] == "Bearer a-secret-token"
    kept = await seen.page.evaluate("() => JSON.stringify({ ...localStorage }) + location.href + document.cookie")
    assert "a-secret-token" not in kept


async def test_ages_are_measured_by_the_servers_clock(visit: Opener) -> None:
    seen = await visit(Script(), frozen=True)
    assert await seen.text("#trust") == "12 min ago · complete · checked to $0.42"
    seen.script.now += timedelta(minutes=1)
    await seen.page.clock.run_for(61_000)
    await expect(seen.page.locator("#trust")).to_contain_text("13 min ago")


async def test_the_page_fills_while_the_past_is_built(visit: Opener) -> None:
    script, _ = ALL["building"]()
    seen = await visit(script, frozen=True)
    await expect(seen.page.locator("progress")).to_have_attribute("value", "12")
    half, _ = ALL["half_built"]()
    script.past, script.history, script.now = half.past, None, half.now
    script.demo = canned.DEMO | {"building": {"done": 212, "total": 500}}
    await seen.page.clock.run_for(2000)
    await expect(seen.page.locator("#building")).to_contain_text("212 of 500 runs")
    await expect(seen.page.locator("#sentence")).to_contain_text("UTC you were")
    script.demo, script.past, script.now = canned.DEMO, canned.world(), canned.NOW
    await seen.page.clock.run_for(2000)
    await expect(seen.page.locator("#building")).to_be_hidden()
    await expect(seen.page.locator("#sentence")).to_contain_text("$6,356.32")
    await expect(seen.page.locator("#live")).to_contain_text("New snapshot: 6.1")


async def test_a_server_that_starts_was_shown_as_an_error_for_five_seconds(visit: Opener) -> None:
    script, _ = ALL["starting"]()
    seen = await visit(script, frozen=True)
    await expect(seen.page.locator("#readout")).to_have_text("The server is starting: it opens its database.")
    await expect(seen.page.locator("#instead")).to_be_hidden()
    script.problem = None
    await seen.page.clock.run_for(700)
    await expect(seen.page.locator("#sentence")).to_contain_text("ahead of holding")


async def test_an_error_is_tried_again_by_itself(visit: Opener) -> None:
    script, _ = ALL["failed"]()
    seen = await visit(script, frozen=True)
    await expect(seen.page.locator("#retry-words")).to_have_text("Trying again by itself in 5 s.")
    await seen.page.clock.run_for(2000)
    await expect(seen.page.locator("#retry-words")).to_have_text("Trying again by itself in 3 s.")
    script.problem = None
    await seen.page.clock.run_for(4000)
    await expect(seen.page.locator("#sentence")).to_contain_text("You are $6,356.32")


async def test_a_new_snapshot_keeps_focus_and_reading(visit: Opener) -> None:
    seen = await visit(Script(), size=DESKTOP, frozen=True)
    await seen.page.focus("#plot")
    await seen.page.keyboard.press("Home")
    read = await seen.text("#readout")
    seen.script.past = canned.world(end_nav="120000.00")
    await seen.page.clock.run_for(61_000)
    await expect(seen.page.locator("#sentence")).to_contain_text("$9,239.42")
    await expect(seen.page.locator("#plot")).to_be_focused()
    assert await seen.text("#readout") == read


async def test_every_module_is_asked_for_at_once() -> None:
    """One that is missing here is found only after its importer has arrived: a round trip more before the chart."""
    page = (PUBLIC / "index.html").read_text()
    preloaded = set(re.findall(r'rel="modulepreload" href="/([^"]+)"', page))
    assert preloaded == imported("js/main.js") - {"js/main.js"}


async def test_every_module_has_its_place() -> None:
    """What is fetched later is reached from what was there before, and nothing lies about unused."""
    modules = {path.relative_to(PUBLIC).as_posix() for path in (PUBLIC / "js").rglob("*.js")}
    pages = imported("js/main.js", LATER) | imported("js/share.js", LATER)
    assert modules == pages | {"js/theme-first.js", "js/types.js"}


def imported(module: str, later: str = "(?!)") -> set[str]:
    """The module and all that it imports before it runs, or `later` too."""
    found: set[str] = set()
    waiting = [PUBLIC / module]
    while waiting:
        path = waiting.pop()
        name = path.relative_to(PUBLIC).as_posix()
        if name not in found:
            found.add(name)
            code = re.sub(r"/\*\*.*?\*/", "", path.read_text(), flags=re.DOTALL)  # types are named in comments
            names = re.findall(r'^(?:import|export) [^"]*from "([^"]+)"', code, re.MULTILINE)
            names += re.findall(later, code)
            waiting += [(path.parent / one).resolve() for one in names]
    return found


async def test_without_the_charts_library_the_table_stands_in(visit: Opener) -> None:
    seen = await visit(Script(), size=DESKTOP)
    await seen.page.route("**/vendor/*", lambda route: route.abort())
    await seen.page.reload()
    await expect(seen.page.locator("#table tbody tr")).to_have_count(82)
    await expect(seen.page.locator("#sentence")).to_contain_text("ahead of holding")
    assert seen.complaints == []


async def test_the_table_has_what_the_chart_shows(visit: Opener) -> None:
    seen = await visit(Script(), size=DESKTOP)
    await seen.page.click("#chart-head [data-key=table]")
    await expect(seen.page.locator("#table tbody tr")).to_have_count(82)
    assert await seen.text("#table tbody tr >> nth=0") == "18 Nov 14:00 $117,116.90 $110,760.58 +$6,356.32"
    await expect(seen.page.locator("#chart-head [data-key=table]")).to_be_focused()
    await seen.page.click("#chart-head [data-key=table]")
    await expect(seen.page.locator("#plot")).to_be_visible()
