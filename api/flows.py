"""GET, POST /api/flows: the ledger of an account; add, void or correct an entry, or declare it internal."""

from starlette.requests import Request

from lib.usecases import ledger
from lib.web import bodies, params
from lib.web.endpoint import OWNER, VIEWER, endpoint, writing
from lib.wiring import Wired


async def get(request: Request, wired: Wired) -> object:
    """Answer with the entries, newest first, and what is on its way."""
    return await ledger.read(wired.store, params.flows(request.query_params))


post = writing(bodies.flow_change, lambda wired, wanted: ledger.change(wired.collector, wanted))
app = endpoint(get=get, post=post, access=VIEWER, write=OWNER)
