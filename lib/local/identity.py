"""As whom the embedded server runs, and where its data then lies. Postgres refuses to be root."""

import hashlib
import os
import pwd
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from lib.errors import ConfigurationError
from lib.local import binaries, launch
from lib.local.binaries import Binaries

_UNPRIVILEGED = "nobody"


@dataclass(frozen=True, slots=True)
class Home:
    """A place for one server: who runs it, in which folder, with which programs."""

    identity: str  # as `launch.py` understands it
    owner: tuple[int, int] | None  # user and group to give new files to; None: they are right as they are
    folder: Path
    binaries: Binaries
    notice: str | None = None  # what a person should be told about it


def launching(identity: str, how: str, program: Path, *arguments: str) -> list[str]:
    """Return the command that runs `program` under `identity`."""
    # -I -S: no site packages, no environment; the interpreter is up in 10 ms
    return [sys.executable, "-I", "-S", str(Path(launch.__file__)), identity, how, str(program), *arguments]


def settle(data_dir: Path, programs: Binaries) -> Home:
    """Choose for this process: itself, or for root a user namespace, or where that cannot be an unprivileged user.

    Raises: ConfigurationError where root finds no way.
    """
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    if os.geteuid() != 0:
        return Home("self", None, data_dir, programs)
    nobody = pwd.getpwnam(_UNPRIVILEGED)  # initdb wants the user to have a name, in a namespace too
    identity = f"namespace:{nobody.pw_uid}:{nobody.pw_gid}"
    if _reaches(identity, programs, data_dir):
        return Home(identity, None, data_dir, programs)
    return settle_apart(data_dir, programs, _state_folder())


def settle_apart(data_dir: Path, programs: Binaries, state: Path) -> Home:
    """Give root's server to an unprivileged user, in a folder of its own below `state`.

    That user can reach neither a private home nor what lies in it, so the programs are copied beside the data if
    need be, and no permission of an existing folder is touched.
    Raises: ConfigurationError.
    """
    nobody = pwd.getpwnam(_UNPRIVILEGED)
    owner = (nobody.pw_uid, nobody.pw_gid)
    identity = f"user:{owner[0]}:{owner[1]}"
    mark = hashlib.sha256(str(data_dir.resolve()).encode()).hexdigest()[:12]
    folder = state / f"{data_dir.name}-{mark}"
    state.mkdir(exist_ok=True, mode=0o755)
    folder.mkdir(exist_ok=True, mode=0o700)
    os.chown(folder, *owner)
    if not _reaches(identity, programs, folder):
        programs = _copied(programs, state)
    if not _reaches(identity, programs, folder):
        raise ConfigurationError(
            f"as root the embedded Postgres can use neither a user namespace nor the user {_UNPRIVILEGED} in {folder}: "
            "run as another user, or set DATABASE_URL"
        )
    notice = f"root may not run Postgres and user namespaces are refused: it runs as {_UNPRIVILEGED}, data in {folder}"
    return Home(identity, owner, folder, programs, notice)


def _state_folder() -> Path:
    parent = next((path for path in (Path("/var/lib"), Path("/var/db")) if path.is_dir()), Path("/var"))
    return parent / "portfolio-monitor"


def _reaches(identity: str, programs: Binaries, folder: Path) -> bool:
    command = launching(identity, "probe", programs.program("postgres"), str(folder))
    return subprocess.run(command, cwd="/", capture_output=True, check=False).returncode == 0


def _copied(original: Binaries, state: Path) -> Binaries:
    """Copy the programs to where everybody may run them; a copy half made is not taken for one."""
    made = int(original.program("postgres").stat().st_mtime)  # another release of the wheel is another copy
    finished = state / f"postgresql-{original.major}-{made}"
    if not finished.exists():
        unfinished = state / f"{finished.name}.{os.getpid()}"
        shutil.rmtree(unfinished, ignore_errors=True)
        binaries.copy(original, unfinished)
        for folder in (unfinished, unfinished / original.folder.parent.name):
            folder.chmod(0o755)  # ours, and made under whatever umask root has
        unfinished.rename(finished)
    inside = original.folder.relative_to(original.folder.parents[1])
    return Binaries(original.major, finished / inside)
