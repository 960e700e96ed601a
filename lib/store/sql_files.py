"""The files of `sql/`: what is there, in which order, and what each one's content is worth remembering as."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lib.errors import MonitorError

_NAME = re.compile(r"(\d{4})_[a-z0-9_]+\.sql")


class BadMigrationName(MonitorError):
    """A file among the migrations has a name or a number it cannot have."""

    code = "bad_migration_name"


@dataclass(frozen=True, slots=True)
class SqlFile:
    """One file; `number` is its place in the chain, 0 outside of it."""

    place: str  # as one would look for it: "sql/functions/history.sql"
    text: str
    number: int = 0

    @property
    def name(self) -> str:
        """Return the file's own name."""
        return self.place.rpartition("/")[2]

    @property
    def checksum(self) -> str:
        """Return what changes when the content does."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def migrations(sql_dir: Path) -> tuple[SqlFile, ...]:
    """Return the chain in order.

    Raises: BadMigrationName.
    """
    found: dict[int, SqlFile] = {}
    for path in sorted((sql_dir / "migrations").glob("*.sql")):
        match = _NAME.fullmatch(path.name)
        if match is None or int(match[1]) == 0:
            raise BadMigrationName(f"sql/migrations/{path.name}: a migration is called like 0007_add_notes.sql")
        number = int(match[1])
        if number in found:
            raise BadMigrationName(f"sql/migrations/{path.name} and {found[number].name} have the same number")
        found[number] = _read(path, sql_dir, number)
    return tuple(found[number] for number in sorted(found))


def reapplied(sql_dir: Path) -> tuple[SqlFile, ...]:
    """Return what is applied anew whenever it changes: functions, then policies."""
    paths = [*_in(sql_dir / "functions"), *sorted(sql_dir.glob("policies*.sql")), *_in(sql_dir / "policies")]
    return tuple(_read(path, sql_dir) for path in paths)


def local(sql_dir: Path) -> tuple[SqlFile, ...]:
    """Return what stands in for the things a hosted project has from the start."""
    return tuple(_read(path, sql_dir) for path in _in(sql_dir / "local"))


def checksum_of_all(files: Iterable[SqlFile]) -> str:
    """Return one checksum over all files, their names and their order."""
    lines = "".join(f"{file.place} {file.checksum}\n" for file in files)
    return hashlib.sha256(lines.encode()).hexdigest()


def _in(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.sql"))


def _read(path: Path, sql_dir: Path, number: int = 0) -> SqlFile:
    # read_text makes \r\n one \n: a checkout on another system is the same file
    return SqlFile(f"sql/{path.relative_to(sql_dir).as_posix()}", path.read_text(encoding="utf-8"), number)
