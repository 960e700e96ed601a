"""The states of the owner's dialogs that ask nothing of the server but what the page knows already."""

from collections.abc import Awaitable, Callable

from playwright.async_api import Page

from tests.browser.stand_in import Script

type Act = Callable[[Page], Awaitable[None]]


def _owned() -> Script:
    script = Script()
    script.accounts["role"] = "demo"
    return script


async def _open(page: Page, *rows: str) -> None:
    await page.click("#menu-button")
    await page.locator("dialog").get_by_role("button", name="Settings").click()
    for row in rows:
        await page.locator(f"dialog [data-key={row}]").click()


def settings() -> tuple[Script, Act]:
    async def act(page: Page) -> None:
        await _open(page)

    return _owned(), act


def settings_of_a_reader() -> tuple[Script, Act]:
    script = Script()
    script.accounts["role"] = "viewer"

    async def act(page: Page) -> None:
        await _open(page)

    return script, act


def adding_account() -> tuple[Script, Act]:
    async def act(page: Page) -> None:
        await _open(page, "add")
        await page.get_by_role("textbox", name="Name").fill("All")
        await page.locator("dialog [data-key=yes]").click()

    return _owned(), act


def making_a_key() -> tuple[Script, Act]:
    async def act(page: Page) -> None:
        await _open(page, "add", "help")

    return _owned(), act


def removing() -> tuple[Script, Act]:
    async def act(page: Page) -> None:
        await _open(page, "account-main", "remove")

    return _owned(), act


STATES = (settings, settings_of_a_reader, adding_account, making_a_key, removing)
