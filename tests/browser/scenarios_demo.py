"""The states of a demo: while its past is built, while time passes, and with its tools open."""

import asyncio

import httpx
from playwright.async_api import Page, expect

from lib.demo.breakages import Broken, breakage
from lib.local import data_api
from lib.local.demo import HISTORY, build_history, misbehave, open_demo
from lib.local.diary import Diary
from lib.wiring import StoreHome
from tests.browser.conftest import Opener, Visit
from tests.browser.lives import EMPTY
from tests.browser.real import House
from tests.browser.scenes import Open, Scene, on_page, own
from tests.browser.told import Told, clock, day, headline, usd
from tests.spine import BORN_AT, the_settings

RUNS = 30


async def do(page: Page, tool: str, *clicks: str) -> None:
    """Use one of the demo's tools, as wide as it is: in the strip, or behind the chip."""
    chip = page.locator("#demo-chip")
    await page.locator("#demo-tools select").wait_for(state="attached")
    if await chip.is_visible():
        await chip.click()
        await page.locator("dialog .menu-row", has_text=tool).click()
    else:
        await page.locator("#demo-tools button", has_text=tool).click()
    for words in clicks:
        await page.get_by_role("dialog").get_by_role("button", name=words).click()


async def unfinished(opener: Opener, runs: int) -> House:
    """A demo of whose past so many runs are built: as a first start does it, which is held up there."""
    house = await opener.own(EMPTY, writes=True)
    store = StoreHome(data_api.URL, data_api.SECRET_KEY, house.spine.to_store)
    diary = Diary(house.spine.dsn)
    house.demo, house.wired = await open_demo(the_settings(), store, lambda: BORN_AT + HISTORY, diary)
    house.spine.wired, house.spine.clock = house.wired, house.demo.clock
    await build_on(house, runs)
    return house


async def build_on(house: House, runs: int) -> None:
    """Build so many runs more of the past."""
    assert house.demo
    if runs:
        async for progress in build_history(house.demo, house.wired):
            if progress.done >= runs:
                return


def _building(runs: int) -> Open:
    async def opened(opener: Opener) -> House:
        return await unfinished(opener, runs)

    return opened


def _broken(what: Broken) -> Open:
    async def opened(opener: Opener) -> House:
        house = await opener.own()
        assert house.demo
        misbehave(house.demo, breakage(what, house.spine.now))
        return house

    return opened


def building() -> Scene:
    return Scene(
        ["Building 90 days of history: 0 of 501 runs", "The first lines appear in a moment."], open=_building(0)
    )


def half_built() -> Scene:
    def words(t: Told) -> list[str]:
        at = t.history["to"]
        way = "ahead of" if t.active > 0 else "behind"
        lead = f"{usd(t.metrics['difference'].lstrip('-'))} ({headline(t.active)}) {way} holding 50/50 BTC and ETH."
        return [
            f"Building 90 days of history: {RUNS} of 501 runs",
            f"On {day(at)} at {clock(at)} UTC you were {lead}",
            f"History is being built · figures are of {day(at)}, {clock(at)} UTC",
            f"Value on {day(at)}",
        ]

    return Scene(words, open=_building(RUNS))


def demo_money() -> Scene:
    async def act(page: Page) -> None:
        await do(page, "Move money")
        await page.get_by_label("Amount", exact=True).fill("0")
        await page.get_by_role("button", name="Move it").click()

    return Scene(["Move money", "The amount must be a number above 0"], act=on_page(act))


def demo_time() -> Scene:
    return Scene(["1 week", "168 runs, one an hour"], act=on_page(lambda page: do(page, "Pass time")))


def demo_break() -> Scene:
    words = ["418, banned", "USD-M futures do not answer"]
    return Scene(words, open=_broken("wallet_down"), act=on_page(lambda page: do(page, "Broken: wallet down")))


def demo_chip() -> Scene:
    async def act(page: Page) -> None:
        await page.click("#demo-chip")

    words = ["Change something and watch what it does.", "Broken: 429", "Mend"]
    return Scene(words, open=_broken("429"), act=on_page(act))


async def held_at(house: House, runs: int) -> asyncio.Event:
    """Let runs be claimed so often, and hold the next one up until the event is set."""
    go_on, claimed = asyncio.Event(), 0

    async def hold(request: httpx.Request) -> None:
        nonlocal claimed
        claimed += request.url.path.endswith("/claim_accounts")
        if claimed > runs and request.url.path.endswith("/claim_accounts"):
            await go_on.wait()

    house.spine.to_store.before.append(hold)
    return go_on


def demo_passing() -> Scene:
    async def act(seen: Visit) -> None:
        await held_at(seen.house, 3)
        await do(seen.page, "Pass time", "1 week")
        await expect(seen.page.locator("#building")).to_contain_text("3 of 168")

    words = ["Time passes: 3 of 168 runs", "History is being built"]
    return Scene(words, open=own(writes=True), act=act)


STATES = (building, half_built, demo_money, demo_time, demo_break, demo_passing, demo_chip)
