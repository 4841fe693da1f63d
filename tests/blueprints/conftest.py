"""A site of its own for tests that break its database, or commit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.applications import another_app, migrated, twin
from tests.conftest import SeparateContextClient


@pytest.fixture(scope="module")
def lone_site(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Return the site on a database of its own, whose faults hurt nobody else."""
    instance: Path = tmp_path_factory.mktemp("instance")
    with twin(migrated(database_url)) as url, another_app(url, instance=instance) as site:
        site.test_client_class = SeparateContextClient
        with site.app_context():
            yield site
