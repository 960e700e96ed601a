"""One account through its runs: what is stored when all is well, and what when something is missing."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

import pytest

from lib.domain.cycle import Case, TruthNeeded, advance
from lib.domain.flows import DEPOSITS, WITHDRAWALS, Stage
from lib.domain.prices import PricePoint
from lib.domain.reading import Basis, Observation, Want
from lib.domain.state import Held
from lib.domain.survey import as_of_balances
from tests.builders import DAY, HOUR, amounts, at, decs
from tests.domain.life import BASES, READABLE, Broken, Life, World, paid_in, paid_out, wavy

NO_DEPOSITS = Broken(sources=(DEPOSITS,))
NO_FLOWS = Broken(sources=(DEPOSITS, WITHDRAWALS))


def flat(symbol: str, _when: datetime) -> Decimal:
    return Decimal(BASES[symbol])


def without(*coins: str) -> Broken:
    return Broken(candles=lambda want: want.name in coins)


def still(*moved: object, **changes: object) -> World:
    """10000 dollars and a tenth of a bitcoin at 100000: 20000 while nothing moves."""
    return replace(World(price=flat), movements=moved, **changes)  # type: ignore[arg-type]


def indices(life: Life) -> list[Decimal]:
    return [row.nav_index for row in life.rows]


def test_the_first_complete_snapshot_is_the_inception() -> None:
    life = Life(still(paid_in("1", at("09:30"), quantity="77")))
    outcome = life.collect(at("10:02"))
    assert outcome.snapshot is not None
    assert (outcome.snapshot.at, outcome.snapshot.slot, outcome.snapshot.missing) == (at("10:02"), at("10:00"), ())
    (row,) = outcome.rows
    assert (row.nav_usd, row.benchmark_usd, row.nav_index, row.benchmark_index) == decs(20_077, 20_077, 1, 1)
    (event,) = outcome.events
    assert (event.kind, event.benchmark.units) == ("start", amounts(BTC="0.100385", ETH="2.509625"))
    assert (outcome.booked, outcome.restated_from) == ((), None)  # a flow before the inception never counts
    assert {price.asset for price in outcome.prices} >= {"BTC", "ETH"}
    assert life.state.day_one == ("BTC", "USDT")


def test_a_deposit_is_taken_out_of_the_return_and_the_benchmark_buys_for_it() -> None:
    life = Life(still(paid_in("1", at("10:30"), quantity="5000")))
    life.collect(at("10:00"))
    outcome = life.collect(at("11:00"))
    assert [(flow.usd, flow.value_before_usd) for flow in outcome.booked] == [decs(5000, 20_000)]
    (row,) = outcome.rows
    assert (row.nav_usd, row.benchmark_usd, row.flow_usd, row.nav_index) == decs(25_000, 25_000, 5000, 1)
    assert row.rung == 3
    assert [event.kind for event in outcome.events] == ["deposit"]


def test_a_wallet_that_did_not_answer_makes_it_partial_and_no_figure_comes_of_it() -> None:
    life = Life(still())
    life.collect(at("10:00"))
    outcome = life.collect(at("11:00"), Broken(wallets=("usdm",)))
    assert outcome.snapshot is not None
    assert outcome.snapshot.missing == ("usdm",)
    assert (outcome.rows, outcome.state.held) == ((), ())
    outcome = life.collect(at("11:05"))  # again in the same slot
    assert [row.slot for row in outcome.rows] == [at("11:00")]
    assert life.snapshots[at("11:00")].complete


def test_a_source_that_failed_holds_the_snapshot_until_a_later_run_has_read_past_it() -> None:
    life = Life(still(paid_in("1", at("10:30"), quantity="5000")))
    life.collect(at("10:00"))
    outcome = life.collect(at("11:00"), NO_DEPOSITS)
    assert outcome.snapshot is not None
    assert outcome.snapshot.missing == ("flows:deposits",)
    assert outcome.state.held == (Held(at("11:00"), at("11:00"), Decimal(25_000), ("flows:deposits",)),)
    assert len(life.rows) == 1  # the money is in the balance already, and shows as no profit
    outcome = life.collect(at("12:00"))
    assert outcome.completed == (at("11:00"),)
    assert [(row.at, row.nav_usd, row.nav_index) for row in outcome.rows] == [
        (at("11:00"), *decs(25_000, 1)),
        (at("12:00"), *decs(25_000, 1)),
    ]
    assert life.snapshots[at("11:00")].snapshot.at == at("11:00")  # not taken again


def test_a_snapshot_that_waited_for_its_list_is_given_up_where_money_moved_while_it_was_taken() -> None:
    """It used to count as whole, with money that came minutes after its time, and showed that as a gain and a loss."""
    life = Life(still(paid_in("1", at("11:03"), quantity="5000")))
    life.collect(at("10:00"))
    reading = life.read(at("11:00"), NO_DEPOSITS)
    life.decide(replace(reading, wallets=life.read(at("11:05")).wallets, until=at("11:05")))
    assert life.state.held[0].until == at("11:05")
    outcome = life.collect(at("12:00"))
    assert (outcome.given_up, outcome.completed) == ((at("11:00"),), ())
    assert [(row.at, row.nav_usd, row.nav_index) for row in life.rows] == [
        (at("10:00"), *decs(20_000, 1)),
        (at("12:00"), *decs(25_000, 1)),
    ]


def test_money_that_another_run_booked_while_the_account_was_read_leaves_it_partial() -> None:
    life = Life(still(paid_in("1", at("11:03"), quantity="5000")))
    life.collect(at("10:00"))
    reading = replace(life.read(at("11:01"), took=4), wallets=life.read(at("11:05")).wallets, until=at("11:05"))
    life.collect(at("11:00"), took=6)  # books it, and has it between balances and lists itself
    outcome = life.decide(reading)
    assert outcome.lacked == ("flows:between",)
    assert [row.at for row in life.rows] == [at("10:00")]


def test_a_jump_is_explained_by_money_that_a_partial_try_of_its_slot_brings() -> None:
    """It stayed unexplained for good, for the slot was to be taken anew and was not."""
    life = Life(still(paid_in("1", at("10:30"), quantity="5000"), hidden=frozenset({"deposit:1"})))
    life.collect(at("10:00"))
    assert [found.usd for found in life.collect(at("11:00")).jumps] == [5000]
    life.world = replace(life.world, hidden=frozenset())
    assert [found.usd for found in life.collect(at("11:05"), Broken(wallets=("usdm",))).jumps] == [0]
    assert life.state.jumps == ()


def test_value_that_may_have_gone_into_a_wallet_whose_total_is_not_read_leaves_it_partial() -> None:
    """A bot that was empty when last seen counted as empty, and what it had been given showed as a loss."""
    life = Life(still(totals={"trading_bots": Decimal(0)}))
    life.collect(at("10:00"))
    life.world = still(held=amounts(BTC="0.1", USDT="8500"), totals={"trading_bots": Decimal(1500)})
    outcome = life.collect(at("11:00"), Broken(totals=True))
    assert (outcome.lacked, outcome.rows) == (("totals",), ())
    assert [(row.at, row.nav_usd) for row in life.collect(at("12:00")).rows] == [(at("12:00"), Decimal(20_000))]


def test_both_sources_are_named_and_hold_it_until_both_were_read() -> None:
    life = Life(still())
    life.collect(at("10:00"), NO_FLOWS)
    assert life.state.held[0].missing == ("flows:deposits", "flows:withdrawals")
    assert life.collect(at("11:00"), NO_DEPOSITS).completed == ()
    assert life.collect(at("12:00"), Broken(sources=(WITHDRAWALS,))).completed == (at("10:00"), at("11:00"))
    assert [row.at for row in life.rows] == [at("10:00"), at("11:00")]
    assert life.collect(at("13:00")).completed == (at("12:00"),)


def test_a_complete_snapshot_of_the_same_slot_replaces_one_that_was_held() -> None:
    life = Life(still(paid_in("1", at("11:02"), quantity="5000")))
    life.collect(at("10:00"))
    life.collect(at("11:00"), NO_DEPOSITS)
    outcome = life.collect(at("11:05"))
    assert (outcome.completed, [row.at for row in outcome.rows]) == ((), [at("11:05")])
    assert life.state.held == ()
    assert indices(life) == [1, 1]


def test_of_two_held_in_one_slot_the_newest_waits_and_one_of_part_of_nav_never_takes_its_place() -> None:
    life = Life(still())
    life.collect(at("10:00"))
    life.collect(at("11:00"), NO_DEPOSITS)
    life.collect(at("11:05"), NO_DEPOSITS)
    life.collect(at("11:10"), Broken(sources=(DEPOSITS,), wallets=("spot",)))
    assert [held.at for held in life.state.held] == [at("11:05")]
    assert life.snapshots[at("11:00")].snapshot.at == at("11:05")
    assert [row.at for row in life.collect(at("12:00")).rows] == [at("11:05"), at("12:00")]


def test_the_one_that_completes_stays_when_a_partial_one_of_its_slot_is_taken_in_the_same_run() -> None:
    life = Life(still())
    life.collect(at("10:00"))
    life.collect(at("11:00"), NO_DEPOSITS)
    outcome = life.collect(at("11:05"), Broken(wallets=("spot",)))
    assert (outcome.snapshot, outcome.completed) == (None, (at("11:00"),))
    assert life.snapshots[at("11:00")].snapshot.at == at("11:00")


def test_a_partial_result_never_replaces_a_complete_one() -> None:
    life = Life(still())
    life.collect(at("10:00"))
    for when, broken in (("10:20", Broken(wallets=("spot",))), ("10:25", NO_DEPOSITS)):
        outcome = life.collect(at(when), broken)
        assert (outcome.snapshot, outcome.rows, outcome.state.held) == (None, (), ())
    assert life.snapshots[at("10:00")].snapshot.at == at("10:00")


def test_a_forced_run_takes_the_slot_anew() -> None:
    life = Life(still(paid_in("1", at("11:30"), quantity="5000"), price=wavy))
    for when in ("10:00", "11:00"):
        life.collect(at(when))
    outcome = life.collect(at("11:40"))
    assert outcome.restated_from == at("11:00")
    assert [row.at for row in life.rows] == [at("10:00"), at("11:40")]
    assert life.rows[1].flow_usd == 5000


def test_a_forced_run_may_take_the_inception_anew() -> None:
    life = Life(still(paid_in("1", at("10:30"), quantity="5000")))
    life.collect(at("10:00"))
    life.collect(at("10:40"))
    assert [(row.at, row.nav_usd, row.note) for row in life.rows] == [(at("10:40"), Decimal(25_000), "start")]
    assert life.collect(at("11:00")).rows[0].flow_usd == 0  # what came before the new inception never counts


def test_a_pending_movement_is_booked_at_its_completion_though_a_snapshot_lies_after_it() -> None:
    """The coins left at 10:50; at 11:00 the exchange still lists the withdrawal as on its way."""
    slow = paid_out("1", at("10:50"), quantity="2000", seen=30)
    life = Life(still(slow))
    life.collect(at("10:00"))
    pending = (replace(slow, stage=Stage.PENDING, at=slow.listed_at),)
    life.decide(replace(life.read(at("11:00")), sources={DEPOSITS: (), WITHDRAWALS: pending}))
    assert (life.state.pending, indices(life)) == (pending, [Decimal(1), Decimal("0.9")])
    outcome = life.collect(at("12:00"))
    assert [(flow.at, flow.usd) for flow in outcome.booked] == [(at("10:50"), Decimal(-2000))]
    assert (outcome.restated_from, life.state.pending) == (at("10:50"), ())
    assert {*indices(life)} == {Decimal(1)}


def test_a_movement_that_was_rejected_is_settled_and_no_flow() -> None:
    life = Life(still(replace(paid_in("1", at("10:30")), stage=Stage.DROPPED)))
    life.collect(at("10:00"))
    assert life.collect(at("11:00")).booked == ()
    assert "deposit:1" in life.state.known


def test_a_candle_that_could_not_be_fetched_holds_the_snapshot_until_a_run_has_it() -> None:
    life = Life(still(paid_in("1", at("10:30"), "SOL", "10"), price=wavy))
    life.collect(at("10:00"))
    outcome = life.collect(at("11:00"), without("SOL"))
    assert outcome.snapshot is not None
    assert (outcome.snapshot.missing, outcome.booked) == (("price:SOL",), ())
    assert [movement.asset for movement in life.state.waiting] == ["SOL"]
    outcome = life.collect(at("12:00"))
    assert [(flow.at, flow.usd) for flow in outcome.booked] == [(at("10:30"), 10 * wavy("SOLUSDT", at("10:30")))]
    assert [row.at for row in outcome.rows] == [at("11:00"), at("12:00")]


def test_a_late_flow_at_a_snapshots_own_instant_leaves_that_snapshots_prices_in_force() -> None:
    """The candle's open is of the beginning of that minute; the snapshot's price was stored first."""
    moved = paid_in("1", at("11:00:40"), "SOL", "10")
    ticking = replace(still(moved), price=lambda name, when: Decimal(BASES[name] + when.second))
    life, twin = Life(replace(ticking, hidden=frozenset({moved.id}))), Life(ticking)
    for when in ("10:00", "11:00:40", "12:00"):
        life.collect(at(when))
        twin.collect(at(when))
    life.world = ticking
    life.collect(at("13:00"))
    twin.collect(at("13:00"))
    assert life.rows == twin.rows
    assert life.prices["BTC", at("11:00:40")].usd == BASES["BTCUSDT"] + 40


def test_a_flow_at_the_very_instant_of_a_snapshot_belongs_to_it_and_its_candle_too() -> None:
    life = Life(still(paid_in("1", at("11:00"), "SOL", "10")))
    life.collect(at("10:00"))
    outcome = life.collect(at("11:00"), without("SOL"))
    assert outcome.snapshot is not None
    assert outcome.snapshot.missing == ("price:SOL",)
    (held, _) = life.collect(at("12:00")).rows
    assert (held.flow_usd, held.nav_index) == decs(2000, 1)


def test_a_coin_that_counts_nothing_waits_for_its_market_and_holds_nothing_back() -> None:
    life = Life(still(paid_in("1", at("10:30"), "SOL", "10"), markets=lambda symbol, _: symbol != "SOLUSDT"))
    life.collect(at("10:00"))
    outcome = life.collect(at("11:00"))
    assert outcome.snapshot is not None
    assert (outcome.snapshot.missing, outcome.booked) == ((), ())
    assert indices(life) == [1, 1]
    assert [movement.id for movement in life.state.unpriced] == ["deposit:1"]
    life.world = replace(
        life.world, markets=lambda _symbol, _when: True, candles=lambda _symbol, when: when >= at("11:30")
    )
    outcome = life.collect(at("12:00"))
    assert [(flow.at, flow.usd) for flow in outcome.booked] == [(at("10:30"), Decimal(2000))]
    assert (outcome.restated_from, life.state.unpriced) == (at("10:30"), ())


def test_a_coin_whose_market_closed_leaves_at_its_last_price_without_a_loss() -> None:
    """The withdrawal waited for a market that never came, while NAV had fallen by all of the coin."""
    held = amounts(USDT="10000", SOL="50")
    life = Life(
        still(
            paid_out("1", at("11:30"), "SOL", "50"),
            held=held,
            markets=lambda name, when: name != "SOLUSDT" or when < at("10:30"),
        )
    )
    for when in ("10:00", "11:00", "12:00"):
        life.collect(at(when))
    assert [(row.nav_usd, row.nav_index) for row in life.rows] == [decs(20_000, 1), decs(20_000, 1), decs(10_000, 1)]
    assert [flow.usd for flow in life.flows.values()] == [-10_000]


def test_money_that_moved_while_the_account_was_read_makes_it_partial() -> None:
    life = Life(still(paid_in("1", at("11:01"), quantity="5000")))
    life.collect(at("10:00"))
    outcome = life.collect(at("11:00"), took=2)
    assert outcome.snapshot is not None
    assert (outcome.snapshot.missing, outcome.state.held) == (("flows:between",), ())
    outcome = life.collect(at("12:00"))
    assert [(row.at, row.flow_usd, row.nav_index) for row in outcome.rows] == [(at("12:00"), *decs(5000, 1))]


def test_money_that_moved_while_lists_were_waited_for_is_of_the_next_snapshot() -> None:
    life = Life(still(paid_in("1", at("11:01"), quantity="5000")))
    life.collect(at("10:00"))
    reading = replace(life.read(at("11:00"), took=2), until=None)  # all balances were read at once
    outcome = life.decide(as_of_balances(reading))
    assert [movement.id for movement in outcome.state.pending] == ["deposit:1"]
    life.collect(at("12:00"))
    assert [(row.at, row.nav_usd, row.flow_usd, row.nav_index) for row in life.rows] == [
        (at("10:00"), *decs(20_000, 0, 1)),
        (at("11:00"), *decs(20_000, 0, 1)),
        (at("12:00"), *decs(25_000, 5_000, 1)),
    ]


def test_a_run_without_prices_stores_a_partial_snapshot_and_what_came_waits() -> None:
    life = Life(still(paid_in("1", at("10:30"), quantity="5000")))
    life.collect(at("10:00"))
    outcome = life.collect(at("11:00"), Broken(book=True))
    assert outcome.snapshot is not None
    assert (outcome.snapshot.missing, outcome.booked) == (("prices", "price:USDT"), ())
    assert [row.at for row in life.collect(at("12:00")).rows] == [at("12:00")]
    assert indices(life) == [1, 1]


def test_while_the_total_was_never_read_nothing_is_complete() -> None:
    life = Life(still(totals=amounts(trading_bots="300")))
    outcome = life.collect(at("10:00"), Broken(totals=True))
    assert outcome.snapshot is not None
    assert outcome.snapshot.missing == ("totals",)
    assert life.collect(at("11:00")).rows[0].nav_usd == 20_300
    outcome = life.collect(at("12:00"), Broken(totals=True))
    assert outcome.snapshot is not None
    assert (outcome.snapshot.missing, outcome.snapshot.checks) == (("trading_bots",), None)


def test_a_rebalance_at_the_very_instant_of_a_snapshot_takes_its_prices() -> None:
    life = Life(still(price=wavy))
    life.collect(at("11:00"))
    outcome = life.collect(at("12:00"))
    assert life.asked == []
    (event,) = outcome.events
    assert (event.kind, event.at) == ("rebalance", at("12:00"))
    assert life.collect(at("13:00")).events == ()


def test_missed_rebalances_are_made_up_one_by_one_at_their_own_prices() -> None:
    life = Life(still(price=wavy))
    life.collect(at("11:00"))
    outcome = life.collect(at("20 10:00"))
    assert [event.at for event in outcome.events] == [at("12:00"), at("12 12:00"), at("19 12:00")]
    for event in outcome.events:
        btc, eth = (wavy(symbol, event.at) * event.benchmark.units[symbol[:3]] for symbol in ("BTCUSDT", "ETHUSDT"))
        assert abs(btc - eth) < Decimal("1e-20")


def test_a_rebalance_asked_for_needs_a_snapshot_and_waits_for_its_price() -> None:
    life = Life(still(price=wavy))
    life.collect(at("13:00"))
    assert [event.at for event in life.collect(at("14:00"), now=True).events] == [at("14:00")]
    assert life.collect(at("15:00"), Broken(wallets=("spot",)), now=True).events == ()
    assert [event.at for event in life.collect(at("16:00")).events] == [at("15:00")]


def test_a_rebalance_half_of_whose_prices_were_fetched_is_asked_for_again() -> None:
    """One coin's price made it count as priced: no later run could be computed, and the account stayed in error."""
    life = Life(still(price=wavy))
    life.collect(at("11:00"))
    outcome = life.collect(at("13:00"), without("ETH"))
    assert outcome.snapshot is not None
    assert outcome.snapshot.missing == ("price:ETH",)
    outcome = life.collect(at("14:00"))
    assert Want("ETH", at("12:00")) in life.asked
    assert [row.at for row in outcome.rows] == [at("13:00"), at("14:00")]
    twin = Life(still(price=wavy))
    for when in ("11:00", "13:00", "14:00"):
        twin.collect(at(when))
    assert life.rows == twin.rows


def test_a_rebalance_in_a_minute_without_candles_takes_the_prices_before_it() -> None:
    """The exchange paused: the price before was forgotten with the checkpoint, and the account stayed in error."""
    life = Life(still(price=wavy, candles=lambda _symbol, when: when != at("12:00")))
    for when in ("10:00", "11:00", "13:00"):
        life.collect(at(when))
    (event,) = [event for event in life.events if event.kind == "rebalance"]
    eleven = {coin: wavy(coin + "USDT", at("11:00")) for coin in ("BTC", "ETH")}
    assert event.at == at("12:00")
    assert abs(event.benchmark.units["BTC"] * eleven["BTC"] - event.benchmark.units["ETH"] * eleven["ETH"]) < 1


def test_a_reading_decided_on_late_takes_its_place_before_the_newest_snapshot() -> None:
    """A forced run that lost the race for the version stored a complete snapshot without a row."""
    life = Life(still(price=wavy))
    life.collect(at("10:00"))
    for slow, fast in (("11:20", "11:25"), ("12:50", "13:00")):
        reading = life.read(at(slow))
        life.collect(at(fast))
        life.decide(reading)
    assert [row.at for row in life.rows] == [at("10:00"), at("11:20"), at("12:50"), at("13:00")]
    assert life.state.watermarks == dict.fromkeys((DEPOSITS, WITHDRAWALS), at("13:00"))
    assert life.collect(at("14:00")).restated_from is None


def test_one_held_by_a_late_decision_completes_before_the_newest_snapshot() -> None:
    life = Life(still(paid_in("1", at("10:55"), "SOL", "1"), price=wavy))
    life.collect(at("10:00"))
    reading = life.read(at("10:50"), NO_DEPOSITS)
    life.collect(at("11:00"), Broken(sources=(DEPOSITS,)))
    life.decide(reading, NO_DEPOSITS)
    life.collect(at("12:00"))
    assert [row.at for row in life.rows] == [at("10:00"), at("11:00"), at("12:00")]


def test_history_is_not_changed_without_the_truth() -> None:
    life = Life(still(paid_in("1", at("10:30")), hidden=frozenset({"deposit:1"})))
    for when in ("10:00", "11:00"):
        life.collect(at(when))
    life.world = replace(life.world, hidden=frozenset())
    observation = Observation(at("12:00"), 60, life.read(at("12:00")))
    with pytest.raises(TruthNeeded, match="2026-01-05T12:00:00"):
        advance(Case(life.state, life.policy, observation, READABLE))


def test_two_runs_that_read_the_same_window_after_an_outage_book_its_flows_once() -> None:
    """The first one moved the window past them and forgot their ids, and the second could never be stored."""
    life = Life(still(paid_in("1", at("11:30"))))
    life.collect(at("10:00"))
    reading = life.read(at("17 10:00"))
    assert [flow.id for flow in life.decide(reading).booked] == ["deposit:1"]
    assert life.decide(reading).booked == ()
    life.collect(at("17 11:00"))
    assert life.state.known == {}


def test_ids_that_cannot_be_listed_again_are_forgotten() -> None:
    life = Life(still(*(paid_in(str(day), at("10:30") + day * DAY) for day in range(20))))
    for day in range(21):
        life.collect(at("10:00") + day * DAY)
    assert len(life.flows) == 20
    assert life.state.known.keys() == {f"deposit:{day}" for day in range(12, 20)}  # the last window began on day 12
    assert life.state.prices[-1].at >= at("25 10:00")  # and prices that are accounted for


def test_a_source_that_failed_from_the_first_run_on_for_a_month_loses_nothing() -> None:
    """Its window began 30 days before the run that read it, and a deposit before that was never booked."""
    life = Life(still(paid_in("1", at("11:30"), quantity="5000")))
    for day in range(0, 46, 5):
        life.collect(at("10:00") + day * DAY, NO_DEPOSITS)
    life.collect(at("11:00") + 45 * DAY)
    assert [flow.usd for flow in life.flows.values()] == [5000]
    assert {*indices(life)} == {Decimal(1)}


def test_what_the_last_whole_snapshot_was_made_of_is_remembered_and_no_partial_one() -> None:
    life = Life(still())
    first = life.collect(at("10:00")).snapshot
    assert first is not None
    assert life.state.basis == Basis(first.at, first.holdings, first.positions, levels=first.levels)
    life.collect(at("11:00"), Broken(wallets=("usdm",)))
    assert life.state.basis is not None
    assert life.state.basis.at == at("10:00")
    life.collect(at("12:00"), NO_DEPOSITS)  # held for its flows, yet all of its value is known
    assert life.state.basis.at == at("12:00")


def test_the_same_case_gives_the_same_outcome() -> None:
    life = Life(still(paid_in("1", at("10:30"), "SOL", "3"), price=wavy))
    life.collect(at("10:00"))
    reading, state = life.read(at("11:00")), life.state
    opens = {Want(coin, at("10:30")): Decimal(1) for coin in ("BTC", "ETH", "SOL")}
    case = Case(state, life.policy, Observation(at("11:00"), 60, reading, opens), READABLE)
    assert advance(case) == advance(case)
    assert life.state == state


def test_last_prices_are_those_seen_last() -> None:
    life = Life(still(price=wavy))
    for when in (at("10:00"), at("10:00") + HOUR):
        life.collect(when)
    assert life.state.last_prices["BTC"] == PricePoint("BTC", at("11:00"), wavy("BTCUSDT", at("11:00")))
