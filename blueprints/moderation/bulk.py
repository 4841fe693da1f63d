"""Deciding about many comments at once, after having read them all."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import partial

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext, ngettext
from wtforms import RadioField, StringField
from wtforms.validators import InputRequired

from blueprints.moderation.answering import wrong
from blueprints.moderation.area import DECISIONS_A_MINUTE, bp
from blueprints.moderation.forms import ReasonedForm
from blueprints.moderation.pages import around, place_here
from blueprints.support.forms import SelectChoice
from blueprints.support.readers import current_reader, participant
from blueprints.support.site import utc_now
from domain import cards, moderation, queues
from domain.errors import N_, DomainError, Invalid
from domain.judging import Judged
from extensions import db, limiter
from jobs.moderating import tell_soon
from models import ModerationEntry

MOST_AT_ONCE = 200  # without a second moderator
PARTS = 3  # of what names an item: the comment, its version, the newest report that was seen
ACTS: dict[str, Callable[..., ModerationEntry]] = {
    "approval": moderation.approve,
    "removal": moderation.remove,
    "limit": moderation.limit,
}

Decide = Callable[[Judged], ModerationEntry]


class BulkForm(ReasonedForm):
    """What is decided about all of them, with one reason."""

    reason = StringField()
    to = RadioField(
        choices=[SelectChoice(name) for name in ACTS],
        validators=[InputRequired(lazy_gettext("Choose what is to become of them."))],
    )

    def validate_reason(self, field: StringField) -> None:
        """Ask for a reason where they are restricted."""
        if self.to.data != "approval":
            super().validate_reason(field)


@bp.post("/bulk/preview")
def preview_bulk() -> ResponseReturnValue:
    """Show what was selected, or the first of the queue, before anything is decided."""
    place = place_here()
    if request.form.get("all") and place.queue:
        ids = queues.first_ids(place.queue, now=utc_now(), most=MOST_AT_ONCE, conditions=place.conditions)
    else:
        ids = [judged.comment_id for judged in _chosen()]
    return _preview(ids, "")


@bp.post("/bulk")
@limiter.limit(DECISIONS_A_MINUTE)
def decide_bulk() -> ResponseReturnValue:
    """Decide about all that is still chosen: an entry each, which can be undone by itself."""
    chosen, form = _chosen(), BulkForm()
    if not form.validate_on_submit():
        return _preview([judged.comment_id for judged in chosen], wrong(form)), 422
    batch, now, moderator = secrets.token_hex(8), utc_now(), participant()
    verb = partial(ACTS[form.to.data], by=moderator, now=now, note=form.note.data or "", batch=batch)
    clause = form.clause if form.to.data != "approval" else None
    done = sum(_is_decided(judged, partial(verb, clause=clause) if clause else verb) for judged in chosen)
    tell_soon()
    flash(ngettext("%(num)s decided. Each can be undone.", "%(num)s decided. Each can be undone.", done), "done")
    if missed := len(chosen) - done:
        words = ngettext("%(num)s had changed meanwhile and was left.", "%(num)s had changed meanwhile and were left.", missed)
        flash(words, "wrong")
    return redirect(place_here().beginning, 303)


def _is_decided(judged: Judged, decide: Decide) -> bool:
    """Decide about one in a transaction of its own: two batches in a row of locks would wait for each other for ever."""
    try:
        decide(judged)
    except DomainError:
        db.session.rollback()
        return False
    db.session.commit()
    return True


def _chosen() -> list[Judged]:
    """Return what was chosen, each once and as it was seen."""
    given = dict.fromkeys(request.form.getlist("item"))
    found = {judged.comment_id: judged for item in given if (judged := _judged(item))}
    if not found or len(found) > MOST_AT_ONCE:
        raise Invalid(N_("Choose at least one comment, and at most %(most)s at a time."), most=MOST_AT_ONCE)
    return list(found.values())


def _judged(item: str) -> Judged | None:
    numbers = item.split(":")
    if len(numbers) != PARTS or not all(one.isascii() and one.isdigit() and len(one) < len("9" * 19) for one in numbers):
        return None
    comment_id, version, report_id = map(int, numbers)
    return Judged(comment_id=comment_id, version=version, report_id=report_id)


def _preview(comment_ids: list[int], message: str) -> str:
    items = cards.items(comment_ids, now=utc_now(), viewer=current_reader())
    if not items:
        raise Invalid(N_("Nothing of what you chose is there any more."))
    shown = {"items": items, "form": BulkForm(), "message": message, "most": MOST_AT_ONCE}
    return render_template("moderation/bulk.html", **shown, **around(place_here()))
