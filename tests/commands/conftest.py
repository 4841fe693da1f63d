"""Whole sites in databases of their own, of each kind in turn, and empty databases of both kinds beside them."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from tests.applications import another_app, empty_database
from tests.servers import private_postgres


@contextmanager
def site(url: str, **settings: object) -> Iterator[Flask]:
    """Give the site on a database."""
    with another_app(url, **settings) as app, app.app_context():
        yield app


@contextmanager
def twin(url: str) -> Iterator[str]:
    """Give the address of a copy of a database that nobody has open."""
    made = sa.make_url(url)
    name = f"twin_{secrets.token_hex(4)}"
    if made.get_backend_name() == "sqlite":
        path = Path(made.database or "").with_name(f"{name}.db")
        shutil.copy(made.database or "", path)
        yield f"sqlite:///{path}"
        return
    server = sa.create_engine(made.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f'CREATE DATABASE "{name}" TEMPLATE "{made.database}"')
        yield made.set(database=name).render_as_string(hide_password=False)
        connection.exec_driver_sql(f'DROP DATABASE "{name}" WITH (FORCE)')
    server.dispose()


@pytest.fixture(scope="session")
def servers(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Return the addresses of a database of each kind, beside which others can be made: the kind in turn comes first."""
    folder = tmp_path_factory.mktemp("databases")
    if database_url.startswith("postgresql"):
        yield {"postgresql": database_url, "sqlite": f"sqlite:///{folder / 'site.db'}"}
        return
    with private_postgres() as url:
        yield {"sqlite": f"sqlite:///{folder / 'site.db'}", "postgresql": url}


@pytest.fixture(scope="session")
def migrated(servers: dict[str, str]) -> Iterator[dict[str, str]]:
    """Return the addresses of a database of each kind with its tables: to be copied, not to be used."""
    with ExitStack() as stack:
        made = {
            kind: stack.enter_context(empty_database(url, f"migrated_{secrets.token_hex(4)}")) for kind, url in servers.items()
        }
        for url in made.values():
            with site(url):
                upgrade()
        yield made


@pytest.fixture
def ready(migrated: dict[str, str]) -> Iterator[dict[str, str]]:
    """Return the addresses of two databases with nothing but their tables: one of the kind in turn, then one of the other."""
    with ExitStack() as stack:
        yield {kind: stack.enter_context(twin(url)) for kind, url in migrated.items()}


@pytest.fixture
def empty(servers: dict[str, str]) -> Iterator[dict[str, str]]:
    """Return the addresses of two databases with nothing in them: one of the kind in turn, then one of the other."""
    with ExitStack() as stack:
        name = f"empty_{secrets.token_hex(4)}"
        yield {kind: stack.enter_context(empty_database(url, name)) for kind, url in servers.items()}


@pytest.fixture(scope="session")
def demo(migrated: dict[str, str]) -> Iterator[str]:
    """Return the address of a site with the demo in it, of the kind in turn. Nothing may write to it."""
    with twin(next(iter(migrated.values()))) as url:
        with site(url) as app:
            loaded = app.test_cli_runner().invoke(args=["demo", "load"])
            assert loaded.exit_code == 0, loaded.output
        yield url
