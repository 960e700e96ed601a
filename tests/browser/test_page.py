"""What a reader does with the page, and what it does by itself."""

import asyncio
import re

import pytest
from playwright.async_api import Route, expect

from tests.browser.conftest import Opener, Visit
from tests.browser.lives import HOUR, LAST, SILENT, TROUBLED
from tests.browser.real import API_TOKEN, PUBLIC
from tests.browser.scenarios import checked
from tests.browser.scenarios_demo import build_on, unfinished
from tests.browser.scenarios_doors import BY_TOKEN
from tests.browser.told import Told, added, clock, coins, date, day, headline, moment, signed, told, usd

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


async def facts(seen: Visit, path: str = "/") -> Told:
    return await told(seen.house, path)


def point(t: Told, at: int) -> str:
    """How the chart reads one of its points."""
    series = t.history["series"]
    return f"{date(series['t'][at])}, {clock(series['t'][at])} UTC: You {usd(series['nav'][at])}"


async def test_the_keyboard_reads_the_chart(visit: Opener) -> None:
    seen = await visit(size=DESKTOP)
    known = await facts(seen)
    t = known.history["series"]["t"]
    plot = seen.page.locator("#plot")
    await plot.focus()
    await seen.page.keyboard.press("ArrowLeft")
    await expect(plot).to_have_attribute("aria-valuetext", re.compile(f"^{re.escape(point(known, -1))}"))
    await seen.page.keyboard.press("ArrowLeft")
    await expect(plot).to_have_attribute("aria-valuetext", re.compile(f"^{re.escape(point(known, -2))}"))
    await seen.page.keyboard.press("Home")
    await expect(plot).to_have_attribute("aria-valuetext", re.compile(f"^{re.escape(point(known, 0))}"))
    assert await plot.get_attribute("aria-valuenow") == "0"
    await seen.page.keyboard.press("PageUp")
    await expect(plot).to_have_attribute("aria-valuetext", re.compile(f"^{date(t[0] + 7 * 86400)}"))
    await seen.page.keyboard.press("Shift+ArrowRight")
    await expect(plot).to_have_attribute("aria-valuetext", re.compile(f"^{date(t[0] + 8 * 86400)}"))
    await seen.page.keyboard.press("End")
    await expect(seen.page.locator("#readout")).to_contain_text(f"Ahead {usd(known.metrics['difference'])}")
    await seen.page.keyboard.press("Escape")
    await expect(seen.page.locator("#readout")).to_contain_text("same money on the same days")


def mark(event: dict[str, str]) -> str:
    """What a mark on the chart says of itself."""
    amount = "" if event["kind"] == "rebalance" else f" {signed(event['usd'])}"
    known = event["kind"] != "rebalance" and event["asset"] != "USDT"
    units = f" ({coins(event['quantity'].lstrip('-'))} {event['asset']})" if known else ""
    return f"{event['kind'].capitalize()}{amount}{units} · {moment(event['at'])}"


async def test_the_keyboard_walks_the_marks(visit: Opener) -> None:
    seen = await visit(size=DESKTOP)
    events = [mark(one) for one in (await facts(seen)).history["events"] if one["kind"] != "start"]
    await seen.page.focus("#plot")
    await seen.page.keyboard.press("Home")
    found = []
    for _ in range(6):
        await seen.page.keyboard.press("m")
        await expect(seen.page.locator("#mark-tag")).to_be_visible()
        found.append(await seen.text("#mark-tag"))
    rest = iter(events)
    assert all(one in rest for one in found), "in their order; a rebalance beside a flow gives way to it"
    assert {one.split()[0] for one in found} == {"Deposit", "Withdrawal", "Rebalance"}
    await seen.page.keyboard.press("Shift+M")
    assert await seen.text("#mark-tag") == found[-2]


async def test_no_line_crosses_hours_without_data(visit: Opener) -> None:
    seen = await visit(size=DESKTOP)
    box = await seen.page.locator("#plot").bounding_box()
    assert box
    columns = {}
    for x in range(400, 640, 4):
        await seen.page.mouse.move(box["x"] + x, box["y"] + 40)
        columns[x] = await seen.text("#readout")
    hole = " – ".join(f"{moment(at.timestamp())}" for at in SILENT)
    silent = {x for x, words in columns.items() if words == f"{hole} UTC: no data"}
    inside = sorted(x for x in silent if {x - 4, x + 4} <= silent)  # a line is two pixels wide, at its end too
    assert inside
    await seen.page.mouse.move(2, 2)
    for x in inside:
        assert await seen.page.evaluate(ACCENT_IN_COLUMN, [x]) == 0
    assert await seen.page.evaluate(ACCENT_IN_COLUMN, [inside[0] + 200]) > 0


async def test_a_mark_under_the_pointer_says_what_it_is_and_stays_on_the_page(visit: Opener) -> None:
    seen = await visit(size=(360, 640))
    events = (await facts(seen)).history["events"]
    box = await seen.page.locator("#plot").bounding_box()
    assert box
    found = set()
    for x in range(40, 326, 4):
        await seen.page.mouse.move(box["x"] + x, box["y"] + box["height"] - 30)
        tag = seen.page.locator("#mark-tag")
        if await tag.is_visible():
            found.add(await tag.inner_text())
            place = await tag.bounding_box()
            assert place
            assert place["x"] >= 0
            assert place["x"] + place["width"] <= 360
    flows = {mark(event) for event in events if event["kind"] in ("deposit", "withdrawal")}
    assert len(flows) >= 6
    assert flows <= found


async def test_a_finger_reads_the_chart_and_nothing_moves(visit: Opener) -> None:
    seen = await visit(touch=True)
    plot = seen.page.locator("#plot")
    before = await plot.bounding_box()
    assert before
    await seen.page.touchscreen.tap(before["x"] + 200, before["y"] + 80)
    await expect(seen.page.locator("#readout")).to_have_class(re.compile("is-reading"))
    assert await plot.bounding_box() == before
    await seen.page.touchscreen.tap(100, 150)
    await expect(seen.page.locator("#readout")).not_to_have_class(re.compile("is-reading"))


async def test_a_range_is_asked_for_shown_and_remembered(visit: Opener) -> None:
    seen = await visit(size=DESKTOP)
    await seen.page.click("#ranges [data-key='30d']")
    await expect(seen.page.locator("#tiles")).to_contain_text("Return, 30 days")
    assert "range=30d" in seen.page.url
    assert "/api/history?account=main&range=30d" in seen.asked
    await seen.page.keyboard.press("ArrowRight")
    await expect(seen.page.locator("#ranges [data-key='90d']")).to_be_focused()
    await expect(seen.page.locator("#tiles")).to_contain_text("Return since 24 Aug")
    await seen.page.goto(seen.site)
    await expect(seen.page.locator("#ranges [aria-checked=true]")).to_have_text("90d")


async def test_an_answer_that_comes_late_does_not_replace_a_newer_one(visit: Opener) -> None:
    late = asyncio.Event()

    async def slow(route: Route) -> None:
        await late.wait()
        await route.continue_()

    seen = await visit(size=DESKTOP)
    await seen.page.route("**/api/history?*range=7d*", slow)
    await seen.page.click("#ranges [data-key='7d']")
    await expect(seen.page.locator("#plot-box")).to_have_class(re.compile("is-dim"))
    await seen.page.click("#ranges [data-key='30d']")
    await expect(seen.page.locator("#tiles")).to_contain_text("Return, 30 days")
    late.set()
    await seen.settle()
    await expect(seen.page.locator("#tiles")).to_contain_text("Return, 30 days")
    await expect(seen.page.locator("#plot-box")).not_to_have_class(re.compile("is-dim"))


async def test_what_was_shown_before_is_there_again_while_the_server_is_asked(visit: Opener) -> None:
    late, held = asyncio.Event(), 0

    async def slow(route: Route) -> None:
        nonlocal held
        held += 1
        await late.wait()
        await route.continue_()

    seen = await visit(size=DESKTOP)
    await seen.page.click("#ranges [data-key='30d']")
    await expect(seen.page.locator("#tiles")).to_contain_text("Return, 30 days")
    await seen.page.route("**/api/history?*", slow)
    await seen.page.click("#ranges [data-key='90d']")
    await expect(seen.page.locator("#tiles")).to_contain_text("Return since 24 Aug")
    await expect(seen.page.locator("#plot-box")).not_to_have_class(re.compile("is-dim"))
    assert held == 1, "shown, and asked for all the same"
    await seen.page.click("#ranges [data-key='7d']")
    await expect(seen.page.locator("#plot-box")).to_have_class(re.compile("is-dim"))
    late.set()
    await expect(seen.page.locator("#tiles")).to_contain_text("Return, 7 days")


async def test_accounts_are_tabs_where_they_fit_and_a_list_elsewhere(visit: Opener) -> None:
    seen = await visit(size=DESKTOP)
    await seen.page.get_by_role("radio", name="Mixed").click()
    await expect(seen.page).to_have_title(re.compile(r"behind · Mixed · Portfolio Monitor$"))
    await seen.page.set_viewport_size({"width": 360, "height": 640})
    await seen.page.get_by_role("button", name="Account: Mixed").click()
    await seen.page.get_by_role("dialog").get_by_role("button", name="Spot").click()
    await expect(seen.page).to_have_title(re.compile("Spot"))
    assert "/api/history?account=spot&range=90d" in seen.asked
    await expect(seen.page.get_by_role("dialog")).to_have_count(0)
    await expect(seen.page.locator(".account-button")).to_be_focused()


async def test_all_accounts_together_are_one_answer(visit: Opener) -> None:
    seen = await visit(size=DESKTOP, path="/?account=all")
    assert "/api/history?account=all&range=90d" in seen.asked
    known = await facts(seen)
    gap = added(one["latest"]["reconciliation"]["difference"] for one in known.accounts)
    close = f"within {usd(abs(gap))} of" if round(gap, 2) else "equals"
    assert f"all 3 accounts complete · {close} Binance’s own total" in await seen.text("#trust")


async def test_a_theme_is_chosen_and_kept(visit: Opener) -> None:
    seen = await visit(size=DESKTOP)
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
    seen = await visit(await visit.own(environment=BY_TOKEN))
    shown: list[str | None] = []
    seen.page.on("request", lambda request: shown.append(request.headers.get("authorization")))
    await seen.page.fill("#token", API_TOKEN)
    await seen.page.keyboard.press("Enter")
    await expect(seen.page.locator("#sentence")).to_contain_text("ahead of holding")
    assert f"Bearer {API_TOKEN}" in shown
    kept = await seen.page.evaluate("() => JSON.stringify({ ...localStorage }) + location.href + document.cookie")
    assert API_TOKEN not in kept
    await seen.page.evaluate("() => sessionStorage.clear()")


async def test_ages_are_measured_by_the_servers_clock(visit: Opener) -> None:
    house = await visit.own()
    seen = await visit(house, frozen=True)
    assert await seen.text("#trust") == f"12 min ago · {checked(await facts(seen))}"
    house.spine.clock.pass_time(60)
    await seen.page.clock.run_for(61_000)
    await expect(seen.page.locator("#trust")).to_contain_text("13 min ago")


async def test_the_page_fills_while_the_past_is_built(visit: Opener) -> None:
    house = await unfinished(visit, 0)
    assert house.demo
    seen = await visit(house, frozen=True)
    await expect(seen.page.locator("progress")).to_have_attribute("value", "0")
    await build_on(house, 12)
    await seen.page.clock.run_for(2000)
    await expect(seen.page.locator("#building")).to_contain_text("12 of 501 runs")
    await expect(seen.page.locator("#sentence")).to_contain_text("UTC you were")
    house.demo.progress.total = house.demo.progress.done  # as if it had been a shorter past
    house.demo.clock.pass_time(3600)
    assert (await house.spine.collect()).status == "ok"
    await seen.page.clock.run_for(2000)
    await expect(seen.page.locator("#building")).to_be_hidden()
    known = await facts(seen)
    await expect(seen.page.locator("#sentence")).to_contain_text(usd(known.metrics["difference"].lstrip("-")))
    await expect(seen.page.locator("#live")).to_contain_text(f"New snapshot: {headline(known.active)[:-2]}")


async def test_a_server_that_starts_was_shown_as_an_error_for_five_seconds(visit: Opener) -> None:
    house = await visit.own()
    house.starting = True
    seen = await visit(house, frozen=True)
    await expect(seen.page.locator("#readout")).to_have_text("The server is starting: it opens its database.")
    await expect(seen.page.locator("#instead")).to_be_hidden()
    house.starting = False
    await seen.page.clock.run_for(700)
    await expect(seen.page.locator("#sentence")).to_contain_text("ahead of holding")


async def test_an_error_is_tried_again_by_itself(visit: Opener) -> None:
    house = await visit.own()
    house.lose()
    seen = await visit(house, frozen=True)
    await expect(seen.page.locator("#retry-words")).to_have_text("Trying again by itself in 5 s.")
    await seen.page.clock.run_for(2000)
    await expect(seen.page.locator("#retry-words")).to_have_text("Trying again by itself in 3 s.")
    house.find()
    await seen.page.clock.run_for(4000)
    await expect(seen.page.locator("#sentence")).to_contain_text("You are $")


async def test_a_new_snapshot_keeps_focus_and_reading(visit: Opener) -> None:
    house = await visit.own(writes=True)
    seen = await visit(house, size=DESKTOP, frozen=True)
    await seen.page.focus("#plot")
    await seen.page.keyboard.press("Home")
    read, before = await seen.text("#readout"), (await facts(seen)).metrics["difference"]
    assert (await house.spine.collect(LAST + HOUR)).status == "ok"
    await seen.page.clock.run_for(61_000)
    after = (await facts(seen)).metrics["difference"]
    assert after != before
    await expect(seen.page.locator("#sentence")).to_contain_text(usd(after))
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
    assert modules == pages | {"js/theme-first.js", "js/types.js", "js/shapes.js"}


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
    seen = await visit(size=DESKTOP)
    await seen.page.route("**/vendor/*", lambda route: route.abort())
    await seen.page.reload()
    await expect(seen.page.locator("#table tbody tr")).to_have_count(days_with_data(await facts(seen)))
    await expect(seen.page.locator("#sentence")).to_contain_text("ahead of holding")
    assert seen.complaints == []


def days_with_data(t: Told) -> int:
    return len({day(at) for at in t.history["series"]["t"]})


async def test_the_table_has_what_the_chart_shows(visit: Opener) -> None:
    seen = await visit(size=DESKTOP)
    known = await facts(seen)
    await seen.page.click("#chart-head [data-key=table]")
    await expect(seen.page.locator("#table tbody tr")).to_have_count(days_with_data(known))
    metrics, at = known.metrics, moment(known.history["to"])
    row = f"{at} {usd(metrics['nav'])} {usd(metrics['benchmark'])} {signed(metrics['difference'])}"
    assert await seen.text("#table tbody tr >> nth=0") == row
    await expect(seen.page.locator("#chart-head [data-key=table]")).to_be_focused()
    await seen.page.click("#chart-head [data-key=table]")
    await expect(seen.page.locator("#plot")).to_be_visible()


async def test_a_doubt_is_told_once_and_in_words(visit: Opener) -> None:
    """The server's own line repeated what the page had said before it, by the code of a wallet."""
    seen = await visit(TROUBLED, size=DESKTOP, path="/?account=torn")
    await expect(seen.page.locator("#panels")).to_contain_text("USD-M futures could not be read.")
    assert await seen.page.locator("#panels", has_text="not read: usdm").count() == 0
    await expect(seen.page.locator("#panels")).to_contain_text("GET /fapi/v3/account: no answer (ReadTimeout)")
    seen = await visit(TROUBLED, size=DESKTOP, path="/?account=refused")
    panel = await seen.text("#panels")
    assert panel.lower().count("likely") == 1


async def test_an_account_that_holds_nothing_has_no_zero_wallets(visit: Opener) -> None:
    seen = await visit(TROUBLED, size=DESKTOP, path="/?account=empty")
    assert "its wallets hold nothing · equals Binance’s own total to the cent" in await seen.text("#trust")
