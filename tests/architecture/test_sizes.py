from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, functions_of, name_of, python_files, templates, tops

LONGEST_FUNCTION = 40  # lines, its decorators aside
LONGEST_TEST = 25
MOST_POSITIONAL = 5  # keyword-only arguments read well however many there are
LONGEST_MODULE = 400
LONGEST_TEMPLATE = 120
LONGEST_ASSET = 200

REVISIONS = ROOT / "migrations" / "versions"  # each is as long as what it changes
MODULES = [path for path in python_files(*sorted(tops())) if REVISIONS not in path.parents]
ASSETS = [
    path
    for path in sorted((ROOT / "static").rglob("*"))
    if path.suffix in {".css", ".js"} and ROOT / "static" / "vendor" not in path.parents
]


def lines_of(path: Path) -> int:
    return len(path.read_text().splitlines())


def is_test(path: Path, function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return ROOT / "tests" in path.parents and function.name.startswith("test_")


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_functions_are_short(path: Path) -> None:
    lengths = {
        function.name: (function.end_lineno or 0) - function.lineno + 1
        for function in functions_of(path)
        if not is_test(path, function)
    }
    assert not {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION}


@pytest.mark.parametrize("path", [path for path in MODULES if ROOT / "tests" in path.parents], ids=name_of)
def test_tests_are_shorter(path: Path) -> None:
    lengths = {
        function.name: (function.end_lineno or 0) - function.lineno + 1
        for function in functions_of(path)
        if is_test(path, function)
    }
    assert not {name: length for name, length in lengths.items() if length > LONGEST_TEST}


@pytest.mark.parametrize("path", [path for path in MODULES if ROOT / "tests" not in path.parents], ids=name_of)
def test_functions_take_few_positional_arguments(path: Path) -> None:
    takes = {function.name: [*function.args.posonlyargs, *function.args.args] for function in functions_of(path)}
    own = {name: [one for one in arguments if one.arg not in {"self", "cls"}] for name, arguments in takes.items()}
    assert not {name: len(arguments) for name, arguments in own.items() if len(arguments) > MOST_POSITIONAL}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_modules_are_short(path: Path) -> None:
    assert lines_of(path) <= LONGEST_MODULE


@pytest.mark.parametrize("path", templates(), ids=name_of)
def test_templates_are_short(path: Path) -> None:
    assert lines_of(path) <= LONGEST_TEMPLATE


@pytest.mark.parametrize("path", ASSETS, ids=name_of)
def test_styles_and_scripts_are_short(path: Path) -> None:
    assert lines_of(path) <= LONGEST_ASSET
