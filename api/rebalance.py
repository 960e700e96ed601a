"""GET, POST /api/rebalance: apply what is due, or with now=true rebalance at once."""

from starlette.requests import Request
from starlette.responses import Response

from lib.usecases import collect, runs
from lib.web import encode, params
from lib.web.endpoint import SCHEDULER, STARTER, endpoint
from lib.wiring import Wired


async def run(request: Request, wired: Wired) -> Response:
    """Run, and say what was done for each account."""
    report = await collect.collect(wired.collector, params.rebalance(request.query_params))
    return encode.answer(runs.answer(report), 502 if report.status == runs.FAILED else 200)


app = endpoint(get=run, post=run, access=SCHEDULER, write=STARTER)
