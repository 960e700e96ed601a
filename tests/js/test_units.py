"""The page's pure modules, tested by Node's own runner."""

import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
NODE = shutil.which("node") or shutil.which("node", path=HERE.parent.parent / ".venv/node/bin")


@pytest.mark.skipif(NODE is None, reason="no Node on this machine: make test brings one")
def test_the_modules_of_the_page() -> None:
    files = sorted(str(path) for path in HERE.glob("*.test.js"))
    assert files, "no tests of the page's modules were found"
    done = subprocess.run([str(NODE), "--test", *files], capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
