"""`./monitor rotate-key` from the outside: another encryption key, and the accounts go on under it."""

import json
from typing import Any

import psycopg

from lib.vault import generate_key
from tests.cli.conftest import Command, Done, Served
from tests.cli.test_own_accounts import add, keys, says_no_secret


def results(done: Done) -> dict[str, str]:
    return {one["account"]: one["result"] for one in json.loads(done.out)["accounts"]}


def accounts(own: dict[str, str]) -> list[tuple[Any, ...]]:
    """Everything that is stored of the accounts, the sealed key first."""
    with psycopg.connect(own["DATABASE_URL"]) as connection:
        return connection.execute(
            "select sealed_key, to_jsonb(a) - 'sealed_key' from accounts as a order by place"
        ).fetchall()


def test_the_former_key_can_go_once_the_stored_keys_are_rotated(
    command: Command, exchange: Served, own: dict[str, str]
) -> None:
    add(command, exchange, own)
    add(command, exchange, own, "Spot")
    former, fresh = own["ENCRYPTION_KEY"], generate_key()
    rotating = own | {"ENCRYPTION_KEY": fresh, "ENCRYPTION_KEYS_OLD": former}
    before = accounts(own)

    done = command("rotate-key", **rotating)
    assert (done.code, done.err) == (0, "")
    table = [line.split() for line in done.out.splitlines()]
    assert table[1] == ["main", "Main", "sealed", "anew", "under", "ENCRYPTION_KEY"]
    assert "not needed any more" in done.out
    says_no_secret(done, former, fresh, *keys(exchange, "Main").values(), *(sealed for sealed, _ in before))
    after = accounts(own)
    assert [rest for _, rest in after] == [rest for _, rest in before]
    assert not {sealed for sealed, _ in after} & {sealed for sealed, _ in before}

    assert command("collect", "--force", **own | {"ENCRYPTION_KEY": fresh}).code == 0
    lost = command("rotate-key", "--json", **own)
    assert (lost.code, results(lost)) == (3, {"main": "unreadable", "spot": "unreadable"})


def test_repeated_it_writes_nothing(command: Command, exchange: Served, own: dict[str, str]) -> None:
    add(command, exchange, own)
    before = accounts(own)
    for _ in range(2):
        done = command("rotate-key", "--json", **own)
        assert (done.code, results(done)) == (0, {"main": "current"})
    assert accounts(own) == before


def test_a_key_that_nothing_opens_is_named_and_hinders_no_other(
    command: Command, exchange: Served, own: dict[str, str]
) -> None:
    add(command, exchange, own)
    lost = own | {"ENCRYPTION_KEY": generate_key()}
    add(command, exchange, lost, "Spot")
    rotating = own | {"ENCRYPTION_KEY": generate_key(), "ENCRYPTION_KEYS_OLD": lost["ENCRYPTION_KEY"]}
    before = accounts(own)

    done = command("rotate-key", **rotating)
    assert done.code == 3
    assert "monitor: Main: the secret of account main was sealed under key " in done.err
    assert "./monitor accounts edit main --key" in done.err
    assert "1 could not be opened: keep ENCRYPTION_KEYS_OLD as it is." in done.out
    after = accounts(own)
    assert [one == other for one, other in zip(before, after, strict=True)] == [True, False]

    assert command("accounts", "edit", "main", "--key", **rotating, **keys(exchange, "Main")).code == 0
    done = command("rotate-key", "--json", **rotating)
    assert (done.code, results(done)) == (0, {"main": "current", "spot": "current"})


def test_an_account_that_has_no_key_any_more_is_left_out(
    command: Command, exchange: Served, own: dict[str, str]
) -> None:
    add(command, exchange, own)
    assert command("accounts", "remove", "main", **own).code == 0
    done = command("rotate-key", **own)
    assert (done.code, done.out) == (0, "No account has a key: there is nothing to encrypt.\n")
