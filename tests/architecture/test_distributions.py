from __future__ import annotations

import hashlib
import json
import re
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

from tests.architecture.sources import ROOT, name_of, tops

LOCKS = sorted((ROOT / "requirements").glob("*.lock"))
ADDRESS = re.compile(r"://|^--(?:index-url|extra-index-url|find-links)|^-[if] ", re.MULTILINE)
NAME = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^]]*\])?")
VENDOR = ROOT / "static" / "vendor"


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def wanted(path: Path) -> set[str]:
    """Return the packages an .in file names, with those of the files it includes."""
    names: set[str] = set()
    for line in path.read_text().splitlines():
        if line.startswith("-r "):
            names |= wanted(path.parent / line.removeprefix("-r ").strip())
        elif found := NAME.match(line):
            names.add(normal(found[1]))
    return names


def pinned(path: Path) -> dict[str, str]:
    """Return the requirements of a lock file by name, each in one line."""
    lines = path.read_text().replace("\\\n", " ").splitlines()
    return {normal(line.partition("==")[0].strip()): line for line in lines if line and not line.startswith("#")}


def test_no_installed_distribution_has_a_module_named_like_ours() -> None:
    assert not {name: found for name, found in packages_distributions().items() if name in tops()}


def test_there_are_lock_files() -> None:
    assert {path.stem for path in LOCKS} >= {"run", "test"}


@pytest.mark.parametrize("path", LOCKS, ids=name_of)
def test_lock_files_hold_no_address(path: Path) -> None:
    assert not ADDRESS.search(path.read_text())


@pytest.mark.parametrize("path", LOCKS, ids=name_of)
def test_what_is_wanted_is_locked(path: Path) -> None:
    assert wanted(path.with_suffix(".in")) <= pinned(path).keys()


@pytest.mark.parametrize("path", LOCKS, ids=name_of)
def test_every_locked_package_has_a_version_and_hashes(path: Path) -> None:
    whole = re.compile(r"[A-Za-z0-9._-]+(?:\[[^]]*\])?==[^\s;]+(?: ;[^-]*)?(?:\s+--hash=sha256:[0-9a-f]{64})+\s*")
    assert not [line for line in pinned(path).values() if not whole.fullmatch(line)]


def vendored() -> list[dict[str, Any]]:
    packages: list[dict[str, Any]] = json.loads((VENDOR / "vendor.json").read_text())["packages"]
    return packages


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_vendored_files_are_those_of_the_manifest() -> None:
    listed = {name: value for package in vendored() for name, value in package["files"].items()}
    files = [path for path in VENDOR.rglob("*") if path.is_file() and path != VENDOR / "vendor.json"]
    assert {path.relative_to(VENDOR).as_posix(): digest(path) for path in files} == listed


@pytest.mark.parametrize("package", vendored(), ids=lambda package: package["name"])
def test_a_vendored_package_says_what_it_is(package: dict[str, Any]) -> None:
    assert all(isinstance(package[key], str) and package[key].strip() for key in ("name", "version", "licence"))
    assert any("LICENSE" in name.upper() or "LICENCE" in name.upper() for name in package["files"])


def test_the_manifest_holds_no_address() -> None:
    assert not ADDRESS.search((VENDOR / "vendor.json").read_text())
