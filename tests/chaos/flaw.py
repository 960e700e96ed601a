"""What stands before a database that cannot be relied on."""

from collections.abc import Iterable

import httpx

from tests.chaos.histories import Broken


class Flaw(httpx.AsyncBaseTransport):
    """Refuses calls, loses answers, or does late what its caller has given up."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner
        self._broken: dict[Broken, int] = {}
        self._given_up: list[httpx.Request] = []
        self._overdue: list[httpx.Request] = []

    def renew(self, broken: Iterable[Broken]) -> None:
        """Break other calls from now on, counted anew; what was given up before is done when somebody commits next."""
        self._broken = dict.fromkeys(broken, 0)
        self._overdue, self._given_up = [*self._overdue, *self._given_up], []

    async def catch_up(self) -> None:
        """Do what is overdue."""
        late, self._overdue = self._overdue, []
        for request in late:
            await self._inner.handle_async_request(request)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer, unless this call is one that goes wrong. Raises: httpx.TransportError."""
        if request.url.path.endswith("commit_outcome"):
            await self.catch_up()
        match self._striking(request.url.path):
            case "refused":
                raise httpx.ConnectError("nobody there", request=request)
            case "unanswered":
                await self._inner.handle_async_request(request)
                raise httpx.ReadError("cut off", request=request)
            case "late":
                self._given_up.append(request)
                raise httpx.ReadTimeout("no answer in time", request=request)
        return await self._inner.handle_async_request(request)

    def _striking(self, path: str) -> str | None:
        how = None
        for one, seen in self._broken.items():
            if path.endswith(one.function):
                self._broken[one] = seen + 1
                if one.number <= seen + 1 < one.number + one.times:
                    how = how or one.how
        return how
