"""Answers compressed on their way: for who takes it, where it is worth it, and the same once they are there."""

import asyncio
import gzip

import pytest
from starlette.requests import Request
from starlette.responses import Response

from lib.web.compress import compress

COLUMNS = ",".join(f"{number * 7919 % 100003}.{number * 104729 % 97:02}" for number in range(2000)).encode()


async def answered(accepted: str | None, body: bytes = COLUMNS) -> Response:
    headers = [] if accepted is None else [(b"accept-encoding", each.encode()) for each in accepted.split("; also ")]
    response = Response(body)
    await compress(Request({"type": "http", "headers": headers}), response)
    assert response.headers["content-length"] == str(len(response.body))
    assert response.headers["vary"] == "Accept-Encoding"
    return response


@pytest.mark.parametrize(
    "accepted", ["gzip", "br, GZIP", "gzip;q=0.001, *;q=0", "*", "br;q=1.0, gzip; q=0.8", "br; also gzip"]
)
async def test_who_takes_gzip_gets_it_and_reads_the_same(accepted: str) -> None:
    response = await answered(accepted)
    assert response.headers["content-encoding"] == "gzip"
    assert gzip.decompress(response.body) == COLUMNS


@pytest.mark.parametrize("accepted", [None, "", "br", "identity", "gzip;q=0", "gzip;q=0.000, *", "*;q=0", "x-gzipped"])
async def test_who_does_not_take_gzip_gets_it_plain(accepted: str | None) -> None:
    response = await answered(accepted)
    assert "content-encoding" not in response.headers
    assert response.body == COLUMNS


async def test_a_long_one_is_the_same_and_lets_others_go_on() -> None:
    long, others = COLUMNS * 40, 0

    async def other() -> None:
        nonlocal others
        while True:
            others += 1
            await asyncio.sleep(0)

    going_on = asyncio.create_task(other())
    response = await answered("gzip", long)
    going_on.cancel()
    assert gzip.decompress(response.body) == long
    assert others > 1


async def test_what_fits_into_a_packet_stays_as_it_is() -> None:
    response = await answered("gzip", b"[]" * 600)
    assert ("content-encoding" in response.headers, response.body) == (False, b"[]" * 600)


async def test_columns_of_numbers_get_smaller_than_by_the_common_way() -> None:
    assert len((await answered("gzip")).body) < len(gzip.compress(COLUMNS))
