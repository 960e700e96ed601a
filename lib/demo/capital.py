"""Deposit and withdrawal history: windows under 90 days, newest first, statuses as time goes by."""

from datetime import datetime, timedelta

from lib.demo import params
from lib.demo.events import Deposit, Withdrawal, is_reversed, starts_at
from lib.demo.instants import second_text, to_ms
from lib.demo.messages import Refused
from lib.demo.routes import Params, Route, Signed, SignedRoute, weighs
from lib.domain.money import plain

_DAY_MS = 86_400_000
_WIDEST_DAYS = 90
_WITH_ORDER_ID_DAYS = 7
_MOST = 1000

_MAIL_SENT, _CANCELLED, _AWAITING_APPROVAL, _PROCESSING, _FAILED, _COMPLETED = 0, 1, 2, 4, 5, 6
_PENDING, _CREDITED, _LOCKED, _WRONG = 0, 1, 6, 7


def _window(asked: Params, now_ms: int, widest_days: int = _WIDEST_DAYS) -> tuple[int, int]:
    """Return both ends, inclusive; the default is the last 90 days. Raises: Refused (-4047) where it is too wide."""
    start_ms, end_ms = params.integer(asked, "startTime"), params.integer(asked, "endTime")
    if end_ms is None:
        end_ms = now_ms if start_ms is None else max(now_ms, start_ms)
    if start_ms is None:
        start_ms = end_ms - widest_days * _DAY_MS
    elif end_ms - start_ms >= widest_days * _DAY_MS:
        raise Refused(400, -4047, f"Time interval must be within 0-{widest_days} days")
    if start_ms > end_ms:
        raise Refused(400, -1023, "Start time is greater than end time.")
    return start_ms, end_ms


def _page[Row](rows: list[Row], asked: Params) -> list[Row]:
    offset = params.integer(asked, "offset") or 0
    return rows[offset : offset + params.limit(asked, _MOST, _MOST)]


def _matches(asked: Params, row: dict[str, object], *names: str) -> bool:
    return all(not asked.get(name) or str(row[name]) == asked[name] for name in names)


def deposits(call: Signed) -> object:
    """Answer with the deposits inserted in a window."""
    start_ms, end_ms = _window(call.params, call.now_ms)
    known = call.world.movements(call.key.account, call.now)
    rows = [
        _deposit_row(movement, call.now)
        for movement in reversed(known)
        if isinstance(movement, Deposit) and start_ms <= to_ms(starts_at(movement)) <= end_ms
    ]
    return _page([row for row in rows if _matches(call.params, row, "coin", "status", "txId")], call.params)


def _deposit_row(deposit: Deposit, now: datetime) -> dict[str, object]:
    credited = deposit.credited_at <= now
    row: dict[str, object] = {
        "id": deposit.id,
        "amount": plain(deposit.amount),
        "coin": deposit.asset,
        "network": deposit.network,
        "status": _deposit_status(deposit, now),
        "address": deposit.address,
        "addressTag": "",
        "txId": deposit.tx_id,
        "insertTime": to_ms(deposit.inserted_at),
        "transferType": int(deposit.internal),
        "confirmTimes": "1/1" if credited else "0/1",
        "unlockConfirm": 0,
        "walletType": int(deposit.wallet == "funding"),
        "travelRuleStatus": 0,
    }
    if credited:
        row["completeTime"] = to_ms(deposit.credited_at)
    return row


def _deposit_status(deposit: Deposit, now: datetime) -> int:
    if deposit.credited_at > now:
        return _PENDING
    if is_reversed(deposit, now):
        return _WRONG
    return _LOCKED if now < deposit.unlocked_at else _CREDITED


def withdrawals(call: Signed) -> object:
    """Answer with the withdrawals applied for in a window."""
    asked = call.params
    widest_days = _WITH_ORDER_ID_DAYS if asked.get("withdrawOrderId") else _WIDEST_DAYS
    start_ms, end_ms = _window(asked, call.now_ms, widest_days)
    known = call.world.movements(call.key.account, call.now)
    rows = [
        _withdrawal_row(movement, call.now)
        for movement in reversed(known)
        if isinstance(movement, Withdrawal) and start_ms <= to_ms(starts_at(movement)) <= end_ms
    ]
    wanted = asked["idList"].split(",") if asked.get("idList") else None
    kept = [row for row in rows if _matches(asked, row, "coin", "status", "withdrawOrderId")]
    return _page([row for row in kept if wanted is None or row["id"] in wanted], asked)


def status(withdrawal: Withdrawal, now: datetime) -> int:
    """Return 0 (mail sent), 2 (awaiting approval), 4 (processing), 6 (completed), 5 (failed) or 1 (cancelled)."""
    if is_reversed(withdrawal, now):
        return _FAILED
    if withdrawal.ended_at <= now:
        return _CANCELLED if withdrawal.cancelled else _COMPLETED
    whole: timedelta = withdrawal.ended_at - withdrawal.applied_at
    if now < withdrawal.applied_at + whole * 0.05:
        return _MAIL_SENT
    waits = withdrawal.cancelled or now < withdrawal.applied_at + whole * 0.4
    return _AWAITING_APPROVAL if waits else _PROCESSING


def _withdrawal_row(withdrawal: Withdrawal, now: datetime) -> dict[str, object]:
    reached = status(withdrawal, now)
    row: dict[str, object] = {
        "id": withdrawal.id,
        "amount": plain(withdrawal.amount),
        "transactionFee": plain(withdrawal.fee),
        "coin": withdrawal.asset,
        "status": reached,
        "address": withdrawal.address,
        "txId": withdrawal.tx_id if reached == _COMPLETED else "",
        "applyTime": second_text(withdrawal.applied_at),
        "network": withdrawal.network,
        "transferType": int(withdrawal.internal),
        "withdrawOrderId": "",
        "info": "",
        "confirmNo": 12 if reached == _COMPLETED else 0,
        "walletType": int(withdrawal.wallet == "funding"),
        "txKey": "",
    }
    if reached == _COMPLETED:
        row["completeTime"] = second_text(withdrawal.ended_at)
    return row


ROUTES: dict[tuple[str, str], Route] = {
    ("GET", "/sapi/v1/capital/deposit/hisrec"): SignedRoute(deposits, weighs(1)),
    ("GET", "/sapi/v1/capital/withdraw/history"): SignedRoute(
        withdrawals, weighs(18_000), per_account=True, per_second=True
    ),
}
