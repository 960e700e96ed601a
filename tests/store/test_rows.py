"""What is written can be read again, to the last digit."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from lib.domain.benchmark import Policy
from lib.domain.policies import from_words, in_words
from lib.domain.schedule import Weekly
from lib.domain.state import AccountState
from lib.records import Account
from lib.store.client import SupabaseStore
from lib.store.rows.outcome import encode_outcome
from lib.store.rows.scalars import stamp
from lib.store.rows.snapshot import decode_holdings, encode_basis, encode_snapshot, remembered_basis
from lib.store.rows.state import decode_state, encode_state
from tests.store.builders import OK, at, complete, new_account, outcome, snapshot
from tests.store.strategies import policies, states


def through_json(value: Any) -> Any:
    """What a client sends and gets: floats would show."""
    return json.loads(json.dumps(value, allow_nan=False))


@given(states)
def test_a_state_comes_back_as_it_was(state: AccountState) -> None:
    again = decode_state(through_json(encode_state(state)))
    assert again == state


@given(policies)
def test_a_policy_comes_back_as_it_was(policy: Policy) -> None:
    assert from_words(through_json(in_words(policy))) == policy


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(state=states)
async def test_a_state_comes_back_from_the_database_as_it_was(
    store: SupabaseStore, account: Account, state: AccountState
) -> None:
    now = await store.load(account.id)
    await store.commit(now, "run", replace(outcome(), state=state), OK)
    assert (await store.load(account.id)).state == state


@pytest.mark.parametrize("rebalance", [None, Weekly(6, 23)])
async def test_a_policy_comes_back_from_the_database_as_it_was(store: SupabaseStore, rebalance: Weekly | None) -> None:
    policy = Policy({"SOL": Decimal("0.1"), "ADA": Decimal("0.90")}, rebalance)
    await store.add(new_account("main", policy=policy))
    assert (await store.load("main")).policy == policy


def test_a_state_of_an_older_release_is_read_with_what_it_lacks_as_in_a_new_account() -> None:
    assert decode_state({"day_one": ["BTC"]}) == AccountState(day_one=("BTC",))


def test_a_position_of_an_older_release_has_five_columns() -> None:
    old = {"at": stamp(at(1)), "holdings": [], "positions": [["usdm", "ETHUSDT", "short", "2", "2500.5"]]}
    basis = remembered_basis(old)
    assert basis is not None
    assert basis.positions == snapshot(1).positions
    assert through_json(encode_basis(basis)) == old  # and what tells no more is written as it was


def test_weights_are_read_in_one_order_wherever_they_come_from() -> None:
    rows = {"rebalance": None, "weights": {"ETH": "0.5", "BTC": "0.3", "ADA": "0.2"}}
    assert list(from_words(rows).weights) == ["ADA", "BTC", "ETH"]


def test_a_holding_says_when_its_price_was_seen_only_if_that_was_earlier() -> None:
    written = through_json(encode_snapshot(snapshot(1)))["holdings"]
    assert [len(holding) for holding in written] == [4, 5, 4]
    assert decode_holdings(written, at(1)) == snapshot(1).holdings


def test_an_outcome_is_written_without_a_float() -> None:
    def refuse(text: str) -> Decimal:
        raise AssertionError(f"a float on its way to the database: {text}")

    json.loads(json.dumps(encode_outcome(complete(3), OK)), parse_float=refuse)
