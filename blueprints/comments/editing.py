"""What an author does with their own comment: changing it, looking at its earlier texts, taking it back."""

from __future__ import annotations

from datetime import timedelta

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.comments.area import bp
from blueprints.comments.forms import EditForm
from blueprints.comments.previewing import shown_again
from blueprints.support.answers import led_on
from blueprints.support.caching import about, page_for_all, shared
from blueprints.support.limits import WRITES
from blueprints.support.readers import check_author, current_reader, participant
from blueprints.support.site import config, utc_now
from domain import comments, permissions, revisions
from domain.commentviews import CommentView
from extensions import db, limiter
from models import Article, Comment, RevisionState

bp.add_app_template_global(permissions.can_withdraw)


@bp.get("/comments/<int:comment_id>/edit")
def edit(comment_id: int) -> ResponseReturnValue:
    """Ask for another text of one's own comment."""
    comment = _editable(comment_id)
    text = revisions.waiting_of(comment) or comment
    return _edit_form(comment, EditForm(data={"body": text.body_source}))


@bp.post("/comments/<int:comment_id>/revisions")
@limiter.limit(WRITES)
def revise(comment_id: int) -> ResponseReturnValue:
    """Take another text of one's own comment, or show it first."""
    check_author()
    comment, form = _editable(comment_id), EditForm()
    if again := shown_again(form, comment.article, lambda: _edit_form(comment, form), of=comment):
        return again
    revision = revisions.edit(comment, form.body.data or "", by=participant(), now=utc_now(), window=_window())
    db.session.commit()
    if revision is not None and revision.state is RevisionState.HELD:
        flash(gettext("Your edit waits for a moderator. Until then the earlier text is shown."), "kept")
    return led_on(url_for(".show", comment_id=comment_id, _anchor=f"comment-{comment_id}"))


@bp.get("/comments/<int:comment_id>/history")
@shared()
def history(comment_id: int) -> ResponseReturnValue:
    """Show the texts a comment has had."""
    comment = comments.visible_to(current_reader(), comment_id)
    about(comment.article)

    def rendered() -> str:
        versions = revisions.history(comment, current_reader())
        return render_template("comments/history.html", comment=comment, versions=versions)

    return page_for_all((comment.id, comment.article.version), rendered)


@bp.get("/comments/<int:comment_id>/withdrawal")
def withdrawal(comment_id: int) -> ResponseReturnValue:
    """Ask whether one's own comment is to be withdrawn."""
    comment = comments.owned_by(current_reader(), comment_id)
    return render_template("comments/withdrawal.html", comment=comment)


@bp.post("/comments/<int:comment_id>/withdrawal")
@limiter.limit(WRITES)
def withdraw(comment_id: int) -> ResponseReturnValue:
    """Withdraw one's own comment."""
    comment = comments.owned_by(current_reader(), comment_id)
    entry = comments.withdraw(comment, by=participant(), now=utc_now())
    db.session.commit()
    flash(gettext("Your comment is withdrawn.") if entry else gettext("You have withdrawn this comment already."), "done")
    return redirect(url_for("articles.show", slug=comment.article.slug, _anchor="say"), 303)


@bp.app_template_global()
def minutes_to_edit(view: CommentView, article: Article) -> int:
    """Return for how many minutes yet the viewer can edit a comment, begun ones included; 0 where they cannot."""
    now, window = utc_now(), _window()
    if view.is_answered or not permissions.can_edit_text(current_reader(), view, article=article, now=now, window=window):
        return 0
    return -((now - view.posted_at - window) // timedelta(minutes=1))


def _editable(comment_id: int) -> Comment:
    """Return the reader's own comment, if they can edit it now."""
    comment = comments.owned_by(current_reader(), comment_id)
    revisions.check(comment, by=current_reader(), now=utc_now(), window=_window())
    return comment


def _window() -> timedelta:
    return timedelta(minutes=config().edit_minutes)


def _edit_form(comment: Comment, form: EditForm) -> str:
    return render_template("comments/edit.html", comment=comment, form=form)
