"""What callers get wrong: parameters, times, accounts, bodies. Each refusal names what it refuses and does nothing."""

from collections.abc import AsyncIterator

import httpx
import pytest

from tests.api.conftest import FUNCTIONS, LOCKED, call, in_mode, problem
from tests.spine import Spine

KIB_64 = 64 * 1024
LONG = "x" * 65
HISTORY = "account=main&"


@pytest.mark.parametrize(
    ("name", "query", "parameter"),
    [
        *((name, "nope=1", "nope") for name in FUNCTIONS if name != "session"),  # that one is not read
        *((name, "Account=main", "Account") for name in FUNCTIONS if name != "session"),
        ("health", "account=main", "account"),
        ("accounts", "account=main", "account"),
        ("accounts", "=", ""),
        ("collect", "now=true", "now"),
        ("rebalance", "force=true", "force"),
        ("collect", "account=main&account=main", "account"),
        ("collect", "force=true&force=false", "force"),
        ("history", "account=main&account=spot", "account"),
        ("history", HISTORY + "points=2&points=2", "points"),
        *(("collect", f"force={value}", "force") for value in ("", "1", "yes", "TRUE", "true%20", "%00")),
        *(("rebalance", f"now={value}", "now") for value in ("", "0", "now")),
        *(("collect", f"account={value}", "account") for value in ("", LONG, "%00", "a%0Ab", "a%1Bb", "%E2%80%AE")),
        ("history", "", "account"),
        ("history", "range=7d", "account"),
        ("history", "account=", "account"),
        ("history", f"account={LONG}", "account"),
        *((("history"), HISTORY + f"range={value}", "range") for value in ("", "1h", "7D", "-7d", "7d%20", "all,7d")),
        *(
            ("history", HISTORY + f"points={value}", "points")
            for value in ("", "1", "0", "-2", "2001", "2.0", "2e2", "%C2%B2", "%D9%A3", "0x10", "9" * 5000, "+2", "nan")
        ),
        *(
            ("history", HISTORY + f"{edge}={value}", edge)
            for edge in ("from", "to")
            for value in (
                *("", "yesterday", "2026-08-25", "2026-08-25T12:00:00", "2026-13-01T00:00:00Z", "1787000000"),
                *("2026-08-25T12:00:00+01:00", "2026-08-25T12:00:00%2B25:00", "2026-02-30T00:00:00Z", "%00", "Z"),
                *("0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00"),
            )
        ),
        ("history", HISTORY + "range=7d&from=2026-08-25T12:00:00Z", "range"),
        ("history", HISTORY + "range=all&to=2026-08-25T12:00:00Z", "range"),
        ("history", HISTORY + "from=2026-08-25T12:00:00Z&to=2026-08-25T12:00:00Z", "from"),
        ("history", HISTORY + "from=2026-08-26T00:00:00Z&to=2026-08-25T12:00:00Z", "from"),
        ("history", HISTORY + "to=2026-08-25T12:00:00Z&from=2026-08-25T13:00:00%2B00:30", "from"),
    ],
)
async def test_a_wrong_parameter_is_400_with_its_name(lived: Spine, name: str, query: str, parameter: str) -> None:
    body = problem(await call(lived.wired, name, query), 400, "invalid_input")
    assert body["detail"].startswith(f"{parameter}: ")
    assert query not in body["detail"] or len(query) < 5
    assert (lived.to_store.calls, lived.to_exchange.calls) == ([], [])


async def test_the_first_and_the_last_day_of_the_calendar_in_another_zone_were_an_internal_error(lived: Spine) -> None:
    for at in ("0001-01-01T00:00:00%2B14:00", "9999-12-31T23:59:59-14:00"):
        problem(await call(lived.wired, "history", HISTORY + f"from={at}"), 400, "invalid_input")


async def test_a_parameter_nobody_knows_is_named_but_not_echoed_at_length(lived: Spine) -> None:
    answer = await call(lived.wired, "health", f"{'n' * 9000}=1")
    assert len(problem(answer, 400, "invalid_input")["detail"]) < 200


@pytest.mark.parametrize(
    "account", ["nope", "Main", "MAIN", "main%20", "..%2F..", "%27%20or%20true--", "%3Cb%3E", "%ff"]
)
async def test_an_unknown_account_has_no_history(lived: Spine, account: str) -> None:
    problem(await call(lived.wired, "history", f"account={account}"), 404, "not_found")


@pytest.mark.parametrize(
    "query", ["from=0001-01-01T00:00:00Z", "to=9999-12-31T23:59:59Z", "points=2", "points=2000", "points=0002"]
)
async def test_the_ends_of_what_is_allowed_are_allowed(lived: Spine, query: str) -> None:
    assert (await call(lived.wired, "history", HISTORY + query)).status_code == 200


@pytest.mark.parametrize("size", [KIB_64 + 1, 1_000_000])
async def test_a_body_past_64_kib_is_413_and_starts_nothing(spine: Spine, size: int) -> None:
    for name in ("collect", "rebalance"):
        problem(await call(spine.wired, name, method="POST", content=b"x" * size), 413, "too_large")
    assert (spine.to_store.calls, spine.to_exchange.calls) == ([], [])


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"[" * 30_000, id="never closed"),
        pytest.param(b"[" * 20_000 + b"]" * 20_000, id="lists in lists"),
        pytest.param(b'{"account":"main","policy":' + b'{"a":' * 9000 + b"1" + b"}" * 9001, id="in a part of it"),
    ],
)
async def test_a_body_too_deep_is_400_and_starts_nothing(spine: Spine, content: bytes) -> None:
    headers = {"Origin": "http://monitor.test", "Content-Type": "application/json"}
    for name, method in (("accounts", "POST"), ("accounts", "PATCH"), ("flows", "POST"), ("share", "POST")):
        problem(await call(spine.wired, name, method=method, content=content, headers=headers), 400, "invalid_input")
    assert (spine.to_store.calls, spine.to_exchange.calls) == ([], [])


async def in_pieces(count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield b"x" * 1024


async def test_a_body_without_a_length_was_never_measured(spine: Spine) -> None:
    problem(await call(spine.wired, "collect", method="POST", content=in_pieces(65)), 413, "too_large")
    assert (spine.to_store.calls, spine.to_exchange.calls) == ([], [])
    assert (await call(spine.wired, "collect", method="POST", content=in_pieces(64))).status_code == 200


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff\x00 not json", b"x" * KIB_64])
async def test_a_body_within_64_kib_is_nobodys_problem(spine: Spine, content: bytes) -> None:
    assert (await call(spine.wired, "collect", method="POST", content=content)).status_code == 200


@pytest.mark.parametrize(
    ("length", "status", "code"),
    [
        pytest.param(b"abc", 400, "invalid_input", id="a word"),
        pytest.param(b"-1", 400, "invalid_input", id="less than nothing"),
        pytest.param(b"", 400, "invalid_input", id="nothing"),
        pytest.param(b"1.5", 400, "invalid_input", id="a fraction"),
        pytest.param(b"\xb2", 400, "invalid_input", id="a digit that is no number, once an internal error"),
        pytest.param(b"9" * 5000, 413, "too_large", id="more digits than a number may have, once an internal error"),
        pytest.param(b"65537", 413, "too_large", id="one byte too many"),
        pytest.param(b"0000000065536", 200, "", id="just enough"),
    ],
)
async def test_a_length_is_believed_only_where_it_says_too_much(
    spine: Spine, length: bytes, status: int, code: str
) -> None:
    answer = await call(spine.wired, "collect", method="POST", headers={"Content-Length": length}, content=b"")
    if status == 200:
        assert answer.status_code == 200
        return
    problem(answer, status, code)
    assert (spine.to_store.calls, spine.to_exchange.calls) == ([], [])


async def test_the_door_comes_before_the_body_and_the_parameters(spine: Spine) -> None:
    locked = in_mode(spine.wired, LOCKED)
    problem(await call(locked, "collect", "nope=1", method="POST", content=b"x" * 70_000), 401, "unauthorized")


async def test_what_breaks_inside_is_500_without_a_word_of_why(spine: Spine, caplog: pytest.LogCaptureFixture) -> None:
    async def breaks(_: httpx.Request) -> None:
        raise RuntimeError("hunter2 in /somewhere/secret.py")

    spine.to_store.before.append(breaks)
    for name, query in (("accounts", ""), ("history", "account=all"), ("collect", "account=main&force=true")):
        answer = await call(spine.wired, name, query)
        body = problem(answer, 500, "internal")
        for hidden in ("hunter2", "RuntimeError", "secret.py", "force"):
            assert hidden not in answer.text
        assert body["request_id"] in str([vars(record) for record in caplog.records]), "the log has it under this id"


async def test_no_log_record_of_a_refused_request_holds_its_query(
    spine: Spine, caplog: pytest.LogCaptureFixture
) -> None:
    await call(spine.wired, "history", "account=main&token=hunter2")
    await call(spine.wired, "accounts", headers={"Authorization": "Bearer hunter2"})
    assert caplog.records
    assert "hunter2" not in str([vars(record) for record in caplog.records])
