import base64
import re
import subprocess
import sys

import httpx
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from hypothesis import given
from hypothesis import strategies as st

from lib.binance.private_keys import UnreadableKey
from lib.binance.signing import encode, signature, signed
from lib.demo.signatures import ed25519_key, fits, rsa_key

SECRET = "NhqPtmdSJYdKjVHjA7PZj4Mge3R5YNiP1e3UZjInClVN65XAbvqqM6A7H5fATj0j"
FUTURES_SECRET = "2b5eb11e18796d12d88f13dc27dbbd02c2cc51ff7059765ed9821957d82bb4d9"
ORDER = "side=BUY&type=LIMIT&timeInForce=GTC&quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559"
NEW_YEAR_MS = 1_767_225_600_000

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        pytest.param(
            f"symbol=LTCBTC&{ORDER}",
            "c8db56825ae71d6d79447849e617115f4a920fa2acdcab2b053c4b2838bd6b71",
            id="1 published, plain",
        ),
        pytest.param(
            f"{encode({'symbol': '１２３４５６'})}&{ORDER}",
            "e1353ec6b14d888f1164ae9af8228a3dbd508bc82eb867db8ab6046442f33ef3",
            id="2 published, full-width digits",
        ),
        pytest.param(
            "symbol=LTCBTC&side=BUY&type=LIMIT&timeInForce=GTC"
            "quantity=1&price=0.1&recvWindow=5000&timestamp=1499827319559",
            "0fd168b8ddb4876a0358a8d14d0c9f3da0e9b20c5d52b2a00fcf7d1c602f9a77",
            id="3 published, query and body with nothing between",
        ),
        pytest.param(
            encode({"timestamp": NEW_YEAR_MS}),
            "6ba25865731cfb3526ddcb492e15c453422b3d46f1930cdff5e9de08e583ba9f",
            id="4",
        ),
        pytest.param(
            encode({"omitZeroBalances": "true", "recvWindow": 5000, "timestamp": NEW_YEAR_MS}),
            "2f4008cc7eabe73d7c908f348a4fc776828a2d40c6d33fbb3c3404bd53d18917",
            id="5",
        ),
        pytest.param(
            encode({"symbols": '["BTCUSDT","ETHUSDT"]', "timestamp": NEW_YEAR_MS}),
            "2dc31ede0ac9979c4ee91cd73d70364457222c815a4c2badbfbf8d2d1ee2e6dc",
            id="6 brackets and quotes",
        ),
        pytest.param(
            encode({"email": "user+sub1@example.com", "timestamp": NEW_YEAR_MS}),
            "4aa20e22c50ce82e22663f1e12996b674e4457ed7f489abd2bf672f837a1e76c",
            id="7 plus and at",
        ),
    ],
)
def test_the_vectors_of_the_spot_page(payload: str, expected: str) -> None:
    assert signature(SECRET, payload.encode()) == expected


def test_the_vector_of_the_futures_page() -> None:
    payload = (
        "symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=1&price=9000&timeInForce=GTC&recvWindow=5000"
        "&timestamp=1591702613943"
    )
    expected = "3c661234138461fcc7a7d8746c6558c9842d4e10870d2ecbedf7777cad694af9"
    assert signature(FUTURES_SECRET, payload.encode()) == expected


def test_a_whole_query_of_the_deposit_history() -> None:
    query = encode({"coin": "USDT", "startTime": 1764547200000, "endTime": 1767225599999, "offset": 0, "limit": 1000})
    assert signed(query, SECRET, NEW_YEAR_MS) == (
        "coin=USDT&startTime=1764547200000&endTime=1767225599999&offset=0&limit=1000&recvWindow=10000"
        "&timestamp=1767225600000&signature=b74fb7e558c4532807743acb22a778a8d96fc42c30d69d391bcc824b03ecd83d"
    )


def test_a_query_of_nothing_but_the_time() -> None:
    assert signed("", SECRET, 5).startswith("recvWindow=10000&timestamp=5&signature=")


PUBLISHED_SEED = "8244616b4606b8400a66fd0efcbea9af1611fd2540e975b3808b20007d9bcf6e"
ED25519 = ed25519_key(bytes.fromhex(PUBLISHED_SEED))


@pytest.mark.parametrize(
    ("payload", "expected"),
    [
        pytest.param(
            b"\x01".join([b"A", b"EXAMPLE", b"SPOT", b"1", b"20240627-11:17:25.223"]),
            "4MHXelVVcpkdwuLbl6n73HQUXUf1dse2PCgT1DYqW9w8AVZ1RACFGM+5UdlGPrQHrgtS3CvsRURC1oj73j8gCA==",
            id="published",
        ),
        pytest.param(
            b"timestamp=1499827319559&recvWindow=5000",
            "Ty7VHcIbvVT5FOxbzZLy3Eli6UrSMLXkqUd2Wgcx8uNWCl45ALDvSQvQhqlCyxYhDK3hb7rqFcX/vZ6B2CB/Ag==",
            id="time alone",
        ),
        pytest.param(
            encode({"omitZeroBalances": "true", "recvWindow": 5000, "timestamp": NEW_YEAR_MS}).encode(),
            "JBubXWCcYclLNylOQiP+AIR05yiLd7hYCXgeP0mCjPZZRuohHeUCGDFQGcplMgSJaJvLVVzVTukGV3tOkvNqCg==",
            id="account",
        ),
        pytest.param(
            b"symbol=BTCUSDT&side=SELL&type=LIMIT&timeInForce=GTC&quantity=1&price=0.2&timestamp=1668481559918"
            b"&recvWindow=5000",
            "inDT086KVIP8vgUfw5sV3VTkescWztiAGlf4x8FLKHM4NInsn0c1kYVLoGMO8cyjfR6vmTku2YQE0gtfVVlfCw==",
            id="order",
        ),
    ],
)
def test_the_vectors_of_ed25519(payload: bytes, expected: str) -> None:
    assert signature(ED25519, payload) == expected


def test_an_rsa_signature_is_the_padded_one_of_sha_256(rsa: str) -> None:
    key = load_pem_private_key(rsa.encode(), None)
    assert isinstance(key, RSAPrivateKey)
    made = base64.b64decode(signature(rsa, b"timestamp=5"), validate=True)
    key.public_key().verify(made, b"timestamp=5", padding.PKCS1v15(), hashes.SHA256())
    assert signature(f"\n  {rsa}\n\n", b"timestamp=5") == signature(rsa, b"timestamp=5")


@pytest.fixture(scope="session")
def rsa() -> str:
    return rsa_key()


@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
def test_a_signature_in_base64_is_encoded_in_the_query_and_the_demo_exchange_takes_it(rsa: str, kind: str) -> None:
    pem = rsa if kind == "rsa" else ED25519
    for at_ms in range(NEW_YEAR_MS, NEW_YEAR_MS + 20):
        payload, _, sent = signed("a=1", pem, at_ms).rpartition("&signature=")
        assert re.fullmatch(r"([A-Za-z0-9]|%2B|%2F|%3D)+", sent)
        assert fits(pem, payload.encode(), sent.encode())
        assert not fits(pem, payload.encode() + b"0", sent.encode())
        assert not fits(pem, payload.encode(), sent.swapcase().encode())


def _with_password() -> str:
    shut = BestAvailableEncryption(b"hunter2")
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, shut).decode()


def _of_another_curve() -> str:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


@pytest.mark.parametrize(
    ("pem", "why"),
    [
        pytest.param(ED25519[:90], "cannot be read", id="torn"),
        pytest.param("-----BEGIN PRIVATE KEY-----\nhunter2\n-----END PRIVATE KEY-----", "cannot be read", id="a word"),
        pytest.param(_with_password(), "has a password", id="with a password"),
        pytest.param(_of_another_curve(), "neither RSA nor Ed25519", id="of another kind"),
    ],
)
def test_a_private_key_that_cannot_sign_is_told_and_not_shown(pem: str, why: str) -> None:
    with pytest.raises(UnreadableKey, match=why) as caught:
        signature(pem, b"x")
    assert "hunter2" not in str(caught.value)
    assert str(caught.value.__cause__) == "None"


def test_what_a_private_key_takes_is_imported_only_where_there_is_one() -> None:
    """A function that starts cold should not read what most accounts do not need."""
    code = (
        "import sys, lib.binance.client; from lib.binance.signing import signature; signature('s', b'x');"
        "sys.exit('cryptography.hazmat.primitives.asymmetric.rsa' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_space_is_not_a_plus() -> None:
    assert encode({"a b": "c d"}) == "a%20b=c%20d"


@given(st.dictionaries(texts, texts, max_size=4))
def test_httpx_sends_exactly_the_bytes_that_were_signed(params: dict[str, str]) -> None:
    query = signed(encode(params), SECRET, NEW_YEAR_MS)
    request = httpx.Request("GET", f"https://api.binance.com/sapi/v1/x?{query}")
    assert request.url.raw_path == f"/sapi/v1/x?{query}".encode()
