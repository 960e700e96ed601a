"""Log records: one line of JSON each, without secrets, and never a reason to fail."""

import io
import json
import logging
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib import log
from lib.redaction import HIDDEN, redacted, redacted_text

API_KEY = "vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zvsw0MuIgwCIPy6utIco14y7Ju91duEh8A"


class HandClock:
    """A clock that moves when it is told to."""

    def __init__(self) -> None:
        self.at = datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    async def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@pytest.fixture
def stream(own_logging: None) -> io.StringIO:
    """Where the records of this test go."""
    stream = io.StringIO()
    log.configure("INFO", stream)
    return stream


def written(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_record_is_one_line_of_json_with_its_fields(stream: io.StringIO) -> None:
    log.info("run finished", run="r1", accounts=3, ratio=0.5, nothing=None)
    log.debug("below the level")
    (record,) = written(stream)
    assert str(record.pop("at")).endswith("Z")
    assert record == {
        "level": "info", "event": "run finished", "run": "r1", "accounts": 3, "ratio": 0.5, "nothing": None,
    }  # fmt: skip


def test_a_failure_brings_its_type_message_and_trace(stream: io.StringIO) -> None:
    try:
        raise ValueError("no\nsuch wallet")
    except ValueError as failure:
        log.error("account failed", failure, account="main")
    (record,) = written(stream)
    assert record["error"] == {"type": "ValueError", "message": "no\nsuch wallet"}
    assert "test_log.py" in str(record["trace"])


def test_records_of_other_libraries_come_in_the_same_shape_and_requests_not_at_all(stream: io.StringIO) -> None:
    logging.getLogger("some.library").warning("listening on %s", "127.0.0.1")
    logging.getLogger("httpx").info("HTTP Request: GET https://api.binance.com/api/v3/account?signature=abc")
    (record,) = written(stream)
    assert (record["logger"], record["event"]) == ("some.library", "listening on 127.0.0.1")


def test_a_field_cannot_overwrite_what_every_record_has(stream: io.StringIO) -> None:
    log.warning("odd", level="mine", at="mine")
    (record,) = written(stream)
    assert (record["level"], record["level_"], record["at_"]) == ("warning", "mine", "mine")


def test_timed_measures_on_the_clock_it_is_given(stream: io.StringIO) -> None:
    clock = HandClock()
    with log.timed("fetch prices", clock, run="r1") as noted:
        clock.at += timedelta(seconds=1.5)
        noted["prices"] = 2100
    (record,) = written(stream)
    assert (record["event"], record["run"]) == ("fetch prices", "r1")
    assert (record["duration_ms"], record["prices"]) == (1500, 2100)


def test_timed_says_that_the_block_failed_and_lets_the_failure_through(stream: io.StringIO) -> None:
    with pytest.raises(TimeoutError), log.timed("fetch prices", HandClock()):
        raise TimeoutError
    (record,) = written(stream)
    assert (record["level"], record["failed"], record["duration_ms"]) == ("warning", "TimeoutError", 0)


def test_quiet_that_overlapped_once_left_every_later_record_unwritten(stream: io.StringIO) -> None:
    first, second = log.quiet(), log.quiet()
    first.__enter__()
    second.__enter__()
    log.info("one of a thousand")
    log.warning("kept")
    first.__exit__(None, None, None)
    log.info("still quiet")
    second.__exit__(None, None, None)
    log.info("again")
    assert [record["event"] for record in written(stream)] == ["kept", "again"]


class Hostile:
    """A value that fails when it is looked at."""

    def __str__(self) -> str:
        raise RuntimeError("not today")

    __repr__ = __str__


def test_logging_never_raises(stream: io.StringIO) -> None:
    circle: list[object] = []
    circle.append(circle)
    log.info("odd value", value=Hostile())
    log.info("circle", value=circle)
    log.info("not finite", value=float("nan"))
    log.info("surrogate", value="\ud800")
    lost = [record["reason"] for record in written(stream) if record["event"] == "log record lost"]
    assert lost == ["RuntimeError", "RecursionError"]
    stream.close()
    log.info("nobody listens")


def test_a_record_whose_arguments_do_not_fit_is_reported_as_lost() -> None:
    record = logging.LogRecord("other", logging.INFO, __file__, 1, "%d of %d", ("one",), None)
    assert json.loads(log.JsonFormatter().format(record))["reason"] == "TypeError"


@pytest.mark.parametrize(
    ("text", "kept", "gone"),
    [
        pytest.param("GET /api/v3/time?at=1&signature=abc failed", "/api/v3/time", "signature", id="query"),
        pytest.param("postgresql://me:hunter2@db/x", "db/x", "hunter2", id="connection string"),
        pytest.param("Authorization: Bearer tick-tock", "Authorization", "tick-tock", id="bearer"),
        pytest.param(f"X-MBX-APIKEY: {API_KEY}", "X-MBX-APIKEY", API_KEY, id="header"),
        pytest.param(f"key {API_KEY} refused", "refused", API_KEY, id="an exchange key anywhere"),
        pytest.param(
            "key -----BEGIN PRIVATE KEY-----\nMC4CAQAw\n-----END PRIVATE KEY----- end",
            "end",
            "MC4CAQAw",
            id="private key",
        ),
        pytest.param("torn -----BEGIN RSA PRIVATE KEY-----\nMC4CAQAw", "torn", "MC4CAQAw", id="torn private key"),
        pytest.param("using sb_secret_abc-def now", "now", "abc-def", id="supabase key"),
        pytest.param("got eyJhbGciOi.eyJyb2xlIjoi.c2ln back", "back", "eyJyb2xl", id="web token"),
        pytest.param('{"apiKey": "k", "signature": "abcdef"}', "signature", "abcdef", id="json text"),
        pytest.param("key AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8= bad", "bad", "AAECAw", id="encryption key"),
    ],
)
def test_what_looks_like_a_secret_is_hidden_in_any_text(text: str, kept: str, gone: str) -> None:
    shown = redacted_text(text)
    assert kept in shown
    assert gone not in shown
    assert HIDDEN in shown


def test_harmless_text_stays() -> None:
    text = "is BTC at 100,000 USD? yes: 2026-01-01T00:00:00Z run 0b9f2c wallet cross_margin (https://api.binance.com)"
    assert redacted_text(text) == text


@pytest.mark.parametrize("name", ["api_secret", "API_TOKEN", "password", "Authorization", "signature", "set-cookie"])
def test_a_field_named_like_a_secret_is_hidden_wherever_it_stands(name: str) -> None:
    assert redacted([{"account": "main", name: "hunter2"}]) == [{"account": "main", name: HIDDEN}]


@given(st.text(), st.text(alphabet=st.characters(categories=["L", "N"], max_codepoint=127), min_size=64, max_size=64))
def test_an_exchange_key_is_hidden_between_any_words(words: str, key: str) -> None:
    assert key not in redacted_text(f"{words} {key} {words}").replace(words, "")
