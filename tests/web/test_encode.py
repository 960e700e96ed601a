"""Answers: our values as JSON, and nothing that is not one of them."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.web.encode import answer, encoded, problem, rfc3339

AT = datetime(2026, 1, 31, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Example:
    at: datetime
    usd: Decimal
    parts: tuple[str, ...]


def test_our_values_become_what_json_has() -> None:
    value = {
        "one": Example(AT, Decimal("1E+3"), ("a",)),
        "none": None,
        "ratio": 0.05,
        "yes": True,
        3: [Decimal("0.10")],
    }
    assert encoded(value) == {
        "one": {"at": "2026-01-31T12:00:00Z", "usd": "1000", "parts": ["a"]},
        "none": None,
        "ratio": 0.05,
        "yes": True,
        "3": ["0.1"],
    }


@given(st.decimals(allow_nan=False, allow_infinity=False, places=8, min_value=-(10**12), max_value=10**12))
def test_money_keeps_every_digit_and_is_never_a_number(amount: Decimal) -> None:
    told = json.loads(bytes(answer({"usd": amount}).body))["usd"]
    assert isinstance(told, str)
    assert Decimal(told) == amount
    assert "E" not in told
    assert told != "-0"


@given(st.datetimes(min_value=datetime(1970, 1, 2), max_value=datetime(9998, 1, 1)), st.integers(-14, 14))  # noqa: DTZ001
def test_a_time_is_told_in_utc_and_read_back_the_same(at: datetime, hours: int) -> None:
    aware = at.replace(tzinfo=timezone(timedelta(hours=hours)))
    assert rfc3339(aware).endswith("Z")
    assert datetime.fromisoformat(rfc3339(aware)) == aware


@pytest.mark.parametrize("value", [{1, 2}, object(), b"bytes", AT.date(), Example])
def test_what_has_no_json_form_is_refused_rather_than_guessed(value: object) -> None:
    with pytest.raises(TypeError, match="has no JSON form"):
        encoded(value)


@pytest.mark.parametrize("ratio", [float("nan"), float("inf")])
def test_a_number_that_json_does_not_have_never_leaves(ratio: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        answer({"ratio": ratio})


def test_a_problem_has_six_members_and_its_headers() -> None:
    found = problem(405, "method_not_allowed", 'only "GET"', "ab12", {"Allow": "GET"})
    assert (found.status_code, found.media_type) == (405, "application/problem+json")
    assert json.loads(bytes(found.body)) == {
        "type": "about:blank",
        "title": "Method not allowed",
        "status": 405,
        "detail": 'only "GET"',
        "code": "method_not_allowed",
        "request_id": "ab12",
    }
    assert (found.headers["allow"], found.headers["cache-control"]) == ("GET", "private, no-store")


@pytest.mark.parametrize("status", [400, 401, 404, 405, 409, 413, 500, 502, 503])
def test_every_status_has_words_of_its_own(status: int) -> None:
    assert json.loads(bytes(problem(status, "x", "y", "z", {}).body))["title"] != "Error"
