"""A request and a response of the demo exchange as values, and the refusals between them."""

import json
from dataclasses import dataclass, field
from typing import Literal

from lib.errors import MonitorError

JSON_TYPE = ("Content-Type", "application/json;charset=UTF-8")
HTML_TYPE = ("Content-Type", "text/html")

type Fate = Literal["answered", "timeout", "disconnect"]
type Header = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Request:
    """What arrives: `query` and `body` are the bytes as they were sent, since those are what is signed."""

    method: str
    path: str
    query: bytes = field(default=b"", repr=False)
    body: bytes = field(default=b"", repr=False)
    api_key: str = field(default="", repr=False)
    address: str = "203.0.113.7"
    host: str = ""


@dataclass(frozen=True, slots=True)
class Response:
    """What goes back; with another `fate` than "answered" the transport breaks off instead."""

    status: int
    body: bytes
    headers: tuple[Header, ...] = (JSON_TYPE,)
    fate: Fate = "answered"


class Refused(MonitorError):
    """The exchange says no, with its own reason in the body."""

    code = "demo_refused"

    def __init__(self, status: int, reason: int, text: str) -> None:
        super().__init__(f"{status} {reason} {text}")
        self.status, self.reason, self.text = status, reason, text


def encode(value: object) -> bytes:
    """Write compact JSON, in UTF-8."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def refusal(error: Refused) -> Response:
    """Return the answer that carries the refusal."""
    return Response(error.status, encode({"code": error.reason, "msg": error.text}))
