"""What PostgreSQL's library is told of a network that is lost: it would wait for hours."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from config import Config
from connections import LOST, LOST_BY_SERVER
from extensions import db
from jobs import stores
from tests.applications import another_app
from tests.servers import private_pgbouncer, private_postgres

TOLD = {name: str(value) for name, value in LOST.items()}


@pytest.fixture(scope="module")
def postgres() -> Iterator[str]:
    with private_postgres() as url:
        yield url


def told(connection: Any) -> dict[str, str]:
    """Return what the library was told of it, as far as it belongs here."""
    return {name: value for name, value in connection.info.get_parameters().items() if name in TOLD}


def told_by_engine(engine: sa.Engine) -> dict[str, str]:
    with engine.connect() as connection:
        return told(connection.connection.driver_connection)


def told_to_server(engine: sa.Engine) -> set[str]:
    """Return which settings its connections bring to the server, where what they say of TCP is void on a socket of this machine."""
    with engine.connect() as connection:
        return set(connection.scalars(sa.text("SELECT name FROM pg_settings WHERE source = 'client'")))


def told_by_queue(url: str, *, pooled: bool) -> dict[str, str]:
    kind, given = stores.store_for(Config(secret_key="", database_url=url, database_pooler=pooled))
    store = kind("foresay", **given)
    found = told(store.conn)
    store.close()
    return found


@pytest.fixture
def site(postgres: str, tmp_path: Path) -> Iterator[Flask]:
    with another_app(postgres, replica_url=postgres, instance=tmp_path) as site, site.app_context():
        yield site
        db.engine.dispose()
        site.extensions["replica"].dispose()


def test_the_database_is_not_waited_for_without_end(site: Flask) -> None:
    assert told_by_engine(db.engine) == TOLD


def test_the_replica_is_not_waited_for_without_end(site: Flask) -> None:
    assert told_by_engine(site.extensions["replica"]) == TOLD


def test_the_server_waits_for_no_host_that_is_gone_either(site: Flask) -> None:
    assert told_to_server(db.engine) >= {*LOST_BY_SERVER}


def test_the_queue_is_not_waited_for_without_end(postgres: str) -> None:
    assert told_by_queue(postgres, pooled=False) == TOLD


def test_a_queue_behind_a_pooler_is_not_waited_for_without_end(postgres: str) -> None:
    with private_pgbouncer(postgres) as pooler:
        assert told_by_queue(pooler, pooled=True) == TOLD


def test_what_the_address_says_of_it_stands(postgres: str, tmp_path: Path) -> None:
    with another_app(f"{postgres}&tcp_user_timeout=1234", instance=tmp_path) as site, site.app_context():
        assert told_by_engine(db.engine) == {**TOLD, "tcp_user_timeout": "1234"}
        db.engine.dispose()
    assert told_by_queue(f"{postgres}&keepalives_idle=77", pooled=False) == {**TOLD, "keepalives_idle": "77"}
