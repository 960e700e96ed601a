"""A service on this machine that takes messages, as those of ALERT_URLS do."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

SECRET = "s3cr3t-of-the-hook"


@dataclass(slots=True)
class Receiver:
    """What arrived, and how it is answered from now on."""

    port: int = 0
    status: int = 200
    messages: list[dict[str, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        """An address whose every part but the host is secret."""
        return f"json://user:{SECRET}@127.0.0.1:{self.port}/{SECRET}?+X-Token={SECRET}"

    @property
    def titles(self) -> list[str]:
        return [message["title"] for message in self.messages]

    def take(self) -> list[dict[str, str]]:
        """Return what arrived since the last time."""
        taken, self.messages = self.messages, []
        return taken


@contextmanager
def receiving() -> Iterator[Receiver]:
    """Listen on a free port of this machine."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if receiver.status < 400:
                receiver.messages.append(json.loads(body))
            self.send_response(receiver.status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        receiver.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()
