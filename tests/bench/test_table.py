"""The table that `make bench` prints; what it measures is not run here."""

from tests.bench.table import Row, missing, render


def test_the_table_shows_bounds_ratios_and_what_could_not_be_measured() -> None:
    drawn = render([
        Row("a run", 0.28, "s", 0.35, "floor 0.26 s\nand a second line"),
        Row("  rounds", 5, "", 4),
        Row("memory", 96.4, "MB"),
        missing("cold start", "no builder"),
    ])  # fmt: skip
    assert drawn.splitlines() == [
        "what            measured   bound   ratio",
        "----------  ------------  ------  ------",
        "a run             0.28 s  0.35 s  0.80",
        "    floor 0.26 s",
        "    and a second line",
        "  rounds               5       4  1.25 !",
        "memory           96.4 MB",
        "cold start  not measured",
        "    no builder",
    ]
