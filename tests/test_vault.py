"""API secrets: sealed for one account, under one key, and silent about both."""

import base64
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.errors import ConfigurationError
from lib.vault import Tampered, Vault, WrongKey, decode_key, generate_key, key_id, load_or_create_key

KEY, OTHER = bytes(range(32)), bytes(range(32, 64))


@given(st.text(), st.text(max_size=200))
def test_what_was_sealed_opens_for_the_same_account(account_id: str, secret: str) -> None:
    vault = Vault([KEY])
    assert vault.open(account_id, vault.seal(account_id, secret)) == secret


def test_a_sealed_secret_names_its_version_and_key_and_is_never_alike_twice() -> None:
    vault = Vault([KEY])
    first, second = vault.seal("main", "s3cret"), vault.seal("main", "s3cret")
    assert first != second
    assert first.startswith(f"v1:{key_id(KEY)}:")
    assert "s3cret" not in first


def test_a_sealed_secret_moved_to_another_account_does_not_open() -> None:
    vault = Vault([KEY])
    with pytest.raises(Tampered, match="account b "):
        vault.open("b", vault.seal("a", "s3cret"))


@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_a_changed_byte_is_noticed(where: int, change: int) -> None:
    vault = Vault([KEY])
    head, payload = vault.seal("main", "s3cret").rsplit(":", 1)
    data = bytearray(base64.b64decode(payload))
    data[where % len(data)] ^= change
    with pytest.raises(Tampered):
        vault.open("main", f"{head}:{base64.b64encode(data).decode()}")


@pytest.mark.parametrize(
    "sealed",
    ["", "s3cret", "v1", "v1::", "v2:aa:AAAA", f"v1:{key_id(KEY)}:", f"v1:{key_id(KEY)}:AAAA", "v1:x", "é:é:é"],
)
def test_what_was_never_sealed_is_refused_without_being_repeated(sealed: str) -> None:
    with pytest.raises((Tampered, WrongKey)) as refusal:
        Vault([KEY]).open("main", sealed)
    assert "s3cret" not in str(refusal.value)


def test_an_old_key_opens_and_the_new_one_seals() -> None:
    before, after = Vault([OTHER]), Vault([KEY, OTHER])
    sealed = before.seal("main", "s3cret")
    assert after.open("main", sealed) == "s3cret"
    assert not after.is_current(sealed)
    assert after.is_current(after.seal("main", "s3cret"))


def test_a_missing_key_is_named_by_its_id_and_no_key_appears() -> None:
    sealed = Vault([OTHER]).seal("main", "s3cret")
    with pytest.raises(WrongKey, match=f"{key_id(OTHER)}.*{key_id(KEY)}") as refusal:
        Vault([KEY]).open("main", sealed)
    for secret in ("s3cret", KEY.hex(), base64.b64encode(KEY).decode(), sealed):
        assert secret not in str(refusal.value)


def test_a_vault_shows_nothing() -> None:
    assert repr(Vault([KEY])) == "Vault()"


@pytest.mark.parametrize("keys", [[], [b"short"], [KEY, b"short"]])
def test_a_vault_wants_whole_keys(keys: list[bytes]) -> None:
    with pytest.raises(ConfigurationError, match="ENCRYPTION_KEY"):
        Vault(keys)


@pytest.mark.parametrize("text", ["", "s3cret", base64.b64encode(KEY[:31]).decode(), "é"])
def test_a_text_that_is_no_key_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(ConfigurationError) as refusal:
        decode_key(text)
    assert not text or text not in str(refusal.value)


def test_generated_keys_are_keys_and_differ() -> None:
    assert len({decode_key(generate_key()) for _ in range(20)}) == 20


def test_the_key_file_is_private_and_made_once(tmp_path: Path) -> None:
    path = tmp_path / "data" / "encryption.key"
    first = load_or_create_key(path)
    assert load_or_create_key(path) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["encryption.key"]


def test_many_at_once_get_the_same_key(tmp_path: Path) -> None:
    path = tmp_path / "encryption.key"
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(load_or_create_key, [path] * 32))) == 1


def test_a_key_file_that_holds_no_key_is_named(tmp_path: Path) -> None:
    path = tmp_path / "encryption.key"
    path.write_text("not a key")
    with pytest.raises(ConfigurationError, match=r"encryption\.key"):
        load_or_create_key(path)
