"""The floor: what bare Flask needs for an answer of the same size, or for one durable row, on the same server."""

from __future__ import annotations

from flask import Flask, Response, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine, insert

import connections
from bench.load import Load, Period, Script, post
from config import Config

GREETING = b"Hello, reader."
metadata = MetaData()
rows = Table(
    "row",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("poll", Integer, nullable=False),
    Column("reader", String(64), nullable=False),
    Column("text", String(5000), nullable=False),
)


def make_table(database_url: str) -> None:
    """Make the floor's one table."""
    engine = create_engine(database_url)
    connections.configure(engine)
    metadata.create_all(engine)
    engine.dispose()


ADD = post("/rows", {"reader": "r" * 64, "text": "t" * 300})


def adding(clients: int) -> Load:
    """Return the load of clients who each add one row after another."""

    def client(period: Period) -> Script:
        while period.lasts():
            period.note((yield ADD).must(303))

    return lambda period: [client(period) for _ in range(clients)]


def adding_once(clients: int) -> Load:
    """Return the load of clients who each add one row."""

    def client(period: Period) -> Script:
        period.note((yield ADD).must(303))

    return lambda period: [client(period) for _ in range(clients)]


def create() -> Flask:
    """Return an application without extensions, templates or hooks. Its connections behave as the site's do."""
    app = Flask("floor", static_folder=None)
    engine = create_engine(Config.from_environment().database_url)
    connections.configure(engine)
    bodies: dict[int, bytes] = {}

    @app.get("/")
    def hello() -> ResponseReturnValue:
        return Response(GREETING)

    @app.get("/bytes/<int:size>")
    def send_bytes(size: int) -> ResponseReturnValue:
        if size not in bodies:
            bodies[size] = b"." * size
        return Response(bodies[size])

    @app.post("/rows")
    def add() -> ResponseReturnValue:
        with engine.begin() as connection:
            connection.execute(insert(rows).values(poll=1, reader=request.form["reader"], text=request.form["text"]))
        return redirect("/", 303)

    return app
