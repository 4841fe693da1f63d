"""Opening an article and closing it. What cannot be undone is shown first, then asked for."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.newsroom.area import ARTICLE, attempt, bp, status_of
from blueprints.support.limits import WRITES
from blueprints.support.site import utc_now
from domain import articles
from domain.errors import DomainError
from extensions import db, limiter
from models import Article


@bp.get(f"{ARTICLE}/opening")
def opening(article_id: int) -> ResponseReturnValue:
    """Show what readers will be asked, and that it cannot be changed afterwards."""
    article = articles.by_id(article_id)
    with attempt() as tried:
        articles.check_opening(article, utc_now())
    return _asked_to_open(article, tried.refusal)


@bp.post(f"{ARTICLE}/opening")
@limiter.limit(WRITES)
def open_article(article_id: int) -> ResponseReturnValue:
    """Open the article as the editor saw it."""
    article = articles.by_id(article_id)
    with attempt() as tried:
        articles.open_to_readers(article, now=utc_now(), expected=request.form.get("edition"))
    if tried.refusal:
        return _asked_to_open(article, tried.refusal)
    db.session.commit()
    flash(gettext("The article is open. Readers can take part."), "done")
    return redirect(url_for("articles.show", slug=article.slug, _anchor="say"), 303)


@bp.get(f"{ARTICLE}/closing")
def closing(article_id: int) -> ResponseReturnValue:
    """Show what ends, and that it cannot be undone."""
    article = articles.by_id(article_id)
    with attempt() as tried:
        articles.check_closing(article)
    return _asked_to_close(article, tried.refusal)


@bp.post(f"{ARTICLE}/closing")
@limiter.limit(WRITES)
def close_article(article_id: int) -> ResponseReturnValue:
    """End the discussion and the questions."""
    article = articles.by_id(article_id)
    with attempt() as tried:
        articles.close(article, now=utc_now())
    if tried.refusal:
        return _asked_to_close(article, tried.refusal)
    db.session.commit()
    flash(gettext("The article is closed. It can still be read."), "done")
    return redirect(url_for(".edit", article_id=article.id), 303)


def _asked_to_open(article: Article, refusal: DomainError | None) -> ResponseReturnValue:
    edition = articles.edition_of(article)
    return render_template("newsroom/opening.html", article=article, refusal=refusal, edition=edition), status_of(refusal)


def _asked_to_close(article: Article, refusal: DomainError | None) -> ResponseReturnValue:
    return render_template("newsroom/closing.html", article=article, refusal=refusal), status_of(refusal)
