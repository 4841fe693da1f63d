"""Home, the article page, and the one submit of its card."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.articles.crowd import follow_up
from blueprints.articles.forms import CardForm, card_form
from blueprints.articles.home import home_page
from blueprints.articles.pages import ArticlePage, article_page
from blueprints.articles.reading import REMEMBERED_DAYS, SORTS, Reading, reading_of, sort_cookie
from blueprints.articles.results import results_of
from blueprints.articles.sharing import address_of
from blueprints.support import head
from blueprints.support.answers import led_on
from blueprints.support.caching import page_for_all, shared
from blueprints.support.limits import WRITES
from blueprints.support.readers import current_reader, is_nobody, participant, takes_part
from blueprints.support.receipts import RECEIPT, receipt_for
from blueprints.support.site import config, utc_now
from blueprints.support.thinking import asked_again, keep_pace
from blueprints.support.transactions import go_on_writing, reads_first
from domain import articles, participation, threads, visits
from extensions import db, limiter
from models import CommentState

bp = Blueprint("articles", __name__)


@bp.get("/")
@shared()
def home() -> ResponseReturnValue:
    """Show what readers can weigh in on, what closes soon and what was resolved."""
    page = home_page(utc_now())
    return page_for_all(page.version, lambda: render_template("articles/home.html", page=page, head=head.of_home()))


@bp.get("/articles/<slug>")
@shared("sort", "take", "after", remembered=("sort", SORTS))
def show(slug: str) -> ResponseReturnValue:
    """Show an article with its questions and its discussion."""
    reader = current_reader()
    page = article_page(articles.shown_to(reader, slug), reader, utc_now())
    reading = reading_of(page)
    return page_for_all((page.version, reading.version), lambda: rendered(page, reading))


@bp.post("/articles/<slug>/sort")
def remember_sort(slug: str) -> ResponseReturnValue:
    """Show the discussion in another order, and remember it in this browser."""
    article = articles.shown_to(current_reader(), slug)
    sort, take = request.form.get("sort", ""), request.form.get("take") or None
    if sort not in SORTS:
        abort(400)
    answer = redirect(url_for(".show", slug=article.slug, sort=sort, take=take, _anchor="discussion"), 303)
    answer.set_cookie(
        sort_cookie(), sort, max_age=REMEMBERED_DAYS * 86_400, secure=config().is_https, httponly=True, samesite="Lax"
    )
    return answer


@bp.post("/articles/<slug>/participation")
@limiter.limit(WRITES)
@reads_first
@takes_part
def take_part(slug: str) -> ResponseReturnValue:
    """Take a reader's take, prediction and reason in one go."""
    reader, now = current_reader(), utc_now()
    article = articles.written_on(reader, slug)
    form = card_form(article, participation.standing_of(article, reader), reader, now)
    if not _is_to_be_sent(form):
        page = article_page(article, reader, now, form)
        return rendered(page, reading_of(page)), 422
    go_on_writing()
    comment = participation.submit(article, form.answer, by=participant(), now=now)
    waits = comment is not None and comment.state is CommentState.HELD
    receipt, touches_crowd = receipt_for(comment) if comment is not None else "", form.touches_crowd
    db.session.commit()
    if touches_crowd:
        follow_up(article, now)
    if waits:
        flash(receipt, RECEIPT)
        flash(gettext("Your answer counts. Your comment waits for a moderator; you can see it below and on your page."), "kept")
    else:
        flash(gettext("Thank you. Your answer counts; you can change it until the question closes."), "done")
    return led_on(url_for(".show", slug=slug, _anchor="say"))


def _is_to_be_sent(form: CardForm) -> bool:
    """Whether nothing is wrong with what was sent, and its author need not think again."""
    if not form.validate_on_submit():
        return False
    if reason := form.reason.data or "":
        keep_pace(form.article)
        form.nudge = asked_again(reason, form.article)
    return not form.nudge


def rendered(page: ArticlePage, reading: Reading) -> str:
    """Return the article page with its discussion."""
    discussion = threads.discussion_of(
        page.article,
        viewer=current_reader(),
        now=utc_now(),
        sort=reading.sort,
        take=reading.take,
        after=reading.after,
        by_side=page.seen.takes,
    )
    image = address_of(page) if is_nobody() else ""  # what is shared is what nobody in particular sees
    shown, unread = head.of_article(page.article, discussion, image), visits.unread_by(page.article, current_reader())
    return render_template(
        "articles/show.html",
        page=page,
        results=results_of(page),
        discussion=discussion,
        reading=reading,
        head=shown,
        unread=unread,
    )
