from __future__ import annotations

import ast
import enum
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

import models
from tests.architecture.sources import ROOT, dotted, functions_of, imports_of, name_of, python_files, tops, tree_of

MAY_IMPORT = {
    "app": {"blueprints", "commands", "config", "connections", "extensions", "jobs"},
    "blueprints": {"blueprints", "config", "connections", "domain", "extensions", "importers", "jobs", "models"},
    "commands": {"commands", "config", "connections", "domain", "extensions", "importers", "jobs", "models"},
    "config": set(),
    "connections": set(),
    "domain": {"domain", "extensions", "models"},
    "extensions": set(),
    "importers": {"importers"},
    "jobs": {"config", "connections", "domain", "extensions", "jobs", "models"},
    "models": {"tables"},
    "tables": {"extensions", "tables"},
}
OUTSIDE = {"bench", "migrations", "tests"}  # nothing of the site imports these
SOURCES = python_files(*MAY_IMPORT)
PURE = {"closing_question", "crowd", "errors", "names", "outcome_templates", "permissions", "text"}
PURE |= {path.stem for path in python_files("domain") if "Pure" in (ast.get_docstring(tree_of(path)) or "")}
FORBIDDEN_IN_DOMAIN = ("flask", "werkzeug", "wtforms", "jinja2")  # flask_login and its like as well
READS_THE_CLOCK = {"now", "utcnow", "today", "time", "time_ns"}
CLOCKS = {"datetime", "date", "time", "datetime.datetime", "datetime.date"}


def part_of(module: str) -> str:
    return module.partition(".")[0]


def ours(path: Path) -> set[str]:
    return {name for name in imports_of(path) if part_of(name) in MAY_IMPORT}


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_imports_point_downwards(path: Path) -> None:
    top = path.relative_to(ROOT).parts[0].removesuffix(".py")
    assert {part_of(name) for name in imports_of(path)} & tops() <= MAY_IMPORT[top]


def test_every_module_at_the_root_has_its_place() -> None:
    assert tops() == MAY_IMPORT.keys() | OUTSIDE & tops()


@pytest.mark.parametrize("path", [path for path in SOURCES if "blueprints" in path.parts], ids=name_of)
def test_blueprints_never_import_each_other(path: Path) -> None:
    own = path.relative_to(ROOT).parts[1]
    if own == "__init__.py":  # the site map lists them all
        return
    areas = {name.split(".")[1] for name in imports_of(path) if part_of(name) == "blueprints"}
    assert areas <= {own, "support"}


@pytest.mark.parametrize("path", python_files("domain", "models", "tables"), ids=name_of)
def test_the_domain_knows_no_web(path: Path) -> None:
    assert not {name for name in imports_of(path) if part_of(name).startswith(FORBIDDEN_IN_DOMAIN)}


@pytest.mark.parametrize("name", sorted(PURE))
def test_arithmetic_and_text_know_no_database(name: str) -> None:
    path = ROOT / "domain" / f"{name}.py"
    tables = {module for module in ours(path) if part_of(module) == "models" and not is_enum(module)}
    assert name == "permissions" or not tables
    assert not {module for module in imports_of(path) if part_of(module) in {"sqlalchemy", "extensions"}}
    domain = {module for module in ours(path) if part_of(module) == "domain"}
    assert {module.removeprefix("domain.").partition(".")[0] for module in domain} <= PURE


def is_enum(module: str) -> bool:
    kind = getattr(models, module.removeprefix("models."))
    return isinstance(kind, type) and issubclass(kind, enum.Enum)


def test_domain_modules_do_not_import_in_a_circle() -> None:
    graph = {
        f"domain.{path.stem}": {name for module in ours(path) for name in (".".join(module.split(".")[:2]),)}
        for path in python_files("domain")
    }
    tuple(TopologicalSorter(graph).static_order())  # raises CycleError


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_no_import_is_relative(path: Path) -> None:
    assert not {name for name in imports_of(path) if name.startswith(".")}


@pytest.mark.parametrize("path", [path for path in SOURCES if path.stem != "config"], ids=name_of)
def test_only_config_reads_the_environment(path: Path) -> None:
    readers = {"os.environ", "os.getenv", "os.environb"}
    named = {dotted(node) for node in ast.walk(tree_of(path)) if isinstance(node, ast.Attribute)}
    assert not (named | imports_of(path)) & readers


def reads_the_clock(path: Path) -> list[int]:
    calls = (node for node in ast.walk(tree_of(path)) if isinstance(node, ast.Call))
    names = ((call.lineno, *dotted(call.func).rpartition(".")[::2]) for call in calls)
    return [line for line, owner, verb in names if verb in READS_THE_CLOCK and owner in CLOCKS]


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_only_the_edges_read_the_clock(path: Path) -> None:
    edge = path == ROOT / "blueprints/support/site.py" or path.relative_to(ROOT).parts[0] in {"commands", "jobs"}
    assert edge or not reads_the_clock(path)


def ends_transactions(node: ast.AST) -> list[int]:
    calls = (call for call in ast.walk(node) if isinstance(call, ast.Call))
    return [call.lineno for call in calls if dotted(call.func).endswith(("session.commit", "session.rollback"))]


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_only_the_edges_commit(path: Path) -> None:
    edge = path.relative_to(ROOT).parts[0] in {"blueprints", "commands", "jobs"}
    assert edge or not ends_transactions(tree_of(path))


@pytest.mark.parametrize("path", python_files("blueprints"), ids=name_of)
def test_a_get_commits_nothing(path: Path) -> None:
    for function in functions_of(path):
        names = {dotted(call.func) for call in function.decorator_list if isinstance(call, ast.Call)}
        if any(name.endswith(".get") for name in names):
            assert not ends_transactions(function), function.name


@pytest.mark.parametrize("path", python_files("migrations"), ids=name_of)
def test_migrations_import_nothing_of_ours(path: Path) -> None:
    assert not ours(path)
