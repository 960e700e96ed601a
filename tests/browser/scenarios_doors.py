"""The states of an installation of one's own before its door, and behind it."""

from playwright.async_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.real import API_TOKEN, OWN, PASSWORD
from tests.browser.scenes import Act, Scene, on_page, own
from tests.browser.told import Told

BY_TOKEN = {name: value for name, value in OWN.items() if name != "DASHBOARD_PASSWORD"} | {"API_TOKEN": API_TOKEN}
SHUT = {name: value for name, value in OWN.items() if name != "DASHBOARD_PASSWORD"}
TRIES = """async (tries) => {
  const body = JSON.stringify({ password: "a guess of mine" });
  const how = { method: "POST", headers: { "Content-Type": "application/json" }, body };
  for (let n = 0; n < tries; n += 1) await fetch("/api/session", how);
}"""


async def log_in(page: Page, password: str = PASSWORD) -> None:
    await page.fill("#password", password)
    await page.keyboard.press("Enter")


async def come_in(page: Page) -> None:
    """Log in, and see the figures."""
    await log_in(page)
    await expect(page.locator("#sentence")).to_contain_text("50/50 BTC and ETH")


def _before_the_door(words: list[str], act: Act | None = None, *, writes: bool = False) -> Scene:
    return Scene(words, open=own(environment=OWN, writes=writes), act=act, alone=True)


def locked() -> Scene:
    return Scene(["Open this page with the API token.", "API_TOKEN"], open=own(environment=BY_TOKEN), alone=True)


def locked_again() -> Scene:
    async def act(page: Page) -> None:
        await page.fill("#token", "guess")
        await page.keyboard.press("Enter")

    return Scene(["That token is not right."], open=own(environment=BY_TOKEN), act=on_page(act), alone=True)


def logged_out() -> Scene:
    return _before_the_door(["Log in to see your figures.", "Password", "Use the API token instead"])


def wrong_password() -> Scene:
    async def act(page: Page) -> None:
        await log_in(page, "a guess of mine")

    words = ["Log in to see your figures.", "That password is not right."]
    return _before_the_door(words, on_page(act), writes=True)


def too_many_tries() -> Scene:
    async def act(page: Page) -> None:
        await page.evaluate(TRIES, 5)
        await log_in(page)

    return _before_the_door(["Too many tries. Try again in 15 min."], on_page(act), writes=True)


def token_instead() -> Scene:
    async def act(page: Page) -> None:
        await page.click("text=Use the API token instead")

    words = ["Open this page with the API token.", "Use the password instead"]
    return _before_the_door(words, on_page(act))


def no_door() -> Scene:
    words = ["Nobody can come in yet.", "DASHBOARD_PASSWORD"]
    return Scene(words, open=own(environment=SHUT), alone=True)


def expired() -> Scene:
    async def act(seen: Visit) -> None:
        await come_in(seen.page)
        await seen.house.wired.gate.end_sessions()
        await seen.page.click("#ranges button >> nth=0")

    def words(t: Told) -> list[str]:
        ended = "You were logged out. Log in to go on where you were."
        return [t.sentence(past=True), ended, "These figures were loaded at"]

    return Scene(words, open=own(environment=OWN, writes=True), act=act, alone=True)


def owner_menu() -> Scene:
    async def act(page: Page) -> None:
        await come_in(page)
        await page.click("#menu-button")

    return _before_the_door(["Log out", "Log out everywhere"], on_page(act), writes=True)


STATES = (
    *(locked, locked_again, logged_out, wrong_password, too_many_tries),
    *(token_instead, no_door, expired, owner_menu),
)
