"""What the database sends for a page that stays open all day, counted at the wire beneath the store."""

import gzip
from dataclasses import dataclass

import httpx

from lib.local.site import site
from lib.wiring import Wired
from tests.bench.table import Row
from tests.spine import opened, the_world

_BOUND_MB = 10
_RUNS, _LOOKS = 24, 1440  # a day: one snapshot an hour, and a look at least every minute (public/js/refresh.js)
_HISTORY = "history?account={}&range=90d"
_NEW = ("accounts", _HISTORY, "holdings?account={}", "flows?account={}", "logs?limit=1", "logs?level=warning&limit=500")
_LOOK = ("health", "accounts")


@dataclass(slots=True)
class _Sent(httpx.AsyncBaseTransport):
    """Adds up the bodies of answers, as they are and compressed."""

    inner: httpx.AsyncBaseTransport
    plain: int = 0
    compressed: int = 0

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass the request on."""
        response = await self.inner.handle_async_request(request)
        body = await response.aread()
        self.plain += len(body)
        self.compressed += len(gzip.compress(body, 6))
        return response


async def day(dsn: str, name: str) -> list[Row]:
    """Ask what an open page asks: all of an account's 90 days once an hour, and each minute whether there is news."""
    async with opened(dsn, the_world(name)) as spine:
        sent = _Sent(spine.to_store.inner)
        spine.to_store.inner = sent

        async def wiring() -> Wired:
            return spine.wired

        application = httpx.ASGITransport(site(wiring, lambda: None))
        async with httpx.AsyncClient(transport=application, base_url="http://127.0.0.1") as http:
            parts = {path: await _asked(http, sent, path.format(name.lower())) for path in _NEW}
            tag = (await http.get(f"/api/{_HISTORY.format(name.lower())}")).headers["etag"]
            look = await _asked(http, sent, *_LOOK)
            same = await _asked(http, sent, _HISTORY.format(name.lower()), tag=tag)
    new = [sum(part[place] for part in parts.values()) for place in (0, 1)]
    plain, packed = ((_RUNS * new[place] + _LOOKS * (look[place] + same[place])) / 1e6 for place in (0, 1))
    largest = ", ".join(f"{path.partition('?')[0]} {part[0] / 1e3:.0f}" for path, part in parts.items())
    note = f"an hour's news {new[0] / 1e3:.0f} kB ({largest}), a look {look[0] / 1e3:.1f} kB, unchanged {same[0]} bytes"
    return [
        Row("database answers for a page open all day, one account, 90 days", plain, "MB", _BOUND_MB, note),
        Row("  compressed, as a hosted database sends them", packed, "MB", _BOUND_MB),
    ]


async def _asked(http: httpx.AsyncClient, sent: _Sent, *paths: str, tag: str = "") -> tuple[int, int]:
    before = (sent.plain, sent.compressed)
    for path in paths:
        answer = await http.get(f"/api/{path}", headers={"If-None-Match": tag} if tag else {})
        if answer.status_code not in (200, 304):
            raise RuntimeError(f"{path}: {answer.status_code} {answer.text[:200]}")
    return sent.plain - before[0], sent.compressed - before[1]
