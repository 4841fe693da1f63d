"""The web server: granian, in this process, for the application that was made here."""

from __future__ import annotations

import resource
import socket
import sys
from typing import TYPE_CHECKING, Any

from config import Config
from lazily import without

with without("watchfiles"):  # granian loads it where it is installed; `commands.workers` does when it is used
    from granian.constants import Interfaces
    from granian.log import LogLevels
    from granian.server import MTServer
    from granian.server.common import AbstractServer

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

OURS: dict[str, Any] = {"handlers": [], "propagate": True}  # the server's own lines pass our formatter
CONNECTIONS = 16_384  # that a worker keeps open at once; by itself the server takes 1,024 among all, and the next reader waits
WAITING = 4_096  # connections that the kernel may hold until a worker takes them
SPARE_FILES = 512  # of the database, the log and what else a worker opens
LONGEST_FAREWELL = 10  # seconds a worker may take to finish its answers


class Web(MTServer):
    """granian with its worker in a thread of this process, where the site is loaded already.

    Its usual kind starts a process for each worker, and keeps one more that does nothing else. This kind is meant for several
    workers in a process whose Python runs several threads at once, and refuses any other Python, for which one worker is right.
    """

    def __init__(self, app: WSGIApplication, config: Config) -> None:
        self._app = app
        host, port = config.bind
        super().__init__(
            "app",
            interface=Interfaces.WSGI,
            address=host,
            port=port,
            blocking_threads=config.threads,
            websockets=False,
            backlog=WAITING,
            backpressure=CONNECTIONS,
            workers_kill_timeout=LONGEST_FAREWELL,
            log_level=LogLevels(config.log_level),
            log_dictconfig={"loggers": {"_granian": OURS, "granian.access": OURS}} if config.log == "json" else None,
        )

    def serve(self, *_given: object) -> None:
        """Answer until `end`, then finish what was asked."""
        AbstractServer.serve(self, target_loader=lambda: self._app, wrap_loader=False)

    def end(self) -> None:
        """Let `serve` finish, also if it has not begun."""
        self.interrupt_signal = True
        self.main_loop_interrupt.set()

    def _check_gil(self) -> None:
        pass


def allow_files() -> None:
    """Let this process and its workers hold so many files, or as many as the system lets them. Each connection is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = CONNECTIONS + SPARE_FILES
    wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def refuse_taken_port(host: str, port: int) -> None:
    """Stop with one line when something else listens there already."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            sys.exit(f"foresay: cannot listen on {host}:{port}: {error.strerror}. Set FORESAY_BIND to another HOST:PORT.")
