"""The list of what a reader is told. Reading the list marks nothing: opening one does, and saying so."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.notifications.area import bp, reader_here
from blueprints.notifications.pages import ListPage
from blueprints.support.limits import WRITES
from blueprints.support.pagination import MOST_DIGITS, cursor
from blueprints.support.readers import current_reader
from blueprints.support.site import utc_now
from domain import notifications, verdicts
from domain.notifications import Told
from extensions import db, limiter
from models import NotificationKind


@bp.get("/me/notifications")
def index() -> ResponseReturnValue:
    """Show a reader, guest or account, what they are told, newest first."""
    reader = current_reader()
    if reader is None:
        return redirect(url_for("accounts.sign_in", next=url_for(".index")))
    before = cursor("before")
    told = notifications.told_to(reader, before=before)
    return render_template("notifications/index.html", page=ListPage(told=told, is_later=before is not None))


@bp.post("/me/notifications/read")
@limiter.limit(WRITES)
def mark_all_read() -> ResponseReturnValue:
    """Mark everything as read that the reader has seen the list of."""
    sent = request.form.get("up_to", "")
    up_to = int(sent) if sent.isascii() and sent.isdigit() and len(sent) <= MOST_DIGITS else 0
    notifications.mark_all_read(reader_here(), up_to=up_to, now=utc_now())
    db.session.commit()
    flash(gettext("Everything is marked as read."), "done")
    return redirect(url_for(".index"), 303)


@bp.post("/me/notifications/<int:notification_id>/read")
@limiter.limit(WRITES)
def mark_read(notification_id: int) -> ResponseReturnValue:
    """Mark one as read."""
    notifications.mark_read(notifications.one_told_to(reader_here(), notification_id), now=utc_now())
    db.session.commit()
    return redirect(url_for(".index"), 303)


@bp.post("/me/notifications/<int:notification_id>/opening")
@limiter.limit(WRITES)
def open_one(notification_id: int) -> ResponseReturnValue:
    """Mark one as read and lead to what it is about."""
    told = notifications.one_told_to(reader_here(), notification_id)
    notifications.mark_read(told, now=utc_now())
    address = _address(told)
    db.session.commit()
    return redirect(address, 303)


def _address(told: Told) -> str:
    """Return where what a reader is told can be read."""
    if told.notification.kind is NotificationKind.DECISION and told.statement_id is not None:
        return url_for("statements.show", statement_id=told.statement_id)
    comment = told.comment
    if comment is None and told.judged is not None and verdicts.is_readable(told.judged.state):
        comment = told.judged
    if comment is not None:
        return url_for("comments.show", comment_id=comment.id, _anchor=f"comment-{comment.id}")
    if told.notification.kind is NotificationKind.DECISION or told.article is None:
        return url_for("statements.index")
    return url_for("articles.show", slug=told.article.slug, _anchor="say")
