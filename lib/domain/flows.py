"""Money that crosses the account's boundary: as the exchange reports it, and as the ledger books it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from itertools import groupby

from lib.domain.money import ZERO
from lib.errors import MonitorError

DEPOSITS = "deposits"
WITHDRAWALS = "withdrawals"
INTERNAL = "internal"  # the detail of a movement from or to another account of the exchange


class InvalidFlow(MonitorError):
    """A flow does not fit the rule it was given to."""

    code = "invalid_flow"


class Stage(StrEnum):
    """How far a movement has come. Only a DONE one is a flow."""

    PENDING = "pending"
    DONE = "done"
    DROPPED = "dropped"  # rejected, cancelled, failed: the money never left or never came, as far as the row tells
    REVERSED = "reversed"  # it came, at the time the row tells, and was taken back


@dataclass(frozen=True, slots=True)
class Movement:
    """One row of an exchange's history of money in or out, in our terms.

    `quantity` is signed: positive came in, negative left (network fee included).
    `listed_at` is the time the exchange's window filter acts on; `at` is when the money was credited or left, of a
    dropped one when it was dropped; it equals `listed_at` while pending and where nothing is told.
    """

    id: str  # "deposit:4615…": unique per account, made of the exchange's own id
    source: str  # DEPOSITS, WITHDRAWALS, or one of lib.domain.sources
    asset: str
    quantity: Decimal
    stage: Stage
    listed_at: datetime
    at: datetime
    detail: str = ""  # for people: the network, "internal"
    fee: Decimal = ZERO  # coins that left with `quantity` and did not arrive


@dataclass(frozen=True, slots=True)
class CashFlow:
    """A booked flow: a signed amount of USD at one instant.

    Units: `usd` at the open of the minute that contains `at`; `value_before_usd` is the account's worth just before
    that instant, None where it could not be known.
    """

    id: str
    at: datetime
    usd: Decimal  # deposit > 0, withdrawal < 0
    value_before_usd: Decimal | None = None
    asset: str = "USD"
    quantity: Decimal = ZERO  # signed coins, fee included
    source: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class NetFlow:
    """All flows of one instant as one."""

    at: datetime
    usd: Decimal  # never 0
    value_before_usd: Decimal | None


def net_by_instant(flows: Iterable[CashFlow]) -> tuple[NetFlow, ...]:
    """Join the flows of each instant into one of their sum, oldest first; a sum of 0 is none.

    Source: product, 4.5 ("flows of one instant act as one flow of their sum").
    """
    ordered = sorted(flows, key=lambda flow: (flow.at, flow.id))
    netted = []
    for at, group in groupby(ordered, key=lambda flow: flow.at):
        members = tuple(group)
        usd = sum((flow.usd for flow in members), ZERO)
        before = next((flow.value_before_usd for flow in members if flow.value_before_usd is not None), None)
        if usd:
            netted.append(NetFlow(at, usd, before))
    return tuple(netted)
