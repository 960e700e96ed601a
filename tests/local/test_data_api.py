"""The local Data API answers the unmodified client as PostgREST would."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from postgrest.exceptions import APIError
from supabase import AsyncClient

from lib.local import api_errors, data_api, postgres
from lib.local.data_api import SECRET_KEY, DataApiTransport
from lib.store import migrations

SQL = Path(__file__).parents[2] / "sql"
FUNCTIONS = """
create function public.greet(p_name text, p_times integer default 1, p_tail text default '!') returns text
    language sql as $$ select repeat(p_name, p_times) || p_tail $$;
create function public.kinds(p_amount numeric, p_at timestamptz, p_tags text[], p_state jsonb, p_plain json,
                             p_flag boolean default null) returns jsonb
    language sql as $$ select jsonb_build_object('amount', p_amount::text, 'at', p_at, 'tags', to_jsonb(p_tags),
        'state', p_state, 'plain', p_plain, 'flag', p_flag) $$;
create function public.number() returns jsonb language sql as $$ select '{"n": 123456789012.12345678}'::jsonb $$;
create function public.who() returns text language sql as $$ select current_user::text $$;
create function public.nothing() returns void language sql as $$ select $$;
create function public.absent() returns jsonb language sql as $$ select null::jsonb $$;
create function public.count_to(p_end integer) returns setof integer
    language sql as $$ select generate_series(1, p_end) $$;
create function public.pairs() returns table (a integer, b text) language sql as $$ values (1, 'x'), (2, 'y') $$;
create table public.marks (text text primary key, parent text references public.marks (text));
grant select, insert on public.marks to service_role;
create function public.mark(p_text text, p_then text default null, p_parent text default null) returns text
    language plpgsql as $$ begin
        insert into public.marks values (p_text, p_parent);
        if p_then is not null then raise sqlstate 'PT409' using message = p_then, detail = 'd', hint = 'h'; end if;
        return p_text;
    end $$;
create function public.peek(p_text text) returns text language sql stable
    as $$ select public.mark(p_text) $$;
create function public.marked() returns integer language sql stable as $$ select count(*)::integer from public.marks $$;
create function public.refuse(p_code text) returns void language plpgsql
    as $$ begin raise exception using errcode = p_code, message = 'no'; end $$;
create function public.slow(p_s float) returns integer language sql volatile
    as $$ select 1 from pg_sleep(p_s) $$;
create function public.impatient() returns integer language sql volatile set statement_timeout = '20ms'
    as $$ select 1 from pg_sleep(5) $$;
create function public.secret() returns integer language sql as $$ select 1 $$;
revoke execute on function public.secret() from public;
grant execute on function public.secret() to service_role;
create function public."Odd ""name"(p_a text) returns text language sql as $$ select p_a $$;
"""


@pytest.fixture
def functions(database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(FUNCTIONS.encode())


@pytest.fixture
async def http(data_api_transport: DataApiTransport, functions: None) -> AsyncIterator[httpx.AsyncClient]:
    headers = {"apikey": SECRET_KEY}
    async with httpx.AsyncClient(transport=data_api_transport, base_url=data_api.URL, headers=headers) as client:
        yield client


@asynccontextmanager
async def client_of(dsn: str, *, connections: int = 1, wait_s: float = 10) -> AsyncIterator[httpx.AsyncClient]:
    """A client that shows no key, over an API of its own."""
    async with (
        data_api.connected(dsn, connections=connections, wait_s=wait_s) as transport,
        httpx.AsyncClient(transport=transport, base_url=data_api.URL) as client,
    ):
        yield client


async def call(http: httpx.AsyncClient, name: str, **arguments: object) -> httpx.Response:
    return await http.post(f"/rest/v1/rpc/{name}", json=arguments)


async def test_the_unmodified_client_calls_a_function(supabase_client: AsyncClient, functions: None) -> None:
    answer = await supabase_client.rpc("greet", {"p_name": "ho", "p_times": 2}).execute()
    assert answer.data == "hoho!"


async def test_the_client_raises_its_own_error_with_what_the_function_said(
    supabase_client: AsyncClient, functions: None
) -> None:
    with pytest.raises(APIError) as refusal:
        await supabase_client.rpc("mark", {"p_text": "a", "p_then": "version_moved"}).execute()
    error = refusal.value
    assert (error.code, error.message, error.details, error.hint) == ("PT409", "version_moved", "d", "h")


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [({"p_name": "a"}, "a!"), ({"p_tail": "?", "p_name": "a"}, "a?"), ({"p_name": "a", "p_times": "3"}, "aaa!")],
)
async def test_arguments_go_by_name_and_defaults_stay(
    http: httpx.AsyncClient, arguments: dict[str, object], answer: str
) -> None:
    assert (await call(http, "greet", **arguments)).json() == answer


async def test_every_value_becomes_the_arguments_type(http: httpx.AsyncClient) -> None:
    given: dict[str, Any] = {
        "p_amount": "0.000000000000000001",
        "p_at": "2025-07-07T12:00:00Z",
        "p_tags": ["a,b", 'c"d', "{}"],
        "p_state": {"x": ["1", None, {"y": "é"}]},
        "p_plain": [1, "2"],
        "p_flag": True,
    }
    assert (await call(http, "kinds", **given)).json() == {
        "amount": "0.000000000000000001",
        "at": "2025-07-07T12:00:00+00:00",
        "tags": ["a,b", 'c"d', "{}"],
        "state": {"x": ["1", None, {"y": "é"}]},
        "plain": [1, "2"],
        "flag": True,
    }


async def test_null_is_null_and_an_absent_key_is_the_default(http: httpx.AsyncClient) -> None:
    given: dict[str, Any] = {"p_amount": None, "p_at": None, "p_tags": [], "p_state": None, "p_plain": None}
    answer = (await call(http, "kinds", **given)).json()
    assert (answer["amount"], answer["tags"], answer["state"], answer["flag"]) == (None, [], None, None)


async def test_a_numeric_inside_jsonb_stays_a_json_number(http: httpx.AsyncClient) -> None:
    assert "123456789012.12345678" in (await call(http, "number")).text


async def test_void_is_no_content_null_is_null_and_a_set_is_an_array(http: httpx.AsyncClient) -> None:
    nothing = await call(http, "nothing")
    assert (nothing.status_code, nothing.content) == (204, b"")
    assert (await call(http, "absent")).text == "null"
    assert (await call(http, "count_to", p_end=3)).json() == [1, 2, 3]
    assert (await call(http, "count_to", p_end=0)).json() == []
    assert (await call(http, "pairs")).json() == [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]


async def test_a_set_is_cut_after_a_thousand_rows_without_a_word(http: httpx.AsyncClient) -> None:
    answer = await call(http, "count_to", p_end=1001)
    assert (answer.status_code, len(answer.json())) == (200, 1000)


async def test_an_empty_body_is_no_arguments(http: httpx.AsyncClient) -> None:
    assert (await http.post("/rest/v1/rpc/who")).json() == "service_role"


@pytest.mark.parametrize(
    ("key", "status", "role"), [(SECRET_KEY, 403, "service_role"), ("sb_publishable_x", 401, "anon"), ("", 401, "anon")]
)
async def test_the_key_decides_the_role(http: httpx.AsyncClient, key: str, status: int, role: str) -> None:
    headers = {"apikey": key}
    assert (await http.post("/rest/v1/rpc/who", headers=headers)).json() == role
    secret = await http.post("/rest/v1/rpc/secret", headers=headers)
    assert secret.status_code == (200 if role == "service_role" else 401)
    refused = await http.post("/rest/v1/rpc/refuse", headers=headers, json={"p_code": "42501"})
    assert (refused.status_code, refused.json()["code"]) == (status, "42501")


@pytest.mark.parametrize(
    ("name", "arguments"), [("unknown", {}), ("greet", {}), ("greet", {"p_name": "a", "extra": 1}), ("x'\"; --", {})]
)
async def test_an_unknown_function_or_argument_is_404(
    http: httpx.AsyncClient, name: str, arguments: dict[str, object]
) -> None:
    answer = await call(http, name, **arguments)
    assert (answer.status_code, answer.json()["code"]) == (404, "PGRST202")
    assert set(answer.json()) == {"code", "message", "details", "hint"}


async def test_an_odd_name_is_quoted(http: httpx.AsyncClient) -> None:
    assert (await call(http, 'Odd "name', p_a="x")).json() == "x"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/rest/v1/rpc/who"),
        ("POST", "/rest/v1/marks"),
        ("POST", "/rest/v1/rpc/"),
        ("POST", "/rest/v1/rpc/a/b"),
        ("POST", "/auth/v1/token"),
        ("DELETE", "/"),
    ],
)
async def test_nothing_else_is_there(http: httpx.AsyncClient, method: str, path: str) -> None:
    answer = await http.request(method, path)
    assert (answer.status_code, answer.json()["code"]) == (404, "PGRST125")


@pytest.mark.parametrize("body", [b"[]", b"{", b"1", b"\xff", b'{"a": nonsense}'])
async def test_a_body_that_is_no_object_is_400(http: httpx.AsyncClient, body: bytes) -> None:
    answer = await http.post("/rest/v1/rpc/who", content=body)
    assert (answer.status_code, answer.json()["code"]) == (400, "PGRST102")


async def test_a_value_that_does_not_fit_is_400(http: httpx.AsyncClient) -> None:
    answer = await call(http, "greet", p_name="a", p_times="many")
    assert (answer.status_code, answer.json()["code"]) == (400, "22P02")


async def test_a_failed_call_leaves_nothing(http: httpx.AsyncClient) -> None:
    assert (await call(http, "mark", p_text="a", p_then="stop")).status_code == 409
    assert (await call(http, "marked")).json() == 0
    assert (await call(http, "mark", p_text="a")).json() == "a"
    assert (await call(http, "marked")).json() == 1


async def test_a_stable_function_cannot_write(http: httpx.AsyncClient) -> None:
    answer = await call(http, "peek", p_text="a")
    assert (answer.status_code, answer.json()["code"]) == (405, "25006")


async def test_what_constraints_say_is_a_conflict(http: httpx.AsyncClient) -> None:
    await call(http, "mark", p_text="a")
    assert (await call(http, "mark", p_text="a")).json()["code"] == "23505"
    assert (await call(http, "mark", p_text="b", p_parent="nobody")).status_code == 409


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("P0001", 400),
        ("PT503", 503),
        ("PT404", 404),
        ("23505", 409),
        ("23514", 400),
        ("22003", 400),
        ("40001", 500),
        ("42P01", 404),
        ("57014", 500),
        ("53100", 503),
        ("08006", 503),
        ("XX000", 500),
        ("99999", 400),
    ],
)
async def test_a_code_of_the_database_has_its_status(http: httpx.AsyncClient, code: str, status: int) -> None:
    answer = await call(http, "refuse", p_code=code)
    assert (answer.status_code, answer.json()["code"], answer.json()["message"]) == (status, code, "no")


def test_a_status_that_is_none_is_our_own_fault() -> None:
    assert api_errors.status_of("PTxyz", anonymous=False) == 500


async def test_a_functions_own_timeout_holds(http: httpx.AsyncClient) -> None:
    assert (await call(http, "impatient")).json()["code"] == "57014"


async def test_a_replaced_function_is_found_at_once(http: httpx.AsyncClient, database: str) -> None:
    assert (await call(http, "greet", p_name="a")).json() == "a!"
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            "drop function public.greet(text, integer, text);"
            "create function public.greet(p_name varchar, p_more integer default 0) returns integer"
            " language sql as 'select p_more'"
        )
    assert (await call(http, "greet", p_name="a")).json() == 0
    assert (await call(http, "greet", p_name="a", p_more=2)).json() == 2


async def test_overloads_that_both_fit_are_ambiguous(http: httpx.AsyncClient, database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("create function public.greet(p_name json) returns text language sql as 'select 1::text'")
    assert (await call(http, "greet", p_name="a")).json()["code"] == "PGRST203"


async def test_a_read_timeout_is_the_clients_own_and_frees_the_connection(database: str, functions: None) -> None:
    async with client_of(database, connections=1) as http:
        await call(http, "who")
        with pytest.raises(httpx.ReadTimeout, match="POST /rest/v1/rpc/slow"):
            await http.post("/rest/v1/rpc/slow", json={"p_s": 60}, timeout=0.05)
        assert (await call(http, "who")).json() == "anon"


async def test_a_cancelled_request_frees_its_connection_and_stops_its_query(database: str, functions: None) -> None:
    async with client_of(database, connections=1) as http:
        await call(http, "who")
        running = asyncio.create_task(call(http, "slow", p_s=60))
        await asyncio.to_thread(_wait_until_busy, database)
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert (await call(http, "who")).json() == "anon"
        assert _busy(database) == 0


def _busy(dsn: str) -> int:
    query = """select count(*) from pg_stat_activity
                where query like '%slow%' and state = 'active' and pid <> pg_backend_pid()"""
    with psycopg.connect(dsn) as connection:
        row = connection.execute(query.encode()).fetchone()
    return int(row[0]) if row else 0


def _wait_until_busy(dsn: str) -> None:
    while _busy(dsn) == 0:
        pass  # asking takes its time


async def test_connections_that_died_idle_are_passed_over(http: httpx.AsyncClient, database: str) -> None:
    await asyncio.gather(*(call(http, "slow", p_s=0.01) for _ in range(4)))
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            "select pg_terminate_backend(pid, 10000) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
    assert (await call(http, "who")).json() == "service_role"


async def test_a_connection_that_dies_in_a_call_is_a_503(http: httpx.AsyncClient, database: str) -> None:
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute(
            "create function public.die() returns boolean language sql security definer"
            " as 'select pg_terminate_backend(pg_backend_pid())'"
        )
    answer = await call(http, "die")
    assert answer.status_code == 503
    assert (await call(http, "who")).status_code == 200


async def test_without_a_free_connection_in_time_it_is_a_504(database: str, functions: None) -> None:
    async with client_of(database, connections=1, wait_s=0.05) as http:
        await call(http, "who")
        running = asyncio.create_task(call(http, "slow", p_s=60))
        await asyncio.to_thread(_wait_until_busy, database)
        answer = await call(http, "who")
        running.cancel()
    assert (answer.status_code, answer.json()["code"]) == (504, "PGRST003")


async def test_without_a_server_it_is_a_503_and_heals_with_the_next_one(tmp_path: Path) -> None:
    with postgres.running(tmp_path, durable=False) as server:
        migrations.apply(server.dsn("postgres"), SQL, local=True)
        async with client_of(server.dsn("postgres"), wait_s=0.1) as http:
            assert (await call(http, "unknown")).status_code == 404
            os.kill(server.pid, signal.SIGKILL)
            while (answer := await call(http, "unknown")).status_code == 404:
                pass  # a connection may outlive its server by some calls, and dies with its own code
            assert answer.status_code == 503
            answer = await call(http, "unknown")
            assert (answer.status_code, answer.json()["code"]) == (503, "PGRST001")
        with postgres.running(tmp_path, durable=False):
            async with client_of(server.dsn("postgres")) as http:
                assert (await call(http, "unknown")).status_code == 404


async def test_calls_at_once_do_not_mix(http: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(call(http, "greet", p_name=str(i)) for i in range(50)))
    assert [answer.json() for answer in answers] == [f"{i}!" for i in range(50)]
