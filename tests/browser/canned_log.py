"""The log as /api/logs answers it: what runs told, newest first, with the filters and cursors of the real one."""

from datetime import timedelta
from typing import Any

from tests.browser.canned import LAST, stamp

GRAVITY = ("debug", "info", "warning", "error")
TOLD = (
    ("info", "main", "account.stored", "$117,116.90, 6 of 6 wallets, 1 rebalance due on 24 Nov"),
    ("info", "main", "reconcile.agrees", "difference +$0.42, within tolerance"),
    ("warning", "spot", "binance.retry", "GET /sapi/v1/asset/wallet/balance: 504, tried again after 1.2 s"),
    ("info", "main", "flow.pending", "withdrawal of 0.05 BTC is on its way; booked when Binance completes it"),
    ("info", None, "run.finished", "3 accounts, 27 requests, 0.9 s"),
)
REFUSED = ("error", "mixed", "binance.refused", "GET /fapi/v3/account: -2015 invalid key, address or permission")


def entries(hours: int = 12) -> list[dict[str, Any]]:
    """Five lines an hour, and one refusal at noon."""
    found: list[dict[str, Any]] = []
    for hour in range(hours - 1, -1, -1):
        told = (*TOLD, REFUSED) if hour == 2 else tuple(one for one in TOLD if hour == 0 or one[0] != "warning")
        for second, (level, account, event, message) in enumerate(reversed(told)):
            at = LAST - timedelta(hours=hour) + timedelta(seconds=second + 2)
            found.append(line(len(found) + 1, stamp(at), level, account, event, message, f"run-{hour}"))
    return found[::-1]


def line(
    number: int, at: str, level: str, account: str | None, event: str, message: str, run: str = "run-new"
) -> dict[str, Any]:
    said = {"level": level, "event": event, "message": message, "run": run, "account": account}
    return {"id": str(number), "at": at, **said, "data": {}}


def answer(log: list[dict[str, Any]], query: dict[str, list[str]]) -> dict[str, Any]:
    """Filter and page as the real one does."""
    asked = {name: values[0] for name, values in query.items()}
    grave = GRAVITY[GRAVITY.index(asked.get("level", "debug")) :]
    found = [
        one
        for one in log
        if one["level"] in grave
        and all(one[name] == asked[name] for name in ("account", "run", "event") if name in asked)
        and asked.get("q", "").lower() in one["message"].lower()
        and int(asked.get("after", 0)) < int(one["id"]) < int(asked.get("before", 10**9))
    ]
    limit = int(asked.get("limit", 100))
    kept = found[-limit:] if "after" in asked else found[:limit]
    return {
        "entries": kept,
        "after": kept[0]["id"] if kept else None,
        "before": kept[-1]["id"] if kept else None,
    }
