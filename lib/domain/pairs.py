"""Money that two lists tell of counts once, whichever list is read first.

Source: product, 4.4; reference, F.1 and F.3.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from lib.domain.flows import DEPOSITS, INTERNAL, WITHDRAWALS, Movement
from lib.domain.money import exact
from lib.domain.sources import FIAT_BUYS, FIAT_DEPOSITS, FIAT_SELLS, FIAT_WITHDRAWALS, PAY
from lib.domain.state import AccountState

WITHIN = timedelta(minutes=10)  # of each other, the two sides of a payment between users

CAPITAL = frozenset({DEPOSITS, WITHDRAWALS})
_FIAT = frozenset({FIAT_DEPOSITS, FIAT_WITHDRAWALS, FIAT_BUYS, FIAT_SELLS})
SOURCES = frozenset({*CAPITAL, *_FIAT, PAY})


@dataclass(frozen=True, slots=True)
class Counted:
    """Which of the new movements count. `aliases` do not: each leads to the id that does.

    `inside` are sales of coins for money that stays in the account.
    """

    movements: tuple[Movement, ...]
    aliases: Mapping[str, str]
    inside: tuple[Movement, ...]


def count_once(new: Iterable[Movement], state: AccountState, held: Collection[str]) -> Counted:
    """Tell what of `new` counts beside what was counted before. `held`: the assets the account was seen to hold.

    A payment and a deposit from (a withdrawal to) another user of the same asset and amount within ten minutes are one:
    of two that are new the deposit (withdrawal) stays. A fiat order and a fiat payment of one number are one.
    """
    done = tuple(new)
    inside = tuple(movement for movement in done if movement.source == FIAT_SELLS and movement.detail in held)
    rest = [movement for movement in done if movement not in inside]
    paired = set(state.aliases.values())
    free = [movement for movement in state.twins if movement.id not in paired]
    aliases = {**_payments(rest, free), **_orders(rest, free)}
    return Counted(tuple(movement for movement in rest if movement.id not in aliases), aliases, inside)


def remembered(state: AccountState, counted: Counted, since: datetime) -> AccountState:
    """Return the state with what counts now and may show in another list later; none listed before `since` can."""
    twins = (*state.twins, *(movement for movement in counted.movements if _may_pair(movement)))
    kept = tuple(movement for movement in twins if movement.listed_at >= since)
    ids = {movement.id for movement in kept}
    aliases = {other: id_ for other, id_ in {**state.aliases, **counted.aliases}.items() if id_ in ids}
    return replace(state, twins=kept, aliases=aliases)


def _may_pair(movement: Movement) -> bool:
    if movement.source in CAPITAL:
        return movement.detail == INTERNAL
    return movement.source in SOURCES


def _payments(new: Sequence[Movement], seen: Sequence[Movement]) -> dict[str, str]:
    """Pair payments with deposits and withdrawals, at least one of the two new, the nearest in time first."""
    everything, fresh = (*new, *seen), {movement.id for movement in new}
    candidates = [
        (abs(paid.at - moved.at), paid, moved)
        for paid in everything
        if paid.source == PAY
        for moved in everything
        if moved.source in CAPITAL and (paid.id in fresh or moved.id in fresh) and _are_one(paid, moved)
    ]
    aliases: dict[str, str] = {}
    taken: set[str] = set()
    for _, paid, moved in sorted(candidates, key=lambda one: (one[0], one[1].id, one[2].id)):
        if taken.isdisjoint((paid.id, moved.id)):
            taken |= {paid.id, moved.id}
            other, kept = (paid, moved) if paid.id in fresh else (moved, paid)
            aliases[other.id] = kept.id
    return aliases


@exact
def _are_one(paid: Movement, moved: Movement) -> bool:
    """Tell whether the two say the same. What a payment tells may leave the network's fee out."""
    if moved.detail != INTERNAL or paid.asset != moved.asset or abs(paid.at - moved.at) > WITHIN:
        return False
    return paid.quantity in (moved.quantity, moved.quantity + moved.fee)


def _orders(new: Iterable[Movement], seen: Iterable[Movement]) -> dict[str, str]:
    """Pair fiat orders with fiat payments of the same number; of two that are new the order stays."""
    counted = {_number(movement): movement.id for movement in seen if movement.source in _FIAT}
    aliases: dict[str, str] = {}
    for movement in sorted((one for one in new if one.source in _FIAT), key=_is_payment):
        kept = counted.setdefault(_number(movement), movement.id)
        if kept != movement.id:
            aliases[movement.id] = kept
    return aliases


def _number(movement: Movement) -> str:
    return movement.id.split(":", 1)[1]


def _is_payment(movement: Movement) -> bool:
    return movement.source in (FIAT_BUYS, FIAT_SELLS)
