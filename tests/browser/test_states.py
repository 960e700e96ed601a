"""Every designed state says its words, fits every width, passes axe, and asks nobody else anything."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext

from tests.browser import looks
from tests.browser.conftest import READER, Opener
from tests.browser.scenarios import ALL
from tests.browser.stand_in import Site

pytestmark = pytest.mark.asyncio(loop_scope="session")

type Looking = asyncio.Task[list[str]]
LOOKS = "test_a_state_says_its_words_fits_and_shuts_nobody_out"

AHEAD = "You are $6,356.32 (6.1 %) ahead of holding 50/50 BTC and ETH since 28 Aug 2025."
THEN = "At 14:00 UTC you were $6,356.32 (6.1 %) ahead of holding 50/50 BTC and ETH."
WORDS = {
    "main": [AHEAD, "12 min ago · complete · checked to $0.42", "Return since 28 Aug"],
    "reading": [AHEAD, "50/50 $", "Ahead $"],
    "behind": ["You are $3,178.16 (3.0 %) behind holding 50/50 BTC and ETH since 28 Aug 2025."],
    "level": ["You are level with holding 50/50 BTC and ETH since 28 Aug 2025."],
    "differs": ["You have $312.40 more than holding", "though your return is 0.8 % lower.", "Both are right."],
    "exhausted": ["You still have $12,400.00. Holding 50/50 BTC and ETH would have run out on 3 Nov 2025."],
    "wiped_out": ["This account reached zero on 3 Nov 2025. 50/50 BTC and ETH stands at $110,760.58."],
    "stale": [THEN, "No new snapshot for 5 h 12 min", "Nothing is lost", "Open the log", "Value at 14:00"],
    "partial": [
        THEN,
        "15:00 is partial · figures are of 14:00",
        "USD-M futures could not be read.",
        "The other 5 wallets were read; their sum is no total and is not drawn.",
    ],
    "partial_wallets": ["15:00 UTC · without USD-M futures · 5 wallets · their sum is no total", "20 × $168.44"],
    "unpriced": [AHEAD, "1 asset has no price and counts as nothing", "1,250 XYZ has never had a price here."],
    "attention": [
        "Binance refuses the key of Main.",
        "Last complete snapshot 14:00 UTC",
        "Your other accounts go on.",
        "Replace the key",
        "Check again",
    ],
    "first_hour": [
        "The comparison has started. The first answer comes at about 15:00 UTC.",
        "A line needs two.",
        "not yet",
    ],
    "empty": ["Are you beating 50/50 BTC and ETH?", "Add account", "How to make such a key", "transfer is refused"],
    "waiting": ["The comparison starts with the first snapshot.", "at about 15:00 UTC"],
    "starting": ["The server is starting: it opens its database."],
    "building": ["Building 90 days of history: 12 of 500 runs"],
    "half_built": [
        "Building 90 days of history: 212 of 500 runs",
        "On 5 Oct at 13:00 UTC you were",
        "History is being built · figures are of 5 Oct, 13:00 UTC",
        "Value on 5 Oct",
    ],
    "failed": [
        "The figures could not be loaded.",
        "The server answered 503: the database did not respond.",
        "7f3a-91c2",
    ],
    "failed_later": [THEN, "New figures could not be loaded.", "These figures were loaded at 14:12 UTC."],
    "offline": [THEN, "You are offline. These figures were loaded at 14:12 UTC."],
    "locked": ["Open this page with the API token.", "API_TOKEN"],
    "locked_again": ["That token is not right."],
    "logged_out": ["Log in to see your figures.", "Password", "Use the API token instead"],
    "wrong_password": ["Log in to see your figures.", "That password is not right."],
    "too_many_tries": ["Too many tries. Try again in 14 min."],
    "token_instead": ["Open this page with the API token.", "Use the password instead"],
    "no_door": ["Nobody can come in yet.", "DASHBOARD_PASSWORD"],
    "expired": [THEN, "You were logged out. Log in to go on where you were.", "These figures were loaded at"],
    "owner_menu": ["Log out", "Log out everywhere"],
    "loading": ["Reading 90 days of history…"],
    "table": ["18 Nov 14:00", "$117,116.90", "+$6,356.32"],
    "switching": ["$251,880.37", "6.1 % ahead", "1.4 % behind"],
    "menu": ["Light", "Dark", "System", "Settings"],
    "hostile": ["<img src=x onerror=alert(1)>", "<script>alert(2)</script>", "<img src=x onerror=alert(3)>"],
    "comparing": ["What I held on day one", "The shares make 90 %, not 100 %."],
    "compared": ["You are $9,679.14 (9.4 %) ahead of holding BTC since 28 Aug 2025.", "BTC $107,437.76"],
    "day_one": ["ahead of keeping what you held on 28 Aug 2025.", "day one $107,437.76"],
    "uncompared": [AHEAD, "That comparison cannot be had.", "No prices of SOL are stored since 28 Aug 2025."],
    "below": [
        "Not explained",
        "81 daily returns · risk-free 0 % · under 90 days the ratios are a first hint",
        "(0.1472 % − 0 %) ÷ 1.5713 % × 19.105 = 1.79",
        "27 Sep and 28 Sep have none and are left out. Under 90 days: a first hint.",
        "what beta does not explain",
        "needs 365 days, has 82",
        "Last run 14:00:06 · 2 warnings and 1 error today",
        "tried again after 1.2 s",
        "Older",
    ],
    "young": ["12 daily returns · risk-free 0 % · the ratios need 30", "not yet", "needs 30 days, has 12"],
    "older_server": [AHEAD, "The log could not be loaded."],
    "log_nothing": ["No entries match.", "Clear filters"],
    "restated": ["History since 12 Nov was recomputed: a late deposit was booked at its own time."],
    "demo_money": ["Move money", "The amount must be a number above 0"],
    "demo_time": ["1 week", "168 runs, one an hour"],
    "demo_break": ["418, banned", "USD-M futures do not answer"],
    "demo_passing": ["Time passes: 12 of 168 runs", "History is being built"],
    "demo_chip": ["Change something and watch what it does.", "Broken: 429", "Mend"],
    "drawdown": ["50/50, below the highest so far"],
    "held": [
        "62 % in USD-M futures, 49 % in USDT",
        "USD-M futures 0.1175 × $122,850.42 $14,434.92",
        "3 open · +$849.60 unrealised · nearest liquidation 9.3 % away",
        "close, 9.3 % away",
        "+$8,500.00 since 28 Aug · 1 on its way · 1 waiting for a price",
        "Yes. Binance’s own total differs by +$0.42",
        "from −$0.60 to +$0.60, 2 not checked",
    ],
    "by_wallet": ["total only, no detail from Binance", "DOGE", "1,200 × $0.2014"],
    "odd_holdings": [
        "<b>XYZ</b>",
        "no price",
        "price 6 days old",
        "Almost. Binance’s own total differs by $312.39 (0.3 %), all of it in Earn",
        "<i>USDT",
        "Deposit 5,000 <u>",
        "<img src=x onerror=alert(4)>",
    ],
    "nothing_held": [
        "Nothing is held",
        "No open positions.",
        "No money in or out since 28 Aug.",
        "Not checked. Binance did not give its total at 14:00 UTC",
    ],
    "below_failed": [
        AHEAD,
        "The allocation could not be loaded.",
        "Open positions could not be loaded.",
        "Flows could not be loaded.",
        "The comparison with Binance could not be loaded.",
    ],
    "hidden_amounts": ["You are $••••• (6.1 %) ahead of", "Value and Difference are off while amounts are hidden"],
    "old_price": ["1 asset counts at an old price", "1,250 XYZ counts at $0.0213, its price of 6 days ago: $26.63."],
    "unexplained": [
        AHEAD,
        "A change of −$5,000.00 is not explained",
        "−$5,000.00, seen at 09:00 UTC. No price, holding or flow explains it.",
        "Open money in and out",
    ],
    "unreconciled": [AHEAD, "12 min ago · complete · not checked"],
    "share_view": ["This portfolio is 6.1 % ahead of holding 50/50", "Amounts are not part of this page."],
    "revoked": ["This link was withdrawn or never existed."],
    "shortcuts": ["Keyboard", "Single keys work outside of fields"],
    "saving": ["Every snapshot, with all digits", "The chart as it is now"],
    "snapshot": ["14:00 UTC · complete · 6 wallets · $117,116.90", "Cross margin", "−500 × $0.6931", "owed"],
    "voiding": [
        "Void this deposit?",
        "History since 4 Nov 07:05 is computed anew without it. The entry stays in the ledger.",
    ],
    "settings": [
        "Single keys work outside of fields",
        "Links that show percent",
        "Next run at about 15:00 UTC, every hour",
    ],
    "settings_of_a_reader": ["You may look.", "Version"],
    "adding_account": ["“All” means every account. Take another name.", "never shown again"],
    "making_a_key": ["leave ‘Enable Reading’ as the only one that is ticked"],
    "removing": ["Its history since 28 Aug 2025 stays in All", "Type its name to erase it"],
    "flow_menu": ["Void…", "Mark internal…", "Correct…"],
    "correcting": ["Correct this deposit"],
    "adding": ["Add a flow", "When, UTC", "How much is a number greater than 0, like 250.5."],
}
SEES = 2  # at a time, as many as the build server has cores


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def looked(request: pytest.FixtureRequest, browser: Browser, site: Site) -> AsyncIterator[dict[str, Looking]]:
    """What is wrong with each state that a test asks about; all of them are looked at from the first test on."""
    if not looks.AXE.exists():
        pytest.skip("axe-core is not installed: make setup brings it")
    free: asyncio.Queue[BrowserContext] = asyncio.Queue()
    for _ in range(SEES):
        free.put_nowait(await browser.new_context(**READER, reduced_motion="reduce"))

    async def look(name: str) -> list[str]:
        context = await free.get()
        opener = Opener(browser, context, site)
        try:
            script, act = ALL[name]()
            seen = await opener(script)
            if act:
                await act(seen.page)
            return await looks.faults(seen, WORDS[name])
        finally:
            await opener.close()
            free.put_nowait(context)

    asked = {item.name for item in request.session.items}
    running = {name: asyncio.create_task(look(name)) for name in ALL if f"{LOOKS}[{name}]" in asked}
    yield running
    for one in running.values():
        one.cancel()
    await asyncio.gather(*running.values(), return_exceptions=True)
    while not free.empty():
        await free.get_nowait().close()


async def test_every_state_has_its_words() -> None:
    assert WORDS.keys() == ALL.keys()


@pytest.mark.parametrize("name", ALL)
async def test_a_state_says_its_words_fits_and_shuts_nobody_out(name: str, looked: dict[str, Looking]) -> None:
    found = await looked[name]
    assert not found, "\n".join(found)


async def test_foreign_words_never_become_markup(visit: Opener) -> None:
    script, _ = ALL["hostile"]()
    seen = await visit(script, size=(1440, 900))
    assert await seen.page.get_attribute("#accounts [data-key=long]", "title") == "Main " * 12
    assert await seen.text("#accounts [data-key=long]") == "Main Main Main Main…"
    assert await seen.page.locator("#accounts [data-key=main] bdi").count() == 1
    await seen.look_at("log")
    await seen.page.locator("#log .log-line").wait_for()
    assert await seen.page.locator("img, main script, #log b").count() == 0


async def test_foreign_words_of_holdings_and_flows_never_become_markup(visit: Opener) -> None:
    script, act = ALL["odd_holdings"]()
    seen = await visit(script, size=(1440, 900))
    assert act
    await act(seen.page)
    await seen.page.click("#trust button")
    await seen.page.locator(".snapshot-wallet").first.wait_for()
    assert await seen.page.locator("img, main b, main i, main u, dialog b, main script").count() == 0


@pytest.mark.parametrize(("width", "height"), [(360, 640), (768, 1024), (1280, 720), (1440, 900)])
async def test_the_first_screen_holds_the_answer_and_the_whole_chart(width: int, height: int, visit: Opener) -> None:
    seen = await visit(ALL["main"]()[0], size=(width, height))
    for selector in ("#sentence", "#trust", "#tiles", "#plot", "#ranges"):
        box = await seen.page.locator(selector).bounding_box()
        assert box, selector
        assert box["y"] + box["height"] <= height, selector
        assert box["height"] > 15, selector


@pytest.mark.parametrize("width", [360, 1440])
async def test_nothing_jumps_when_the_figures_come(width: int, visit: Opener) -> None:
    places = []
    for name in ("loading", "main"):
        seen = await visit(ALL[name]()[0], size=(width, 900))
        await seen.page.locator("#tiles").wait_for()
        # Before the server is heard, nobody knows that this is a demo: its strip is not part of the comparison.
        await seen.page.evaluate("() => document.querySelector('#demo-strip').remove()")
        selectors = ("#sentence", "#trust", "#tiles", "#plot-box", "#chart-foot")
        places.append([await seen.page.locator(one).bounding_box() for one in selectors])
        if seen.script.held:  # the browser's cache asks one page's question at a time
            seen.script.held.set()
    for before, after in zip(*places, strict=True):
        assert before
        assert after
        assert abs(before["y"] - after["y"]) <= 1
        assert abs(before["height"] - after["height"]) <= 1
