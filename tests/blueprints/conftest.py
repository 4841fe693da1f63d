"""A site of its own for tests that break its database, or commit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import upgrade

from tests.applications import another_app, empty_database
from tests.conftest import SeparateContextClient


@pytest.fixture(scope="module")
def lone_site(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Return the site on a database of its own, whose faults hurt nobody else."""
    instance: Path = tmp_path_factory.mktemp("instance")
    with empty_database(database_url, f"faults_{instance.name}") as url, another_app(url, instance=instance) as site:
        site.test_client_class = SeparateContextClient
        with site.app_context():
            upgrade()
            yield site
