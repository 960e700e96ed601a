"""How often Python looks for values that hold each other: rarely, for hardly any of ours do."""

import gc

_NEW_VALUES = 50_000  # the default of 700 walks through all that a long history is made of, again and again


def look_rarely() -> None:
    """Let a history of fifty thousand rows come into being without a search among them; a third of its time goes there.

    What nothing refers to any more is freed at once all the same. Retry: safe.
    """
    gc.set_threshold(_NEW_VALUES)
