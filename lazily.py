"""Modules that few pages and jobs need, loaded when first used: otherwise every process held them all day (ADR 23)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any


class lazily:  # noqa: N801 - it stands for a module, and is read as an adverb: `np = lazily("numpy")`
    """A module that is loaded when one of its names is first asked for. Threads may ask at once.

    Where it stands, `if TYPE_CHECKING:` imports the module itself, so that types are checked as ever. What is wanted of a
    module as it is loaded (a base class, a constant) is no case for it.
    """

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> Any:
        """Return a name of the module, and have it at hand from then on."""
        found = getattr(import_module(self._module), name)
        setattr(self, name, found)
        return found


@contextmanager
def without(*modules: str) -> Iterator[None]:
    """Let what is loaded inside the block find that these modules are not installed, unless they have been loaded before."""
    hidden = [module for module in modules if module not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type] # None is how Python notes that there is no such module
    try:
        yield
    finally:
        for module in hidden:
            del sys.modules[module]
