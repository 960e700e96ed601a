"""Ask for something that may be missing."""

from collections.abc import Awaitable, Callable

from lib.errors import MonitorError


async def or_none[T, **P](call: Callable[P, Awaitable[T]], *args: P.args, **kwargs: P.kwargs) -> T | None:
    """Return what `call` gives, None where the exchange did not give it: a missing part, never an empty one."""
    try:
        return await call(*args, **kwargs)
    except MonitorError:
        return None
