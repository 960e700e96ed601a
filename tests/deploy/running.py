"""Starts a built function as the platform does: its own runtime, spoken to over its unix socket and its port."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from base64 import b64decode
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.deploy.output import Function

_START_S = 60
_ANSWER_S = 60
_END_S = 5


class DidNotStart(Exception):
    """The function's process reported no port; the message has its last words."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: httpx.Headers
    text: str

    @property
    def json(self) -> dict[str, Any]:
        """The body as an object, empty where it is none."""
        return _object(self.text)


@dataclass(slots=True)
class Running:
    """A started function. `start_ms` is what its runtime reports: process start to ready."""

    function: Function
    url: str
    start_ms: int
    messages: list[dict[str, Any]] = field(repr=False)
    output: Path  # what it wrote past its runtime
    pid: int
    _calls: int = 0

    def call(
        self,
        method: str = "GET",
        query: str = "",
        bearer: str | None = None,
        agent: str = "check",
        body: dict[str, object] | None = None,
        cookie: str | None = None,
    ) -> Answer:
        """Call the function as the platform's proxy would; a body is sent as this site's own page does."""
        self._calls += 1
        headers = {
            "host": "monitor.example",
            "user-agent": agent,
            "x-forwarded-for": "203.0.113.7",
            "x-forwarded-host": "monitor.example",
            "x-forwarded-proto": "https",
            "x-real-ip": "203.0.113.7",
            "x-vercel-id": f"fra1::fra1::check-{self._calls}",
            "x-vercel-internal-invocation-id": f"check-{self._calls}",
            "x-vercel-internal-request-id": str(self._calls),
            "x-vercel-internal-span-id": "0" * 16,
            "x-vercel-internal-trace-id": "0" * 32,
        }
        if bearer is not None:
            headers["authorization"] = f"Bearer {bearer}"
        if body is not None:
            headers["origin"] = "https://monitor.example"
        if cookie is not None:
            headers["cookie"] = cookie
        address = f"{self.url}/api/{self.function.name}{query}"
        with httpx.Client(timeout=_ANSWER_S, trust_env=False) as http:
            found = http.request(method, address, headers=headers, json=body)
        return Answer(found.status_code, found.headers, found.text)

    @property
    def calls(self) -> int:
        """How often it was called."""
        return self._calls

    def said(self) -> str:
        """Return all it logged."""
        texts = [message["payload"].get("message", "") for message in self.messages if message["type"] == "log"]
        logged = "".join(b64decode(text).decode(errors="replace") for text in texts)
        return logged + self.output.read_text(errors="replace")

    def records(self) -> list[dict[str, Any]]:
        """Return what it logged, a record for each line: empty for one that is none."""
        return [_object(line) for line in self.said().splitlines()]

    def ended(self) -> int:
        """Return how many calls the runtime saw through to their end."""
        until = time.monotonic() + _END_S  # the message may come a moment after the answer
        while (count := self._told("end")) < self._calls and time.monotonic() < until:
            time.sleep(0.01)
        return count

    def _told(self, kind: str) -> int:
        return sum(message["type"] == kind for message in self.messages)


def _object(text: str) -> dict[str, Any]:
    """Read an object, an empty one where there is none."""
    try:
        value = json.loads(text)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def materialised(function: Function, folder: Path) -> Path:
    """Lay the function's files out as they lie on the platform; links where the disk allows them."""
    for name, found in function.files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(found.resolve(), path)
        except OSError:
            shutil.copy2(found, path)
    return folder


@contextmanager
def running(function: Function, folder: Path, python: Path, settings: Mapping[str, str]) -> Iterator[Running]:
    """Start the function laid out in `folder` with `settings` alone, and end it.

    Raises: DidNotStart. No package of this machine is in its sight.
    """
    with (
        tempfile.TemporaryDirectory(prefix="ipc-") as short,
        socket.socket(socket.AF_UNIX) as listening,
        tempfile.NamedTemporaryFile(dir=short) as output,
    ):
        address = f"{short}/s"  # a socket's path has about a hundred characters
        listening.bind(address)
        listening.listen(1)
        listening.settimeout(_START_S)
        platform = {"VERCEL": "1", "VERCEL_ENV": "production", "VERCEL_REGION": "fra1", "TZ": "UTC", "LANG": "C.UTF-8"}
        process = subprocess.Popen(
            [str(python), "-S", "-c", f"import {function.handler.partition('.')[0]}"],
            cwd=folder,
            env={**platform, **function.environment, **settings, "VERCEL_IPC_PATH": address},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:
            yield _shaken(function, process, Path(output.name), listening)
        finally:
            process.kill()
            process.wait()


def _shaken(function: Function, process: subprocess.Popen[bytes], output: Path, listening: socket.socket) -> Running:
    """Wait until the runtime reports that it serves; then go on listening to it."""
    messages: list[dict[str, Any]] = []
    ready = threading.Event()

    def listen() -> None:
        try:
            connection, _ = listening.accept()
        except OSError:
            ready.set()
            return
        with connection:
            buffered = b""
            while chunk := connection.recv(65536):
                *whole, buffered = (buffered + chunk).split(b"\0")
                messages.extend(json.loads(each) for each in whole)
                if messages:
                    ready.set()
        ready.set()

    threading.Thread(target=listen, daemon=True).start()
    until = time.monotonic() + _START_S
    while not ready.wait(0.1) and process.poll() is None and time.monotonic() < until:
        pass
    ready.wait(0.5)  # what a dead one still had to say
    started = next((message for message in messages if message["type"] == "server-started"), None)
    if started is None:
        told = "\n".join(str(message["payload"].get("message", "")) for message in messages)
        lines = (told or output.read_text(errors="replace")).strip().splitlines() or ["it said nothing"]
        raise DidNotStart(f"it reported no port: {lines[0]} {lines[-1] if len(lines) > 1 else ''}".rstrip())
    payload = started["payload"]
    url = f"http://127.0.0.1:{payload['httpPort']}"
    return Running(function, url, int(payload["initDuration"]), messages, output, process.pid)
