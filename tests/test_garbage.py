"""Python looks for what nothing but itself refers to: rarely, while a history of many rows comes into being."""

import gc
from collections.abc import Iterator

import pytest

from lib import garbage
from lib.cli.__main__ import main


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


def test_it_is_looked_for_once_in_fifty_thousand_new_values_and_not_turned_off() -> None:
    garbage.look_rarely()
    assert gc.get_threshold()[0] == 50_000
    assert gc.isenabled()


def test_each_command_begins_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keygen"]) == 0
    assert gc.get_threshold()[0] == 50_000
