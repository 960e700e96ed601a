"""Answers made smaller on their way."""

import asyncio
import zlib

from starlette.requests import Request
from starlette.responses import Response

_SMALLEST_B = 1400  # what fits into one packet comes no sooner by being shorter
_LONG_B = 200_000  # takes some ten milliseconds and more, in which nobody else would be served
_GZIP = 16 + zlib.MAX_WBITS


async def compress(request: Request, response: Response) -> None:
    """Compress the body of `response` where it is worth it and the caller takes gzip.

    Columns of numbers hardly ever repeat, and the few digits that do cost more to point at than to say again: so short
    matches are not looked for, which no middleware offers.

    Source: RFC 9110, 8.4.1 and 12.5.3.
    """
    response.headers.add_vary_header("Accept-Encoding")
    if len(response.body) < _SMALLEST_B or not _takes_gzip(",".join(request.headers.getlist("accept-encoding"))):
        return
    body = bytes(response.body)
    response.body = _packed(body) if len(body) < _LONG_B else await asyncio.to_thread(_packed, body)
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Content-Length"] = str(len(response.body))


def _packed(body: bytes) -> bytes:
    deflate = zlib.compressobj(zlib.Z_BEST_COMPRESSION, zlib.DEFLATED, _GZIP, zlib.DEF_MEM_LEVEL, zlib.Z_FILTERED)
    return deflate.compress(body) + deflate.flush()


def _takes_gzip(accepted: str) -> bool:
    """Say whether gzip is accepted, by its own name or with all; a weight of 0 refuses it."""
    weights = dict(_coding(entry) for entry in accepted.lower().split(","))
    return weights.get("gzip", weights.get("*", False))


def _coding(entry: str) -> tuple[str, bool]:
    name, _, parameters = entry.partition(";")
    weight = parameters.replace(" ", "").removeprefix("q=")
    return name.strip(), weight.strip("0.") != "" or not weight
