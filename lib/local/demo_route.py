"""GET, POST /api/demo: how the demo stands, and what a person does to it. On a local server in demo mode only."""

from collections.abc import Callable
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from starlette.applications import Starlette
from starlette.requests import Request

from lib.demo.breakages import Broken
from lib.demo.market import Scenario
from lib.demo.moves import Kind
from lib.errors import NotFound
from lib.local import stage
from lib.local.demo import Demo, Progress
from lib.local.stage import LEAPS, Done
from lib.web import bodies, params
from lib.web.encode import rfc3339
from lib.web.endpoint import ANYONE, endpoint
from lib.wiring import Wired


class _Action(BaseModel):
    """Which of the acts a body is; the rest of it depends on that."""

    model_config = ConfigDict(extra="ignore")

    action: Literal["scenario", "deposit", "withdrawal", "pass", "break", "mend"]


class _Exact(BaseModel):
    model_config = ConfigDict(extra="forbid")

    action: str


class _Turn(_Exact):
    scenario: Scenario


class _Move(_Exact):
    account: Annotated[str, Field(min_length=1, max_length=64)]
    asset: Annotated[str, Field(pattern="^[A-Z0-9]{1,20}$")]
    amount: Annotated[Decimal, Field(gt=0, le=1_000_000_000, decimal_places=8, allow_inf_nan=False)]
    kind: Kind = "network"


class _Pass(_Exact):
    time: Literal["1h", "1d", "1w"]


class _Break(_Exact):
    what: Broken


def function(demo: Callable[[], Demo | None]) -> Starlette:
    """Make the application of this URL; outside of demo mode there is nothing at it."""

    def found() -> Demo:
        if (opened := demo()) is None:
            raise NotFound("this is no demo")
        return opened

    async def get(request: Request, _: Wired) -> object:
        here = found()
        params.none(request.query_params)
        return _standing(here)

    async def post(request: Request, wired: Wired) -> object:
        here = found()
        params.none(request.query_params)
        done = await _act(here, wired, request)
        books_at = None if done.books_at is None else rfc3339(done.books_at)
        return {**_standing(here), "run": done.run, "booked": done.booked, "books_at": books_at}

    return endpoint(get=get, post=post, access=ANYONE)


async def _act(demo: Demo, wired: Wired, request: Request) -> Done:
    """Do what the body says. Raises: InvalidInput naming its field; NotFound; Busy."""
    match bodies.parsed(request, _Action).action:
        case "scenario":
            return await stage.turn(demo, wired, bodies.parsed(request, _Turn).scenario)
        case "deposit" | "withdrawal" as way:
            wanted = bodies.parsed(request, _Move)
            found = way, wanted.account, wanted.asset, wanted.amount, wanted.kind
            return await stage.move_money(demo, wired, found)
        case "pass":
            return stage.leap(demo, wired, LEAPS[bodies.parsed(request, _Pass).time])
        case "break":
            return await stage.break_it(demo, wired, bodies.parsed(request, _Break).what)
        case "mend":
            bodies.parsed(request, _Exact)
            return await stage.mend(demo, wired)


def _standing(demo: Demo) -> dict[str, object]:
    reigning = [name for since, name in demo.world.market.timeline if since <= demo.clock.now()]
    return {
        "building": _progress(demo.progress),
        "passing": _progress(demo.passing),
        "scenario": reigning[-1],
        "broken": stage.broken(demo),
        "accounts": [account.name for account in demo.world.accounts],
    }


def _progress(progress: Progress) -> dict[str, int] | None:
    return {"done": progress.done, "total": progress.total} if progress.building else None
