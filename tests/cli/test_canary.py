"""A whole life with secrets that would be recognised anywhere: afterwards they are nowhere that they should not be."""

import base64
import json
import secrets
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import httpx
import psycopg
import pytest
from psycopg import sql

from lib.demo.faults import Fault
from lib.vault import generate_key
from tests.cli.conftest import RISKY, Served
from tests.cli.process import PATIENCE_S, Running, run, running
from tests.local.test_server import address

LOST = "postgresql://monitor:hunter2-of-the-database@127.0.0.1:1/nowhere"
PROXY = "http://monitor:hunter2-of-the-proxy@127.0.0.1:1"


@dataclass
class Heard:
    """Everything that came out, by where it did."""

    texts: dict[str, list[str]] = field(default_factory=dict)

    def __call__(self, where: str, text: str) -> str:
        self.texts.setdefault(where, []).append(text)
        return text


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody with settings, a home and a browser."""

    home: Path
    settings: dict[str, str]
    heard: Heard

    def command(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        done = run(self.home, *arguments, **{**self.settings, **settings})
        self.heard(f"./monitor {' '.join(arguments)}", done.stdout + done.stderr)
        return done

    @contextmanager
    def serving(self) -> Iterator[tuple[Running, httpx.Client]]:
        with running(self.home, "serve", prints=True, PORT="0", **self.settings) as server:
            url = address(server)
            with httpx.Client(base_url=url, timeout=PATIENCE_S, headers={"Origin": url}) as browser:
                yield server, browser
            self.heard("./monitor serve", "\n".join(server.told))

    def ask(self, browser: httpx.Client, method: str, path: str, **rest: object) -> httpx.Response:
        answer = browser.request(method, path, **rest)  # type: ignore[arg-type]
        # A cookie and a link's token are for whoever gets this answer: that is how they get there.
        heads = [f"{name}: {value}" for name, value in answer.headers.items() if name != "set-cookie"]
        self.heard(f"{method} {path}", "\n".join((*heads, answer.text)))
        return answer


def processes() -> str:
    """The command lines of all that runs on this machine."""
    lines = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            lines.append(path.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            continue  # it has ended
    return "\n".join(lines)


def stored(dsn: str) -> Iterator[tuple[str, str]]:
    """Every row of every table, as text."""
    with psycopg.connect(dsn) as connection:
        tables = connection.execute(
            "select schemaname, tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema')"
        ).fetchall()
        for schema, table in tables:
            rows = sql.SQL("select t::text from {} as t").format(sql.Identifier(schema, table))
            yield f"table {table}", "\n".join(row for (row,) in connection.execute(rows))


def kept(home: Path) -> Iterator[tuple[str, str]]:
    """Every file at home."""
    for path in home.rglob("*"):
        if path.is_file():
            yield str(path.relative_to(home)), path.read_bytes().decode(errors="replace")


def forms(secret: str) -> set[str]:
    """What a secret looks like where it leaks."""
    raw = secret.encode()
    return {
        secret,
        quote(secret, safe=""),
        base64.b64encode(raw).decode().rstrip("="),
        raw.hex(),
        json.dumps(secret)[1:-1],
    }


@pytest.fixture
def owner(tmp_path: Path, own: dict[str, str]) -> Owner:
    own = {
        **own,
        "LOG_LEVEL": "DEBUG",
        "CRON_SECRET": secrets.token_urlsafe(32),
        "API_TOKEN": secrets.token_urlsafe(32),
        "ALERT_URLS": "json://monitor:hunter2-of-the-messages@127.0.0.1:1/hunter2",
        "DASHBOARD_PASSWORD": f'{secrets.token_hex(8)} & "{secrets.token_hex(8)}"',
    }
    return Owner(tmp_path, own, Heard())


def live(owner: Owner, exchange: Served, browser: httpx.Client, key: dict[str, str]) -> set[str]:
    """Log in, add, look, fail, change, share; returns the secrets that were made on the way."""
    bearer = {"Authorization": f"Bearer {owner.settings['CRON_SECRET']}"}
    viewer = {"Authorization": f"Bearer {owner.settings['API_TOKEN']}"}
    password = {"password": owner.settings["DASHBOARD_PASSWORD"]}
    assert owner.ask(browser, "POST", "/api/session", json={"password": password["password"][:-1]}).status_code == 401
    assert owner.ask(browser, "POST", "/api/session", json=password).status_code == 200
    risky = {"api_key": RISKY.api_key, "secret": str(RISKY.secret)}
    assert owner.ask(browser, "POST", "/api/accounts", json={"name": "Risky", **risky}).status_code == 422
    wrong = {"api_key": key["api_key"], "secret": key["secret"][:-1]}
    assert owner.ask(browser, "POST", "/api/accounts", json={"name": "Wrong", **wrong}).status_code == 422
    assert owner.ask(browser, "POST", "/api/accounts", json={"name": "Main", **key}).status_code == 201
    owner.ask(browser, "PATCH", "/api/accounts", json={"account": "main", "key": key})
    owner.ask(browser, "POST", "/api/accounts", content=json.dumps({"name": 1, **key})[:-9])
    for fault in (
        Fault("/", "torn body", times=5),
        Fault("/", status=401, body=b'{"code":-2015,"msg":"Invalid API-key, IP, or permissions for action."}', times=9),
        Fault("/", "disconnect", times=30),
    ):
        exchange.exchange.faults.append(fault)
        owner.ask(browser, "GET", "/api/collect?force=true", headers=bearer)
        exchange.exchange.faults.clear()
    owner.ask(browser, "GET", "/api/collect?force=true&account=main", headers=bearer)
    looks = (
        "accounts",
        "history?account=main",
        "holdings?account=main",
        "flows?account=main",
        "logs?limit=500",
        "health",
    )
    for call in looks:
        assert owner.ask(browser, "GET", f"/api/{call}", headers=viewer).status_code == 200
    token = browser.post("/api/share", json={"account": "main"}).json()["token"]
    shared = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=browser.base_url) as somebody:
        assert owner.ask(somebody, "GET", "/api/share", headers=shared).status_code == 200
    assert owner.ask(browser, "GET", "/api/share").status_code == 200
    return {token, *browser.cookies.values()}


def test_after_a_whole_life_no_secret_is_anywhere(owner: Owner, exchange: Served) -> None:
    account = exchange.exchange.world.account("Main")
    key = {"api_key": account.api_key, "secret": account.api_secret}
    with owner.serving() as (server, browser):
        made = live(owner, exchange, browser, key)
        owner.heard("processes", processes())
        exchange.exchange.faults.append(Fault("/sapi/v1/asset/wallet/balance", "timeout"))
        hanging = threading.Thread(target=_collect_until_it_dies, args=(browser, owner.settings["CRON_SECRET"]))
        hanging.start()
        server.stop(signal.SIGKILL)
        hanging.join(PATIENCE_S)
        exchange.exchange.faults.clear()
    with owner.serving() as (server, browser):
        assert owner.ask(browser, "GET", "/api/health").status_code == 200
        assert server.stop(signal.SIGTERM) == 0
    former, owner.settings["ENCRYPTION_KEY"] = owner.settings["ENCRYPTION_KEY"], generate_key()
    assert owner.command("rotate-key", ENCRYPTION_KEYS_OLD=former).returncode == 0
    assert owner.command("export", "main", "--output", str(owner.home / "main.json")).returncode == 0
    for arguments in (
        ("collect", "--force"),
        ("accounts", "list", "--json"),
        ("accounts", "check", "--json"),
        ("logs", "--json", "--limit", "500"),
        ("history", "main", "--json"),
        ("flows", "list", "main"),
        ("doctor", "--json"),
    ):
        owner.command(*arguments)
    assert owner.command("collect", "--force", ENCRYPTION_KEY=generate_key()).returncode == 1
    assert owner.command("collect", "--force", BINANCE_PROXY_URL=PROXY).returncode == 1
    assert owner.command("migrate", DATABASE_URL=LOST).returncode == 1
    owner.command("doctor", DATABASE_URL=LOST, BINANCE_PROXY_URL=PROXY, ENCRYPTION_KEY="not a key at all")
    own = (owner.settings[name] for name in ("ENCRYPTION_KEY", "CRON_SECRET", "API_TOKEN", "DASHBOARD_PASSWORD"))
    hidden = {*made, *own, former, *key.values(), RISKY.api_key, str(RISKY.secret), "hunter2", "not a key at all"}
    places = [
        *((where, text) for where, texts in owner.heard.texts.items() for text in texts),
        *stored(owner.settings["DATABASE_URL"]),
        *kept(owner.home),
    ]
    assert len(places) > 40
    assert any("account.stored" in text for _, text in places)
    told = [(where, form) for secret in hidden for form in forms(secret) for where, text in places if form in text]
    assert [(where, form[:4]) for where, form in told] == []


def _collect_until_it_dies(browser: httpx.Client, secret: str) -> None:
    try:
        browser.get("/api/collect?force=true", headers={"Authorization": f"Bearer {secret}"})
    except httpx.TransportError:
        return  # as it should: the server was killed
