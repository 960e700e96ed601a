"""The states of what stands below the chart about one snapshot and its flows."""

from collections.abc import Awaitable, Callable
from decimal import Decimal

from playwright.async_api import Page

from tests.browser import canned, canned_holdings
from tests.browser.stand_in import Script

SECTIONS = ("allocation", "positions", "flows", "addsup")

type Act = Callable[[Page], Awaitable[None]] | None


async def open_all(page: Page) -> None:
    """Open the sections that are closed, as they are on a phone."""
    for one in SECTIONS:
        button = page.locator(f"#{one} .section-button")
        if await button.get_attribute("aria-expanded") == "false":
            await button.click()
        await button.scroll_into_view_if_needed()


def held() -> tuple[Script, Act]:
    async def act(page: Page) -> None:
        await open_all(page)
        await page.click("#allocation [data-key='asset:BTC']")

    return Script(), act


def by_wallet() -> tuple[Script, Act]:
    async def act(page: Page) -> None:
        await open_all(page)
        await page.click("#allocation [data-key=wallet]")
        for wallet in ("trading_bots", "spot"):
            await page.click(f"#allocation [data-key='wallet:{wallet}']")

    return Script(), act


def odd_holdings() -> tuple[Script, Act]:
    """A debt, a coin without a price, an old price, a large difference, and a hostile name."""
    answer = canned_holdings.holdings()
    spot = answer["wallets"][1]
    spot["holdings"] += [
        canned_holdings.holding("<b>XYZ</b>", "1250", None),
        canned_holdings.holding("OLD", "1250", "0.0213", price_age_s=6 * 86400),
    ]
    worth = {one["wallet"]: Decimal(one["value"]) for one in answer["wallets"]}
    answer["reconciliation"] = canned_holdings.reconciliation(worth, {"earn": "-312.40", "spot": "0.01"})
    answer["positions"][0]["symbol"] = "<i>USDT"
    ledger = canned_holdings.flows()
    ledger["flows"][0] |= {"asset": "<u>", "detail": "<img src=x onerror=alert(4)>"}

    async def act(page: Page) -> None:
        await open_all(page)
        await page.click("#allocation [data-key=wallet]")
        await page.click("#allocation [data-key='wallet:spot']")

    return Script(holdings=answer, flows=ledger), act


def nothing_held() -> tuple[Script, Act]:
    answer = canned_holdings.holdings(wallets=[], positions=[], reconciliation=None, nav="0")
    return Script(holdings=answer, flows={"account": "main", "coming": [], "flows": []}), open_all


def below_failed() -> tuple[Script, Act]:
    return Script(below_problem=canned.problem(503, "the database did not respond")), open_all


def snapshot() -> tuple[Script, Act]:
    async def act(page: Page) -> None:
        await page.click("#trust button")
        await page.locator(".snapshot-wallet").first.wait_for()

    return Script(), act


async def open_flow(page: Page, ident: str, words: str) -> None:
    await open_all(page)
    await page.click(f"#flows [data-key='main {ident}']")
    await page.get_by_role("button", name=words).click()


def voiding() -> tuple[Script, Act]:
    async def act(page: Page) -> None:
        await open_flow(page, "d3", "Void…")

    return Script(), act


def flow_menu() -> tuple[Script, Act]:
    async def act(page: Page) -> None:
        await open_all(page)
        await page.click("#flows [data-key='main d3']")

    return Script(), act


def correcting() -> tuple[Script, Act]:
    async def act(page: Page) -> None:
        await open_flow(page, "d3", "Correct…")

    return Script(), act


def adding() -> tuple[Script, Act]:
    async def act(page: Page) -> None:
        await open_all(page)
        await page.click("#flows [data-key=add]")
        await page.get_by_role("button", name="Add it").click()

    return Script(), act


STATES = (held, by_wallet, odd_holdings, nothing_held, below_failed, snapshot, voiding, flow_menu, correcting, adding)
