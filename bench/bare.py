"""`python -m bench.bare HOST PORT`: one Flask greeting on the server that `flask serve` uses. The least a site can be."""

from __future__ import annotations

import multiprocessing
import sys

from flask import Flask, Response
from granian.constants import Interfaces
from granian.server import Server


def create() -> Flask:
    """Return an application with one page."""
    app = Flask("bare", static_folder=None)

    @app.get("/")
    def hello() -> Response:
        return Response("Hello, reader.")

    return app


if __name__ == "__main__":
    multiprocessing.set_start_method("spawn", force=True)
    Server(
        "bench.bare:create",
        factory=True,
        interface=Interfaces.WSGI,
        address=sys.argv[1],
        port=int(sys.argv[2]),
        blocking_threads=4,
        websockets=False,
    ).serve()
