"""The owner's dialogs against the real local server: keys, accounts, benchmark, links, a session that ends."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, expect

from lib.demo.access import Key
from lib.demo.exchange import keys_of
from tests.browser.conftest import READER
from tests.browser.real import demo_site
from tests.browser.test_log_in import OWN, PASSWORD, PATIENCE_MS, served
from tests.spine import BORN_AT, Spine, hours, opened

pytestmark = pytest.mark.asyncio(loop_scope="session")

API_TOKEN = "a token that reads and nothing else"
IN_PAGE = """() => [
  document.documentElement.outerHTML, ...[...document.querySelectorAll("input, textarea")].map(({ value }) => value),
].join(" ")"""


@dataclass(slots=True)
class Desk:
    """A page of the real server, and what went wrong on it."""

    spine: Spine
    address: str
    page: Page
    said: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    async def settings(self, *rows: str) -> None:
        """Open the settings, and go from row to row."""
        await self.page.click("#menu-button")
        await self.page.locator("dialog").get_by_role("button", name="Settings").click()
        for row in rows:
            await self.page.locator(f"dialog [data-key={row}]").click()

    async def type_key(self, api_key: str, secret: str) -> None:
        await self.page.get_by_label("API key").fill(api_key)
        await self.page.get_by_label("Secret or private key").fill(secret)
        await self.page.locator("dialog [data-key=yes]").click()

    async def lines(self) -> list[str]:
        """The check of the key as it is read out, once it is over."""
        await self.page.locator("dialog .check .actions").wait_for()
        return [" ".join(one.split()) for one in await self.page.locator(".check-line").all_text_contents()]


def desk_of(spine: Spine, address: str, page: Page) -> Desk:
    desk = Desk(spine, address, page)
    page.on("console", lambda said: desk.said.append(said.text))
    page.on("pageerror", lambda error: desk.complaints.append(str(error)))
    page.set_default_timeout(PATIENCE_MS)
    return desk


@pytest_asyncio.fixture(loop_scope="session")
async def context(browser: Browser) -> AsyncIterator[BrowserContext]:
    found = await browser.new_context(**READER, viewport={"width": 1440, "height": 900})
    yield found
    await found.close()


@asynccontextmanager
async def desk(database: str, context: BrowserContext, *names: str, runs: int = 0) -> AsyncIterator[Desk]:
    """The page of a demo with these accounts, collected so many times."""
    async with opened(database) as spine:
        if names:
            await spine.add_accounts(*names)
        if runs:
            await spine.collect_at([BORN_AT, *hours(BORN_AT, runs - 1, 12)])
        async with demo_site(spine) as address:
            found = desk_of(spine, address, await context.new_page())
            yield found
            assert found.complaints == []


def key_of(spine: Spine, name: str) -> Key:
    return next(key for key in keys_of(spine.world) if key.account == name)


async def test_a_key_is_refused_mended_and_accepted_and_its_secret_is_nowhere(
    database: str, context: BrowserContext
) -> None:
    async with desk(database, context) as seen:
        page, spine = seen.page, seen.spine
        key = key_of(spine, "Mixed")
        trades = replace(key, rights=key.rights | {"enableSpotAndMarginTrading"})
        await page.goto(seen.address)
        await page.get_by_role("button", name="Add account").click()
        await page.get_by_role("textbox", name="Name").fill("<i>Mixed</i>")
        await seen.type_key(key.api_key, "no-such-secret")
        assert (await seen.lines())[0] == (
            "No: Binance does not accept the key: the secret, or the private key, does not belong to this API key."
        )
        await page.get_by_role("button", name="Take another key").click()
        spine.exchange.keys[key.api_key] = trades
        await seen.type_key(key.api_key, key.secret)
        assert await seen.lines() == [
            "Yes: Binance accepts the key",
            "Yes: It may read",
            "No: It may trade. Switch off ‘Enable Spot & Margin Trading’ on Binance, then check again.",
        ]
        assert key.secret not in await page.evaluate(IN_PAGE), "sent, it is in no field any more"
        spine.exchange.keys[key.api_key] = key
        await page.get_by_role("button", name="Check again").click()
        await page.locator("[data-key=done]").wait_for()
        (account,) = await spine.wired.store.accounts()
        assert account.latest
        assert await seen.lines() == [
            "Yes: Binance accepts the key",
            f"Yes: It may read: 10 wallets, ${account.latest.row.nav_usd:,.2f}",
            "Yes: It may not trade, withdraw or transfer",
        ]
        await page.get_by_role("button", name="Show the account").click()
        await expect(page.locator(".toast")).to_have_text("Key accepted. The first snapshot is there.")
        await expect(page.locator("#sentence")).to_contain_text("The comparison has started.")
        await expect(page.locator("#accounts [data-key=i-mixed-i] bdi")).to_have_text("<i>Mixed</i>")
        kept: str = await page.evaluate("() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }])")
        for place in (await page.content(), kept, page.url, " ".join(seen.said)):
            assert key.secret not in place


async def test_what_a_form_can_see_is_said_beside_its_field_before_anything_is_asked(
    database: str, context: BrowserContext
) -> None:
    async with desk(database, context, "Main", runs=1) as seen:
        await seen.page.goto(f"{seen.address}/?account=main")
        await seen.page.locator("#tiles .tile").first.wait_for()
        await seen.settings("add")
        asked = len(seen.spine.to_exchange.calls)
        await seen.page.get_by_role("textbox", name="Name").fill("Main")
        await seen.type_key("k" * 64, "secret")
        wrong = seen.page.locator(".field-wrong:not(:empty)")
        await expect(wrong).to_have_text(["Another account has this name."])
        await expect(seen.page.get_by_role("textbox", name="Name")).to_be_focused()
        await expect(seen.page.get_by_role("textbox", name="Name")).to_have_attribute("aria-invalid", "true")
        await seen.page.get_by_role("textbox", name="Name").fill("Savings")
        await seen.type_key("two words", "secret")
        await expect(wrong).to_have_text(["An API key is one word of 64 letters and digits."])
        await seen.page.keyboard.press("Escape")
        await expect(seen.page.get_by_role("dialog")).to_be_visible()  # something was typed
        await seen.page.locator(".pages-back").click()
        await expect(seen.page.locator("dialog [data-key=add]")).to_be_focused()
        await seen.page.keyboard.press("Escape")
        await expect(seen.page.get_by_role("dialog")).to_have_count(0)
        await expect(seen.page.locator("#menu-button")).to_be_focused()
        assert len(seen.spine.to_exchange.calls) == asked


async def test_an_account_is_renamed_paused_resumed_and_erased_by_its_typed_name(
    database: str, context: BrowserContext
) -> None:
    async with desk(database, context, "Main", "Spot", runs=2) as seen:
        page = seen.page
        await page.goto(f"{seen.address}/?account=spot")
        await page.locator("#tiles .tile").first.wait_for()
        await seen.settings("account-spot", "name")
        await page.get_by_role("textbox", name="Name").fill("Savings")
        await page.get_by_role("button", name="Rename").click()
        await expect(page.locator("dialog h2")).to_have_text("Savings")
        await expect(page.locator("#accounts .tabs")).to_contain_text("Savings")
        await page.locator("dialog [data-key=state]").click()
        await expect(page.locator("dialog")).to_contain_text("collected no more until you resume it")
        await page.get_by_role("button", name="Pause it").click()
        await expect(page.locator("dialog .prose").first).to_have_text("Paused.")
        states = {one.id: (one.name, one.state) for one in await seen.spine.wired.store.accounts()}
        assert states == {"main": ("Main", "active"), "spot": ("Savings", "paused")}
        await page.locator("dialog [data-key=state]").click()
        await page.get_by_role("button", name="Resume it").click()
        await expect(page.locator("dialog .prose").first).to_contain_text("Newest snapshot")
        await page.locator("dialog [data-key=remove]").click()
        await page.get_by_label("Type its name").fill("Spot")
        await page.get_by_role("button", name="Erase everything").click()
        await expect(page.locator(".field-wrong:not(:empty)")).to_have_text("This is not its name, letter by letter.")
        await page.get_by_label("Type its name").fill("Savings")
        await page.get_by_role("button", name="Erase everything").click()
        await expect(page.locator("dialog [data-key^=account-]")).to_have_count(1)
        await expect(page.locator("#accounts .tabs")).to_have_text("Main")
        assert [one.id for one in await seen.spine.wired.store.accounts()] == ["main"]
        await page.locator("dialog [data-key=account-main]").click()
        await page.locator("dialog [data-key=remove]").click()
        await page.get_by_role("button", name="Destroy the key").click()
        await expect(page.locator("#instead h1")).to_have_text("Are you beating 50/50 BTC and ETH?")
        assert [one.state for one in await seen.spine.wired.store.accounts()] == ["closed"]


async def test_another_benchmark_changes_the_sentence_and_what_it_refuses_stands_at_its_field(
    database: str, context: BrowserContext
) -> None:
    async with desk(database, context, "Main", runs=3) as seen:
        page = seen.page
        await page.goto(seen.address)
        await expect(page.locator("#sentence")).to_contain_text("50/50 BTC and ETH")
        await seen.settings("account-main", "policy")
        await expect(page.locator("dialog")).to_contain_text("The benchmark is computed anew since 24 Aug 2026.")
        await page.get_by_label("Percent 1").fill("60")
        await page.get_by_role("button", name="Use this benchmark").click()
        wrong = page.locator(".field-wrong:not(:empty)")
        await expect(wrong).to_have_text(["The shares make 110 %, not 100 %."])
        await page.get_by_label("Coin 2").fill("PEPE")
        await page.get_by_label("Percent 2").fill("40")
        await page.get_by_role("button", name="Use this benchmark").click()
        await expect(wrong).to_have_text(["No prices of PEPE are stored since the start of Main."])
        await page.get_by_label("Coin 2").fill("eth")
        await page.get_by_label("Rebalanced").select_option("band")
        await page.get_by_label("By more than").fill("2.5")
        await page.get_by_label("Risk-free rate").fill("4")
        await page.get_by_role("button", name="Use this benchmark").click()
        await expect(page.locator("#sentence")).to_contain_text("60/40 BTC and ETH")
        await page.locator("dialog [data-key=policy]").click()
        await expect(page.get_by_label("By more than")).to_have_value("2.5")
        await expect(page.get_by_label("Risk-free rate")).to_have_value("4")
        await seen.spine.assert_sound()


async def test_limits_of_messages_are_set_and_shown_again(database: str, context: BrowserContext) -> None:
    async with desk(database, context, "Main", runs=2) as seen:
        page = seen.page
        await page.goto(seen.address)
        await page.locator("#tiles .tile").first.wait_for()
        await seen.settings("account-main", "alerts")
        await page.get_by_label("Behind the benchmark").fill("all")
        await page.locator("dialog [data-key=yes]").click()
        await expect(page.locator(".field-wrong:not(:empty)")).to_contain_text(["A limit is more than 0"])
        await page.get_by_label("Behind the benchmark").fill("7,5")
        await page.get_by_label("A summary").select_option("weekly")
        await page.locator("dialog [data-key=yes]").click()
        await expect(page.locator(".toast")).to_have_text("The messages of Main are as you wish.")
        row = page.locator("dialog [data-key=alerts]")
        await expect(row).to_contain_text("7.5 % behind, a weekly summary")
        await row.click()
        await expect(page.get_by_label("Behind the benchmark")).to_have_value("7.5")
        await expect(page.get_by_label("A summary")).to_have_value("weekly")
        ((limit, digest),) = seen.spine.sql("select alert_behind, digest from accounts")
        assert (str(limit), digest) == ("0.075", "weekly")


async def test_a_link_is_made_copied_opened_and_withdrawn(database: str, context: BrowserContext) -> None:
    async with desk(database, context, "Main", runs=3) as seen:
        page = seen.page
        await context.grant_permissions(["clipboard-read", "clipboard-write"], origin=seen.address)
        await page.goto(seen.address)
        await page.locator("#tiles .tile").first.wait_for()
        await seen.settings("share")
        await expect(page.locator("dialog .links")).to_have_text("There is no link yet.")
        await page.get_by_role("button", name="Make a link").click()
        await page.get_by_role("button", name="Copy").click()
        await expect(page.locator(".toast")).to_have_text("Link copied.")
        link: str = await page.evaluate("() => navigator.clipboard.readText()")
        assert link.startswith(f"{seen.address}/share#")
        row = page.locator("dialog .links tbody tr")
        await expect(row).to_contain_text("never")
        other = await context.new_page()
        await other.goto(link)
        await expect(other.locator("#sentence")).to_contain_text("This portfolio is", timeout=PATIENCE_MS)
        await page.locator(".pages-back").click()
        await page.locator("dialog [data-key=share]").click()
        await expect(row.locator("td").nth(1)).not_to_have_text("never")
        await row.get_by_role("button", name="Revoke").click()
        await expect(page.locator("dialog .links")).to_have_text("There is no link yet.")
        await other.reload()
        await expect(other.locator("#instead h1")).to_have_text("This link was withdrawn or never existed.")


async def test_a_key_that_binance_refuses_is_checked_again_and_replaced(database: str, context: BrowserContext) -> None:
    async with desk(database, context, "Main", runs=2) as seen:
        page, spine = seen.page, seen.spine
        old = key_of(spine, "Main")
        fresh = replace(old, api_key="F" * 64, secret="fresh-secret")
        del spine.exchange.keys[old.api_key]
        await spine.collect(hours(spine.now, 1)[0])
        await page.goto(seen.address)
        await expect(page.locator("#sentence")).to_have_text("Binance refuses the key of Main.")
        await page.get_by_role("button", name="Check again").click()
        await expect(page.locator(".toast")).to_contain_text("Still refused.")
        spine.exchange.keys[fresh.api_key] = fresh
        await page.get_by_role("button", name="Replace the key").click()
        await seen.type_key(key_of(spine, "Spot").api_key, key_of(spine, "Spot").secret)
        assert "It belongs to another Binance account." in (await seen.lines())[2]
        await page.get_by_role("button", name="Take another key").click()
        await seen.type_key(fresh.api_key, fresh.secret)
        await page.get_by_role("button", name="Done").click()
        await expect(page.locator("#sentence")).to_contain_text("50/50 BTC and ETH")
        assert fresh.secret not in await page.content()


async def test_the_display_is_set_and_remembered(database: str, browser: Browser) -> None:
    tokyo = await browser.new_context(**{**READER, "timezone_id": "Asia/Tokyo"}, viewport={"width": 360, "height": 640})
    async with desk(database, tokyo, "Main", runs=2) as seen:
        page = seen.page
        await page.goto(seen.address)
        await expect(page.locator("#footnote")).to_contain_text("All times GMT+9.")
        await seen.settings()
        await page.get_by_role("radio", name="UTC").click()
        await expect(page.locator("#footnote")).to_contain_text("All times UTC.")
        await page.get_by_role("radio", name="Hidden").click()
        await page.get_by_role("radio", name="Dark").click()
        await page.get_by_label("Single keys").uncheck()
        await expect(page.get_by_role("radio", name="Hidden")).to_have_attribute("aria-checked", "true")
        await page.reload()
        await expect(page.locator("#tiles .tile-value").first).to_have_text("$•••••")
        await expect(page.locator("#footnote")).to_contain_text("All times UTC.")
        await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        await page.keyboard.press("h")
        await expect(page.locator("#tiles .tile-value").first).to_have_text("$•••••")
        await seen.settings()
        await page.get_by_role("radio", name="Tokyo").click()
        await expect(page.locator("#footnote")).to_contain_text("All times GMT+9.")
    await tokyo.close()


async def test_who_only_reads_logs_in_first_and_a_session_that_ends_is_gone_on_with(
    database: str, browser: Browser
) -> None:
    async with served(database, {**OWN, "API_TOKEN": API_TOKEN}) as (address, wired):
        context = await browser.new_context(**READER)
        page = await context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        await page.goto(address)
        await page.get_by_role("button", name="Use the API token instead").click()
        await page.fill("#token", API_TOKEN)
        await page.get_by_role("button", name="Open").click()
        await page.locator("#tiles .tile").first.wait_for()
        await page.click("#menu-button")
        await page.locator("dialog").get_by_role("button", name="Settings").click()
        await expect(page.locator("dialog")).to_contain_text("You may look.")
        await page.get_by_role("button", name="Log in").click()
        await page.fill("#password", PASSWORD)
        await page.locator(".door button").click()
        await page.locator("dialog [data-key=account-spot]").click()
        await page.locator("dialog [data-key=name]").click()
        await page.get_by_role("textbox", name="Name").fill("Savings")
        await wired.gate.end_sessions()
        await page.get_by_role("button", name="Rename").click()
        await expect(page.locator("dialog")).to_have_count(2)
        await expect(page.locator("dialog").last).to_contain_text(
            "You were logged out. Log in to go on where you were."
        )
        await page.fill("#password", PASSWORD)
        await page.locator(".door button").click()
        await expect(page.locator("dialog")).to_have_count(1, timeout=PATIENCE_MS)
        await expect(page.locator("dialog h2")).to_have_text("Savings", timeout=PATIENCE_MS)
        names = {one.id: one.name for one in await wired.store.accounts()}
        assert names["spot"] == "Savings"
        await page.wait_for_load_state("networkidle")  # the refresh after it, too, would find the session ended
        await wired.gate.end_sessions()
        for name in ("state", "yes"):  # whatever lies over them by then
            await page.locator(f"dialog [data-key={name}]").first.dispatch_event("click")
        door, said = page.get_by_role("dialog", name="Log in"), page.locator("dialog .form .door-wrong:not(:empty)")
        for _ in range(2):  # a refresh of the page may ask before the change does
            await door.or_(said).first.wait_for()
            if await door.count():
                await door.get_by_role("button", name="Close").click()
        await expect(said).to_have_text("You are not logged in. Nothing was changed.")
        assert {one.state for one in await wired.store.accounts()} == {"active"}
        await context.close()


PAGES = {
    "settings": (),
    "account": ("account-main",),
    "name": ("account-main", "name"),
    "benchmark": ("account-main", "policy"),
    "messages": ("account-main", "alerts"),
    "key": ("account-main", "key"),
    "pause": ("account-main", "state"),
    "remove": ("account-main", "remove"),
    "add": ("add",),
    "help": ("add", "help"),
    "links": ("share",),
}
SEEN = """() => [...document.querySelectorAll("dialog *")]
  .filter((one) => one.checkVisibility() && !one.closest(".visually-hidden"))"""
TOO_SMALL = f"""{SEEN}.filter((one) => one.matches("button, input:not([type=checkbox]), select, textarea")
  && one.getBoundingClientRect().height < 44).map((one) => one.outerHTML)"""
OUTSIDE = f"""{SEEN}.filter((one) => one.getBoundingClientRect().right > innerWidth).map((one) => one.outerHTML)"""


async def test_every_dialog_fits_every_width_and_can_be_hit_with_a_finger(database: str, browser: Browser) -> None:
    touch = await browser.new_context(**READER, has_touch=True, viewport={"width": 360, "height": 640})
    async with desk(database, touch, "Main", "Spot", runs=2) as seen:
        page = seen.page
        await page.goto(seen.address)
        await page.locator("#tiles .tile").first.wait_for()
        for name, rows in PAGES.items():
            await page.set_viewport_size({"width": 360, "height": 640})
            await seen.settings(*rows)
            if name == "benchmark":
                await page.locator("dialog .weights").wait_for()
            assert await page.evaluate(TOO_SMALL) == [], name
            for width in (320, 360, 768, 1440, 2560):
                await page.set_viewport_size({"width": width, "height": 640})
                await page.wait_for_function("(width) => innerWidth === width", arg=width)
                assert await page.evaluate(OUTSIDE) == [], f"{name} at {width}"
                box = await page.locator("dialog").bounding_box()
                assert box
                assert box["width"] == (width if width < 768 else 480), f"{name} at {width}"
                assert box["y"] + box["height"] <= 640, f"{name} at {width}"
            await page.locator("dialog [aria-label=Close]").click()
    await touch.close()
