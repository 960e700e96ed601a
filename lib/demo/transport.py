"""The demo exchange beneath an httpx client: no socket, no thread."""

import httpx

from lib.demo.exchange import DemoExchange
from lib.demo.messages import Request


class DemoTransport(httpx.AsyncBaseTransport):
    """Hands every request to the exchange; with `latency_s` each one takes that long on the exchange's clock."""

    def __init__(self, exchange: DemoExchange, latency_s: float = 0.0) -> None:
        self.exchange, self.latency_s = exchange, latency_s

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer the request. Raises: httpx.ReadTimeout, httpx.RemoteProtocolError where a fault says so."""
        body = await request.aread()
        if self.latency_s:
            await self.exchange.clock.sleep(self.latency_s)
        path, _, query = request.url.raw_path.partition(b"?")
        api_key = request.headers.get("x-mbx-apikey", "")
        answer = self.exchange.handle(
            Request(request.method, path.decode(), query, body, api_key, host=request.url.host)
        )
        if answer.fate == "timeout":
            raise httpx.ReadTimeout("the demo exchange does not answer", request=request)
        if answer.fate == "disconnect":
            raise httpx.RemoteProtocolError("Server disconnected without sending a response.", request=request)
        return httpx.Response(answer.status, headers=answer.headers, content=answer.body, request=request)
