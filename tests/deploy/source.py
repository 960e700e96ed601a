"""The tree as the platform gets it: a scratch copy of what is under version control, with bait beside it."""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
HOURLY, DAILY = "2 * * * *", "2 3 * * *"  # the free plan fires once a day
BAIT = "bait-9f27c1"  # in files that are secret: it must turn up nowhere
_BAITED = (".env", ".env.local", ".env.production", ".data/demo.key", ".data/demo/base/1", ".venv/bait.py")


class CannotCopy(Exception):
    """The tree is not such that it can be copied; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Source:
    """A copy of the tree. `files` are relative to `folder`, bait left out."""

    folder: Path
    files: frozenset[str]


def copied(folder: Path) -> Source:
    """Copy what is under version control, as it is in the work tree, and lay out bait. Raises: CannotCopy."""
    source = _copy(folder, _listed())
    for name in _BAITED:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"CRON_SECRET={BAIT}\n")
    return source


def uploaded_to_free_plan(folder: Path) -> Source:
    """Copy what `.vercelignore` lets through, and change the one line that the free plan needs changed.

    Raises: CannotCopy where that is not one line.
    """
    source = _copy(folder, _listed() - _listed("--ignored", "--exclude-from=.vercelignore"))
    settings = folder / "vercel.json"
    text = settings.read_text()
    lines = [line for line in text.splitlines() if f'"schedule": "{HOURLY}"' in line]
    if len(lines) != 1 or lines[0].count(HOURLY) != 1:
        raise CannotCopy(f"vercel.json must hold the schedule {HOURLY!r} on one line")
    settings.write_text(text.replace(HOURLY, DAILY))
    return source


def _copy(folder: Path, files: frozenset[str]) -> Source:
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)
    # An import guesses at "python" from requirements.txt, which would make one function of all: vercel.json must win.
    settings = {"framework": "python", "nodeVersion": "24.x"}
    project = {"projectId": "prj_check", "orgId": "team_check", "settings": settings}
    (folder / ".vercel").mkdir()
    (folder / ".vercel" / "project.json").write_text(json.dumps(project))
    return Source(folder, files)


def _listed(*options: str) -> frozenset[str]:
    command = ["git", "ls-files", "-z", "--cached", *options]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as problem:
        raise CannotCopy(f"git cannot name the files under version control: {problem}") from problem
    return frozenset(name for name in listed.split("\0") if name and (ROOT / name).is_file())
