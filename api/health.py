"""GET /api/health: whether the product works, without an amount."""

from starlette.requests import Request

from lib.usecases import health
from lib.web import encode, params
from lib.web.endpoint import ANYONE, endpoint
from lib.wiring import Wired


async def get(request: Request, wired: Wired) -> object:
    """Answer 200, or 503 when the database does not answer."""
    params.none(request.query_params)
    house = {"demo": wired.settings.demo, "log_in": wired.settings.log_in}
    report = await health.check(wired.store, wired.clock, wired.settings.collect_every_minutes, house)
    return encode.answer(report, 503 if report["status"] == "down" else 200)


app = endpoint(get=get, access=ANYONE)
