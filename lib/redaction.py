"""Take secrets out of what is about to be written: by the name of a field, and by the look of a text."""

import math
import re
from collections.abc import Mapping
from datetime import datetime

HIDDEN = "[hidden]"

_SECRET_NAME = re.compile(
    r"secret|password|passphrase|token|api_?key|apikey|signature|authorization|cookie|credential|encryption_key|alert_url",
    re.IGNORECASE,
)
_SECRET_TEXTS = (
    (re.compile(r"(?<=[\w/])\?[^\s\"'<>]*=[^\s\"'<>]*"), "?" + HIDDEN),  # a query string, whatever is in it
    (re.compile(r"\b((?:postgres(?:ql)?|https?)://)[^\s/@]+@"), rf"\1{HIDDEN}@"),  # a password in an address
    # Where alerts are sent to: whoever has such an address can send there, too.
    (re.compile(r"\b(?!https?:|postgres(?:ql)?:)([A-Za-z][A-Za-z0-9+.-]*)://[^\s\"'<>]+"), rf"\1://{HIDDEN}"),
    (re.compile(r"\b(bearer|basic)\s+[^\s\"',;]+", re.IGNORECASE), rf"\1 {HIDDEN}"),
    (
        re.compile(r"(?i)\b(x-mbx-apikey|apikey|signature|password|secret)([\"']?\s*[:=]\s*[\"']?)[^\s\"',;&}]+"),
        r"\1\2" + HIDDEN,
    ),
    (re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(-----END [A-Z ]*PRIVATE KEY-----|$)", re.DOTALL), HIDDEN),
    (re.compile(r"\bsb_secret_[\w-]+"), HIDDEN),
    (re.compile(r"\beyJ[\w-]+\.[\w-]+\.[\w-]*"), HIDDEN),  # a JSON web token
    (re.compile(r"(?<![\w+/-])[A-Za-z0-9]{64}(?![\w+/=-])"), HIDDEN),  # an exchange key, secret or signature
    (re.compile(r"(?<![\w+/-])[A-Za-z0-9+/_-]{43}="), HIDDEN),  # 32 bytes in base64
)


def redacted(value: object, name: str = "") -> object:
    """Return `value` without its secrets; `name` is the field it stands under.

    Numbers, truth and nothing stay as they are, containers are followed, a time is RFC 3339, everything else is shown
    as text.
    """
    if value is None or isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    if _SECRET_NAME.search(name):
        return HIDDEN
    if isinstance(value, Mapping):
        return {str(key): redacted(inner, str(key)) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [redacted(inner) for inner in value]
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    return redacted_text(str(value))


def redacted_text(text: str) -> str:
    """Return `text` with everything that looks like a secret replaced."""
    for pattern, replacement in _SECRET_TEXTS:
        text = pattern.sub(replacement, text)
    return text
