"""Deposits and withdrawals of the demo accounts: a table of thirteen weeks that comes round again and again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from lib.demo import chance
from lib.demo.events import Deposit, Event, Owned, Transfer, Withdrawal
from lib.demo.market import Market

ROUND_WEEKS = 13
_WEEK = timedelta(weeks=1)
_SIX_HOURS = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Network:
    """How a coin travels: its network, what a withdrawal costs, and to how many decimals amounts are typed."""

    name: str
    fee: Decimal
    decimals: int


NETWORKS = {
    "USDT": Network("TRX", Decimal("1"), 2),
    "USDC": Network("ETH", Decimal("3.5"), 2),
    "BTC": Network("BTC", Decimal("0.00015"), 5),
    "ETH": Network("ETH", Decimal("0.0008"), 4),
    "SOL": Network("SOL", Decimal("0.001"), 3),
}


@dataclass(frozen=True, slots=True)
class Payment:
    """One line of the table. Units: `usd` is about what it is worth; `week` counts from 0 to 12, `day` from 0 to 6."""

    week: int
    day: int
    asset: str
    usd: int
    wallet: Owned = "spot"
    via: Owned | None = None  # the wallet the money goes on to, or is fetched from before
    cancelled: bool = False
    internal: bool = False


@dataclass(frozen=True, slots=True)
class Payer:
    """Whose payments these are, and what is needed to date and size them. `market` is what sizes them."""

    seed: int
    name: str
    born_at: datetime
    market: Market
    paid_in: tuple[Payment, ...]
    paid_out: tuple[Payment, ...]


def deposit(payer: Payer, week: int, line: Payment) -> tuple[Event, ...]:
    """Return the deposit of that line in that week, credited minutes later, at times across a quarter day."""
    seed, asset, names = payer.seed, line.asset, (payer.name, "deposit", week, line.day, line.asset)
    inserted_at = _moment(payer, week, line, names)
    wait = timedelta(seconds=round(chance.between(seed, 260, 1500, *names, "wait")), milliseconds=421)
    lock = timedelta(seconds=round(chance.between(seed, 900, 3000, *names, "lock")))
    credited_at = inserted_at + wait
    network = NETWORKS[asset].name
    off_chain = f"Off-chain transfer {chance.digits(seed, 12, *names)}"
    event = Deposit(
        id="46" + chance.digits(seed, 17, *names, "id"),
        asset=asset,
        amount=_amount(payer, line, inserted_at, names),
        wallet=line.wallet,
        network=network,
        address=_address(seed, network, *names),
        tx_id=off_chain if line.internal else _transaction(seed, network, *names),
        inserted_at=inserted_at,
        credited_at=credited_at,
        unlocked_at=credited_at + lock,
        internal=line.internal,
        pay_id="P_" + chance.digits(seed, 16, *names, "pay") if line.internal else "",
    )
    if line.via is None:
        return (event,)
    moved_at = event.unlocked_at + timedelta(minutes=21, seconds=7)
    return event, Transfer(moved_at, asset, event.amount, line.wallet, line.via)


def withdrawal(payer: Payer, week: int, line: Payment) -> tuple[Event, ...]:
    """Return the withdrawal of that line in that week; it spends hours on its way."""
    seed, asset, names = payer.seed, line.asset, (payer.name, "withdrawal", week, line.day, line.asset)
    applied_at = _moment(payer, week, line, names).replace(microsecond=0)
    network = NETWORKS[asset]
    event = Withdrawal(
        id=chance.hexadecimal(seed, 32, *names, "id"),
        asset=asset,
        amount=_amount(payer, line, applied_at, names),
        fee=network.fee,
        wallet=line.wallet,
        network=network.name,
        address=_address(seed, network.name, *names),
        tx_id="" if line.cancelled else _transaction(seed, network.name, *names),
        applied_at=applied_at,
        ended_at=applied_at + timedelta(seconds=round(chance.between(seed, 5_000, 29_000, *names, "wait"))),
        cancelled=line.cancelled,
    )
    if line.via is None:
        return (event,)
    fetched_at = applied_at - timedelta(minutes=13, seconds=11)
    return Transfer(fetched_at, asset, event.amount + event.fee, line.via, line.wallet), event


def payments(payer: Payer, week: int) -> tuple[Event, ...]:
    """Return every payment of one week after the birth."""
    turn = week % ROUND_WEEKS
    paid_in = [event for line in payer.paid_in if line.week == turn for event in deposit(payer, week, line)]
    paid_out = [event for line in payer.paid_out if line.week == turn for event in withdrawal(payer, week, line)]
    return (*paid_in, *paid_out)


def opening(payer: Payer, assets: Mapping[str, Decimal]) -> tuple[Deposit, ...]:
    """Return the deposits an account began with, days before the world's birth."""
    seed, found = payer.seed, []
    for place, (asset, amount) in enumerate(assets.items()):
        names, network = (payer.name, "opening", asset), NETWORKS[asset].name
        inserted_at = payer.born_at - timedelta(days=4, hours=-place, seconds=1741 * (place + 1))
        later = inserted_at + timedelta(minutes=11, seconds=23)
        ids = "46" + chance.digits(seed, 17, *names, "id"), _address(seed, network, *names)
        transaction = _transaction(seed, network, *names)
        found.append(Deposit(ids[0], asset, amount, "spot", network, ids[1], transaction, inserted_at, later, later))
    return tuple(found)


def _moment(payer: Payer, week: int, line: Payment, names: tuple[chance.Name, ...]) -> datetime:
    """Return an odd moment of the day; for every other line one just before a quarter of the day turns."""
    day = payer.born_at + _WEEK * week + timedelta(days=line.day)
    odd = timedelta(seconds=round(chance.between(payer.seed, 37, 230, *names, "odd")), milliseconds=137)
    if line.day % 2:
        return day + timedelta(hours=2) + timedelta(seconds=int(chance.between(payer.seed, 0, 72_000, *names, "at")))
    midnight = datetime.combine(day.date(), datetime.min.time(), UTC) + timedelta(days=1)
    return midnight - _SIX_HOURS * int(chance.fraction(payer.seed, *names, "quarter") * 2) - odd


def _amount(payer: Payer, line: Payment, at: datetime, names: tuple[chance.Name, ...]) -> Decimal:
    usd = Decimal(round(line.usd * chance.between(payer.seed, 0.85, 1.15, *names, "size"), 2))
    decimals = NETWORKS[line.asset].decimals
    return round(usd / payer.market.usd(line.asset, at), decimals)


def _address(seed: int, network: str, *names: chance.Name) -> str:
    return f"DEMO{network}{chance.token(seed, 26, *names, 'address')}"


def _transaction(seed: int, network: str, *names: chance.Name) -> str:
    if network == "SOL":
        return "DEMO" + chance.token(seed, 60, *names, "tx") + chance.token(seed, 24, *names, "tx", "end")
    start = "0x" if network == "ETH" else ""
    return start + "de30" + chance.hexadecimal(seed, 60, *names, "tx")


def on_network(seed: int, network: str, *names: chance.Name) -> tuple[str, str]:
    """Return an address and a transaction on that network."""
    return _address(seed, network, *names), _transaction(seed, network, *names)
