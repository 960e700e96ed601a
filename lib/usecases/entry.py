"""Log in with the password, log out, or end every session there is."""

import hmac
from datetime import timedelta

from lib import log, session
from lib.errors import ConfigurationError, MonitorError
from lib.owner_ports import Gate
from lib.ports import Clock
from lib.records import TryLimits

_LIMITS = TryLimits()
_SECOND = timedelta(seconds=1)


class WrongPassword(MonitorError):
    """The password is not the one that is set."""

    code = "wrong_password"


async def log_in(gate: Gate, clock: Clock, keys: tuple[bytes, str | None], given: str, network: str) -> str:
    """Return what the cookie of a new session says. `keys` are the encryption key and the password that is set.

    A try is counted before it is looked at, so tries at one moment pass the limit no more than tries in a row.
    Raises: ConfigurationError without a password; TooManyTries; WrongPassword. Source: product, 12.
    """
    encryption_key, password = keys
    if password is None:
        raise ConfigurationError("DASHBOARD_PASSWORD is not set, so nobody can log in: set it and start again")
    caller = session.mark(encryption_key, "caller", network)
    wait = await gate.count_try(caller, clock.now(), _LIMITS)
    if wait:
        log.warning("log-in refused", reason="too many tries", caller=caller[:8])
        raise session.TooManyTries(-(-wait // _SECOND))
    marked = session.mark(encryption_key, "password", password)
    if not hmac.compare_digest(session.mark(encryption_key, "password", given), marked):
        log.warning("log-in refused", reason="wrong password", caller=caller[:8])
        raise WrongPassword("that password is not right")
    generation = await gate.open_session(caller, marked)
    log.info("logged in", caller=caller[:8])
    return session.sign(session.signing_key(encryption_key, password), session.opened(generation, clock.now()))


async def log_out_everywhere(gate: Gate) -> None:
    """End every session. Retry: safe."""
    await gate.end_sessions()
    log.info("logged out everywhere")
