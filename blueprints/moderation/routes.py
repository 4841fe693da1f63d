"""The moderation desk: what waits, deciding about it, taking a decision back."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, jsonify, redirect, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.moderation.forms import JudgementForm, RemovalForm
from blueprints.moderation.pages import COMMENT, DECISIONS, PLACES, Place, age, check_name, desk, said
from blueprints.support import guards
from blueprints.support.answers import stays_open
from blueprints.support.errors import STATUS, explained
from blueprints.support.pagination import cursor
from blueprints.support.readers import current_reader, participant
from blueprints.support.site import utc_now
from domain import moderation, permissions, review
from domain.errors import Conflict, DomainError, Forbidden
from domain.review import Item, Queue
from extensions import db, limiter
from jobs.moderating import tell_soon
from models import ModerationAct, ModerationEntry

DECISIONS_A_MINUTE = "600 per minute"  # a whole desk behind one address, each deciding as fast as keys go

REVISION = "/comments/<int:comment_id>/revisions/<int:revision_id>"

bp = Blueprint("moderation", __name__, url_prefix="/moderation")
bp.before_request(guards.require_moderator)
bp.add_app_template_filter(age)
bp.add_app_template_filter(check_name)
bp.add_app_template_global(permissions.can_decide)
bp.add_app_template_global(permissions.can_undo)


@bp.get("/", defaults={"name": Queue.HELD.value})
@bp.get("/<any(held, reported, edited):name>")
def queue(name: str) -> ResponseReturnValue:
    """Show what waits in a queue, oldest first."""
    place = Place(name, cursor("after"))
    page = review.waiting(Queue(name), after=place.after)
    return render_template("moderation/queue.html", page=page, form=RemovalForm(), **_around(place))


@bp.get("/decisions")
def decisions() -> ResponseReturnValue:
    """Show what this moderator decided, newest first."""
    place = Place(DECISIONS, cursor("after"))
    found, next_after = review.decisions_by(participant(), before=place.after)
    return render_template("moderation/decisions.html", decisions=found, next_after=next_after, **_around(place))


@bp.get("/comments/<int:comment_id>")
def show(comment_id: int) -> ResponseReturnValue:
    """Show one comment with everything that was decided about it."""
    return _one(review.item(comment_id), RemovalForm(), "")


@bp.get("/waiting")
def waiting() -> ResponseReturnValue:
    """Answer how much waits, for a page that has been open for a while."""
    return jsonify(regions={"queues": render_template("moderation/_queues.html", **_around(_place()))})


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
    comment_id = arguments.get("comment_id") or db.session.get_one(ModerationEntry, arguments["entry_id"]).subject_id
    return _refusal(comment_id, explained(error), STATUS[type(error)])


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
        return redirect(_place().address(entry.subject_id), 303)
    is_back = entry.act is ModerationAct.UNDONE
    return jsonify(said=said(entry), regions=_regions(entry.subject_id, review.item(entry.subject_id) if is_back else None))


def _refusal(comment_id: int, message: str, status: int) -> ResponseReturnValue:
    item = review.item(comment_id)
    if stays_open():
        return jsonify(said=message, regions=_regions(comment_id, item)), status
    return _one(item, RemovalForm(), message), status


def _one(item: Item, form: RemovalForm, message: str) -> str:
    around, history = _around(Place(COMMENT)), review.history(item.comment)
    return render_template("moderation/show.html", item=item, history=history, form=form, message=message, **around)


def _regions(comment_id: int, item: Item | None) -> dict[str, str]:
    """Return the parts of the desk that a decision changes, by their id; an item that is done is empty."""
    around = _around(_place())
    shown = render_template("moderation/_item.html", item=item, form=RemovalForm(), **around) if item else ""
    edges = {part: render_template(f"moderation/_{part}.html", **around) for part in ("queues", "last")}
    return {f"item-{comment_id}": shown, **edges}


def _around(place: Place) -> dict[str, object]:
    return {"desk": desk(place, current_reader(), utc_now()), "Queue": Queue}


def _place() -> Place:
    """Return where on the desk the request comes from."""
    name = request.args.get("place", "")
    return Place(name if name in PLACES else Queue.HELD.value, cursor("after"))


def _first_error(form: JudgementForm) -> str:
    return next(str(field.errors[0]) for field in form if field.errors)
