"""GET /api/history: value points, events and metrics of one account or of all, oldest first."""

from starlette.requests import Request

from lib.usecases import history
from lib.web import params
from lib.web.endpoint import VIEWER, endpoint
from lib.wiring import Wired


async def get(request: Request, wired: Wired) -> object:
    """Answer with series, events, gaps and metrics."""
    return await history.read(wired.store, params.history(request.query_params))


app = endpoint(get=get, access=VIEWER)
