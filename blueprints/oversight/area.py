"""The area beside the moderation queues: who may enter."""

from __future__ import annotations

from flask import Blueprint

from blueprints.support import guards

DECISIONS = "60 per minute"  # each is read before it is decided

bp = Blueprint("oversight", __name__, url_prefix="/moderation")
bp.before_request(guards.require_moderator)
