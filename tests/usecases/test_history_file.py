"""Export, import and recompute over the real store: the figures of the API, of a file and of a restored account."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest

from lib.document.reading import read
from lib.document.writing import write
from lib.domain.record import Record
from lib.domain.requests import CollectOrder, HistoryRequest
from lib.errors import InvalidInput, MonitorError
from lib.ports import Store
from lib.records import AccountExists, PricesDiffer
from lib.usecases import accounts, history, replay
from lib.usecases.export import export
from lib.usecases.recompute import recompute
from lib.usecases.restore import restore
from lib.web.encode import rfc3339
from tests.spine import BORN_AT, Spine, hours
from tests.usecases.conftest import OpenSpine

EXAMPLES = Path(__file__).parent.parent / "document"
SOURCES = ("deposits", "withdrawals")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def texts_of(store: Store, account: str = "all") -> list[str]:
    return [write(record) for record in await export(store, account)]


async def api(store: Store, account: str) -> dict[str, Any]:
    return await history.read(store, HistoryRequest(account, points=2000))


def replayed(texts: Sequence[str]) -> dict[str, Any]:
    """What `./monitor replay` makes of the texts of files."""
    return replay.answer([replay.tell(record) for text in texts for record in read(text, "file.json")])


async def restored(open_spine: OpenSpine, texts: Sequence[str]) -> Spine:
    """An empty database with the accounts of some files."""
    spine = await open_spine(empty=True)
    for text in texts:
        for record in read(text, "file.json"):
            await restore(spine.wired.store, spine.wired.clock, record, SOURCES)
    return spine


def assert_rows_agree(told: dict[str, Any], answer: dict[str, Any]) -> None:
    """The series of the API have cents and eight digits; those of a file have all."""
    series = answer["series"]
    assert [datetime.fromisoformat(row["at"]).timestamp() for row in told["series"]] == pytest.approx(
        series["t"], abs=0.001
    )
    for name in ("nav", "benchmark", "flow"):
        shown = [f"{round(Decimal(row[name]), 2):f}" for row in told["series"]]
        assert [Decimal(one) for one in shown] == [Decimal(one) for one in series[name]]
    for name in ("nav_index", "benchmark_index"):
        assert [round(row[name], 8) for row in told["series"]] == series[name]


async def lived(spine: Spine) -> Spine:
    """Ten days of the three demo accounts: every six hours, then hourly."""
    await spine.collect(BORN_AT)
    await spine.collect_at(hours(BORN_AT, 36, step=6))
    await spine.collect_at(hours(BORN_AT + 9 * DAY, 24))
    return spine


async def test_a_replay_of_an_export_gives_the_figures_of_the_api_to_the_last_digit(spine: Spine) -> None:
    store = (await lived(spine)).wired.store
    told = replayed(await texts_of(store))
    histories = await store.history(None)
    assert [account["name"] for account in told["accounts"]] == [one.name for one in histories]
    for account, one in zip(told["accounts"], histories, strict=True):
        answer = await api(store, one.id)
        assert len(account["series"]) == 61
        assert account["metrics"] == answer["metrics"]
        assert account["benchmark"]["units"] == answer["benchmark"]["units"]
        assert [(e["at"], e["kind"], e["usd"]) for e in account["benchmark"]["events"]] == [
            (rfc3339(e["at"]), e["kind"], e["usd"]) for e in answer["events"]
        ]
        assert_rows_agree(account, answer)
    everybody = await api(store, "all")
    assert told["total"]["metrics"] == everybody["metrics"]
    assert_rows_agree(told["total"], everybody)


async def test_of_accounts_that_pause_and_close_a_file_tells_what_the_api_tells(
    spine: Spine, open_spine: OpenSpine
) -> None:
    """The total of files knew nobody who left: it ended where the first of them did."""
    await spine.collect_at((BORN_AT, *hours(BORN_AT, 6, step=6)))
    store, clock = spine.wired.store, spine.wired.clock
    await accounts.pause(store, clock, "spot")
    await spine.collect_at(hours(spine.now, 6, step=6))
    await accounts.close(store, clock, "mixed")
    await spine.collect_at(hours(spine.now, 6, step=6))
    texts = await texts_of(store)
    other = await restored(open_spine, texts)
    told, everybody = replayed(texts)["total"], await api(store, "all")
    assert len(told["series"]) == 19
    assert_rows_agree(told, everybody)
    assert told["metrics"] == everybody["metrics"] == (await api(other.wired.store, "all"))["metrics"]
    assert told["benchmark"]["units"] == everybody["benchmark"]["units"]
    assert [event["kind"] for event in everybody["events"]].count("leave") == 2
    assert [(e["at"], e["kind"], e["usd"]) for e in told["benchmark"]["events"]] == [
        (rfc3339(e["at"]), e["kind"], e["usd"]) for e in everybody["events"] if e["kind"] not in ("join", "leave")
    ]


async def test_export_import_export_is_byte_identical_and_shows_the_same_figures(
    spine: Spine, open_spine: OpenSpine
) -> None:
    store = (await lived(spine)).wired.store
    texts = await texts_of(store)
    other = await restored(open_spine, texts)
    assert await texts_of(other.wired.store) == texts
    for account in ("all", *(one.id for one in await store.accounts())):
        before, after = await api(store, account), await api(other.wired.store, account)
        for part in ("series", "metrics", "benchmark", "gaps", "resolution_s", "inception"):
            assert before[part] == after[part]
    assert not any(one.changed for one in await recompute(other.wired.store, "all"))


async def test_an_export_holds_no_secret_and_is_the_same_each_time(spine: Spine) -> None:
    await spine.collect_at(hours(BORN_AT, 3))
    texts = await texts_of(spine.wired.store)
    assert texts == await texts_of(spine.wired.store)
    for account in spine.world.accounts:
        for secret in (account.api_key, account.api_secret, str(account.uid)):
            assert all(secret not in text for text in texts)


async def test_an_account_without_a_key_is_never_collected(spine: Spine, open_spine: OpenSpine) -> None:
    await spine.collect_at(hours(BORN_AT, 2))
    other = await restored(open_spine, await texts_of(spine.wired.store))
    assert (await other.collect(BORN_AT + DAY)).status == "nothing_due"
    assert (await other.collect(order=CollectOrder(retake="force"))).status == "nothing_due"


async def test_a_restored_account_goes_on_where_its_file_ended_once_it_has_a_key(
    spine: Spine, open_spine: OpenSpine
) -> None:
    """Flows of the file are not booked again, those since its end are, however long ago that was."""
    await spine.collect_at(hours(BORN_AT, 40, step=6))
    other = await restored(open_spine, await texts_of(spine.wired.store))
    for id_, uid, key in spine.sql("select id, uid, sealed_key from accounts"):
        other.sql("update accounts set uid = %s, sealed_key = %s where id = %s", uid, key, id_)
    ledger = "select account_id, id, at, usd from flows order by account_id, id"
    assert (known := spine.sql(ledger))
    for at in (BORN_AT + 60 * DAY, BORN_AT + 60 * DAY + HOUR):
        assert (await other.collect(at)).status == (await spine.collect(at)).status == "ok"
    assert len(spine.sql(ledger)) > len(known)
    assert other.sql(ledger) == spine.sql(ledger)
    derived = "select account_id, at, nav_usd, benchmark_usd, flow_usd from snapshots order by account_id, at"
    assert other.sql(derived) == spine.sql(derived)


@pytest.mark.parametrize("name", ["example", "nasty"])
async def test_a_hand_written_file_survives_the_store(open_spine: OpenSpine, name: str) -> None:
    """Numbers as JSON has them, prices from before the start, a wipe-out, partial snapshots, flows out of order."""
    text = (EXAMPLES / f"{name}.json").read_text()
    other = await restored(open_spine, [text])
    store = other.wired.store
    (exported,) = await texts_of(store)
    (account_id,) = [one.id for one in await store.accounts()]
    told, again = replayed([text]), replayed([exported])
    assert again == told
    answer = await api(store, account_id)
    assert told["accounts"][0]["metrics"] == answer["metrics"]
    assert told["total"]["metrics"] == (await api(store, "all"))["metrics"]
    assert_rows_agree(told["accounts"][0], answer)
    assert not any(one.changed for one in await recompute(store, "all"))
    third = await restored(open_spine, [exported])
    assert await texts_of(third.wired.store) == [exported]


async def test_an_import_leaves_nothing_where_it_cannot_be_whole(spine: Spine) -> None:
    await spine.collect_at(hours(BORN_AT, 2))
    store, before = spine.wired.store, spine.stored()
    (record,) = read((EXAMPLES / "example.json").read_text(), "example.json")

    async def refused(other: Record, error: type[MonitorError]) -> None:
        with pytest.raises(error):
            await restore(store, spine.wired.clock, other, SOURCES)
        assert spine.stored() == before

    taken = (await store.accounts())[0].name
    await refused(Record(taken, record.policy, record.truth, record.slot_minutes), AccountExists)
    await refused(Record("all", record.policy, record.truth, record.slot_minutes), InvalidInput)


async def test_prices_that_are_stored_otherwise_refuse_a_file(spine: Spine) -> None:
    await spine.collect_at(hours(BORN_AT, 2))
    store = spine.wired.store
    (first, *_) = await texts_of(store)
    document = json.loads(first)
    document["account"]["name"] = "Other"
    document["prices"][-1]["BTC"] = "1"
    before = spine.stored()
    (record,) = read(json.dumps(document), "file.json")
    with pytest.raises(PricesDiffer):
        await restore(store, spine.wired.clock, record, SOURCES)
    assert spine.stored() == before


async def test_what_is_stored_is_what_a_rebuild_gives(spine: Spine) -> None:
    store = (await lived(spine)).wired.store
    versions = spine.sql("select id, version from accounts order by id")
    rebuilt = await recompute(store, "all")
    assert [one.rows for one in rebuilt] == [61, 61, 61]
    assert not any(one.changed for one in rebuilt)
    assert spine.sql("select id, version from accounts order by id") == versions


async def test_a_derived_row_that_was_spoilt_is_repaired(spine: Spine) -> None:
    await spine.collect_at(hours(BORN_AT, 8))
    store, before = spine.wired.store, spine.stored()
    (spoilt, *_) = [one.id for one in await store.accounts()]
    with psycopg.connect(spine.dsn) as connection:
        connection.execute(
            "update snapshots set nav_index = 7, note = 'idle' where account_id = %s and slot = "
            "(select max(slot) from snapshots)",
            (spoilt,),
        )
        connection.execute("update benchmark_events set value_usd = 1 where account_id = %s", (spoilt,))
        connection.execute(
            "update accounts set state = jsonb_set(state, '{checkpoint,last,benchmark_index}', '\"3\"') where id = %s",
            (spoilt,),
        )
    (found,) = await recompute(store, spoilt)
    assert (found.changed_rows, found.changed_events > 0, found.changed_state) == (1, True, True)
    assert found.changed_days == 0  # the row that was put right has put its day right
    after = spine.stored()
    assert {table: rows for table, rows in after.items() if table != "accounts"} == {
        table: rows for table, rows in before.items() if table != "accounts"
    }
    await spine.assert_sound()
    assert not any(one.changed for one in await recompute(store, "all"))


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param("update days set lowest_usd = lowest_usd - 1", id="another value"),
        pytest.param("delete from days", id="none at all"),
        pytest.param(
            "insert into days select account_id, day - 9, many, flows, wiped_out, last_at, stirred_at, lowest_at, "
            "highest_at, index_high_at, benchmark_high_at, index_low, index_high, index_left, benchmark_low, "
            "benchmark_high, benchmark_left, lowest_usd, highest_usd, gaps_from, gaps_to from days",
            id="a day too many",
        ),
    ],
)
async def test_days_that_were_spoilt_are_repaired_and_told_anew(spine: Spine, spoil: str) -> None:
    await spine.collect_at(hours(BORN_AT, 8, step=6))
    store, before = spine.wired.store, spine.stored()["days"]
    editions = await store.editions(None)
    spine.sql(spoil)
    rebuilt = await recompute(store, "all")
    assert [(one.changed, one.changed_days > 0, one.changed_rows) for one in rebuilt] == [(True, True, 0)] * 3
    assert spine.stored()["days"] == before
    assert not {*await store.editions(None)} & {*editions}
    assert not any(one.changed for one in await recompute(store, "all"))
