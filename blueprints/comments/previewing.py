"""A text as it would be posted: for the live preview, and for whoever presses "Preview" without JavaScript."""

from __future__ import annotations

from collections.abc import Callable

from flask import jsonify, request
from flask.typing import ResponseReturnValue

from blueprints.comments.area import bp
from blueprints.comments.forms import EditForm
from blueprints.support.answers import mistakes, stays_open
from blueprints.support.forms import is_preview, line_ends
from blueprints.support.limits import PREVIEWS
from blueprints.support.readers import current_reader
from blueprints.support.thinking import asked_again
from blueprints.support.transactions import reads_first
from domain import articles, comments
from extensions import limiter
from models import Article, Comment


@bp.post("/preview")
@reads_first
@limiter.limit(PREVIEWS)
def preview() -> ResponseReturnValue:
    """Answer a text as the renderer of comments would have it. Nothing is kept, and nobody is made a guest."""
    slug = request.args.get("article")
    article = articles.shown_to(current_reader(), slug) if slug else None
    return jsonify(html=comments.preview(line_ends(request.form.get("body")) or "", article))


def shown_again(
    form: EditForm, article: Article, render: Callable[[], str], *, parent: Comment | None = None, of: Comment | None = None
) -> ResponseReturnValue | None:
    """Answer with the page that holds the form where it cannot be posted, is to be looked at first, or to be thought about; else
    with nothing."""
    if not form.validate_on_submit():
        return mistakes(form) if stays_open() else (render(), 422)
    body = form.body.data or ""
    if is_preview():
        form.preview_html = comments.preview(body, article)
        return render()
    form.nudge = asked_again(body, article, is_reply=(of.parent_id if of else parent) is not None, of=of)
    return (render(), 422) if form.nudge else None
