"""What histories had in them: a proof is worth what it reaches."""

from collections import Counter
from collections.abc import Iterator

from tests.chaos.histories import BAD_KEY, Moment, Plan
from tests.chaos.living import Life
from tests.chaos.post import written
from tests.chaos.worlds import rare

_BODILESS = {"timeout", "disconnect", "torn body"}


class Census:
    """Counts in how many histories each kind of thing came about."""

    def __init__(self) -> None:
        self.lived = 0
        self._counts: Counter[tuple[str, str]] = Counter()

    def add(self, plan: Plan, life: Life) -> None:
        """Count what one history had."""
        self.lived += 1
        self._counts.update({*_faults(plan), *_money(life), *_told(life)})

    def lines(self) -> Iterator[str]:
        """Yield the table, the most frequent of each part first."""
        width = max((len(what) for _, what in self._counts), default=0)
        for part in ("faults", "money", "acts", "messages"):
            yield f"{part} of {self.lived} histories"
            found = [(count, what) for (group, what), count in self._counts.items() if group == part]
            for count, what in sorted(found, key=lambda one: (-one[0], one[1])):
                yield f"  {what:{width}} {count:5}"


def _faults(plan: Plan) -> Iterator[tuple[str, str]]:
    for moment in plan.moments:
        for what in _troubles(moment):
            yield "faults", what
    if plan.hidden:
        yield "faults", "rows listed too late"


def _troubles(moment: Moment) -> Iterator[str]:
    for fault in moment.faults:
        is_key = fault.body == BAD_KEY
        yield fault.what if fault.what in _BODILESS else "key refused" if is_key else f"status {fault.status}"
    for broken in moment.database:
        yield f"database: {broken.how}"
    for run in moment.runs:
        if run.dies_at is not None:
            yield "death"
        if run.ends_at is not None:
            yield "broken off"
        if run.force:
            yield "forced"
    if len(moment.runs) > 1:
        yield "overlapping runs"
    if moment.slow:
        yield "time passes in a run"
    if moment.deaf:
        yield "no messages taken"
    if not moment.runs[0].asks and moment.at.minute not in (0, 7):
        yield "late"


def _money(life: Life) -> Iterator[tuple[str, str]]:
    for source, detail, id_ in life.spine.sql("select source, detail, id from flows"):
        yield "money", f"{source} that turned back" if "~" in id_ else source
        if detail == "internal":
            yield "money", "between users, in two lists"
    for (event,) in life.spine.sql("select distinct event from logs where event like 'account.%%'"):
        yield "money", f"told: {event}"
    for account in life.place.world.accounts:
        for one in life.place.world.account(account.name).extra:
            if one.__class__.__name__ in ("SpotTrade", "OrderLock", "Transfer"):
                yield "money", f"inside: {one.__class__.__name__}"
        if any(id_.startswith("9223372036854") for id_ in rare(life.place, account.name)):
            yield "money", "master and sub-account"


def _told(life: Life) -> Iterator[tuple[str, str]]:
    asked = [passed for passed in life.passed if passed.moment.is_asked]
    done = {at for (at,) in life.spine.sql("select at from rebalances")}
    for passed in asked:
        is_done = any(passed.began <= at <= passed.ended for at in done)
        yield "acts", "rebalanced at once" if is_done else "asked for a rebalance in vain"
        if not passed.moment.is_calm:
            yield "acts", "asked for a rebalance in trouble"
    for one in written(life.spine.database):
        title = one.title.partition(": ")[2]
        yield "messages", "digest" if title[:1].isdigit() else title
    if len({*life.mailbox.taken}) < len(life.mailbox.taken):
        yield "messages", "a text came twice"
