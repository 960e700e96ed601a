"""Links that show percentages: made and withdrawn by the owner, opened by whoever holds the token."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lib.domain.aggregate import aggregate
from lib.domain.benchmark import Policy
from lib.domain.figures import account_index, benchmark_index, figures, last
from lib.domain.money import ZERO
from lib.domain.percent import one_dollar
from lib.domain.policies import in_words
from lib.domain.replay import Row
from lib.domain.requests import ALL_ACCOUNTS, DEFAULT_POINTS
from lib.domain.series import gaps, thin
from lib.domain.statistics import drawdowns
from lib.errors import NotFound
from lib.owner_ports import Links
from lib.ports import Clock, Store
from lib.records import AccountHistory, AccountPart, Share, UnknownAccount
from lib.usecases import metrics
from lib.usecases.told import members_of, prices_of, slot_lengths

_TOKEN_BYTES, _ID_BYTES = 32, 6
_DIGITS = 4  # 0.01 % of the start: finer ones would let a ratio of two amounts in cents be guessed
_RATIOS = (
    *("twr", "benchmark_twr", "active_return", "max_drawdown", "benchmark_max_drawdown", "twr_24h"),
    *("benchmark_twr_24h", "volatility", "sharpe", "sortino", "cagr", "calmar", "beta", "alpha", "correlation"),
    *("tracking_error", "information_ratio", "up_capture", "down_capture", "benchmark_volatility"),
    *("benchmark_sharpe", "benchmark_sortino", "benchmark_cagr", "benchmark_calmar", "days"),
)


@dataclass(frozen=True, slots=True)
class _Shown:
    """What a link is about: rows without amounts, and the policy they are compared with."""

    policy: Policy | None
    rows: tuple[Row, ...]
    slot_minutes: Sequence[int]


async def make(links: Links, clock: Clock, account: str) -> dict[str, object]:
    """Make a link and return its token, which is kept nowhere and shown this once.

    Raises: NotFound.
    """
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    share = Share(secrets.token_hex(_ID_BYTES), None if account == ALL_ACCOUNTS else account, clock.now())
    await links.add(share, _hash(token.encode()))
    return {**_told(share), "token": token, "path": f"/share#{token}"}


async def listing(links: Links) -> dict[str, object]:
    """List the links without what opens them."""
    return {"shares": [_told(share) for share in await links.all()]}


async def revoke(links: Links, share_id: str) -> dict[str, object]:
    """Withdraw a link. Raises: NotFound."""
    if not await links.revoke(share_id):
        raise NotFound(f"there is no link {share_id!r}")
    return {"id": share_id, "state": "revoked"}


async def read(store: Store, links: Links, clock: Clock, token: bytes) -> dict[str, object]:
    """Answer with what the token's link shows: series and metrics in percent, and nothing an amount follows from.

    Raises: NotFound. Source: product, 6 and 12.
    """
    account = await links.open(_hash(token), clock.now())
    if account is None:
        return _answer(_all(await store.parts()))
    try:
        (history,) = await store.history(account, prices=True)
    except UnknownAccount:  # erased in this moment; who holds a link is told of no other account
        raise NotFound("this link was withdrawn or never existed") from None
    return _answer(_one(history))


def _one(history: AccountHistory) -> _Shown:
    asked = history.rebalances if history.policy.rebalance else ()
    rows = one_dollar(history.rows, history.policy, history.prices, asked)
    return _Shown(history.policy, rows, history.slot_minutes)


def _all(histories: Sequence[AccountPart]) -> _Shown:
    """Tell all accounts as one, against the policy of the first: a mean of several would tell their shares."""
    prices = prices_of(histories)
    total = aggregate(members_of(histories), prices)
    lengths = slot_lengths(histories)
    policy = histories[0].policy if histories else None
    rows = one_dollar(total.rows, policy, prices) if policy else ()
    return _Shown(policy, rows, [lengths[row.slot] for row in rows])


def _answer(shown: _Shown) -> dict[str, object]:
    rows = shown.rows
    whole = last(rows, None)
    found = figures(rows, whole, ZERO, (), shown.policy.risk_free) if whole and shown.policy else None
    words = in_words(shown.policy) if shown.policy else {}
    return {
        "inception": rows[0].at if rows else None,
        "from": rows[0].at if rows else None,
        "to": rows[-1].at if rows else None,
        "benchmark": {name: words[name] for name in ("weights", "rebalance", "risk_free") if name in words} or None,
        "series": _series(rows),
        "gaps": [{"from": gap.start, "to": gap.end} for gap in gaps(rows, shown.slot_minutes, ())],
        "metrics": _ratios(metrics.in_words(found)) if found else None,
    }


def _series(rows: Sequence[Row]) -> dict[str, list[object]]:
    kept = thin(rows, DEFAULT_POINTS)
    below, benchmark_below = drawdowns(account_index(rows), kept), drawdowns(benchmark_index(rows), kept)
    return {
        "t": [round(rows[place].at.timestamp()) for place in kept],
        "nav_index": [_rounded(float(rows[place].nav_index)) for place in kept],
        "benchmark_index": [_rounded(float(rows[place].benchmark_index)) for place in kept],
        "drawdown": [_rounded(float(fall)) for fall in below],
        "benchmark_drawdown": [_rounded(float(fall)) for fall in benchmark_below],
    }


def _ratios(words: Mapping[str, object]) -> dict[str, object]:
    notes = words["notes"]
    told = {name: note for name, note in notes.items() if name in _RATIOS} if isinstance(notes, Mapping) else {}
    return {**{name: _rounded(words[name]) for name in _RATIOS}, "notes": told}


def _rounded(value: object) -> object:
    if isinstance(value, Mapping):
        return {name: _rounded(inner) for name, inner in value.items()}
    return round(value, _DIGITS) + 0.0 if isinstance(value, float) else value


def _told(share: Share) -> dict[str, object]:
    return {
        "id": share.id,
        "account": share.account or ALL_ACCOUNTS,
        "created_at": share.created_at,
        "last_opened_at": share.last_opened_at,
    }


def _hash(token: bytes) -> str:
    return hashlib.sha256(b"portfolio-monitor share" + token).hexdigest()
