"""`./monitor export`, `import` and `recompute` on a database of one's own."""

import csv
import io
import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from tests.cli.conftest import Command

FOLDER = Path(__file__).parent.parent / "document"
EXAMPLE, NASTY = str(FOLDER / "example.json"), str(FOLDER / "nasty.json")


def test_files_are_imported_shown_exported_and_replayed(
    command: Command, own: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = command("import", EXAMPLE, NASTY, **own)
    assert (done.code, done.out.splitlines()) == (
        0,
        [
            "Pencil was restored as pencil: 6 snapshots. It has no key.",
            "Nasty — ünï was restored as nasty-n: 8 snapshots. It has no key.",
        ],
    )
    shown = json.loads(command("history", "pencil", "--json", **own).out)
    assert shown["metrics"]["difference"] == "1039.5"
    heads, *rows = csv.reader(io.StringIO(command("history", "pencil", "--csv", **own).out))
    assert heads[:3] == ["time", "nav_usd", "benchmark_usd"]
    assert [datetime.fromisoformat(row[0]).timestamp() for row in rows] == shown["series"]["t"]
    assert Decimal(rows[-1][1]) - Decimal(rows[-1][2]) == Decimal("1039.5")
    done = command("history", "pencil", "--range", "24h", "--csv", **own)
    assert (done.code, len(done.out.splitlines())) == (0, 3)
    listed = json.loads(command("accounts", "list", "--json", **own).out)["accounts"]
    assert [(one["name"], one["status"]["code"]) for one in listed] == [
        ("Pencil", "needs_attention"),
        ("Nasty — ünï", "needs_attention"),
    ]
    assert "Nothing is due" in command("collect", **own).out

    everything = command("export", "all", **own)
    assert everything.code == 0
    file = tmp_path / "all.json"
    assert command("export", "all", "-o", str(file), **own).err.splitlines()[-1] == (
        f"Wrote Pencil, Nasty — ünï to {file}."
    )
    assert file.read_text() == everything.out
    monkeypatch.setattr("sys.stdin", io.StringIO(everything.out))
    assert command("replay", "--json", "-").out == command("replay", "--json", EXAMPLE, NASTY).out


def test_a_program_is_told_what_was_imported_also_where_a_later_file_is_refused(
    command: Command, own: dict[str, str]
) -> None:
    pencil = {"id": "pencil", "name": "Pencil", "snapshots": 6}
    done = command("import", "--json", EXAMPLE, **own)
    assert (done.code, json.loads(done.out)) == (0, {"accounts": [pencil]})
    again = command("import", "--json", NASTY, EXAMPLE, **own)
    assert (again.code, [one["name"] for one in json.loads(again.out)["accounts"]]) == (1, ["Nasty — ünï"])
    refused = command("import", "--json", EXAMPLE, **own)
    assert (refused.code, refused.out) == (1, ""), "nothing was imported"


def test_recompute_says_what_was_different(command: Command, own: dict[str, str]) -> None:
    command("import", EXAMPLE, **own)
    done = command("recompute", "--json", **own)
    (account,) = json.loads(done.out)["accounts"]
    assert (done.code, account["rows"], account["changed_rows"], account["changed_events"]) == (0, 6, 0, 0)
    table = command("recompute", "pencil", **own).out.splitlines()
    assert table[1].split() == ["pencil", "6", "0", "0", "0"]
    assert table[-1] == "What was stored is what follows from the truth."
    assert command("recompute", "nobody", **own).code == 1


@pytest.mark.parametrize(
    ("changes", "code", "complaint"),
    [
        pytest.param({}, 1, "the id 'pencil' or the name 'Pencil' is there already", id="taken"),
        pytest.param({"account": {"name": "all"}}, 2, "name: must not be 'all'", id="reserved"),
        pytest.param({"account": {"name": "New"}, "prices": []}, 2, "prices: no price of BTC", id="price missing"),
        pytest.param(
            {"account": {"name": "New"}, "slot_minutes": 1440 * 7}, 2, "snapshots: 2025-07-07T12:00:00", id="one slot"
        ),
        pytest.param({"account": {"name": "New"}, "format": "1"}, 2, "format: must be", id="format"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_and_nothing_of_it_is_stored(
    command: Command, own: dict[str, str], tmp_path: Path, changes: dict[str, object], code: int, complaint: str
) -> None:
    command("import", EXAMPLE, **own)
    before = command("export", "all", **own).out
    file = tmp_path / "other.json"
    file.write_text(json.dumps({**json.loads(Path(EXAMPLE).read_text()), **changes}))
    done = command("import", str(file), **own)
    assert (done.code, done.out) == (code, "")
    assert complaint in done.err
    assert command("export", "all", **own).out == before


def test_an_export_of_nobody_fails_and_a_folder_is_wrong_use(
    command: Command, own: dict[str, str], tmp_path: Path
) -> None:
    assert command("export", "nobody", **own).code == 1
    nothing = command("export", "all", "-o", str(tmp_path / "all.json"), **own)
    assert (nothing.code, nothing.out, nothing.err) == (1, "", "monitor: there is no account to export\n")
    assert not (tmp_path / "all.json").exists(), "an empty file was written, which no import takes"
    command("import", EXAMPLE, **own)
    done = command("export", "all", "-o", str(tmp_path), **own)
    assert (done.code, done.out) == (2, "")
    assert "Is a directory" in done.err
