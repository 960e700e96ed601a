"""Smooth noise at all time scales: many processes at once, each a pure function of seed and instant."""

from functools import lru_cache
from hashlib import blake2b
from math import sqrt
from struct import Struct, unpack

PROCESSES = 16  # as many 32-bit numbers as one digest holds

_DAY_S = 86_400.0
_PERIODS_S = tuple(20.0 * 3**k for k in range(13))  # 20 s to 123 days
_SLOW_FROM_S = 1.2 * _DAY_S
_UNIFORM = 2.0**-32
_KEY = Struct("<qiq")
# Makes the standard deviation of one day's change 1, measured over the octaves above.
_SCALE = 0.58

type Vector = list[float]


class Noise:
    """Value noise in octaves whose height grows with the root of their period, as that of a random walk does.

    Units: of a process, the standard deviation of a day's change is about 1.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed % 2**63
        self._point = lru_cache(maxsize=8192)(self._compute)
        self._octaves = tuple(
            (k, period, 0.382 * period * (k + 1)) for k, period in enumerate(_PERIODS_S)
        )  # shifted against each other, so that no instant is a knot of them all

    def _compute(self, octave: int, index: int) -> tuple[float, ...]:
        height = _SCALE * sqrt(3 * _PERIODS_S[octave] / _DAY_S)
        numbers = unpack("<16I", blake2b(_KEY.pack(self._seed, octave, index)).digest())
        return tuple([(number * _UNIFORM * 2.0 - 1.0) * height for number in numbers])

    def at(self, at_s: float) -> tuple[Vector, Vector]:
        """Return every process at `at_s`, apart for the slow octaves (above a day) and the fast ones."""
        slow, fast = [0.0] * PROCESSES, [0.0] * PROCESSES
        for octave, period_s, shift_s in self._octaves:
            place = (at_s + shift_s) / period_s
            index = int(place // 1)
            part = place - index
            weight = part * part * (3.0 - 2.0 * part)
            left, right = self._point(octave, index), self._point(octave, index + 1)
            rest = 1.0 - weight
            if period_s > _SLOW_FROM_S:
                slow = [sum_ + a * rest + b * weight for sum_, a, b in zip(slow, left, right, strict=True)]
            else:
                fast = [sum_ + a * rest + b * weight for sum_, a, b in zip(fast, left, right, strict=True)]
        return slow, fast
