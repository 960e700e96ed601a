"""States of design 5 that are about doubts and links, and the sheets that a button or a key opens."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from urllib.parse import urljoin

from playwright.async_api import Page

from tests.browser import canned
from tests.browser.stand_in import Script

type Act = Callable[[Page], Awaitable[None]] | None


def hidden_amounts() -> tuple[Script, Act]:
    async def act(page: Page) -> None:
        await page.keyboard.press("h")

    return Script(), act


def old_price() -> tuple[Script, Act]:
    """One asset counts at an old price, and none is without any."""
    old = {"asset": "XYZ", "quantity": "1250", "price": "0.0213", "value": "26.63", "priced_at": "2025-11-12T14:00:00Z"}
    return Script(accounts=canned.accounts(canned.account(latest={"stale_prices": [old]}))), None


def unexplained() -> tuple[Script, Act]:
    answer = canned.history(canned.world())
    jump = canned.event("unexplained", canned.LAST - timedelta(hours=5), "-5000.00")
    return Script(history=answer | {"events": [*answer["events"], jump]}), None


def unreconciled() -> tuple[Script, Act]:
    return Script(accounts=canned.accounts(canned.account(latest={"reconciliation": None}))), None


async def open_link(page: Page) -> None:
    await page.goto(urljoin(page.url, "/share.html#a-token"))
    await page.locator("#instead:not([hidden]) h1, #tiles .tile").first.wait_for()


def share_view() -> tuple[Script, Act]:
    return Script(shared=canned.shared()), open_link


def revoked() -> tuple[Script, Act]:
    return Script(), open_link


def shortcuts() -> tuple[Script, Act]:
    async def act(page: Page) -> None:
        await page.keyboard.press("?")

    return Script(), act


def saving() -> tuple[Script, Act]:
    async def act(page: Page) -> None:
        wide = page.locator("#chart-head [data-key=save]")
        if await wide.is_visible():
            await wide.click()
        else:
            await page.click("#menu-button")
            await page.get_by_role("button", name="Save").click()

    return Script(), act


STATES = (hidden_amounts, old_price, unexplained, unreconciled, share_view, revoked, shortcuts, saving)
