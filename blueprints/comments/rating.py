"""Rating a comment, and making one a pick of the newsroom."""

from __future__ import annotations

from flask import abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString, gettext, lazy_gettext

from blueprints.comments.area import bp
from blueprints.comments.forms import CommentForm
from blueprints.comments.pages import comment_page
from blueprints.support.answers import stays_open
from blueprints.support.limits import WRITES
from blueprints.support.paths import own_path
from blueprints.support.readers import current_reader, participant, takes_part
from blueprints.support.site import utc_now
from domain import comments, commentviews, picks, ratings
from extensions import db, limiter
from models import Comment, Verdict

TAKEN_BACK = "none"
SAID = {
    Verdict.GOOD.value: lazy_gettext("Noted: a good point."),
    Verdict.POOR.value: lazy_gettext("Noted: it does not convince you."),
    TAKEN_BACK: lazy_gettext("Your rating is taken back."),
}


@bp.post("/comments/<int:comment_id>/rating")
@limiter.limit(WRITES)
@takes_part
def rate(comment_id: int) -> ResponseReturnValue:
    """Take what a reader thinks of a comment: a good point, not convincing, or neither any more."""
    comment = comments.visible_to(current_reader(), comment_id)
    given = request.form.get("verdict", "")
    if given not in SAID:
        abort(400)
    ratings.rate(comment, None if given == TAKEN_BACK else Verdict(given), by=participant(), now=utc_now())
    answer = _done(comment, SAID[given])
    db.session.commit()  # nothing is read after it: that would be another transaction, which on SQLite waits for its turn
    return answer


@bp.post("/comments/<int:comment_id>/pick")
@limiter.limit(WRITES)
def pick(comment_id: int) -> ResponseReturnValue:
    """Make a comment one of the newsroom's picks, or no longer."""
    comment = comments.visible_to(current_reader(), comment_id)
    picks.pick(comment, by=current_reader(), now=utc_now(), is_picked=request.form.get("picked") != TAKEN_BACK)
    answer = _done(comment, gettext("The newsroom's picks have changed."))
    db.session.commit()
    return answer


def _done(comment: Comment, said: LazyString | str) -> ResponseReturnValue:
    """Lead back to the comment; a page that stays open gets what can be done about it now."""
    if not stays_open():
        return _back_to(comment)
    view = commentviews.of([comment.id], viewer=current_reader(), article=comment.article)[comment.id]
    page = comment_page(comment, CommentForm())
    acts = render_template("comments/_acts.html", view=view, page=page)
    return jsonify(said=str(said), regions={f"acts-{comment.id}": acts})


def _back_to(comment: Comment) -> ResponseReturnValue:
    """Lead back to the page on which a button was pressed, at the comment."""
    page = own_path(request.form.get("back")) or url_for("articles.show", slug=comment.article.slug)
    return redirect(f"{page.partition('#')[0]}#comment-{comment.id}", 303)
