"""/api/accounts: list the accounts with their figures; add one, change one, close or erase one."""

from starlette.requests import Request

from lib.usecases import accounts, upkeep
from lib.web import bodies, params
from lib.web.endpoint import OWNER, VIEWER, endpoint, writing
from lib.wiring import Wired


async def get(request: Request, wired: Wired) -> object:
    """Answer with every account, and who asks."""
    params.none(request.query_params)
    return await accounts.listing(wired.collector, request.state.role.value)


post = writing(bodies.account_entry, lambda wired, wanted: upkeep.enter(wired.collector, wanted), 201)
patch = writing(bodies.account_change, lambda wired, wanted: upkeep.change(wired.register, wired.collector, wanted))
delete = writing(params.account_removal, lambda wired, wanted: upkeep.remove(wired.register, wired.collector, wanted))
app = endpoint(get=get, post=post, patch=patch, delete=delete, access=VIEWER, write=OWNER)
