import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from lib.binance.errors import MalformedAnswer
from lib.binance.instants import from_ms
from lib.domain.flows import DEPOSITS, WITHDRAWALS, Movement, Stage
from tests.binance.wire import AT, AT_MS, KEY, answering, sample

WEEK = timedelta(days=7)
DEPOSIT = {"id": "1", "coin": "USDT", "amount": "10", "insertTime": AT_MS, "network": "TRX"}
WITHDRAWAL = {"id": "a", "coin": "USDT", "amount": "499", "transactionFee": "1", "applyTime": "2026-01-01 09:30:00"}
APPLIED = datetime(2026, 1, 1, 9, 30, tzinfo=UTC)


async def _read(source: str, *rows: dict[str, object]) -> tuple[Movement, ...]:
    async with answering(json.dumps(rows).encode()) as binance:
        return await binance.movements(KEY, source, AT - WEEK, AT)


async def test_the_samples_of_the_deposit_history() -> None:
    async with answering(sample("deposits")) as binance:
        first, second = await binance.movements(KEY, DEPOSITS, AT - WEEK, AT)
    assert first == Movement(
        id="deposit:4615328107052010001",
        source=DEPOSITS,
        asset="USDT",
        quantity=Decimal("1500.25"),
        stage=Stage.DONE,
        listed_at=AT,
        at=AT + timedelta(seconds=125),
        detail="TRX",
    )
    assert (second.id, second.detail) == ("deposit:4615328107052010002", "internal")


async def test_an_old_deposit_has_neither_id_nor_completion_and_its_amount_is_a_number() -> None:
    async with answering(sample("deposits_old")) as binance:
        (old,) = await binance.movements(KEY, DEPOSITS, AT - WEEK, AT)
    assert old.id == "deposit:PAXG:0xaad4:0x788c"
    assert old.quantity == Decimal("0.009998")
    assert old.at == old.listed_at == from_ms(1_599_621_997_000)


@pytest.mark.parametrize(
    ("status", "travel_rule", "stage"),
    [
        (0, 0, Stage.PENDING),
        (1, 0, Stage.DONE),
        (1, None, Stage.DONE),
        (1, 1, Stage.PENDING),
        (2, 0, Stage.REVERSED),
        (6, 0, Stage.DONE),
        (7, 0, Stage.REVERSED),
        (8, 0, Stage.PENDING),
    ],
)
async def test_how_far_a_deposit_has_come(status: int, travel_rule: int | None, stage: Stage) -> None:
    row = DEPOSIT | {"status": status, "travelRuleStatus": travel_rule, "completeTime": AT_MS + 5000}
    (movement,) = await _read(DEPOSITS, row)
    assert movement.stage is stage
    assert movement.at == (AT + timedelta(seconds=5) if stage in (Stage.DONE, Stage.REVERSED) else AT)


@pytest.mark.parametrize("status", [2, 7])
async def test_a_deposit_refused_before_it_was_credited_never_came(status: int) -> None:
    (movement,) = await _read(DEPOSITS, DEPOSIT | {"status": status, "completeTime": None})
    assert (movement.stage, movement.at) == (Stage.DROPPED, AT)


@pytest.mark.parametrize("absent", [0, None, ""])
async def test_a_deposit_without_completion_counts_from_when_it_was_listed(absent: object) -> None:
    (movement,) = await _read(DEPOSITS, DEPOSIT | {"status": 1, "completeTime": absent})
    assert movement.at == AT


async def test_the_sample_of_the_withdrawal_history_leaves_with_its_fee() -> None:
    async with answering(sample("withdrawals")) as binance:
        (movement,) = await binance.movements(KEY, WITHDRAWALS, AT - WEEK, AT)
    assert movement == Movement(
        id="withdrawal:b6ae22b3aa844210a7041aee00000001",
        source=WITHDRAWALS,
        asset="USDT",
        quantity=Decimal(-500),
        stage=Stage.DONE,
        listed_at=APPLIED,
        at=datetime(2026, 1, 1, 9, 34, 41, tzinfo=UTC),
        detail="TRX",
        fee=Decimal(1),
    )


@pytest.mark.parametrize(
    ("status", "stage"),
    [
        (0, Stage.PENDING),
        (1, Stage.DROPPED),
        (2, Stage.PENDING),
        (3, Stage.DROPPED),
        (4, Stage.PENDING),
        (5, Stage.DROPPED),
        (6, Stage.DONE),
    ],
)
async def test_how_far_a_withdrawal_has_come(status: int, stage: Stage) -> None:
    row = WITHDRAWAL | {"status": status, "completeTime": "2026-01-01 10:00:00"}
    (movement,) = await _read(WITHDRAWALS, row)
    assert movement.stage is stage
    assert movement.at == (APPLIED + timedelta(minutes=30) if stage is Stage.DONE else APPLIED)


@pytest.mark.parametrize(("fee", "quantity"), [("", "-499"), (None, "-499"), (0.25, "-499.25")])
async def test_an_old_withdrawal_may_lack_fee_completion_and_network(fee: object, quantity: str) -> None:
    row = WITHDRAWAL | {"status": 6, "transactionFee": fee, "completeTime": ""}
    (movement,) = await _read(WITHDRAWALS, row)
    assert (movement.quantity, movement.at, movement.detail) == (Decimal(quantity), APPLIED, "")


@pytest.mark.parametrize(
    ("source", "row", "field"),
    [
        (DEPOSITS, DEPOSIT | {"status": 9}, "status"),
        (DEPOSITS, DEPOSIT | {"status": 1, "amount": "-1"}, "amount"),
        (DEPOSITS, DEPOSIT | {"status": 1, "insertTime": 10**18}, "insertTime"),
        (WITHDRAWALS, WITHDRAWAL | {"status": 7}, "status"),
        (WITHDRAWALS, WITHDRAWAL | {"status": 6, "applyTime": "yesterday"}, "applyTime"),
        (WITHDRAWALS, WITHDRAWAL | {"status": 6, "id": ""}, "id"),
    ],
)
async def test_a_row_we_do_not_understand_is_never_passed_over(source: str, row: dict[str, object], field: str) -> None:
    with pytest.raises(MalformedAnswer, match=rf"unexpected answer at \[0\]\.{field}$"):
        await _read(source, row)


async def test_a_row_met_twice_counts_once_as_it_was_read_last() -> None:
    rows = (DEPOSIT | {"status": 0}, DEPOSIT | {"status": 1})
    (movement,) = await _read(DEPOSITS, *rows)
    assert movement.stage is Stage.DONE


async def test_nothing_is_asked_of_a_span_that_ends_before_it_begins() -> None:
    async with answering(b"torn") as binance:
        assert await binance.movements(KEY, DEPOSITS, AT, AT - timedelta(seconds=1)) == ()
        assert binance.usage().requests == 0
