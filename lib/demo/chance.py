"""Chance without randomness: everything the demo world invents is a hash of its seed and of a name."""

from hashlib import blake2b

_BASE62 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_UNIT = 2.0**-64

type Name = str | int


def _digest(seed: int, names: tuple[Name, ...], size: int) -> bytes:
    return blake2b("\x1f".join(map(str, (seed, *names))).encode(), digest_size=size).digest()


def fraction(seed: int, *names: Name) -> float:
    """Return a number in [0, 1), always the same for the same seed and names."""
    return int.from_bytes(_digest(seed, names, 8)) * _UNIT


def between(seed: int, low: float, high: float, *names: Name) -> float:
    """Return a number in [low, high)."""
    return low + (high - low) * fraction(seed, *names)


def hexadecimal(seed: int, length: int, *names: Name) -> str:
    """Return `length` (at most 128) lower-case hexadecimal digits."""
    return _digest(seed, names, (length + 1) // 2).hex()[:length]


def digits(seed: int, length: int, *names: Name) -> str:
    """Return `length` (at most 100) decimal digits, the first not zero."""
    number = int.from_bytes(_digest(seed, names, 64)) % (9 * 10 ** (length - 1))
    return str(10 ** (length - 1) + number)


def token(seed: int, length: int, *names: Name) -> str:
    """Return `length` (at most 64) letters and digits."""
    return "".join(_BASE62[byte % 62] for byte in _digest(seed, names, 64)[:length])
