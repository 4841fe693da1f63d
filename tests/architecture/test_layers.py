from __future__ import annotations

import ast
import enum
from collections.abc import Iterable
from graphlib import TopologicalSorter
from pathlib import Path

import models
from tests.architecture.sources import (
    ROOT,
    dotted,
    find_nothing,
    functions_of,
    imports_of,
    nodes_of,
    python_files,
    tops,
    tree_of,
)

MAY_IMPORT = {
    "app": {"blueprints", "commands", "config", "connections", "extensions", "jobs", "lazily", "observing"},
    "blueprints": {
        "blueprints",
        "cache",
        "config",
        "connections",
        "domain",
        "extensions",
        "importers",
        "jobs",
        "lazily",
        "models",
        "observing",
    },
    "cache": {"cache"},
    "commands": {
        "commands",
        "config",
        "connections",
        "domain",
        "extensions",
        "importers",
        "jobs",
        "lazily",
        "models",
        "observing",
    },
    "config": {"settings"},
    "connections": {"lazily"},
    "domain": {"domain", "extensions", "lazily", "models"},
    "extensions": {"connections", "lazily"},
    "importers": {"importers", "lazily"},
    "jobs": {"config", "connections", "domain", "extensions", "jobs", "lazily", "models", "observing"},
    "lazily": set(),
    "models": {"tables"},
    "observing": {"config", "connections", "lazily", "observing"},
    "settings": set(),
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


def top_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


def test_imports_point_downwards() -> None:
    parts = tops()
    find_nothing(SOURCES, lambda path: {part_of(name) for name in imports_of(path)} & parts - MAY_IMPORT[top_of(path)])


def test_every_module_at_the_root_has_its_place() -> None:
    assert tops() == MAY_IMPORT.keys() | OUTSIDE & tops()


def other_areas(path: Path) -> set[str]:
    areas = {name.split(".")[1] for name in imports_of(path) if part_of(name) == "blueprints"}
    return areas - {path.relative_to(ROOT).parts[1], "support"}


def test_blueprints_never_import_each_other() -> None:
    site_map = ROOT / "blueprints" / "__init__.py"  # which lists them all
    find_nothing([path for path in python_files("blueprints") if path != site_map], other_areas)


def imports_of_the_web(path: Path) -> set[str]:
    return {name for name in imports_of(path) if part_of(name).startswith(FORBIDDEN_IN_DOMAIN)}


def test_the_domain_knows_no_web() -> None:
    find_nothing(python_files("domain", "models", "tables"), imports_of_the_web)


def impure(path: Path) -> set[str]:
    tables = {module for module in ours(path) if part_of(module) == "models" and not is_enum(module)}
    database = {module for module in imports_of(path) if part_of(module) in {"sqlalchemy", "extensions"}}
    domain = {module for module in ours(path) if part_of(module) == "domain"}
    others = {module for module in domain if module.removeprefix("domain.").partition(".")[0] not in PURE}
    return database | others | (set() if path.stem == "permissions" else tables)


def test_arithmetic_and_text_know_no_database() -> None:
    find_nothing([ROOT / "domain" / f"{name}.py" for name in sorted(PURE)], impure)


def is_enum(module: str) -> bool:
    kind = getattr(models, module.removeprefix("models."))
    return isinstance(kind, type) and issubclass(kind, enum.Enum)


def test_domain_modules_do_not_import_in_a_circle() -> None:
    graph = {
        f"domain.{path.stem}": {name for module in ours(path) for name in (".".join(module.split(".")[:2]),)}
        for path in python_files("domain")
    }
    tuple(TopologicalSorter(graph).static_order())  # raises CycleError


def test_no_import_is_relative() -> None:
    find_nothing(SOURCES, lambda path: {name for name in imports_of(path) if name.startswith(".")})


def reads_the_environment(path: Path) -> set[str]:
    named = {dotted(node) for node in nodes_of(path) if isinstance(node, ast.Attribute)}
    return (named | imports_of(path)) & {"os.environ", "os.getenv", "os.environb"}


def test_only_config_reads_the_environment() -> None:
    find_nothing([path for path in SOURCES if path.stem != "config"], reads_the_environment)


def reads_the_clock(path: Path) -> list[int]:
    calls = (node for node in nodes_of(path) if isinstance(node, ast.Call))
    names = ((call.lineno, *dotted(call.func).rpartition(".")[::2]) for call in calls)
    return [line for line, owner, verb in names if verb in READS_THE_CLOCK and owner in CLOCKS]


def test_only_the_edges_read_the_clock() -> None:
    edges = {ROOT / "blueprints/support/site.py", *python_files("commands", "jobs")}
    find_nothing([path for path in SOURCES if path not in edges], reads_the_clock)


def ends_transactions(nodes: Iterable[ast.AST]) -> list[int]:
    calls = (call for call in nodes if isinstance(call, ast.Call))
    return [call.lineno for call in calls if dotted(call.func).endswith(("session.commit", "session.rollback"))]


def test_only_the_edges_commit() -> None:
    edges = python_files("blueprints", "commands", "jobs")
    find_nothing([path for path in SOURCES if path not in edges], lambda path: ends_transactions(nodes_of(path)))


def answers_a_get(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    names = {dotted(call.func) for call in function.decorator_list if isinstance(call, ast.Call)}
    return any(name.endswith(".get") for name in names)


def commits_in_a_get(path: Path) -> list[str]:
    routes = (function for function in functions_of(path) if answers_a_get(function))
    return [function.name for function in routes if ends_transactions(ast.walk(function))]


def test_a_get_commits_nothing() -> None:
    find_nothing(python_files("blueprints"), commits_in_a_get)


def test_migrations_import_nothing_of_ours() -> None:
    find_nothing(python_files("migrations"), ours)
