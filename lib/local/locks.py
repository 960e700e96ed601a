"""File locks that the kernel takes back from a process that dies, however it dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def take(path: Path, *, shared: bool = False, wait: bool = True) -> int | None:
    """Lock the file and return its descriptor, which holds the lock until it is closed; None if it is taken.

    The lock belongs to the open file: a child that inherits the descriptor holds the same lock.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError:
        os.close(descriptor)
        return None
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def is_free(path: Path) -> bool:
    """Tell whether nobody holds the lock."""
    if (descriptor := take(path, wait=False)) is None:
        return False
    os.close(descriptor)
    return True


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Hold the lock alone, waiting for it."""
    descriptor = take(path)
    try:
        yield
    finally:
        if descriptor is not None:
            os.close(descriptor)
