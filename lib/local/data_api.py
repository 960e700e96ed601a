"""The Data API beneath the Supabase client: `POST /rest/v1/rpc/{function}` over a pool of Postgres connections."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import psycopg
from psycopg import AsyncConnection
from psycopg.errors import ReadOnlySqlTransaction, UndefinedFunction
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from lib.local import api_errors, routines
from lib.local.routines import Routine

URL = "http://data-api.local"  # nothing listens there: the transport is in this process
SECRET_KEY = "sb_secret_local"  # noqa: S105  opens nothing but this process's own transport
_RPC = "/rest/v1/rpc/"
_WAIT_S = 10.0  # for a connection to come free
_SERVICE, _ANONYMOUS = "service_role", "anon"
_JSON = [("content-type", "application/json; charset=utf-8")]

type Pool = AsyncConnectionPool[AsyncConnection]


@asynccontextmanager
async def connected(dsn: str, *, connections: int = 8, wait_s: float = _WAIT_S) -> AsyncIterator["DataApiTransport"]:
    """Open the API over one database, and close it at the end. Does not wait for the database to answer."""
    async with AsyncConnectionPool(
        dsn,
        min_size=1,
        max_size=connections,
        open=False,
        kwargs={"autocommit": True, "prepare_threshold": 0, "application_name": "monitor data api"},
    ) as pool:
        yield DataApiTransport(pool, wait_s=wait_s)


class DataApiTransport(httpx.AsyncBaseTransport):
    """Answers requests as PostgREST would; one request is one transaction. The pool must be in autocommit mode."""

    def __init__(
        self, pool: Pool, schema: str = "public", *, secret_key: str = SECRET_KEY, wait_s: float = _WAIT_S
    ) -> None:
        self._pool, self._schema, self._secret_key = pool, schema, secret_key
        self._wait_s = wait_s
        self._in_use = 0
        self._known: dict[str, tuple[Routine, ...]] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer one request.

        Raises: httpx.ReadTimeout after the request's own patience. A database that is away is a 503, as hosted.
        """
        path = request.url.path
        name = path.removeprefix(_RPC)
        if request.method != "POST" or name == path or not name or "/" in name:
            return api_errors.no_such_path()
        body = await request.aread() or b"{}"
        role = _SERVICE if request.headers.get("apikey") == self._secret_key else _ANONYMOUS
        try:
            arguments = json.loads(body)
            text = body.decode()
        except ValueError:
            return api_errors.bad_body()
        if not isinstance(arguments, dict):
            return api_errors.bad_body()
        patience_s = request.extensions.get("timeout", {}).get("read")
        try:
            async with asyncio.timeout(patience_s):
                return await self._answer(name, frozenset(arguments), text, role)
        except TimeoutError:
            raise httpx.ReadTimeout(f"{request.method} {path}", request=request) from None

    async def _answer(self, name: str, arguments: frozenset[str], body: str, role: str) -> httpx.Response:
        anonymous = role == _ANONYMOUS
        try:
            known = self._fitting(name, arguments)
            if len(known) == 1:
                try:
                    return await self._call(known[0], arguments, body, role)
                except (UndefinedFunction, ReadOnlySqlTransaction):
                    pass  # perhaps it was replaced since it was looked up; if not, it says so again below
            self._known[name] = await self._look_up(name)
            found = self._fitting(name, arguments)
            if len(found) != 1:
                return self._not_one(name, arguments, found)
            return await self._call(found[0], arguments, body, role)
        except PoolTimeout:
            return api_errors.crowded() if self._in_use else api_errors.unreachable()
        except psycopg.Error as error:
            return api_errors.of_database(error, anonymous=anonymous)

    def _fitting(self, name: str, arguments: frozenset[str]) -> list[Routine]:
        return [routine for routine in self._known.get(name, ()) if routine.takes(arguments)]

    def _not_one(self, name: str, arguments: frozenset[str], found: list[Routine]) -> httpx.Response:
        if found:
            return api_errors.ambiguous(self._schema, name)
        return api_errors.no_such_function(self._schema, name, sorted(arguments))

    async def _look_up(self, name: str) -> tuple[Routine, ...]:
        async with self._connection(b"begin read only") as connection:
            found = await routines.look_up(connection, self._schema, name)
            await connection.execute(b"commit", prepare=False)
        return found

    async def _call(self, routine: Routine, arguments: frozenset[str], body: str, role: str) -> httpx.Response:
        query = routines.call(routine, arguments)
        async with self._connection(routines.begin(routine, role).encode()) as connection:
            cursor = await connection.execute(query.encode(), (body,), prepare=True)
            result = cursor.pgresult
            await connection.execute(b"commit", prepare=False)
        if routine.nothing or result is None:
            return httpx.Response(204)
        return httpx.Response(200, headers=_JSON, content=result.get_value(0, 0) or b"null")

    @asynccontextmanager
    async def _connection(self, begin: bytes) -> AsyncIterator[AsyncConnection]:
        """Lend a connection in a transaction; one that died idle is passed over, for nothing was lost with it."""
        for _ in range(self._pool.max_size + 1):
            async with self._pool.connection(self._wait_s) as connection:
                try:
                    await connection.execute(begin, prepare=False)
                except psycopg.OperationalError:
                    if not connection.broken:
                        raise
                    continue
                self._in_use += 1
                try:
                    yield connection
                finally:
                    self._in_use -= 1
                return
        raise PoolTimeout("every connection is broken")
