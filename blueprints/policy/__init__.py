"""The newsroom's policy: its clauses, its lists of words, its rules, its classifier. Moderators read it, editors change it."""

from __future__ import annotations

import blueprints.policy.classifier
import blueprints.policy.clauses
import blueprints.policy.log
import blueprints.policy.rules
import blueprints.policy.words  # noqa: F401 - their routes register themselves
from blueprints.policy.area import bp

__all__ = ["bp"]
