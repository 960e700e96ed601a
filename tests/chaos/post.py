"""The service that messages go to, and what the database was given to be sent, noted beside the product."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import httpx
import psycopg

from lib.alert_records import Delivery

MESSAGE_LEASE = timedelta(seconds=60)  # for so long a message is left to the run that took it
WRITTEN = "chaos.written"
_KEEP = f"""
    create schema chaos;
    create table {WRITTEN} (number bigint, account_id text, title text, body text, at timestamptz);
    create function chaos.note() returns trigger language plpgsql security definer set search_path = '' as $$
    begin
        insert into {WRITTEN} values (new.number, new.account_id, new.title, new.body, new.created_at);
        return new;
    end $$;
    create trigger note after insert on public.alert_messages for each row execute function chaos.note();
"""
_SEVERAL = "Portfolio Monitor: "


@dataclass(frozen=True, slots=True)
class Written:
    """A message as it was queued: of which account, and when what it says was seen."""

    number: int
    account: str
    title: str
    body: str
    at: datetime


@dataclass(slots=True)
class Mailbox(httpx.AsyncBaseTransport):
    """Takes messages, unless it is deaf; `taken` are their parts as they arrived, title and body."""

    deaf: bool = False
    taken: list[tuple[str, str]] = field(default_factory=list)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.deaf:
            return httpx.Response(httpx.codes.SERVICE_UNAVAILABLE, request=request)
        told = json.loads(request.content)
        self.taken += _parts(told["title"], told["body"])
        return httpx.Response(httpx.codes.OK, request=request)


def _parts(title: str, body: str) -> Iterator[tuple[str, str]]:
    if not title.startswith(_SEVERAL):
        yield title, body
        return
    for part in body.split("\n\n"):
        one, _, rest = part.partition("\n")
        yield one, rest


@dataclass(frozen=True, slots=True)
class Postman:
    """`lib.alert_ports.Notifier` to one service, without threads: what happens at once must happen so again."""

    service: httpx.AsyncBaseTransport

    async def send(self, title: str, body: str) -> tuple[Delivery, ...]:
        """Send a message."""
        request = httpx.Request("POST", "http://messages.test/", json={"title": title, "body": body})
        response = await self.service.handle_async_request(request)
        return (Delivery(1, "a mailbox", response.is_success),)


def keep_what_is_written(database: psycopg.Connection) -> None:
    """Note every message that is queued, whoever takes it and however soon."""
    database.execute(_KEEP.encode())


def let_go(database: psycopg.Connection) -> None:
    """Let the time pass for which a message is left to the run that took it."""
    database.execute("update alert_messages set leased_until = clock_timestamp() - interval '1 second'")


def written(database: psycopg.Connection) -> list[Written]:
    """Return all that was queued, in its order."""
    rows = database.execute(f"select number, account_id, title, body, at from {WRITTEN} order by number".encode())
    return [Written(*row) for row in rows.fetchall()]
