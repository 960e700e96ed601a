"""Give an account's benchmark another policy: the whole history is drawn anew, and the change is kept."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from lib.domain import amendment, schedule
from lib.domain.amendment import PriceNotFetched, Standing
from lib.domain.benchmark import Policy
from lib.domain.policies import from_words, in_words
from lib.domain.prices import USD, PricePoint, history_of
from lib.domain.reading import Want
from lib.domain.valuation import route
from lib.records import Account, VersionMoved
from lib.usecases.collect import Collector
from lib.usecases.logbook import Logbook
from lib.usecases.reading import read_opens
from lib.usecases.whatif import NoStoredPrices

_ATTEMPTS = 3


async def change(desk: Collector, account_id: str, words: Mapping[str, object]) -> Policy:
    """Put `words`, the parts of a policy that change, into force for the whole history.

    Raises: InvalidInput, NoStoredPrices, NotFound, PriceNotFetched. Retry: safe. Source: product, 4.5.
    """
    run = secrets.token_hex(8)
    for _ in range(_ATTEMPTS):
        account = await desk.store.load(account_id)
        policy = from_words({**in_words(account.policy), **words})
        if policy == account.policy:
            return policy
        outcome = amendment.change_policy(*await _gather(desk, account, policy), desk.clock.now())
        book = Logbook(run, desk.clock, account_id).draft()
        was, became = in_words(account.policy), in_words(policy)
        parts = [name for name in became if became[name] != was[name]]
        message = f"the benchmark was computed anew since the start: {', '.join(parts)} changed"
        book.warn("account.policy", message, was=was, became=became)
        try:
            await desk.store.commit(account, run, outcome, None, book.entries)
        except VersionMoved:
            continue
        book.publish()
        return policy
    raise VersionMoved(f"account {account_id!r} kept changing: try again")


async def _gather(desk: Collector, account: Account, policy: Policy) -> tuple[Standing, Policy, tuple[PricePoint, ...]]:
    """Return the account with the stored prices of the new assets, and those of rebalances that were not due before."""
    truth = await desk.store.truth(account.id)
    checkpoint = account.state.checkpoint
    if checkpoint is None:
        return Standing(account.state, account.policy, truth), policy, ()
    stored = await desk.store.prices(sorted(policy.weights), checkpoint.inception)
    found = history_of(stored)
    for asset in policy.weights:
        if not found.has(asset, checkpoint.inception):
            raise NoStoredPrices("weights", f"no prices of {asset} are stored since the start of {account.name}")
    lacking = [
        Want(asset, at)
        for at in schedule.due(policy.rebalance, checkpoint.inception, checkpoint.last.at)
        for asset in policy.weights
        if asset != USD and not found.has(asset, at)
    ]
    learned = await _fetch(desk, lacking) if lacking else ()
    later = tuple(point for point in stored if point.at > checkpoint.last.at)
    state = replace(account.state, prices=later)
    return Standing(state, account.policy, replace(truth, prices=stored)), policy, learned


async def _fetch(desk: Collector, wanted: Sequence[Want]) -> tuple[PricePoint, ...]:
    book = await desk.exchange.prices()
    listed = [want for want in wanted if route(want.name, book)]
    opens = await read_opens(desk.exchange, listed, book)
    for want in listed:
        if want not in opens:
            raise PriceNotFetched(f"the price of {want.name} at {_time(want.at)} could not be fetched")
    # A minute without a candle has no price of its own: the one before it stays in force.
    return tuple(PricePoint(want.name, want.at, usd) for want, usd in opens.items() if usd is not None)


def _time(at: datetime) -> str:
    return f"{at:%d %b %Y %H:%M} UTC"
