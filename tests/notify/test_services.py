"""Sending over the real library to a service on this machine; what is secret of it stays so, whatever happens."""

import io
import logging
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lib import log
from lib.alert_records import Delivery
from lib.notify.services import Services, unknown
from tests.receiver import SECRET, Receiver, receiving

ROOT = Path(__file__).parents[2]
NOWHERE = f"json://user:{SECRET}@127.0.0.1:9/{SECRET}"
NO_SERVICE = f"nonsense://{SECRET}"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


async def test_a_message_arrives_as_it_was_written(receiver: Receiver) -> None:
    body = "5 % <b>behind</b> & *more* {{ name }} \\n\nsecond line"
    assert await Services([receiver.url]).send("Main: a title", body) == (Delivery(1, "JSON", delivered=True),)
    (message,) = receiver.messages
    assert (message["title"], message["message"]) == ("Main: a title", body)


async def test_one_that_fails_keeps_it_from_no_other(receiver: Receiver) -> None:
    found = await Services([NOWHERE, NO_SERVICE, receiver.url]).send("a", "b")
    assert [(one.place, one.service, one.delivered) for one in found] == [
        (1, "JSON", False),
        (2, "not known", False),
        (3, "JSON", True),
    ]
    assert receiver.titles == ["a"]


async def test_a_service_that_answers_no_has_not_taken_it(receiver: Receiver) -> None:
    receiver.status = 500
    assert await Services([receiver.url]).send("a", "b") == (Delivery(1, "JSON", delivered=False),)


def test_an_address_of_no_service_is_known_by_its_place_before_anything_is_sent(receiver: Receiver) -> None:
    assert unknown([receiver.url, NO_SERVICE, "tgram://too-short"]) == (2, 3)
    assert receiver.messages == []


async def test_nothing_secret_is_written_even_at_debug(
    receiver: Receiver, own_logging: None, capfd: pytest.CaptureFixture[str]
) -> None:
    """The libraries beneath log whole addresses, and their errors repeat them."""
    stream = io.StringIO()
    log.configure("DEBUG", stream)
    services = Services([receiver.url, NOWHERE, NO_SERVICE])
    told = [str(await services.send("a", "b")), repr(services), str(unknown([receiver.url, NO_SERVICE]))]
    logging.getLogger("urllib3.connectionpool").debug("POST /%s", SECRET)
    captured = capfd.readouterr()
    assert SECRET not in "".join([stream.getvalue(), *told, captured.out, captured.err])


def test_the_library_is_not_loaded_before_something_is_sent() -> None:
    """It takes a second and 189 modules; a function starts for every call."""
    names = "{'apprise', 'requests', 'urllib3', 'yaml'}"
    code = f"import sys, lib.wiring, lib.notify.services; print(sorted({names} & set(sys.modules)))"
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


async def test_one_that_does_not_answer_is_given_up(receiver: Receiver) -> None:
    (found,) = await Services([receiver.url], patience_s=0).send("a", "b")
    assert not found.delivered
