"""What a reader does with allocation, positions, flows and reconciliation, and with the trust line."""

import re

import pytest
from playwright.async_api import expect

from tests.browser import canned, canned_holdings
from tests.browser.conftest import Opener
from tests.browser.scenarios_holdings import SECTIONS, open_all, open_flow
from tests.browser.stand_in import Script

pytestmark = pytest.mark.asyncio(loop_scope="session")

DESKTOP = (1440, 900)


async def test_closed_sections_say_their_answer_and_ask_once(visit: Opener) -> None:
    seen = await visit(Script())
    lines = {
        "allocation": "62 % in USD-M futures, 49 % in USDT",
        "positions": "3 open · +$849.60 unrealised · nearest liquidation 9.3 % away",
        "flows": "+$8,500.00 since 28 Aug · 1 on its way · 1 waiting for a price",
        "addsup": "Yes. Binance’s own total differs by +$0.42",
    }
    for name, words in lines.items():
        await expect(seen.page.locator(f"#{name} .section-line")).to_have_text(
            re.compile(re.escape(words).replace("\\ %", ".%"))
        )
        await expect(seen.page.locator(f"#{name} .section-body")).to_be_hidden()
        assert await seen.page.locator(f"#{name} .section-body > *").count() == 0
    assert seen.script.asked_below == [
        "/api/holdings?account=main&at=2025-11-18T14%3A00%3A00Z",
        "/api/flows?account=main",
    ]


async def test_a_row_of_the_allocation_opens_to_what_it_is_made_of(visit: Opener) -> None:
    seen = await visit(Script(), size=DESKTOP)
    await seen.look_at("allocation")
    row = seen.page.locator("#allocation [data-key='asset:ETH']")
    await row.click()
    await expect(row).to_have_attribute("aria-expanded", "true")
    panel = seen.page.locator("#allocation .part-panel:visible")
    assert " ".join((await panel.inner_text()).split()) == (
        "Spot 2.1 × $4,581.96 $9,622.12 Earn 0.977 × $4,581.96 $4,476.57"
    )
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
    seen = await visit(Script(), size=DESKTOP, frozen=True)
    await seen.look_at("allocation")
    swatch = "#allocation [data-key='asset:{}'] .part-swatch"
    colours = {name: await seen.page.get_attribute(swatch.format(name), "class") for name in ("USDT", "BTC", "ETH")}
    assert colours == {name: f"part-swatch series-{place}" for name, place in (("USDT", 1), ("BTC", 2), ("ETH", 3))}
    seen.script.holdings["wallets"][2]["holdings"][0] |= {"quantity": "20", "value": "91639.20"}
    seen.script.past = canned.world(end_nav="120000.00", tilt=0.01)
    seen.script.history = canned.history(seen.script.past) | {"to": "2025-11-18T14:30:00Z"}
    await seen.page.clock.run_for(61_000)
    first = seen.page.locator("#allocation tbody .part-name").first
    await expect(first).to_contain_text("ETH")
    for name, colour in colours.items():
        assert await seen.page.get_attribute(swatch.format(name), "class") == colour


async def test_the_difference_of_one_wallet_is_drawn_by_itself(visit: Opener) -> None:
    seen = await visit(Script(), size=DESKTOP)
    await seen.look_at("addsup")
    bars = seen.page.locator("#addsup .gap-bar")
    await expect(bars).to_have_count(60)
    await expect(seen.page.locator("#addsup .gap-bar.is-unchecked")).to_have_count(2)
    drawing = seen.page.get_by_role("img", name=re.compile("^Difference over the last 60 snapshots, from"))
    await expect(drawing).to_have_attribute("aria-label", re.compile(r"from −\$0.60 to \+\$0.60, 2 not checked"))
    await expect(bars.last).to_have_attribute("title", "18 Nov 14:00: +$0.42")
    chooser = seen.page.get_by_label("Wallet whose difference is drawn")
    await chooser.focus()
    await chooser.select_option("earn")
    await expect(bars.last).to_have_attribute("title", "18 Nov 14:00: +$0.13")
    await expect(chooser).to_be_focused()


async def test_flows_are_chosen_by_kind(visit: Opener) -> None:
    seen = await visit(Script(), size=DESKTOP)
    await seen.look_at("flows")
    rows = seen.page.locator("#flows tbody tr")
    await expect(rows).to_have_count(7)
    kinds = seen.page.get_by_label("Kind of flow")
    for kind, count in (("open", 2), ("out", 2), ("off", 2), ("in", 5)):
        await kinds.select_option(kind)
        await expect(rows).to_have_count(count)
    await expect(seen.page.locator("#flows tr.is-struck .flow-title")).to_have_css(
        "text-decoration-line", "line-through"
    )


async def test_a_long_ledger_is_read_page_by_page(visit: Opener) -> None:
    ledger = canned_holdings.flows()
    ledger["flows"] += [canned_holdings.entry(f"x{place}", "2025-09-01T00:00:00Z", "1", "TRX") for place in range(14)]
    seen = await visit(Script(flows=ledger), size=DESKTOP)
    await seen.look_at("flows")
    rows = seen.page.locator("#flows tbody tr")
    for count in (10, 20, 21):
        await expect(rows).to_have_count(count)
        if count < 21:
            await seen.page.click("#flows [data-key=older]")
    await expect(seen.page.locator("#flows [data-key=older]")).to_have_count(0)


async def test_a_flow_is_voided_with_a_reason(visit: Opener) -> None:
    seen = await visit(Script(), size=DESKTOP)
    await open_flow(seen.page, "d3", "Void…")
    await seen.page.get_by_role("button", name="Void it").click()
    await expect(seen.page.get_by_role("alert")).to_have_text("Say why: the ledger keeps the reason.")
    assert seen.script.wrote == []
    await seen.page.get_by_label("Reason").fill("it was a loan")
    await seen.page.keyboard.press("Enter")
    await expect(seen.page.locator(".toast")).to_contain_text("The deposit is voided.")
    assert seen.script.wrote == [{"account": "main", "action": "void", "flow": "d3", "reason": "it was a loan"}]
    await expect(seen.page.locator("#flows tbody tr", has_text="it was a loan")).to_contain_text("Voided")
    await expect(seen.page.locator("#flows .section-line")).to_contain_text("+$3,500.00")
    await expect(seen.page.locator("#flows .section-button")).to_be_focused()


async def test_a_refusal_stays_in_the_dialog_and_a_slip_does_not_lose_what_was_typed(visit: Opener) -> None:
    script = Script(write_problem=canned.problem(404, "there is no flow '<b>d3</b>' in force", "not_found"))
    seen = await visit(script, size=DESKTOP)
    await open_flow(seen.page, "d3", "Mark internal…")
    await seen.page.get_by_label("Reason").fill("mine")
    await seen.page.get_by_role("button", name="Mark internal", exact=True).click()
    await expect(seen.page.get_by_role("alert")).to_have_text("there is no flow '<b>d3</b>' in force")
    assert await seen.page.locator("dialog b").count() == 0
    dialog = seen.page.get_by_role("dialog", name="Is this deposit internal?")
    await seen.page.keyboard.press("Escape")
    await seen.page.mouse.click(10, 10)
    await expect(dialog).to_be_visible()
    await seen.page.get_by_role("button", name="Leave it").click()
    await expect(dialog).to_have_count(0)
    await expect(seen.page.locator("#flows [data-key='main d3']")).to_be_focused()


async def test_a_flow_is_corrected_and_one_is_added(visit: Opener) -> None:
    seen = await visit(Script(), size=(360, 640))
    await open_flow(seen.page, "w0", "Correct…")
    await seen.page.get_by_label("How much").fill("6400,5")
    await seen.page.get_by_label("Reason").fill("the fee came back")
    await seen.page.get_by_role("button", name="Correct it").click()
    await expect(seen.page.locator("#flows tr", has_text="the fee came back").first).to_be_visible()
    await seen.page.click("#flows [data-key=add]")
    await seen.page.get_by_role("radio", name="Money out").click()
    await seen.page.get_by_label("How much").fill("0.25")
    await seen.page.get_by_label("Coin").fill("btc")
    await seen.page.get_by_label("When, UTC").fill("2025-11-05T10:30")
    await seen.page.get_by_label("Reason").fill("a gift to Ada")
    await seen.page.get_by_role("dialog").get_by_label("Account").select_option("spot")
    await seen.page.keyboard.press("Enter")
    await expect(seen.page.locator("dialog")).to_have_count(0)
    at, why = "2025-10-21T18:40:00Z", "the fee came back"
    correction = {"action": "correct", "flow": "w0", "at": at, "asset": "USDT", "quantity": "-6400.5", "reason": why}
    addition = {"action": "add", "asset": "BTC", "quantity": "-0.25", "at": "2025-11-05T10:30:00.000Z"}
    assert seen.script.wrote == [
        {"account": "main", **correction},
        {"account": "spot", **addition, "reason": "a gift to Ada"},
    ]


@pytest.mark.parametrize("role", [None, "viewer"])
async def test_who_may_only_look_is_offered_no_change(visit: Opener, role: str | None) -> None:
    accounts = {key: value for key, value in canned.accounts().items() if key != "role"}
    known = accounts if role is None else accounts | {"role": role}
    seen = await visit(Script(accounts=known, health=canned.health(demo=False)), size=DESKTOP)
    await seen.look_at("flows")
    await expect(seen.page.locator("#flows tbody tr")).to_have_count(7)
    assert await seen.page.locator("#flows .flow-more, #flows [data-key=add]").count() == 0


async def test_a_failure_stays_inside_its_card_and_is_tried_again(visit: Opener) -> None:
    script = Script(below_problem=canned.problem(503, "the database did not respond"))
    seen = await visit(script, size=DESKTOP)
    for name in SECTIONS:
        await seen.look_at(name)
        await expect(seen.page.locator(f"#{name} .without")).to_contain_text("could not be loaded.")
    await expect(seen.page.locator("#sentence")).to_contain_text("You are $6,356.32")
    await expect(seen.page.locator("#panels")).to_be_empty()
    script.below_problem = None
    await seen.page.click("#flows [data-key=again]")
    await expect(seen.page.locator("#flows tbody tr")).to_have_count(7)
    await expect(seen.page.locator("#allocation .without")).to_contain_text("could not be loaded.")
    await seen.page.click("#allocation [data-key=again]")
    for name in ("allocation", "positions", "addsup"):
        await expect(seen.page.locator(f"#{name} table")).to_be_visible()


async def test_the_trust_line_opens_the_snapshot_and_gets_the_focus_back(visit: Opener) -> None:
    seen = await visit(Script())
    trust = seen.page.get_by_role("button", name="checked to $0.42")
    await trust.click()
    dialog = seen.page.get_by_role("dialog", name="What this snapshot is made of")
    await expect(dialog.locator(".snapshot-wallet")).to_have_count(6)
    words = " ".join((await dialog.inner_text()).split())
    assert "Binance’s own total differs by +$0.42." in words
    assert "Trading bots $1,709.91 total only, no detail from Binance" in words
    assert "ADA $346" not in words  # a debt has its sign
    await seen.page.keyboard.press("Escape")
    await expect(trust).to_be_focused()


async def test_another_account_is_asked_for_and_nothing_of_the_first_stays(visit: Opener) -> None:
    seen = await visit(Script(), size=DESKTOP)
    await open_all(seen.page)
    seen.script.holdings = canned_holdings.holdings("spot", positions=[])
    await seen.page.click("#accounts [data-key=spot]")
    await expect(seen.page.locator("#positions .section-line")).to_have_text("No open positions")
    assert seen.script.asked_below[-2:] == [
        "/api/holdings?account=spot&at=2025-11-18T14%3A00%3A00Z",
        "/api/flows?account=spot",
    ]
