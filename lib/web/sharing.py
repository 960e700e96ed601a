"""The two who read /api/share: the holder of a link, and the owner who made them."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request

from lib.owner_ports import Links
from lib.ports import Clock, Store
from lib.web import params
from lib.web.access import Access, bearer, check
from lib.web.endpoint import Handler
from lib.wiring import Wired

type Read = Callable[[Store, Links, Clock, bytes], Awaitable[object]]


def opening(read: Read, listing: Callable[[Links], Awaitable[object]]) -> Handler:
    """Make the handler that shows a link's percentages to who sends its token, and the owner all links."""

    async def get(request: Request, wired: Wired) -> object:
        token = bearer(request)
        if token is None:
            await check(Access.OWNER, request, wired)
        params.none(request.query_params)
        return await listing(wired.links) if token is None else await read(wired.store, wired.links, wired.clock, token)

    return get
