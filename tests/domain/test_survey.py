"""What a reading brings, which windows are read, and what deciding takes."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from lib.domain.benchmark import Benchmark
from lib.domain.flows import DEPOSITS, Movement, Stage
from lib.domain.prices import PricePoint
from lib.domain.reading import Reading, Want
from lib.domain.replay import Checkpoint
from lib.domain.schedule import slot_start
from lib.domain.state import AccountState, Held, Truth
from lib.domain.survey import changed_by, crosses, has_candles, next_whole, survey, wants, window_start
from tests.builders import amounts, at, flow, point, policy, row
from tests.domain.life import paid_in

BOOK = amounts(BTCUSDT="100000", ETHUSDT="4000", SOLUSDT="200")


def settled(when: str, **changes: object) -> AccountState:
    """An account since 08:00 whose last complete snapshot is of `when`."""
    held = Benchmark(policy().weights, amounts(BTC="1", ETH="1"))
    state = AccountState(checkpoint=Checkpoint(at("08:00"), row(when), held))
    return replace(state, **changes)  # type: ignore[arg-type]


def held(when: str) -> Held:
    return Held(at(when), slot_start(at(when), 60), Decimal(1), ("flows:deposits",))


def reading(when: str, *listed: Movement, book: bool = True) -> Reading:
    return Reading(at(when), BOOK if book else {}, {}, {}, sources={DEPOSITS: listed})


def found_in(state: AccountState, one: Reading) -> object:
    return survey(state, policy(), one, slot_start(one.at, 60))


@pytest.mark.parametrize(
    ("state", "begins"),
    [
        pytest.param(AccountState(), "20 10:00", id="the first run reads 30 days"),
        pytest.param(AccountState(held=(held("19 08:00"),)), "19 08:00", id="never read: 30 days before what waits"),
        pytest.param(AccountState(watermarks={DEPOSITS: at("27 09:00")}), "50 09:00", id="a week of overlap"),
        pytest.param(
            AccountState(
                watermarks={DEPOSITS: at("27 09:00")},
                pending=(replace(paid_in("1", at("9 10:05")), stage=Stage.PENDING),),
            ),
            "39 10:00",
            id="back to the oldest that is on its way",
        ),
        pytest.param(
            AccountState(
                watermarks={DEPOSITS: at("27 09:00")},
                pending=(replace(paid_in("1", at("9 10:05")), source="pay"),),
            ),
            "50 09:00",
            id="of its own source",
        ),
    ],
)
def test_where_a_window_begins(state: AccountState, begins: str) -> None:
    """Days are counted from a month before: 20 is thirty days before the 20th, 50 a week before the 27th."""
    day, clock = begins.split()
    assert window_start(state, DEPOSITS, at("20 10:00")) == at(f"1 {clock}") + timedelta(days=int(day) - 31)


def test_a_source_that_failed_for_a_month_is_read_from_before_the_first_snapshot() -> None:
    """Its window began 30 days before the reading, after the inception, and what came in between was lost."""
    state = AccountState(held=(held("1 08:00"),))
    assert window_start(state, DEPOSITS, at("1 08:00") + timedelta(days=45)) == at("1 08:00") - timedelta(days=30)


def test_new_movements_are_sorted_and_a_coin_without_a_market_waits() -> None:
    usual, early, unknown = paid_in("1", at("9:40")), paid_in("2", at("9:20")), paid_in("3", at("9:30"), "NEW")
    found = survey(settled("9:00"), policy(), reading("10:00", usual, unknown, early), at("10:00"))
    assert (found.movements, found.unpriced, found.needs_truth) == ((early, usual), (unknown,), False)


def test_a_coin_priced_before_does_not_wait_for_a_market() -> None:
    """NAV counted a delisted coin at its last price, and its withdrawal showed as a loss."""
    old = paid_in("1", at("9:40"), "OLD")
    state = settled("9:00", last_prices={"OLD": PricePoint("OLD", at("8:00"), Decimal(3))})
    found = survey(state, policy(), reading("10:00", old), at("10:00"))
    assert (found.movements, found.unpriced) == ((old,), ())


def test_without_a_price_list_nothing_is_known_of_markets() -> None:
    new = paid_in("1", at("9:40"), "NEW")
    found = survey(settled("9:00"), policy(), reading("10:00", new, book=False), at("10:00"))
    assert (found.movements, found.unpriced) == ((new,), ())


def test_what_waited_before_is_new_again() -> None:
    waiting, unpriced = paid_in("1", at("9:40")), paid_in("2", at("9:50"), "SOL")
    state = settled("9:00", waiting=(waiting,), unpriced=(unpriced,), known={waiting.id: at("9:35")})
    assert survey(state, policy(), reading("10:00", waiting), at("10:00")).movements == (waiting, unpriced)


@pytest.mark.parametrize(
    ("state", "when", "slot", "needed"),
    [
        pytest.param(settled("9:30"), "9:20", "10:00", True, id="a flow before the checkpoint"),
        pytest.param(settled("9:30"), "9:30", "10:00", True, id="at it"),
        pytest.param(settled("9:30"), "9:31", "10:00", False, id="after it"),
        pytest.param(settled("9:30"), "9:31", "9:00", True, id="the slot is complete already"),
        pytest.param(settled("11:30"), "12:00", "10:00", True, id="a reading decided on late"),
        pytest.param(settled("9:30", held=(held("9:10"),)), "9:31", "10:00", True, id="one held from before it"),
        pytest.param(AccountState(), "9:31", "10:00", False, id="nothing yet"),
    ],
)
def test_when_history_changes_before_the_checkpoint(state: AccountState, when: str, slot: str, needed: bool) -> None:
    late = reading("10:00", paid_in("1", at(when)))
    assert survey(state, policy(), late, at(slot)).needs_truth is needed


@pytest.mark.parametrize(
    ("state", "when", "due"),
    [
        pytest.param(AccountState(), "5 13:00", [], id="nothing before the inception"),
        pytest.param(settled("11:00"), "5 12:00", [], id="at the reading: its own prices"),
        pytest.param(settled("11:00"), "5 12:01", ["12:00"], id="one"),
        pytest.param(settled("12:00"), "5 13:00", [], id="done at the checkpoint"),
        pytest.param(settled("11:00"), "19 13:00", ["12:00", "12 12:00", "19 12:00"], id="missed ones"),
        pytest.param(settled("11:00", rebalances=(at("11:30"), at("10:30"))), "5 11:45", ["11:30"], id="asked for"),
        pytest.param(
            AccountState(held=(held("11:30"), held("10:30"))), "5 12:30", ["12:00"], id="since the first held"
        ),
    ],
)
def test_rebalances_that_need_prices(state: AccountState, when: str, due: list[str]) -> None:
    found = survey(state, policy(), reading(when), slot_start(at(when), 60))
    assert found.rebalances == tuple(at(instant) for instant in due)


def test_a_rebalance_is_due_until_all_of_its_prices_are_there() -> None:
    """One coin's price made it count as priced; the other was never asked for and no later run could be computed."""
    btc, eth = (PricePoint(coin, at("12:00"), Decimal(1)) for coin in ("BTC", "ETH"))
    for known, due in (((btc,), (at("12:00"),)), ((btc, eth), ())):
        assert survey(settled("11:00", prices=known), policy(), reading("13:00"), at("13:00")).rebalances == due


@pytest.mark.parametrize(
    ("asset", "book", "there"),
    [("BTC", True, True), ("BTC", False, True), ("USD", True, False), ("USDT", False, False), ("NONE", True, False)],
)
def test_which_coins_have_candles(asset: str, book: bool, there: bool) -> None:
    assert has_candles(asset, BOOK if book else {}) is there


def test_wants_of_a_run() -> None:
    """A rebalance, a deposit with its late effect on a booked flow; the dollar needs no candle."""
    state = settled("11:00", ahead=(flow("12:20", "5", "100"),))
    one = reading("12:30", paid_in("1", at("12:10"), "SOL"), paid_in("2", at("12:15")))
    asked = policy(BTC="0.5", USD="0.5")
    found = survey(state, asked, one, at("12:00"))
    assert wants(state, asked, one, found, {}, None) == {
        *(Want(coin, at(when)) for coin in ("BTC", "ETH") for when in ("12:00", "12:10", "12:15")),
        Want("SOL", at("12:10")),
        Want("SOL", at("12:20")),
    }


def test_what_a_flow_changes_ends_with_the_first_snapshot_that_contains_it() -> None:
    flows = [flow(when, "5", "1") for when in ("10:30", "11:00", "11:30")]
    truth = Truth([point("10:00", "1"), point("11:00", "1")], flows, [], [])
    state = settled("11:00")
    assert changed_by(state, truth, at("10:10")) == tuple(flows[:2])  # at the snapshot's own instant: just before it
    assert changed_by(state, truth, at("10:00")) == ()  # the snapshot of 10:00 contains it
    assert changed_by(state, truth, at("11:10")) == (flows[2],)  # none yet
    assert next_whole(replace(state, held=(held("11:20"),)), truth, at("11:10")) == at("11:20")
    assert next_whole(state, None, at("10:00")) is None


@pytest.mark.parametrize(
    ("when", "asset", "crossed"),
    [
        *(("9:59", "USDT", False), ("10:00", "USDT", True), ("10:01", "USDT", True), ("10:01", "NEW", True)),
        *(("10:02", "USDT", True), ("10:03", "USDT", False)),  # all balances were read by then
    ],
)
def test_money_that_moved_while_reading(when: str, asset: str, crossed: bool) -> None:
    """What moved in the second of the reading may have moved after it: some histories tell whole seconds only."""
    one = replace(reading("10:00", paid_in("1", at(when), asset)), until=at("10:02"))
    assert crosses(settled("9:00"), policy(), one, at("10:00")) is crossed
