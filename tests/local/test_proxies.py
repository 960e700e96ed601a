"""What a reverse proxy says is believed of those that are trusted, and of nobody else."""

from ipaddress import ip_network

import pytest
from starlette.types import Receive, Scope, Send

from lib.local.proxies import BehindProxies

DIRECT = ("http", "monitor.local:8000")


async def seen(peer: str, trusted: tuple[str, ...], *headers: tuple[str, str]) -> tuple[str, str, str]:
    """Scheme, host and caller as the application sees them."""
    told: list[Scope] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        told.append(scope)

    async def nothing() -> dict[str, object]:
        return {}

    async def drop(_: object) -> None:
        return None

    sent = [(name.encode(), value.encode()) for name, value in (("host", DIRECT[1]), *headers)]
    scope = {"type": "http", "scheme": DIRECT[0], "client": (peer, 1234), "headers": sent}
    await BehindProxies(app, [ip_network(each) for each in trusted])(scope, nothing, drop)
    hosts = [value.decode() for name, value in told[0]["headers"] if name == b"host"]
    assert len(hosts) == 1
    return told[0]["scheme"], hosts[0], told[0]["client"][0]


TOLD = (
    ("x-forwarded-proto", "https"),
    ("x-forwarded-host", "monitor.example"),
    ("x-forwarded-for", "203.0.113.7"),
)


@pytest.mark.parametrize("trusted", [(), ("192.0.2.0/24",), ("::1",)])
async def test_a_stranger_is_believed_nothing_not_even_on_this_machine(trusted: tuple[str, ...]) -> None:
    assert await seen("127.0.0.1", trusted, *TOLD) == (*DIRECT, "127.0.0.1")


@pytest.mark.parametrize("trusted", [("127.0.0.1",), ("10.0.0.0/8", "127.0.0.0/8")])
async def test_a_trusted_proxy_is_believed(trusted: tuple[str, ...]) -> None:
    assert await seen("127.0.0.1", trusted, *TOLD) == ("https", "monitor.example", "203.0.113.7")


async def test_what_a_proxy_does_not_say_stays() -> None:
    assert await seen("127.0.0.1", ("127.0.0.1",)) == (*DIRECT, "127.0.0.1")
    assert await seen("127.0.0.1", ("127.0.0.1",), ("x-forwarded-proto", "gopher")) == (*DIRECT, "127.0.0.1")


@pytest.mark.parametrize(
    ("chain", "caller"),
    [
        ("1.2.3.4, 203.0.113.7", "203.0.113.7"),
        ("1.2.3.4, 203.0.113.7, 10.0.0.2", "203.0.113.7"),
        ("10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("127.0.0.1, nonsense", "nonsense"),
        ("", "127.0.0.1"),
        (" , ", "127.0.0.1"),
    ],
)
async def test_the_caller_is_the_nearest_that_is_no_proxy_of_ours(chain: str, caller: str) -> None:
    found = await seen("127.0.0.1", ("127.0.0.1", "10.0.0.0/8"), ("x-forwarded-for", chain))
    assert found[2] == caller


async def test_of_several_proxies_the_nearest_has_the_word() -> None:
    twice = (("x-forwarded-proto", "http, https"), ("x-forwarded-host", "evil.test"), ("x-forwarded-host", "mine.test"))
    assert (await seen("127.0.0.1", ("127.0.0.1",), *twice))[:2] == ("https", "mine.test")
