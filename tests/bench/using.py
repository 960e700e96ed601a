"""What using the page costs once it is there: switches, long tasks, and memory over a hundred refreshes."""

from playwright.async_api import Browser, CDPSession, Page

from tests.bench.table import Row, Tell, middle

_SWITCH_MS, _LONG_MS = 150, 100
_TIMES, _REFRESHES = 7, 100
_LONG = """() => {
  window.benchLong = [];
  new PerformanceObserver((list) => window.benchLong.push(...list.getEntries().map(({ duration }) => duration)))
    .observe({ type: "longtask", buffered: false });
}"""
# From the click to the second frame after the figures are those that were asked for.
_SWITCH = """async ([selector, account, range]) => {
  const began = performance.now();
  document.querySelector(selector).click();
  const frame = () => new Promise(requestAnimationFrame);
  const isThere = () => {
    const asked = new URLSearchParams(location.search);
    const fits = (!account || asked.get("account") === account) && (!range || asked.get("range") === range);
    return fits && !document.querySelector("#plot-box.is-dim");
  };
  while (!isThere()) await frame();
  await frame();
  return performance.now() - began;
}"""


async def use_rows(browser: Browser, url: str, tell: Tell) -> list[Row]:
    """Use the page as somebody at a desk does, everything on it fetched once before."""
    tell(f"page: switching, and {_REFRESHES} refreshes")
    context = await browser.new_context(locale="en-GB", timezone_id="UTC", viewport={"width": 1440, "height": 900})
    page = await context.new_page()
    await page.goto(f"{url}/?range=90d&account=main")
    await page.locator("#plot canvas").wait_for()
    await _look_at_all(page)
    await page.evaluate(_LONG)
    views = [await _switch(page, f"#chart-head [data-key={view}]") for view in ("growth", "value") * _TIMES]
    ranges = [await _switch(page, f"#ranges [data-key='{name}']", chosen=name) for name in ("7d", "90d") * _TIMES]
    accounts = [await _switch(page, f"#accounts [data-key={name}]", account=name) for name in ("spot", "main") * _TIMES]
    longest = max(await page.evaluate("() => window.benchLong"), default=0.0)
    grown_kb = await _refreshed(page, await context.new_cdp_session(page))
    await context.close()
    return [
        Row("  to the new chart: another view", middle(views), "ms", _SWITCH_MS),
        Row("  to the new chart: another range, asked for before", middle(ranges[2:]), "ms", _SWITCH_MS),
        Row("  to the new chart: another account, asked for before", middle(accounts[2:]), "ms", _SWITCH_MS),
        Row("  longest task while switching", longest, "ms", _LONG_MS, "0: none over 50 ms"),
        Row(f"  growth of the heap over {_REFRESHES} refreshes", grown_kb, "kB"),
    ]


async def _look_at_all(page: Page) -> None:
    """Scroll to the end, so that what is fetched when it comes near is there."""
    for place in ("#changes", "#statistics", "#flows", "#log"):
        await page.locator(place).scroll_into_view_if_needed()
    await page.wait_for_load_state("networkidle")
    await page.evaluate("() => scrollTo(0, 0)")


async def _switch(page: Page, selector: str, account: str = "", chosen: str = "") -> float:
    return float(await page.evaluate(_SWITCH, [selector, account, chosen]))


async def _refreshed(page: Page, devtools: CDPSession) -> float:
    """Return by how many kB the heap grew, garbage taken out before and after."""
    await devtools.send("HeapProfiler.enable")
    before = await _heap(devtools)
    for _ in range(_REFRESHES):
        async with page.expect_response(lambda answer: "/api/history" in answer.url):
            await page.keyboard.press("r")
    await page.wait_for_load_state("networkidle")
    return (await _heap(devtools) - before) / 1e3


async def _heap(devtools: CDPSession) -> float:
    await devtools.send("HeapProfiler.collectGarbage")
    used = await devtools.send("Runtime.getHeapUsage")
    return float(used["usedSize"])
