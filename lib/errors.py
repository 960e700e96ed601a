"""The root of every error this product raises, and the few that any part may raise."""


class MonitorError(Exception):
    """Something went wrong that a person or a caller can act on.

    `code` is stable and machine-readable; `retryable` says whether the same call may succeed later.
    """

    code = "internal"
    retryable = False


class InvalidInput(MonitorError):
    """A value from outside is not acceptable; `field` names it."""

    code = "invalid_input"

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field


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
