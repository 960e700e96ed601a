"""Every kind of account: what is stored is the world's own truth, and reconciliation names each cent."""

from datetime import timedelta
from decimal import Decimal

import pytest

from lib.demo import archetypes, scenario
from tests.spine import BORN_AT, Spine
from tests.usecases.conftest import OpenSpine

NAMES = tuple(account.name for account in archetypes.build(scenario.SEED, BORN_AT).accounts)
CENT = Decimal("0.01")
DAYS = (0, 1, 2, 9, 39, 41, 52)


@pytest.fixture
async def spine(open_spine: OpenSpine) -> Spine:
    return await open_spine(archetypes.build(scenario.SEED, BORN_AT))


def close(ours: Decimal, true: Decimal) -> bool:
    """Tell whether two figures are within 0.01 %."""
    return abs(ours - true) <= abs(true) / 10_000


async def snapshots(spine: Spine) -> dict[str, tuple[Decimal, dict[str, tuple[Decimal, Decimal]]]]:
    """Return NAV and, by wallet, what we count and what the exchange says, of each account's newest snapshot."""
    found = {}
    for account in await spine.wired.store.accounts():
        assert account.latest is not None, account.name
        assert account.latest.checks is not None, account.name
        checks = {check.wallet: (check.ours_usd, check.theirs_usd) for check in account.latest.checks}
        found[account.name] = account.latest.row.nav_usd, checks
    return found


async def test_nav_of_every_archetype_is_the_worlds_and_each_cent_of_a_difference_is_named(spine: Spine) -> None:
    for days in DAYS:
        at = BORN_AT + timedelta(days=days, hours=3 * bool(days), seconds=31)
        report = await spine.collect(at)
        assert {one.status for one in report.accounts} == {"stored"}, [
            (one.name, one.missing) for one in report.accounts
        ]
        stored = await snapshots(spine)
        assert tuple(stored) == NAMES
        for name, (nav, checks) in stored.items():
            truth = spine.world.wallet_totals(name, at)
            assert close(nav, spine.world.nav(name, at)), (name, days)
            assert abs(nav - sum(ours for ours, _ in checks.values())) < CENT
            for wallet, (ours, theirs) in checks.items():
                assert abs(theirs - truth[wallet]) < CENT, (name, wallet)
                assert abs(ours - theirs) < CENT, (name, wallet, days)
            assert {wallet for wallet, usd in truth.items() if usd} <= set(checks)
    await spine.assert_sound()
