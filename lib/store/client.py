"""The store over the Supabase client: each method is one call of one SQL function, and so one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from lib.alert_records import Watched
from lib.domain.attribution import Stretch
from lib.domain.holdings import AccountHoldings
from lib.domain.policies import in_words
from lib.domain.prices import PriceHistory, PricePoint
from lib.domain.reading import Basis
from lib.domain.record import Record
from lib.domain.requests import LEVELS, HistoryRequest, LogRequest
from lib.domain.state import Outcome, Truth
from lib.domain.survey import ALWAYS_PRICED
from lib.errors import NotFound
from lib.records import (
    Account,
    AccountClosed,
    AccountExists,
    AccountFlows,
    AccountHistory,
    AccountPart,
    AccountSummary,
    Claim,
    LogEntry,
    LogLimits,
    NewAccount,
    PricesDiffer,
    Status,
    StoredLog,
    VersionMoved,
)
from lib.store.calls import call, read, unknown
from lib.store.errors import StoreConflict
from lib.store.rows.account import decode_account, decode_summary, encode_new
from lib.store.rows.alerts import decode_watched
from lib.store.rows.changes import decode_stretch
from lib.store.rows.history import decode_history, decode_parts, decode_record, decode_truth, encode_drawn
from lib.store.rows.holdings import decode_holdings_of
from lib.store.rows.ledger import decode_account_flows, decode_price_history, decode_prices
from lib.store.rows.logs import decode_log, encode_log
from lib.store.rows.outcome import encode_outcome, encode_restored
from lib.store.rows.scalars import maybe_instant, maybe_stamp, stamp
from lib.store.rows.snapshot import decode_basis
from lib.store.schema import SCHEMA_VERSION

if TYPE_CHECKING:
    from supabase import AsyncClient


class SupabaseStore:
    """`lib.ports.Store` over an async Supabase client, which it neither makes nor closes.

    Raises: Unavailable, MigrationsBehind, StoreRefused from every method, beside what the port says.
    """

    def __init__(self, client: "AsyncClient") -> None:
        self._client = client
        self._listed: tuple[str, list[Any]] = ("", [])  # the newest list of accounts, with the database's mark of it

    async def claim(
        self, run: str, slot: datetime, *, lease_s: int, limit: int, account: str | None = None, force: bool = False
    ) -> Claim:
        """Lease the accounts that are due. Not retried: a lost answer's leases end by themselves."""
        rows = await call(
            self._client,
            "claim_accounts",
            {
                "p_run": run,
                "p_slot": stamp(slot),
                "p_lease_s": lease_s,
                "p_limit": limit,
                "p_schema": SCHEMA_VERSION,
                "p_account": account,
                "p_force": force,
            },
        )
        banned_until = next((maybe_instant(row.get("banned_until")) for row in rows), None)  # the same in every row
        return Claim(tuple(decode_account(row) for row in rows), banned_until)

    async def load(self, account_id: str) -> Account:
        """Read one account again."""
        row = await read(self._client, "load_account", {"p_account": account_id})
        if row is None:
            raise await unknown(self._client, account_id)
        return decode_account(row)

    async def record(self, account_id: str) -> Record:
        """Read what a history file of the account carries."""
        answer = await read(self._client, "read_record", {"p_account": account_id, "p_assets": list(ALWAYS_PRICED)})
        if answer is None:
            raise await unknown(self._client, account_id)
        return decode_record(answer)

    async def restore(
        self, account_id: str, created_at: datetime, record: Record, outcome: Outcome, status: Status
    ) -> None:
        """Store an account without a key, whole or not at all."""
        arguments = {
            "p_id": account_id,
            "p_name": record.name,
            "p_policy": in_words(record.policy),
            "p_created_at": stamp(created_at),
            "p_closed_at": maybe_stamp(record.closed_at),
            "p_run": "import",
            "p_outcome": encode_restored(outcome, status, record.slot_minutes),
        }
        try:
            await call(self._client, "restore_account", arguments)
        except StoreConflict as error:
            if error.reason == "account_exists":
                raise AccountExists(f"the id {account_id!r} or the name {record.name!r} is there already") from error
            raise PricesDiffer(f"other prices are stored than those of {record.name!r}") from error

    async def truth(self, account_id: str) -> Truth:
        """Read all that the account's figures follow from. Raises: NotFound."""
        answer = await read(self._client, "read_truth", {"p_account": account_id})
        if answer is None:
            raise await unknown(self._client, account_id)
        return decode_truth(answer)

    async def bases(self, account_id: str, instants: Sequence[datetime]) -> Mapping[datetime, Basis | None]:
        """Read for each instant the last whole snapshot before it."""
        asked = {"p_account": account_id, "p_instants": [stamp(at) for at in instants]}
        answers = await read(self._client, "read_bases", asked)
        return {at: decode_basis(answer) for at, answer in zip(instants, answers, strict=True)}

    async def commit(
        self, account: Account, run: str, outcome: Outcome, status: Status | None, logs: Sequence[LogEntry] = ()
    ) -> None:
        """Store an outcome whole, or nothing of it. Not retried here: see the port."""
        arguments = {
            "p_account": account.id,
            "p_run": run,
            "p_version": account.version,
            "p_outcome": encode_outcome(outcome, status, logs),
        }
        try:
            await call(self._client, "commit_outcome", arguments)
        except StoreConflict as error:
            raise VersionMoved(f"account {account.id!r} is no longer at version {account.version}") from error

    async def rebuild_days(self, account_id: str) -> int:
        """Keep what the account's days come to by its rows; answer how many were kept otherwise. Raises: NotFound."""
        return int(await call(self._client, "rebuild_days", {"p_account": account_id}))

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
        """End the run's leases, note its failures, and keep what it tells."""
        kept = limits or LogLimits()
        arguments = {
            "p_run": run,
            "p_failures": {id_: asdict(status) for id_, status in failures.items()},
            "p_logs": [encode_log(entry) for entry in logs],
            "p_at": maybe_stamp(at),
            "p_log_days": kept.days,
            "p_log_entries": kept.entries,
            "p_deferred": list(deferred),
            "p_banned_until": maybe_stamp(banned_until),
            "p_watch": watch,
        }
        return decode_watched(await call(self._client, "finish_run", arguments))

    async def logs(self, request: LogRequest) -> tuple[StoredLog, ...]:
        """Read log entries, newest first."""
        levels = None if request.level is None else LEVELS[LEVELS.index(request.level) :]
        arguments = {
            "p_limit": request.limit,
            "p_levels": levels,
            "p_account": request.account,
            "p_event": request.event,
            "p_run": request.run,
            "p_text": request.text,
            "p_after": request.after,
            "p_before": request.before,
        }
        return tuple(decode_log(row) for row in await read(self._client, "read_logs", arguments))

    async def add(self, account: NewAccount) -> None:
        """Store a new account."""
        try:
            await call(self._client, "add_account", encode_new(account))
        except StoreConflict as error:
            taken = f"the exchange's account behind the key, the id {account.id!r} or the name {account.name!r}"
            raise AccountExists(f"{taken} is there already", "api_key") from error

    async def set_state(
        self, account_id: str, state: str, at: datetime, run: str, logs: Sequence[LogEntry] = ()
    ) -> bool:
        """Make an account active, paused or closed."""
        arguments = {
            "p_account": account_id,
            "p_state": state,
            "p_at": stamp(at),
            "p_run": run,
            "p_logs": [encode_log(entry) for entry in logs],
        }
        try:
            return bool(await call(self._client, "set_account_state", arguments))
        except NotFound as error:
            raise await unknown(self._client, account_id) from error
        except StoreConflict as error:
            raise AccountClosed(f"the account {account_id!r} is closed for good; its key is gone") from error

    async def reseal(self, account_id: str, was: str, sealed_key: str) -> bool:
        """Put an account's key, sealed anew, in the place of `was`."""
        arguments = {"p_account": account_id, "p_was": was, "p_sealed_key": sealed_key}
        return bool(await call(self._client, "reseal_key", arguments))

    async def accounts(self) -> tuple[AccountSummary, ...]:
        """List the accounts with their latest figures; a list that is the one read before is not sent again."""
        known = self._listed  # another call may read a newer one meanwhile
        answer = await read(self._client, "list_accounts_unless", {"p_known": known[0]})
        if answer["accounts"] is not None:
            known = self._listed = (answer["mark"], answer["accounts"])
        return tuple(decode_summary(row) for row in known[1])

    async def history(
        self, account_id: str | None, *, prices: bool = False, drawn: HistoryRequest | None = None
    ) -> tuple[AccountHistory, ...]:
        """Read one account's history, or everybody's: all rows, or what `drawn` needs of them."""
        asked = {"p_account": account_id, "p_prices": prices, **({} if drawn is None else encode_drawn(drawn))}
        return tuple(decode_history(row) for row in await self._of("read_history", account_id, asked))

    async def parts(self) -> tuple[AccountPart, ...]:
        """Read everybody's as parts of all."""
        return decode_parts(await self._of("read_history", None, {"p_account": None, "p_together": True}))

    async def editions(self, account_id: str | None) -> tuple[str, ...]:
        """Tell the edition of one account's history, or of everybody's."""
        answer = await read(self._client, "read_editions", {"p_account": account_id})
        if account_id is not None and not answer:
            raise await unknown(self._client, account_id)
        return tuple(answer)

    async def changes(self, periods: Sequence[tuple[str, datetime, datetime]]) -> tuple[Stretch, ...]:
        """Read what changed the value of accounts over periods."""
        asked = [[account, stamp(since), stamp(until)] for account, since, until in periods]
        return tuple(decode_stretch(row) for row in await read(self._client, "read_changes", {"p_periods": asked}))

    async def flows(
        self, account_id: str | None, since: datetime | None = None, until: datetime | None = None
    ) -> tuple[AccountFlows, ...]:
        """Read one account's ledger, or everybody's."""
        asked = {"p_account": account_id, "p_from": maybe_stamp(since), "p_until": maybe_stamp(until)}
        return tuple(decode_account_flows(row) for row in await self._of("read_flows", account_id, asked))

    async def holdings(self, account_id: str | None, at: datetime | None, before: int) -> tuple[AccountHoldings, ...]:
        """Read what one account held, or each."""
        asked = {"p_account": account_id, "p_at": maybe_stamp(at), "p_before": before}
        return tuple(decode_holdings_of(row) for row in await self._of("read_holdings", account_id, asked))

    async def prices(self, assets: Sequence[str], since: datetime) -> tuple[PricePoint, ...]:
        """Read the stored prices of `assets` from `since` on."""
        return decode_prices(await read(self._client, "read_prices", {"p_assets": assets, "p_since": stamp(since)}))

    async def price_history(self, assets: Sequence[str], since: datetime) -> PriceHistory:
        """Read the same, to be looked up."""
        arguments = {"p_assets": assets, "p_since": stamp(since)}
        return decode_price_history(await read(self._client, "read_prices", arguments))

    async def newest(self) -> datetime | None:
        """Return the time of the newest complete snapshot of any account."""
        return maybe_instant(await read(self._client, "newest_snapshot", {}))

    async def _of(self, function: str, account_id: str | None, asked: Mapping[str, object]) -> list[Any]:
        """Read one row an account. Raises: NotFound where the one that is asked for is not there."""
        rows: list[Any] = await read(self._client, function, asked)
        if account_id is not None and not rows:
            raise await unknown(self._client, account_id)
        return rows
