"""The root of every error this product raises, and the few that any part may raise."""

from collections.abc import Mapping
from types import MappingProxyType

_NO_FACTS: Mapping[str, object] = MappingProxyType({})


class MonitorError(Exception):
    """Something went wrong that a person or a caller can act on.

    `code` is stable and machine-readable; `retryable` says whether the same call may succeed later; `facts` is what a
    program may want besides the message, by name.
    """

    code = "internal"
    retryable = False

    @property
    def facts(self) -> Mapping[str, object]:
        """Return what the message says in prose, for programs. Nothing secret."""
        return _NO_FACTS


class InvalidInput(MonitorError):
    """A value from outside is not acceptable; `field` names it."""

    code = "invalid_input"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field

    @property
    def facts(self) -> Mapping[str, object]:
        """Return the name of the value."""
        return {"field": self.field}


class NotFound(MonitorError):
    """The thing asked for does not exist; the message names it."""

    code = "not_found"


class Unavailable(MonitorError):
    """Something outside that is needed does not answer at the moment."""

    code = "unavailable"
    retryable = True


class ConfigurationError(MonitorError):
    """A setting is missing or wrong; the message names it and what to do."""

    code = "configuration"
