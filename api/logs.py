"""GET /api/logs: what runs told, newest first, with filters and cursors both ways."""

from starlette.requests import Request

from lib.usecases import logs
from lib.web import params
from lib.web.endpoint import VIEWER, endpoint
from lib.wiring import Wired


async def get(request: Request, wired: Wired) -> object:
    """Answer with entries and their cursors."""
    return await logs.read(wired.store, params.logs(request.query_params))


app = endpoint(get=get, access=VIEWER)
