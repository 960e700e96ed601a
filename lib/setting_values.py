"""What the text of a setting may be. A refusal never repeats the text of a secret."""

import base64
import binascii
import json
import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit

from lib.errors import ConfigurationError

MINUTES_A_DAY = 1440
LONGEST_NUMBER = 9
KEY_BYTES = 32
LEAST_DIFFERENT_BYTES = 16  # of 32 random ones some thirty differ
LEAST_PASSWORD = 10
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_NEXT_SERVICE = re.compile(r"[\s,]+(?=[a-zA-Z][a-zA-Z0-9+.-]*://)")  # a comma may also stand inside of an address
_SERVICE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://[^\s]+")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


type Network = IPv4Network | IPv6Network


class Refused(ValueError):
    """The text is not acceptable; the message completes a sentence that begins with the setting's name."""


def text(raw: str) -> str:
    """Take the text as it is."""
    return raw


def password(raw: str) -> str:
    """Take a password that nobody guesses within the tries that are let through."""
    if len(raw) < LEAST_PASSWORD:
        raise Refused(f"must have at least {LEAST_PASSWORD} characters")
    return raw


def networks(raw: str) -> tuple[Network, ...]:
    """Read addresses and networks, separated by commas."""
    try:
        return tuple(ip_network(part.strip()) for part in raw.split(",") if part.strip())
    except ValueError:
        raise Refused(f"must be addresses or networks like 127.0.0.1 or 10.0.0.0/8, not {raw!r}") from None


def truth(raw: str) -> bool:
    """Read `true` or `false`."""
    if raw.lower() not in ("true", "false"):
        raise Refused(f"must be true or false, not {raw!r}")
    return raw.lower() == "true"


def port(raw: str) -> int:
    """Read a TCP port; 0 lets the system choose a free one."""
    if not (raw.isascii() and raw.isdigit()) or int(raw) > 65535:  # noqa: PLR2004  the protocol's own bound
        raise Refused(f"must be a port from 0 to 65535, not {raw!r}")
    return int(raw)


def slot_minutes(raw: str) -> int:
    """Read the length of a slot; slots begin anew at midnight, so it divides the day."""
    if not (raw.isascii() and raw.isdigit()) or int(raw) == 0 or MINUTES_A_DAY % int(raw):
        raise Refused(f"must be whole minutes that divide a day (1, 5, 15, 30, 60, ... 1440), not {raw!r}")
    return int(raw)


def positive(raw: str) -> int:
    """Read a whole number above 0."""
    if not (raw.isascii() and raw.isdigit() and len(raw) <= LONGEST_NUMBER) or int(raw) == 0:
        raise Refused(f"must be a whole number from 1 on, not {raw!r}")
    return int(raw)


def log_level(raw: str) -> str:
    """Read a level's name in either case."""
    if raw.upper() not in LOG_LEVELS:
        raise Refused(f"must be one of {', '.join(LOG_LEVELS)}, not {raw!r}")
    return raw.upper()


def web_address(raw: str) -> str:
    """Read the beginning of an address, without the slash at its end."""
    if not _is_address(raw, ("https", "http")) or "?" in raw or "#" in raw or "@" in raw:
        raise Refused("must be an address like https://example.com, without name, password or query")
    return raw.rstrip("/")


def proxy_address(raw: str) -> str:
    """Read where a proxy listens; it may hold a password, so no message repeats it."""
    parts = urlsplit(raw) if _is_address(raw, ("https", "http")) else None
    if parts is None or parts.path not in ("", "/") or parts.query or parts.fragment or _LONE_PERCENT.search(raw):
        raise Refused("must be the address of a proxy like http://name:password@host:3128, % in it written as %25")
    return raw.rstrip("/")


def postgres_address(raw: str) -> str:
    """Read a connection string; it may hold a password, so no message repeats it."""
    if not _is_address(raw, ("postgresql", "postgres")):
        raise Refused("must be a connection string like postgresql://user:password@host:5432/name")
    if "@" in urlsplit(raw).netloc.rpartition("@")[0] or _LONE_PERCENT.search(raw):
        # the database's client would take a part of the password for something else, and say it aloud
        raise Refused("has a password with @ or % in it: write them as %40 and %25")
    return raw


def services(raw: str) -> tuple[str, ...]:
    """Read the addresses of services that take messages; they hold secrets, so no message repeats one."""
    parts = _NEXT_SERVICE.split(raw.strip(", \t\n"))
    for place, part in enumerate(parts, 1):
        if not _SERVICE.fullmatch(part):
            raise Refused(
                f"must be addresses like tgram://TOKEN/CHAT, separated by commas or spaces; number {place} is none"
            )
    return tuple(parts)


def supabase_key(raw: str) -> str:
    """Read a key that may pass row level security; a key made for browsers is refused."""
    if raw.startswith("sb_publishable_"):
        raise Refused("is a publishable key, which reads nothing here: use the secret key, sb_secret_...")
    role = _jwt_role(raw)
    if role is not None and role != "service_role":
        raise Refused(f"is a key of the role {role}, which reads nothing here: use the secret or the service_role key")
    return raw


def key(raw: str) -> bytes:
    """Read 32 bytes in base64, of either alphabet."""
    try:
        found = base64.b64decode(raw.replace("-", "+").replace("_", "/"), validate=True)
    except binascii.Error:
        found = b""
    if len(found) != KEY_BYTES:
        raise Refused(f"must be {KEY_BYTES} random bytes in base64: ./monitor keygen makes one")
    return found


def strong_key(raw: str) -> bytes:
    """Read the key that encrypts: what nobody drew by lot is refused. A former one may be weak, it only decrypts."""
    found = key(raw)
    weak = "a text in base64" if found.isascii() else ""
    if len(set(found)) < LEAST_DIFFERENT_BYTES:
        weak = "few bytes that repeat"
    if weak:
        raise Refused(
            f"is {weak}, not {KEY_BYTES} random bytes: ./monitor keygen makes one; where this one has sealed keys "
            "already, put it into ENCRYPTION_KEYS_OLD and run ./monitor rotate-key"
        )
    return found


def keys(raw: str) -> tuple[bytes, ...]:
    """Read several keys, separated by commas."""
    return tuple(key(part.strip()) for part in raw.split(",") if part.strip())


def dotenv(path: Path) -> dict[str, str]:
    """Read a `.env` file, empty where there is none; `$` stays `$`, for a password may hold one.

    Raises: ConfigurationError naming the line that cannot be understood, without its text.
    """
    from dotenv.parser import parse_stream  # a deployed function has neither the file nor the package

    if not path.is_file():
        return {}
    found: dict[str, str] = {}
    try:
        with path.open(encoding="utf-8") as stream:
            for line in parse_stream(stream):
                if line.error or (line.key is not None and line.value is None):
                    raise ConfigurationError(f"{path.name}, line {line.original.line}: write it as NAME=value")
                if line.key is not None and line.value is not None:
                    found[line.key] = line.value
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path.name} cannot be read: {type(error).__name__}") from error
    return found


def _is_address(raw: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(raw)
        return parts.scheme in schemes and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        return False


def _jwt_role(raw: str) -> str | None:
    """Return the role a JSON web token claims, unverified; None where it is no such token."""
    try:
        payload = raw.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        return str(claims["role"])
    except (IndexError, ValueError, KeyError, TypeError):
        return None
