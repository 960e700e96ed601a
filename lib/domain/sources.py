"""The lists in which the exchange tells what came and went, and when each of them is asked.

Source: product, 5 (cadence); reference, F.1.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from types import MappingProxyType

from lib.domain.cadence import DAILY, SIX_HOURS, is_due
from lib.domain.state import AccountState

PAY = "pay"
SUB_TRANSFERS_IN = "sub_transfers_in"  # as a sub-account's own key tells them
SUB_TRANSFERS_OUT = "sub_transfers_out"
MASTER_TRANSFERS = "master_transfers"  # as the key of their master tells them
P2P = "p2p"
FIAT_DEPOSITS = "fiat_deposits"
FIAT_WITHDRAWALS = "fiat_withdrawals"
FIAT_BUYS = "fiat_buys"
FIAT_SELLS = "fiat_sells"

# Asked with every run once anything was ever listed; until then it is not known whether the account has them at all.
TRANSFERS = frozenset({SUB_TRANSFERS_IN, SUB_TRANSFERS_OUT, MASTER_TRANSFERS})
SIX_HOURLY = frozenset({P2P, FIAT_DEPOSITS, FIAT_WITHDRAWALS})
TWICE_A_DAY = frozenset({FIAT_BUYS, FIAT_SELLS})

_HOUR = timedelta(hours=1)
# Hours after the account's own turn, so that an hourly run asks for one of them at most. The turn itself, which comes
# round every six hours, is income's; the look at the key has the one hour of the day that is left.
_TURNS = MappingProxyType(
    {
        P2P: _HOUR,
        FIAT_DEPOSITS: 2 * _HOUR,
        FIAT_WITHDRAWALS: 3 * _HOUR,
        FIAT_BUYS: 4 * _HOUR,
        FIAT_SELLS: 5 * _HOUR,
        SUB_TRANSFERS_IN: 10 * _HOUR,
        SUB_TRANSFERS_OUT: 11 * _HOUR,
        MASTER_TRANSFERS: 22 * _HOUR,
    }
)
_OWN_TURN = timedelta()


def due(offered: Iterable[str], state: AccountState, at: datetime, who: str) -> tuple[str, ...]:
    """Return the sources a run at `at` asks: only these can hold its snapshot back.

    One that was refused for good is tried once a day. Of transfers a refusal says that the account is not of the kind
    that has them: they are tried again where the value jumps. Source: product, 4.2 and 5; reference, D.5 (decide once).
    """
    return tuple(source for source in offered if _is_due(source, state, at, who))


def _is_due(source: str, state: AccountState, at: datetime, who: str) -> bool:
    refused_at = state.refused.get(source)
    if refused_at is not None and source in TRANSFERS:
        return False
    every = _period(source, state) if refused_at is None else DAILY
    asked_at = refused_at or state.watermarks.get(source)
    if every is None or asked_at is None:
        return True
    return is_due(asked_at, at, every, who, _TURNS.get(source, _OWN_TURN))


def _period(source: str, state: AccountState) -> timedelta | None:
    if source in TRANSFERS:
        return None if source in state.used else DAILY
    if source in TWICE_A_DAY:
        return 2 * SIX_HOURS
    return SIX_HOURS if source in SIX_HOURLY else None
