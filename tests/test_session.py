"""Signed sessions: keys of their own for each purpose, and a text that says what was signed or nothing."""

from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from hypothesis import given
from hypothesis import strategies as st

from lib.session import LIFETIME, Session, derived, mark, opened, read, sign, signing_key

NOW = datetime(2026, 8, 24, 7, 0, tzinfo=UTC)
KEY = bytes(range(32))


@given(st.binary(min_size=1, max_size=64), st.text(max_size=40))
def test_a_key_is_derived_as_the_standard_says(key: bytes, purpose: str) -> None:
    assert derived(key, purpose) == HKDF(SHA256(), 32, None, purpose.encode()).derive(key)


@given(st.integers(0, 2**62), st.integers(1, 10**9), st.text(min_size=1))
def test_what_is_signed_is_read_until_it_is_over_and_under_its_own_key_only(
    generation: int, lasts_s: int, password: str
) -> None:
    key = signing_key(KEY, password)
    session = Session(generation, NOW + timedelta(seconds=lasts_s))
    text = sign(key, session)
    assert read(key, text, NOW) == session
    assert read(key, text, session.expires_at) is None
    assert read(signing_key(KEY, password + "x"), text, NOW) is None
    assert read(signing_key(bytes(32), password), text, NOW) is None


@given(st.text(max_size=120))
def test_any_other_text_is_no_session(text: str) -> None:
    assert read(KEY, text, NOW) is None
    assert read(KEY, f"v1.{text}.1.n.s", NOW) is None


def test_one_letter_changed_is_no_session() -> None:
    text = sign(KEY, opened(3, NOW))
    assert read(KEY, text, NOW) == Session(3, NOW + LIFETIME)
    for place in range(len(text)):
        changed = text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]
        assert read(KEY, changed, NOW) is None, place


def test_a_mark_is_alike_for_alike_and_for_one_purpose_only() -> None:
    marks = [mark(key, purpose, text) for key in (KEY, bytes(32)) for purpose in ("a", "b") for text in ("x", "y")]
    assert len(set(marks)) == len(marks)
    assert mark(KEY, "a", "x") == marks[0]
