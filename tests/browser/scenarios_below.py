"""The states of comparison, statistics and log, and of the past that was computed anew."""

import json
from collections.abc import Sequence

from playwright.async_api import Page, Route

from tests.browser import troubles
from tests.browser.conftest import Visit
from tests.browser.scenes import Scene, on_page, opened, troubled
from tests.browser.told import Told, date, percent, usd

YEAR_ROOT = 19.105
OLDER = {"account", "inception", "from", "to", "benchmark", "resolution_s", "series", "estimated", "gaps", "events"}
SINCE = (
    *("twr", "benchmark_twr", "nav", "benchmark", "difference", "value_ratio", "net_flows", "pnl", "active_return"),
    *("max_drawdown", "benchmark_max_drawdown", "twr_24h", "benchmark_twr_24h", "pnl_since_inception", "put_in"),
)


def hostile() -> Scene:
    def words(t: Told) -> Sequence[str]:
        today = [one["level"] for one in t.log if one["at"][:10] == t.now.date().isoformat()]
        warnings, errors = today.count("warning"), today.count("error")
        return [
            troubles.HOSTILE,
            "<script>alert(2)</script>",
            f"{warnings} warnings and {errors} errors today",
            "not read: usdm",
            "Older",
        ]

    return troubled("img-src-x-onerror-alert-1-evil", words, opened("log"))


async def open_compare(page: Page) -> None:
    await page.click("#sentence a")
    await page.get_by_role("dialog", name="Compare with").wait_for()


def comparing() -> Scene:
    async def act(page: Page) -> None:
        await open_compare(page)
        await page.get_by_label("Percent 2").fill("30")
        await page.get_by_role("button", name="Compare", exact=True).click()

    return Scene(["What I held on day one", "The shares make 90 %, not 100 %."], act=on_page(act))


def compared() -> Scene:
    async def act(page: Page) -> None:
        await open_compare(page)
        await page.get_by_role("button", name="BTC all money").click()

    def words(t: Told) -> Sequence[str]:
        return [t.sentence(against="holding BTC"), f"BTC {usd(t.metrics['benchmark'])}"]

    return Scene(words, act=on_page(act), told_at="/?account=main&benchmark=BTC")


def day_one() -> Scene:
    async def act(page: Page) -> None:
        await open_compare(page)
        await page.get_by_role("button", name="What I held on day one").click()

    def words(t: Told) -> Sequence[str]:
        held = f"keeping what you held on {date(t.history['inception'])}"
        return [t.sentence(against=held, dated=False), f"day one {usd(t.metrics['benchmark'])}"]

    return Scene(words, act=on_page(act), told_at="/?account=main&benchmark=initial")


def uncompared() -> Scene:
    async def act(page: Page) -> None:
        await open_compare(page)
        await page.get_by_label("Coin 2").fill("dot")
        await page.get_by_role("button", name="Compare", exact=True).click()

    return Scene(lambda t: [t.sentence(), "That comparison cannot be had.", "DOT"], act=on_page(act))


def below() -> Scene:
    sections = opened("changes", "statistics", "log")

    async def act(page: Page) -> None:
        for row in ("sharpe", "alpha"):
            await page.click(f"#statistics [data-key={row}]")

    def words(t: Told) -> Sequence[str]:
        found, days = t.metrics, t.metrics["days"]
        mean, spread = found["sharpe"] * found["volatility"] / 365, found["volatility"] / 365**0.5
        return [
            "Not explained",
            f"{days} daily returns · risk-free 0 % · under 90 days the ratios are a first hint",
            f"({percent(mean, 4)} − 0 %) ÷ {percent(spread, 4)} × {YEAR_ROOT} = {found['sharpe']:.2f}",
            "24 Sep, 25 Sep and 26 Sep have none and are left out. Under 90 days: a first hint.",
            "what beta does not explain",
            found["notes"]["mwr_annual"],
            "Last run 07:00:00 · no warnings today",
            "ok: 3 stored",
            "Older",
        ]

    async def both(seen: Visit) -> None:
        await sections(seen)
        await on_page(act)(seen)

    return Scene(words, act=both)


def young() -> Scene:
    def words(t: Told) -> Sequence[str]:
        days = t.metrics["days"]
        line = f"{days} daily returns · risk-free 0 % · the ratios need 30"
        return [line, "not yet", f"needs 30 days, has {days}"]

    return troubled("unread", words, opened("statistics"))


def older_server() -> Scene:
    """One that knows neither statistics nor the log: what it answers of a history is the true answer without them."""

    async def without_statistics(route: Route) -> None:
        answer = await route.fetch()
        told = await answer.json()
        told["metrics"] = {name: told["metrics"][name] for name in SINCE} | {"notes": {}}
        told = {name: told[name] for name in told if name in OLDER or name == "metrics"}
        await route.fulfill(response=answer, body=json.dumps(told))

    async def unknown(route: Route) -> None:
        await route.fulfill(status=404, body="no such address")

    async def before(page: Page) -> None:
        await page.route("**/api/history?*", without_statistics)
        await page.route("**/api/logs?*", unknown)

    return Scene(lambda t: [t.sentence(), "The log could not be loaded."], before=before, act=opened("log"))


def log_nothing() -> Scene:
    lines = opened("log")

    async def act(seen: Visit) -> None:
        await lines(seen)
        await on_page(lambda page: page.get_by_label("Search messages").fill("no such words"))(seen)

    return Scene(["No entries match.", "Clear filters"], act=act)


def restated() -> Scene:
    """Its owner has added a flow of a time before."""
    return troubled("odd", ["History since 26 Aug was recomputed: to own Funding."])


STATES = (hostile, comparing, compared, day_one, uncompared, below, young, older_server, log_nothing, restated)
