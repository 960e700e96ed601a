"""The states of the page's first screen: figures, doubts about them, and what stands in their place."""

from decimal import Decimal

from playwright.async_api import Page, Route

from lib.demo.faults import banned
from tests.browser import (
    scenarios_below,
    scenarios_demo,
    scenarios_doors,
    scenarios_holdings,
    scenarios_settings,
    scenarios_sheets,
    troubles,
)
from tests.browser.conftest import Opener, Visit
from tests.browser.lives import EMPTY, HOUR, LONG
from tests.browser.real import House
from tests.browser.scenes import Scene, on_page, own, troubled
from tests.browser.told import Told, added, clock, coins, date, day, headline, moment, percent, price, signed, usd


def checked(told: Told) -> str:
    """How the trust line on a phone says that all is well."""
    gap = abs(Decimal(told.difference)).quantize(Decimal("0.01"))
    return f"complete · checked to {usd(gap) if gap else 'the cent'}"


def main() -> Scene:
    return Scene(lambda t: [t.sentence(), f"12 min ago · {checked(t)}", f"Return since {day(t.history['inception'])}"])


def reading() -> Scene:
    async def act(page: Page) -> None:
        await page.focus("#plot")
        for key in ("End", "m", "m", "m"):
            await page.keyboard.press(key)

    return Scene(lambda t: [t.sentence(), "You $", "50/50 $"], act=on_page(act))


def behind() -> Scene:
    return Scene(lambda t: [t.sentence(), "behind holding"], "/?account=spot")


def level() -> Scene:
    return troubled("level", lambda t: [f"You are level with holding US dollars since {date(t.history['inception'])}."])


def differs() -> Scene:
    def words(t: Told) -> list[str]:
        less, higher = -Decimal(t.metrics["difference"]), t.active
        assert less > 0
        assert higher > 0
        return [
            f"You have {usd(less)} less than holding 50/50 BTC and ETH would have given",
            f"though your return is {headline(higher)} higher.",
            "Both are right.",
        ]

    return troubled("differs", words)


def exhausted() -> Scene:
    def words(t: Told) -> list[str]:
        end = date(t.history["benchmark"]["exhausted_at"])
        return [f"You still have {usd(t.metrics['nav'])}. Holding 50/50 BTC and ETH would have run out on {end}."]

    return troubled("spent", words)


def wiped_out() -> Scene:
    def words(t: Told) -> list[str]:
        series = t.history["series"]
        first = series["t"][series["nav_index"].index(0)]
        stands = f"50/50 BTC and ETH stands at {usd(t.metrics['benchmark'])}."
        return [f"This account reached zero on {date(first)}. {stands}", percent(-1)]

    return troubled("lost", words)


def stale() -> Scene:
    def words(t: Told) -> list[str]:
        then = f"Value at {clock(t.history['to'])}"
        return [t.sentence(past=True), "No new snapshot for 5 h 12 min", "Nothing is lost", "Open the log", then]

    return Scene(words, open=own(hours=5))


def banned_for_hours() -> Scene:
    async def opened(opener: Opener) -> House:
        house = await opener.own(writes=True)
        spine = house.spine
        spine.exchange.faults[:] = [banned(spine.now + 10 * HOUR)]
        assert (await spine.collect(spine.now + HOUR)).status == "failed"
        spine.clock.pass_time(3600)
        return house

    def words(t: Told) -> list[str]:
        return [
            t.sentence(past=True),
            t.account["status"]["detail"],
            "No new snapshot for 2 h 12 min",
            "Nothing is lost",
        ]

    return Scene(words, open=opened)


def partial() -> Scene:
    def words(t: Told) -> list[str]:
        return [
            t.sentence(past=True),
            f"{clock(t.account['last_try']['at'])} is partial · figures are of {clock(t.history['to'])}",
            "USD-M futures could not be read.",
            "The other 3 wallets were read; their sum is no total and is not drawn.",
        ]

    return troubled("torn", words)


def partial_wallets() -> Scene:
    async def act(page: Page) -> None:
        await page.get_by_role("button", name="Show the 3 wallets").click()

    def words(t: Told) -> list[str]:
        worth = price(str(troubles.world().market.usd("SOL", t.now.replace(minute=0))))
        return ["07:00 UTC · without USD-M futures · 3 wallets · their sum is no total", f"20 × {worth}"]

    return troubled("torn", words, on_page(act))


def unpriced() -> Scene:
    def words(t: Told) -> list[str]:
        assert len(t.latest["unpriced"]) == 3
        return [
            t.sentence(),
            "3 assets have no price and count as nothing",
            "1,250 XYZ has never had a price here.",
            f"1,250 {troubles.XYZ} has never had a price here.",
        ]

    return troubled("odd", words)


def old_price() -> Scene:
    """One asset counts at an old price, and none is without any."""

    def words(t: Told) -> list[str]:
        (old,) = t.latest["stale_prices"]
        counts = f"{coins(old['quantity'])} BAKE counts at {price(old['price'])}, its price of 10 days ago: "
        return [t.sentence(), "1 asset counts at an old price", f"{counts}{usd(old['value'])}."]

    return troubled("old", words)


def attention() -> Scene:
    def words(t: Told) -> list[str]:
        return [
            "Binance refuses the key of Refused.",
            f"Last complete snapshot {clock(t.history['to'])} UTC",
            "-2015 Invalid API-key, IP, or permissions for action.",
            "Your other accounts go on.",
            "Replace the key",
            "Check again",
        ]

    return troubled("refused", words)


def without_key() -> Scene:
    words = [
        "There is no key for Long.",
        "It has no key.",
        "restored from a history file: it has no key, so nothing is collected",
        "Nothing is collected until it gets one.",
        "Add a key",
    ]
    return Scene(words, "/?account=long", LONG)


def unexplained() -> Scene:
    def words(t: Told) -> list[str]:
        (jump,) = (one for one in t.history["events"] if one["kind"] == "unexplained")
        seen = f"−$5,000.00, seen at {clock(jump['at'])} UTC. No price, holding or flow explains it."
        return [t.sentence(), "A change of −$5,000.00 is not explained", seen, "Open money in and out"]

    return troubled("jump", words)


def unreconciled() -> Scene:
    return troubled("unread", lambda t: [t.sentence(), "12 min ago · complete · not checked"])


def apart() -> Scene:
    """Binance's own total is another one than the sum of its wallets."""
    return troubled("apart", lambda t: [t.sentence(), "Binance’s own total differs by −$312.40"])


def paused() -> Scene:
    words = ["This account is paused. Nothing is collected for it; its history stays.", "No new snapshot for"]
    return troubled("paused", words)


def first_hour() -> Scene:
    started = "The comparison has started. The first answer comes at about 08:00 UTC."
    return troubled("fresh", [started, "A line needs two.", "not yet", "$96,000.00"])


def waiting() -> Scene:
    return troubled("new", ["The comparison starts with the first snapshot.", "at about 08:00 UTC"])


def empty() -> Scene:
    words = ["Are you beating 50/50 BTC and ETH?", "Add account", "How to make such a key", "transfer is refused"]
    return Scene(words, "/", EMPTY)


def starting() -> Scene:
    async def opened(opener: Opener) -> House:
        house = await opener.own(EMPTY)
        house.starting = True
        return house

    return Scene(["The server is starting: it opens its database."], open=opened)


def failed() -> Scene:
    async def opened(opener: Opener) -> House:
        house = await opener.own()
        house.lose()
        return house

    return Scene(
        ["The figures could not be loaded.", "The server answered 503: ", "Trying again by itself"], open=opened
    )


def failed_later() -> Scene:
    async def act(seen: Visit) -> None:
        seen.house.lose()
        await seen.page.click("#ranges [data-key='30d']")
        await seen.page.get_by_text("New figures could not be loaded.").wait_for()
        seen.house.find()

    def words(t: Told) -> list[str]:
        return [t.sentence(past=True), "New figures could not be loaded.", "These figures were loaded at 07:12 UTC."]

    return Scene(words, open=own(), act=act)


def offline() -> Scene:
    async def act(page: Page) -> None:
        await page.wait_for_load_state("networkidle")  # with all that the page fetches later
        await page.context.set_offline(True)

    def words(t: Told) -> list[str]:
        return [t.sentence(past=True), "You are offline. These figures were loaded at 07:12 UTC."]

    return Scene(words, act=on_page(act))


def loading() -> Scene:
    async def never(_: Route) -> None:
        """Nothing is answered: a line that takes its time."""

    async def before(page: Page) -> None:
        await page.route("**/api/**", never)

    async def act(page: Page) -> None:
        await page.get_by_text("Reading 90 days of history…").wait_for()

    return Scene(["Reading 90 days of history…"], before=before, act=on_page(act), waits=False)


def table() -> Scene:
    async def act(page: Page) -> None:
        wide = page.locator("#chart-head [data-key=table]")
        if await wide.is_visible():
            await wide.click()
        else:
            await page.click("#menu-button")
            await page.get_by_role("button", name="Show as a table").click()

    def words(t: Told) -> list[str]:
        return [moment(t.history["to"]), usd(t.metrics["nav"]), signed(t.metrics["difference"])]

    return Scene(words, act=on_page(act))


def switching() -> Scene:
    async def act(page: Page) -> None:
        button = page.locator(".account-button")
        if await button.is_visible():
            await button.click()

    def words(t: Told) -> list[str]:
        each = [one["active_return"] for one in t.accounts]
        ways = [f"{headline(lead)} {'ahead' if lead > 0 else 'behind'}" for lead in each]
        return [usd(added(one["latest"]["nav"] for one in t.accounts)), *ways]

    return Scene(words, act=on_page(act))


def switching_among_many() -> Scene:
    """One of them is paused and part of All no more, and one has no snapshot yet."""

    async def act(page: Page) -> None:
        await page.locator(".account-button").click()

    def words(t: Told) -> list[str]:
        active = [one for one in t.accounts if one["state"] == "active"]
        assert len(active) == len(t.accounts) - 1
        worth = usd(added(one["latest"]["nav"] for one in active if one["latest"]))
        return [f"{len(active)} accounts {worth}", "paused", "needs attention", "newest is partial", "no snapshot yet"]

    return troubled("level", words, on_page(act))


def menu() -> Scene:
    async def act(page: Page) -> None:
        await page.click("#menu-button")

    return Scene(["Light", "Dark", "System", "Settings"], act=on_page(act))


def drawdown() -> Scene:
    async def act(page: Page) -> None:
        await page.click("#chart-head [data-key=drawdown]")

    return Scene(["50/50, below the highest so far"], act=on_page(act))


STATES = (
    *(main, reading, behind, level, differs, exhausted, wiped_out, stale, banned_for_hours, partial, partial_wallets),
    *(unpriced, old_price, attention, without_key, unexplained, unreconciled, apart, paused),
    *(first_hour, waiting, empty, starting, failed, failed_later, offline, loading),
    *(table, switching, switching_among_many, menu, drawdown),
)
ALL = {
    state.__name__: state
    for state in (
        *STATES,
        *scenarios_doors.STATES,
        *scenarios_below.STATES,
        *scenarios_holdings.STATES,
        *scenarios_settings.STATES,
        *scenarios_sheets.STATES,
        *scenarios_demo.STATES,
    )
}
