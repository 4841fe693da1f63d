"""The environment of the templates."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import KeysView, MutableMapping
from typing import Any

from flask.templating import Environment


class QuickEnvironment(Environment):
    """Flask's, which names what every template knows more quickly.

    Each import in a template asks whether the page knows more than the template, some twenty times a page. A chain of maps
    goes through its names in Python to say so: a twentieth of what it takes to make an article's page.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the template's own globals before everybody's, which may still be changed."""
        return _Chain({} if d is None else d, self.globals)


class _Chain(ChainMap[str, Any]):
    def keys(self) -> KeysView[str]:
        """Return the names, of those that are there now."""
        names: dict[str, Any] = {}
        for mapping in self.maps:
            names |= mapping
        return names.keys()
