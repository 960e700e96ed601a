"""A seed becomes a plan: which runs there are, what breaks beneath each, and what the exchange lists too late.

Plans are pure values; `lived` (living.py) plays them. The first run is undisturbed, and so is the end.
"""

import random
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from lib.demo.faults import Fault, banned, elsewhere, firewall, too_many
from tests.chaos import worlds
from tests.chaos.ways import HOUR, MINUTE, SECOND
from tests.chaos.worlds import Place, credited_at

type How = Literal["refused", "unanswered", "late"]

DEPOSITS, WITHDRAWALS = "/sapi/v1/capital/deposit/hisrec", "/sapi/v1/capital/withdraw/history"
PAY, P2P, FIAT = "/sapi/v1/pay/transactions", "/sapi/v1/c2c", "/sapi/v1/fiat"
TRANSFERS = "/sapi/v1/sub-account"
SPOT = "/sapi/v3/asset/getUserAsset"
CANDLES, CONTRACT_CANDLES = "/api/v3/klines", "/fapi/v1/klines"
LISTS = (DEPOSITS, WITHDRAWALS, "/sapi/v1/capital", PAY, P2P, FIAT, TRANSFERS, CANDLES, CONTRACT_CANDLES)
WALLETS = (
    *(SPOT, "/sapi/v1/asset/get-funding-asset", "/sapi/v1/asset/wallet/balance"),
    *("/fapi/v3/account", "/fapi/v3/positionRisk", "/dapi", "/eapi", "/sapi/v1/margin", "/sapi/v1/simple-earn"),
    *("/fapi/v1/income", "/sapi/v1/account/apiRestrictions", "/sapi/v1/account"),
)
WHOLE = ("/", "/sapi", "/api", "/fapi", "/api/v3/time", "/api/v3/ticker/price")
ALERTS = ("settle_alerts", "end_messages")
FUNCTIONS = ("claim_accounts", "commit_outcome", "finish_run", "read_truth", "read_bases", "load_account", *ALERTS, "")
BAD_KEY = b'{"code":-2015,"msg":"Invalid API-key, IP, or permissions for action."}'
_BRIEF_S = 20
LIGHT = frozenset({"timeout", "disconnect", "torn body"})


@dataclass(frozen=True, slots=True)
class Broken:
    """From its `number`-th call of a database function on ("": of any), `times` calls go wrong.

    "refused" ones do nothing; "unanswered" ones do all, and nobody hears of it; "late" ones are given up by the caller
    and done when the next run has begun.
    """

    function: str
    number: int
    how: How
    times: int = 1


@dataclass(frozen=True, slots=True)
class Run:
    """One trigger. `process`: whose memory it has; it starts once `after` calls were made at this moment.

    `dies_at`: the call at which the whole process is gone, before the call or (`answered`) after it; `ends_at`: the
    call at which the platform breaks it off. `asks`: a person asks for a rebalance now.
    """

    process: int = 0
    after: int = 0
    dies_at: int | None = None
    answered: bool = False
    ends_at: int | None = None
    force: bool = False
    asks: bool = False


@dataclass(frozen=True, slots=True)
class Slow:
    """The clock passes so many seconds before the `call`-th request to `path` ("": of any)."""

    call: int
    seconds: float
    path: str = ""


@dataclass(frozen=True, slots=True)
class Moment:
    """Runs that begin together, or where an earlier moment took longer, later; and what is broken meanwhile.

    `slow`: where time passes in a run. `leases_end`: what a run has leased is free for the next one. `deaf`: the
    service takes no messages, which is no trouble to anything else.
    `turns` is the seed of the order in which calls made at once are let through.
    """

    at: datetime
    runs: tuple[Run, ...] = (Run(),)
    faults: tuple[Fault, ...] = ()
    database: tuple[Broken, ...] = ()
    slow: tuple[Slow, ...] = ()
    leases_end: bool = False
    turns: int = 0
    deaf: bool = False

    @property
    def is_asked(self) -> bool:
        """Tell whether a person asks for something."""
        return any(run.asks for run in self.runs)

    @property
    def is_fatal(self) -> bool:
        """Tell whether a process dies, or is broken off."""
        return any(run.dies_at or run.ends_at for run in self.runs)

    @property
    def is_calm(self) -> bool:
        """Tell whether nothing at all goes wrong: runs beside each other are no trouble."""
        return bool(self.runs) and not (self.is_fatal or self.faults or self.database or self.slow or self.leases_end)

    @property
    def is_light(self) -> bool:
        """Tell whether only lists and candles are broken, which later runs can read."""
        others = replace(self, faults=())
        light = all(one.path in LISTS and (one.what in LIGHT or one.status in (500, 503)) for one in self.faults)
        return others.is_calm and light

    @property
    def is_brief(self) -> bool:
        """Tell whether nothing is wrong but that some seconds pass, once: what moves in them moves once."""
        return len(self.slow) == 1 and self.slow[0].seconds <= _BRIEF_S and replace(self, slow=()).is_calm

    @property
    def afterwards(self) -> timedelta:
        """For how long a process may be careful after it."""
        waits = [int(value) for one in self.faults for name, value in one.headers if name == "Retry-After"]
        return max([5 * MINUTE, *(SECOND * wait for wait in waits)])


@dataclass(frozen=True, slots=True)
class Hidden:
    """A row that the exchange does not list before `until`, though its money moved before."""

    id: str
    moved_at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Plan:
    """All that happens in the world of that number, whatever the product does."""

    seed: int
    world: int
    moments: tuple[Moment, ...]
    hidden: tuple[Hidden, ...]
    alerts: tuple[tuple[str, str], ...] = ()  # what everybody wants to be told of


def plan(seed: int) -> Plan:
    """Return the history of that seed."""
    dice = random.Random(seed)
    place = worlds.place(seed % worlds.COUNT)
    moments = [Moment(place.start)]
    for slot in _slots(dice, place):
        moments += _hour(dice, slot)
    more = random.Random(f"more {seed}")
    moments = [moments[0], *(_with_bad_key(more, moment) for moment in moments[1:])]
    moments += [moment for at in place.acts for moment in _asked(more, at)]
    hidden = _hidden(dice, place, moments)
    crossed = _crossed(random.Random(f"crossed {seed}"), place, hidden)
    hidden = tuple(one for one in hidden if _is_quiet(one.moved_at, crossed))
    moments = sorted([*moments, *crossed], key=lambda moment: moment.at)
    moments = [replace(moment, deaf=more.random() < 0.15) for moment in moments]
    return Plan(seed, place.number, (*moments, *map(Moment, place.quiet)), hidden, _alerts(more))


def _with_bad_key(dice: random.Random, moment: Moment) -> Moment:
    """Refuse an account's key at times."""
    if dice.random() > 0.06:
        return moment
    refused = Fault("/", account=dice.choice(worlds.NAMES), status=401, body=BAD_KEY)
    return replace(moment, faults=(refused, *moment.faults))


def _asked(dice: random.Random, at: datetime) -> list[Moment]:
    """Let a person ask for a rebalance in peace or in trouble, and after that at times once more."""
    asks = (Run(process=dice.randrange(2), asks=True),)
    if dice.random() < 0.65:
        return [Moment(at, asks, turns=dice.randrange(1 << 30))]
    troubled = _moment(dice, at)
    first = replace(troubled, runs=(replace(troubled.runs[0], asks=True), *troubled.runs[1:]))
    again = Moment(at + dice.choice((MINUTE, 17 * MINUTE)), asks, turns=dice.randrange(1 << 30))
    return [first, again] if dice.random() < 0.5 else [first]


def _alerts(dice: random.Random) -> tuple[tuple[str, str], ...]:
    """Choose limits that are near what these accounts do in some hours."""
    limits = ("0.001", "0.003", "0.008")
    return (
        ("behind", dice.choice(limits)),
        ("drawdown", dice.choice(limits)),
        ("digest", dice.choice(("off", "daily"))),
    )


def _slots(dice: random.Random, place: Place) -> list[datetime]:
    """Return at most nine of the hours, with stretches left out that nobody triggers."""
    slots = [place.start + number * HOUR for number in range(1, place.hours + 1)]
    while len(slots) > 9 or (len(slots) > 3 and dice.random() < 0.2):
        first = dice.randrange(len(slots))
        del slots[first : first + dice.randint(1, 5)]
    return slots


def _hour(dice: random.Random, slot: datetime) -> list[Moment]:
    """Return what happens in one hour: late or in time, whole or broken, once or again and again."""
    late = dice.choice((0, 0, 0, 0, 60, 1800, 3_300, 3_590, dice.randrange(3_600)))
    left = 3_600 - slot.minute * 60
    at, found = slot + SECOND * min(late, left - 5), []
    for _ in range(dice.choice((1, 1, 2, 3))):
        found.append(_moment(dice, at))
        at += dice.choice((SECOND, MINUTE, 5 * MINUTE, 6 * MINUTE, 20 * MINUTE))
    return [moment for moment in found if moment.at < slot + HOUR]


def _moment(dice: random.Random, at: datetime) -> Moment:
    moment = Moment(at, (_run(dice),), turns=dice.randrange(1 << 30))
    kinds = ("calm", "calm", "exchange", "exchange", "lists", "database", "death", "doubled", "slow", "everything")
    kind = dice.choice(kinds)
    if kind in ("lists", "everything"):
        moment = replace(moment, faults=(_fault(dice, LISTS, at), *moment.faults))
    if kind in ("exchange", "everything"):
        paths = dice.choice((WALLETS, WALLETS, WHOLE, LISTS))
        faults = tuple(_fault(dice, paths, at) for _ in range(dice.choice((1, 1, 2))))
        moment = replace(moment, faults=(*faults, *moment.faults))
    if kind in ("database", "everything"):
        moment = replace(moment, database=tuple(_broken(dice) for _ in range(dice.choice((1, 1, 2)))))
    if kind in ("doubled", "everything"):
        runs = tuple(_run(dice, after=dice.randrange(70)) for _ in range(dice.choice((1, 1, 2))))
        moment = replace(moment, runs=(*moment.runs, *runs), leases_end=dice.random() < 0.5)
    if kind in ("death", "everything"):
        moment = replace(moment, runs=(_spoilt(dice, moment.runs[0]), *moment.runs[1:]))
    if kind in ("slow", "everything") or (kind == "doubled" and dice.random() < 0.3):
        moment = replace(moment, slow=(Slow(dice.randrange(1, 30), dice.choice((2.0, 4.0, 20.0, 90.0))),))
    return moment


def _run(dice: random.Random, after: int = 0) -> Run:
    return Run(process=dice.randrange(2), after=after, force=dice.random() < 0.15)


def _spoilt(dice: random.Random, run: Run) -> Run:
    call = dice.randrange(1, 80)
    return (
        replace(run, ends_at=call) if dice.random() < 0.25 else replace(run, dies_at=call, answered=dice.random() < 0.5)
    )


def _fault(dice: random.Random, paths: tuple[str, ...], at: datetime) -> Fault:
    path, times = dice.choice(paths), dice.choice((None, None, 1, 2, 3, 4))
    account = dice.choice((None, None, *worlds.NAMES))
    kind = dice.choice(("5xx", "5xx", "timeout", "disconnect", "torn body", "429", "418", "451", "403"))
    match kind:
        case "5xx":
            return Fault(path, account=account, status=dice.choice((500, 502, 503, 504)), times=times)
        case "429":
            return too_many(path, account, dice.choice((None, 0, 1, 30, 300)), times)
        case "418":
            return banned(at + dice.choice((2 * MINUTE, 30 * MINUTE, 3 * HOUR)), path)
        case "451":
            return elsewhere(dice.choice(("api.binance.com", "fapi.binance.com")), path)
        case "403":
            return firewall(path, times)
        case "timeout" | "disconnect" | "torn body" as what:
            return Fault(path, what, account, times=times)
    raise AssertionError(kind)


def _broken(dice: random.Random) -> Broken:
    how: tuple[How, ...] = ("refused", "unanswered", "late")
    return Broken(dice.choice(FUNCTIONS), dice.choice((1, 1, 1, 2, 3)), dice.choice(how), dice.choice((1, 1, 2, 99)))


def _hidden(dice: random.Random, place: Place, moments: list[Moment]) -> tuple[Hidden, ...]:
    """Choose rows that show hours late, and so at times after rows that are younger.

    None whose money moves while a run may be reading: balances would tell of it, and nothing could tell when it came.
    """
    found = []
    for account in place.world.accounts:
        for one in place.world.movements(account.name, place.end):
            at = credited_at(one)
            chosen = at > place.start and _is_quiet(at, moments) and not one.internal and dice.random() < 0.3
            if chosen and one.reversed_at is None:
                found.append(Hidden(one.id, at, at + dice.choice((40 * MINUTE, 3 * HOUR, 13 * HOUR))))
    return tuple(found)


def _is_quiet(at: datetime, moments: list[Moment]) -> bool:
    return all(not moment.at - SECOND <= at <= moment.at + 10 * MINUTE for moment in moments)


def _crossed(dice: random.Random, place: Place, hidden: tuple[Hidden, ...]) -> list[Moment]:
    """Choose money that moves while a run reads: seconds pass, once or twice, from just before it is there.

    Not in the slot of the first snapshot, whose time begins the comparison and would be another.

    None that Pay tells of as well, and of some seconds before: what it tells is not when the balance had it.
    """
    found, unlisted = [], {one.id for one in hidden}
    for account in place.world.accounts:
        moved = [one for one in place.world.movements(account.name, place.end) if not one.internal]
        instants = [at for one in moved for at in (credited_at(one), one.reversed_at) if at and one.id not in unlisted]
        crossings = place.world.crossings(account.name, place.end)
        crossed = [one.moved_at for one in crossings if one.moves and one.moved_at == one.flowed_at]
        instants += [at for at in crossed if dice.random() < 0.4]
        for at in sorted(at for at in instants if place.start + HOUR + MINUTE < at < place.end):
            follows = any(timedelta() < other - at < MINUTE for other in instants)
            slow = _twice(dice) if follows else _once(dice)
            begins = at - dice.choice((1, 2, 10)) * SECOND
            if dice.random() < (0.8 if follows else 0.3):
                found.append(Moment(begins, (Run(force=True),), slow=slow, turns=dice.randrange(1 << 30)))
    return found


def _once(dice: random.Random) -> tuple[Slow, ...]:
    """Let seconds pass at one call, or at two that need not be of two readings."""
    calls = sorted(dice.sample(range(1, 40), dice.choice((1, 2))))
    return tuple(Slow(call, dice.choice((4.0, 12.0, 20.0))) for call in calls)


def _twice(dice: random.Random) -> tuple[Slow, ...]:
    """Let seconds pass in a reading, before its balances, and in the one after it."""
    later = dice.choice((2, 2, 3))  # where two accounts are read that may be the same one's
    return (Slow(1, 12.0, SPOT), Slow(later, 12.0, SPOT))
