"""A text as it would be posted: for the live preview, and for whoever presses "Preview" without JavaScript."""

from __future__ import annotations

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from blueprints.comments.area import bp
from blueprints.support.forms import line_ends
from blueprints.support.limits import PREVIEWS
from blueprints.support.transactions import reads_first
from domain import comments
from extensions import limiter


@bp.post("/preview")
@reads_first
@limiter.limit(PREVIEWS)
def preview() -> ResponseReturnValue:
    """Answer a text as the renderer of comments would have it. Nothing is kept, and nobody is made a guest."""
    return jsonify(html=comments.preview(line_ends(request.form.get("body")) or ""))


def is_preview() -> bool:
    """Whether the form that was sent asks to be shown first."""
    return request.form.get("step") == "preview"
