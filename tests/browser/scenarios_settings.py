"""The states of the owner's dialogs that ask nothing of the server but what the page knows already."""

from playwright.async_api import Page, expect

from tests.browser.real import API_TOKEN
from tests.browser.scenarios_doors import BY_TOKEN
from tests.browser.scenes import Scene, on_page, own
from tests.browser.told import date


async def _open(page: Page, *rows: str) -> None:
    await page.click("#menu-button")
    await page.locator("dialog").get_by_role("button", name="Settings").click()
    for row in rows:
        await page.locator(f"dialog [data-key={row}]").click()


def settings() -> Scene:
    words = [
        "Single keys work outside of fields",
        "Links that show percent",
        "Next run at about 08:00 UTC, every hour",
    ]
    return Scene(words, act=on_page(_open))


def settings_of_a_reader() -> Scene:
    async def act(page: Page) -> None:
        await page.fill("#token", API_TOKEN)
        await page.keyboard.press("Enter")
        await expect(page.locator("#sentence")).to_contain_text("50/50 BTC and ETH")
        await _open(page)

    return Scene(["You may look.", "Version"], open=own(environment=BY_TOKEN), act=on_page(act), alone=True)


def adding_account() -> Scene:
    async def act(page: Page) -> None:
        await _open(page, "add")
        await page.get_by_role("textbox", name="Name").fill("All")
        await page.locator("dialog [data-key=yes]").click()

    return Scene(["“All” means every account. Take another name.", "never shown again"], act=on_page(act))


def making_a_key() -> Scene:
    words = ["leave ‘Enable Reading’ as the only one that is ticked"]
    return Scene(words, act=on_page(lambda page: _open(page, "add", "help")))


def removing() -> Scene:
    return Scene(
        lambda t: [f"Its history since {date(t.history['inception'])} stays in All", "Type its name to erase it"],
        act=on_page(lambda page: _open(page, "account-main", "remove")),
    )


STATES = (settings, settings_of_a_reader, adding_account, making_a_key, removing)
