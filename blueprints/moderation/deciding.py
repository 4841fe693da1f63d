"""Deciding about a comment, and taking a decision back."""

from __future__ import annotations

from collections.abc import Callable

from flask import flash, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.moderation.area import DECISIONS_A_MINUTE, bp
from blueprints.moderation.decisions import one
from blueprints.moderation.forms import JudgementForm, RemovalForm
from blueprints.moderation.pages import around, place_here
from blueprints.moderation.words import said
from blueprints.support import errors
from blueprints.support.answers import stays_open
from blueprints.support.readers import participant
from blueprints.support.site import utc_now
from domain import cards, moderation
from domain.cards import Item
from domain.errors import Conflict, DomainError, Forbidden
from extensions import db, limiter
from jobs.moderating import tell_soon
from models import ModerationAct, ModerationEntry

REVISION = "/comments/<int:comment_id>/revisions/<int:revision_id>"


@bp.post("/comments/<int:comment_id>/approval")
@limiter.limit(DECISIONS_A_MINUTE)
def approve(comment_id: int) -> ResponseReturnValue:
    """Publish a held comment, or keep a reported one."""
    form = JudgementForm()
    if not form.validate_on_submit():
        return _refusal(comment_id, _first_error(form), 422)
    entry = moderation.approve(form.judged(comment_id), by=participant(), now=utc_now())
    db.session.commit()
    return _decided(entry)


@bp.post("/comments/<int:comment_id>/removal")
@limiter.limit(DECISIONS_A_MINUTE)
def remove(comment_id: int) -> ResponseReturnValue:
    """Take a comment off the page, for a reason."""
    form = RemovalForm()
    if not form.validate_on_submit():
        return _refusal(comment_id, _first_error(form), 422)
    entry = moderation.remove(form.judged(comment_id), form.clause, by=participant(), now=utc_now(), note=form.note.data or "")
    db.session.commit()
    return _decided(entry)


@bp.post(f"{REVISION}/approval")
@limiter.limit(DECISIONS_A_MINUTE)
def approve_edit(comment_id: int, revision_id: int) -> ResponseReturnValue:
    """Publish an edit that waits."""
    return _about_edit(moderation.approve_edit, comment_id, revision_id)


@bp.post(f"{REVISION}/refusal")
@limiter.limit(DECISIONS_A_MINUTE)
def refuse_edit(comment_id: int, revision_id: int) -> ResponseReturnValue:
    """Keep the text that is shown, and not the edit that waits."""
    return _about_edit(moderation.refuse_edit, comment_id, revision_id)


@bp.post("/entries/<int:entry_id>/reversal")
@limiter.limit(DECISIONS_A_MINUTE)
def undo(entry_id: int) -> ResponseReturnValue:
    """Take a decision back."""
    entry = moderation.undo(entry_id, by=participant(), now=utc_now())
    db.session.commit()
    return _decided(entry)


@bp.errorhandler(Conflict)
@bp.errorhandler(Forbidden)
def refused(error: DomainError) -> ResponseReturnValue:
    """Show the comment as it stands, with why nothing was decided."""
    db.session.rollback()  # nothing half-done survives a refusal
    arguments = request.view_args or {}
    entry = db.session.get(ModerationEntry, arguments.get("entry_id", 0))
    comment_id = arguments.get("comment_id") or (entry.comment_id if entry else None)
    if comment_id is None:
        return errors.refused(error)
    return _refusal(comment_id, errors.explained(error), errors.STATUS[type(error)])


def _about_edit(decide: Callable[..., ModerationEntry], comment_id: int, revision_id: int) -> ResponseReturnValue:
    form = JudgementForm()
    if not form.validate_on_submit():
        return _refusal(comment_id, _first_error(form), 422)
    entry = decide(form.judged(comment_id, revision_id), by=participant(), now=utc_now())
    db.session.commit()
    return _decided(entry)


def _decided(entry: ModerationEntry) -> ResponseReturnValue:
    """Lead back to where the decision was made; a page that stays open gets the parts of it that have changed."""
    tell_soon()
    if not stays_open():
        flash(said(entry), "done")
        return redirect(place_here().address(entry.subject_id), 303)
    is_back = entry.act is ModerationAct.UNDONE
    return jsonify(said=said(entry), regions=_regions(entry.subject_id, cards.item(entry.subject_id) if is_back else None))


def _refusal(comment_id: int, message: str, status: int) -> ResponseReturnValue:
    item = cards.item(comment_id)
    if stays_open():
        return jsonify(said=message, regions=_regions(comment_id, item)), status
    return one(item, RemovalForm(), message), status


def _regions(comment_id: int, item: Item | None) -> dict[str, str]:
    """Return the parts of the desk that a decision changes, by their id; an item that is done is empty."""
    desk = around(place_here())
    shown = render_template("moderation/_item.html", item=item, form=RemovalForm(), **desk) if item else ""
    edges = {part: render_template(f"moderation/_{part}.html", **desk) for part in ("queues", "last")}
    return {f"item-{comment_id}": shown, **edges}


def _first_error(form: JudgementForm) -> str:
    return next(str(field.errors[0]) for field in form if field.errors)
