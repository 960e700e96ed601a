"""What the use cases need from the outside world, as protocols."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Protocol

from lib.alert_records import Watched
from lib.domain.attribution import Stretch
from lib.domain.estimates import DailyBalance
from lib.domain.flows import Movement
from lib.domain.holdings import AccountHoldings
from lib.domain.income import IncomeReading
from lib.domain.keys import KeyCheck
from lib.domain.portfolio import Side, Terms, Wallet, WalletReading
from lib.domain.prices import PriceHistory, PricePoint
from lib.domain.reading import Basis
from lib.domain.record import Record
from lib.domain.requests import HistoryRequest, LogRequest
from lib.domain.state import Outcome, Truth
from lib.errors import MonitorError
from lib.records import (
    Account,
    AccountFlows,
    AccountHistory,
    AccountPart,
    AccountSummary,
    Claim,
    LogEntry,
    LogLimits,
    NewAccount,
    Status,
    StoredLog,
)


class Clock(Protocol):
    """The one owner of time: the wall clock, or in demo mode and tests the world's."""

    def now(self) -> datetime:
        """Return the current instant, aware, UTC."""

    async def sleep(self, seconds: float) -> None:
        """Let `seconds` pass on this clock."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """An account's key. Nothing of the secret shows in a repr."""

    account_id: str
    api_key: str = field(repr=False)
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Usage:
    """What a run cost at the exchange."""

    requests: int
    weight: Mapping[str, int]  # by pool: "api", "sapi", "futures"


@dataclass(frozen=True, slots=True)
class KeyRights:
    """What the exchange says of a key and of whose it is."""

    uid: str
    may_read: bool
    risky: tuple[str, ...]  # names of the rights it should not have: "enableWithdrawals"
    bound_to_addresses: bool = False  # no other address than those its owner listed may use it


class Exchange(Protocol):
    """Binance, or the demo exchange beneath the same client. Reads only.

    Raises: the errors of `lib.binance.errors`, every one a MonitorError; a transport failure after the retries too.
    """

    def before(self, deadline: datetime) -> "Exchange":
        """Return the same exchange for a run that ends at `deadline`: no wait and no retry goes past it."""

    def heard_by(self, hear: Callable[[MonitorError], None]) -> "Exchange":
        """Return the same exchange for one reading: `hear` is told of each question that got no answer, and why."""

    @property
    def banned_until(self) -> datetime | None:
        """Return when the ban of this address ends; None where none is known of."""

    @property
    def clock_offset(self) -> timedelta:
        """What to add to our clock to have the exchange's, as last measured."""

    async def ping(self) -> None:
        """Ask once, unsigned, whether this address is answered; if so, a ban that was remembered is over."""

    @property
    def hosts(self) -> Mapping[str, str]:
        """Return the hosts that can be probed, by their short names, with their addresses."""

    async def probe(self, host: str) -> datetime:
        """Return the time that one of `hosts` tells, unsigned; nothing is measured by it."""

    async def time(self) -> datetime:
        """Return the exchange's own time."""

    async def prices(self) -> Mapping[str, Decimal]:
        """Return the last price of every trading spot symbol, in one request."""

    async def listed_prices(self) -> Mapping[str, Decimal]:
        """Return the last price of every spot symbol, also of those that trade no more."""

    async def last_traded(self, symbol: str) -> datetime | None:
        """Return when a spot symbol last traded, to the minute; None if that is not known."""

    async def candle_open(self, symbol: str, minute: datetime) -> Decimal | None:
        """Return the open of the spot symbol's one-minute candle that starts at `minute`; None if it did not trade."""

    async def contract_open(self, symbol: str, minute: datetime) -> Decimal | None:
        """Return the same of a futures contract, whatever it is margined in."""

    async def totals(self, key: Credentials) -> Mapping[Wallet, Decimal]:
        """Return the exchange's own total of every wallet, zeros included. Units: USDT."""

    async def wallet(self, key: Credentials, wallet: Wallet) -> WalletReading:
        """Read one itemised wallet; one of `readable`. One that does not exist is empty and says so."""

    async def usdm_terms(self, key: Credentials) -> Mapping[tuple[str, Side], Terms]:
        """Ask how the open positions of the USD-M wallet stand; those of others come with their wallet."""

    @property
    def readable(self) -> tuple[Wallet, ...]:
        """Name the wallets that `wallet` can itemise."""

    @property
    def sources(self) -> tuple[str, ...]:
        """Name the flow sources that `movements` can read."""

    async def movements(self, key: Credentials, source: str, start: datetime, end: datetime) -> tuple[Movement, ...]:
        """Read every row of `source` listed in [start, end], all pages and windows, oldest first, each once.

        Raises: source_refused where the exchange does not tell this account such rows at all.
        """

    async def check(self, key: Credentials, at: datetime) -> KeyCheck:
        """Ask what the key may do and which wallets its account has."""

    async def income(self, key: Credentials, wallet: Wallet, start: datetime, end: datetime) -> IncomeReading:
        """Read what a futures wallet earned and paid in [start, end], oldest first; at most so much in one call."""

    async def daily_balances(self, key: Credentials, end: datetime) -> tuple[DailyBalance, ...]:
        """Read the exchange's own snapshots of the 30 days before `end`, as far as it has any. Heavy."""

    async def daily_closes(self, symbol: str, end: datetime) -> Mapping[date, Decimal]:
        """Return the price of a spot symbol at the end of each of the 30 days before `end`."""

    async def rights(self, key: Credentials) -> KeyRights:
        """Ask what the key may do and whose it is."""

    async def risky_rights(self, key: Credentials) -> tuple[str, ...]:
        """Name the rights of the key that it should not have, with one cheap call."""

    def usage(self) -> Usage:
        """Return what has been spent since this client was made."""


class Store(Protocol):
    """Where everything is kept. Each call is one request and one transaction.

    Raises: the errors of `lib.store.errors`; Unavailable when the database does not answer.
    """

    async def claim(
        self, run: str, slot: datetime, *, lease_s: int, limit: int, account: str | None = None, force: bool = False
    ) -> Claim:
        """Lease the accounts that are due in `slot`, longest untried first. Retry: safe."""

    async def load(self, account_id: str) -> Account:
        """Read one account again. Raises: NotFound."""

    async def record(self, account_id: str) -> Record:
        """Read what a history file of the account carries. Raises: NotFound."""

    async def restore(
        self, account_id: str, created_at: datetime, record: Record, outcome: Outcome, status: Status
    ) -> None:
        """Store an account without a key, of which only its record is known, whole or not at all.

        Raises: AccountExists; PricesDiffer.
        """

    async def truth(self, account_id: str) -> Truth:
        """Read all that the account's figures follow from."""

    async def bases(self, account_id: str, instants: Sequence[datetime]) -> Mapping[datetime, Basis | None]:
        """Read for each instant the last whole snapshot before it, None where there is none or its detail is gone."""

    async def commit(
        self, account: Account, run: str, outcome: Outcome, status: Status | None, logs: Sequence[LogEntry] = ()
    ) -> None:
        """Store an outcome whole with what there is to tell of it, or nothing of it, and end the lease.

        Without a status the account keeps the one it has.

        Raises: VersionMoved if the account is no longer at `account.version`. Retry: a second commit of the same
        outcome raises VersionMoved and changes nothing.
        """

    async def rebuild_days(self, account_id: str) -> int:
        """Keep what the account's days come to by its rows; answer how many were kept otherwise. Raises: NotFound."""

    async def finish(
        self,
        run: str,
        failures: Mapping[str, Status],
        logs: Sequence[LogEntry] = (),
        at: datetime | None = None,
        limits: LogLimits | None = None,
        *,
        deferred: Sequence[str] = (),
        banned_until: datetime | None = None,
        watch: bool = False,
    ) -> Watched | None:
        """End the leases the run still holds, note why its failed accounts failed, and keep what it tells.

        The `deferred` accounts count as not tried by this run; a ban's end is remembered for the next one. With `at`,
        once a day by that clock, the log is cut to `limits`. With `watch` the answer is what there is to judge of every
        account. Retry: safe, but entries are kept again.
        """

    async def logs(self, request: LogRequest) -> tuple[StoredLog, ...]:
        """Read log entries, newest first."""

    async def add(self, account: NewAccount) -> None:
        """Store a new account. Raises: AccountExists."""

    async def set_state(
        self, account_id: str, state: str, at: datetime, run: str, logs: Sequence[LogEntry] = ()
    ) -> bool:
        """Make an account active, paused or closed; False where it was that already, and then nothing is told.

        Closing destroys its key. Raises: NotFound; AccountClosed for a closed one. Retry: safe.
        """

    async def reseal(self, account_id: str, was: str, sealed_key: str) -> bool:
        """Put an account's key, sealed anew, in the place of `was`, and change nothing else.

        False where another one is there by now, or none. Retry: safe.
        """

    async def accounts(self) -> tuple[AccountSummary, ...]:
        """List the accounts with their latest figures, in the order they were added."""

    async def history(
        self, account_id: str | None, *, prices: bool = False, drawn: HistoryRequest | None = None
    ) -> tuple[AccountHistory, ...]:
        """Read one account's history, or (None) everybody's: all rows, or what `drawn` needs. Raises: NotFound."""

    async def parts(self) -> tuple[AccountPart, ...]:
        """Read everybody's as far as what all were together follows from it; the first has the prices of all."""

    async def editions(self, account_id: str | None) -> tuple[str, ...]:
        """Tell the edition of one account's history, or (None) of everybody's; it costs little. Raises: NotFound."""

    async def changes(self, periods: Sequence[tuple[str, datetime, datetime]]) -> tuple[Stretch, ...]:
        """Read what changed the value of accounts: for each (account, since, until] what is stored of it."""

    async def flows(
        self, account_id: str | None, since: datetime | None = None, until: datetime | None = None
    ) -> tuple[AccountFlows, ...]:
        """Read one account's ledger, or (None) everybody's: the entries in (since, until]. Raises: NotFound."""

    async def holdings(self, account_id: str | None, at: datetime | None, before: int) -> tuple[AccountHoldings, ...]:
        """Read what one account, or (None) each, held in its last whole snapshot at or before `at` (None: the newest).

        With it come the reconciliations of the `before` snapshots before that one. Of one account a partial snapshot is
        read at its very time. Raises: NotFound.
        """

    async def prices(self, assets: Sequence[str], since: datetime) -> tuple[PricePoint, ...]:
        """Read the stored prices of `assets` from `since` on; one that has none is absent."""

    async def price_history(self, assets: Sequence[str], since: datetime) -> PriceHistory:
        """Read the same, to be looked up."""

    async def newest(self) -> datetime | None:
        """Return the time of the newest complete snapshot of any account."""


class Vault(Protocol):
    """Keeps API secrets unreadable outside of this process."""

    def seal(self, account_id: str, plaintext: str) -> str: ...

    def open(self, account_id: str, sealed: str) -> str: ...

    def is_current(self, sealed: str) -> bool: ...
