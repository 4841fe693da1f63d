"""The newsroom: writing, opening, closing and resolving. For editors alone."""

from __future__ import annotations

import blueprints.newsroom.asked
import blueprints.newsroom.deciding
import blueprints.newsroom.ending
import blueprints.newsroom.legal
import blueprints.newsroom.lifecycle
import blueprints.newsroom.writing  # noqa: F401 - their routes register themselves
from blueprints.newsroom.area import bp

__all__ = ["bp"]
