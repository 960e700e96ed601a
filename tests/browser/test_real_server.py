"""The real page against the real local server in demo mode: nothing between them is canned."""

from collections.abc import AsyncIterator
from datetime import timedelta
from decimal import Decimal

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, expect

from lib.demo.faults import Fault
from tests.browser.conftest import READER
from tests.browser.homes import Homes
from tests.browser.lives import LIVED
from tests.browser.real import House
from tests.browser.scenarios_demo import do
from tests.spine import Spine

pytestmark = pytest.mark.asyncio(loop_scope="session")

HOUR = timedelta(hours=1)
REFUSED = b'{"code":-2015,"msg":"Invalid API-key, IP, or permissions for action."}'
BARS = 60  # as many snapshots the differences are drawn of


@pytest_asyncio.fixture(loop_scope="session")
async def house(homes: Homes) -> AsyncIterator[House]:
    async with homes.own(LIVED, writes=True) as found:
        yield found


@pytest_asyncio.fixture(loop_scope="session")
async def spine(house: House) -> Spine:
    return house.spine


@pytest_asyncio.fixture(loop_scope="session")
async def address(house: House) -> str:
    return house.address


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser) -> AsyncIterator[Page]:
    context = await browser.new_context(**READER, viewport={"width": 1440, "height": 900})
    yield await context.new_page()
    await context.close()


async def test_what_is_shown_is_what_the_account_holds(spine: Spine, address: str, page: Page) -> None:
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    await page.goto(f"{address}/?account=all")
    value = page.locator("#tiles .tile-value").first
    await value.wait_for()
    await page.locator("#allocation").scroll_into_view_if_needed()
    await expect(page.locator("#allocation tfoot td.number").first).to_have_text(await value.inner_text())
    snapshots = {account.name: account.latest for account in await spine.wired.store.accounts()}
    nav = sum((latest.row.nav_usd for latest in snapshots.values() if latest), Decimal(0))
    assert await value.inner_text() == f"${nav:,.2f}"
    await page.locator("#addsup").scroll_into_view_if_needed()
    await expect(page.locator("#addsup .gap-bar")).to_have_count(BARS)
    await expect(page.locator("#addsup-line")).to_contain_text("Yes. Binance’s own total ")
    await page.locator("#positions").scroll_into_view_if_needed()
    await expect(page.locator("#positions tbody tr").first).to_contain_text("×")
    await page.click("#trust button")
    await expect(page.get_by_role("dialog")).to_contain_text("complete")
    assert complaints == []


async def test_a_flow_added_and_voided_on_the_page_restates_the_history(spine: Spine, address: str, page: Page) -> None:
    before = await spine.histories()
    await page.goto(f"{address}/?account=spot")
    await page.locator("#flows").scroll_into_view_if_needed()
    await page.click("#flows [data-key=add]")
    await page.get_by_label("How much").fill("1000")
    await page.get_by_label("When, UTC").fill("2026-08-25T10:30")
    await page.get_by_label("Reason").fill("<b>a gift</b>")
    await page.get_by_role("button", name="Add it").click()
    added = page.locator("#flows tbody tr", has_text="<b>a gift</b>")
    await expect(added).to_contain_text("+$1,000.00")
    await expect(added).to_contain_text("Added by you")
    (flow,) = [one for one in (await spine.histories())["Spot"].flows if one.source == "manual"]
    assert (flow.usd, flow.detail) == (Decimal(1000), "<b>a gift</b>")
    await added.get_by_role("button").click()
    await page.get_by_role("button", name="Void…").click()
    await page.get_by_label("Reason").fill("there was none")
    await page.get_by_role("button", name="Void it").click()
    await expect(page.locator("#flows tbody tr", has_text="there was none")).to_contain_text("Voided")
    await spine.assert_sound()
    assert (await spine.histories())["Spot"].rows == before["Spot"].rows


async def test_a_deposit_arrives_and_what_is_broken_is_named_and_shows_at_once(
    spine: Spine, address: str, page: Page
) -> None:
    spine.clock.pass_time(60)
    await page.goto(address)
    await do(page, "Move money")
    await page.get_by_label("How", exact=True).select_option("pay")
    await page.get_by_role("button", name="Move it").click()
    await expect(page.locator(".toast")).to_have_text("A deposit of 5,000 USDT is done and booked.")
    await do(page, "Break something", "429, too many")
    button = page.locator("#demo-tools [data-key=break]")
    await expect(button).to_have_text("Broken: 429")
    await expect(button.locator("svg")).to_be_visible()
    await expect(page.locator(".toast").last).to_have_text(
        "Binance is broken. The run after it failed and stored nothing."
    )
    await do(page, "Broken: 429", "A wallet down")
    await expect(page.locator("#trust")).to_contain_text("is partial")
    await page.get_by_role("button", name="Mend").click()
    await expect(page.locator("#trust")).to_contain_text("read")
    await expect(button).to_have_text("Break something")
    await spine.assert_sound()


async def test_what_the_exchange_does_is_what_the_page_says(spine: Spine, address: str, page: Page) -> None:
    trust, panels, dialog = page.locator("#trust"), page.locator("#panels"), page.get_by_role("dialog")

    async def an_hour_later(*faults: Fault) -> None:
        spine.exchange.faults[:] = faults
        await spine.collect(spine.now + HOUR)
        await page.keyboard.press("r")

    await page.goto(f"{address}/?account=main")
    await expect(trust).to_contain_text("all 2 wallets read · ")
    await an_hour_later(Fault("/sapi/v1/asset/wallet/balance", account="Main"))
    await expect(trust).to_contain_text("complete · Binance’s own total could not be read")
    await an_hour_later(Fault("/fapi/", account="Main"))
    await expect(trust).to_contain_text("is partial · figures are of")
    await expect(panels).to_contain_text("USD-M futures could not be read. One other wallet was read")
    await page.get_by_role("button", name="Show the one wallet").click()
    await expect(dialog).to_contain_text("without USD-M futures · 1 wallet · their sum is no total")
    await expect(dialog.locator("h3")).to_contain_text("Spot")
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Open the log").click()
    await page.locator("#log .log-only", has_text="account.partial").first.click()
    await expect(page.locator("#log .log-event")).to_have_text(["account.partial"])
    await an_hour_later()
    spine.clock.pass_time(3 * 3600)
    await page.keyboard.press("r")
    await expect(trust).to_contain_text("No new snapshot for 3 h")
    await an_hour_later(Fault("/", status=401, body=REFUSED, account="Main"))
    await expect(page.locator("#sentence")).to_have_text("Binance refuses the key of Main.")
    await expect(panels).to_contain_text("-2015 Invalid API-key")
    await an_hour_later()
    await expect(page.locator("#sentence")).to_contain_text("holding 50/50 BTC and ETH")
    await spine.assert_sound()


async def test_the_page_can_be_installed(address: str, page: Page) -> None:
    await page.goto(address)
    devtools = await page.context.new_cdp_session(page)
    manifest = await devtools.send("Page.getAppManifest")
    assert (manifest["url"], manifest["errors"]) == (f"{address}/manifest.webmanifest", [])
    found = await devtools.send("Page.getInstallabilityErrors")
    # What this browser opens without a profile of its own, it never installs; nothing else may be in the way.
    assert [one["errorId"] for one in found["installabilityErrors"]] in ([], ["in-incognito"])
