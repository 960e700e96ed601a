"""The states of what stands below the chart about one snapshot and its flows."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from playwright.async_api import Page

from tests.browser import troubles
from tests.browser.conftest import Opener, Visit
from tests.browser.real import House
from tests.browser.scenes import Act, Scene, on_page, opened, troubled
from tests.browser.told import WALLETS, Told, added, coins, day, moment, percent, price, signed, usd

SECTIONS = ("allocation", "positions", "flows", "addsup")
open_all = opened(*SECTIONS)


def _after_open(*clicks: str) -> Act:
    async def act(seen: Visit) -> None:
        await open_all(seen)
        for one in clicks:
            await seen.page.click(one)

    return act


def allocation_line(t: Told) -> str:
    """The largest wallet and the asset of which there is most."""
    worth: dict[str, Decimal] = defaultdict(Decimal)
    for wallet in t.holdings["wallets"]:
        for one in [] if wallet["total_only"] else wallet["holdings"]:
            worth[one["asset"]] += Decimal(one["value"])
    nav, first = float(t.holdings["nav"]), t.holdings["wallets"][0]
    asset = max(worth, key=worth.__getitem__)
    parts = ((float(first["value"]), WALLETS[first["wallet"]]), (float(worth[asset]), asset))
    return ", ".join(f"{percent(value / nav, 0)} in {name}" for value, name in parts)


def away(position: dict[str, Any]) -> float | None:
    """How far off a liquidation is."""
    if position["liquidation"] is None:
        return None
    room = Decimal(position["mark"]) - Decimal(position["liquidation"])
    return float(room if position["side"] == "long" else -room) / float(position["mark"])


def positions_line(t: Told) -> str:
    found = t.holdings["positions"]
    gained = added(one["unrealised"] for one in found)
    nearest = min(room for one in found if (room := away(one)) is not None)
    return f"{len(found)} open · {signed(gained)} unrealised · nearest liquidation {percent(nearest, 1)} away"


def flows_line(t: Told) -> str:
    since = t.history["inception"]
    counted = [one for one in t.flows["flows"] if one["state"] == "booked" and one["at"] > since]
    states = [one["state"] for one in t.flows["coming"]]
    known = (("on_its_way", "on its way"), ("waiting_for_price", "waiting for a price"))
    coming = [f"{states.count(state)} {words}" for state, words in known if state in states]
    return " · ".join([f"{signed(added(one['usd'] for one in counted))} since {day(since)}", *coming])


def check_line(t: Told) -> str:
    gap = Decimal(t.holdings["reconciliation"]["difference"])
    small = not gap.quantize(Decimal("0.01"))
    return f"Binance’s own total {'is the same to the cent' if small else f'differs by {signed(gap)}'}"


def differences(t: Told) -> str:
    """Between which two Binance's own total differed in the last sixty snapshots."""
    found = [*t.holdings["differences"]["total"], t.holdings["reconciliation"]["difference"]][-60:]
    known = [Decimal(one) for one in found if one is not None]
    return f"from {signed(min(known))} to {signed(max(known))}"


def held() -> Scene:
    def words(t: Told) -> list[str]:
        bitcoin = [
            (wallet, one) for wallet in t.holdings["wallets"] for one in wallet["holdings"] if one["asset"] == "BTC"
        ]
        assert len(bitcoin) > 1
        return [
            allocation_line(t),
            *(
                f"{WALLETS[wallet['wallet']]} {coins(one['quantity'])} × {price(one['price'])} {usd(one['value'])}"
                for wallet, one in bitcoin
            ),
            positions_line(t),
            flows_line(t),
            f"Yes. {check_line(t)}",
            differences(t),
        ]

    return Scene(words, "/?account=mixed", act=_after_open("#allocation [data-key='asset:BTC']"))


def by_wallet() -> Scene:
    clicks = [f"#allocation [data-key={one}]" for one in ("wallet", "'wallet:trading_bots'", "'wallet:spot'")]

    def words(t: Told) -> list[str]:
        spot = next(one for one in t.holdings["wallets"] if one["wallet"] == "spot")["holdings"]
        lines = [f"{coins(one['quantity'])} × {price(one['price'])}" for one in spot]
        return ["total only, no detail from Binance", *lines]

    return Scene(words, "/?account=mixed", act=_after_open(*clicks))


def odd_holdings() -> Scene:
    """A debt, coins without a price, an old price, flows in every state, and hostile names."""
    clicks = [f"#allocation [data-key={one}]" for one in ("wallet", "'wallet:spot'", "'wallet:cross_margin'")]

    def words(t: Told) -> list[str]:
        (owed,) = (one for wallet in t.holdings["wallets"] for one in wallet["holdings"] if one["quantity"][0] == "-")
        return [
            troubles.XYZ,
            "no price",
            "price 10 days old",
            f"{coins(owed['quantity'])} × {price(owed['price'])}",
            "owed",
            flows_line(t),
            "1 on its way · 1 waiting for a price",
            "leaves when Binance completes it",
            f"{troubles.NETWORK} network",
            "voided on 4 Sep: it was none",
            "<b>a gift</b>",
            "marked internal on 4 Sep: mine all along",
        ]

    return troubled("odd", words, _after_open(*clicks))


def nothing_held() -> Scene:
    empty = "This account is empty: nothing to compare with holding 50/50 BTC and ETH."
    words = [
        empty,
        "Nothing is held",
        "No open positions.",
        "No money in or out since 24 Aug.",
        "is the same to the cent",
    ]
    return troubled("empty", words, open_all)


def unchecked() -> Scene:
    return troubled("unread", ["Not checked. Binance did not give its total at 07:00 UTC"], open_all)


def almost() -> Scene:
    def words(t: Told) -> list[str]:
        share = percent(312.4 / float(t.holdings["nav"]), 1)
        return [f"Almost. Binance’s own total differs by $312.40 ({share}), all of it in Earn"]

    return troubled("apart", words, open_all)


def below_failed() -> Scene:
    async def opened_without(opener: Opener) -> House:
        house = await opener.own()
        house.lose("/read_holdings", "/read_flows")
        return house

    async def act(seen: Visit) -> None:
        await open_all(seen)
        for words in ("Flows could not be loaded.", "The allocation could not be loaded."):
            await seen.page.get_by_text(words).wait_for()
        seen.house.find()

    def words(t: Told) -> list[str]:
        return [
            t.sentence(),
            "The allocation could not be loaded.",
            "Open positions could not be loaded.",
            "Flows could not be loaded.",
            "The comparison with Binance could not be loaded.",
        ]

    return Scene(words, open=opened_without, act=act)


def snapshot() -> Scene:
    async def act(page: Page) -> None:
        await page.click("#trust button")
        await page.locator(".snapshot-wallet").first.wait_for()

    def words(t: Told) -> list[str]:
        (owed,) = (
            one
            for wallet in t.holdings["wallets"]
            for one in wallet["holdings"]
            if wallet["wallet"] == "cross_margin" and one["quantity"][0] == "-"
        )
        count = len(t.holdings["wallets"])
        head = f"07:00 UTC · complete · {count} wallets · {usd(t.holdings['nav'])}"
        return [head, "Cross margin", f"{coins(owed['quantity'])} × {price(owed['price'])}", "owed"]

    return Scene(words, "/?account=mixed", act=on_page(act))


async def newest(seen: Visit, kind: str) -> dict[str, Any]:
    """The newest booked deposit or withdrawal of Main."""
    flows = (await seen.house.ask("/api/flows?account=main"))["flows"]
    found: dict[str, Any] = next(one for one in flows if one["kind"] == kind and one["state"] == "booked")
    return found


async def open_flow(seen: Visit, ident: str, words: str) -> None:
    await open_all(seen)
    await seen.page.click(f"#flows [data-key='main {ident}']")
    await seen.page.get_by_role("button", name=words).click()


def _at_a_flow(words: str) -> Act:
    async def act(seen: Visit) -> None:
        await open_flow(seen, (await newest(seen, "deposit"))["id"], words)

    return act


def voiding() -> Scene:
    def words(t: Told) -> list[str]:
        at = next(one["at"] for one in t.flows["flows"] if one["kind"] == "deposit")
        anew = f"History since {moment(at)} is computed anew without it. The entry stays in the ledger."
        return ["Void this deposit?", anew]

    return Scene(words, act=_at_a_flow("Void…"))


def flow_menu() -> Scene:
    async def act(seen: Visit) -> None:
        await open_all(seen)
        await seen.page.click(f"#flows [data-key='main {(await newest(seen, 'deposit'))['id']}']")

    return Scene(["Void…", "Mark internal…", "Correct…"], act=act)


def correcting() -> Scene:
    return Scene(["Correct this deposit"], act=_at_a_flow("Correct…"))


def adding() -> Scene:
    async def act(seen: Visit) -> None:
        await open_all(seen)
        await seen.page.click("#flows [data-key=add]")
        await seen.page.get_by_role("button", name="Add it").click()

    words = ["Add a flow", "When, UTC", "How much is a number greater than 0, like 250.5."]
    return Scene(words, act=act)


STATES = (
    *(held, by_wallet, odd_holdings, nothing_held, unchecked, almost, below_failed, snapshot),
    *(voiding, flow_menu, correcting, adding),
)
