"""What a reader does with allocation, positions, flows and reconciliation, and with the trust line."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from playwright.async_api import expect

from lib.demo.events import Gain
from lib.domain.requests import FlowEntry
from lib.usecases import ledger
from tests.browser.conftest import Opener, Visit
from tests.browser.lives import DAY, HOUR, LAST, TROUBLED
from tests.browser.real import API_TOKEN
from tests.browser.scenarios_doors import BY_TOKEN
from tests.browser.scenarios_holdings import (
    SECTIONS,
    allocation_line,
    check_line,
    differences,
    flows_line,
    newest,
    open_all,
    open_flow,
    positions_line,
)
from tests.browser.told import WALLETS, coins, moment, price, signed, told, usd

pytestmark = pytest.mark.asyncio(loop_scope="session")

DESKTOP = (1440, 900)
MIXED = "/?account=mixed"


async def test_closed_sections_say_their_answer_and_ask_once(visit: Opener) -> None:
    seen = await visit(path=MIXED)
    known = await told(seen.house, MIXED)
    lines = {
        "allocation": allocation_line(known),
        "positions": positions_line(known),
        "flows": flows_line(known),
        "addsup": f"Yes. {check_line(known)}",
    }
    for name, words in lines.items():
        line = seen.page.locator(f"#{name} .section-line")
        await expect(line).to_have_text(re.compile(re.escape(words).replace("\\ %", ".%")))
        await expect(seen.page.locator(f"#{name} .section-body")).to_be_hidden()
        assert await seen.page.locator(f"#{name} .section-body > *").count() == 0
    assert seen.those("/api/holdings") == ["/api/holdings?account=mixed&at=2026-11-16T07%3A00%3A00Z"]
    assert seen.those("/api/flows") == ["/api/flows?account=mixed"]


def line(one: dict[str, Any]) -> str:
    """A holding as quantity, price and worth; a debt has its sign."""
    owed = " owed" if one["quantity"].startswith("-") else ""
    return f"{coins(one['quantity'])} × {price(one['price'])} {usd(one['value'])}{owed}"


async def test_a_row_of_the_allocation_opens_to_what_it_is_made_of(visit: Opener) -> None:
    seen = await visit(size=DESKTOP, path=MIXED)
    wallets = (await told(seen.house, MIXED)).holdings["wallets"]
    ether = [(WALLETS[one["wallet"]], row) for one in wallets for row in one["holdings"] if row["asset"] == "ETH"]
    await seen.look_at("allocation")
    row = seen.page.locator("#allocation [data-key='asset:ETH']")
    await row.click()
    await expect(row).to_have_attribute("aria-expanded", "true")
    panel = seen.page.locator("#allocation .part-panel:visible")
    made = [f"{name} {line(one)}" for name, one in ether]
    assert len(made) > 2
    assert " ".join((await panel.inner_text()).split()) == " ".join(made)
    await seen.page.click("#allocation [data-key=wallet]")
    await expect(seen.page.locator("#allocation [data-key=wallet]")).to_be_focused()
    await seen.page.keyboard.press("ArrowRight")
    await expect(row).to_have_attribute("aria-expanded", "true")  # what was open stays open
    pieces = await seen.page.locator("#allocation .part-piece").evaluate_all(
        "(all) => all.map((one) => one.getBoundingClientRect().width)"
    )
    assert pieces == sorted(pieces, reverse=True)
    assert all(width >= 2 for width in pieces)


async def test_colours_are_kept_while_ranks_change(visit: Opener) -> None:
    house = await visit.own(writes=True)
    seen = await visit(house, size=DESKTOP, path="/?account=spot", frozen=True)
    await seen.look_at("allocation")
    swatch = "#allocation [data-key='asset:{}'] .part-swatch"
    names = await seen.page.locator("#allocation tbody .part-name").all_inner_texts()
    ranked = [name.split()[0] for name in names[:3]]
    colours = {name: await seen.page.get_attribute(swatch.format(name), "class") for name in ranked}
    assert colours == {name: f"part-swatch series-{place + 1}" for place, name in enumerate(ranked)}
    much = Gain(LAST + HOUR / 2, "spot", ranked[2], Decimal(10**6))
    house.spine.change_world(lambda world: world.adding("Spot", much))
    assert (await house.spine.collect(LAST + HOUR)).status == "ok"
    await seen.page.clock.run_for(61_000)
    first = seen.page.locator("#allocation tbody .part-name").first
    await expect(first).to_contain_text(ranked[2])
    for name, colour in colours.items():
        assert await seen.page.get_attribute(swatch.format(name), "class") == colour


async def test_the_difference_of_one_wallet_is_drawn_by_itself(visit: Opener) -> None:
    seen = await visit(size=DESKTOP, path=MIXED)
    known = await told(seen.house, MIXED)
    await seen.look_at("addsup")
    bars = seen.page.locator("#addsup .gap-bar")
    await expect(bars).to_have_count(60)
    drawing = seen.page.get_by_role("img", name=re.compile("^Difference over the last 60 snapshots, from"))
    await expect(drawing).to_have_attribute("aria-label", re.compile(re.escape(differences(known))))
    at = moment(known.holdings["at"])
    whole = signed(known.holdings["reconciliation"]["difference"])
    await expect(bars.last).to_have_attribute("title", f"{at}: {whole}")
    checks = {one["wallet"]: one["difference"] for one in known.holdings["reconciliation"]["wallets"]}
    chooser = seen.page.get_by_label("Wallet whose difference is drawn")
    await chooser.focus()
    for wallet in ("earn", max(checks, key=lambda name: abs(Decimal(checks[name])))):
        await chooser.select_option(wallet)
        await expect(bars.last).to_have_attribute("title", f"{at}: {signed(checks[wallet])}")
        await expect(chooser).to_be_focused()


async def test_snapshots_that_were_not_checked_are_drawn_as_such(visit: Opener) -> None:
    seen = await visit(TROUBLED, size=DESKTOP, path="/?account=unread")
    await seen.look_at("addsup")
    await expect(seen.page.locator("#addsup .gap-bar.is-unchecked")).to_have_count(1)
    await expect(seen.page.locator("#addsup .gap-bar").last).to_have_attribute("title", "5 Sep 07:00: not checked")


def counted(flows: Sequence[dict[str, Any]]) -> dict[str, int]:
    """How many rows each kind of flow has."""
    kinds = [one["kind"] for one in flows]
    states = [one["state"] for one in flows]
    coming = states.count("on_its_way") + states.count("waiting_for_price")
    off = len(flows) - states.count("booked") - coming
    return {"open": coming, "out": kinds.count("withdrawal"), "off": off, "in": kinds.count("deposit")}


async def test_flows_are_chosen_by_kind(visit: Opener) -> None:
    odd = "/?account=odd"
    seen = await visit(TROUBLED, size=DESKTOP, path=odd)
    flows = (await told(seen.house, odd)).flows
    found = [*flows["coming"], *flows["flows"]]
    await seen.look_at("flows")
    rows = seen.page.locator("#flows tbody tr")
    await expect(rows).to_have_count(len(found))
    kinds = seen.page.get_by_label("Kind of flow")
    expected = counted(found)
    assert all(expected.values())
    for kind, count in expected.items():
        await kinds.select_option(kind)
        await expect(rows).to_have_count(count)
    await kinds.select_option("off")
    struck = seen.page.locator("#flows tr.is-struck .flow-title")
    await expect(struck).to_have_count(1)
    await expect(struck).to_have_css("text-decoration-line", "line-through")


async def test_a_long_ledger_is_read_page_by_page(visit: Opener) -> None:
    house = await visit.own(writes=True)
    desk = house.spine.wired.collector
    had = len((await house.ask("/api/flows?account=spot"))["flows"])
    for number in range(21 - had):
        await ledger.add(desk, "spot", FlowEntry(LAST - DAY - number * HOUR, Decimal(1), "USDT", "a gift"))
    seen = await visit(house, size=DESKTOP, path="/?account=spot")
    await seen.look_at("flows")
    rows = seen.page.locator("#flows tbody tr")
    for count in (10, 20, 21):
        await expect(rows).to_have_count(count)
        if count < 21:
            await seen.page.click("#flows [data-key=older]")
    await expect(seen.page.locator("#flows [data-key=older]")).to_have_count(0)


async def entry(seen: Visit, ident: str) -> dict[str, Any]:
    """An entry of Main's ledger as it is by now."""
    flows = (await seen.house.ask("/api/flows?account=main"))["flows"]
    found: dict[str, Any] = next(one for one in flows if one["id"] == ident)
    return found


async def test_a_flow_is_voided_with_a_reason(visit: Opener) -> None:
    seen = await visit(await visit.own(writes=True), size=DESKTOP)
    deposit = await newest(seen, "deposit")
    await open_flow(seen, deposit["id"], "Void…")
    await seen.page.get_by_role("button", name="Void it").click()
    await expect(seen.page.get_by_role("alert")).to_have_text("Say why: the ledger keeps the reason.")
    assert (await entry(seen, deposit["id"]))["state"] == "booked"
    await seen.page.get_by_label("Reason").fill("it was a loan")
    await seen.page.keyboard.press("Enter")
    await expect(seen.page.locator(".toast").first).to_contain_text("The deposit is voided.")
    now = await entry(seen, deposit["id"])
    assert (now["state"], now["reason"]) == ("void", "it was a loan")
    await expect(seen.page.locator("#flows tbody tr", has_text="it was a loan")).to_contain_text("Voided")
    await expect(seen.page.locator("#flows .section-line")).to_have_text(flows_line(await told(seen.house)))
    await expect(seen.page.locator("#flows .section-button")).to_be_focused()
    await seen.house.spine.assert_sound()


async def test_a_refusal_stays_in_the_dialog_and_a_slip_does_not_lose_what_was_typed(visit: Opener) -> None:
    house = await visit.own(writes=True)
    seen = await visit(house, size=DESKTOP)
    deposit = await newest(seen, "deposit")
    await open_flow(seen, deposit["id"], "Mark internal…")
    await ledger.void(house.spine.wired.collector, "main", deposit["id"], "somebody was faster")
    await seen.page.get_by_label("Reason").fill("mine")
    await seen.page.get_by_role("button", name="Mark internal", exact=True).click()
    await expect(seen.page.get_by_role("alert")).to_contain_text(f"there is no flow '{deposit['id']}' in force")
    dialog = seen.page.get_by_role("dialog", name="Is this deposit internal?")
    await seen.page.keyboard.press("Escape")
    await seen.page.mouse.click(10, 10)
    await expect(dialog).to_be_visible()
    await seen.page.get_by_role("button", name="Leave it").click()
    await expect(dialog).to_have_count(0)
    await expect(seen.page.locator(f"#flows [data-key='main {deposit['id']}']")).to_be_focused()


async def test_a_flow_is_corrected_and_one_is_added(visit: Opener) -> None:
    seen = await visit(await visit.own(writes=True), size=(360, 640))
    old = next(
        one
        for one in (await seen.house.ask("/api/flows?account=main"))["flows"]
        if (one["kind"], one["asset"], one["state"]) == ("withdrawal", "USDT", "booked")
    )
    await open_flow(seen, old["id"], "Correct…")
    await seen.page.get_by_label("How much").fill("5400,5")
    await seen.page.get_by_label("Reason").fill("the fee came back")
    await seen.page.get_by_role("button", name="Correct it").click()
    await expect(seen.page.locator("#flows tr", has_text="the fee came back").first).to_be_visible()
    await seen.page.click("#flows [data-key=add]")
    await seen.page.get_by_role("radio", name="Money out").click()
    await seen.page.get_by_label("How much").fill("0.025")
    await seen.page.get_by_label("Coin").fill("btc")
    await seen.page.get_by_label("When, UTC").fill("2026-11-05T10:30")
    await seen.page.get_by_label("Reason").fill("a gift to Ada")
    await seen.page.get_by_role("dialog").get_by_label("Account").select_option("spot")
    await seen.page.keyboard.press("Enter")
    await expect(seen.page.locator("dialog")).to_have_count(0)
    flows = {name: (await seen.house.ask(f"/api/flows?account={name}"))["flows"] for name in ("main", "spot")}
    (gift,) = (one for one in flows["spot"] if one["detail"] == "a gift to Ada")
    assert (gift["asset"], gift["quantity"], gift["at"]) == ("BTC", "-0.025", "2026-11-05T10:30:00Z")
    assert (await entry(seen, old["id"]))["state"] == "superseded"
    (new,) = (one for one in flows["main"] if one["detail"] == "the fee came back")
    assert (new["asset"], new["quantity"], new["state"]) == ("USDT", "-5400.5", "booked")
    assert new["at"][:16] == old["at"][:16]


async def test_who_may_only_look_is_offered_no_change(visit: Opener) -> None:
    house = await visit.own(environment=BY_TOKEN)
    seen = await visit(house, size=DESKTOP, alone=True)
    await seen.page.fill("#token", API_TOKEN)
    await seen.page.keyboard.press("Enter")
    await expect(seen.page.locator("#sentence")).to_contain_text("50/50 BTC and ETH")
    await seen.look_at("flows")
    await expect(seen.page.locator("#flows tbody tr")).to_have_count(len((await told(house)).flows["flows"]))
    assert await seen.page.locator("#flows .flow-more, #flows [data-key=add]").count() == 0


async def test_a_failure_stays_inside_its_card_and_is_tried_again(visit: Opener) -> None:
    house = await visit.own()
    house.lose("/read_holdings", "/read_flows")
    seen = await visit(house, size=DESKTOP, path=MIXED)
    for name in SECTIONS:
        await seen.look_at(name)
        await expect(seen.page.locator(f"#{name} .without")).to_contain_text("could not be loaded.")
    await expect(seen.page.locator("#sentence")).to_contain_text("You are $")
    await expect(seen.page.locator("#panels")).to_be_empty()
    house.find()
    await seen.page.click("#flows [data-key=again]")
    await expect(seen.page.locator("#flows tbody tr")).not_to_have_count(0)
    await expect(seen.page.locator("#allocation .without")).to_contain_text("could not be loaded.")
    await seen.page.click("#allocation [data-key=again]")
    for name in ("allocation", "positions", "addsup"):
        await expect(seen.page.locator(f"#{name} table")).to_be_visible()


async def test_the_trust_line_opens_the_snapshot_and_gets_the_focus_back(visit: Opener) -> None:
    seen = await visit(path=MIXED)
    known = await told(seen.house, MIXED)
    trust = seen.page.get_by_role("button", name="complete · checked")
    await trust.click()
    dialog = seen.page.get_by_role("dialog", name="What this snapshot is made of")
    wallets = known.holdings["wallets"]
    await expect(dialog.locator(".snapshot-wallet")).to_have_count(len(wallets))
    assert len(wallets) == 10
    await expect(dialog.get_by_text("total only, no detail from Binance").first).to_be_visible()
    words = " ".join((await dialog.inner_text()).split())
    assert f"{check_line(known)}." in words
    bots = next(one for one in wallets if one["wallet"] == "trading_bots")
    assert f"Trading bots {usd(bots['value'])} total only, no detail from Binance" in words
    owed = [one for wallet in wallets for one in wallet["holdings"] if one["quantity"][0] == "-"]
    assert owed
    for one in owed:
        assert f"{one['asset']} {line(one)}" in words
    await seen.page.keyboard.press("Escape")
    await expect(trust).to_be_focused()


async def test_another_account_is_asked_for_and_nothing_of_the_first_stays(visit: Opener) -> None:
    seen = await visit(size=DESKTOP, path=MIXED)
    await open_all(seen)
    await seen.page.click("#accounts [data-key=spot]")
    await expect(seen.page.locator("#positions .section-line")).to_have_text("No open positions")
    assert seen.those("/api/holdings")[-1] == "/api/holdings?account=spot&at=2026-11-16T07%3A00%3A00Z"
    assert seen.those("/api/flows")[-1] == "/api/flows?account=spot"
