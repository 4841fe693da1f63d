"""The blueprint of the desk, who may enter, and what its templates may call."""

from __future__ import annotations

from flask import Blueprint

from blueprints.moderation.words import age, check_name, queue_name
from blueprints.support import guards
from domain import permissions, savedfilters

DECISIONS_A_MINUTE = "600 per minute"  # a whole desk behind one address, each deciding as fast as keys go

bp = Blueprint("moderation", __name__, url_prefix="/moderation")
bp.before_request(guards.require_moderator)
bp.add_app_template_filter(age)
bp.add_app_template_filter(check_name)
bp.add_app_template_filter(queue_name)
bp.add_app_template_filter(savedfilters.queue_of)
bp.add_app_template_global(permissions.can_decide)
bp.add_app_template_global(permissions.can_override)
bp.add_app_template_global(permissions.can_undo)
