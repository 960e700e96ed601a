"""The demo exchange over real HTTP: an ASGI application of a few lines."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from lib.demo.exchange import DemoExchange
from lib.demo.messages import Request, Response

type Message = MutableMapping[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]
type Application = Callable[[Message, Receive, Send], Awaitable[None]]

_LARGEST_BODY = 64 * 1024


def asgi_app(exchange: DemoExchange) -> Application:
    """Return an application that serves every path family of the exchange on one host."""

    async def application(scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "http":
            await _send(exchange.handle(await _request(scope, receive)), send)

    return application


async def _live(receive: Receive, send: Send) -> None:
    while True:
        kind = (await receive())["type"]
        await send({"type": f"{kind}.complete"})
        if kind == "lifespan.shutdown":
            return


async def _request(scope: Message, receive: Receive) -> Request:
    body, more = b"", True
    while more and len(body) <= _LARGEST_BODY:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
    headers: dict[bytes, bytes] = {name.lower(): value for name, value in scope["headers"]}
    client = scope.get("client") or ("127.0.0.1", 0)
    api_key = headers.get(b"x-mbx-apikey", b"").decode("latin-1")
    host = headers.get(b"host", b"").decode("latin-1").partition(":")[0]
    return Request(scope["method"], scope["path"], scope["query_string"], body, api_key, client[0], host)


async def _send(answer: Response, send: Send) -> None:
    """Send the answer; one with another fate is broken off before its end, upon which the server hangs up."""
    broken = answer.fate != "answered"
    headers = [(name.encode(), value.encode()) for name, value in answer.headers]
    headers.append((b"content-length", str(len(answer.body) + broken).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body, "more_body": broken})
