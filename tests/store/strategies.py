"""Hypothesis strategies for all that an account remembers."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from lib.domain.benchmark import (
    DOLLAR_MATCHED,
    FRACTION_MATCHED,
    PROPORTIONAL,
    TARGET_WEIGHTS,
    Benchmark,
    Policy,
)
from lib.domain.flows import CashFlow, Movement, Stage
from lib.domain.income import IncomeMark
from lib.domain.jump import Jump
from lib.domain.keys import KeyCheck
from lib.domain.levels import Levels
from lib.domain.portfolio import Holding, OpenPosition, PricedHolding, Terms
from lib.domain.prices import PricePoint
from lib.domain.reading import Basis
from lib.domain.replay import Checkpoint, Row
from lib.domain.schedule import Band, Daily, Monthly, Weekly
from lib.domain.state import AccountState, Held

numbers = st.one_of(
    st.decimals(allow_nan=False, allow_infinity=False, min_value="-1e30", max_value="1e30"),
    st.decimals(allow_nan=False, allow_infinity=False, places=45, min_value=-9999, max_value=9999),
    st.sampled_from(["0", "-0", "1E+3", "1E-30", "0.10"]).map(Decimal),
)
_EPOCH = datetime(2017, 7, 1, tzinfo=UTC)
times = st.timedeltas(timedelta(0), timedelta(days=30_000)).map(lambda passed: _EPOCH + passed)
# Postgres keeps no NUL in JSON; everything else may come from an exchange.
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)
names = st.sampled_from(["BTC", "ETH", "SOL", "1000SATS", "LDBTC", "ß"])

movements = st.builds(
    Movement,
    id=texts,
    source=texts,
    asset=names,
    quantity=numbers,
    stage=st.sampled_from(Stage),
    listed_at=times,
    at=times,
    detail=texts,
    fee=numbers,
)
flows = st.builds(
    CashFlow,
    id=texts,
    at=times,
    usd=numbers,
    value_before_usd=st.none() | numbers,
    asset=names,
    quantity=numbers,
    source=texts,
    detail=texts,
)
prices = st.builds(PricePoint, asset=names, at=times, usd=numbers)
rows = st.builds(
    Row,
    at=times,
    slot=times,
    nav_usd=numbers,
    benchmark_usd=numbers,
    nav_index=numbers,
    benchmark_index=numbers,
    flow_usd=numbers,
    rung=st.none() | st.integers(1, 5),
    note=st.none() | st.sampled_from(["start", "idle", "wiped_out", "new_segment"]),
)
amounts = st.dictionaries(names, numbers, max_size=4)
benchmarks = st.builds(Benchmark, weights=amounts, units=amounts, exhausted_at=st.none() | times, shortfall_usd=numbers)
held = st.builds(
    Held,
    at=times,
    slot=times,
    nav_usd=numbers,
    missing=st.lists(texts, max_size=3).map(tuple),
    since=st.none() | times,
    until=st.none() | times,
)


def tuples[T](of: st.SearchStrategy[T]) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(of, max_size=3).map(tuple)


marks = st.builds(IncomeMark, asked_at=times, through=times, keys=tuples(texts), unfinished=st.booleans())
terms = st.builds(
    Terms,
    entry_usd=numbers,
    leverage=st.none() | numbers,
    margin=st.sampled_from(["cross", "isolated"]),
    liquidation_usd=st.none() | numbers,
    unrealised_usd=numbers,
)
checks = st.builds(
    KeyCheck,
    at=times,
    risky=tuples(texts),
    ip_restricted=st.booleans(),
    portfolio_margin=st.booleans(),
    unopened=tuples(texts),
)


@st.composite
def bases(draw: st.DrawFn) -> Basis:
    at, priced = draw(times), st.one_of(st.none(), st.tuples(numbers, times))
    holdings = draw(tuples(st.tuples(st.builds(Holding, wallet=texts, asset=names, quantity=numbers), priced)))
    positions = st.builds(
        OpenPosition,
        wallet=texts,
        symbol=texts,
        side=st.sampled_from(["long", "short"]),
        quantity=numbers,
        price_usd=numbers,
        coin=st.none() | names,
        terms=st.none() | terms,
    )
    return Basis(
        at,
        tuple(PricedHolding(held, *(price or (None, None))) for held, price in holdings),
        draw(tuples(positions)),
        draw(tuples(st.builds(Holding, wallet=texts, asset=names, quantity=numbers))),
        draw(st.none() | st.builds(Levels, numbers, numbers)),
    )


states = st.builds(
    AccountState,
    watermarks=st.dictionaries(texts, times, max_size=3),
    known=st.dictionaries(texts, times, max_size=3),
    turns=st.dictionaries(texts, st.integers(0, 9), max_size=3),
    pending=tuples(movements),
    waiting=tuples(movements),
    unpriced=tuples(movements),
    held=tuples(held),
    ahead=tuples(flows),
    prices=tuples(prices),
    rebalances=tuples(times),
    checkpoint=st.none() | st.builds(Checkpoint, inception=times, last=rows, benchmark=benchmarks),
    last_prices=st.dictionaries(names, prices, max_size=3),
    day_one=tuples(names),
    totals=st.none() | amounts,
    basis=st.none() | bases(),
    income=st.dictionaries(texts, marks, max_size=2),
    estimated=st.booleans(),
    checked=st.none() | checks,
    refused=st.dictionaries(texts, times, max_size=3),
    used=st.frozensets(texts, max_size=3),
    twins=tuples(movements),
    aliases=st.dictionaries(texts, texts, max_size=3),
    retaken=tuples(times),
    jumps=tuples(st.builds(Jump, slot=times, at=times, since=times, usd=numbers, tolerance_usd=numbers)),
)


hours = st.integers(0, 23)
rules = (
    st.none()
    | st.builds(Daily, hours)
    | st.builds(Weekly, st.integers(0, 6), hours)
    | st.builds(Monthly, st.integers(1, 31), hours)
    | st.builds(Band, st.decimals("0.001", "0.999", places=3))
)
policies = st.builds(
    Policy,
    weights=st.integers(1, 999).map(lambda part: {"BTC": Decimal(part) / 1000, "ETH": 1 - Decimal(part) / 1000}),
    rebalance=rules,
    deposits=st.sampled_from((TARGET_WEIGHTS, PROPORTIONAL)),
    withdrawals=st.sampled_from((DOLLAR_MATCHED, FRACTION_MATCHED)),
    cost_bp=st.decimals(0, 100, places=2),
    risk_free=st.decimals("-0.05", "0.2", places=4),
)
