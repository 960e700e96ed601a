"""What alerts are made of on their way from a run to people, as values."""

from dataclasses import dataclass
from datetime import datetime

from lib.domain.alerts import Episode, Limits, Sight


@dataclass(frozen=True, slots=True)
class WatchedAccount:
    """An account that is collected, as it is judged after a run. `digest_until`: up to when a digest told of it."""

    id: str
    name: str
    sight: Sight
    limits: Limits
    digest_until: datetime | None
    episodes: tuple[Episode, ...]


@dataclass(frozen=True, slots=True)
class Watched:
    """What there is to judge after a run; `waiting`: messages are there that nobody is sending."""

    accounts: tuple[WatchedAccount, ...]
    waiting: bool


@dataclass(frozen=True, slots=True)
class Notice:
    """What is to be kept of an account and told of it: an episode that begins or ends, or the digest up to `at`.

    Without a title nobody is told.
    """

    account: str
    change: str  # begin, end, digest
    at: datetime
    title: str | None
    body: str
    kind: str = ""
    subject: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """A message that no service has taken yet."""

    number: int
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Delivery:
    """What came of sending to one service: which one of ALERT_URLS by its place from 1 on, and never its address."""

    place: int
    service: str
    delivered: bool
