"""Alerts on the command line: whether they arrive, what is the matter now, and what an owner wants to be told of."""

import json
from collections.abc import Iterator

import pytest

from lib.demo.faults import Fault
from tests.cli.conftest import Command, Served
from tests.cli.test_own_accounts import add, parsed
from tests.receiver import SECRET, Receiver, receiving

NOWHERE = f"json://user:{SECRET}@127.0.0.1:9/{SECRET}"
NO_SERVICE = f"nonsense://{SECRET}"
BAD_KEY = b'{"code":-2015,"msg":"Invalid API-key, IP, or permissions for action."}'


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


@pytest.mark.parametrize(
    ("urls", "code", "said"),
    [
        pytest.param((), 0, ["took it"], id="all of them"),
        pytest.param((NOWHERE, NO_SERVICE), 3, ["took it", "did not take it", "did not take it"], id="one of three"),
    ],
)
def test_a_test_message_is_sent_to_each_and_its_address_is_not_shown(
    command: Command, receiver: Receiver, urls: tuple[str, ...], code: int, said: list[str]
) -> None:
    settings = {"ALERT_URLS": ", ".join((receiver.url, *urls))}
    done = command("alerts", "test", **settings)
    assert done.code == code
    rows = done.out.splitlines()[1:]
    assert [row.split(maxsplit=1)[0] for row in rows] == [str(number + 1) for number in range(len(said))]
    assert all(row.endswith(f"  {what}") for row, what in zip(rows, said, strict=True))
    assert "JSON" in rows[0]
    told = command("alerts", "test", "--json", **settings)
    assert json.loads(told.out)["services"][0] == {"place": 1, "service": "JSON", "delivered": True}
    assert receiver.titles == ["Portfolio Monitor: a test"] * 2
    assert SECRET not in done.out + done.err + told.out + told.err


def test_none_that_takes_it_is_a_failure_and_none_named_is_wrong_use(command: Command) -> None:
    assert command("alerts", "test", ALERT_URLS=NOWHERE).code == 1
    done = command("alerts", "test")
    assert (done.code, "ALERT_URLS is not set" in done.err) == (2, True)
    done = command("alerts", "test", ALERT_URLS=SECRET)
    assert (done.code, "ALERT_URLS must be" in done.err, SECRET in done.err) == (2, True, False)


def test_what_is_the_matter_is_told_and_listed_by_the_same_run(
    command: Command, exchange: Served, own: dict[str, str], receiver: Receiver
) -> None:
    own = own | {"ALERT_URLS": receiver.url}
    add(command, exchange, own)
    assert command("alerts", "list", **own).out == "Nothing is the matter.\n"
    exchange.exchange.faults = [Fault("/", account="Main", status=401, body=BAD_KEY)]
    assert command("collect", "--force", **own).code == 1
    assert receiver.titles == ["Main: needs your attention"]
    (row,) = parsed(command("alerts", "list", "--json", **own))["alerts"]
    assert (row["account"], row["kind"]) == ("Main", "needs_attention")
    assert "needs_attention" in command("alerts", "list", **own).out
    (account,) = parsed(command("accounts", "list", "--json", **own))["accounts"]
    assert [one["kind"] for one in account["alerts"]["open"]] == ["needs_attention"]
    exchange.exchange.faults = []
    assert command("collect", "--force", **own).code == 0
    assert receiver.titles[1:] == ["Main: over: needs your attention"]
    assert command("alerts", "list", **own).out == "Nothing is the matter.\n"


def test_limits_and_digest_are_set_one_by_one_and_switched_off(
    command: Command, exchange: Served, own: dict[str, str]
) -> None:
    add(command, exchange, own)

    def edited(*arguments: str) -> object:
        assert command("accounts", "edit", "main", *arguments, **own).code == 0
        (account,) = parsed(command("accounts", "list", "--json", **own))["accounts"]
        return {name: value for name, value in account["alerts"].items() if name != "open"}

    assert edited("--alert-behind", "5%") == {"behind": 0.05, "drawdown": None, "digest": "off"}
    both = {"behind": 0.05, "drawdown": 0.125, "digest": "weekly"}
    assert edited("--alert-drawdown", "12.5 %", "--digest", "weekly") == both
    assert edited("--alert-behind", "off", "--alert-drawdown", "0.2") == {**both, "behind": None, "drawdown": 0.2}
    said = command("accounts", "edit", "main", "--alert-drawdown", "0.2", "--digest", "off", **own).out
    assert said == "main: drawdown 20 %, digest off.\n"
    assert edited("--digest", "off") == {"behind": None, "drawdown": 0.2, "digest": "off"}


@pytest.mark.parametrize(
    "arguments",
    [
        ("--alert-behind", "5"),
        ("--alert-behind", "100%"),
        ("--alert-drawdown", "much"),
        ("--alert-drawdown", "-5%"),
        ("--digest", "hourly"),
        ("--name", "Other", "--digest", "daily"),
        (),
    ],
    ids=" ".join,
)
def test_what_cannot_be_is_wrong_use(command: Command, own: dict[str, str], arguments: tuple[str, ...]) -> None:
    assert command("accounts", "edit", "main", *arguments, **own).code == 2
