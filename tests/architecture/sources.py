"""Our own source files, and what the architecture tests ask of them."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_CODE = {"docs", "requirements", "static", "templates", "translations", "instance"}  # folders that hold no module of ours


def python_files(*tops: str) -> list[Path]:
    """Return the modules under the given names at the root, which are packages or single files."""
    found = [path for top in tops for path in (sorted((ROOT / top).rglob("*.py")) or [ROOT / f"{top}.py"])]
    return [path for path in found if path.exists()]


def tops() -> set[str]:
    """Return the names at the root that Python can import."""
    folders = {path.parent.name for path in ROOT.glob("*/*.py")} | {path.parent.parent.name for path in ROOT.glob("*/*/*.py")}
    files = {path.stem for path in ROOT.glob("*.py")}
    return {name for name in folders | files if not name.startswith((".", "__"))} - NOT_CODE


def templates() -> list[Path]:
    """Return every template."""
    return sorted((ROOT / "templates").rglob("*.html"))


def name_of(path: Path) -> str:
    """Return a path as it is written in reports."""
    return path.relative_to(ROOT).as_posix()


def find_nothing(paths: Iterable[Path], rule: Callable[[Path], object]) -> None:
    """Assert that a rule finds nothing to object to in any of these files; else name each, and what is found in it.

    One test for all of them: a test for each costs a hundred times what most rules do.
    """
    found = {name_of(path): what for path in paths if (what := rule(path))}
    assert not found, "\n".join(["", *(f"{name}: {what}" for name, what in found.items())])


@cache
def text_of(path: Path) -> str:
    """Return what stands in a file."""
    return path.read_text()


@cache
def nodes_of(path: Path) -> tuple[ast.AST, ...]:
    """Return every node of a module's syntax tree."""
    return tuple(ast.walk(tree_of(path)))


@cache
def tree_of(path: Path) -> ast.Module:
    """Return the syntax tree of a module."""
    return ast.parse(text_of(path), filename=str(path))


def imports_of(path: Path) -> set[str]:
    """Return the dotted names a module imports, at its top or later. `from domain import crowd` is `domain.crowd`."""
    names: set[str] = set()
    for node in nodes_of(path):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{'.' * node.level}{node.module or ''}.{alias.name}" for alias in node.names}
    return names


def functions_of(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Yield every function and method of a module."""
    for node in nodes_of(path):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def dotted(node: ast.expr) -> str:
    """Return an expression such as `db.session.commit` in words; empty for anything that is not names and dots."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        start = dotted(node.value)
        return f"{start}.{node.attr}" if start else f"?.{node.attr}"
    return ""
