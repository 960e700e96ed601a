"""What no list tells of, and so no run can know: what moves inside of an account, or turns back, while it is read."""

from datetime import datetime
from decimal import Decimal

from lib.demo.events import Transfer, Withdrawal
from tests.chaos.living import Life


def _spans(life: Life) -> list[tuple[datetime, datetime]]:
    """Return the moments in which time passed."""
    return [(one.began, one.ended) for one in life.passed if one.began < one.ended]


def carried(life: Life, name: str) -> list[Transfer]:
    """Return what went from one own wallet to another meanwhile: a reading may have it in both of them, or in none."""
    own = [one for one in life.place.world.account(name).extra if isinstance(one, Transfer)]
    return [one for one in own if any(began <= one.at <= ended for began, ended in _spans(life))]


def returned(life: Life, name: str) -> list[Withdrawal]:
    """Return withdrawals that came back meanwhile: first listed as failed, nothing tells that they were ever gone.

    A balance that was read before has them gone all the same.
    """
    left = [one for one in life.place.world.movements(name, life.place.end) if isinstance(one, Withdrawal)]
    turned = [(one, one.reversed_at) for one in left if one.reversed_at is not None]
    return [one for one, at in turned if any(began <= at <= ended for began, ended in _spans(life))]


def carried_usd(life: Life, name: str, at: datetime) -> Decimal:
    """Return what may be there twice, or not at all, or back before its time, in a snapshot of `at`."""
    ends = [ended for began, ended in _spans(life) if began <= at <= ended]
    booked = {flow.id.split(":")[1] for flow in life.known[name].flows}
    moved = [(one.at, one.asset, one.amount) for one in carried(life, name)]
    moved += [
        (one.reversed_at, one.asset, one.amount + one.fee)
        for one in returned(life, name)
        if one.reversed_at is not None and one.id not in booked
    ]
    usd = life.place.world.market.usd
    return sum(
        (units * usd(asset, when) for when, asset, units in moved if any(at <= when <= e for e in ends)), Decimal(0)
    )


def leaves_a_mark(life: Life, name: str) -> bool:
    """Tell whether value may have changed for good with nothing to explain it."""
    return bool(carried(life, name) or returned(life, name))
