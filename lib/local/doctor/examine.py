"""All checks in the order in which a person would mend what they find."""

from pathlib import Path

import httpx

from lib.local.doctor import check_accounts, check_schema, check_settings
from lib.local.doctor.facts import Facts
from lib.local.doctor.finding import Finding
from lib.local.doctor.gather import gather
from lib.ports import Clock
from lib.settings import Settings


async def examine(
    settings: Settings, data_dir: Path, clock: Clock, transport: httpx.AsyncBaseTransport | None = None
) -> tuple[Finding, ...]:
    """Gather the facts and judge them; `transport` stands in for the network."""
    return judged(await gather(settings, data_dir, clock, transport))


def judged(facts: Facts) -> tuple[Finding, ...]:
    """Judge what was gathered."""
    return (*check_settings.check(facts.settings), *check_schema.check(facts), *check_accounts.check(facts))
