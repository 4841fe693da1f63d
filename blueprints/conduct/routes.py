"""A reader as moderators see them, and what they impose on them."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.conduct.forms import LengthForm, NoteForm, SanctionForm
from blueprints.conduct.words import act_name, sanction_name
from blueprints.support import guards
from blueprints.support.errors import STATUS, explained
from blueprints.support.limits import WRITES
from blueprints.support.pagination import cursor
from blueprints.support.readers import participant
from blueprints.support.site import utc_now
from domain import appeals, conduct, permissions, sanctions
from domain.errors import Conflict, DomainError, Forbidden, Invalid
from extensions import db, limiter
from jobs.moderating import tell_soon
from models import ModerationEntry, Reader

bp = Blueprint("conduct", __name__, url_prefix="/moderation")
bp.before_request(guards.require_moderator)
bp.add_app_template_filter(act_name)
bp.add_app_template_filter(sanction_name)
bp.add_app_template_global(permissions.can_lift)
bp.add_app_template_global(permissions.can_sanction)
bp.add_app_template_global(appeals.waiting_count, "waiting_appeals")


@bp.get("/readers/<public_id>")
def show(public_id: str) -> ResponseReturnValue:
    """Show what became of a reader's comments, what they are under, and notes."""
    return _page(conduct.reader_with(public_id))


@bp.post("/readers/<public_id>/sanctions")
@limiter.limit(WRITES)
def impose(public_id: str) -> ResponseReturnValue:
    """Put a reader under a sanction."""
    reader, form = conduct.reader_with(public_id), SanctionForm()
    if not form.validate_on_submit():
        return _page(reader, sanction=form), 422
    try:
        sanctions.impose(reader, form.measure, by=participant(), now=utc_now(), why=form.why, seen=form.newest_seen)
    except (Conflict, Forbidden, Invalid) as refusal:
        return _refused(public_id, refusal, form)
    db.session.commit()
    tell_soon()
    flash(gettext("Done. The reader is told in 20 seconds; lifted before that, they never hear of it."), "done")
    return redirect(url_for(".show", public_id=public_id), 303)


@bp.post("/readers/<public_id>/notes")
@limiter.limit(WRITES)
def note(public_id: str) -> ResponseReturnValue:
    """Add a note about a reader."""
    reader, form = conduct.reader_with(public_id), NoteForm()
    if not form.validate_on_submit():
        return _page(reader, note=form), 422
    conduct.note(reader, form.note.data or "", by=participant(), now=utc_now())
    db.session.commit()
    return redirect(url_for(".show", public_id=public_id, _anchor="notes"), 303)


@bp.post("/sanctions/<int:sanction_id>/lifting")
@limiter.limit(WRITES)
def lift(sanction_id: int) -> ResponseReturnValue:
    """End a sanction before its time."""
    entry = sanctions.lift(sanction_id, by=participant(), now=utc_now())
    return _ended(entry, gettext("Lifted."))


@bp.post("/sanctions/<int:sanction_id>/renewal")
@limiter.limit(WRITES)
def renew(sanction_id: int) -> ResponseReturnValue:
    """Let a ban that was looked at again go on."""
    form = LengthForm()
    if not form.validate_on_submit():
        return _bans(form), 422
    entry = sanctions.renew(sanction_id, form.lasts, by=participant(), now=utc_now(), note=form.remark.data or "")
    return _ended(entry, gettext("The ban goes on. The reader is told, and can appeal."))


@bp.get("/bans")
def bans() -> ResponseReturnValue:
    """Show the bans that are to be looked at again soon."""
    return _bans(LengthForm(data={"days": 90}))


def _ended(entry: ModerationEntry, message: str) -> ResponseReturnValue:
    reader = db.session.get_one(Reader, entry.sanction.reader_id if entry.sanction else entry.reader_id)
    address = url_for(".show", public_id=reader.public_id)
    db.session.commit()
    tell_soon()
    flash(message, "done")
    return redirect(address, 303)


def _bans(form: LengthForm) -> str:
    listed = sanctions.bans_to_review(utc_now())
    appealed = sanctions.appealed([ban.id for ban in listed])
    return render_template("conduct/bans.html", bans=listed, appealed=appealed, form=form)


def _refused(public_id: str, refusal: DomainError, form: SanctionForm) -> ResponseReturnValue:
    """Show the reader as they are now, with why nothing was imposed and what was filled in."""
    db.session.rollback()  # nothing half-done survives a refusal
    reader, status = conduct.reader_with(public_id), next(code for kind, code in STATUS.items() if isinstance(refusal, kind))
    return _page(reader, sanction=form, message=explained(refusal)), status


def _page(reader: Reader, *, sanction: SanctionForm | None = None, note: NoteForm | None = None, message: str = "") -> str:
    seen = conduct.of(reader, now=utc_now(), before=cursor("before"))
    form = sanction or SanctionForm()
    form.seen.data = str(seen.newest_sanction)
    return render_template(
        "conduct/show.html",
        conduct=seen,
        form=form,
        note_form=note or NoteForm(),
        message=message,
        is_asked="impose" in request.args,
    )
