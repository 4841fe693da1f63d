"""Saying how a prediction ended: what happened, or why there is nothing to say. Each has a last look before it is recorded."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.newsroom.area import ARTICLE, attempt, bp, status_of
from blueprints.newsroom.desk import NOUNS, desk_page, refused
from blueprints.newsroom.resolving import NoteForm, ResolutionForm, note_form, prediction_of, resolution_form
from blueprints.support.limits import WRITES
from blueprints.support.readers import participant
from blueprints.support.site import config, utc_now
from domain import articles, resolutions
from domain.errors import DomainError
from extensions import db, limiter
from models import Prediction, ResolutionAct

DECLARATION = f"{ARTICLE}/<any({', '.join(NOUNS)}):noun>"


@bp.get(f"{ARTICLE}/resolution")
def resolution(article_id: int) -> ResponseReturnValue:
    """Show everything that was said of how a prediction ended, and what can be done now."""
    prediction = prediction_of(articles.by_id(article_id))
    return _desk(prediction, resolution_form(prediction), None)


@bp.post(f"{ARTICLE}/resolution")
@limiter.limit(WRITES)
def resolve(article_id: int) -> ResponseReturnValue:
    """Show the finding for a last look; record it once that is confirmed."""
    now, step = utc_now(), request.form.get("step")
    prediction = prediction_of(articles.by_id(article_id))
    form = resolution_form(prediction)
    if step == "change":
        return _desk(prediction, form, None)
    with attempt() as tried:
        resolutions.check_resolvable(prediction)
        if not form.validate_on_submit():
            return _desk(prediction, form, None, status=422)
        if step == "confirm":
            resolutions.resolve(prediction, form.finding, by=participant(), now=now, expected=form.number)
        else:
            found = resolutions.checked(prediction, form.finding, by=participant(), now=now)
    if tried.refusal:
        return _desk(prediction, form, tried.refusal)
    if step != "confirm":
        late = resolutions.made_too_late(prediction, found.known_at)
        return render_template(
            "newsroom/resolution_review.html", article=prediction.article, form=form, finding=found, late=late
        )
    target = url_for("articles.show", slug=prediction.article.slug, _anchor="say")
    db.session.commit()
    flash(gettext("Readers see what happened, and can dispute it for three days."), "done")
    return redirect(target, 303)


@bp.get(DECLARATION)
def declaration(article_id: int, noun: str) -> ResponseReturnValue:
    """Ask why a prediction is annulled, ambiguous or reopened, and say what follows."""
    prediction = prediction_of(articles.by_id(article_id))
    refusal = refused(lambda: resolutions.check_declarable(prediction, NOUNS[noun]))
    return _declaration(prediction, noun, note_form(prediction), refusal)


@bp.post(DECLARATION)
@limiter.limit(WRITES)
def declare(article_id: int, noun: str) -> ResponseReturnValue:
    """Show it for a last look; record it once that is confirmed."""
    step, act = request.form.get("step"), NOUNS[noun]
    prediction = prediction_of(articles.by_id(article_id))
    form = note_form(prediction)
    if step == "change":
        return _declaration(prediction, noun, form, None)
    if not form.validate_on_submit():
        return _declaration(prediction, noun, form, None, status=422)
    with attempt() as tried:
        note = form.note.data or ""
        if step == "confirm":
            resolutions.declare(prediction, act, note, by=participant(), now=utc_now(), expected=form.number)
        else:
            form.note.data = resolutions.checked_declaration(prediction, act, note, by=participant())
    if tried.refusal:
        return _declaration(prediction, noun, form, tried.refusal)
    if step != "confirm":
        return _declaration(prediction, noun, form, None, is_review=True)
    db.session.commit()
    flash(_done(act), "done")
    return redirect(url_for(".resolution", article_id=article_id), 303)


def _done(act: ResolutionAct) -> str:
    return {
        ResolutionAct.ANNULLED: gettext("The prediction is annulled. Readers see why."),
        ResolutionAct.AMBIGUOUS: gettext("The prediction has ended without a clear outcome. Readers see why."),
        ResolutionAct.REOPENED: gettext("The prediction is reopened. Readers see why."),
    }[act]


def _desk(prediction: Prediction, form: ResolutionForm, refusal: DomainError | None, *, status: int = 0) -> ResponseReturnValue:
    page = desk_page(prediction, form, participant(), refusal=refusal)
    html = render_template("newsroom/resolution.html", page=page, zone=config().timezone)
    return html, status or status_of(page.refusal)


def _declaration(
    prediction: Prediction,
    noun: str,
    form: NoteForm,
    refusal: DomainError | None,
    *,
    status: int = 0,
    is_review: bool = False,
) -> ResponseReturnValue:
    if not is_review:
        form.expected.data = str(prediction.resolution_count)
    page = render_template(
        "newsroom/declaration.html",
        article=prediction.article,
        prediction=prediction,
        noun=noun,
        form=form,
        refusal=refusal,
        is_review=is_review,
        opens_again=resolutions.opens_again(prediction, utc_now()),
    )
    return page, status or status_of(refusal)
