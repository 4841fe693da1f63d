"""How far a reader has read, told by their page when they leave it, or by a button."""

from __future__ import annotations

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.articles.routes import bp
from blueprints.support.answers import stays_open
from blueprints.support.pagination import MOST_DIGITS
from blueprints.support.readers import current_reader
from blueprints.support.site import utc_now
from domain import articles, visits
from extensions import db, limiter

LEAVINGS = "600 per minute"  # of one network: a whole newsroom behind one address, turning from tab to tab


@bp.post("/articles/<slug>/visit")
@limiter.limit(LEAVINGS)
def visit(slug: str) -> ResponseReturnValue:
    """Note how far a reader has read. Nobody is made a guest for reading, so of who is nobody nothing is noted."""
    reader = current_reader()
    article = articles.shown_to(reader, slug)
    seen = request.form.get("seen", "")
    if not (seen.isascii() and seen.isdigit() and len(seen) <= MOST_DIGITS):
        abort(400)
    if reader is not None and not article.is_draft:
        visits.mark(article, int(seen), by=reader, now=utc_now())
        db.session.commit()
    return ("", 204) if stays_open() else redirect(url_for(".show", slug=slug, _anchor="discussion"), 303)
