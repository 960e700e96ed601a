"""What the world knows of money that turned back, and what may be stored of it.

No list tells when it went, so its way back counts at the first reading without it, and what came and went between two
readings is no flow at all: what is stored of it follows from when was read. It is true where no snapshot has the money
without its flow, or the flow without the money.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from lib.demo.events import Deposit, Withdrawal
from lib.demo.world import World
from lib.domain.replay import Row
from tests.chaos import untold
from tests.chaos.living import Life
from tests.chaos.truth import Money, true_money
from tests.chaos.worlds import Place, credited_at


def reversed_ones(place: Place, name: str) -> list[Deposit | Withdrawal]:
    """Return what is taken back, or comes back, sooner or later."""
    return [one for one in place.world.movements(name, place.end) if one.reversed_at is not None]


def is_new(place: Place, name: str, rows: Sequence[Row], at: datetime) -> bool:
    """Tell whether any of it turned since the last snapshot before `at`: a reading that meets it is repeated."""
    since = max((row.at for row in rows if row.at < at), default=place.start)
    return any(since < _back_at(one) <= at for one in reversed_ones(place, name))


def without(place: Place, name: str, ledger: Iterable[Money]) -> list[Money]:
    """Return the ledger without them."""
    turning = {one.id for one in reversed_ones(place, name)}
    return [one for one in ledger if one[0].partition("~")[0] not in turning]


def wrong(life: Life, name: str, ledger: Sequence[Money], rows: Sequence[datetime]) -> Iterator[tuple[object, ...]]:
    """Yield what is false of them in the ledger or beside the snapshots of `rows`."""
    place, never = life.place, untold.returned(life, name)
    entries = {one[0]: one for one in ledger}
    true = {one[0]: one for one in true_money(place.world, name, place.start, place.quiet[-1])}
    for one in reversed_ones(place, name):
        came, back = entries.get(one.id), entries.get(f"{one.id}~2")
        if came not in (None, true[one.id]) or f"{one.id}~3" in entries:
            yield "it did not come so", came, true[one.id]
        if back is not None and not _is_true(place.world, back, true[f"{one.id}~2"]):
            yield "it did not go back so", back, true[f"{one.id}~2"]
        for at in rows:
            has_flow = int(came is not None and came[1] <= at) - int(back is not None and back[1] <= at)
            has_money = int(credited_at(one) <= at) - int(_back_at(one) <= at)
            if has_flow != has_money and not (came is None and one in never):
                yield "a snapshot has the one without the other", at, one, came, back


def _back_at(one: Deposit | Withdrawal) -> datetime:
    assert one.reversed_at is not None
    return one.reversed_at


def _is_true(world: World, back: Money, true: Money) -> bool:
    """Tell whether as much went back, and not before it did, at the price of when it was seen."""
    _, at, asset, quantity, usd = back
    return at >= true[1] and (asset, quantity) == true[2:4] and usd == quantity * world.market.minute_open(asset, at)
