"""Changing what readers are asked after opening: the wording, the closing time, the outcomes. What readers will see is said first."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.newsroom import changing
from blueprints.newsroom.area import ARTICLE, attempt, bp, status_of
from blueprints.newsroom.changing import ChangeForm
from blueprints.newsroom.resolving import prediction_of
from blueprints.support.limits import WRITES
from blueprints.support.readers import participant
from blueprints.support.site import config, utc_now
from domain import articles, questions
from domain.errors import N_, DomainError, Missing
from extensions import db, limiter
from models import OpinionPoll, Prediction

ASKED = f"{ARTICLE}/<any(poll, prediction):asked>"


@bp.get(f"{ASKED}/wording")
def wording(article_id: int, asked: str) -> ResponseReturnValue:
    """Show a question's text in a form."""
    question = _question(article_id, asked)
    refusal = _refusal(lambda: questions.check_changeable(question))
    return _page("wording", question, None if refusal else changing.wording_form(question), refusal)


@bp.post(f"{ASKED}/wording")
@limiter.limit(WRITES)
def reword(article_id: int, asked: str) -> ResponseReturnValue:
    """Correct a question's text."""
    question = _question(article_id, asked)
    form = changing.wording_form(question)
    if not form.validate_on_submit():
        return _page("wording", question, form, None, status=422)
    with attempt() as tried:
        questions.reword(question, form.wording, by=participant(), now=utc_now(), expected=form.edition.data)
    return _done(tried.refusal, gettext("The wording is corrected."), "wording", question, form)


@bp.get(f"{ASKED}/closing-time")
def closing_time(article_id: int, asked: str) -> ResponseReturnValue:
    """Show a question's closing time in a form."""
    question = _question(article_id, asked)
    refusal = _refusal(lambda: questions.check_changeable(question))
    return _page("closing_time", question, None if refusal else changing.closing_time_form(question), refusal)


@bp.post(f"{ASKED}/closing-time")
@limiter.limit(WRITES)
def reschedule(article_id: int, asked: str) -> ResponseReturnValue:
    """Move a question's closing time."""
    question = _question(article_id, asked)
    form = changing.closing_time_form(question)
    if not form.validate_on_submit():
        return _page("closing_time", question, form, None, status=422)
    with attempt() as tried:
        at = form.closes_at.data
        questions.reschedule(question, at, by=participant(), now=utc_now(), expected=form.edition.data)
    return _done(tried.refusal, gettext("The closing time is moved."), "closing_time", question, form)


@bp.get(f"{ASKED}/ending")
def ending(article_id: int, asked: str) -> ResponseReturnValue:
    """Show what ends."""
    question = _question(article_id, asked)
    refusal = _refusal(lambda: questions.check_ending(question, utc_now()))
    return _page("ending", question, None if refusal else ChangeForm(), refusal)


@bp.post(f"{ASKED}/ending")
@limiter.limit(WRITES)
def end(article_id: int, asked: str) -> ResponseReturnValue:
    """End one question at once."""
    question = _question(article_id, asked)
    with attempt() as tried:
        questions.close_now(question, by=participant(), now=utc_now())
    return _done(tried.refusal, gettext("It is closed. The article stays open."), "ending", question, None)


@bp.get(f"{ARTICLE}/prediction/outcomes")
def new_outcome(article_id: int) -> ResponseReturnValue:
    """Ask for an outcome to add."""
    prediction = prediction_of(articles.by_id(article_id))
    refusal = _refusal(lambda: questions.check_addable(prediction, utc_now()))
    return _page("outcome", prediction, None if refusal else changing.outcome_form(prediction), refusal)


@bp.post(f"{ARTICLE}/prediction/outcomes")
@limiter.limit(WRITES)
def add_outcome(article_id: int) -> ResponseReturnValue:
    """Add an outcome."""
    prediction = prediction_of(articles.by_id(article_id))
    form = changing.outcome_form(prediction)
    if not form.validate_on_submit():
        return _page("outcome", prediction, form, None, status=422)
    with attempt() as tried:
        label, parent, edition = form.label.data or "", form.parent, form.edition.data
        questions.add_outcome(prediction, label, parent, by=participant(), now=utc_now(), expected=edition)
    return _done(tried.refusal, gettext("The outcome is added."), "outcome", prediction, form)


def _question(article_id: int, asked: str) -> OpinionPoll | Prediction:
    """Return the article's poll or prediction; raise `Missing` where there is none."""
    article = articles.by_id(article_id)
    if asked == "prediction":
        return prediction_of(article)
    if article.poll is None:
        raise Missing(N_("This article has no poll."))
    return article.poll


def _refusal(check: Callable[[], None]) -> DomainError | None:
    """Return what would be refused."""
    with attempt() as tried:
        check()
    return tried.refusal


def _done(
    refusal: DomainError | None, said: str, name: str, question: OpinionPoll | Prediction, form: ChangeForm | None
) -> ResponseReturnValue:
    """Keep what was done and lead on; or show the form again, which then knows what it would replace."""
    if refusal:
        if form:
            form.edition.data = changing.edition_of(question)
        return _page(name, question, form, refusal)
    db.session.commit()
    flash(said, "done")
    return redirect(url_for(".edit", article_id=question.article_id), 303)


def _page(
    name: str, question: OpinionPoll | Prediction, form: ChangeForm | None, refusal: DomainError | None, *, status: int = 0
) -> ResponseReturnValue:
    asked = "prediction" if isinstance(question, Prediction) else "poll"
    page = render_template(
        f"newsroom/{name}.html",
        article=question.article,
        asked=asked,
        question=question,
        form=form,
        refusal=refusal,
        is_answered=questions.is_answered(question),
        zone=config().timezone,
    )
    return page, status or status_of(refusal)
