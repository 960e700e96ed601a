"""From a run over the demo exchange to a service that takes messages: one when it begins, one when it is over."""

import asyncio
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import httpx
import pytest

from lib import log
from lib.demo.crossings import gifted
from lib.demo.faults import Fault
from lib.domain import alerts
from lib.domain.requests import FlowEntry
from lib.usecases import alert_words, alerting, ledger
from tests.receiver import SECRET, Receiver, receiving
from tests.scenarios.test_other_flows import living
from tests.scenarios.test_outages import paid_in
from tests.spine import BORN_AT, Spine, crowd, hours, the_world
from tests.usecases.conftest import OpenSpine
from tests.wires import Death, Killed

HOUR = timedelta(hours=1)
BAD_KEY = b'{"code":-2015,"msg":"Invalid API-key, IP, or permissions for action."}'
REFUSED = Fault("/", account="Main", status=401, body=BAD_KEY)
NO_SPOT = Fault("/sapi/v3/asset/getUserAsset", account="Main", status=400)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


def tell(spine: Spine, *urls: str) -> None:
    """Have the spine tell these services."""
    spine.wired = replace(spine.wired, settings=replace(spine.wired.settings, alert_urls=urls))


async def limit(spine: Spine, account: str, **alerts: str | None) -> None:
    assert await spine.wired.register.set_alerts(account, alerts, spine.now, "run")


def let_go(spine: Spine) -> None:
    """Let the time pass for which a process that died holds its messages and accounts."""
    spine.sql("update alert_messages set leased_until = clock_timestamp() - interval '1 second'")
    spine.expire_leases()


def waiting(spine: Spine) -> int:
    return int(spine.sql("select count(*) from alert_messages")[0][0])


def kinds(spine: Spine) -> list[str]:
    return [kind for (kind,) in spine.sql("select kind from alert_episodes order by 1")]


async def test_a_key_that_is_refused_is_told_once_and_once_when_it_is_over(
    open_spine: OpenSpine, receiver: Receiver
) -> None:
    spine = await open_spine(the_world("Main"))
    tell(spine, receiver.url)
    await spine.one(BORN_AT)
    assert receiver.take() == []
    spine.exchange.faults = [REFUSED]
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


async def test_a_key_that_may_do_too_much_is_told(open_spine: OpenSpine, receiver: Receiver) -> None:
    spine = await open_spine(the_world("Main"))
    tell(spine, receiver.url)
    await spine.one(BORN_AT)
    (api_key,) = spine.exchange.keys
    mild = spine.exchange.keys[api_key]
    spine.exchange.keys[api_key] = replace(mild, rights=mild.rights | {"enableWithdrawals"})
    for at in hours(BORN_AT, 2, step=25):
        await spine.collect(at)
    (told,) = receiver.take()
    assert told["title"] == "Main: its key may do too much"
    assert "switch off enableWithdrawals" in told["message"]
    spine.exchange.keys[api_key] = mild
    await spine.one(BORN_AT + 51 * HOUR)
    assert [one["title"] for one in receiver.take()] == ["Main: over: its key may do too much"]


async def test_an_account_that_no_run_gets_to_is_stale_as_long_as_runs_get_to_others(
    open_spine: OpenSpine, receiver: Receiver
) -> None:
    spine = await open_spine(the_world("Main", "Spot"))
    tell(spine, receiver.url)
    await spine.collect(BORN_AT)
    spine.sql("update accounts set lease_run = 'gone', leased_until = 'infinity' where id = 'main'")
    for at in hours(BORN_AT, 8):
        assert [one.name for one in (await spine.collect(at)).accounts] == ["Spot"]
    (told,) = receiver.take()
    assert told["title"] == "Main: no new snapshot"
    assert "since 24 Aug 2026 07:00 UTC" in told["message"]
    spine.sql("update accounts set leased_until = '-infinity' where id = 'main'")
    for at in hours(BORN_AT + 8 * HOUR, 2):
        await spine.collect(at)
    assert [one["title"] for one in receiver.take()] == ["Main: over: no new snapshot"]


async def test_partial_for_long_is_told_and_names_what_is_missing(open_spine: OpenSpine, receiver: Receiver) -> None:
    spine = await open_spine(the_world("Main", "Spot"))
    tell(spine, receiver.url)
    await spine.collect(BORN_AT)
    spine.exchange.faults = [NO_SPOT]
    for at in hours(BORN_AT, 2):
        await spine.collect(at)
    assert receiver.take() == [], "an hour or two may be partial"
    for at in hours(BORN_AT + 2 * HOUR, 5):
        await spine.collect(at)
    (told,) = receiver.take()
    assert (told["title"], "not read: spot" in told["message"]) == ("Main: snapshots lack a part", True)
    spine.exchange.faults = []
    await spine.collect(BORN_AT + 8 * HOUR)
    assert [one["title"] for one in receiver.take()] == ["Main: over: snapshots lack a part"]


async def test_limits_are_told_of_by_turns_and_agree_with_what_is_listed(
    open_spine: OpenSpine, receiver: Receiver
) -> None:
    """What the account is judged by is what the page shows of it."""
    spine = await open_spine(the_world("Spot"))
    tell(spine, receiver.url)
    await spine.one(BORN_AT)
    await limit(spine, "spot", behind="0.002", drawdown="0.004")
    wrong = {alerts.BEHIND: False, alerts.DRAWDOWN: False}
    heard, expected = [], []
    for at in hours(BORN_AT, 72):
        await spine.one(at)
        heard += [line for one in receiver.take() for line in f"{one['title']}\n{one['message']}".splitlines()]
        rows = (await spine.histories())["Spot"].rows
        lost = {
            alerts.BEHIND: 1 - rows[-1].nav_index / rows[-1].benchmark_index,
            alerts.DRAWDOWN: 1 - rows[-1].nav_index / max(row.nav_index for row in rows),
        }
        for kind, bound in ((alerts.BEHIND, Decimal("0.002")), (alerts.DRAWDOWN, Decimal("0.004"))):
            now = lost[kind] > bound if not wrong[kind] else lost[kind] >= bound * alerts.CLEAR
            if now != wrong[kind]:
                expected.append(f"Spot: {'' if now else 'over: '}{alert_words.TITLES[kind]}")
            wrong[kind] = now
    titles = [line for line in heard if line.startswith("Spot:")]
    assert titles == expected
    assert {f"Spot: {over}{alert_words.TITLES[kind]}" for kind in wrong for over in ("", "over: ")} == set(expected)


async def test_an_account_that_lost_all_stays_behind_though_its_index_began_anew(
    open_spine: OpenSpine, receiver: Receiver
) -> None:
    spine = await open_spine(the_world("Spot"))
    tell(spine, receiver.url)
    await spine.collect_at((BORN_AT, *hours(BORN_AT, 2)))
    await limit(spine, "spot", behind="0.5")
    spine.sql("update snapshots set note = 'wiped_out' where at = %s", BORN_AT + HOUR)
    await spine.one(BORN_AT + 3 * HOUR)
    (told,) = receiver.take()
    assert told["title"] == f"Spot: {alert_words.TITLES[alerts.BEHIND]}"
    assert "100.0" in told["message"]


async def test_money_that_nothing_explains_is_told_until_somebody_explains_it(
    open_spine: OpenSpine, receiver: Receiver
) -> None:
    spine = await open_spine(living(gifted("1", BORN_AT + 100 * timedelta(minutes=1), "USDT", Decimal(5000))))
    tell(spine, receiver.url)
    await spine.collect_at((BORN_AT, *hours(BORN_AT, 4)))
    (told,) = receiver.take()
    assert told["title"] == "Mixed: a change of value that nothing explains"
    entry = FlowEntry(BORN_AT + 100 * timedelta(minutes=1), Decimal(5000), "USDT", "a gift card")
    await ledger.add(spine.wired.collector, "mixed", entry)
    await spine.collect(BORN_AT + 5 * HOUR)
    assert [one["title"] for one in receiver.take()] == ["Mixed: over: a change of value that nothing explains"]


async def test_many_at_once_are_one_message(open_spine: OpenSpine, receiver: Receiver) -> None:
    spine = await open_spine()
    tell(spine, receiver.url)
    await spine.collect(BORN_AT)
    spine.exchange.faults = [Fault("/api/v3/time", status=400)]
    for at in hours(BORN_AT, 4):
        assert (await spine.collect(at)).status == "failed"
    (told,) = receiver.take()
    assert told["title"] == "Portfolio Monitor: 3 messages"
    assert [name for name in ("Main", "Spot", "Mixed") if f"{name}: no new snapshot" in told["message"]] == [
        "Main",
        "Spot",
        "Mixed",
    ]


async def test_what_no_service_takes_fails_no_run_and_is_told_by_the_next(
    open_spine: OpenSpine, receiver: Receiver, own_logging: None, capfd: pytest.CaptureFixture[str]
) -> None:
    stream = io.StringIO()
    log.configure("DEBUG", stream)
    spine = await open_spine(the_world("Main", "Spot"))
    tell(spine, receiver.url)
    await spine.collect(BORN_AT)
    spine.exchange.faults, receiver.status = [REFUSED], 500
    report = await spine.collect(BORN_AT + HOUR)
    assert {one.name: one.status for one in report.accounts} == {"Main": "error", "Spot": "stored"}
    assert (waiting(spine), receiver.take()) == (1, [])
    receiver.status = 200
    await spine.collect(BORN_AT + 2 * HOUR)
    assert [one["title"] for one in receiver.take()] == ["Main: needs your attention"]
    assert waiting(spine) == 0
    events = [event for (event,) in spine.sql("select event from logs where event like 'alert%%' order by id")]
    assert events == ["alert.began", "alerts.failed", "alerts.sent"]
    tables = [table for (table,) in spine.sql("select tablename from pg_tables where schemaname = 'public'")]
    kept = "".join(str(spine.sql(f"select t::text from {table} as t")) for table in tables)
    captured = capfd.readouterr()
    for text in (kept, stream.getvalue(), captured.out, captured.err, repr(spine.wired), repr(spine.reports)):
        assert SECRET not in text


async def test_it_is_told_once_any_service_has_taken_it(open_spine: OpenSpine, receiver: Receiver) -> None:
    spine = await open_spine(the_world("Main"))
    tell(spine, "json://127.0.0.1:9/x", receiver.url)
    spine.exchange.faults = [REFUSED]
    for at in hours(BORN_AT, 3):
        await spine.collect(at)
    assert (receiver.titles, waiting(spine)) == (["Main: needs your attention"], 0)
    (told,) = spine.sql("select message from logs where event = 'alerts.failed'")
    assert told == ("not taken by number 1 (JSON); others did; ./monitor alerts test tries them",)


async def test_what_waited_for_two_days_is_dropped_and_said_to_be(open_spine: OpenSpine, receiver: Receiver) -> None:
    spine = await open_spine(the_world("Main"))
    tell(spine, receiver.url)
    spine.exchange.faults, receiver.status = [REFUSED], 500
    await spine.collect(BORN_AT)
    receiver.status = 200
    await spine.collect(BORN_AT + 49 * HOUR)
    assert (receiver.take(), waiting(spine)) == ([], 0)
    assert spine.sql("select count(*) from logs where event = 'alerts.dropped'") == [(1,)]


@pytest.mark.parametrize("function", ["finish_run", "settle_alerts", "end_messages"])
@pytest.mark.parametrize("answered", [False, True], ids=["before it leaves", "before its answer"])
async def test_whoever_dies_leaves_the_message_to_the_next_run(
    open_spine: OpenSpine, receiver: Receiver, function: str, answered: bool
) -> None:
    """Told twice where the service had it and the database did not hear; never not at all."""
    spine = await open_spine(the_world("Main"))
    tell(spine, receiver.url)
    await spine.one(BORN_AT)
    spine.exchange.faults = [REFUSED]
    death = Death(1, answered)

    async def leaving(request: httpx.Request) -> None:
        if request.url.path.endswith(function) or death.dead:
            await death.leaving(request)

    spine.to_store.before.append(leaving)
    spine.to_store.after.append(death.arriving)
    with pytest.raises(Killed):
        await spine.collect(BORN_AT + HOUR)
    spine.to_store.clear()
    let_go(spine)
    for at in hours(BORN_AT + HOUR, 3):
        await spine.collect(at)
    times = 2 if function == "end_messages" and not answered else 1
    assert receiver.titles == ["Main: needs your attention"] * times
    assert waiting(spine) == 0


async def test_nobody_hears_that_it_is_over_before_that_it_began(open_spine: OpenSpine, receiver: Receiver) -> None:
    """A run died with the older message in its hands, and the next one told the newer one alone."""
    spine = await open_spine(the_world("Main"))
    tell(spine, receiver.url)
    await spine.one(BORN_AT)
    spine.exchange.faults = [REFUSED]

    async def dies(request: httpx.Request) -> None:
        if request.url.path.endswith("settle_alerts"):
            raise Killed

    spine.to_store.after.append(dies)
    with pytest.raises(Killed):
        await spine.collect(BORN_AT + HOUR)
    spine.to_store.clear()
    spine.expire_leases()
    spine.exchange.faults = []
    await spine.one(BORN_AT + 2 * HOUR)
    assert (receiver.take(), waiting(spine)) == ([], 2)
    let_go(spine)
    await spine.one(BORN_AT + 3 * HOUR)
    (told,) = receiver.take()
    lines = told["message"].splitlines()
    assert [line for line in lines if line.startswith("Main:")] == [
        "Main: needs your attention",
        "Main: over: needs your attention",
    ]


@pytest.mark.parametrize("function", ["settle_alerts", "end_messages"])
async def test_a_database_that_goes_away_at_the_end_fails_no_run(
    open_spine: OpenSpine, receiver: Receiver, function: str
) -> None:
    spine = await open_spine(the_world("Main", "Spot"))
    tell(spine, receiver.url)
    spine.exchange.faults = [REFUSED]

    async def away(request: httpx.Request) -> None:
        if request.url.path.endswith(function):
            raise httpx.ConnectError("gone", request=request)

    spine.to_store.before.append(away)
    report = await spine.collect(BORN_AT)
    assert {one.name: one.status for one in report.accounts} == {"Main": "error", "Spot": "stored"}
    spine.to_store.clear()
    let_go(spine)
    await spine.collect(BORN_AT + HOUR)
    assert set(receiver.titles) == {"Main: needs your attention"}
    assert waiting(spine) == 0


async def test_two_processes_that_saw_the_same_tell_it_once(open_spine: OpenSpine, receiver: Receiver) -> None:
    spine = await open_spine(the_world("Main", "Spot"))
    await limit(spine, "main", digest="daily")
    await spine.collect(BORN_AT)
    spine.exchange.faults = [REFUSED]
    await spine.collect(BORN_AT + 20 * HOUR)
    tell(spine, receiver.url)
    tools = spine.wired.alerting
    assert tools is not None
    watched = await spine.wired.store.finish("run", {}, at=spine.now, watch=True)
    assert watched is not None
    await asyncio.gather(*(alerting.tell(tools, watched, f"run {number}", 60) for number in range(4)))
    await spine.collect(BORN_AT + 21 * HOUR)
    lines = "\n".join(f"{one['title']}\n{one['message']}" for one in receiver.messages)
    assert lines.count("Main: needs your attention") == 1
    assert lines.count("Main: 24 Aug 2026") == 1


async def test_a_run_with_no_news_makes_no_call_more(open_spine: OpenSpine, receiver: Receiver) -> None:
    spine = await open_spine(crowd(3))
    await spine.collect_at(hours(BORN_AT, 5))
    tell(spine, receiver.url)
    for account in await spine.wired.store.accounts():
        await limit(spine, account.id, behind="0.5", drawdown="0.5", digest="weekly")
    spine.to_store.clear()
    assert (await spine.collect(BORN_AT + 6 * HOUR)).status == "ok"
    paths = [call.path.rpartition("/")[2] for call in spine.to_store.calls]
    assert sorted(paths) == ["claim_accounts", *["commit_outcome"] * 3, "finish_run"]


async def test_a_pause_ends_it_without_a_word_and_what_was_before_it_is_no_matter_after_it(
    open_spine: OpenSpine, receiver: Receiver
) -> None:
    spine = await open_spine(the_world("Main", "Spot"))
    tell(spine, receiver.url)
    await spine.collect(BORN_AT)
    spine.exchange.faults = [NO_SPOT]
    for at in hours(BORN_AT, 4):
        await spine.collect(at)
    assert (len(receiver.take()), kinds(spine)) == (1, ["partial"])
    assert await spine.wired.store.set_state("main", "paused", spine.now, "run")
    assert kinds(spine) == []
    await spine.collect(BORN_AT + 100 * HOUR)
    assert await spine.wired.store.set_state("main", "active", spine.now, "run")
    await spine.collect(BORN_AT + 101 * HOUR)
    assert receiver.take() == [], "it has been looked at for an hour"
    await spine.collect(BORN_AT + 105 * HOUR)
    assert [one["title"] for one in receiver.take()] == ["Main: snapshots lack a part"]


async def test_a_digest_tells_of_a_day_once(open_spine: OpenSpine, receiver: Receiver) -> None:
    world = the_world("Mixed").adding("Mixed", paid_in("77", BORN_AT + 5 * HOUR + timedelta(minutes=19), "ETH", "0.9"))
    spine = await open_spine(world)
    tell(spine, receiver.url)
    await spine.one(BORN_AT)
    await limit(spine, "mixed", digest="daily")
    for at in hours(BORN_AT, 42):
        if at not in (BORN_AT + 8 * HOUR, BORN_AT + 9 * HOUR):
            await spine.one(at)
    first, second = receiver.take()
    assert first["title"] == "Mixed: 24 Aug 2026"
    rows = (await spine.histories())["Mixed"].rows
    by_time = {row.at: row for row in rows}
    begin, end = rows[0], by_time[BORN_AT + 17 * HOUR]
    (usd,) = [row.flow_usd for row in rows if row.flow_usd]
    difference, ratio = end.nav_usd - end.benchmark_usd, end.nav_index / end.benchmark_index - 1
    grown = end.nav_index / begin.nav_index - 1, end.benchmark_index / begin.benchmark_index - 1
    assert first["message"].splitlines() == [
        f"Value ${end.nav_usd:,.2f} on 25 Aug at 00:00 UTC.",
        told_apart(difference, ratio),
        "Return of the day: {}; benchmark {}.".format(*map(signed, grown)),
        f"Money in ${usd:,.2f}, money out $0.00.",
        "Gaps: no complete snapshot for 2 h.",
    ]
    assert second["title"] == "Mixed: 25 Aug 2026"
    assert second["message"].splitlines()[3:] == ["No money came in or went out.", "No gaps."]


def signed(ratio: Decimal) -> str:
    return f"{'+' if ratio > 0 else chr(0x2212)}{abs(100 * ratio):.2f}\u202f%"


def told_apart(difference: Decimal, ratio: Decimal) -> str:
    percent, side = f"{abs(100 * ratio):.1f}\u202f%", "ahead of" if difference > 0 else "behind"
    what = f"{side} holding 50\u202f% BTC and 50\u202f% ETH since 24 Aug 2026"
    if difference * ratio < 0:
        return (
            f"You are ${abs(difference):,.2f} {what}; by return you are {percent} {'ahead' if ratio > 0 else 'behind'}."
        )
    return f"You are ${abs(difference):,.2f} ({percent}) {what}."


async def test_a_day_without_a_complete_snapshot_has_no_figures(open_spine: OpenSpine, receiver: Receiver) -> None:
    spine = await open_spine(the_world("Mixed"))
    tell(spine, receiver.url)
    await spine.one(BORN_AT)
    await limit(spine, "mixed", digest="daily")
    await spine.one(BORN_AT + 66 * HOUR)
    (told,) = receiver.take()
    assert (told["title"], told["message"]) == (
        "Mixed: 26 Aug 2026",
        "No complete snapshot was taken in this time, so there are no figures of it.",
    )


async def test_a_digest_of_a_week_comes_after_sunday(open_spine: OpenSpine, receiver: Receiver) -> None:
    spine = await open_spine(the_world("Spot"))
    tell(spine, receiver.url)
    await spine.one(BORN_AT)
    await limit(spine, "spot", digest="weekly")
    for at in hours(BORN_AT, 40, step=6):
        await spine.one(at)
    (told,) = receiver.take()
    assert told["title"] == "Spot: the week to 30 Aug 2026"
    assert "Return of the week: " in told["message"]


def test_every_kind_has_its_words() -> None:
    assert alert_words.TITLES.keys() == set(alerts.KINDS)
