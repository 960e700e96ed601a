"""The systemd units of the documentation: what they call exists, what they shut stays shut, and systemd takes them."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from lib.cli.__main__ import main

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "server"
SERVICES = sorted(FOLDER.glob("*.service"))
SHUT = {
    "NoNewPrivileges": "yes",
    "CapabilityBoundingSet": "",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateDevices": "yes",
    "ProtectKernelModules": "yes",
    "ProtectKernelTunables": "yes",
    "ProtectControlGroups": "yes",
    "RestrictNamespaces": "yes",
    "RestrictSUIDSGID": "yes",
    "LockPersonality": "yes",
    "UMask": "0077",
    "User": "monitor",
}


def options(path: Path) -> dict[str, str]:
    lines = [line for line in path.read_text().splitlines() if "=" in line and not line.startswith("#")]
    return dict(line.split("=", maxsplit=1) for line in lines)


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_a_service_may_write_its_data_and_little_else(path: Path) -> None:
    found = options(path)
    assert {name: found.get(name) for name in SHUT} == SHUT
    writable = set(found["ReadWritePaths"].split())
    assert "/srv/monitor/.data" in writable
    assert writable <= {"/srv/monitor/.data", "/var/backups/monitor", "/tmp"}


@pytest.mark.parametrize("path", SERVICES, ids=lambda path: path.name)
def test_what_a_service_calls_exists(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (command,) = re.findall(r"/srv/monitor/monitor ([a-z]+)", options(path)["ExecStart"])
    with pytest.raises(SystemExit) as left:
        main([command, "--help"])
    assert (left.value.code, capsys.readouterr().err) == (0, "")


def test_the_timer_has_its_service_and_the_server_is_told_alone_to_stop() -> None:
    for timer in FOLDER.glob("*.timer"):
        assert timer.with_suffix(".service") in SERVICES
    assert options(FOLDER / "monitor.service")["KillMode"] == "mixed"


def test_systemd_finds_nothing_wrong_with_them(tmp_path: Path) -> None:
    """Where systemd is: a wrong name of an option is otherwise ignored at its start, with a line in the journal."""
    for path in (*SERVICES, *FOLDER.glob("*.timer")):
        text = path.read_text().replace("/srv/monitor/monitor ", f"{ROOT}/monitor ")
        (tmp_path / path.name).write_text(text.replace("WorkingDirectory=/srv/monitor", f"WorkingDirectory={ROOT}"))
    if (analyze := shutil.which("systemd-analyze")) is not None:
        verified = subprocess.run(
            [analyze, "verify", *sorted(tmp_path.iterdir())], capture_output=True, text=True, check=False
        )
        assert (verified.returncode, verified.stderr) == (0, "")
