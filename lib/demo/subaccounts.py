"""Transfers between accounts of one owner: the sub-account's own list, and the three lists of its master.

A plain account has none, and is no master: what Binance answers it is not documented, here it is an empty list and a
refusal. Source: reference, D.5.
"""

from collections.abc import Iterator

from lib.demo import params
from lib.demo.crossings import Crossing, SubRow
from lib.demo.instants import to_ms
from lib.demo.messages import Refused
from lib.demo.routes import Route, Signed, SignedRoute, weighs
from lib.domain.money import plain

_DAY_MS = 86_400_000
_MOST = 500
_WEEK_DAYS, _MONTH_DAYS = 7, 30
_IN, _OUT = 1, 2

type Listed = tuple[Crossing, SubRow]


def own(call: Signed) -> object:
    """Answer a sub-account with what came (type 1) or, unless told otherwise, what went (type 2)."""
    type_ = params.integer(call.params, "type") or _OUT
    if type_ not in (_IN, _OUT):
        raise params.invalid("type")
    start_ms, end_ms = _window(call, _MONTH_DAYS)
    rows = [
        {
            "counterParty": "master",
            "email": shown.sender if type_ == _IN else shown.receiver,
            "type": type_,
            "asset": shown.asset,
            "qty": plain(abs(shown.quantity)),
            "fromAccountType": "SPOT",
            "toAccountType": "SPOT",
            "status": shown.ended,
            "tranId": int(crossing.id),
            "time": to_ms(crossing.at),
        }
        for crossing, shown in _of(call, call.key.account)
        if (shown.quantity > 0) == (type_ == _IN) and start_ms <= to_ms(crossing.at) <= end_ms
    ]
    return _newest_first(rows, "time")[: params.limit(call.params, _MOST, _MOST)]


def listing(call: Signed) -> object:
    """Answer a master with its sub-accounts."""
    return {"subAccounts": [{"subUserId": 1, "email": email, "isFreeze": False} for email in _subs(call)]}


def spot(call: Signed) -> object:
    """Answer a master with transfers between spot wallets."""
    window = _window(call, _MONTH_DAYS)
    rows = [
        {
            "from": shown.sender,
            "to": shown.receiver,
            "asset": shown.asset,
            "qty": plain(abs(shown.quantity)),
            "status": shown.ended,
            "tranId": int(crossing.id),
            "time": to_ms(crossing.at),
        }
        for crossing, shown in _ours(call, "spot", window)
    ]
    return _page(call, _newest_first(rows, "time"))


def universal(call: Signed) -> object:
    """Answer a master with transfers between any wallets; the window is under seven days."""
    window = _window(call, _WEEK_DAYS)
    if window[1] - window[0] >= _WEEK_DAYS * _DAY_MS:
        raise Refused(400, -4047, "Time interval must be within 0-7 days")
    rows = [
        {
            "tranId": int(crossing.id),
            "fromEmail": shown.sender,
            "toEmail": shown.receiver,
            "asset": shown.asset,
            "amount": plain(abs(shown.quantity)),
            "createTimeStamp": to_ms(crossing.at),
            "fromAccountType": "SPOT",
            "toAccountType": "SPOT",
            "status": shown.ended,
            "clientTranId": "",
        }
        for crossing, shown in _ours(call, "universal", window)
    ]
    return {"result": _page(call, _newest_first(rows, "createTimeStamp")), "totalCount": len(rows)}


def futures(call: Signed) -> object:
    """Answer a master with a sub-account's transfers between futures wallets."""
    email, kind = params.required(call.params, "email"), params.required(call.params, "futuresType")
    window = _window(call, _MONTH_DAYS)
    rows = [
        {
            "from": shown.sender,
            "to": shown.receiver,
            "asset": shown.asset,
            "qty": plain(abs(shown.quantity)),
            "tranId": crossing.id,
            "time": to_ms(crossing.at),
        }
        for crossing, shown in _ours(call, "usdm" if kind == "1" else "coinm", window, everybody=True)
        if email in (shown.sender, shown.receiver) and shown.ended == "SUCCESS"
    ]
    return {"success": True, "futuresType": int(kind), "transfers": _page(call, _newest_first(rows, "time"))}


def _window(call: Signed, days: int) -> tuple[int, int]:
    start_ms, end_ms = (params.integer(call.params, name) for name in ("startTime", "endTime"))
    end_ms = max(call.now_ms, start_ms or 0) if end_ms is None else end_ms
    return (end_ms - days * _DAY_MS + 1 if start_ms is None else start_ms), end_ms


def _subs(call: Signed) -> list[str]:
    """Return the addresses of the caller's sub-accounts. Raises: Refused where there are none."""
    subs = [account.email for account in call.world.accounts if account.master == call.key.account]
    if not subs:
        raise Refused(400, -12022, "This endpoint is for master accounts only.")
    return subs


def _of(call: Signed, account: str) -> Iterator[Listed]:
    for crossing in call.world.crossings(account, call.now):
        if isinstance(crossing.shown, SubRow):
            yield crossing, crossing.shown


def _ours(call: Signed, family: str, window: tuple[int, int], *, everybody: bool = False) -> list[Listed]:
    """Return the transfers of one sender, by default the master; each once, though both of its ends know it."""
    subs, master = _subs(call), call.world.account(call.key.account)
    if call.params.get("fromEmail") and call.params.get("toEmail"):
        raise Refused(400, -1128, "Combination of optional parameters invalid.")
    receiver = call.params.get("toEmail")
    sender = None if receiver else call.params.get("fromEmail") or master.email
    names = [master.name, *(account.name for account in call.world.accounts if account.email in subs)]
    found = {crossing.id: (crossing, shown) for name in names for crossing, shown in _of(call, name)}
    return [
        (crossing, shown)
        for crossing, shown in found.values()
        if family in shown.families
        and window[0] <= to_ms(crossing.at) <= window[1]
        and (everybody or (shown.receiver == receiver if receiver else shown.sender == sender))
    ]


def _newest_first(rows: list[dict[str, object]], name: str) -> list[dict[str, object]]:
    return sorted(rows, key=lambda row: int(str(row[name])), reverse=True)


def _page(call: Signed, rows: list[dict[str, object]]) -> list[dict[str, object]]:
    page, size = params.integer(call.params, "page") or 1, params.limit(call.params, _MOST, _MOST)
    return rows[(page - 1) * size : page * size]


ROUTES: dict[tuple[str, str], Route] = {
    ("GET", "/sapi/v1/sub-account/transfer/subUserHistory"): SignedRoute(own, weighs(1)),
    ("GET", "/sapi/v1/sub-account/list"): SignedRoute(listing, weighs(1)),
    ("GET", "/sapi/v1/sub-account/sub/transfer/history"): SignedRoute(spot, weighs(1)),
    ("GET", "/sapi/v1/sub-account/universalTransfer"): SignedRoute(universal, weighs(1)),
    ("GET", "/sapi/v1/sub-account/futures/internalTransfer"): SignedRoute(futures, weighs(1)),
}
