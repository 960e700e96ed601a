"""Request weights: counted per pool in fixed windows of the world's clock, refused past the limit, then banned."""

from dataclasses import dataclass
from fractions import Fraction

from lib.demo.messages import Header

_SECOND_MS = 1000
_MINUTE_MS = 60_000
_TOLERATED = 20  # calls past the limit within one window before a ban
_FIRST_BAN_MS = 120_000
_LONGEST_BAN_MS = 3 * 86_400_000


@dataclass(frozen=True, slots=True)
class Pool:
    """One budget. Units: `limit` in weight per window."""

    name: str
    limit: int
    headers: tuple[str, ...]
    window_ms: int = _MINUTE_MS
    bans: bool = True  # /sapi answers 429 and leaves it at that


_API = Pool("api", 6000, ("X-MBX-USED-WEIGHT", "X-MBX-USED-WEIGHT-1M"))
_OPTIONS = Pool("eapi", 400, ("X-MBX-USED-WEIGHT-1M",))
_PORTFOLIO = Pool("papi", 6000, ("X-MBX-USED-WEIGHT-1M",))
_FUTURES = Pool("futures", 2400, ("X-MBX-USED-WEIGHT-1M",))
_FAMILIES = ((("/fapi/", "/dapi/"), _FUTURES), (("/eapi/",), _OPTIONS), (("/papi/",), _PORTFOLIO))


def pool(path: str, *, per_account: bool, per_second: bool) -> Pool:
    """Return the budget a path draws on: on /sapi every path has its own."""
    if path.startswith("/sapi/"):
        if per_second:
            return Pool(path, 180_000, ("X-SAPI-USED-UID-WEIGHT-1S",), window_ms=_SECOND_MS, bans=False)
        if per_account:
            return Pool(path, 180_000, ("X-SAPI-USED-UID-WEIGHT-1M",), bans=False)
        return Pool(path, 12_000, ("X-SAPI-USED-IP-WEIGHT-1M",), bans=False)
    for prefixes, budget in _FAMILIES:
        if path.startswith(prefixes):
            return budget
    return _API


@dataclass(frozen=True, slots=True)
class Spent:
    """What a call found after it was counted. Units: `retry_after_s` is 0 unless it went past the limit."""

    headers: tuple[Header, ...]
    retry_after_s: int


class Meter:
    """Counts weights and keeps the bans, for every holder (an address, or an account) by itself.

    `peaks` tells how full each pool has been at most, of any holder, as a share of its limit.
    """

    def __init__(self) -> None:
        self.peaks: dict[str, Fraction] = {}
        self._used: dict[tuple[str, str], tuple[int, int, int]] = {}  # window, weight, calls past the limit
        self._bans: dict[str, tuple[int, int]] = {}  # end in ms, how many so far

    def banned_until_ms(self, address: str, now_ms: int) -> int | None:
        """Return the end of the ban on an address, or None."""
        end_ms, _ = self._bans.get(address, (0, 0))
        return end_ms if now_ms < end_ms else None

    def spend(self, pool: Pool, holder: str, address: str, weight: int, now_ms: int) -> Spent:
        """Count a call; one that goes on past the limit too often bans its address."""
        window = now_ms // pool.window_ms
        started, used, over = self._used.get((pool.name, holder), (window, 0, 0))
        if started != window:
            used, over = 0, 0
        used += weight
        over += used > pool.limit
        self.peaks[pool.name] = max(self.peaks.get(pool.name, Fraction()), Fraction(used, pool.limit))
        self._used[pool.name, holder] = (window, used, over)
        if pool.bans and over > _TOLERATED:
            self._ban(address, now_ms)
        left_ms = (window + 1) * pool.window_ms - now_ms
        headers = tuple((name, str(used)) for name in pool.headers)
        return Spent(headers, -(-left_ms // 1000) if over else 0)

    def _ban(self, address: str, now_ms: int) -> None:
        _, times = self._bans.get(address, (0, 0))
        length_ms = min(_FIRST_BAN_MS * 2**times, _LONGEST_BAN_MS)
        self._bans[address] = (now_ms + length_ms, times + 1)


def too_many(family: str, address: str, used: Pool) -> str:
    """Return the text of a 429."""
    if family in ("fapi", "dapi"):
        return (
            f"Too many requests; current limit of IP({address}) is {used.limit} requests per minute. "
            "Please use the websocket for live updates to avoid polling the API."
        )
    span = "1 SECOND" if used.window_ms == _SECOND_MS else "1 MINUTE"
    return (
        f"Too much request weight used; current limit is {used.limit} request weight per {span}. "
        "Please use WebSocket Streams for live updates to avoid polling the API."
    )


def banned(family: str, address: str, until_ms: int) -> str:
    """Return the text of a 418."""
    if family in ("fapi", "dapi"):
        return (
            f"Way too many requests; IP({address}) banned until {until_ms}. "
            "Please use the websocket for live updates to avoid bans."
        )
    return (
        f"Way too much request weight used; IP banned until {until_ms}. "
        "Please use WebSocket Streams for live updates to avoid bans."
    )
