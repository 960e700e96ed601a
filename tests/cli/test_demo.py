"""Demo mode on the command line, and the demo exchange on its own port."""

import hmac
import json
import signal
import subprocess
from hashlib import sha256
from pathlib import Path

import httpx

from lib.binance.signing import signed
from tests.cli.process import PATIENCE_S, command, environment, run

DEMO = "Demo mode: "
RIGHTS = "/sapi/v1/account/apiRestrictions"


def test_without_settings_every_command_says_first_that_it_is_a_demo(tmp_path: Path) -> None:
    first = run(tmp_path, "accounts", "list", "--json")
    assert first.returncode == 0
    told = first.stderr.splitlines()
    assert told[0].startswith(DEMO)
    assert told[-1] == "Building 90 days of history: 501 of 501 runs"
    assert [one["name"] for one in json.loads(first.stdout)["accounts"]] == ["Main", "Spot", "Mixed"]
    shown = run(tmp_path, "history", "main", "--range", "90d")
    assert shown.returncode == 0
    assert [line[: len(DEMO)] for line in shown.stderr.splitlines()] == [DEMO], "the second time nothing is built"
    assert "the benchmark since the start, return" in shown.stdout.splitlines()[-1]
    unknown = run(tmp_path, "collect", "--account", "nope")
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert unknown.stderr.splitlines()[-1] == (
        "monitor: there is no account 'nope'; those there are: main (Main), spot (Spot), mixed (Mixed)"
    )
    collected = run(tmp_path, "collect", "--json", "--force")
    assert (collected.returncode, json.loads(collected.stdout)["status"]) == (0, "ok")


def test_the_demo_exchange_offers_an_account_of_every_kind(tmp_path: Path) -> None:
    arguments = command(tmp_path, "demo", "exchange", "--port", "0", "--archetypes")
    with subprocess.Popen(
        arguments, cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout
            names = [one["name"] for one in json.loads(process.stdout.readline())["accounts"]]
            assert names[:3] == ["Main", "Spot", "Mixed"]
            assert {"COIN-M", "Margin", "Portfolio margin", "Delisted", "Master", "Sub", "Empty"} <= set(names)
        finally:
            process.kill()
            process.communicate()


def test_the_demo_exchange_has_keys_of_all_three_kinds_where_asked(tmp_path: Path) -> None:
    arguments = command(tmp_path, "demo", "exchange", "--port", "0", "--other-keys")
    with subprocess.Popen(arguments, cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            described = json.loads(process.stdout.readline())
            assert list(described) == ["url", "accounts", "other_keys"]
            with httpx.Client(base_url=described["url"], timeout=PATIENCE_S) as client:
                at = client.get("/api/v3/time").json()["serverTime"]
                for key in described["other_keys"]:
                    assert list(key) == ["name", "api_key", "private_key"]
                    good = client.get(
                        f"{RIGHTS}?{signed('', key['private_key'], at)}", headers={"X-MBX-APIKEY": key["api_key"]}
                    )
                    assert good.json()["enableReading"] is True
        finally:
            process.kill()


def test_the_demo_exchange_prints_one_line_and_answers_what_is_signed(tmp_path: Path) -> None:
    arguments = command(tmp_path, "demo", "exchange", "--port", "0")
    with subprocess.Popen(
        arguments, cwd=tmp_path, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout
            described = json.loads(process.stdout.readline())
            assert list(described) == ["url", "accounts"]
            assert [list(one) for one in described["accounts"]] == [["name", "api_key", "api_secret", "kind"]] * 3
            assert [one["name"] for one in described["accounts"]] == ["Main", "Spot", "Mixed"]
            with httpx.Client(base_url=described["url"], timeout=PATIENCE_S) as client:
                at = client.get("/api/v3/time").json()["serverTime"]
                for account in described["accounts"]:
                    query = f"recvWindow=60000&timestamp={at}"
                    signature = hmac.new(account["api_secret"].encode(), query.encode(), sha256).hexdigest()
                    headers = {"X-MBX-APIKEY": account["api_key"]}
                    good = client.get(
                        f"/sapi/v1/account/apiRestrictions?{query}&signature={signature}", headers=headers
                    )
                    assert good.json()["enableReading"] is True
                    bad = client.get(f"/sapi/v1/account/apiRestrictions?{query}&signature={'0' * 64}", headers=headers)
                    assert (bad.status_code, bad.json()["code"]) == (400, -1022)
                taken = run(tmp_path, "demo", "exchange", "--port", described["url"].rpartition(":")[2])
                assert (taken.returncode, taken.stdout) == (2, "")
                assert "is taken" in taken.stderr
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=PATIENCE_S)
            assert (process.returncode, out, err) == (0, "", "Stopped.\n")
        finally:
            process.kill()
