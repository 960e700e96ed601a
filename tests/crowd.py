"""Two hundred requests at once on several server processes that share one database: what they were answered."""

import asyncio
import contextlib
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

from lib.vault import generate_key
from tests.cli.process import PATIENCE_S, Running, run, running
from tests.local.test_server import address

REQUESTS, PROCESSES = 200, 3
CRON_SECRET, API_TOKEN = "tick-tock-tick-tock-tick", "look-but-do-not-touch-it"
_RANGES = ("24h", "7d", "all")
_HOSTS = ("API", "FAPI", "DAPI", "EAPI", "PAPI", "DATA")


@dataclass(frozen=True, slots=True)
class Crowd:
    """What came of it. Units: `seconds` of the second half, `grown_kb` of the process that grew most in it."""

    answers: tuple[tuple[str, httpx.Response], ...]
    seconds: float
    grown_kb: int
    recomputed: dict[str, list[dict[str, object]]]


def come(home: Path, dsn: str) -> Crowd:
    """Serve one account from several processes, and let everybody come at once, twice."""
    with contextlib.ExitStack() as stack:
        exchange = stack.enter_context(running(home, "demo", "exchange", "--port", "0", prints=True))
        told = json.loads(exchange.until('{"url"'))
        settings = {
            "DATABASE_URL": dsn.replace("@/", "@localhost/"),
            "ENCRYPTION_KEY": generate_key(),
            "CRON_SECRET": CRON_SECRET,
            "API_TOKEN": API_TOKEN,
            **{f"BINANCE_{host}_URL": told["url"] for host in _HOSTS},
        }
        first = told["accounts"][0]
        keys = {"BINANCE_API_KEY": first["api_key"], "BINANCE_API_SECRET": first["api_secret"]}
        added = run(home, "accounts", "add", "Main", **settings, **keys)
        if added.returncode:
            raise RuntimeError(added.stderr)
        servers = [
            stack.enter_context(running(home / str(place), "serve", prints=True, PORT="0", **settings))
            for place in _homes(home)
        ]
        urls = [address(server) for server in servers]
        before = asyncio.run(_asked(urls))
        settled = [_resident_kb(server) for server in servers]
        began = time.perf_counter()
        answers = asyncio.run(_asked(urls))
        seconds = time.perf_counter() - began
        grown = max(_resident_kb(server) - kb for server, kb in zip(servers, settled, strict=True))
        recomputed = run(home, "recompute", "--json", **settings)
        if recomputed.returncode:
            raise RuntimeError(recomputed.stderr)
    return Crowd((*before, *answers), seconds, grown, json.loads(recomputed.stdout))


def _homes(home: Path) -> Iterator[int]:
    for place in range(PROCESSES):
        (home / str(place)).mkdir()
        yield place


async def _asked(urls: list[str]) -> tuple[tuple[str, httpx.Response], ...]:
    """Ask all at once: a quarter wants a snapshot, the rest the history."""
    async with httpx.AsyncClient(timeout=PATIENCE_S, limits=httpx.Limits(max_connections=None)) as http:
        return tuple(await asyncio.gather(*(_ask(http, urls, number) for number in range(REQUESTS))))


async def _ask(http: httpx.AsyncClient, urls: list[str], number: int) -> tuple[str, httpx.Response]:
    url = urls[number % len(urls)]
    if number % 4 == 0:
        bearer = {"Authorization": f"Bearer {CRON_SECRET}"}
        return "collect", await http.get(f"{url}/api/collect?force=true", headers=bearer)
    asked = {"account": "main", "range": _RANGES[number % len(_RANGES)]}
    bearer = {"Authorization": f"Bearer {API_TOKEN}"}
    return "history", await http.get(f"{url}/api/history", params=asked, headers=bearer)


def _resident_kb(server: Running) -> int:
    status = Path(f"/proc/{server.process.pid}/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])
