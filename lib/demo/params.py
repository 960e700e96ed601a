"""Parameters of a call: read once, refused in the exchange's words."""

import json
import re
from urllib.parse import parse_qsl

from lib.demo.access import missing
from lib.demo.listing import BY_SYMBOL, Listed
from lib.demo.messages import Refused, Request
from lib.demo.routes import Params

_SYMBOL = re.compile(r"[A-Z0-9\-_.]{1,20}")
_LONGEST_INTEGER = 20
_STATUSES = ("TRADING", "HALT", "BREAK")


def parse(request: Request) -> dict[str, str]:
    """Return the parameters of query and form body; where both have one, the query's value wins."""
    if not request.query and not request.body:
        return {}
    text = request.query.decode("latin-1")
    found = dict(parse_qsl(request.body.decode("latin-1"), keep_blank_values=True)) if request.body else {}
    found.update(parse_qsl(text, keep_blank_values=True))
    return found


def required(params: Params, name: str) -> str:
    """Return a parameter. Raises: Refused (-1102) where it is absent or empty."""
    value = params.get(name)
    if not value:
        raise missing(name)
    return value


def integer(params: Params, name: str) -> int | None:
    """Return a whole number, or None where it was not sent. Raises: Refused (-1100)."""
    text = params.get(name)
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= _LONGEST_INTEGER):
        raise _illegal(name, "^[0-9]{1,20}$")
    return int(text)


def limit(params: Params, default: int, most: int) -> int:
    """Return how many rows are wanted, never above `most`. Raises: Refused (-1130) below 1."""
    asked = integer(params, "limit")
    if asked is None:
        return default
    if asked < 1:
        raise invalid("limit")
    return min(asked, most)


def invalid(name: str) -> Refused:
    """Return the refusal of a value that cannot be."""
    return Refused(400, -1130, f"Data sent for parameter '{name}' is not valid.")


def status(params: Params) -> str | None:
    """Return the wanted symbol status, or None. Raises: Refused."""
    wanted = params.get("symbolStatus")
    if wanted and wanted not in _STATUSES:
        raise invalid("symbolStatus")
    return wanted or None


def listed(name: str, parameter: str = "symbol") -> Listed:
    """Return the market of a symbol. Raises: Refused (-1100 for its spelling, -1121 where there is none)."""
    if not _SYMBOL.fullmatch(name):
        raise _illegal(parameter, "^[A-Z0-9-_.]{1,20}$")
    found = BY_SYMBOL.get(name)
    if found is None:
        raise Refused(400, -1121, "Invalid symbol.")
    return found


def symbols(text: str) -> tuple[Listed, ...]:
    """Return the markets of a JSON list of symbols. Raises: Refused, also for a name that comes twice (-1151)."""
    try:
        names = json.loads(text)
    except ValueError:
        names = None
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        raise _illegal("symbols", '^\\["[A-Z0-9-_.]{1,20}"(,"[A-Z0-9-_.]{1,20}")*\\]$')
    if len(set(names)) < len(names):
        raise Refused(400, -1151, "Symbol is present multiple times in the list.")
    return tuple(listed(name, "symbols") for name in names)


def _illegal(name: str, legal: str) -> Refused:
    return Refused(400, -1100, f"Illegal characters found in parameter '{name}'; legal range is '{legal}'.")
