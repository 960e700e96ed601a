"""Give an account's benchmark another policy: the whole history is drawn anew, and the change is kept."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from lib.domain import amendment, schedule
from lib.domain.amendment import PriceNotFetched, Standing
from lib.domain.benchmark import Policy
from lib.domain.policies import from_words, in_words
from lib.domain.prices import USD, PriceHistory, PricePoint, history_of
from lib.domain.reading import Want
from lib.domain.state import AccountState, Truth
from lib.domain.survey import tracked
from lib.domain.valuation import route
from lib.records import Account, VersionMoved
from lib.usecases import telling
from lib.usecases.collect import Collector
from lib.usecases.logbook import Logbook
from lib.usecases.opens import read_opens
from lib.usecases.whatif import NoStoredPrices

_ATTEMPTS = 3
_MOST_FETCHED = 200  # snapshots of which nobody kept a coin's price


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
        standing, learned = await _gather(desk, account, policy)
        outcome = amendment.change_policy(standing, policy, learned, desk.clock.now())
        book = Logbook(run, desk.clock, account_id).draft()
        was, became = in_words(account.policy), in_words(policy)
        parts = [name for name in became if became[name] != was[name]]
        message = f"the benchmark was computed anew since the start: {', '.join(parts)} changed"
        book.warn("account.policy", message, was=was, became=became)
        if policy.withdrawals != account.policy.withdrawals:
            start = _start(account.state)  # no flow up to there ever counts
            counted = [flow for flow in standing.truth.flows if start is not None and flow.at > start]
            telling.guesses(book, policy, outcome, counted)
        try:
            await desk.store.commit(account, run, outcome, None, book.entries)
        except VersionMoved:
            continue
        book.publish()
        return policy
    raise VersionMoved(f"account {account_id!r} kept changing: try again")


async def _gather(desk: Collector, account: Account, policy: Policy) -> tuple[Standing, tuple[PricePoint, ...]]:
    """Return the account with the stored prices of the new assets, and those that figures take and nobody kept."""
    truth, state = await desk.store.truth(account.id), account.state
    kept = tracked(account.policy, state.day_one)
    newcomers = tuple(asset for asset in policy.weights if asset not in kept and asset != USD)
    start = _start(state)
    if start is None:
        await _assert_priced(desk, newcomers)
        return Standing(state, account.policy, truth), ()
    stored = await desk.store.prices(sorted(policy.weights), start)
    if state.checkpoint is not None:
        _assert_stored(account, policy, history_of(stored), start)
    lacking = _lacking(account, policy, truth, history_of(stored), newcomers, start)
    learned = await _fetch(desk, lacking, newcomers) if lacking else ()
    _assert_stored(account, policy, history_of((*stored, *learned)), start)
    # What was kept before is remembered already, up to the last price of each coin.
    remembered = (*state.prices, *(point for point in stored if point.asset in newcomers))
    standing = Standing(replace(state, prices=remembered), account.policy, replace(truth, prices=stored))
    return standing, learned


def _start(state: AccountState) -> datetime | None:
    """Return the inception, or the earliest instant that may still become it."""
    return state.checkpoint.inception if state.checkpoint else min((held.at for held in state.held), default=None)


def _assert_stored(account: Account, policy: Policy, found: PriceHistory, start: datetime) -> None:
    for asset in policy.weights:
        if not found.has(asset, start):
            raise NoStoredPrices("weights", f"no prices of {asset} are stored since the start of {account.name}")


async def _assert_priced(desk: Collector, assets: Sequence[str]) -> None:
    book = await desk.exchange.prices() if assets else {}
    for asset in assets:
        if route(asset, book) is None:
            raise NoStoredPrices("weights", f"{asset} has no price")


def _lacking(
    account: Account, policy: Policy, truth: Truth, found: PriceHistory, newcomers: Sequence[str], start: datetime
) -> list[Want]:
    """Name the prices that the figures take and that are not stored.

    A coin that nobody kept for this account may have none of its flows' and its own snapshots' instants, though it was
    kept for another account, or for this one some time ago: an older price would make false figures. Raises:
    NoStoredPrices where it was not kept for long.
    """
    state = account.state
    last = state.checkpoint.last.at if state.checkpoint else start
    dates = schedule.due(policy.rebalance, start, last)
    seen = {*(point.at for point in truth.points), *(held.at for held in state.held)}
    moved = {*(flow.at for flow in truth.flows), *truth.rebalances, *state.rebalances}
    for asset in newcomers:
        if (count := sum(not found.has(asset, at) for at in seen)) > _MOST_FETCHED:
            raise NoStoredPrices("weights", f"no prices of {asset} are stored for {count} snapshots of {account.name}")
    wanted = [(asset, at) for at in dates for asset in policy.weights]
    wanted += [(asset, at) for at in sorted({*seen, *moved}) if at >= start for asset in newcomers]
    return [Want(asset, at) for asset, at in dict.fromkeys(wanted) if not found.has(asset, at)]


async def _fetch(desk: Collector, wanted: Sequence[Want], newcomers: Sequence[str]) -> tuple[PricePoint, ...]:
    book = await desk.exchange.prices()
    listed = [want for want in wanted if route(want.name, book) is not None]
    if ended := sorted({want.name for want in wanted if route(want.name, book) is None}.intersection(newcomers)):
        raise NoStoredPrices("weights", f"{ended[0]} has no price")
    opens = await read_opens(desk.exchange, listed, book)
    for want in listed:
        if want not in opens:
            raise PriceNotFetched(f"the price of {want.name} at {_time(want.at)} could not be fetched")
    # A minute without a candle has no price of its own: the one before it stays in force.
    return tuple(PricePoint(want.name, want.at, usd) for want, usd in opens.items() if usd is not None)


def _time(at: datetime) -> str:
    return f"{at:%d %b %Y %H:%M} UTC"
