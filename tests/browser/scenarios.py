"""The states of the page: what the server says in each, and what the reader does to get there."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from playwright.async_api import Page

from tests.browser import (
    canned,
    canned_holdings,
    canned_log,
    scenarios_holdings,
    scenarios_settings,
    scenarios_sheets,
)
from tests.browser.stand_in import Script

TORN = "2025-11-18T15:00:07Z"
OLD = "2025-11-12T14:00:00Z"
RIGHT_TO_LEFT = chr(0x202E)

type Act = Callable[[Page], Awaitable[None]] | None


def main() -> tuple[Script, Act]:
    return Script(), None


def reading() -> tuple[Script, Act]:
    async def act(page: Page) -> None:
        await page.focus("#plot")
        for key in ("End", "m", "m", "m"):
            await page.keyboard.press(key)

    return Script(), act


def behind() -> tuple[Script, Act]:
    return Script(past=canned.world(end_nav="107582.42", tilt=-0.097)), None


def level() -> tuple[Script, Act]:
    past = canned.world(end_nav="110760.58")
    even = replace(past, nav_index=[*past.nav_index[:-1], past.benchmark_index[-1]])
    return Script(past=even), None


def differs() -> tuple[Script, Act]:
    return Script(past=canned.world(end_nav="111072.98", tilt=-0.0732)), None


def exhausted() -> tuple[Script, Act]:
    answer = canned.history(canned.world())
    answer["benchmark"] |= {"exhausted_at": "2025-11-03T09:00:00Z", "shortfall": "500.00", "value": "0"}
    answer["metrics"] |= {"nav": "12400.00", "benchmark": "0.00"}
    return Script(history=answer), None


def wiped_out() -> tuple[Script, Act]:
    answer = canned.history(canned.world())
    lost = len(answer["series"]["t"]) - 120
    for column, zero in (("nav", "0.00"), ("nav_index", 0.0)):
        answer["series"][column][lost:] = [zero] * 120
    answer["metrics"] |= {"nav": "0.00", "difference": "-110760.58", "twr": -1, "twr_24h": 0.0}
    answer["metrics"]["max_drawdown"] = canned.fall(-1)
    return Script(history=answer), None


def stale() -> tuple[Script, Act]:
    held = canned.account(status={"code": "error", "detail": "Binance asked this address to wait until 20:20 UTC."})
    return Script(accounts=canned.accounts(held), now=canned.NOW + timedelta(hours=5)), None


def partial() -> tuple[Script, Act]:
    torn = canned.account(
        status={"code": "partial", "detail": "GET /fapi/v3/account timed out three times."},
        last_try={"at": TORN, "complete": False, "missing": ["usdm"], "wallets": [*canned_holdings.WALLETS][1:]},
        next_slot="2025-11-18T16:00:00Z",
    )
    read = canned_holdings.partial(TORN, "usdm")
    return Script(accounts=canned.accounts(torn), partials={TORN: read}, now=canned.NOW + timedelta(hours=1)), None


def partial_wallets() -> tuple[Script, Act]:
    async def act(page: Page) -> None:
        await page.get_by_role("button", name="Show the 5 wallets").click()

    return partial()[0], act


def unpriced() -> tuple[Script, Act]:
    coins = {
        "unpriced": [{"asset": "XYZ", "quantity": "1250"}],
        "stale_prices": [
            {"asset": "ABC", "quantity": "1250", "price": "0.0213", "value": "26.63", "priced_at": OLD},
        ],
    }
    return Script(accounts=canned.accounts(canned.account(latest=coins))), None


def attention() -> tuple[Script, Act]:
    refused = {"code": "needs_attention", "detail": "-2015: Invalid API-key, IP, or permissions for action."}
    return Script(accounts=canned.accounts(canned.account(status=refused), canned.account("Spot", "spot"))), None


def first_hour() -> tuple[Script, Act]:
    past = canned.world()
    young = canned.World(past.at[-1:], [past.nav[0]], [past.nav[0]], [1.0], [1.0])
    answer = canned.history(canned.world()) | {"events": [], "gaps": [], "estimated": {"t": [], "nav": []}}
    answer["series"] = canned.history(young, "all")["series"]
    answer["inception"] = answer["from"] = answer["to"] = canned.stamp(canned.LAST)
    answer["metrics"] |= {
        "nav": "96000.00",
        "benchmark": "96000.00",
        "difference": "0",
        "twr": None,
        "benchmark_twr": None,
        "twr_24h": None,
        "benchmark_twr_24h": None,
        "max_drawdown": None,
        "benchmark_max_drawdown": None,
        "pnl_since_inception": None,
        "put_in": None,
        "notes": {"twr": "needs two snapshots"},
    }
    return Script(history=answer, accounts=canned.accounts(canned.account())), None


def empty() -> tuple[Script, Act]:
    return Script(health=canned.health(demo=False), accounts={"slot_minutes": 60, "accounts": []}), None


def waiting() -> tuple[Script, Act]:
    new = canned.account(latest={}, last_try=None, inception=None, difference=None, active_return=None)
    new["latest"] = None
    return Script(health=canned.health(demo=False), accounts=canned.accounts(new), history=no_history()), None


def no_history() -> dict[str, Any]:
    answer = canned.history(canned.world()) | {"inception": None, "from": None, "to": None, "metrics": None}
    answer |= {"events": [], "gaps": [], "estimated": {"t": [], "nav": []}, "benchmark": None}
    answer["series"] = {column: [] for column in answer["series"]}
    return answer


def building() -> tuple[Script, Act]:
    demo = canned.DEMO | {"building": {"done": 12, "total": 500}}
    return Script(demo=demo, history=no_history()), None


def half_built() -> tuple[Script, Act]:
    past = canned.world()
    half = [n for n, at in enumerate(past.at) if at < canned.LAST - timedelta(days=44)]
    columns: tuple[list[Any], ...] = (past.at, past.nav, past.benchmark, past.nav_index, past.benchmark_index)
    young = canned.World(*([column[n] for n in half] for column in columns))
    demo = canned.DEMO | {"building": {"done": 212, "total": 500}}
    return Script(past=young, demo=demo, now=young.at[-1] + timedelta(seconds=5)), None


def starting() -> tuple[Script, Act]:
    return Script(problem=canned.problem(503, "starting: the database is being opened", "starting")), None


def failed() -> tuple[Script, Act]:
    return Script(problem=canned.problem(503, "the database did not respond")), None


def failed_later() -> tuple[Script, Act]:
    script = Script()

    async def act(page: Page) -> None:
        script.problem = canned.problem(503, "the database did not respond")
        await page.click("#ranges [data-key='30d']")

    return script, act


def offline() -> tuple[Script, Act]:
    async def act(page: Page) -> None:
        await page.context.set_offline(True)

    return Script(), act


def locked() -> tuple[Script, Act]:
    return Script(problem=canned.problem(401, "a token is needed", "unauthorized")), None


def locked_again() -> tuple[Script, Act]:
    async def act(page: Page) -> None:
        await page.fill("#token", "guess")
        await page.keyboard.press("Enter")

    return locked()[0], act


def logged_out() -> tuple[Script, Act]:
    shut = canned.problem(401, "this call needs a session", "unauthorized")
    return Script(health=canned.health(demo=False, log_in="password"), problem=shut), None


def _trying(status: int, code: str) -> tuple[Script, Act]:
    async def act(page: Page) -> None:
        await page.fill("#password", "a guess of mine")
        await page.keyboard.press("Enter")

    script, _ = logged_out()
    script.log_in = canned.problem(status, "no", code)
    return script, act


def wrong_password() -> tuple[Script, Act]:
    return _trying(401, "wrong_password")


def too_many_tries() -> tuple[Script, Act]:
    return _trying(429, "too_many_tries")


def token_instead() -> tuple[Script, Act]:
    async def act(page: Page) -> None:
        await page.click("text=Use the API token instead")

    return logged_out()[0], act


def no_door() -> tuple[Script, Act]:
    script, _ = logged_out()
    script.health = canned.health(demo=False, log_in="nothing")
    return script, None


def expired() -> tuple[Script, Act]:
    script = Script(health=canned.health(demo=False, log_in="password"))
    script.accounts["role"] = "owner"

    async def act(page: Page) -> None:
        script.problem = canned.problem(401, "this call needs a session", "unauthorized")
        await page.click("#ranges button >> nth=0")

    return script, act


def owner_menu() -> tuple[Script, Act]:
    script = Script(health=canned.health(demo=False, log_in="password"))
    script.accounts["role"] = "owner"

    async def act(page: Page) -> None:
        await page.click("#menu-button")

    return script, act


def loading() -> tuple[Script, Act]:
    async def act(page: Page) -> None:
        await page.get_by_text("Reading 90 days of history…").wait_for()

    return Script(held=asyncio.Event()), act


def table() -> tuple[Script, Act]:
    async def act(page: Page) -> None:
        wide = page.locator("#chart-head [data-key=table]")
        if await wide.is_visible():
            await wide.click()
        else:
            await page.click("#menu-button")
            await page.get_by_role("button", name="Show as a table").click()

    return Script(), act


def switching() -> tuple[Script, Act]:
    async def act(page: Page) -> None:
        button = page.locator(".account-button")
        if await button.is_visible():
            await button.click()

    return Script(), act


def menu() -> tuple[Script, Act]:
    async def act(page: Page) -> None:
        await page.click("#menu-button")

    return Script(), act


def hostile() -> tuple[Script, Act]:
    name = f"<img src=x onerror=alert(1)>{RIGHT_TO_LEFT}evil"
    bad = canned.account(name, status={"code": "needs_attention", "detail": "<script>alert(2)</script>"})
    log = [canned_log.line(1, OLD, "error", None, "<b>event</b>", "<img src=x onerror=alert(3)>")]
    return Script(accounts=canned.accounts(bad, canned.account("Main " * 12, "long")), log=log), opened("log")


def opened(*sections: str) -> Callable[[Page], Awaitable[None]]:
    """Open sections that are closed, as they are on a phone."""

    async def act(page: Page) -> None:
        for one in sections:
            button = page.locator(f"#{one} .section-button")
            if await button.get_attribute("aria-expanded") == "false":
                await button.click()

    return act


def drawdown() -> tuple[Script, Act]:
    async def act(page: Page) -> None:
        await page.click("#chart-head [data-key=drawdown]")

    return Script(), act


async def open_compare(page: Page) -> None:
    await page.click("#sentence a")
    await page.get_by_role("dialog", name="Compare with").wait_for()


def comparing() -> tuple[Script, Act]:
    async def act(page: Page) -> None:
        await open_compare(page)
        await page.get_by_label("Percent 2").fill("30")
        await page.get_by_role("button", name="Compare", exact=True).click()

    return Script(), act


def compared() -> tuple[Script, Act]:
    async def act(page: Page) -> None:
        await open_compare(page)
        await page.get_by_role("button", name="BTC all money").click()

    return Script(), act


def day_one() -> tuple[Script, Act]:
    async def act(page: Page) -> None:
        await open_compare(page)
        await page.get_by_role("button", name="What I held on day one").click()

    return Script(), act


def uncompared() -> tuple[Script, Act]:
    async def act(page: Page) -> None:
        await open_compare(page)
        await page.get_by_label("Coin 2").fill("sol")
        await page.get_by_role("button", name="Compare", exact=True).click()

    return Script(), act


def below() -> tuple[Script, Act]:
    async def act(page: Page) -> None:
        await opened("changes", "statistics", "log")(page)
        for row in ("sharpe", "alpha"):
            await page.click(f"#statistics [data-key={row}]")

    return Script(), act


def young() -> tuple[Script, Act]:
    answer = canned.history(canned.world())
    answer["metrics"] |= canned.young_statistics()
    return Script(history=answer), opened("statistics")


def older_server() -> tuple[Script, Act]:
    answer = canned.history(canned.world())
    for name in canned.statistics(canned.world(), 0):
        del answer["metrics"][name]
    answer["metrics"]["notes"] = {}
    return Script(history=answer, log_problem=canned.problem(404, "no such address", "not_found")), opened("log")


def log_nothing() -> tuple[Script, Act]:
    async def act(page: Page) -> None:
        await opened("log")(page)
        await page.get_by_label("Search messages").fill("no such words")

    return Script(), act


async def do(page: Page, tool: str, *clicks: str) -> None:
    """Use one of the demo's tools, as wide as it is: in the strip, or behind the chip."""
    chip = page.locator("#demo-chip")
    if await chip.is_visible():
        await chip.click()
        await page.locator("dialog .menu-row", has_text=tool).click()
    else:
        await page.locator("#demo-tools button", has_text=tool).click()
    for words in clicks:
        await page.get_by_role("dialog").get_by_role("button", name=words).click()


def demo_money() -> tuple[Script, Act]:
    async def act(page: Page) -> None:
        await do(page, "Move money")
        await page.get_by_label("Amount", exact=True).fill("0")
        await page.get_by_role("button", name="Move it").click()

    return Script(), act


def demo_time() -> tuple[Script, Act]:
    return Script(), lambda page: do(page, "Pass time")


def demo_break() -> tuple[Script, Act]:
    return Script(demo=canned.DEMO | {"broken": "wallet_down"}), lambda page: do(page, "Broken: wallet down")


def demo_passing() -> tuple[Script, Act]:
    return Script(demo=canned.DEMO | {"passing": {"done": 12, "total": 168}}), None


def demo_chip() -> tuple[Script, Act]:
    async def act(page: Page) -> None:
        await page.click("#demo-chip")

    return Script(demo=canned.DEMO | {"broken": "429"}), act


def restated() -> tuple[Script, Act]:
    return Script(history=canned.restated(canned.history(canned.world()))), None


ALL: dict[str, Callable[[], tuple[Script, Act]]] = {
    state.__name__: state
    for state in (
        *(
            main,
            reading,
            behind,
            level,
            differs,
            exhausted,
            wiped_out,
            stale,
            partial,
            partial_wallets,
            unpriced,
            attention,
        ),
        *(first_hour, empty, waiting, starting, building, half_built),
        *(failed, failed_later, offline, locked, locked_again),
        *(logged_out, wrong_password, too_many_tries, token_instead, no_door, expired, owner_menu),
        *(loading, table, switching, menu, hostile, comparing, compared, day_one, uncompared),
        *(below, young, older_server, log_nothing, restated, drawdown),
        *scenarios_holdings.STATES,
        *scenarios_settings.STATES,
        *scenarios_sheets.STATES,
        *(demo_money, demo_time, demo_break, demo_passing, demo_chip),
    )
}
