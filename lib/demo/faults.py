"""Switches that break the demo exchange on purpose."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from lib.demo.instants import to_ms
from lib.demo.messages import HTML_TYPE, JSON_TYPE, Header, Request, Response, encode

type Breakage = Literal["answer", "timeout", "disconnect", "torn body"]


@dataclass(frozen=True, slots=True)
class Fault:
    """Calls whose path begins with `path` go wrong: of one account or of all, `times` times or `until` an instant.

    With `host` only those sent there do.

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
    host: str | None = None


def too_many(
    path: str, account: str | None = None, retry_after_s: int | None = None, times: int | None = None
) -> Fault:
    """Answer with a 429."""
    told = () if retry_after_s is None else (("Retry-After", str(retry_after_s)),)
    body = b'{"code":-1003,"msg":"Too many requests queued."}'
    return Fault(path, account=account, status=429, body=body, headers=(JSON_TYPE, *told), times=times)


def banned(until: datetime, path: str = "/") -> Fault:
    """Ban the address of whoever comes; the ban's end is in the text alone, as it is told at times."""
    text = f"Way too much request weight used; IP banned until {to_ms(until)}."
    return Fault(path, status=418, body=encode({"code": -1003, "msg": text}), headers=(JSON_TYPE, ("Retry-After", "0")))


def firewall(path: str = "/", times: int | None = None) -> Fault:
    """Turn calls away before they reach the exchange."""
    page = b"<html><head><title>403 Forbidden</title></head><body><h1>403 ERROR</h1></body></html>"
    return Fault(path, status=403, body=page, headers=(HTML_TYPE,), times=times)


def elsewhere(host: str, path: str = "/") -> Fault:
    """Refuse the place the caller is in, at one host."""
    text = (
        "Service unavailable from a restricted location according to 'b. Eligibility' in "
        "https://www.binance.com/en/terms. Please contact customer service if you believe you received this message in "
        "error."
    )
    return Fault(path, host=host, status=451, body=encode({"code": 0, "msg": text}))


def matching(faults: list[Fault], request: Request, account: str | None, now: datetime) -> Fault | None:
    """Return the first fault that strikes this call, and use it up by one."""
    for place, fault in enumerate(faults):
        if not request.path.startswith(fault.path) or fault.account not in (None, account):
            continue
        if fault.host not in (None, request.host):
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
