"""Looking: saying that one looks at a comment, and whether texts are folded away until one presses."""

from __future__ import annotations

from flask import jsonify, redirect, session
from flask.typing import ResponseReturnValue

from blueprints.moderation.area import DECISIONS_A_MINUTE, bp
from blueprints.moderation.pages import VEIL, is_veiled, place_here
from blueprints.support.filters import reader_name
from blueprints.support.readers import participant
from blueprints.support.site import utc_now
from domain import leases
from extensions import db, limiter


@bp.post("/comments/<int:comment_id>/lease")
@limiter.limit(DECISIONS_A_MINUTE)
def look(comment_id: int) -> ResponseReturnValue:
    """Note that this moderator looks at a comment, and answer who else does."""
    other = leases.look(comment_id, by=participant(), now=utc_now())
    looking = reader_name(other.moderator) if other else ""
    db.session.commit()
    return jsonify(looking=looking)


@bp.post("/veil")
def veil() -> ResponseReturnValue:
    """Fold texts away until they are pressed, in this browser, or show them again."""
    session[VEIL] = not is_veiled()
    return redirect(place_here().address(), 303)
