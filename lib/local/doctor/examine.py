"""All checks in the order in which a person would mend what they find."""

from pathlib import Path

import httpx

from lib.local.doctor import check_accounts, check_exchange, check_schema, check_settings, gather_exchange
from lib.local.doctor.facts import Facts
from lib.local.doctor.finding import Finding
from lib.local.doctor.gather import gather
from lib.ports import Clock
from lib.settings import Settings
from lib.wiring import exchange_at


async def examine(
    settings: Settings, data_dir: Path, clock: Clock, transport: httpx.AsyncBaseTransport | None = None
) -> tuple[Finding, ...]:
    """Gather the facts and judge them; `transport` stands in for the network."""
    return judged(await gather(settings, data_dir, clock, transport))


def judged(facts: Facts) -> tuple[Finding, ...]:
    """Judge what was gathered."""
    return (*check_settings.check(facts.settings), *check_schema.check(facts), *check_accounts.check(facts))


async def examine_all(settings: Settings, data_dir: Path, clock: Clock) -> tuple[Finding, ...]:
    """Examine everything there is, the exchange too; in demo mode that is an imitation, and not looked at."""
    facts = await gather(settings, data_dir, clock)
    if settings.demo:
        return judged(facts)
    keys = [(one.name, one.key) for one in facts.accounts or () if one.state == "active" and one.key is not None]
    async with exchange_at(settings, clock) as exchange:
        found = await gather_exchange.look(settings, exchange, clock, keys)
    return (*judged(facts), *check_exchange.check(found))
