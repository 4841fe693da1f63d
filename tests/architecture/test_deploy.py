from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from flask import Flask

from config import SETTINGS
from tests.architecture.sources import ROOT

FILES = sorted((ROOT / "docs/deploy").iterdir())
COMMAND = re.compile(r"flask ((?:[a-z]+ ?)+)")


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_only_settings_that_exist_are_given(path: Path) -> None:
    named = set(re.findall(r"FORESAY_[A-Z_]+", path.read_text()))
    assert named <= {setting.variable for setting in SETTINGS}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_only_commands_that_exist_are_run(app: Flask, path: Path) -> None:
    for words in COMMAND.findall(path.read_text()):
        first, *rest = words.split()
        command = app.cli.get_command(None, first)  # type: ignore[arg-type]
        assert command is not None or first == "db"
        assert not rest or first == "db" or rest[0] in getattr(command, "commands", {})


def test_the_compose_file_starts_the_site_its_jobs_and_what_they_need() -> None:
    services = yaml.safe_load((ROOT / "docs/deploy/compose.yaml").read_text())["services"]
    assert set(services) == {"migrate", "web", "jobs", "database", "redis"}
    assert all(Path(ROOT, "docs/deploy", service["build"]["context"]).resolve() == ROOT for service in (services["web"],))
