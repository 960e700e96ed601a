"""What money was worth when it came, where the coin itself had no candle in that minute."""

from datetime import timedelta

import httpx
import pytest

from tests.scenarios.test_outages import paid_in
from tests.spine import BORN_AT, hours, the_world
from tests.usecases.conftest import OpenSpine
from tests.wires import Edit, without_rows

HOUR = timedelta(hours=1)
PAID_AT = BORN_AT + timedelta(hours=1, minutes=19)


def without_candles(symbol: str) -> Edit:
    """A market that was not open yet: it has no candle, whichever minute is asked for."""

    def edit(request: httpx.Request, response: httpx.Response) -> httpx.Response:
        if request.url.path != "/api/v3/klines" or request.url.params["symbol"] != symbol:
            return response
        return httpx.Response(200, json=[], request=request)

    return edit


async def test_a_coin_whose_own_market_was_not_open_yet_is_priced_through_the_next_one(open_spine: OpenSpine) -> None:
    """It counted at the price of the run, however long after the money had come."""
    spine = await open_spine(the_world("Main").adding("Main", paid_in("77", PAID_AT, "ETH", "2")))
    spine.to_exchange.edits.append(without_candles("ETHUSDT"))
    await spine.collect_at((BORN_AT, BORN_AT + 2 * HOUR))
    minute = PAID_AT.replace(second=0)
    through_bitcoin = spine.world.market.price("ETHBTC", minute) * spine.world.market.price("BTCUSDT", minute)
    assert spine.sql("select usd from flows") == [(2 * through_bitcoin,)]
    stored = await spine.wired.store.prices(["ETH"], PAID_AT)
    assert [price.usd for price in stored if price.at == PAID_AT] == [through_bitcoin]
    await spine.assert_sound()


@pytest.mark.parametrize("listed", [2, 6], ids=["listed in time", "listed four hours late"])
async def test_a_coin_without_any_candle_counts_as_in_the_first_snapshot_that_has_it(
    open_spine: OpenSpine, listed: int
) -> None:
    """Listed late it counted at the price of the run that learned of it: a profit or a loss that was none."""
    spine = await open_spine(the_world("Main").adding("Main", paid_in("77", PAID_AT, "XRP", "900")))
    hidden = without_rows("/capital/deposit/hisrec", "77")
    spine.to_exchange.edits += [without_candles("XRPUSDT"), hidden]
    for number, at in enumerate((BORN_AT, *hours(BORN_AT, 8))):
        if number == listed:
            spine.to_exchange.edits.remove(hidden)
        assert (await spine.one(at)).status == "stored"
    first = spine.world.market.price("XRPUSDT", BORN_AT + 2 * HOUR)
    assert spine.sql("select at, usd from flows") == [(PAID_AT, 900 * first)]
    await spine.assert_sound()
