"""The area beside the moderation queues: who may enter."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint
from flask_babel import format_timedelta

from blueprints.support import guards

DECISIONS = "60 per minute"  # each is read before it is decided

bp = Blueprint("oversight", __name__, url_prefix="/moderation")
bp.before_request(guards.require_moderator)


@bp.app_template_filter()
def duration(time: timedelta) -> str:
    """Return a length of time in its largest unit of which there are three or more."""
    return str(format_timedelta(time, threshold=3))
