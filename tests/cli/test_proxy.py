"""Binance through a proxy: the real addresses, TLS and a password, and a proxy that is a process of its own."""

import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import uvicorn
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from lib.demo.asgi import asgi_app
from lib.local.server import listen
from lib.vault import generate_key
from tests.cli.conftest import Served
from tests.cli.process import PATIENCE_S, ROOT, run

HOSTS = ("api.binance.com", "fapi.binance.com", "dapi.binance.com", "eapi.binance.com", "papi.binance.com",
         "data-api.binance.vision")  # fmt: skip
LOGIN = "monitor:hunter2"


@dataclass(frozen=True, slots=True)
class Secure:
    """The demo exchange as if it were Binance: its names, and a certificate for them."""

    port: int
    certificate: Path


@pytest.fixture(scope="module")
def secure(served_exchange: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secure]:
    folder = tmp_path_factory.mktemp("tls")
    _certify(folder)
    listening = listen("127.0.0.1", 0)
    config = uvicorn.Config(
        asgi_app(served_exchange.exchange),
        log_config=None,
        access_log=False,
        lifespan="off",
        ssl_keyfile=str(folder / "key.pem"),
        ssl_certfile=str(folder / "certificate.pem"),
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    yield Secure(listening.getsockname()[1], folder / "certificate.pem")
    server.should_exit = True
    thread.join(timeout=10)


def _certify(folder: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "demo exchange")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in HOSTS]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


@contextmanager
def proxy(target: str) -> Iterator[tuple[str, "subprocess.Popen[str]"]]:
    """Run the proxy; its output is what it was asked for."""
    command = [sys.executable, "-m", "tests.proxy", target, LOGIN]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout
            yield f"127.0.0.1:{process.stdout.readline().strip()}", process
        finally:
            process.terminate()


def asked_of(process: "subprocess.Popen[str]") -> set[str]:
    process.terminate()
    return set(process.communicate(timeout=PATIENCE_S)[0].splitlines())


@pytest.fixture
def own(database: str, exchange: Served) -> dict[str, str]:
    account = exchange.exchange.world.account("Main")
    return {
        "DATABASE_URL": database.replace("@/", "@localhost/"),
        "ENCRYPTION_KEY": generate_key(),
        "BINANCE_API_KEY": account.api_key,
        "BINANCE_API_SECRET": account.api_secret,
    }


def test_every_call_to_binance_and_no_other_goes_through_the_proxy(
    own: dict[str, str], secure: Secure, tmp_path: Path
) -> None:
    with proxy(f"127.0.0.1:{secure.port}") as (address, process):
        settings = {**own, "BINANCE_PROXY_URL": f"http://{LOGIN}@{address}", "SSL_CERT_FILE": str(secure.certificate)}
        done = run(tmp_path, "accounts", "add", "Main", **settings)
        assert (done.returncode, done.stderr) == (0, "")
        checked = run(tmp_path, "accounts", "check", **settings)
        assert "https://api.binance.com answers this machine through the proxy" in checked.stdout
        assert "hunter2" not in checked.stdout + checked.stderr
        asked = asked_of(process)
    assert {f"CONNECT {host}:443 200" for host in ("api.binance.com", "fapi.binance.com")} <= asked
    assert asked <= {f"CONNECT {host}:443 200" for host in HOSTS}


def test_a_wrong_password_is_named_and_not_shown(own: dict[str, str], secure: Secure, tmp_path: Path) -> None:
    with proxy(f"127.0.0.1:{secure.port}") as (address, process):
        settings = {**own, "BINANCE_PROXY_URL": f"http://monitor:wrong-guess@{address}"}
        done = run(tmp_path, "accounts", "add", "Main", **settings, SSL_CERT_FILE=str(secure.certificate))
        assert done.returncode == 1
        assert "the proxy does not let us through" in done.stderr
        checked = run(tmp_path, "accounts", "check", "--json", **settings, SSL_CERT_FILE=str(secure.certificate))
        assert "wrong-guess" not in done.stderr + checked.stdout + checked.stderr
        found = [one for one in json.loads(checked.stdout)["findings"] if one["level"] == "problem"]
        assert {"name and password" in one["remedy"] for one in found} == {True}
        assert all(line.endswith(" 407") for line in asked_of(process))


def test_addresses_without_tls_are_forwarded(own: dict[str, str], exchange: Served, tmp_path: Path) -> None:
    with proxy(exchange.url.removeprefix("http://")) as (address, process):
        elsewhere = {f"BINANCE_{host}_URL": "http://binance.test" for host in ("API", "FAPI", "DATA")}
        settings = {**own, **elsewhere, "BINANCE_PROXY_URL": f"http://{LOGIN}@{address}"}
        done = run(tmp_path, "accounts", "add", "Main", **settings)
        assert (done.returncode, done.stderr) == (0, "")
        asked = asked_of(process)
    assert "GET http://binance.test/fapi/v3/account 200" in asked
    with proxy(exchange.url.removeprefix("http://")) as (address, _):
        wrong = {**settings, "BINANCE_PROXY_URL": f"http://monitor:wrong-guess@{address}"}
        done = run(tmp_path, "collect", "--force", "--json", **wrong)
        (account,) = json.loads(done.stdout)["accounts"]
        assert (done.returncode, "the proxy wants another name or password" in account["error"]) == (1, True)
