"""GET /api/holdings: one snapshot of an account or of all, down to wallet, asset, quantity and price."""

from starlette.requests import Request

from lib.usecases import holdings
from lib.web import params
from lib.web.endpoint import VIEWER, endpoint
from lib.wiring import Wired


async def get(request: Request, wired: Wired) -> object:
    """Answer with the newest whole snapshot, or the one at or before a time."""
    return await holdings.read(wired.store, params.holdings(request.query_params))


app = endpoint(get=get, access=VIEWER)
