"""The benchmark: a portfolio held by rule that gets the same money at the same times."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from lib.domain.flows import InvalidFlow, NetFlow
from lib.domain.money import HAIR, ONE, ZERO, exact
from lib.domain.prices import Prices
from lib.domain.schedule import Rule, Weekly
from lib.errors import InvalidInput

TARGET_WEIGHTS, PROPORTIONAL = "target_weights", "proportional"
DOLLAR_MATCHED, FRACTION_MATCHED = "dollar_matched", "fraction_matched"

_BASIS_POINTS = Decimal(10_000)
_MOST_RISK_FREE = 100  # ten thousand percent a year; statistics are no numbers far beyond


@dataclass(frozen=True, slots=True)
class Policy:
    """What the benchmark is. The policy in force applies to the whole history.

    Units: `cost_bp` basis points of what a rebalance buys and sells; `risk_free` a yearly ratio.
    """

    weights: Mapping[str, Decimal] = field(default_factory=lambda: {"BTC": Decimal("0.5"), "ETH": Decimal("0.5")})
    rebalance: Rule = field(default_factory=Weekly)
    deposits: str = TARGET_WEIGHTS
    withdrawals: str = DOLLAR_MATCHED
    cost_bp: Decimal = ZERO
    risk_free: Decimal = ZERO

    def __post_init__(self) -> None:
        if not self.weights or any(weight <= 0 for weight in self.weights.values()):
            raise InvalidInput("weights", "each must be positive")
        if (total := _total(self.weights)) != 1:
            raise InvalidInput("weights", f"must add up to 1, got {total}")
        if self.deposits not in (TARGET_WEIGHTS, PROPORTIONAL):
            raise InvalidInput("deposits", f"must be {TARGET_WEIGHTS} or {PROPORTIONAL}, got {self.deposits!r}")
        if self.withdrawals not in (DOLLAR_MATCHED, FRACTION_MATCHED):
            raise InvalidInput("withdrawals", f"must be {DOLLAR_MATCHED} or {FRACTION_MATCHED}")
        if not 0 <= self.cost_bp <= _BASIS_POINTS / 2:
            raise InvalidInput("cost_bp", f"must be between 0 and 5000, got {self.cost_bp}")
        if not -1 <= self.risk_free <= _MOST_RISK_FREE:
            raise InvalidInput("risk_free", f"must be between -1 and {_MOST_RISK_FREE} (0.05 is 5 %)")


@exact
def _total(weights: Mapping[str, Decimal]) -> Decimal:
    return sum(weights.values(), ZERO)


@dataclass(frozen=True, slots=True)
class Benchmark:
    """Coins held, and what is owed to the comparison once withdrawals took more than there was.

    Units: `units` in coins, never negative; `shortfall_usd` is what could not be withdrawn.
    """

    weights: Mapping[str, Decimal]
    units: Mapping[str, Decimal]
    exhausted_at: datetime | None = None
    shortfall_usd: Decimal = ZERO


@exact
def start(weights: Mapping[str, Decimal], nav_usd: Decimal, prices: Prices) -> Benchmark:
    """Return the benchmark that buys `nav_usd` at target weights; an account worth nothing starts it at 0.

    Raises: MissingPrice. Source: product, 4.5.
    """
    worth = max(nav_usd, ZERO)
    return Benchmark(weights, {asset: weight * worth / prices.of(asset) for asset, weight in weights.items()})


@exact
def value(benchmark: Benchmark, prices: Prices) -> Decimal:
    """Return what the coins are worth. Units: USD. Raises: MissingPrice."""
    return values(benchmark, {asset: (prices.of(asset),) for asset in benchmark.units})[0]


@exact
def values(benchmark: Benchmark, prices: Mapping[str, Sequence[Decimal]]) -> list[Decimal]:
    """Return what the coins are worth at each of several instants. Units: USD, prices in USD per coin.

    Every coin has a price of each instant.
    """
    (first, held), *others = benchmark.units.items()
    worth = [held * usd for usd in prices[first]]
    for asset, held in others:
        worth = [so_far + held * usd for so_far, usd in zip(worth, prices[asset], strict=True)]
    return worth


@exact
def deposit(benchmark: Benchmark, flow: NetFlow, prices: Prices) -> Benchmark:
    """Return the benchmark after `flow` bought its assets at target weights.

    Units:  `flow.usd` in USD, prices in USD per coin, result in coins.
    Raises: InvalidFlow unless `flow.usd` > 0; MissingPrice.
    Source: product, 4.5.
    """
    if flow.usd <= 0:
        raise InvalidFlow(f"deposit at {flow.at.isoformat()} must be positive, got {flow.usd} USD")
    bought = {asset: weight * flow.usd / prices.of(asset) for asset, weight in benchmark.weights.items()}
    return replace(benchmark, units={asset: held + bought[asset] for asset, held in benchmark.units.items()})


@exact
def withdraw(benchmark: Benchmark, flow: NetFlow, prices: Prices) -> Benchmark:
    """Return the benchmark after the same dollars were sold out of it, each coin by the same fraction.

    What exceeds its worth becomes shortfall, and it counts as exhausted for good; units never turn negative.

    Raises: InvalidFlow unless `flow.usd` < 0; MissingPrice.
    Source: product, 4.5 (`dollar_matched`).
    """
    if flow.usd >= 0:
        raise InvalidFlow(f"withdrawal at {flow.at.isoformat()} must be negative, got {flow.usd} USD")
    taken, worth = -flow.usd, value(benchmark, prices)
    kept = ONE - taken / worth if worth > 0 else -ONE
    if kept > HAIR:
        return replace(benchmark, units={asset: held * kept for asset, held in benchmark.units.items()})
    nothing = dict.fromkeys(benchmark.units, ZERO)
    if kept >= -HAIR:
        return replace(benchmark, units=nothing)
    return replace(
        benchmark,
        units=nothing,
        exhausted_at=benchmark.exhausted_at or flow.at,
        shortfall_usd=benchmark.shortfall_usd + taken - worth,
    )


@exact
def deposit_proportionally(benchmark: Benchmark, flow: NetFlow, prices: Prices) -> Benchmark:
    """Return the benchmark after `flow` bought more of what it holds; where that is nothing, of target weights.

    Raises: InvalidFlow unless `flow.usd` > 0; MissingPrice. Source: product, 4.5 (`proportional`).
    """
    worth = value(benchmark, prices)
    if flow.usd <= 0 or worth <= 0:
        return deposit(benchmark, flow, prices)
    grown = ONE + flow.usd / worth
    return replace(benchmark, units={asset: held * grown for asset, held in benchmark.units.items()})


@exact
def withdraw_fraction(benchmark: Benchmark, flow: NetFlow, account_usd: Decimal) -> Benchmark:
    """Return the benchmark after the fraction of it was sold that left the account, which was worth `account_usd`.

    Raises: InvalidFlow unless `flow.usd` < 0. Source: product, 4.5 (`fraction_matched`: all of it at most, without
    shortfall).
    """
    if flow.usd >= 0:
        raise InvalidFlow(f"withdrawal at {flow.at.isoformat()} must be negative, got {flow.usd} USD")
    kept = ONE + flow.usd / account_usd if -flow.usd < account_usd else ZERO
    return replace(benchmark, units={asset: held * kept for asset, held in benchmark.units.items()})


@exact
def rebalance(benchmark: Benchmark, prices: Prices, cost_bp: Decimal = ZERO) -> Benchmark:
    """Return the benchmark brought back to its target weights; its value changes by the cost alone.

    Units: `cost_bp` basis points of the turnover, which is what is bought plus what is sold, before the cost.
    Raises: MissingPrice. Source: product, 4.5.
    """
    worth = value(benchmark, prices)
    moved = (abs(benchmark.weights[asset] * worth - held * prices.of(asset)) for asset, held in benchmark.units.items())
    left = worth - sum(moved, ZERO) * cost_bp / _BASIS_POINTS if cost_bp else worth
    return replace(
        benchmark, units={asset: benchmark.weights[asset] * left / prices.of(asset) for asset in benchmark.units}
    )


@exact
def drift(benchmark: Benchmark, prices: Prices) -> Decimal:
    """Return how far the weight furthest from its target is from it; 0 where nothing is held. Raises: MissingPrice."""
    worth = value(benchmark, prices)
    if worth <= 0:
        return ZERO
    shares = {asset: held * prices.of(asset) / worth for asset, held in benchmark.units.items()}
    return max(abs(share - benchmark.weights[asset]) for asset, share in shares.items())


def settle(policy: Policy, benchmark: Benchmark, flow: NetFlow, prices: Prices, account_usd: Decimal) -> Benchmark:
    """Return the benchmark after `flow` by the rules of `policy`; the account was worth `account_usd` before it."""
    if flow.usd > 0:
        put_in = deposit if policy.deposits == TARGET_WEIGHTS else deposit_proportionally
        return put_in(benchmark, flow, prices)
    if policy.withdrawals == DOLLAR_MATCHED:
        return withdraw(benchmark, flow, prices)
    return withdraw_fraction(benchmark, flow, account_usd)
