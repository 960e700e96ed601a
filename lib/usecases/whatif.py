"""The same account against another benchmark: computed from what is stored, and stored nowhere."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from lib.domain.benchmark import PROPORTIONAL, Policy
from lib.domain.money import ZERO, exact
from lib.domain.portfolio import PricedHolding, value_usd
from lib.domain.prices import PriceHistory
from lib.domain.replay import Facts, against
from lib.domain.requests import WhatIf
from lib.domain.schedule import MOMENT
from lib.domain.series import farthest
from lib.domain.survey import ALWAYS_PRICED
from lib.errors import InvalidInput
from lib.ports import Store
from lib.records import AccountHistory


class NoStoredPrices(InvalidInput):
    """A benchmark names an asset whose prices were not kept since the start."""

    code = "no_stored_prices"


async def as_if(store: Store, history: AccountHistory, what: WhatIf) -> AccountHistory:
    """Return `history` with another benchmark; its own flow rules, rebalance rule and cost stay.

    What was held on day one is kept in proportion and never rebalanced.
    Raises: NoStoredPrices. Source: product, 6.
    """
    if history.inception is None:
        return history
    policy = await _policy(store, history, history.inception, what)
    prices = await store.price_history(sorted(policy.weights), history.inception)
    for asset in policy.weights:
        if not prices.has(asset, history.inception):
            raise NoStoredPrices("benchmark", f"no prices of {asset} are stored since the start of {history.name}")
    own = {*ALWAYS_PRICED, *history.policy.weights}  # where these have no newer price, no figure has one
    for asset in sorted(policy.weights.keys() - own) if what.weights is not None else ():
        if gone := _first_without(prices, asset, history):
            told = f"no price of {asset} was kept for {history.name} in the time before {gone:%d %b %Y %H:%M} UTC"
            raise NoStoredPrices("benchmark", told)
    asked = () if what.weights is None else history.rebalances
    story = against(history.rows, Facts(policy, (), history.flows, prices, asked))
    end = story.checkpoint
    return replace(
        history,
        policy=policy,
        rows=story.rows,
        events=story.events,
        prices=prices,
        benchmark=end.benchmark if end else None,
    )


def _first_without(prices: PriceHistory, asset: str, history: AccountHistory) -> datetime | None:
    """Return the first snapshot before which the coin's last price lies more than a gap: it would be a flat line."""
    most = farthest(history.slot_minutes)
    return prices.first_old(asset, [row.at for row in history.rows], [most[one] for one in history.slot_minutes])


async def _policy(store: Store, history: AccountHistory, inception: datetime, what: WhatIf) -> Policy:
    if what.weights is not None:
        return replace(history.policy, weights=dict(sorted(what.weights.items())))
    # The last whole snapshot before the moment after the inception is the one taken at it.
    basis = (await store.bases(history.id, [inception + MOMENT]))[inception + MOMENT]
    weights = _weights(basis.holdings) if basis is not None and basis.at == inception else {}
    if not weights:
        raise NoStoredPrices("benchmark", f"what {history.name} held on day one is not known")
    return replace(history.policy, weights=weights, deposits=PROPORTIONAL, rebalance=None)


@exact
def _weights(holdings: tuple[PricedHolding, ...]) -> Mapping[str, Decimal]:
    """Return the shares of the assets with a positive net value; the last makes the sum 1 to the last digit."""
    net: dict[str, Decimal] = {}
    for priced in holdings:
        net[priced.holding.asset] = net.get(priced.holding.asset, ZERO) + value_usd(priced)
    held = {asset: worth for asset, worth in sorted(net.items()) if worth > 0}
    total = sum(held.values(), ZERO)
    shares = {asset: worth / total for asset, worth in held.items()}
    if shares:
        last = next(reversed(shares))
        shares[last] += 1 - sum(shares.values())
    return shares
