"""Tells a source that is refused for good from one that failed this time. Source: product, 4.2; reference, H.1."""

from collections.abc import Iterator
from contextlib import contextmanager

from lib.binance.errors import BinanceError, KeyRefused, SourceRefused

_NO_RIGHT = -2015
_NO_SUCH_PATH = 404  # another house of the exchange, which has not all lists
_ASKED_WRONGLY = range(-1199, -1099)  # parameters: then the fault is ours
_SPAN_TOO_WIDE = frozenset({-1023, -4047, -6021})


@contextmanager
def telling(source: str) -> Iterator[None]:
    """Turn a refusal for good into SourceRefused; every other error stays as it is."""
    try:
        yield
    except BinanceError as error:
        if not _is_for_good(error):
            raise
        raise SourceRefused(source, error) from error


def _is_for_good(error: BinanceError) -> bool:
    if isinstance(error, KeyRefused):
        return error.reason == _NO_RIGHT
    reason = error.reason
    if type(error) is not BinanceError or reason is None:
        return type(error) is BinanceError and error.status == _NO_SUCH_PATH
    return reason not in _ASKED_WRONGLY and reason not in _SPAN_TOO_WIDE
