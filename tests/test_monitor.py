"""The launcher: it finds its own folder and Python from wherever it is called, or says what to do."""

import shutil
import subprocess
from pathlib import Path

import pytest

SPY = '#!/bin/sh\necho "$PYTHONPATH" "$@"\nexit 3\n'


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A folder with the launcher alone; a space in its name must not matter."""
    home = tmp_path / "a folder"
    home.mkdir()
    shutil.copy(Path(__file__).parent.parent / "monitor", home)
    return home


def call(program: Path, *arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(program), *arguments], cwd=cwd, capture_output=True, text=True, check=False)


def test_without_an_environment_it_says_what_to_run(home: Path) -> None:
    done = call(home / "monitor", "serve", cwd=home)
    assert done.returncode == 1
    assert "run 'make .venv/.local'" in done.stderr


def test_it_runs_the_command_line_with_its_own_python_from_anywhere(home: Path, tmp_path: Path) -> None:
    python = home / ".venv/bin/python"
    python.parent.mkdir(parents=True)
    python.write_text(SPY)
    python.chmod(0o755)
    (tmp_path / "link").symlink_to(home / "monitor")
    for program in (home / "monitor", tmp_path / "link"):
        done = call(program, "history", "--csv", "my file", cwd=tmp_path)
        assert done.returncode == 3, "the exit code is the command's own"
        assert done.stdout.split(" -P ")[0].split(":")[0] == str(home)
        assert done.stdout.strip().endswith("-P -m lib.cli history --csv my file")
