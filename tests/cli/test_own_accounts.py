"""A person's own accounts on the command line: a database of their own, and for Binance the demo exchange over HTTP."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from lib.demo.faults import Fault
from tests.cli.conftest import BLIND, ED25519, RISKY, TRADING, Command, Done, Served

RUN = ["run", "status", "started_at", "duration_ms", "binance", "accounts"]


def keys(exchange: Served, name: str) -> dict[str, str]:
    account = exchange.exchange.world.account(name)
    return {"BINANCE_API_KEY": account.api_key, "BINANCE_API_SECRET": account.api_secret}


def add(command: Command, exchange: Served, own: dict[str, str], name: str = "Main", called: str = "") -> Done:
    return command("accounts", "add", called or name, **own, **keys(exchange, name))


def parsed(done: Done) -> Any:
    assert done.code == 0
    return json.loads(done.out)


def last_line(done: Done) -> str:
    """What a person is told; the log of the run stands before it."""
    return done.err.splitlines()[-1]


def says_no_secret(done: Done, *secrets: str) -> None:
    for secret in secrets:
        assert secret not in done.out + done.err
    assert "signature=" not in done.out + done.err
    assert "Traceback" not in done.err


def test_an_account_is_added_collected_listed_and_shown(
    command: Command, exchange: Served, own: dict[str, str]
) -> None:
    added = add(command, exchange, own, called="My main")
    assert (added.code, added.err) == (0, "")
    assert added.out == "My main was added, and its first snapshot was taken. The comparison has started.\n"

    (account,) = parsed(command("accounts", "list", "--json", **own))["accounts"]
    assert (account["id"], account["name"], account["status"]["code"]) == ("my-main", "My main", "ok")
    table = command("accounts", "list", **own).out.splitlines()
    assert table[0].split() == ["id", "name", "status", "value", "USD", "benchmark", "USD", "ahead", "USD"]
    assert table[1].split()[-1] == "0.00"

    again = command("collect", **own)
    assert (again.code, again.out) == (
        0,
        "Nothing is due: no account that is collected lacks its snapshot of this slot.\n",
    )
    forced = parsed(command("collect", "--force", "--account", "my-main", "--json", **own))
    assert list(forced) == RUN
    assert [(one["id"], one["status"]) for one in forced["accounts"]] == [("my-main", "stored")]
    assert "stored" in command("collect", "--force", **own).out
    rebalanced = parsed(command("rebalance", "--now", "--account", "my-main", "--json", **own))
    assert [(one["id"], one["status"]) for one in rebalanced["accounts"]] == [("my-main", "stored")]

    told = parsed(command("history", "my-main", "--json", **own))
    assert (told["account"], len(told["series"]["t"])) == ("my-main", 1)
    shown = command("history", **own)
    assert shown.out.splitlines()[0].split() == ["UTC", "value", "USD", "benchmark", "USD", "flow", "USD"]
    assert shown.out.splitlines()[-1].endswith("the benchmark since the start.")


def test_what_could_not_be_done_was_told_as_not_being_due(
    command: Command, exchange: Served, own: dict[str, str]
) -> None:
    assert add(command, exchange, own).code == 0
    assert command("accounts", "pause", "main", **own).code == 0
    for arguments in (("rebalance", "--now"), ("rebalance", "--now", "--account", "main"), ("collect", "--force")):
        done = command(*arguments, **own)
        assert (done.code, done.out, "nothing was done: whom it is about is paused" in done.err) == (1, "", True)
        parsed_anyway = command(*arguments, "--json", **own)
        assert (parsed_anyway.code, json.loads(parsed_anyway.out)["status"]) == (1, "nothing_due")
    assert command("collect", **own).code == 0


def test_what_left_is_written_with_a_minus_as_the_help_says(
    command: Command, exchange: Served, own: dict[str, str]
) -> None:
    """It said `-- -500`, after which no --reason is read."""
    assert "with a minus what left: -500" in " ".join(command("flows", "add", "--help").out.split())
    assert add(command, exchange, own).code == 0
    done = command("flows", "add", "main", datetime.now(UTC).isoformat(), "-500", "--reason", "rent", **own)
    assert (done.code, done.out.startswith("booked: withdrawal of 500 USD at ")) == (0, True)
    table = command("flows", "list", "all", **own).out.splitlines()
    assert (table[0].split()[1], table[1].split()[2]) == ("account", "main")


def test_a_program_gets_what_the_api_answers(command: Command, exchange: Served, own: dict[str, str]) -> None:
    added = parsed(command("accounts", "add", "Main", "--json", **own, **keys(exchange, "Main")))
    assert (added["account"], added["run"]["accounts"][0]["status"]) == ("main", "stored")
    for arguments, answer in (
        (("edit", "main", "--name", "Mine"), {"account": "main"}),
        (("edit", "main", "--digest", "daily"), {"account": "main"}),
        (("pause", "main"), {"account": "main"}),
        (("resume", "main"), {"account": "main"}),
        (("remove", "main"), {"account": "main", "state": "closed"}),
    ):
        assert parsed(command("accounts", *arguments, "--json", **own)) == answer
    command("accounts", "add", "Spot", **own, **keys(exchange, "Spot"))
    now = datetime.now(UTC).isoformat()
    flow = parsed(command("flows", "add", "spot", now, "5", "--reason", "x", "--json", **own))["flow"]
    assert (flow["usd"], flow["state"]) == ("5", "booked")
    void = parsed(command("flows", "void", "spot", flow["id"], "--reason", "y", "--json", **own))["flow"]
    assert (void["id"], void["state"]) == (flow["id"], "void")


def test_no_secret_is_in_any_output(command: Command, exchange: Served, own: dict[str, str]) -> None:
    secrets = (*keys(exchange, "Main").values(), own["ENCRYPTION_KEY"])
    says_no_secret(add(command, exchange, own), *secrets)
    exchange.exchange.faults.append(Fault("/sapi/", status=401, body=b'{"code":-2015,"msg":"Invalid API-key."}'))
    for arguments in (("collect", "--force"), ("collect", "--force", "--json"), ("accounts", "list", "--json")):
        says_no_secret(command(*arguments, **own, LOG_LEVEL="DEBUG"), *secrets)


def test_a_second_name_for_the_same_account_is_refused(command: Command, exchange: Served, own: dict[str, str]) -> None:
    assert add(command, exchange, own).code == 0
    twice = add(command, exchange, own, called="Another")
    assert twice.code == 1
    assert "is there already" in twice.err
    same_name = add(command, exchange, own, "Spot", called="Main")
    assert same_name.code == 1
    assert "is there already" in same_name.err
    assert len(parsed(command("accounts", "list", "--json", **own))["accounts"]) == 1


@pytest.mark.parametrize(
    ("key", "secret", "code", "says"),
    [
        pytest.param(RISKY.api_key, RISKY.secret, 1, "switch off enableFutures, enableWithdrawals", id="risky"),
        pytest.param(BLIND.api_key, BLIND.secret, 1, "-2015", id="may not read"),
        pytest.param("N" * 64, "hunter2", 1, "-2008", id="unknown"),
        pytest.param(RISKY.api_key, "hunter2", 1, "-1022", id="wrong secret"),
        pytest.param("short", "hunter2", 1, "-2014", id="no key at all"),
        pytest.param("", "hunter2", 2, "BINANCE_API_KEY: is not set", id="key not given"),
        pytest.param(RISKY.api_key, " ", 2, "BINANCE_API_SECRET: is not set", id="secret not given"),
    ],
)
def test_a_key_that_will_not_do_is_refused_and_nothing_is_stored(
    command: Command, own: dict[str, str], key: str, secret: str, code: int, says: str
) -> None:
    done = command("accounts", "add", "Mine", **own, BINANCE_API_KEY=key, BINANCE_API_SECRET=secret)
    assert done.code == code
    assert done.err.startswith("monitor: ")
    assert says in done.err
    says_no_secret(done, RISKY.api_key, RISKY.secret, "hunter2")
    assert parsed(command("accounts", "list", "--json", **own))["accounts"] == []


@pytest.mark.parametrize("given", ["the block", "the block in one line", "a file", "a file at home"])
def test_an_account_with_a_private_key_is_added_and_collected(
    command: Command, own: dict[str, str], tmp_path: Path, given: str
) -> None:
    (tmp_path / "key.pem").write_text(ED25519.secret)
    secret = {
        "the block": ED25519.secret,
        "the block in one line": ED25519.secret.strip().replace("\n", "\\n"),
        "a file": str(tmp_path / "key.pem"),
        "a file at home": "~/key.pem",
    }[given]
    theirs = {"BINANCE_API_KEY": ED25519.api_key, "BINANCE_API_SECRET": secret, "HOME": str(tmp_path)}
    done = command("accounts", "add", "Mine", **own, **theirs)
    assert (done.code, done.err) == (0, "")
    forced = parsed(command("collect", "--force", "--json", **own))
    assert [one["status"] for one in forced["accounts"]] == ["stored"]
    says_no_secret(done, ED25519.secret.splitlines()[1])


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("no key", 2, "BINANCE_API_SECRET: names a file that is no private key in PEM"),
        ("-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----\n", 1, "the private key cannot be read"),
    ],
)
def test_a_file_that_holds_no_private_key_is_refused(
    command: Command, own: dict[str, str], tmp_path: Path, text: str, code: int, says: str
) -> None:
    (tmp_path / "key.pem").write_text(text)
    theirs = {"BINANCE_API_KEY": ED25519.api_key, "BINANCE_API_SECRET": str(tmp_path / "key.pem")}
    done = command("accounts", "add", "Mine", **own, **theirs)
    assert done.code == code
    assert says in done.err
    says_no_secret(done, "hunter2")


def test_a_key_that_trades_is_let_in_only_where_the_owner_says_so(command: Command, own: dict[str, str]) -> None:
    theirs = {"BINANCE_API_KEY": TRADING.api_key, "BINANCE_API_SECRET": TRADING.secret}
    done = command("accounts", "add", "Mine", **own, **theirs)
    assert (done.code, "switch off enableFutures" in done.err, "ALLOW_RISKY_KEYS" in done.err) == (1, True, True)
    assert command("accounts", "add", "Mine", **own, **theirs, ALLOW_RISKY_KEYS="true").code == 0
    theirs = {"BINANCE_API_KEY": RISKY.api_key, "BINANCE_API_SECRET": RISKY.secret}
    done = command("accounts", "add", "Another", **own, **theirs, ALLOW_RISKY_KEYS="true")
    assert done.code == 1
    assert done.err.endswith("switch off enableWithdrawals on Binance\n")


@pytest.mark.parametrize("name", ["", "   ", "x" * 61, "a\nb", "tab\there", "\x1b[31mred"])
def test_a_name_that_will_not_do_is_refused(command: Command, exchange: Served, own: dict[str, str], name: str) -> None:
    done = command("accounts", "add", name, **own, **keys(exchange, "Main"))
    assert done.code == 2
    assert done.err.startswith("monitor: name: ")
    assert "\x1b" not in done.err


@pytest.mark.parametrize("name", ["all", "All", " ALL "])
def test_an_account_called_all_could_never_be_looked_at_alone(
    command: Command, exchange: Served, own: dict[str, str], name: str
) -> None:
    done = command("accounts", "add", name, **own, **keys(exchange, "Main"))
    assert done.code == 2
    assert "that means every account" in done.err


@pytest.mark.parametrize(
    "arguments",
    [
        *(("collect", "--account", "nope"), ("collect", "--account", "nope", "--force", "--json")),
        *(("rebalance", "--account", "nope"), ("rebalance", "--account", "nope", "--now"), ("history", "nope")),
    ],
    ids=" ".join,
)
def test_an_unknown_account_is_an_error_that_names_it(
    command: Command, own: dict[str, str], arguments: tuple[str, ...]
) -> None:
    done = command(*arguments, **own)
    assert (done.code, done.out, done.err) == (1, "", "monitor: there is no account 'nope'; none was added yet\n")


def test_a_run_that_goes_partly_is_exit_3_and_one_that_fails_exit_1(
    command: Command, exchange: Served, own: dict[str, str]
) -> None:
    for name in ("Main", "Spot"):
        assert add(command, exchange, own, name).code == 0
    exchange.exchange.faults.append(Fault("/fapi/", account="Main", status=400, body=b'{"code":-1102,"msg":"No."}'))
    partly = command("collect", "--force", **own)
    assert partly.code == 3
    assert [line.split()[:2] for line in partly.out.splitlines()[1:]] == [["Main", "partial"], ["Spot", "stored"]]
    exchange.exchange.faults[:] = [Fault("/", status=401, body=b'{"code":-2015,"msg":"Invalid API-key."}')]
    failed = command("collect", "--force", **own)
    assert failed.code == 1
    assert failed.out.count("error") == 2
    assert json.loads(command("collect", "--force", "--json", **own).out)["status"] == "failed"


def test_what_a_first_snapshot_lacks_is_named(command: Command, exchange: Served, own: dict[str, str]) -> None:
    exchange.exchange.faults.append(Fault("/fapi/", account="Main", status=400, body=b'{"code":-1102,"msg":"No."}'))
    done = add(command, exchange, own)
    assert (done.code, done.out) == (3, "")
    assert last_line(done) == "Main was added; its first snapshot is not complete yet: usdm"


def test_why_a_first_snapshot_failed_was_left_blank(command: Command, exchange: Served, own: dict[str, str]) -> None:
    exchange.exchange.faults.append(Fault("/api/v3/time", status=401, body=b'{"code":-2015,"msg":"Invalid API-key."}'))
    done = add(command, exchange, own)
    assert done.code == 3
    assert last_line(done).startswith("Main was added; its first snapshot is not complete yet: ")
    assert "-2015" in last_line(done)


def test_outside_of_demo_mode_the_first_line_says_nothing_of_it(command: Command, own: dict[str, str]) -> None:
    for arguments in (("accounts", "list"), ("collect",), ("history",)):
        assert "Demo" not in command(*arguments, **own).err


def test_a_history_without_a_snapshot_says_so(command: Command, own: dict[str, str]) -> None:
    done = command("history", **own)
    assert (done.code, done.out) == (0, "No complete snapshot yet.\n")


def test_the_keys_are_checked_one_or_all(command: Command, exchange: Served, own: dict[str, str]) -> None:
    for name in ("Main", "Spot"):
        assert add(command, exchange, own, name).code == 0
    done = command("accounts", "check", **own)
    assert (done.code, done.err) == (0, "")
    assert done.out.count(" answers this machine\n") == 5
    assert done.out.count(": reads every wallet, ") == 2
    body = b'{"code":-2015,"msg":"Invalid API-key, IP, or permissions for action, request ip: 203.0.113.7"}'
    exchange.exchange.faults.append(Fault("/fapi/v3", account="Main", status=401, body=body))
    done = command("accounts", "check", "main", "--json", **own)
    (found,) = [one for one in json.loads(done.out)["findings"] if one["level"] != "ok"]
    assert (done.code, found["subject"]) == (1, "keys")
    assert found["message"].startswith("Main, wallet usdm: GET /fapi/v3/account: -2015")
    assert "make a new key" in found["remedy"]
    assert command("accounts", "check", "Spot", **own).code == 0
    unknown = command("accounts", "check", "nobody", **own)
    assert (unknown.code, "there is no account 'nobody'" in unknown.err) == (1, True)
    assert "; those there are: main (Main), spot (Spot)" in unknown.err
    says_no_secret(done, *keys(exchange, "Main").values())


def test_an_account_is_edited_paused_closed_and_erased(command: Command, exchange: Served, own: dict[str, str]) -> None:
    add(command, exchange, own)
    add(command, exchange, own, "Spot")
    assert command("accounts", "edit", "main", "--name", "Futures", **own).out == "main is called Futures.\n"
    fresh = command("accounts", "edit", "main", "--key", **own, **keys(exchange, "Main"))
    assert (fresh.code, fresh.out) == (0, "main has another key.\n")
    says_no_secret(fresh, *keys(exchange, "Main").values())
    other = command("accounts", "edit", "main", "--key", **own, **keys(exchange, "Spot"))
    assert (other.code, "another account of the exchange" in other.err) == (1, True)
    assert command("accounts", "pause", "spot", **own).out == "spot is paused.\n"
    assert [one["state"] for one in parsed(command("accounts", "list", "--json", **own))["accounts"]] == [
        "active",
        "paused",
    ]
    assert command("accounts", "resume", "spot", **own).code == 0
    assert command("accounts", "remove", "spot", **own).out == "spot is closed: its key is destroyed.\n"
    wrong = command("accounts", "remove", "main", "--erase", "Main", **own)
    assert (wrong.code, "letter by letter" in wrong.err) == (2, True)
    erased = command("accounts", "remove", "main", "--erase", "Futures", **own)
    assert (erased.code, erased.out) == (0, "main was erased with all that was stored of it.\n")
    assert parsed(command("accounts", "list", "--json", **own))["accounts"] == []
    assert command("accounts", "pause", "main", **own).code == 1
