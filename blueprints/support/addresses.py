"""The rules of addresses, as Werkzeug has them, but how to build one is compiled when it is first built."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule


class LateRule(Rule):
    """A rule like any other. To compile hundreds of builders, most of them never used, was most of what making the site took."""

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:  # noqa: FBT001, FBT002 - Werkzeug's
        """Return what compiles the builder as Werkzeug does, leaves it in its own place and builds with it."""
        compiled, place = super()._compile_builder, "_build_unknown" if append_unknown else "_build"

        def build(rule: Rule, /, **values: Any) -> tuple[str, str]:
            built: Callable[..., tuple[str, str]] = compiled(append_unknown).__get__(rule)
            setattr(rule, place, built)
            return built(**values)

        return build
