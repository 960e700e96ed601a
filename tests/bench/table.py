"""What was measured, as rows of one table: the figure, the bound of the budgets beside it, and their ratio."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median

_HEAD = ("what", "measured", "bound", "ratio")

type Tell = Callable[[str], None]  # shows what takes its time now


@dataclass(frozen=True, slots=True)
class Row:
    """One figure. Without a bound it is there to be known; without a value its note says why."""

    what: str
    value: float | None
    unit: str = ""
    bound: float | None = None
    note: str = ""  # where it goes, or what its floor is

    @property
    def ratio(self) -> float | None:
        """Return the value in bounds: 1 is just kept."""
        return None if self.value is None or not self.bound else self.value / self.bound


def missing(what: str, why: str) -> Row:
    """Return the row of what could not be measured."""
    return Row(what, None, note=why)


def middle(samples: Sequence[float]) -> float:
    """Return the median."""
    return float(median(samples))


def render(rows: Sequence[Row]) -> str:
    """Draw the table; a figure over its bound is marked, a note stands below its row."""
    cells = [_HEAD, *map(_cells, rows)]
    widths = [max(len(line[place]) for line in cells) for place in range(len(_HEAD))]
    lines = [_line(_HEAD, widths), "  ".join("-" * width for width in widths)]
    for row, line in zip(rows, cells[1:], strict=True):
        lines.append(_line(line, widths))
        lines.extend(f"    {part}" for part in row.note.splitlines())
    return "\n".join(lines)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    what, *figures = (cell.ljust(width) if place == 0 else cell.rjust(width)
                      for place, (cell, width) in enumerate(zip(cells, widths, strict=True)))  # fmt: skip
    return "  ".join([what, *figures]).rstrip()


def _cells(row: Row) -> tuple[str, str, str, str]:
    if row.value is None:
        return row.what, "not measured", "", ""
    bound = "" if row.bound is None else _figure(row.bound, row.unit)
    ratio = "" if row.ratio is None else f"{row.ratio:.2f}{' !' if row.ratio > 1 else '  '}"
    return row.what, _figure(row.value, row.unit), bound, ratio


def _figure(value: float, unit: str) -> str:
    digits = 0 if not unit or value >= 100 else 1 if value >= 10 else 2
    return f"{value:.{digits}f} {unit}".strip()
