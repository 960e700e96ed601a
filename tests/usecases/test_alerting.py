"""From a run over the demo exchange to a service that takes messages: one when it begins, one when it is over."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from lib.demo.faults import Fault
from tests.receiver import Receiver, receiving
from tests.spine import BORN_AT, Spine, hours, the_world
from tests.usecases.conftest import OpenSpine

HOUR = timedelta(hours=1)
BAD_KEY = b'{"code":-2015,"msg":"Invalid API-key, IP, or permissions for action."}'


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


def tell(spine: Spine, *urls: str) -> None:
    """Have the spine tell these services."""
    spine.wired = replace(spine.wired, settings=replace(spine.wired.settings, alert_urls=urls))


async def test_a_key_that_is_refused_is_told_once_and_once_when_it_is_over(
    open_spine: OpenSpine, receiver: Receiver
) -> None:
    spine = await open_spine(the_world("Main"))
    tell(spine, receiver.url)
    await spine.one(BORN_AT)
    assert receiver.take() == []
    spine.exchange.faults = [Fault("/", account="Main", status=401, body=BAD_KEY)]
    for at in hours(BORN_AT, 6):
        await spine.collect(at)
    (told,) = receiver.take()
    assert told["title"] == "Main: needs your attention"
    assert "-2015" in told["message"]
    spine.exchange.faults = []
    for at in hours(BORN_AT + 6 * HOUR, 2):
        await spine.one(at)
    (told,) = receiver.take()
    assert told["title"] == "Main: over: needs your attention"
    assert told["message"].endswith("It began on 24 Aug 2026 at 08:00 UTC.")
