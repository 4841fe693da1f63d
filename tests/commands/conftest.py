"""Whole sites in databases of their own, of each kind in turn, and empty databases of both kinds beside them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest
from flask import Flask

from tests.applications import another_app, empty_database, migrated, twin
from tests.servers import private_postgres


@contextmanager
def site(url: str, **settings: object) -> Iterator[Flask]:
    """Give the site on a database."""
    with another_app(url, **settings) as app, app.app_context():
        yield app


@pytest.fixture(scope="session")
def servers(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Return the addresses of a database of each kind, beside which others can be made: the kind in turn comes first."""
    folder = tmp_path_factory.mktemp("databases")
    if database_url.startswith("postgresql"):
        yield {"postgresql": database_url, "sqlite": f"sqlite:///{folder / 'site.db'}"}
        return
    with private_postgres() as url:
        yield {"sqlite": f"sqlite:///{folder / 'site.db'}", "postgresql": url}


@pytest.fixture
def ready(servers: dict[str, str]) -> Iterator[dict[str, str]]:
    """Return the addresses of two databases with nothing but their tables: one of the kind in turn, then one of the other."""
    with ExitStack() as stack:
        yield {kind: stack.enter_context(twin(migrated(url))) for kind, url in servers.items()}


@pytest.fixture
def empty(servers: dict[str, str]) -> Iterator[dict[str, str]]:
    """Return the addresses of two databases with nothing in them: one of the kind in turn, then one of the other."""
    with ExitStack() as stack:
        name = f"empty_{secrets.token_hex(4)}"
        yield {kind: stack.enter_context(empty_database(url, name)) for kind, url in servers.items()}


@pytest.fixture(scope="session")
def printed_demo(database_url: str) -> Iterator[tuple[str, str]]:
    """Load the demo in a database of the kind in turn; return the address, to which nothing may write, and what was printed."""
    with twin(migrated(database_url)) as url:
        with site(url) as app:
            loaded = app.test_cli_runner().invoke(args=["demo", "load"], catch_exceptions=False)
            assert loaded.exit_code == 0, loaded.output
        yield url, loaded.output


@pytest.fixture(scope="session")
def demo(printed_demo: tuple[str, str]) -> str:
    """Return the address of a site with the demo in it, of the kind in turn. Nothing may write to it."""
    return printed_demo[0]
