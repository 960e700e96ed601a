"""The words for what a run did to an account."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from lib.domain import turning
from lib.domain.benchmark import FRACTION_MATCHED, Policy
from lib.domain.flows import CashFlow
from lib.domain.money import ZERO, cents_text, exact
from lib.domain.portfolio import value_usd
from lib.domain.sources import TRANSFERS
from lib.domain.state import AccountState, Outcome
from lib.usecases.logbook import Logbook

STORED, PARTIAL, FLOW, COMPLETED, RESTATED, REBALANCED, INCOME = (
    "account.stored",
    "account.partial",
    "account.flow",
    "account.completed",
    "account.restated",
    "account.rebalanced",
    "account.income",
)


ALIAS, INSIDE, REFUSED, UNEXPLAINED, EXPLAINED, REVERSED, GIVEN_UP, FIRST_PRICE, GUESSED = (
    "account.alias",
    "account.review",
    "account.source_refused",
    "account.unexplained",
    "account.explained",
    "account.reversed",
    "account.given_up",
    "account.first_price",
    "account.value_unknown",
)


def lists(book: Logbook, before: AccountState, told: Outcome) -> None:
    """Tell what the lists of money in and out showed beyond new flows, and what none of them shows."""
    for other, kept in told.aliases.items():
        book.tell(ALIAS, f"{other} is the same money as {kept} and counts once", alias=other, flow=kept)
    for sale in told.inside:
        message = (
            f"{sale.id}: {_quantity(sale.quantity)} {sale.asset} were sold for {sale.detail} of the account itself"
        )
        book.warn(INSIDE, f"{message}; void or add a flow if the money went to a bank", flow=sale.id)
    for source in sorted({*told.state.refused} - {*before.refused} - TRANSFERS):
        book.warn(REFUSED, f"{source} is not told to this account; it is tried again daily", source=source)
    for asset, usd in _first_priced(before, told).items():
        message = (
            f"{asset} has a price for the first time: {cents_text(usd)} USD of it count from now on, as performance"
        )
        book.warn(FIRST_PRICE, message, asset=asset, usd=usd)
    for jump in told.jumps:
        if jump.usd:
            message = f"{cents_text(jump.usd)} USD since {_time(jump.since)} are explained by no price, holding or flow"
            book.warn(UNEXPLAINED, message, slot=jump.slot, usd=jump.usd, tolerance_usd=jump.tolerance_usd)
        else:
            book.tell(EXPLAINED, f"the change of value up to {_time(jump.at)} is explained now", slot=jump.slot)


def guesses(book: Logbook, policy: Policy, told: Outcome, flows: Iterable[CashFlow]) -> None:
    """Warn of those of `flows` of which the benchmark sold a share that is not known exactly. Source: product, 4.5."""
    seen = {row.at for row in told.rows}
    for flow in flows:
        unknown = flow.value_before_usd is None and flow.at not in seen
        if unknown and flow.usd < 0 and policy.withdrawals == FRACTION_MATCHED:
            message = (
                f"what the account was worth before the {_flow(flow)} is not known: the benchmark sold as large a share"
            )
            book.warn(GUESSED, f"{message} as of its last value and the flows since", flow=flow.id)


@exact
def _first_priced(before: AccountState, told: Outcome) -> Mapping[str, Decimal]:
    """Return the coins that counted 0 in the last whole snapshot and have a price in this one, with their worth now."""
    taken = told.snapshot
    if before.basis is None or taken is None or not taken.whole:
        return {}
    unpriced = {each.holding.asset for each in before.basis.holdings if each.price_usd is None}
    worth: dict[str, Decimal] = {}
    for each in taken.holdings:
        if each.holding.asset in unpriced and each.price_usd is not None:
            worth[each.holding.asset] = worth.get(each.holding.asset, ZERO) + value_usd(each)
    return worth


def outcome(book: Logbook, told: Outcome, durations_ms: Mapping[str, int]) -> None:
    """Tell what is about to be stored, the parts before the whole."""
    for flow in told.booked:
        book.tell(FLOW, _flow(flow), flow=flow.id, source=flow.source)
        row, count = turning.row_of(flow.id)
        if count > 1:
            message = f"Binance turned {row} back after it was final: {_flow(flow)} makes up for it"
            book.warn(REVERSED, message, flow=flow.id, reverses=row)
    for slot in told.given_up:
        message = f"the snapshot of {_time(slot)} stays partial: whether it has money that moved then is not told"
        book.warn(GIVEN_UP, message, slot=slot)
    for slot in told.completed:
        book.tell(COMPLETED, f"the snapshot of {_time(slot)} has its flows and prices now, and counts")
    if told.restated_from is not None:
        late = [_flow(flow) for flow in told.booked if flow.at <= told.restated_from]
        message = f"history since {_time(told.restated_from)} was computed anew"
        say = book.warn if late else book.tell  # a snapshot that was taken again is nobody's worry
        say(RESTATED, f"{message}: {'; '.join(late)}" if late else message, since=told.restated_from)
    for event in told.events:
        if event.kind == "rebalance":
            book.tell(REBALANCED, f"the benchmark was rebalanced as of {_time(event.at)}", at=event.at)
    if told.uncounted:
        message = "futures income that cannot be counted shows as not explained"
        book.warn(INCOME, f"{message}: {', '.join(told.uncounted)}")
    _snapshot(book, told, durations_ms)


def _snapshot(book: Logbook, told: Outcome, durations_ms: Mapping[str, int]) -> None:
    snapshot = told.snapshot
    if snapshot is None:
        return
    if snapshot.complete:
        message = f"value {cents_text(snapshot.nav_usd)} USD, benchmark {cents_text(told.rows[-1].benchmark_usd)} USD"
        book.tell(STORED, message, slot=snapshot.slot, **durations_ms)
    else:
        message = f"not read: {', '.join(snapshot.missing)}"
        book.warn(PARTIAL, message, slot=snapshot.slot, missing=snapshot.missing, **durations_ms)


def _flow(flow: CashFlow) -> str:
    kind = "deposit" if flow.usd > 0 else "withdrawal"
    return f"{kind} of {_quantity(flow.quantity)} {flow.asset}, {cents_text(abs(flow.usd))} USD, {_time(flow.at)}"


def _quantity(quantity: Decimal) -> str:
    return f"{abs(quantity).normalize():f}"


def _time(at: datetime) -> str:
    return f"{at:%d %b %Y %H:%M:%S} UTC"
