"""Income: asked for when it is due, each row counted once whoever read it, what cannot be counted named."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.domain.harvest import SETTLING, Harvest, due, harvest
from lib.domain.income import Earned, IncomeMark, IncomeReading, IncomeRow
from lib.domain.portfolio import Holding, WalletReading
from lib.domain.prices import PricePoint
from lib.domain.reading import Reading
from lib.domain.state import AccountState, Held
from tests.builders import DAY, MINUTE, at

BOOK = {"BNBUSDT": Decimal(600), "BTCUSDT": Decimal(100_000)}
USED = WalletReading((Holding("usdm", "USDT", Decimal(5)),))
NOON = at("12:00")


def reading(*income: IncomeReading, when: datetime = NOON, **changes: object) -> Reading:
    found = {"wallets": {"usdm": USED, "coinm": WalletReading()}, **changes}
    return Reading(at=when, book=BOOK, totals=None, income=income, **found)  # type: ignore[arg-type]


def row(
    key: str, when: datetime, amount: str = "1", *, kind: str | None = "realised", asset: str = "USDT"
) -> IncomeRow:
    return IncomeRow(key, kind, "NEW" if kind is None else kind.upper(), asset, Decimal(amount), when)


def marked(through: datetime, *keys: str, asked: datetime | None = None, unfinished: bool = False) -> AccountState:
    return AccountState(income={"usdm": IncomeMark(asked or through + SETTLING, through, keys, unfinished)})


def started(when: datetime) -> AccountState:
    return AccountState(held=(Held(when, when, Decimal(1), ()),))


def test_the_first_run_asks_for_nothing_as_nothing_earlier_counts() -> None:
    assert due(AccountState(), reading(), "main") == {}


def test_what_was_never_read_begins_at_the_inception_and_at_most_thirty_days_back() -> None:
    until = NOON - SETTLING
    assert due(started(at("10:00")), reading(), "main") == {"usdm": (at("10:00"), until)}
    assert due(started(NOON - 90 * DAY), reading(), "main") == {"usdm": (until - 30 * DAY, until)}


def test_it_is_read_once_in_six_hours() -> None:
    asked = [
        minute
        for minute in range(0, 24 * 60, 30)
        if due(marked(at("00:00"), asked=at("00:00")), reading(when=at("00:00") + minute * MINUTE), "main")
    ]
    assert 0 < asked[0] <= 6 * 60
    state, count = marked(at("00:00"), asked=at("00:00")), 0
    for minute in range(30, 10 * 24 * 60 + 1, 30):
        now = reading(when=at("00:00") + minute * MINUTE)
        if due(state, now, "main"):
            state, count = marked(now.at - SETTLING, asked=now.at), count + 1
    assert count == 40


def test_a_walk_that_was_cut_short_goes_on_at_once() -> None:
    state = marked(at("03:00"), "a", asked=at("11:59"), unfinished=True)
    assert due(state, reading(), "main") == {"usdm": (at("03:00"), NOON - SETTLING)}


def test_after_a_long_outage_it_begins_where_the_exchange_still_knows() -> None:
    (span,) = due(marked(NOON - 200 * DAY), reading(), "main").values()
    assert span == (NOON - SETTLING - 90 * DAY, NOON - SETTLING)


@pytest.mark.parametrize(
    "changes",
    [
        {"wallets": {"usdm": WalletReading()}},
        {"wallets": {}},
        {"wallets": {}, "failed_wallets": ("usdm",)},
    ],
    ids=["empty", "not asked for", "not read"],
)
def test_a_wallet_that_was_never_used_is_not_asked_for(changes: Any) -> None:
    assert due(started(at("01:00")), reading(**changes), "main") == {}


def test_a_wallet_that_was_emptied_tells_its_last_income() -> None:
    assert due(marked(at("01:00")), reading(wallets={"usdm": WalletReading()}), "main") != {}
    assert due(marked(at("01:00")), reading(wallets={}, failed_wallets=("usdm",)), "main") == {}


def told(state: AccountState, through: str, *rows: IncomeRow, unfinished: bool = False) -> Harvest:
    return harvest(state, reading(IncomeReading("usdm", at(through), rows, unfinished)))


def test_rows_of_one_instant_and_kind_are_one_sum_in_dollars() -> None:
    found = told(
        AccountState(),
        "11:50",
        row("a", at("11:00"), "-0.01", kind="commission", asset="BNB"),
        row("b", at("11:00"), "-1.5", kind="commission"),
        row("c", at("11:00"), "20"),
        row("d", at("11:01"), "0.002", asset="BTC"),
    )
    assert found.earned == (
        Earned(at("11:00"), "commission", Decimal("-7.5")),
        Earned(at("11:00"), "realised", Decimal(20)),
        Earned(at("11:01"), "realised", Decimal(200)),
    )
    assert found.marks == {"usdm": IncomeMark(NOON, at("11:50"))}
    assert found.left_out == ()


def test_what_has_no_price_or_no_name_here_is_left_out_and_named() -> None:
    found = told(
        AccountState(),
        "11:50",
        row("a", at("11:00"), kind=None),
        row("b", at("11:00"), asset="XYZ"),
        row("c", at("11:02"), asset="XYZ"),
    )
    assert (found.earned, found.left_out) == ((), ("NEW in USDT", "REALISED in XYZ"))
    known = AccountState(last_prices={"XYZ": PricePoint("XYZ", at("09:00"), Decimal(3))})
    assert told(known, "11:50", row("b", at("11:00"), asset="XYZ")).earned[0].usd == 3


def test_the_last_instant_is_listed_again_and_counts_once() -> None:
    first = told(AccountState(), "11:00", row("a", at("11:00")), unfinished=True)
    assert first.marks == {"usdm": IncomeMark(NOON, at("11:00"), ("a",), unfinished=True)}
    again = told(AccountState(income=first.marks), "11:50", row("a", at("11:00")), row("b", at("11:00"), "5"))
    assert again.earned == (Earned(at("11:00"), "realised", Decimal(5)),)
    assert again.marks == {"usdm": IncomeMark(NOON, at("11:50"))}
    same = told(AccountState(income=first.marks), "11:00", row("a", at("11:00")), row("b", at("11:00"), "5"))
    assert same.marks["usdm"].keys == ("a", "b")
    without = told(AccountState(income=first.marks), "11:00", row("b", at("11:00"), "5"))
    assert without.marks["usdm"].keys == ("a", "b"), "what the exchange did not list this time stays counted"


def test_a_reading_decided_on_after_a_newer_one_was_stored_brings_nothing() -> None:
    newer = marked(at("11:50"), "c", asked=at("12:00"))
    late = told(newer, "10:00", row("a", at("09:00")), row("b", at("10:00")))
    assert (late.earned, late.marks) == ((), newer.income)


ROWS = tuple(row(str(number), at("00:00") + number // 3 * MINUTE, str(number + 1)) for number in range(40))


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=8))
def test_however_readings_overlap_each_row_counts_once(cuts: Sequence[tuple[int, int]]) -> None:
    """Each reading goes on from the mark in force when it began, which may be an older one than when it is decided."""
    past, counted = [AccountState()], Decimal(0)
    for age, length in (*cuts, (0, 40), (0, 40)):
        mark = past[max(len(past) - 1 - age, 0)].income.get("usdm")
        since = at("00:00") if mark is None else mark.through
        listed = [one for one in ROWS if one.at >= since]
        rows = listed[: length + 3]  # an instant has three rows, so each reading passes one
        unfinished = len(rows) < len(listed)
        found = told(past[-1], f"{rows[-1].at if unfinished else at('11:50'):%H:%M}", *rows, unfinished=unfinished)
        counted += sum((earned.usd for earned in found.earned), Decimal(0))
        past.append(AccountState(income=found.marks))
    assert past[-1].income["usdm"] == IncomeMark(NOON, at("11:50"))
    assert counted == sum(one.amount for one in ROWS)
