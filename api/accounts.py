"""GET /api/accounts: the accounts with their latest figures and state."""

from starlette.requests import Request

from lib.usecases import accounts
from lib.web import params
from lib.web.endpoint import VIEWER, endpoint
from lib.wiring import Wired


async def get(request: Request, wired: Wired) -> object:
    """Answer with every account."""
    params.none(request.query_params)
    return await accounts.listing(wired.store, wired.clock, wired.settings.collect_every_minutes)


app = endpoint(get=get, access=VIEWER)
