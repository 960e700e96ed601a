"""The built functions give right answers: refusals without a secret or a setting, then a run and what it stored."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import httpx

from lib import settings as configuration
from lib.domain.money import cents
from lib.usecases import accounts
from lib.wiring import build
from tests.deploy.output import Function, Output
from tests.deploy.report import Report, differing, unwanted
from tests.deploy.running import Answer, DidNotStart, Running, materialised, running
from tests.deploy.surroundings import Surroundings, surroundings

_ACCOUNT = "Main"
_REQUIRED = ("SUPABASE_URL", "SUPABASE_SECRET_KEY", "ENCRYPTION_KEY")
_RUNS = ("collect", "rebalance")  # for the scheduler; all others but health are for a viewer
_OPEN = ("health",)
_RECORD = frozenset({"at", "level", "event"})  # what every log record has
_REFUSALS = 4  # at the door: three without the secret, one of another method
_OTHER_REFUSALS = {"health": 0, "session": 1, "share": 1, "accounts": 5}  # the last one of a session that was ended
_OTHER_DOORS = ("session", "share")  # for an owner, and whoever has a link
_PRICES_MOVE = Decimal("0.0001")  # between the snapshot's instant and the reading of the prices


def check(output: Output, folder: Path, python: Path, report: Report) -> None:
    """Start every function of `output` and ask it."""
    laid = {each.name: materialised(each, folder / each.name) for each in output.functions}
    for function in output.functions:
        _without_settings(function, laid[function.name], python, report)
    report.step("starting Postgres, the Data API and the demo exchange")
    with surroundings(folder / "postgres") as world, ExitStack() as held:
        _add_account(world)
        started: dict[str, Running] = {}
        for function in output.functions:
            with _reported(f"{function.name}: starts", report):
                starting = running(function, laid[function.name], python, world.settings)
                started[function.name] = held.enter_context(starting)
                report.check(f"{function.name}: is ready {started[function.name].start_ms} ms after its start", [])
        for name, called in started.items():
            _at_the_door(name, called, world, report)
        if started.keys() == {function.name for function in output.functions}:
            _in_one_run(started, world, report)
        if started.keys() >= {"session", "share", "accounts"}:
            _by_session(started, world, report)
        for name, called in started.items():
            _what_it_said(name, called, world, report)


def _without_settings(function: Function, folder: Path, python: Path, report: Report) -> None:
    claim = f"{function.name}: without settings answers 503 and names them"
    with _reported(claim, report), running(function, folder, python, {}) as alone:
        answer = alone.call()
        silent = [f"{name} is not named" for name in _REQUIRED if name not in answer.text]
        report.check(claim, [*_status(answer, 503), *silent])


def _at_the_door(name: str, function: Running, world: Surroundings, report: Report) -> None:
    if name in _OPEN:
        report.check(f"{name}: answers anyone", _status(function.call(), 200))
        return
    if name in _OTHER_DOORS:
        shut = function.call("POST", body={"account": "all"})
        report.check(f"{name}: answers 400 or 401 to a stranger", _status(shut, 400 if name == "session" else 401))
        return
    mine, other = ("CRON_SECRET", "API_TOKEN") if name in _RUNS else ("API_TOKEN", "CRON_SECRET")
    wrong = [
        f"{how}: {problem}"
        for how, bearer in (("none", None), ("an invented one", "x" * 32), (other, world.settings[other]))
        for problem in _status(function.call(bearer=bearer), 401)
    ]
    report.check(f"{name}: answers 401 without {mine}", wrong)
    refused = function.call("PUT", bearer=world.settings[mine])
    report.check(f"{name}: answers 405 to PUT", _status(refused, 405))


def _in_one_run(started: Mapping[str, Running], world: Surroundings, report: Report) -> None:
    secret, token = world.settings["CRON_SECRET"], world.settings["API_TOKEN"]
    before = started["history"].call(query="?account=all", bearer=token)
    report.check("history: has no point before the first run", [
        *_status(before, 200), *differing(before.json.get("series", {}).get("t"), [])
    ])  # fmt: skip
    run = started["collect"].call(bearer=secret, agent="vercel-cron/1.0")
    stored = [(each.get("name"), each.get("status")) for each in run.json.get("accounts", [])]
    report.check("collect: with the secret stores a snapshot", [
        *_status(run, 200), *differing(run.json.get("status"), "ok"), *differing(stored, [(_ACCOUNT, "stored")])
    ])  # fmt: skip
    again = started["collect"].call("POST", bearer=secret)
    report.check("collect: called again finds nothing due", [
        *_status(again, 200), *differing(again.json.get("status"), "nothing_due")
    ])  # fmt: skip
    rebalanced = started["rebalance"].call("POST", bearer=secret)
    report.check("rebalance: with the secret runs", _status(rebalanced, 200))
    _what_was_stored(started, run, world, report)
    _what_was_told(started, run, world, report)
    health = started["health"].call()
    report.check("health: is ok after the run", [
        *_status(health, 200), *differing(health.json.get("status"), "ok")
    ])  # fmt: skip


def _by_session(started: Mapping[str, Running], world: Surroundings, report: Report) -> None:
    """Log in, make a link with the session, open it, and log out everywhere."""
    entered = started["session"].call("POST", body={"password": world.settings["DASHBOARD_PASSWORD"]})
    cookie = entered.headers.get("set-cookie", "").partition(";")[0]
    report.check("session: the password opens one", [
        *_status(entered, 200), *differing(cookie.partition("=")[0], "__Host-monitor-session")
    ])  # fmt: skip
    listed = started["accounts"].call(cookie=cookie)
    report.check("accounts: a session reads and may write", [
        *_status(listed, 200), *differing(listed.json.get("role"), "owner")
    ])  # fmt: skip
    made = started["share"].call("POST", body={"account": "all"}, cookie=cookie)
    shown = started["share"].call(bearer=made.json.get("token", ""))
    report.check("share: a link shows percentages", [
        *_status(made, 201), *_status(shown, 200), *differing("nav" in shown.json.get("series", {}), False)
    ])  # fmt: skip
    out = started["session"].call("DELETE", "?everywhere=true", body={}, cookie=cookie)
    report.check(
        "session: ends everywhere", [*_status(out, 200), *_status(started["accounts"].call(cookie=cookie), 401)]
    )


def _what_was_stored(started: Mapping[str, Running], run: Answer, world: Surroundings, report: Report) -> None:
    token = world.settings["API_TOKEN"]
    account = run.json["accounts"][0] if run.json.get("accounts") else {}
    listed = started["accounts"].call(bearer=token)
    shown = [each for each in listed.json.get("accounts", []) if each.get("name") == _ACCOUNT]
    latest = (shown[0].get("latest") if shown else None) or {}
    report.check("accounts: shows what the run stored", [
        *_status(listed, 200), *differing(_usd(latest.get("nav")), _usd(account.get("nav")))
    ])  # fmt: skip
    kept = [f"Cache-Control: {given}" for given in [listed.headers.get("cache-control", "")] if "private" not in given]
    report.check("accounts: no shared cache may keep its answer", kept)
    if "at" in latest:
        truth = cents(world.world.nav(_ACCOUNT, datetime.fromisoformat(latest["at"])))
        close = abs(_usd(latest["nav"]) / truth - 1) <= _PRICES_MOVE
        claim = f"collect: the value is the exchange's own truth, {truth} USD, within {_PRICES_MOVE:%}"
        report.check(claim, [] if close else [f"found {latest['nav']}"])
    held = started["holdings"].call(query="?account=all", bearer=token)
    worth = sum((Decimal(wallet["value"]) for wallet in held.json.get("wallets", [])), Decimal(0))  # rounded once
    report.check("holdings: add up to what the run stored", [
        *_status(held, 200), *differing(cents(worth), _usd(account.get("nav")))
    ])  # fmt: skip
    for query in ("?account=all", f"?account={account.get('id')}&range=24h"):
        history = started["history"].call(query=query, bearer=token)
        navs = [_usd(nav) for nav in history.json.get("series", {}).get("nav", [])]
        report.check(f"history{query}: is that one snapshot", [
            *_status(history, 200), *differing(navs, [_usd(account.get("nav"))])
        ])  # fmt: skip


def _what_was_told(started: Mapping[str, Running], run: Answer, world: Surroundings, report: Report) -> None:
    """The run told the same on standard output and to the log that is kept."""
    wanted = {("account.stored", run.json.get("accounts", [{}])[0].get("id")), ("run.finished", None)}
    kept = started["logs"].call(query=f"?run={run.json.get('run')}", bearer=world.settings["API_TOKEN"])
    found = {(entry.get("event"), entry.get("account")) for entry in kept.json.get("entries", [])}
    report.check("logs: has what the run told", [*_status(kept, 200), *differing(found, wanted)])
    said = [record for record in started["collect"].records() if record.get("run") == run.json.get("run")]
    found = {(record.get("event"), record.get("account")) for record in said}
    report.check("collect: said the same on standard output", differing(found, wanted))
    ledger = started["flows"].call(
        query=f"?account={run.json['accounts'][0].get('id')}", bearer=world.settings["API_TOKEN"]
    )
    report.check("flows: has none before the inception", [*_status(ledger, 200), *differing(ledger.json["flows"], [])])


def _what_it_said(name: str, function: Running, world: Surroundings, report: Report) -> None:
    report.check(f"{name}: its runtime saw {function.calls} calls to their end", differing(
        function.ended(), function.calls
    ))  # fmt: skip
    said = function.said()
    leaked = [f"{secret} is in its log" for secret, value in world.secrets.items() if value in said]
    report.check(f"{name}: no secret in what it logged ({len(said.splitlines())} lines)", leaked)
    odd = [
        line for line, record in zip(said.splitlines(), function.records(), strict=True) if not record.keys() >= _RECORD
    ]
    report.check(f"{name}: logged nothing but records with {', '.join(sorted(_RECORD))}", unwanted(odd, "also"))
    refusals = sum(record.get("event") == "request refused" for record in function.records())
    report.check(f"{name}: logged each of its refusals", differing(refusals, _OTHER_REFUSALS.get(name, _REFUSALS)))


def _add_account(world: Surroundings) -> None:
    """Add a demo account as a person would before the first run: by the product's own code, over the same HTTP."""
    wired = build(configuration.read(world.settings))
    account = world.world.account(_ACCOUNT)
    asyncio.run(accounts.add(wired.collector, account.name, account.api_key, account.api_secret))


def _status(answer: Answer, expected: int) -> list[str]:
    return [] if answer.status == expected else [f"{answer.status} instead of {expected}: {answer.text[:300]}"]


def _usd(text: str | None) -> Decimal:
    return cents(Decimal(text)) if text is not None else Decimal("NaN")


@contextmanager
def _reported(claim: str, report: Report) -> Iterator[None]:
    """Turn what stops one function into a failure of its own; the others are still asked."""
    try:
        yield
    except (DidNotStart, OSError, httpx.HTTPError) as problem:
        report.check(claim, [str(problem)])
