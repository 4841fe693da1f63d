"""Deciding about a comment, and taking a decision back."""

from __future__ import annotations

from collections.abc import Callable

from flask import request
from flask.typing import ResponseReturnValue

from blueprints.moderation.answering import decided, refusal, wrong
from blueprints.moderation.area import DECISIONS_A_MINUTE, bp
from blueprints.moderation.forms import JudgementForm, OverrideForm, RemovalForm
from blueprints.support import errors
from blueprints.support.readers import participant
from blueprints.support.site import utc_now
from domain import moderation, overriding
from domain.errors import Conflict, DomainError, Forbidden, Invalid
from extensions import db, limiter
from models import ModerationEntry, ReferralKind

REVISION = "/comments/<int:comment_id>/revisions/<int:revision_id>"
KINDS = {"legal": ReferralKind.LEGAL, "second-opinion": ReferralKind.SECOND_OPINION}

Verb = Callable[..., ModerationEntry]


@bp.post("/comments/<int:comment_id>/approval")
@limiter.limit(DECISIONS_A_MINUTE)
def approve(comment_id: int) -> ResponseReturnValue:
    """Publish a held comment, or keep a reported one."""
    return _plainly(moderation.approve, comment_id)


@bp.post("/comments/<int:comment_id>/hold")
@limiter.limit(DECISIONS_A_MINUTE)
def hold(comment_id: int) -> ResponseReturnValue:
    """Take a comment off the page until somebody has decided."""
    return _plainly(moderation.hold, comment_id)


@bp.post("/comments/<int:comment_id>/referrals/<any(legal, 'second-opinion'):kind>")
@limiter.limit(DECISIONS_A_MINUTE)
def refer(comment_id: int, kind: str) -> ResponseReturnValue:
    """Put a comment into the legal queue, or ask another moderator."""
    return _plainly(moderation.refer, comment_id, KINDS[kind])


@bp.post("/comments/<int:comment_id>/removal")
@limiter.limit(DECISIONS_A_MINUTE)
def remove(comment_id: int) -> ResponseReturnValue:
    """Take a comment off the page, for a reason."""
    return _for_a_reason(moderation.remove, comment_id)


@bp.post("/comments/<int:comment_id>/limit")
@limiter.limit(DECISIONS_A_MINUTE)
def limit(comment_id: int) -> ResponseReturnValue:
    """Put a comment behind a notice, for a reason."""
    return _for_a_reason(moderation.limit, comment_id)


@bp.post("/comments/<int:comment_id>/disabling")
@limiter.limit(DECISIONS_A_MINUTE)
def disable(comment_id: int) -> ResponseReturnValue:
    """Make a comment unavailable for legal reasons."""
    return _for_a_reason(moderation.disable, comment_id)


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
    return decided(entry)


@bp.post("/entries/<int:entry_id>/override")
@limiter.limit(DECISIONS_A_MINUTE)
def override(entry_id: int) -> ResponseReturnValue:
    """Decide otherwise than a moderator did, as an editor and with a reason."""
    form = OverrideForm()
    if not form.validate_on_submit():
        return refusal(_comment_of(entry_id), wrong(form), 422)
    clause = form.clause if form.to.data == "removal" else None
    entry = overriding.override(entry_id, clause, by=participant(), now=utc_now(), note=form.note.data or "")
    db.session.commit()
    return decided(entry)


@bp.errorhandler(Conflict)
@bp.errorhandler(Forbidden)
@bp.errorhandler(Invalid)
def refused(error: DomainError) -> ResponseReturnValue:
    """Show the comment as it stands, with why nothing was decided; where it is about none, only that."""
    db.session.rollback()  # nothing half-done survives a refusal
    arguments = request.view_args or {}
    comment_id = arguments.get("comment_id") or _comment_of(arguments.get("entry_id", 0))
    if not comment_id:
        return errors.refused(error)
    return refusal(comment_id, errors.explained(error), errors.STATUS[type(error)])


def _plainly(verb: Verb, comment_id: int, *more: object) -> ResponseReturnValue:
    form = JudgementForm()
    if not form.validate_on_submit():
        return refusal(comment_id, wrong(form), 422)
    entry = verb(form.judged(comment_id), *more, by=participant(), now=utc_now(), note=form.note.data or "")
    db.session.commit()
    return decided(entry)


def _for_a_reason(verb: Verb, comment_id: int) -> ResponseReturnValue:
    form = RemovalForm()
    if not form.validate_on_submit():
        return refusal(comment_id, wrong(form), 422)
    words = {"note": form.note.data or "", "told": form.told.data or ""}
    entry = verb(form.judged(comment_id), form.clause, by=participant(), now=utc_now(), **words)
    db.session.commit()
    return decided(entry)


def _about_edit(verb: Verb, comment_id: int, revision_id: int) -> ResponseReturnValue:
    form = JudgementForm()
    if not form.validate_on_submit():
        return refusal(comment_id, wrong(form), 422)
    entry = verb(form.judged(comment_id, revision_id), by=participant(), now=utc_now())
    db.session.commit()
    return decided(entry)


def _comment_of(entry_id: int) -> int:
    entry = db.session.get(ModerationEntry, entry_id)
    return (entry.comment_id if entry else None) or 0
