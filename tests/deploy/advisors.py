"""What Supabase's own advisors say of the schema: its command line's linter, over an embedded Postgres."""

import asyncio
import json
import os
import platform
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from lib.local import binaries, postgres
from lib.local.postgres import Server
from lib.store import migrations
from tests.deploy.report import Report
from tests.deploy.source import ROOT

_MODULES = ROOT / "tests/tools/deploy/node_modules"
_CLI = _MODULES / ".bin/supabase"
_DATABASE = "postgres"
_PATIENCE_S = 120
MEANT = {  # what they tell of by design, each at the mildest level
    "rls_enabled_no_policy": "a table without a policy is closed to anon and authenticated, and shall be",
    "unused_index": "it tells of use: nothing was asked of this database yet",
}


def check(folder: Path, report: Report) -> None:
    """Have every advisor look at the schema of this release, and report what it finds."""
    report.step("asking Supabase's advisors about the schema")
    if not any((_MODULES / "@supabase").glob("cli-*")):
        where = f"{platform.system()} on {platform.machine()}"
        report.step(f"left out: the lock has no program of Supabase's command line for {where}")
        return
    with postgres.running(folder, durable=False, major=binaries.OLDEST) as server:
        migrations.apply(server.dsn(_DATABASE), ROOT / "sql", local=True)
        with _reachable(server) as address:
            report.check("Supabase's advisors find nothing", findings(address))


def findings(address: str) -> list[str]:
    """Return what the advisors find beside what is meant (which shows that they looked), or why they could not."""
    command = [str(_CLI), "db", "advisors", f"--remote={address}", "--type=all", "--level=info"]
    # nothing of ours but the programs; a home of its own, so that nobody's account is used
    alone = {"PATH": os.environ["PATH"], "HOME": os.devnull, "DO_NOT_TRACK": "1", "SUPABASE_TELEMETRY_DISABLED": "1"}
    try:
        done = subprocess.run(
            [*command, "--output-format=json"],
            env=alone,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_PATIENCE_S,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        return [f"the advisors did not look: {problem}"]
    try:
        results = json.loads(done.stdout)["results"]
    except (ValueError, KeyError):
        return [f"the advisors did not look: {(done.stdout + done.stderr).strip()[-400:]}"]
    if not MEANT.keys() & {found["name"] for found in results}:
        return ["the advisors did not see the schema: nothing of what they must tell is there"]
    return sorted({_told(found) for found in results if found["name"] not in MEANT or found["level"] != "INFO"})


def _told(found: dict[str, Any]) -> str:
    return f"{found['level']} {found['name']}: {found['detail']}"


@contextmanager
def _reachable(server: Server) -> Iterator[str]:
    """Give the embedded server, which has a socket alone, an address on loopback for a while."""
    loop = asyncio.new_event_loop()
    path = str(server.socket_folder / ".s.PGSQL.5432")

    async def join(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to_reader, to_writer = await asyncio.open_unix_connection(path)
        await asyncio.gather(_pump(reader, to_writer), _pump(to_reader, writer))

    bridge = loop.run_until_complete(asyncio.start_server(join, "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield f"postgresql://postgres:none@127.0.0.1:{bridge.sockets[0].getsockname()[1]}/{_DATABASE}"
    finally:
        loop.call_soon_threadsafe(bridge.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()
    writer.close()
