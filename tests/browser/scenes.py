"""A state of the page: its house, what happens at the edge of the browser, what a reader does, what is to be read."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from playwright.async_api import Page

from tests.browser.conftest import Before, Opener, Visit
from tests.browser.lives import LIVED, TROUBLED, Life
from tests.browser.real import House
from tests.browser.told import Told, told

type Act = Callable[[Visit], Awaitable[None]]
type Words = Sequence[str] | Callable[[Told], Sequence[str]]
type Open = Callable[[Opener], Awaitable[House]]


@dataclass(frozen=True, slots=True)
class Scene:
    """`words` are those of what the API tells at `path`, or at `told_at` where the reader has gone on."""

    words: Words
    path: str = "/?account=main"
    life: Life = LIVED
    open: Open | None = None  # a house of its own; without, the one that all readers of the life share
    before: Before | None = None
    act: Act | None = None
    waits: bool = True
    alone: bool = False  # with cookies of its own
    told_at: str | None = None


async def enter(opener: Opener, scene: Scene, size: tuple[int, int] = (360, 640)) -> Visit:
    """Open the page and do what leads to the state."""
    house = await scene.open(opener) if scene.open else await opener.homes.of(scene.life)
    seen = await opener(house, size=size, path=scene.path, before=scene.before, waits=scene.waits, alone=scene.alone)
    if scene.act:
        await scene.act(seen)
    return seen


async def words_of(scene: Scene, house: House) -> Sequence[str]:
    if not callable(scene.words):
        return scene.words
    return scene.words(await told(house, scene.told_at or scene.path))


def troubled(account: str, words: Words, act: Act | None = None) -> Scene:
    """The page of one account of those in trouble."""
    return Scene(words, f"/?account={account}", TROUBLED, act=act)


def own(life: Life = LIVED, environment: dict[str, str] | None = None, *, writes: bool = False, hours: int = 0) -> Open:
    """A house that this state has for itself."""

    async def opened(opener: Opener) -> House:
        return await opener.own(life, environment, writes=writes, later=timedelta(hours=hours))

    return opened


def on_page(act: Callable[[Page], Awaitable[None]]) -> Act:
    """What a reader does who needs nothing but the page."""

    async def acted(seen: Visit) -> None:
        await act(seen.page)

    return acted


def opened(*sections: str) -> Act:
    """Open sections that are closed, as they are on a phone."""

    async def act(seen: Visit) -> None:
        for one in sections:
            button = seen.page.locator(f"#{one} .section-button")
            if await button.get_attribute("aria-expanded") == "false":
                await button.click()
            await button.scroll_into_view_if_needed()

    return act
