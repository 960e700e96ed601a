"""GET, POST /api/collect: run over the accounts that are due."""

from starlette.requests import Request
from starlette.responses import Response

from lib.usecases import collect, runs
from lib.web import encode, params
from lib.web.endpoint import SCHEDULER, STARTER, endpoint
from lib.wiring import Wired


async def run(request: Request, wired: Wired) -> Response:
    """Run, and say what was done for each account."""
    report = await collect.collect(wired.collector, params.collect(request.query_params))
    return encode.answer(runs.answer(report), 502 if report.status == runs.FAILED else 200)


app = endpoint(get=run, post=run, access=SCHEDULER, write=STARTER)
