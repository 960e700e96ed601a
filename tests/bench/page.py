"""The page in a headless browser with an empty cache: when the chart is on screen, and what was sent for it."""

import gzip
import shutil
from dataclasses import dataclass

from playwright.async_api import Browser, Response, async_playwright

from tests.bench.table import Row, Tell, middle, missing
from tests.bench.using import use_rows
from tests.conftest import BROWSERS, MAC_BROWSERS

_BOUND_S, _BOUND_KB = 1.0, 130
_LOADS = 5
_QUIET = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
# Notes when the answer is there, and when the line is: something is drawn on the plot's canvas, and on screen.
_WATCH = """() => {
  const drawn = (canvas) => {
    if (!canvas?.width || !canvas.height) return false;
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return data.some((value, at) => at % 4 === 3 && value > 0);
  };
  const look = () => {
    const answered = document.querySelector("#figures:not(.is-loading) #sentence")?.innerText.trim();
    if (answered && drawn(document.querySelector("#plot canvas")))
      requestAnimationFrame(() => { window.benchChartMs = performance.now(); });
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""


@dataclass(frozen=True, slots=True)
class _Load:
    """One load. Units: `files_b` bytes of all that is not data, compressed; `data_b` of the API's answers."""

    chart_ms: float
    files: int
    files_b: int
    data_b: int


async def chart_rows(url: str, tell: Tell) -> list[Row]:
    """Load the page some times, each with an empty cache."""
    found = next((path for name in (*BROWSERS, *MAC_BROWSERS) if (path := shutil.which(name))), None)
    if found is None:
        return [missing("first chart on screen", "no Chromium on this machine")]
    tell(f"page: loading it {_LOADS} times")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, args=list(_QUIET))
        loads = [await _load(browser, f"{url}/?range=90d") for _ in range(_LOADS + 1)][1:]  # the first warms up
        used = await use_rows(browser, url, tell)
        await browser.close()
    last = loads[-1]
    note = f"data {last.data_b / 1e3:.1f} kB beside it, {last.files} files"
    return [
        Row("first chart on screen after load, 90 days", middle([load.chart_ms for load in loads]) / 1e3, "s",
            _BOUND_S, "of " + ", ".join(f"{load.chart_ms:.0f}" for load in loads) + " ms"),
        Row("  page without data, compressed", last.files_b / 1e3, "kB", _BOUND_KB, note),
        *used,
    ]  # fmt: skip


async def _load(browser: Browser, url: str) -> _Load:
    context = await browser.new_context(locale="en-GB", timezone_id="UTC")
    page = await context.new_page()
    answers: list[Response] = []

    def keep(answer: Response) -> None:
        answers.append(answer)

    page.on("response", keep)
    await page.add_init_script(f"({_WATCH})()")
    await page.goto(url)
    handle = await page.wait_for_function("() => window.benchChartMs")
    chart_ms = float(await handle.json_value())
    bodies = [("/api/" in answer.url, len(gzip.compress(await answer.body()))) for answer in answers if answer.ok]
    await context.close()
    files = [size for data, size in bodies if not data]
    return _Load(chart_ms, len(files), sum(files), sum(size for data, size in bodies if data))
