"""What a moderator is answered who decided, or was refused: a page, or the parts of the one that stays open."""

from __future__ import annotations

from flask import flash, jsonify, redirect, render_template
from flask.typing import ResponseReturnValue

from blueprints.moderation.decisions import one
from blueprints.moderation.forms import RemovalForm
from blueprints.moderation.pages import around, place_here
from blueprints.moderation.words import said
from blueprints.support.answers import stays_open
from blueprints.support.forms import BaseForm
from blueprints.support.readers import current_reader
from blueprints.support.site import utc_now
from domain import cards
from domain.cards import Item
from jobs.moderating import tell_soon
from models import ModerationAct, ModerationEntry

STAYS = {ModerationAct.UNDONE, ModerationAct.REFERRED}  # after these the comment waits as before


def decided(entry: ModerationEntry) -> ResponseReturnValue:
    """Lead back to where the decision was made; a page that stays open gets the parts of it that have changed.

    Called once the decision is committed: whoever it concerns is told when its delay is over.
    """
    tell_soon()
    if not stays_open():
        flash(said(entry), "done")
        return redirect(place_here().address(entry.subject_id), 303)
    item = _item(entry.subject_id) if entry.act in STAYS else None
    moves_on = entry.act is not ModerationAct.UNDONE
    return jsonify(said=said(entry), moves_on=moves_on, regions=_regions(entry.subject_id, item, None))


def refusal(comment_id: int, message: str, status: int) -> ResponseReturnValue:
    """Show the comment as it stands, with why nothing was decided, and whose decision it was that came first."""
    item = _item(comment_id)
    conflict = _who_was_first(item) if status == 409 else None  # noqa: PLR2004
    if stays_open():
        return jsonify(said=message, regions=_regions(comment_id, item, conflict)), status
    return one(item, RemovalForm(), message, conflict), status


def wrong(form: BaseForm) -> str:
    """Return the first thing that is wrong with what was sent."""
    return next(str(field.errors[0]) for field in form if field.errors)


def _item(comment_id: int) -> Item:
    return cards.item(comment_id, now=utc_now(), viewer=current_reader())


def _who_was_first(item: Item) -> ModerationEntry | None:
    """Return the decision of another moderator that stands where one's own would have."""
    viewer, decision = current_reader(), item.decision
    is_others = decision is not None and decision.actor_id is not None and viewer is not None
    return decision if decision and is_others and viewer and decision.actor_id != viewer.id else None


def _regions(comment_id: int, item: Item | None, conflict: ModerationEntry | None) -> dict[str, str]:
    """Return the parts of the desk that a decision changes, by their id; an item that is done is empty."""
    desk = around(place_here())
    card = {"item": item, "form": RemovalForm(), "conflict": conflict}
    shown = render_template("moderation/_item.html", **card, **desk) if item else ""
    edges = {part: render_template(f"moderation/_{part}.html", **desk) for part in ("queues", "last")}
    return {f"item-{comment_id}": shown, **edges}
