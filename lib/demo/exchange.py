"""The demo exchange: one request value in, one response value out, on the world's clock. No I/O of its own."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from lib.demo import (
    balances,
    capital,
    chance,
    coin_futures,
    coins,
    contract_rules,
    daily,
    earn,
    enveloped,
    futures,
    income,
    margin,
    older_futures,
    options,
    params,
    portfolio_margin,
    public,
    signatures,
    subaccounts,
    tickers,
)
from lib.demo.access import Key, admit
from lib.demo.faults import Fault, broken, matching
from lib.demo.instants import from_ms, to_ms
from lib.demo.limits import Meter, banned, pool, too_many
from lib.demo.messages import HTML_TYPE, Header, Refused, Request, Response, encode, refusal
from lib.demo.routes import Public, PublicRoute, Route, Signed, SignedRoute
from lib.demo.world import World
from lib.ports import Clock

_WALLETS = (balances, futures, coin_futures, margin, earn, options, portfolio_margin)
_FURTHER = (coins, contract_rules, older_futures, tickers)  # what other programs ask for, and the monitor does not
_FAMILIES = (public, *_WALLETS, *_FURTHER, income, daily, capital, enveloped, subaccounts)
_ROUTES: dict[tuple[str, str], Route] = {call: route for family in _FAMILIES for call, route in family.ROUTES.items()}
_UNKNOWN: Route = PublicRoute(lambda _call: None, lambda _params: 1)
_SIGNING = frozenset({"timestamp", "signature", "recvWindow"})
_REMEMBERED = 100_000


@dataclass(frozen=True, slots=True)
class Asked:
    """One call as it was counted; `account` is None without a known key."""

    path: str
    account: str | None
    weight: int


class DemoExchange:
    """Answers as Binance does, for the accounts of a world.

    `world` may be replaced while it runs; `faults` break calls on purpose; `requests` are the calls so far, `meter`
    counts their weights; `skew` is how far its clock is ahead of the one it was given.
    """

    def __init__(self, world: World, clock: Clock, keys: Iterable[Key]) -> None:
        self.world, self.clock = world, clock
        self.keys = {key.api_key: key for key in keys}
        self.faults: list[Fault] = []
        self.requests: deque[Asked] = deque(maxlen=_REMEMBERED)
        self.meter = Meter()
        self.skew = timedelta()

    def handle(self, request: Request) -> Response:
        """Answer one request. The order of the checks is the exchange's: ban, weight, path, key, parameters."""
        now_ms = to_ms(self.clock.now() + self.skew)
        family = request.path.split("/", 2)[1] if request.path.startswith("/") else ""
        until_ms = self.meter.banned_until_ms(request.address, now_ms)
        if until_ms is not None:
            refused = refusal(Refused(418, -1003, banned(family, request.address, until_ms)))
            return _with(refused, (("Retry-After", str(-(-(until_ms - now_ms) // 1000))),))
        route = _ROUTES.get((request.method, request.path), _UNKNOWN)
        asked = params.parse(request)
        key = self.keys.get(request.api_key)
        headers, late = self._count(request, route, family, asked, key, now_ms)
        if late is not None:
            return late
        now = from_ms(now_ms)
        answer = _with(self._answer(request, route, family, asked, key, now, now_ms), headers)
        fault = matching(self.faults, request, key.account if key else None, now) if self.faults else None
        return answer if fault is None else broken(fault, answer)

    def _count(
        self, request: Request, route: Route, family: str, asked: dict[str, str], key: Key | None, now_ms: int
    ) -> tuple[tuple[Header, ...], Response | None]:
        """Count the call; past the limit, return its refusal too."""
        account = key.account if key else None
        weight = route.weight(asked)
        self.requests.append(Asked(request.path, account, weight))
        per_account = isinstance(route, SignedRoute) and route.per_account
        per_second = isinstance(route, SignedRoute) and route.per_second
        budget = pool(request.path, per_account=per_account, per_second=per_second)
        holder = account or request.address if per_account else request.address
        spent = self.meter.spend(budget, holder, request.address, weight, now_ms)
        if not spent.retry_after_s:
            return spent.headers, None
        late = refusal(Refused(429, -1003, too_many(family, request.address, budget)))
        return spent.headers, _with(late, (*spent.headers, ("Retry-After", str(spent.retry_after_s))))

    def _answer(
        self,
        request: Request,
        route: Route,
        family: str,
        asked: dict[str, str],
        key: Key | None,
        now: datetime,
        now_ms: int,
    ) -> Response:
        try:
            if route is _UNKNOWN:
                return _not_found(request, family)
            if isinstance(route, PublicRoute):
                _read_all(family, route.reads, asked)
                return Response(200, encode(route.answer(Public(self.world, now, now_ms, asked))))
            admitted = admit(request, family, key, asked, now_ms)
            _read_all(family, route.reads | _SIGNING, asked)
            return Response(200, encode(route.answer(Signed(self.world, now, now_ms, asked, admitted))))
        except Refused as error:
            return refusal(error)


def _read_all(family: str, reads: frozenset[str], asked: dict[str, str]) -> None:
    """Refuse parameters nobody reads: /api does, the others ignore them."""
    if family == "api" and not reads >= asked.keys():
        read = len(reads & asked.keys())
        text = f"Not all sent parameters were read; read '{read}' parameter(s) but was sent '{len(asked)}'."
        raise Refused(400, -1104, text)


def _not_found(request: Request, family: str) -> Response:
    if family == "fapi":
        raise Refused(404, -5000, f"Path {request.path}, Method {request.method} is invalid")
    return Response(404, b"<html><body><h2>404 Not found</h2></body></html>", (HTML_TYPE,))


def _with(response: Response, headers: tuple[Header, ...]) -> Response:
    return replace(response, headers=(*response.headers, *headers))


def keys_of(world: World) -> tuple[Key, ...]:
    """Return the read-only keys of the world's accounts."""
    return tuple(Key(account.name, account.api_key, account.api_secret) for account in world.accounts)


def other_keys_of(world: World) -> tuple[Key, ...]:
    """Return one more key of the other kinds, Ed25519 and RSA, for the first account. The latter is never the same."""
    account = world.accounts[0]
    seed = sha256(chance.token(world.seed, 64, "ed25519", account.name).encode()).digest()
    return (
        Key(account.name, chance.token(world.seed, 64, "api key", "ed25519"), signatures.ed25519_key(seed)),
        Key(account.name, chance.token(world.seed, 64, "api key", "rsa"), signatures.rsa_key()),
    )


def describe(exchange: DemoExchange, url: str) -> dict[str, object]:
    """Return what `./monitor demo exchange` prints: where it listens, and the accounts with their keys of all kinds."""
    world = exchange.world
    accounts = [
        {"name": a.name, "api_key": a.api_key, "api_secret": a.api_secret, "kind": a.kind} for a in world.accounts
    ]
    first = {account.api_key for account in world.accounts}
    others = [
        {"name": key.account, "api_key": key.api_key, "private_key": key.secret}
        for key in exchange.keys.values()
        if key.api_key not in first
    ]
    return {"url": url, "accounts": accounts, **({"other_keys": others} if others else {})}
