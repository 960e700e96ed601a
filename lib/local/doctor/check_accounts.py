"""Whether the stored secrets can be opened, and each account gets its snapshots."""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from lib.local.doctor.facts import AccountFacts, Facts
from lib.local.doctor.finding import Finding, ok, problem, warning
from lib.usecases import rotate

_SECRETS, _ACCOUNTS, _PRICES, _AGE = "stored secrets", "accounts", "prices", "snapshots"
_STALE_SLOTS = 2
_GONE = timedelta(hours=24)  # after which an account counts as having left All
_ROTATE = "run ./monitor rotate-key; until then keep ENCRYPTION_KEYS_OLD"
_RUN_HOSTED = (
    "see that something calls /api/collect with CRON_SECRET every hour: on Vercel Cron Jobs and the logs, on its free "
    "plan the job of sql/hosted/trigger.sql, whose answers are in net._http_response"
)
_UNPRICED = (
    "nothing, if it is worth nothing; it is priced as soon as Binance has a market for it, and what it is worth then "
    "counts as performance from there on"
)
_RUN_LOCAL = "keep make run (or ./monitor serve) running; ./monitor collect does one run now"


def check(facts: Facts) -> tuple[Finding, ...]:
    """Check the accounts, as far as they could be read."""
    if facts.accounts is None:
        return ()
    watched = [account for account in facts.accounts if account.state != "closed"]
    if not watched:
        return (warning(_ACCOUNTS, "there is none yet", "./monitor accounts add NAME"),)
    found = [*_secrets(facts, watched), *_status(watched), *_unpriced(watched)]
    if not facts.settings.demo:  # a world that nobody serves stands still
        found += _ages(facts, [one for one in watched if one.state == "active" and not one.keyless])
    return tuple(found)


def _secrets(facts: Facts, accounts: Sequence[AccountFacts]) -> Iterator[Finding]:
    if facts.settings.encryption_key is None and not facts.settings.demo:
        return  # the settings have said so
    wrong = [account for account in accounts if account.sealed_wrong is not None]
    for account in wrong:
        lost = f"no encryption key here opens the stored key of {account.name}: {account.sealed_wrong}"
        yield problem(_SECRETS, lost, rotate.remedy(account.id))
    former = [account.name for account in accounts if account.sealed_formerly]
    if former:
        yield warning(_SECRETS, f"only a key of ENCRYPTION_KEYS_OLD opens those of {', '.join(former)}", _ROTATE)
    if not wrong and not former:
        spare = "; ENCRYPTION_KEYS_OLD is not needed any more" if facts.settings.encryption_keys_old else ""
        yield ok(_SECRETS, f"{sum(account.key is not None for account in accounts)} open{spare}")


def _status(accounts: Sequence[AccountFacts]) -> Iterator[Finding]:
    trouble = False
    for account in accounts:
        code, detail = account.status.code, account.status.detail or "no reason was given"
        if account.state != "active" or code not in ("needs_attention", "error", "partial"):
            continue
        trouble = True
        if account.keyless:
            told = f"{account.name} has no key: it came from a history file, and nothing is collected"
            yield warning(
                _ACCOUNTS, told, f"./monitor accounts edit {account.id} --key gives it one, if it shall go on"
            )
        elif code == "needs_attention":
            remedy = "see to the key on Binance; every run tries it again and it heals by itself"
            yield problem(_ACCOUNTS, f"{account.name} needs attention: {detail}", remedy)
        else:
            remedy = "wait for the next run; if it stays, the detail says what to mend"
            yield warning(_ACCOUNTS, f"{account.name}, last run: {detail}", remedy)
    if not trouble:
        yield ok(_ACCOUNTS, f"{len(accounts)}, none in trouble")


def _unpriced(accounts: Sequence[AccountFacts]) -> Iterator[Finding]:
    for account in accounts:
        if account.unpriced:
            told = f"{account.name} holds {', '.join(account.unpriced)}, which never had a price and counts 0"
            yield warning(_PRICES, told, _UNPRICED)


def _ages(facts: Facts, accounts: Sequence[AccountFacts]) -> list[Finding]:
    """Compare with the slots: two of them may pass before a snapshot is late."""
    slot = timedelta(minutes=facts.settings.collect_every_minutes)
    remedy = _RUN_HOSTED if facts.settings.supabase_url is not None else _RUN_LOCAL
    late = []
    for account in accounts:
        age = facts.at - (account.newest_at or account.created_at)
        if age <= _STALE_SLOTS * slot:
            continue
        lacking = f"; the newest try lacks {', '.join(account.missing)}" if account.missing else ""
        if account.newest_at is None:
            told = f"{account.name} was added {_told(age)} ago and has no complete snapshot{lacking}"
        else:
            told = f"{account.name}: the newest complete snapshot is {_told(age)} old{lacking}"
        late.append((problem if age > max(_GONE, _STALE_SLOTS * slot) else warning)(_AGE, told, remedy))
    if late or not accounts:
        return late
    known = [account.newest_at for account in accounts if account.newest_at is not None]
    return [
        ok(_AGE, f"the oldest of the newest is {_told(facts.at - min(known))} old" if known else "the first is due")
    ]


def _told(age: timedelta) -> str:
    minutes = max(round(age.total_seconds() / 60), 0)
    if minutes < 120:  # noqa: PLR2004  up to there minutes are easier to grasp
        return f"{minutes} minute{'' if minutes == 1 else 's'}"
    return f"{minutes // 60} hours" if minutes < 48 * 60 else f"{minutes // (24 * 60)} days"
