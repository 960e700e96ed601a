"""What the world knows of itself, against which stored figures are held."""

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal, localcontext

from lib.demo.events import Deposit, Withdrawal
from lib.demo.world import World
from lib.domain.flows import CashFlow
from lib.domain.money import EXACT
from lib.domain.prices import PriceHistory
from lib.domain.schedule import Weekly, due

WEIGHTS = {"BTC": Decimal("0.5"), "ETH": Decimal("0.5")}

type Money = tuple[str, datetime, str, Decimal, Decimal]  # whose id, when, what, how much, in USD


def money(world: World, name: str, flows: Sequence[CashFlow]) -> list[Money]:
    """Return booked flows, each by the id that is the same in whichever list it was read first."""
    moved = [one for one in world.account(name).extra if isinstance(one, Deposit | Withdrawal)]
    twins = {one.pay_id: one.id for one in moved if one.pay_id}
    found = [(one.id.split(":")[1], one) for one in flows]
    return sorted((twins.get(id_, id_), one.at, one.asset, one.quantity, one.usd) for id_, one in found)


def true_money(world: World, name: str, start: datetime, end: datetime) -> list[Money]:
    """Return what crossed the account's border in (start, end]."""
    return sorted((one.id, one.at, one.asset, one.quantity, one.usd) for one in world.flows(name, start, end))


def benchmark(
    world: World,
    nav_usd: Decimal,
    flows: Sequence[Money],
    instants: Sequence[datetime],
    stored: PriceHistory,
    asked: Collection[datetime] = (),
    blurred: Collection[datetime] = (),
) -> list[Decimal]:
    """Return its value at the instants, the first of which starts it: the rules of product 4.5 in a dozen lines.

    What turned back, and a rebalance `asked` for, count at a reading's instant, and so at the prices `stored` of it; so
    does what falls together with a reading that was `blurred`.
    """
    with localcontext(EXACT):
        start, end = instants[0], instants[-1]
        sums: dict[datetime, Decimal] = {}
        for _, at, _, _, usd in flows:
            sums[at] = sums.get(at, Decimal(0)) + usd
        paid = [(at, 0, usd) for at, usd in sums.items() if start < at <= end and usd]
        turns = [(at, 1, Decimal(0)) for at in {*due(Weekly(), start, end), *asked} if start < at <= end]
        told = {*asked, *blurred, *(at for id_, at, *_ in flows if "~" in id_)}
        looks = [(at, 2, Decimal(0)) for at in instants]
        units = {coin: share * nav_usd / world.market.usd(coin, start) for coin, share in WEIGHTS.items()}
        found = []
        for at, kind, usd in sorted([*paid, *turns, *looks]):
            usd_of = world.market.usd if kind == 2 else world.market.minute_open
            price = stored.at(at, WEIGHTS).usd if at in told else {coin: usd_of(coin, at) for coin in WEIGHTS}
            worth = sum((units[coin] * price[coin] for coin in units), Decimal(0))
            if kind == 2:
                found.append(worth)
            elif kind == 0 and usd < 0:
                units = {coin: held * (1 + usd / worth) for coin, held in units.items()}
            else:
                kept, spent = (units, usd) if kind == 0 else (dict.fromkeys(units, Decimal(0)), worth)
                units = {coin: kept[coin] + share * spent / price[coin] for coin, share in WEIGHTS.items()}
        return found
