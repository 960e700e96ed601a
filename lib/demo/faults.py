"""Switches that break the demo exchange on purpose."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from lib.demo.messages import JSON_TYPE, Header, Response

type Breakage = Literal["answer", "timeout", "disconnect", "torn body"]


@dataclass(frozen=True, slots=True)
class Fault:
    """Calls whose path begins with `path` go wrong: of one account or of all, `times` times or `until` an instant.

    "answer" gives `status`, `body` and `headers`; "timeout" and "disconnect" break off; "torn body" cuts the true
    answer in half.
    """

    path: str
    what: Breakage = "answer"
    account: str | None = None
    status: int = 500
    body: bytes = b'{"code":-1000,"msg":"An unknown error occurred while processing the request."}'
    headers: tuple[Header, ...] = (JSON_TYPE,)
    times: int | None = None
    until: datetime | None = None


def matching(faults: list[Fault], path: str, account: str | None, now: datetime) -> Fault | None:
    """Return the first fault that strikes this call, and use it up by one."""
    for place, fault in enumerate(faults):
        if not path.startswith(fault.path) or fault.account not in (None, account):
            continue
        if fault.times == 0 or (fault.until is not None and fault.until <= now):
            continue
        if fault.times is not None:
            faults[place] = replace(fault, times=fault.times - 1)
        return fault
    return None


def broken(fault: Fault, true: Response) -> Response:
    """Return what comes instead of the true answer."""
    match fault.what:
        case "answer":
            return Response(fault.status, fault.body, (*true.headers[1:], *fault.headers))
        case "torn body":
            return replace(true, body=true.body[: len(true.body) // 2])
        case "timeout" | "disconnect":
            return replace(true, fate=fault.what)
