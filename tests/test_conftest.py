"""The rule about skips: a line on a person's machine, a failure on the build server."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PASSES = {"test_a.py": "def test_a(): pass\n"}
SKIPS = PASSES | {
    "test_b.py": "import pytest\ndef test_b(): pytest.skip('none here')\n",
    "test_c.py": "import pytest\n@pytest.mark.skip('none here')\ndef test_c(): pass\n",
    "test_d.py": "import pytest\npytest.skip('none here', allow_module_level=True)\n",
}


@pytest.mark.parametrize(
    ("files", "ci", "code", "says"),
    [
        pytest.param(SKIPS, "true", 1, "CI=true: 3 skipped, and a skip is a failure here", id="skips on the server"),
        pytest.param(SKIPS, "", 0, "3 skipped", id="skips elsewhere"),
        pytest.param(PASSES, "true", 0, "1 passed", id="no skip on the server"),
    ],
)
def test_a_skip_fails_where_ci_is_true(tmp_path: Path, files: dict[str, str], ci: str, code: int, says: str) -> None:
    shutil.copy(Path(__file__).with_name("conftest.py"), tmp_path)
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-rs", "-c", os.devnull, "--rootdir", str(tmp_path), str(tmp_path)],
        env={"CI": ci, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == code
    assert says in done.stdout
