"""Saving, hidden amounts, keys, and looking closer at the chart."""

import re
from itertools import pairwise
from pathlib import Path

import pytest
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import Opener, Visit
from tests.browser.lives import LONG
from tests.browser.scenarios import checked
from tests.browser.test_below import growth_row
from tests.browser.told import date, headline, percent, told, usd

pytestmark = pytest.mark.asyncio(loop_scope="session")

DESKTOP = (1440, 900)
AMOUNT = re.compile(r"\$\s?\d|\d,\d{3}")
PINCH = """async ([from, to]) => {
  const plot = document.querySelector("#plot");
  const box = plot.getBoundingClientRect();
  const at = (name, id, x) => plot.dispatchEvent(new PointerEvent(name, {
    pointerId: id, pointerType: "touch", clientX: box.left + box.width * x, clientY: box.top + 60, bubbles: true,
  }));
  plot.setPointerCapture = () => undefined;
  const frame = () => new Promise((done) => requestAnimationFrame(done));
  at("pointerdown", 1, 0.5 - from);
  at("pointerdown", 2, 0.5 + from);
  for (let step = 1; step <= 4; step += 1) {
    const apart = from + (to - from) * step / 4;
    at("pointermove", 1, 0.5 - apart);
    at("pointermove", 2, 0.5 + apart);
    await frame();
  }
  at("pointerup", 1, 0.5 - to);
  at("pointerup", 2, 0.5 + to);
}"""


READY = "() => import('/js/look.js').then(() => undefined)"  # what looks closer is fetched when the pointer comes near


async def drag(page: Page, plot: Locator, a: float, b: float, *, release: bool = True) -> None:
    box = await plot.bounding_box()
    assert box
    await page.mouse.move(box["x"] + a * box["width"], box["y"] + 60)
    await page.evaluate(READY)
    await page.mouse.down()
    await page.mouse.move(box["x"] + b * box["width"], box["y"] + 60, steps=5)
    if release:
        await page.mouse.up()


def content(path: Path) -> bytes:
    return path.read_bytes()


async def shown_text(seen: Visit) -> str:
    """All words on the page and in its title, those only a screen reader gets too."""
    found: str = await seen.page.evaluate("() => document.title + document.body.innerText + document.body.textContent")
    spoken = await seen.page.locator("#plot").get_attribute("aria-valuetext")
    return " ".join(f"{found} {spoken or ''}".split())


async def test_hidden_amounts_are_nowhere_and_percentages_stay(visit: Opener) -> None:
    seen = await visit(size=DESKTOP)
    known = await told(seen.house)
    ahead = headline(known.active)
    await seen.page.click("#chart-head [data-key=difference]")
    await expect(seen.page.locator("#statistics")).to_be_visible()
    await seen.page.click("#eye-button")
    await expect(seen.page.locator("#sentence")).to_have_text(
        re.compile(rf"^You are \$•{{5}} \({ahead.replace(' ', '.')}\) ahead of holding")
    )
    await expect(seen.page.locator("#chart-head [aria-checked=true]")).to_have_text("Growth")
    for name in ("value", "difference"):
        await expect(seen.page.locator(f"#chart-head [data-key={name}]")).to_be_disabled()
    await seen.page.focus("#plot")
    await seen.page.keyboard.press("m")
    await expect(seen.page.locator("#mark-tag")).not_to_be_empty()
    words = await shown_text(seen)
    assert not (found := AMOUNT.search(words)), words[max(0, found.start() - 60) : found.end() + 20]
    assert ahead in words
    await seen.page.reload()
    await expect(seen.page.locator("#sentence")).to_contain_text("$•••••")
    await seen.page.keyboard.press("h")
    await expect(seen.page.locator("#sentence")).to_contain_text(usd(known.metrics["difference"]))
    await expect(seen.page.locator("#chart-head [aria-checked=true]")).to_have_text("Difference")


async def test_hidden_amounts_are_not_in_the_table_either(visit: Opener) -> None:
    seen = await visit(size=DESKTOP)
    await seen.page.keyboard.press("h")
    await seen.page.keyboard.press("t")
    await expect(seen.page.locator("#table tbody tr").first).to_contain_text("%")
    assert await seen.text("#table tbody tr >> nth=0") == await growth_row(seen)  # growth takes amounts' place


async def test_a_phone_hides_amounts_from_its_menu(visit: Opener) -> None:
    seen = await visit()
    await expect(seen.page.locator("#eye-button")).to_be_hidden()
    await seen.page.click("#menu-button")
    await seen.page.get_by_role("button", name="Hide amounts").click()
    assert await seen.text("#trust") == "12 min ago · complete · checked"
    await seen.page.click("#menu-button")
    await seen.page.get_by_role("button", name="Show amounts").click()
    assert await seen.text("#trust") == f"12 min ago · {checked(await told(seen.house))}"


async def test_every_snapshot_is_saved_and_counted(visit: Opener) -> None:
    seen = await visit(size=DESKTOP)
    await seen.page.click("#chart-head [data-key=save]")
    async with seen.page.expect_download() as coming:
        await seen.page.get_by_role("button", name="CSV").click()
    download = await coming.value
    assert download.suggested_filename == "portfolio-main-2026-11-16.csv"
    rows = len(content(await download.path()).splitlines()) - 1
    await expect(seen.page.locator("#toasts")).to_have_text(f"CSV saved: {rows:,} snapshots.")
    assert rows == len((await told(seen.house)).history["series"]["t"])
    assert "/api/history?account=main&range=90d&format=csv" in seen.asked
    await expect(seen.page.locator("#chart-head [data-key=save]")).to_be_focused()


async def test_a_table_that_cannot_be_had_says_why(visit: Opener) -> None:
    house = await visit.own()
    seen = await visit(house, size=DESKTOP)
    house.lose("/read_history")
    await seen.page.click("#chart-head [data-key=save]")
    await seen.page.get_by_role("button", name="CSV").click()
    await expect(seen.page.locator("#toasts")).to_contain_text("The server answered 503: ")


async def test_the_chart_is_saved_as_a_picture_larger_than_itself(visit: Opener) -> None:
    seen = await visit(size=DESKTOP)
    await seen.page.click("#chart-head [data-key=save]")
    async with seen.page.expect_download() as coming:
        await seen.page.get_by_role("button", name="PNG").click()
    download = await coming.value
    assert download.suggested_filename == "portfolio-main-2026-11-16.png"
    data = content(await download.path())
    assert data.startswith(b"\x89PNG")
    width, height = (int.from_bytes(data[at : at + 4]) for at in (16, 20))
    canvas = await seen.page.evaluate("() => [plot.firstChild.width, plot.firstChild.height]")
    assert width > canvas[0]
    assert height > canvas[1] + 100
    assert seen.complaints == []
    await seen.page.keyboard.press("t")
    await expect(seen.page.locator("#table")).to_be_visible()  # fetched with the first wish for it
    await seen.page.click("#chart-head [data-key=save]")
    await expect(seen.page.get_by_role("button", name="PNG")).to_be_disabled()


async def test_single_keys_do_what_the_list_says_and_can_be_switched_off(visit: Opener) -> None:
    seen = await visit(size=DESKTOP)
    amount = usd((await told(seen.house)).metrics["difference"])
    page, press = seen.page, seen.page.keyboard.press
    await press("3")
    await expect(page.locator("#ranges [aria-checked=true]")).to_have_text("30d")
    await press("v")
    await expect(page.locator("#chart-head [aria-checked=true]")).to_have_text("Growth")
    await press("]")
    await expect(page).to_have_title(re.compile("· Spot ·"))
    await press("[")
    await expect(page).to_have_title(re.compile("· Main ·"))
    await press("a")
    await expect(page.locator("#accounts [aria-checked=true]")).to_be_focused()
    await press("d")
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    async with page.expect_request("**/api/history*"):
        await press("r")
    await press("c")
    await expect(page.get_by_role("dialog", name="Compare with")).to_be_visible()
    await press("h")
    await press("Escape")
    await expect(page.locator("#sentence")).to_contain_text(amount)
    await press("/")
    await expect(page.locator("#log .log-search")).to_be_focused()
    await page.keyboard.type("h3t")
    await expect(page.locator("#log .log-search")).to_have_value("h3t")
    await page.locator("#chart-head [aria-checked=true]").focus()
    await press("?")
    await expect(page.get_by_role("dialog", name="Keyboard")).to_contain_text("Hide or show amounts")
    await page.get_by_role("checkbox").uncheck()
    await press("Escape")
    await press("h")
    await press("?")
    await expect(page.get_by_role("dialog")).to_have_count(0)
    await expect(page.locator("#sentence")).to_contain_text(amount)
    assert seen.complaints == []


async def test_dragging_looks_closer_and_the_address_says_so(visit: Opener) -> None:
    seen = await visit(size=DESKTOP)
    plot, chip = seen.page.locator("#plot"), seen.page.locator(".zoom-reset")
    await drag(seen.page, plot, 0.4, 0.6)
    await expect(chip).to_have_text(re.compile(r"^\d+ \w{3} – \d+ \w{3}$"))
    words = await chip.inner_text()
    await expect(seen.page.locator("#ranges [role=radio]")).to_have_count(0)
    await expect(seen.page).to_have_url(re.compile("range=90d&from=2026.*&to=2026"))
    metrics = (await told(seen.house)).metrics
    you, bench = (percent(metrics[name], sign=True) for name in ("twr", "benchmark_twr"))
    assert await seen.text("#tiles .tile >> nth=1") == f"Return since 24 Aug {you} 50/50 {bench}"
    fewer = int(await plot.get_attribute("aria-valuemax") or 0)
    await seen.page.reload()
    await expect(chip).to_have_text(words)
    await seen.page.click("#chart-head [data-key=table]")
    assert await seen.page.locator("#table tbody tr").count() < 40
    await seen.page.click("#chart-head [data-key=table]")
    await plot.dblclick(position={"x": 500, "y": 60})
    await expect(seen.page.locator("#ranges [aria-checked=true]")).to_have_text("90d")
    assert int(await plot.get_attribute("aria-valuemax") or 0) > fewer
    await expect(seen.page).not_to_have_url(re.compile("from="))


async def test_a_closer_look_has_every_snapshot_and_ages_with_the_rest(visit: Opener) -> None:
    seen = await visit(LONG, size=DESKTOP)
    plot = seen.page.locator("#plot")
    async with seen.page.expect_response(re.compile("history.*from=")) as coming:
        await drag(seen.page, plot, 0.5, 0.6)
    fine = (await (await coming.value).json())["series"]["t"]
    assert {after - before for before, after in pairwise(fine)} == {3600}
    await expect(plot).to_have_attribute("aria-valuemax", str(len(fine) - 1))
    assert seen.those("/api/history")[-1].startswith("/api/history?account=long&from=2026-")
    await seen.page.click("#chart-head [data-key=drawdown]")
    await plot.focus()
    await seen.page.keyboard.press("Home")
    await expect(plot).to_have_attribute("aria-valuetext", re.compile(r"50/50 −?[0-9.]+"))
    said = await seen.text("#readout")
    await seen.page.keyboard.press("0")
    await expect(plot).to_have_attribute("aria-valuetext", re.compile(re.escape(said[:11])))
    assert await seen.text("#readout") == said, "the fall is from the range's peak, however closely one looks"


async def test_the_chip_and_a_range_end_the_closer_look(visit: Opener) -> None:
    seen = await visit(size=DESKTOP)
    chip = seen.page.locator(".zoom-reset")
    await drag(seen.page, seen.page.locator("#plot"), 0.6, 0.4)
    await chip.click()
    await expect(seen.page.locator("#ranges [role=radio]")).to_have_count(6)
    await drag(seen.page, seen.page.locator("#plot"), 0.6, 0.4)
    await expect(chip).to_be_visible()
    await seen.page.keyboard.press("2")
    await expect(seen.page.locator("#ranges [aria-checked=true]")).to_have_text("7d")


async def test_the_wheel_with_control_looks_closer_and_sideways_moves(visit: Opener) -> None:
    seen = await visit(size=DESKTOP)
    plot = seen.page.locator("#plot")
    box = await plot.bounding_box()
    assert box
    await seen.page.mouse.move(box["x"] + 700, box["y"] + 60)
    await seen.page.evaluate(READY)
    await seen.page.mouse.wheel(0, 300)
    await seen.page.mouse.wheel(0, -300)
    await expect(seen.page.locator(".zoom-reset")).to_have_count(0)
    await seen.page.keyboard.down("Control")
    await seen.page.mouse.wheel(0, -400)
    await seen.page.keyboard.up("Control")
    chip = seen.page.locator(".zoom-reset")
    await expect(chip).to_be_visible()
    before = await chip.inner_text()
    await seen.page.mouse.wheel(300, 0)
    await expect(chip).not_to_have_text(before)


async def test_two_fingers_look_closer_and_further(visit: Opener) -> None:
    seen = await visit(touch=True)
    await seen.page.touchscreen.tap(200, 460)
    await seen.page.evaluate(READY)
    await seen.page.evaluate(PINCH, [0.1, 0.4])
    await expect(seen.page.locator(".zoom-reset")).to_be_visible()
    await seen.page.evaluate(PINCH, [0.4, 0.02])
    await expect(seen.page.locator("#ranges [role=radio]")).to_have_count(6)
    assert seen.complaints == []


async def test_the_keyboard_looks_closer_and_goes_on_past_the_edge(visit: Opener) -> None:
    seen = await visit(size=DESKTOP)
    first_at = (await told(seen.house)).history["series"]["t"][0]
    plot = seen.page.locator("#plot")
    await plot.focus()
    await seen.page.evaluate(READY)
    await seen.page.keyboard.press("Home")
    await seen.page.keyboard.press("PageUp")
    for _ in range(4):
        await seen.page.keyboard.press("+")
    chip = seen.page.locator(".zoom-reset")
    await expect(plot).to_have_attribute("aria-valuetext", re.compile(f"^{date(first_at + 7 * 86400)}"))
    first = await chip.inner_text()
    await seen.page.keyboard.press("End")
    end = await plot.get_attribute("aria-valuetext")
    await seen.page.keyboard.press("PageUp")
    await expect(chip).not_to_have_text(first)
    assert await plot.get_attribute("aria-valuetext") != end
    await seen.page.keyboard.press("0")
    await expect(chip).to_have_count(0)


async def test_a_link_to_a_part_before_the_range_widens_it(visit: Opener) -> None:
    part = "from=2026-10-03T00:00:00Z&to=2026-10-18T00:00:00Z"
    seen = await visit(size=DESKTOP, path=f"/?account=main&range=7d&{part}")
    await expect(seen.page.locator(".zoom-reset")).to_have_text("3 Oct – 18 Oct")
    assert "/api/history?account=main&range=all" in seen.asked
