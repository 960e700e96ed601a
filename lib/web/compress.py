"""Answers made smaller on their way."""

import zlib

from starlette.requests import Request
from starlette.responses import Response

_SMALLEST_B = 1400  # what fits into one packet comes no sooner by being shorter
_GZIP = 16 + zlib.MAX_WBITS


def compress(request: Request, response: Response) -> None:
    """Compress the body of `response` where it is worth it and the caller takes gzip.

    Columns of numbers hardly ever repeat, and the few digits that do cost more to point at than to say again: so short
    matches are not looked for, which no middleware offers.

    Source: RFC 9110, 8.4.1 and 12.5.3.
    """
    response.headers.add_vary_header("Accept-Encoding")
    if len(response.body) < _SMALLEST_B or not _takes_gzip(request.headers.get("accept-encoding", "")):
        return
    deflate = zlib.compressobj(zlib.Z_BEST_COMPRESSION, zlib.DEFLATED, _GZIP, zlib.DEF_MEM_LEVEL, zlib.Z_FILTERED)
    response.body = deflate.compress(bytes(response.body)) + deflate.flush()
    response.headers["Content-Encoding"] = "gzip"
    response.headers["Content-Length"] = str(len(response.body))


def _takes_gzip(accepted: str) -> bool:
    """Say whether gzip is accepted, by its own name or with all; a weight of 0 refuses it."""
    weights = dict(_coding(entry) for entry in accepted.lower().split(","))
    return weights.get("gzip", weights.get("*", False))


def _coding(entry: str) -> tuple[str, bool]:
    name, _, parameters = entry.partition(";")
    weight = parameters.replace(" ", "").removeprefix("q=")
    return name.strip(), weight.strip("0.") != "" or not weight
