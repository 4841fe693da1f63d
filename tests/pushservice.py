"""A push service of the tests' own, on a free port of this machine."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

LONGEST_END = 0.01  # seconds until it notices that it is to end


@dataclass
class PushService:
    """What arrived, and with what status to answer: by path, else 201."""

    origin: str = ""
    received: list[tuple[str, Message, bytes]] = field(default_factory=list)
    statuses: dict[str, int] = field(default_factory=dict)
    location: str = ""


@contextlib.contextmanager
def open_push_service() -> Iterator[PushService]:
    """Listen until the block ends."""
    service = PushService()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            service.received.append((self.path, self.headers, body))
            self.send_response(service.statuses.get(self.path, 201))
            if service.location:
                self.send_header("Location", service.location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    service.origin = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=[LONGEST_END])
    thread.start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)
