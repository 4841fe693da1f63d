"""What moderators answer for beside the queues: legal notices, second opinions, how the work goes. For moderators alone."""

from __future__ import annotations

import blueprints.oversight.metrics
import blueprints.oversight.notices
import blueprints.oversight.opinions  # noqa: F401 - their routes register themselves
from blueprints.oversight.area import bp

__all__ = ["bp"]
