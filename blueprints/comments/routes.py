"""Comments: posting, answering, reading one in its thread, reporting one."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.comments.area import bp
from blueprints.comments.forms import CommentForm, ReportForm
from blueprints.comments.pages import CommentPage, comment_page, thread_of
from blueprints.comments.previewing import shown_again
from blueprints.comments.quoting import quoted
from blueprints.support import head
from blueprints.support.answers import led_on
from blueprints.support.caching import about, page_for_all, shared
from blueprints.support.limits import WRITES
from blueprints.support.pagination import cursor
from blueprints.support.readers import current_reader, participant, takes_part
from blueprints.support.receipts import RECEIPT, receipt_for
from blueprints.support.site import utc_now
from blueprints.support.thinking import keep_pace
from blueprints.support.transactions import go_on_writing, reads_first
from domain import articles, comments, moderation, participation, permissions
from extensions import db, limiter
from models import Article, Comment, CommentState, ReportReason


@bp.get("/comments/<int:comment_id>")
@shared("quote", "page")
def show(comment_id: int) -> ResponseReturnValue:
    """Show a comment in its thread, with a form to answer it."""
    comment = comments.opened_by(current_reader(), comment_id)
    quotes = request.args.get("quote") == "1" and comment.state is CommentState.PUBLISHED
    form = CommentForm(answers=comment, data={"body": quoted(comment)} if quotes else None)
    page = comment_page(comment, form, number=cursor("page"), quotes=quotes)
    return page_for_all(page.version, lambda: _thread(page))


@bp.post("/articles/<slug>/comments")
@limiter.limit(WRITES)
@reads_first
@takes_part
def post(slug: str) -> ResponseReturnValue:
    """Post a comment that answers nobody, or show it first."""
    article = articles.written_on(current_reader(), slug)
    comments.check_place(article)
    form = CommentForm()
    again = shown_again(form, article, lambda: render_template("comments/new.html", article=article, form=form))
    return again or _posted(article, form, None)


@bp.post("/comments/<int:comment_id>/replies")
@limiter.limit(WRITES)
@reads_first
@takes_part
def reply(comment_id: int) -> ResponseReturnValue:
    """Answer a comment, or show the answer first."""
    parent = comments.visible_to(current_reader(), comment_id)
    comments.check_place(parent.article, parent)
    form = CommentForm(answers=parent)
    again = shown_again(form, parent.article, lambda: _thread(comment_page(parent, form)), parent=parent)
    return again or _posted(parent.article, form, parent)


@bp.get("/comments/<int:comment_id>/report")
@shared()
def report_form(comment_id: int) -> ResponseReturnValue:
    """Ask what is wrong with a comment."""
    comment = comments.visible_to(current_reader(), comment_id)
    about(comment.article)
    return render_template("comments/report.html", comment=comment, form=ReportForm())


@bp.post("/comments/<int:comment_id>/reports")
@limiter.limit(WRITES)
@takes_part
def report(comment_id: int) -> ResponseReturnValue:
    """Take a complaint about a comment."""
    comment = comments.visible_to(current_reader(), comment_id)
    form = ReportForm()
    if not form.validate_on_submit():
        return render_template("comments/report.html", comment=comment, form=form), 422
    moderation.report(comment, ReportReason(form.reason.data), form.note.data or "", by=participant(), now=utc_now())
    target = url_for(".show", comment_id=comment.id)
    if not permissions.can_see_comment(current_reader(), comment):  # with this complaint a rule has put it aside
        target = url_for("articles.show", slug=comment.article.slug, _anchor="say")
    db.session.commit()
    flash(gettext("Thank you. A moderator will look at it."), "done")
    return redirect(target, 303)


def _posted(article: Article, form: CommentForm, parent: Comment | None) -> ResponseReturnValue:
    go_on_writing()
    reader, now = participant(), utc_now()
    keep_pace(article)
    standing = participation.standing_of(article, reader) if not form.alone.data else participation.Standing()
    held = (standing.vote, standing.forecast)
    comment = comments.post(article, form.body.data or "", by=reader, now=now, parent=parent, standing=held)
    waits, receipt = comment.state is CommentState.HELD, receipt_for(comment)
    among_all = url_for("articles.show", slug=article.slug, _anchor=f"comment-{comment.id}")
    target = url_for(".show", comment_id=comment.id) if waits else among_all  # a page that begins with what is said of it
    db.session.commit()  # nothing is read after it: that would be another transaction, which on SQLite waits for its turn
    if waits:
        flash(gettext("Your comment waits for a moderator. Until then only you can see it."), "kept")
        flash(receipt, RECEIPT)
    return led_on(target)


def _thread(page: CommentPage) -> str:
    thread = thread_of(page)
    return render_template("comments/show.html", page=page, thread=thread, head=head.of_comment(page.comment, thread))
