"""What a page is to say, from what the real API answers: the words are written here once more, by other hands."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.browser.real import House

WALLETS = {
    "spot": "Spot",
    "funding": "Funding",
    "usdm": "USD-M futures",
    "coinm": "COIN-M futures",
    "cross_margin": "Cross margin",
    "isolated_margin": "Isolated margin",
    "earn": "Earn",
    "options": "Options",
    "trading_bots": "Trading bots",
    "copy_trading": "Copy trading",
}


def added(amounts: Iterable[str]) -> Decimal:
    """Sum up, to the last digit."""
    return sum(map(Decimal, amounts), Decimal(0))


def usd(amount: str | Decimal, places: int = 2) -> str:
    """`-1234.5` is −$1,234.50."""
    rounded = Decimal(amount).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)
    return f"{'−' if rounded < 0 else ''}${abs(rounded):,}"


def signed(amount: str | Decimal) -> str:
    """`6356.32` is +$6,356.32."""
    return ("+" if Decimal(amount).quantize(Decimal("0.01")) > 0 else "") + usd(amount)


def percent(ratio: float, places: int = 2, *, sign: bool = False) -> str:
    """`-0.0123` is −1.23 %."""
    digits = Decimal(abs(ratio) * 100).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)
    lead = "−" if ratio < 0 and digits else "+" if sign and ratio > 0 and digits else ""
    return f"{lead}{digits:,} %"


def headline(ratio: float) -> str:
    """The sentence's percentage: one decimal, two under 0.1 %, none from 100 %."""
    return percent(abs(ratio), 2 if abs(ratio) < 0.001 else 1 if abs(ratio) < 1 else 0)


def coins(quantity: str) -> str:
    """At most seven significant digits."""
    found = Decimal(quantity)
    short = found.quantize(Decimal(1).scaleb(found.adjusted() - 6), rounding=ROUND_HALF_UP) if found else found
    return f"{'−' if found < 0 else ''}{abs(short).normalize():,f}"


def price(amount: str) -> str:
    """Two decimals from $1, else four significant digits."""
    found = Decimal(amount)
    if abs(found) >= 1:
        return usd(amount)
    short = found.quantize(Decimal(1).scaleb(found.adjusted() - 3), rounding=ROUND_HALF_UP)
    return f"${short.normalize():f}"


def instant(at: str | float) -> datetime:
    return datetime.fromtimestamp(at, UTC) if isinstance(at, int | float) else datetime.fromisoformat(at)


def day(at: str | float) -> str:
    """28 Aug."""
    return f"{instant(at).day} {instant(at):%b}"


def date(at: str | float) -> str:
    """28 Aug 2026."""
    return f"{day(at)} {instant(at).year}"


def clock(at: str | float) -> str:
    """07:00."""
    return f"{instant(at):%H:%M}"


def moment(at: str | float) -> str:
    """28 Aug 07:00."""
    return f"{day(at)} {clock(at)}"


@dataclass(frozen=True, slots=True)
class Told:
    """What the API tells of the account on show."""

    accounts: list[dict[str, Any]]
    history: dict[str, Any]
    holdings: dict[str, Any]
    flows: dict[str, Any]
    log: list[dict[str, Any]]  # its newest warnings and errors
    now: datetime

    @property
    def account(self) -> dict[str, Any]:
        return next(one for one in self.accounts if one["id"] == self.history["account"])

    @property
    def metrics(self) -> dict[str, Any]:
        found: dict[str, Any] = self.history["metrics"]
        return found

    @property
    def active(self) -> float:
        """The return beyond the benchmark's since the start."""
        series = self.history["series"]
        ratio: float = series["nav_index"][-1] / series["benchmark_index"][-1] - 1
        return ratio

    @property
    def latest(self) -> dict[str, Any]:
        found: dict[str, Any] = self.account["latest"]
        return found

    @property
    def difference(self) -> str:
        found: str = self.latest["reconciliation"]["difference"]
        return found

    def sentence(self, *, past: bool = False, against: str = "holding 50/50 BTC and ETH", dated: bool = True) -> str:
        """Which is ahead, by how much and since when; `past` says of when that is."""
        lead = f"At {clock(self.history['to'])} UTC you were" if past else "You are"
        amount, way = self.metrics["difference"], "ahead of" if self.active > 0 else "behind"
        assert (Decimal(amount) > 0) == (self.active > 0), "the two point apart: that is another sentence"
        since = "" if past or not dated else f" since {date(self.history['inception'])}"
        return f"{lead} {usd(abs(Decimal(amount)))} ({headline(self.active)}) {way} {against}{since}."


async def told(house: House, path: str = "/") -> Told:
    """Ask for what the page at `path` shows."""
    wanted = {name: found[0] for name, found in parse_qs(urlsplit(path).query).items()}
    accounts = (await house.ask("/api/accounts"))["accounts"]
    ident = wanted.get("account", accounts[0]["id"])
    more = f"&benchmark={wanted['benchmark']}" if "benchmark" in wanted else ""
    history = await house.ask(f"/api/history?account={ident}&range={wanted.get('range', '90d')}{more}")
    holdings = await house.ask(f"/api/holdings?account={ident}")
    flows = await house.ask(f"/api/flows?account={ident}")
    log = (await house.ask("/api/logs?level=warning&limit=100"))["entries"]
    return Told(accounts, history, holdings, flows, log, house.spine.now)
