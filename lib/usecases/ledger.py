"""The ledger for its owner: read it, add a flow, void one, correct one, or declare one internal."""

import re
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from lib.domain import amendment
from lib.domain.amendment import Change, Prices, Standing
from lib.domain.flows import CashFlow, Movement, Stage
from lib.domain.money import cents_text, money_text, plain
from lib.domain.requests import ALL_ACCOUNTS, FlowChange, FlowEntry, FlowsRequest
from lib.domain.state import Decision, Outcome
from lib.domain.valuation import route
from lib.errors import InvalidInput, NotFound
from lib.ports import Store
from lib.records import Account, LedgerEntry, VersionMoved
from lib.usecases import telling
from lib.usecases.collect import Collector
from lib.usecases.logbook import Logbook
from lib.usecases.opens import read_opens

MANUAL = "manual"
BOOKED, ON_ITS_WAY, WAITING = "booked", "on_its_way", "waiting_for_price"
VOID, INTERNAL, SUPERSEDED = "void", "internal", "superseded"
_ATTEMPTS = 3
_LONGEST_REASON = 200
_PLACES = 18  # before and after the point: no coin has more, and a history file takes what comes of it
_A_QUANTITY = re.compile(rf"-?[0-9]{{1,{_PLACES}}}(\.[0-9]{{1,{_PLACES}}})?")


async def read(store: Store, request: FlowsRequest) -> dict[str, object]:
    """Answer with the ledger of an account or of all, newest first, and with what is not booked yet.

    Raises: NotFound.
    """
    is_all = request.account == ALL_ACCOUNTS
    found = await store.flows(None if is_all else request.account, request.since, request.until)
    coming = [
        (one.account, movement, name)
        for one in found
        for name, movements in ((ON_ITS_WAY, one.pending), (WAITING, one.waiting))
        for movement in movements
    ]
    booked = [(one.account, entry) for one in found for entry in one.entries]
    return {
        "account": request.account,
        "coming": [_coming(*one) for one in sorted(coming, key=lambda one: one[1].at, reverse=True)],
        "flows": [_entry(*one) for one in sorted(booked, key=lambda one: one[1].flow.at, reverse=True)],
    }


async def change(desk: Collector, wanted: FlowChange) -> dict[str, object]:
    """Do what is wanted and answer with the entry it concerns.

    Raises: InvalidInput, NotFound, PriceNotFetched.
    """
    if wanted.action == "add" and wanted.entry is not None:
        flow = await add(desk, wanted.account, wanted.entry)
    elif wanted.action == "correct" and wanted.entry is not None and wanted.flow_id is not None:
        flow = await correct(desk, wanted.account, wanted.flow_id, wanted.entry)
    elif wanted.flow_id is not None:
        decision = INTERNAL if wanted.action == INTERNAL else VOID
        flow = await void(desk, wanted.account, wanted.flow_id, wanted.reason, decision=decision)
        return {
            "flow": _entry(
                wanted.account, LedgerEntry(flow, Decision(flow.id, decision, wanted.reason, desk.clock.now()))
            )
        }
    else:
        raise InvalidInput("flow", "is needed: the id of the entry")
    return {"flow": _entry(wanted.account, LedgerEntry(flow))}


async def add(desk: Collector, account_id: str, entry: FlowEntry) -> CashFlow:
    """Book a flow that the exchange does not tell.

    Raises: InvalidInput, NotFound, PriceNotFetched. Retry: books it once more.
    """
    _check(entry.reason)
    movement = _movement(entry)
    outcome = await _change(desk, account_id, lambda _: Change(movement, None), entry.reason)
    return outcome.booked[0]


async def void(desk: Collector, account_id: str, flow_id: str, reason: str, *, decision: str = VOID) -> CashFlow:
    """Take a flow out of force; `decision` INTERNAL says that the money never left the owner's hands.

    Raises: InvalidInput, NotFound. Retry: NotFound, for it is in force no more.
    """
    _check(reason)
    gone: list[CashFlow] = []

    def make(standing: Standing) -> Change:
        gone[:] = [_in_force(standing, flow_id)]
        return Change(None, gone[0], (Decision(flow_id, decision, reason, desk.clock.now()),))

    await _change(desk, account_id, make, reason)
    return gone[0]


async def correct(desk: Collector, account_id: str, flow_id: str, entry: FlowEntry) -> CashFlow:
    """Book a flow in the place of another. Raises: as add and void."""
    _check(entry.reason)
    movement = _movement(entry)

    def make(standing: Standing) -> Change:
        old = _in_force(standing, flow_id)
        decision = Decision(flow_id, SUPERSEDED, entry.reason, desk.clock.now(), movement.id)
        return Change(movement, old, (decision,))

    return (await _change(desk, account_id, make, entry.reason)).booked[0]


async def _change(desk: Collector, account_id: str, make: Callable[[Standing], Change], reason: str) -> Outcome:
    """Gather, decide and commit; once more on the new state where a run stored meanwhile."""
    run = secrets.token_hex(8)
    for _ in range(_ATTEMPTS):
        account = await desk.store.load(account_id)
        standing = Standing(account.state, account.policy, await desk.store.truth(account_id))
        change = make(standing)
        _check_time(standing, change, desk.clock.now())
        outcome = amendment.amend(standing, change, await _gather(desk, account, standing, change))
        book = Logbook(run, desk.clock, account_id).draft()
        _tell(book, change, outcome, reason)
        telling.guesses(book, standing.policy, outcome, outcome.booked)
        try:
            await desk.store.commit(account, run, outcome, None, book.entries)
        except VersionMoved:
            continue
        book.publish()
        return outcome
    raise VersionMoved(f"account {account_id!r} kept changing: try again")


async def _gather(desk: Collector, account: Account, standing: Standing, change: Change) -> Prices:
    book = await desk.exchange.prices()
    if change.added is not None and route(change.added.asset, book) is None:
        raise InvalidInput("asset", f"{change.added.asset} has no price")
    instants = amendment.lookbacks(standing, change)
    bases = await desk.store.bases(account.id, instants) if instants else {}
    prices = Prices(book, {}, bases)
    wanted = amendment.wants(standing, change, prices)
    return replace(prices, opens=await read_opens(desk.exchange, wanted, book))


def _movement(entry: FlowEntry) -> Movement:
    """Read what is wanted as a movement. Raises: InvalidInput for more, or less, than a coin can be."""
    if not entry.quantity:
        raise InvalidInput("quantity", "must not be 0")
    if not (-_PLACES <= entry.quantity.adjusted() < _PLACES and _A_QUANTITY.fullmatch(plain(entry.quantity))):
        raise InvalidInput("quantity", f"must have at most {_PLACES} digits before the point and {_PLACES} after it")
    return Movement(
        id=f"{MANUAL}:{secrets.token_hex(8)}",
        source=MANUAL,
        asset=entry.asset,
        quantity=entry.quantity,
        stage=Stage.DONE,
        listed_at=entry.at,
        at=entry.at,
        detail=entry.reason,
    )


def _in_force(standing: Standing, flow_id: str) -> CashFlow:
    for flow in standing.truth.flows:
        if flow.id == flow_id:
            return flow
    raise NotFound(f"there is no flow {flow_id!r} in force")


def _check(reason: str) -> None:
    if not 0 < len(reason.strip()) <= _LONGEST_REASON or not reason.isprintable():
        raise InvalidInput("reason", f"must have 1 to {_LONGEST_REASON} printable characters")


def _check_time(standing: Standing, change: Change, now: datetime) -> None:
    if change.added is None:
        return
    checkpoint = standing.state.checkpoint
    if checkpoint is None or change.added.at <= checkpoint.inception:
        raise InvalidInput("at", "is not later than the start of the comparison, so it would never count")
    if change.added.at > now:
        raise InvalidInput("at", "lies in the future")


def _tell(book: Logbook, change: Change, outcome: Outcome, reason: str) -> None:
    for decision in change.decisions:
        book.tell("ledger." + decision.decision, f"{decision.flow_id}: {reason}", flow=decision.flow_id)
    for flow in outcome.booked:
        book.tell("ledger.added", f"{cents_text(flow.usd)} USD at {flow.at:%d %b %Y %H:%M} UTC: {reason}", flow=flow.id)
    if outcome.restated_from is not None:
        message = f"history since {outcome.restated_from:%d %b %Y %H:%M} UTC was computed anew: {reason}"
        book.warn("account.restated", message, since=outcome.restated_from)


def _entry(account: str, entry: LedgerEntry) -> dict[str, object]:
    flow, decision = entry.flow, entry.decision
    return {
        "account": account,
        "id": flow.id,
        "at": flow.at,
        "kind": "deposit" if flow.usd > 0 else "withdrawal",
        "usd": money_text(flow.usd),
        "asset": flow.asset,
        "quantity": plain(flow.quantity),
        "value_before": None if flow.value_before_usd is None else money_text(flow.value_before_usd),
        "source": flow.source,
        "detail": flow.detail,
        "state": decision.decision if decision else BOOKED,
        "reason": decision.reason if decision else None,
        "decided_at": decision.decided_at if decision else None,
        "superseded_by": decision.by_flow_id if decision else None,
    }


def _coming(account: str, movement: Movement, state: str) -> dict[str, object]:
    return {
        "account": account,
        "id": movement.id,
        "at": movement.at,
        "kind": "deposit" if movement.quantity > 0 else "withdrawal",
        "asset": movement.asset,
        "quantity": plain(movement.quantity),
        "source": movement.source,
        "detail": movement.detail,
        "state": state,
    }
