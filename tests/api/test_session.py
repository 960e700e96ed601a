"""/api/session: the password opens a session, few tries are let through, and what ends one ends it."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from http.cookies import SimpleCookie
from typing import Any

import pytest

from lib import settings
from lib.records import TryLimits
from lib.vault import generate_key
from lib.wiring import Wired
from tests.api.conftest import LOCKED, OWN, PASSWORD, SITE, call, in_mode, log_in, owner, problem, worn
from tests.spine import Spine

LIMITS = TryLimits()
LOOPBACK = "http://127.0.0.1:8000"


@pytest.fixture
def locked(spine: Spine) -> Wired:
    return in_mode(spine.wired, LOCKED)


async def status(wired: Wired, headers: dict[str, str], **rest: Any) -> int:
    return (await call(wired, "accounts", headers=headers, site=rest.pop("site", SITE), **rest)).status_code


async def test_the_right_password_opens_what_an_owner_may_do(locked: Wired) -> None:
    assert await status(locked, {}) == 401
    answer = await log_in(locked)
    assert (answer.status_code, answer.json()) == (200, {"role": "owner"})
    assert await status(locked, worn(answer)) == 200
    body = {"account": "spot", "action": "void", "flow": "deposit:nope", "reason": "x"}
    written = await call(locked, "flows", method="POST", headers=worn(answer), json=body, site=SITE)
    problem(written, 404, "not_found")


async def test_the_cookie_over_https_belongs_to_this_host_and_no_script_or_other_site_has_it(locked: Wired) -> None:
    answer = await log_in(locked)
    (name,) = cookie = SimpleCookie(answer.headers["set-cookie"])
    assert name == "__Host-monitor-session"
    said = cookie[name]
    assert (said["secure"], said["httponly"], said["samesite"].lower()) == (True, True, "strict")
    assert (said["path"], said["domain"], said["max-age"]) == ("/", "", str(30 * 24 * 3600))
    for hidden in (PASSWORD, LOCKED["ENCRYPTION_KEY"]):
        assert hidden not in answer.headers["set-cookie"]
    assert answer.headers["set-cookie"] != (await log_in(locked)).headers["set-cookie"], "no two are alike"


@pytest.mark.parametrize("site", [LOOPBACK, "http://localhost:8000", "http://[::1]:8000"])
async def test_on_this_machine_it_works_without_https(locked: Wired, site: str) -> None:
    answer = await log_in(locked, site=site)
    assert answer.headers["set-cookie"].startswith("monitor-session=")
    assert "secure" not in answer.headers["set-cookie"].lower()
    assert await status(locked, worn(answer), site=site) == 200
    assert await status(locked, worn(answer)) == 401, "a plain cookie is none over HTTPS"


async def test_a_password_never_crosses_the_network_in_the_clear(locked: Wired) -> None:
    answer = await log_in(locked, site="http://monitor.test")
    assert "TRUSTED_PROXIES" in problem(answer, 400, "invalid_input")["detail"]
    assert "set-cookie" not in answer.headers


async def test_without_a_password_set_logging_in_names_the_setting(spine: Spine) -> None:
    bare = in_mode(spine.wired, OWN)
    assert "DASHBOARD_PASSWORD" in problem(await log_in(bare), 503, "configuration")["detail"]
    assert "DASHBOARD_PASSWORD" in problem(await call(bare, "accounts"), 401, "unauthorized")["detail"]


async def test_in_demo_mode_everybody_is_in_and_nobody_gets_a_cookie(spine: Spine) -> None:
    answer = await log_in(spine.wired, "whatever it is")
    assert (answer.json(), "set-cookie" in answer.headers) == ({"role": "demo"}, False)


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{}", b'"x"', b'{"password": ""}', b'{"password": 1}', b'{"password": "x", "more": 1}'),
        *(b'{"password": "\\ud800"}', b'{"password": "' + b"x" * 1001 + b'"}'),
    ],
)
async def test_what_is_no_password_is_400_and_no_try(locked: Wired, body: bytes) -> None:
    for _ in range(LIMITS.of_caller + 1):
        headers = {"Content-Type": "application/json"}
        problem(await call(locked, "session", method="POST", content=body, headers=headers), 400, "invalid_input")
    assert (await log_in(locked)).status_code == 200


async def test_a_form_of_another_site_logs_nobody_in(locked: Wired) -> None:
    form = await call(locked, "session", method="POST", data={"password": PASSWORD}, site=SITE)
    problem(form, 400, "invalid_input")
    problem(await log_in(locked, headers={"Origin": "https://evil.test"}), 403, "other_site")
    problem(await log_in(locked, headers={"Sec-Fetch-Site": "cross-site"}), 403, "other_site")


async def test_after_too_many_wrong_tries_even_the_right_one_waits_and_time_heals(spine: Spine, locked: Wired) -> None:
    for number in range(LIMITS.of_caller):
        assert problem(await log_in(locked, f"wrong {number}"), 401, "wrong_password")["title"] == "Not allowed in"
        spine.clock.set(spine.now + timedelta(seconds=60))
    answer = await log_in(locked)
    assert problem(answer, 429, "too_many_tries")["detail"] == "too many tries: try again in 10 minutes"
    assert answer.headers["retry-after"] == "600"
    spine.clock.set(spine.now + timedelta(seconds=599))
    again = problem(await log_in(locked), 429, "too_many_tries")
    assert again["detail"] == "too many tries: try again in 1 minute"
    spine.clock.set(spine.now + timedelta(seconds=1))
    assert (await log_in(locked)).status_code == 200


async def test_the_right_password_forgets_the_wrong_ones(locked: Wired) -> None:
    for _ in range(3):
        for _ in range(LIMITS.of_caller - 1):
            await log_in(locked, "wrong")
        assert (await log_in(locked)).status_code == 200


async def test_tries_at_one_moment_do_not_pass_the_limit_together(locked: Wired) -> None:
    answers = await asyncio.gather(*(log_in(locked, f"wrong {number}") for number in range(20)))
    assert sorted(answer.status_code for answer in answers) == [401] * LIMITS.of_caller + [429] * 15


async def test_one_caller_does_not_lock_another_out_and_all_together_are_limited(spine: Spine) -> None:
    deployed = in_mode(spine.wired, {**LOCKED, "VERCEL": "1"})

    async def tried(address: str, password: str = "wrong") -> int:
        return (await log_in(deployed, password, headers={"X-Real-Ip": address})).status_code

    for _ in range(LIMITS.of_caller):
        assert await tried("203.0.113.7") == 401
    assert await tried("203.0.113.7", PASSWORD) == 429
    assert await tried("2001:db8::1", PASSWORD) == 200
    for number in range(LIMITS.of_caller):
        assert await tried(f"2001:db8::{number}") == 401
    assert await tried("2001:db8::ffff", PASSWORD) == 429, "one network has one caller"
    for number in range(LIMITS.of_all - 2 * LIMITS.of_caller):
        assert await tried(f"198.51.100.{number}") == 401
    assert await tried("192.0.2.1", PASSWORD) == 429


async def test_the_limit_outlives_a_restart_and_keeps_no_address(spine: Spine, locked: Wired) -> None:
    for _ in range(LIMITS.of_caller):
        await log_in(locked, "wrong")
    assert (await log_in(in_mode(spine.wired, LOCKED))).status_code == 429
    kept = str(spine.sql("select * from login_tries"))
    assert "127.0.0.1" not in kept
    assert "wrong" not in kept


async def test_logging_out_forgets_the_cookie_here_and_everywhere_ends_every_session(locked: Wired) -> None:
    one, other = await owner(locked), await owner(locked)
    out = await call(locked, "session", method="DELETE", headers=one, site=SITE)
    assert (out.status_code, out.json()) == (200, {"role": "nobody"})
    assert 'monitor-session=""; HttpOnly; Max-Age=0' in out.headers["set-cookie"]
    assert await status(locked, other) == 200
    problem(await call(locked, "session", "everywhere=true", method="DELETE", site=SITE), 401, "unauthorized")
    await call(locked, "session", "everywhere=true", method="DELETE", headers=one, site=SITE)
    assert (await status(locked, one), await status(locked, other)) == (401, 401)
    assert await status(locked, await owner(locked)) == 200


async def test_who_asks_in_the_body_to_log_out_everywhere_is_told_where_to_ask(locked: Wired) -> None:
    """It was 200, and every other session went on."""
    one, other = await owner(locked), await owner(locked)
    answer = await call(locked, "session", method="DELETE", headers=one, site=SITE, json={"everywhere": True})
    assert problem(answer, 400, "invalid_input")["detail"].startswith("body: is not read here")
    assert "set-cookie" not in answer.headers
    assert (await call(locked, "session", method="DELETE", headers=one, site=SITE, json={})).status_code == 200
    assert await status(locked, other) == 200


async def test_a_new_password_ends_the_old_ones_sessions_for_good(spine: Spine, locked: Wired) -> None:
    headers = await owner(locked)
    changed = in_mode(spine.wired, {**LOCKED, "DASHBOARD_PASSWORD": "another password"})
    assert await status(changed, headers) == 401, "at once, before anybody logs in with it"
    assert (await log_in(changed, "another password")).status_code == 200
    assert await status(locked, headers) == 401, "though the old one is set again"


async def test_another_encryption_key_ends_every_session(spine: Spine, locked: Wired) -> None:
    headers = await owner(locked)
    other = replace(spine.wired, settings=settings.read(LOCKED | {"ENCRYPTION_KEY": generate_key()}))
    assert await status(other, headers) == 401


async def test_a_session_ends_after_thirty_days(spine: Spine, locked: Wired) -> None:
    headers = await owner(locked)
    spine.clock.set(spine.now + timedelta(days=30) - timedelta(seconds=1))
    assert await status(locked, headers) == 200
    spine.clock.set(spine.now + timedelta(seconds=1))
    assert await status(locked, headers) == 401


async def test_a_cookie_that_was_changed_is_none_and_asks_the_store_nothing(spine: Spine, locked: Wired) -> None:
    headers = await owner(locked)
    name, _, text = headers["Cookie"].partition("=")
    version, generation, expires, nonce, signature = text.split(".")
    forged = [
        f"{version}.{int(generation) + 1}.{expires}.{nonce}.{signature}",
        f"{version}.{generation}.{int(expires) + 1}.{nonce}.{signature}",
        f"{version}.{generation}.{expires}.{nonce}.{signature[:-1]}",
        f"{version}.{generation}.{expires}.{nonce}.",
        f"v2.{generation}.{expires}.{nonce}.{signature}",
        *("", ".", "....", "v1.x.y.z.w", "v1.1.9999999999999999999999.n.s", "x" * 5000, "ü"),
    ]
    spine.to_store.clear()
    for text in forged:
        cookie = f"{name}={text}".encode()
        assert (await call(locked, "accounts", headers={"Cookie": cookie}, site=SITE)).status_code == 401, text
    assert spine.to_store.calls == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"Origin": None}, "other_site"),
        ({"Origin": "https://evil.test"}, "other_site"),
        ({"Origin": "http://monitor.test"}, "other_site"),
        ({"Origin": "null"}, "other_site"),
        ({"Origin": "https://monitor.test.evil.test"}, "other_site"),
        ({"Sec-Fetch-Site": "cross-site"}, "other_site"),
        ({"Sec-Fetch-Site": "same-site"}, "other_site"),
        ({"Content-Type": "text/plain"}, "invalid_input"),
        ({"Content-Type": None}, "invalid_input"),
    ],
)
async def test_a_cookie_alone_changes_nothing(
    spine: Spine, locked: Wired, change: dict[str, str | None], code: str
) -> None:
    headers = {name: value for name, value in {**await owner(locked), **change}.items() if value is not None}
    spine.to_exchange.clear()
    answer = await call(locked, "collect", method="POST", headers=headers, site=SITE)
    problem(answer, 400 if code == "invalid_input" else 403, code)
    assert spine.to_exchange.calls == []


async def test_an_owner_starts_a_run_by_hand_and_never_by_following_a_link(locked: Wired) -> None:
    headers = await owner(locked)
    assert (await call(locked, "collect", method="POST", headers=headers, site=SITE)).json()["status"] == "ok"
    problem(await call(locked, "collect", headers=headers, site=SITE), 401, "unauthorized")
