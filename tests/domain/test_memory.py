"""What is remembered between runs, and what may be forgotten."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from lib.domain.benchmark import Benchmark
from lib.domain.flows import DEPOSITS, WITHDRAWALS, Movement, Stage
from lib.domain.keys import KeyCheck
from lib.domain.memory import forget_before, learn_prices, remember, remember_pairs
from lib.domain.pairs import Counted
from lib.domain.portfolio import ABSENT
from lib.domain.prices import PricePoint
from lib.domain.reading import Observation, Reading, Want
from lib.domain.replay import Checkpoint
from lib.domain.snapshot import Snapshot
from lib.domain.state import AccountState
from tests.builders import amounts, at, flow, policy, priced, row
from tests.domain.life import paid_in, paid_out

NOW = at("20 10:00")
BOOK = amounts(BTCUSDT="100", ETHUSDT="10", SOLUSDT="5")


def reading(totals: Mapping[str, str] | None = None, **sources: tuple[Movement, ...]) -> Reading:
    return Reading(NOW, BOOK, None if totals is None else amounts(**totals), {}, sources=sources)


def price(asset: str, when: str, usd: str) -> PricePoint:
    return PricePoint(asset, at(when), Decimal(usd))


def test_what_is_settled_is_known_and_what_is_on_its_way_is_not() -> None:
    done, on_way = paid_in("1", at("20 09:00")), replace(paid_in("2", at("20 09:30")), stage=Stage.PENDING)
    dropped = replace(paid_in("3", at("20 09:40")), stage=Stage.DROPPED)
    state = remember(AccountState(), reading(deposits=(done, on_way, dropped)), (), ())
    assert state.known == {done.id: done.listed_at, dropped.id: dropped.listed_at}
    assert (state.pending, state.watermarks) == ((on_way,), {DEPOSITS: NOW})


def test_what_is_on_its_way_in_a_source_that_was_not_read_stays_so() -> None:
    """Forgotten, its window would move past it and its completion never be seen."""
    on_way = replace(paid_out("1", at("10 09:00")), stage=Stage.PENDING)
    state = remember(AccountState(pending=(on_way,)), reading(deposits=()), (), ())
    assert state.pending == (on_way,)
    assert remember(state, reading(withdrawals=()), (), ()).pending == ()


@pytest.mark.parametrize(("seconds", "kept"), [(0, True), (1, False)])
def test_an_id_is_kept_while_its_row_may_still_be_listed(seconds: int, kept: bool) -> None:
    """The window's start itself is listed too: both of its ends count at the exchange."""
    edge = NOW - timedelta(days=7, seconds=seconds)
    state = AccountState(known={"deposit:1": edge})
    assert ("deposit:1" in remember(state, reading(deposits=()), (), ()).known) is kept


def test_an_id_is_kept_while_any_source_is_read_from_before_it() -> None:
    known = {"deposit:1": at("9 10:00")}
    behind = AccountState(known=known, watermarks={WITHDRAWALS: at("15 10:00")})
    assert remember(behind, reading(deposits=()), (), ()).known == known


def test_a_watermark_never_moves_back() -> None:
    ahead = AccountState(watermarks={DEPOSITS: NOW + timedelta(hours=1)})
    assert remember(ahead, reading(deposits=()), (), ()).watermarks == ahead.watermarks


def test_the_totals_seen_last_are_remembered() -> None:
    state = remember(AccountState(), reading({"earn": "5"}), (), ())
    assert remember(state, reading(), (), ()).totals == amounts(earn="5")
    assert remember(state, reading({"earn": "7"}), (), ()).totals == amounts(earn="7")


def taken(*held: tuple[str, str, str | None]) -> Snapshot:
    return Snapshot(NOW, NOW, 60, Decimal(1), (), tuple(priced(*each, NOW) for each in held), (), None)


def learned(state: AccountState, opens: Mapping[Want, Decimal | None], *instants: str) -> AccountState:
    held = taken(("SOL", "1", "5"), ("NEW", "1", None))
    observation = Observation(NOW, 60, reading(), opens)
    return learn_prices(state, policy(), observation, held, [at(instant) for instant in instants])


def test_each_run_keeps_the_prices_of_the_benchmark_and_of_what_was_held_on_day_one() -> None:
    state = learned(AccountState(), {})
    assert set(state.prices) == {
        price("BTC", "20 10:00", "100"),
        price("ETH", "20 10:00", "10"),
        price("SOL", "20 10:00", "5"),
    }
    assert (state.day_one, state.last_prices) == (("SOL",), {"SOL": price("SOL", "20 10:00", "5")})


def test_the_dollar_needs_no_stored_price() -> None:
    """A wallet known by its total is dollars: their price was stored, and an export that was imported lacked it."""
    held = taken(("USD", "250", "1"), ("SOL", "1", "5"))
    state = learn_prices(AccountState(), policy(), Observation(NOW, 60, reading()), held, [])
    assert state.day_one == ("SOL", "USD")
    assert {point.asset for point in state.prices} == {"BTC", "ETH", "SOL"}


def test_what_was_learned_of_a_key_is_kept_until_the_account_denies_it() -> None:
    first, second = (KeyCheck(when, (), False, True) for when in (at("19 10:00"), NOW))
    state = remember(AccountState(), replace(reading(), checked=first), (), ())
    assert remember(state, reading(), (), ()).checked == first
    assert remember(state, replace(reading(), checked=second), (), ()).checked == second
    denied = replace(reading(), wallets={"portfolio_margin": ABSENT})
    assert remember(state, denied, (), ()).checked is None


def test_the_first_price_of_an_instant_is_the_one_in_force() -> None:
    state = AccountState(prices=(price("BTC", "20 09:00", "90"),))
    opens = {Want(coin, at("20 09:00")): Decimal(7) for coin in ("BTC", "ETH", "XRP")}
    found = learned(state, opens | {Want("BTC", at("20 09:30")): None}, "20 09:00", "20 09:30")
    assert [each for each in found.prices if each.at < NOW] == [
        price("BTC", "20 09:00", "90"),
        price("ETH", "20 09:00", "7"),
    ]


def test_what_lies_before_the_checkpoint_is_forgotten_save_for_each_coins_last_price() -> None:
    checkpoint = Checkpoint(at("08:00"), row("10:00"), Benchmark(policy().weights, {}))
    points = [price(coin, when, "1") for coin in ("BTC", "ETH", "XRP") for when in ("11:00", "09:00", "10:00")]
    state = AccountState(
        prices=(*points, price("SOL", "09:00", "2")), rebalances=(at("10:00"), at("10:30")), day_one=("SOL",)
    )
    flows = [flow("10:00", "1"), flow("10:01", "2")]
    left = forget_before(state, checkpoint, flows, policy())
    assert (left.ahead, left.rebalances, left.checkpoint) == ((flows[1],), (at("10:30"),), checkpoint)
    assert sorted((each.asset, each.at.hour) for each in left.prices) == [
        ("BTC", 10),
        ("BTC", 11),
        ("ETH", 10),
        ("ETH", 11),
        ("SOL", 9),
    ]
    assert forget_before(state, None, flows, policy()) == replace(state, ahead=tuple(flows))


def test_a_list_of_transfers_the_account_does_not_have_keeps_no_ids() -> None:
    """It is never read again, and its window would have stood still."""
    state = AccountState(
        watermarks={"sub_transfers_in": at("1 10:00"), DEPOSITS: NOW}, known={"deposit:1": at("2 10:00")}
    )
    assert remember(state, reading(deposits=()), (), ()).known == state.known
    refused = replace(state, refused={"sub_transfers_in": at("2 10:00")})
    assert remember(refused, reading(deposits=()), (), ()).known == {}


def test_what_is_refused_is_remembered_until_it_answers() -> None:
    state = remember(AccountState(), Reading(NOW, BOOK, None, {}, refused_sources=("pay",)), (), ())
    assert (state.refused, state.watermarks) == ({"pay": NOW}, {})
    assert remember(state, reading(deposits=()), (), ()).refused == {"pay": NOW}
    assert remember(state, reading(pay=()), (), ()).refused == {}


def test_a_list_of_transfers_that_ever_showed_one_is_in_use() -> None:
    shown = replace(paid_in("1", at("20 09:00")), source="sub_transfers_in")
    state = remember(AccountState(), reading(sub_transfers_in=(shown,), sub_transfers_out=()), (), ())
    assert state.used == {"sub_transfers_in"}
    assert remember(state, reading(sub_transfers_in=()), (), ()).used == {"sub_transfers_in"}


def test_what_may_show_in_another_list_is_kept_while_that_list_was_never_read() -> None:
    internal = replace(paid_in("1", at("2 10:00")), detail="internal")
    counted = Counted((internal,), {}, ())
    behind = AccountState(watermarks={DEPOSITS: NOW})
    assert remember_pairs(behind, counted, NOW).twins == ()
    held = Benchmark(policy().weights, {})
    never = replace(behind, refused={"pay": NOW}, checkpoint=Checkpoint(at("1 08:00"), row("10:00"), held))
    assert remember_pairs(never, counted, NOW).twins == (internal,)
