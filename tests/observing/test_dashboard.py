from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from prometheus_client import Metric

from blueprints.watching.backlogs import Backlogs
from observing.metrics import registry

ROOT = Path(__file__).resolve().parents[2]
ENDINGS = {"counter": ["_total"], "histogram": ["_bucket", "_sum", "_count"], "gauge": [""]}
NAME = re.compile(r"\bforesay_[a-z_]+")
DASHBOARD = ROOT / "docs/grafana/foresay.json"


@pytest.fixture
def exported(app: Flask, stage: None) -> list[Metric]:
    """Return every figure there is."""
    return [*registry.collect(), *Backlogs(datetime.now(UTC)).collect()]


def names_of(exported: list[Metric]) -> set[str]:
    return {one.name + ending for one in exported for ending in ENDINGS[one.type]}


def queries() -> Iterator[str]:
    """Yield every query of the dashboard."""
    for panel in json.loads(DASHBOARD.read_text())["panels"]:
        yield from (target["expr"] for target in panel["targets"])


def test_the_dashboard_asks_for_figures_that_exist(exported: list[Metric]) -> None:
    asked = {name for query in queries() for name in NAME.findall(query)}
    assert (asked - names_of(exported), len(asked) > 10) == (set(), True)


def test_the_dashboard_shows_every_figure(exported: list[Metric]) -> None:
    asked = " ".join(queries())
    assert [one.name for one in exported if one.name not in asked] == []


def test_the_dashboard_has_what_grafana_needs() -> None:
    found = json.loads(DASHBOARD.read_text())
    assert {"title", "uid", "schemaVersion", "panels", "templating"} <= found.keys()
    assert len({panel["id"] for panel in found["panels"]}) == len(found["panels"])


def test_its_panels_do_not_overlap() -> None:
    places = [panel["gridPos"] for panel in json.loads(DASHBOARD.read_text())["panels"]]
    cells = [(x, y) for at in places for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])]
    assert (len(cells), max(x for x, _ in cells) < 24) == (len(set(cells)), True)


def test_the_documentation_names_figures_that_exist_and_all_of_them(exported: list[Metric]) -> None:
    written = set(NAME.findall((ROOT / "docs/watching.md").read_text()))
    histograms = {one.name for one in exported if one.type == "histogram"}
    assert written <= names_of(exported) | histograms
    assert {one.name + ENDINGS[one.type][0] for one in exported if one.type != "histogram"} | histograms <= written
