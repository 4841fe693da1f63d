from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path

from tests.architecture.sources import ROOT, find_nothing, functions_of, python_files, templates, text_of, tops

LONGEST_FUNCTION = 40  # lines, its decorators aside
LONGEST_TEST = 25
MOST_POSITIONAL = 5  # keyword-only arguments read well however many there are
LONGEST_MODULE = 400
LONGEST_TEMPLATE = 120
LONGEST_ASSET = 200

REVISIONS = ROOT / "migrations" / "versions"  # each is as long as what it changes
MODULES = [path for path in python_files(*sorted(tops())) if REVISIONS not in path.parents]
TESTS = [path for path in MODULES if ROOT / "tests" in path.parents]
ASSETS = [
    path
    for path in sorted((ROOT / "static").rglob("*"))
    if path.suffix in {".css", ".js"} and ROOT / "static" / "vendor" not in path.parents
]


Function = ast.FunctionDef | ast.AsyncFunctionDef


def longer_than(longest: int) -> Callable[[Path], int | None]:
    """Return a rule that finds how many lines a file has, where it has too many."""
    return lambda path: lines if (lines := len(text_of(path).splitlines())) > longest else None


def length_of(function: Function) -> int:
    return (function.end_lineno or 0) - function.lineno + 1


def positional(function: Function) -> int:
    return len([one for one in [*function.args.posonlyargs, *function.args.args] if one.arg not in {"self", "cls"}])


def is_test(path: Path, function: Function) -> bool:
    return ROOT / "tests" in path.parents and function.name.startswith("test_")


def long_functions(path: Path) -> list[str]:
    found = (function for function in functions_of(path) if not is_test(path, function))
    return [function.name for function in found if length_of(function) > LONGEST_FUNCTION]


def long_tests(path: Path) -> list[str]:
    found = (function for function in functions_of(path) if is_test(path, function))
    return [function.name for function in found if length_of(function) > LONGEST_TEST]


def greedy_functions(path: Path) -> list[str]:
    return [function.name for function in functions_of(path) if positional(function) > MOST_POSITIONAL]


def test_functions_are_short() -> None:
    find_nothing(MODULES, long_functions)


def test_tests_are_shorter() -> None:
    find_nothing(TESTS, long_tests)


def test_functions_take_few_positional_arguments() -> None:
    find_nothing([path for path in MODULES if path not in TESTS], greedy_functions)


def test_modules_are_short() -> None:
    find_nothing(MODULES, longer_than(LONGEST_MODULE))


def test_templates_are_short() -> None:
    find_nothing(templates(), longer_than(LONGEST_TEMPLATE))


def test_styles_and_scripts_are_short() -> None:
    find_nothing(ASSETS, longer_than(LONGEST_ASSET))
