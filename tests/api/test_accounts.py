"""GET /api/accounts: what the page needs of every account, with every doubt about it."""

import re
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from lib.demo.faults import Fault
from lib.demo.messages import JSON_TYPE
from tests.api.conftest import call
from tests.spine import BORN_AT, Spine

EVERY_WALLET = (
    *("spot", "funding", "usdm", "coinm", "cross_margin", "isolated_margin", "earn", "options"),
    *("trading_bots", "copy_trading"),
)
TYPES = Path(__file__).parent.parent.parent / "public" / "js" / "types.js"
HOUR = timedelta(hours=1)
EIGHT = timedelta(hours=8)


def stamp(at: datetime) -> str:
    return at.isoformat().replace("+00:00", "Z")


async def listed(spine: Spine) -> dict[str, Any]:
    answer = await call(spine.wired, "accounts")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "private, no-store")
    body = answer.json()
    assert list(body) == ["slot_minutes", "accounts", "role"]
    return {one["id"]: one for one in body["accounts"]}


def promised(shape: str) -> set[str]:
    """The properties that the page's own types say a value has."""
    text = TYPES.read_text()
    inline = re.search(rf"@typedef {{{{([^}}]*)}}}} {shape}\b", text)
    if inline:
        return {part.split(":")[0].strip() for part in inline.group(1).split(",")}
    block = text.split(f"@typedef {{object}} {shape}")[1].split("@typedef")[0]
    return set(re.findall(r"@property {.*} (\w+)", block))


async def test_an_account_has_what_the_page_reads_and_no_more(lived: Spine) -> None:
    accounts = await listed(lived)
    assert list(accounts) == ["main", "spot", "mixed"], "in the order they were added"
    for one in accounts.values():
        assert set(one) == promised("Account")
        assert set(one["latest"]) == promised("Latest")
        assert set(one["latest"]["reconciliation"]) == {"total", "difference"}
        assert set(one["last_try"]) == {"at", "complete", "missing", "wallets"}
        assert one["last_try"]["wallets"] == one["latest"]["wallets"]
        assert set(one["status"]) == {"code", "detail", "cause"}
        assert set(one["alerts"]) == promised("Alerts")
        assert one["alerts"] == {"behind": None, "drawdown": None, "digest": "off", "open": []}
    main, mixed = accounts["main"], accounts["mixed"]
    assert (main["name"], main["state"], main["status"]["code"]) == ("Main", "active", "ok")
    assert (main["created_at"], main["inception"]) == (stamp(BORN_AT), stamp(BORN_AT))
    assert main["next_slot"] == stamp(lived.now + HOUR)
    assert mixed["latest"]["wallets"] == sorted(EVERY_WALLET)


async def test_figures_are_text_and_agree_with_the_history(lived: Spine) -> None:
    for id_, one in (await listed(lived)).items():
        metrics = (await call(lived.wired, "history", f"account={id_}")).json()["metrics"]
        assert (one["latest"]["nav"], one["latest"]["benchmark"]) == (metrics["nav"], metrics["benchmark"])
        assert (one["difference"], one["active_return"]) == (metrics["difference"], metrics["active_return"])


async def test_a_new_account_has_no_figures(spine: Spine) -> None:
    for one in (await listed(spine)).values():
        assert one["status"] == {"code": "new", "detail": None, "cause": None}
        assert [one[name] for name in ("inception", "latest", "last_try", "difference", "active_return")] == [None] * 5


async def test_no_account_is_an_empty_list(spine: Spine) -> None:
    spine.sql("truncate public.accounts cascade")
    assert await listed(spine) == {}


async def test_a_partial_try_is_told_beside_the_latest_whole_value(spine: Spine) -> None:
    await spine.collect()
    before = (await listed(spine))["main"]["latest"]
    spine.exchange.faults.append(Fault("/fapi/", account="Main"))
    await spine.collect(BORN_AT + HOUR)
    main = (await listed(spine))["main"]
    assert main["latest"] == before
    wallets = [name for name in before["wallets"] if name != "usdm"]
    told = {"at": stamp(BORN_AT + HOUR), "complete": False, "missing": ["usdm"], "wallets": wallets}
    assert main["last_try"] == told
    assert wallets
    assert main["status"]["code"] == "partial"
    assert main["status"]["detail"].startswith("not read: usdm; GET /fapi/v3/account: -1000 An unknown error")


async def test_a_refused_key_asks_for_its_owner_without_showing_it(spine: Spine) -> None:
    body = b'{"code":-2015,"msg":"Invalid API-key, IP, or permissions for action."}'
    spine.exchange.faults.append(Fault("/sapi/", account="Spot", status=401, body=body))
    await spine.collect()
    answer = await call(spine.wired, "accounts")
    spot = answer.json()["accounts"][1]
    assert spot["status"]["code"] == "needs_attention"
    assert "-2015" in spot["status"]["detail"]
    assert spot["status"]["cause"] == "key_refused"
    account = spine.world.account("Spot")
    assert account.api_key not in answer.text
    assert account.api_secret not in answer.text


def answering(path: str, account: str, body: str, times: int | None = None) -> Fault:
    return Fault(path, "answer", account, 200, body.encode(), (JSON_TYPE,), times)


async def test_the_exchanges_own_total_and_what_it_differs_by_are_shown(spine: Spine) -> None:
    spine.exchange.faults.append(
        answering(
            "/sapi/v1/asset/wallet/balance",
            "Main",
            '[{"activate":true,"balance":"100.5","walletName":"Spot"},'
            '{"activate":true,"balance":"0","walletName":"USD\\u24c8-M Futures"}]',
        )
    )
    await spine.collect()
    found = (await listed(spine))["main"]
    assert found["latest"]["reconciliation"]["total"] == "100.5"
    gap = Decimal(found["latest"]["reconciliation"]["difference"])
    assert gap == Decimal(found["latest"]["nav"]) - Decimal("100.5")


async def test_without_the_exchanges_total_there_is_no_reconciliation(spine: Spine) -> None:
    await spine.collect()
    spine.exchange.faults.append(Fault("/sapi/v1/asset/wallet/balance"))
    await spine.collect(BORN_AT + HOUR)
    found = await listed(spine)
    for one in (found["main"], found["spot"]):
        tried = {"at": stamp(BORN_AT + HOUR), "complete": True, "missing": []}
        assert one["last_try"] == {**tried, "wallets": one["latest"]["wallets"]}
        assert one["latest"]["reconciliation"] is None
    # What is known by its total alone is not known without it.
    unknown = ["copy_trading", "trading_bots"]
    lacking = {"at": stamp(BORN_AT + HOUR), "complete": False, "missing": unknown}
    assert found["mixed"]["last_try"] == {**lacking, "wallets": sorted({*EVERY_WALLET} - {*unknown})}


@pytest.mark.parametrize("ever", [True, False], ids=["priced before", "never priced"])
async def test_a_coin_without_a_price_is_shown_with_its_last_one_or_as_unpriced(spine: Spine, *, ever: bool) -> None:
    if ever:
        await spine.collect()

    def without_ldo(request: Any, response: Any) -> Any:
        if not request.url.path.endswith("/ticker/price"):
            return response
        rows = [row for row in response.json() if not row["symbol"].startswith("LDO")]
        return type(response)(200, json=rows, request=request)

    spine.to_exchange.edits.append(without_ldo)
    await spine.collect(BORN_AT + EIGHT)
    spot = (await listed(spine))["spot"]
    assert spot["last_try"]["complete"]
    latest = spot["latest"]
    if ever:
        (stale,) = latest["stale_prices"]
        assert set(stale) == promised("StalePrice")
        assert (stale["asset"], stale["priced_at"], latest["unpriced"]) == ("LDO", stamp(BORN_AT), [])
        worth = Decimal(stale["quantity"]) * Decimal(stale["price"])
        assert abs(worth - Decimal(stale["value"])) < Decimal("0.00000001")
    else:
        (unpriced,) = latest["unpriced"]
        assert (set(unpriced), unpriced["asset"], latest["stale_prices"]) == (promised("Unpriced"), "LDO", [])
