"""Opening an article, closing it, and saying what happened. What cannot be undone is shown first, then asked for."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.newsroom.area import ARTICLE, attempt, bp, status_of
from blueprints.newsroom.resolving import ResolutionForm, prediction_of, resolution_form
from blueprints.support.limits import WRITES
from blueprints.support.readers import participant
from blueprints.support.site import config, utc_now
from domain import articles, resolutions
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
    return redirect(url_for("articles.show", slug=article.slug), 303)


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


@bp.get(f"{ARTICLE}/resolution")
def resolution(article_id: int) -> ResponseReturnValue:
    """Ask what happened."""
    article = articles.by_id(article_id)
    prediction = prediction_of(article)
    with attempt() as tried:
        resolutions.check_resolvable(prediction)
    return _asked_what_happened(article, resolution_form(prediction), tried.refusal)


@bp.post(f"{ARTICLE}/resolution")
@limiter.limit(WRITES)
def resolve(article_id: int) -> ResponseReturnValue:
    """Show the finding for a last look; record it once that is confirmed."""
    article, now, step = articles.by_id(article_id), utc_now(), request.form.get("step")
    prediction = prediction_of(article)
    form = resolution_form(prediction)
    if step == "change":
        return _asked_what_happened(article, form, None)
    with attempt() as tried:
        resolutions.check_resolvable(prediction)
        if not form.validate_on_submit():
            return _asked_what_happened(article, form, None, status=422)
        act = resolutions.resolve if step == "confirm" else resolutions.checked
        found = act(prediction, form.finding, by=participant(), now=now)
    if tried.refusal:
        return _asked_what_happened(article, form, tried.refusal)
    if step != "confirm":
        return render_template("newsroom/resolution_review.html", article=article, form=form, finding=found)
    db.session.commit()
    flash(gettext("The prediction is resolved. Readers see what happened."), "done")
    return redirect(url_for("articles.show", slug=article.slug, _anchor="say"), 303)


def _asked_to_open(article: Article, refusal: DomainError | None) -> ResponseReturnValue:
    edition = articles.edition_of(article)
    return render_template("newsroom/opening.html", article=article, refusal=refusal, edition=edition), status_of(refusal)


def _asked_to_close(article: Article, refusal: DomainError | None) -> ResponseReturnValue:
    return render_template("newsroom/closing.html", article=article, refusal=refusal), status_of(refusal)


def _asked_what_happened(
    article: Article, form: ResolutionForm, refusal: DomainError | None, *, status: int = 0
) -> ResponseReturnValue:
    page = render_template("newsroom/resolution.html", article=article, form=form, refusal=refusal, zone=config().timezone)
    return page, status or status_of(refusal)
