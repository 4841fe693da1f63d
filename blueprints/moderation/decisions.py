"""Looking back: one's own decisions, and one comment with everything that was decided about it."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue

from blueprints.moderation.area import bp
from blueprints.moderation.forms import RemovalForm
from blueprints.moderation.pages import COMMENT, DECISIONS, Place, around
from blueprints.support.pagination import cursor
from blueprints.support.readers import current_reader, participant
from blueprints.support.site import utc_now
from domain import cards, review
from domain.cards import Item
from models import ModerationEntry


@bp.get("/decisions")
def decisions() -> ResponseReturnValue:
    """Show what this moderator decided, newest first."""
    place = Place(name=DECISIONS, after=cursor("after"))
    found, next_after = review.decisions_by(participant(), before=place.after)
    return render_template("moderation/decisions.html", decisions=found, next_after=next_after, **around(place))


@bp.get("/comments/<int:comment_id>")
def show(comment_id: int) -> ResponseReturnValue:
    """Show one comment with everything that was decided about it."""
    return one(cards.item(comment_id, now=utc_now(), viewer=current_reader()), RemovalForm())


def one(item: Item, form: RemovalForm, message: str = "", conflict: ModerationEntry | None = None) -> str:
    """Return the page of one comment, with what has to be said first, and who else has decided about it."""
    history = review.history(item.comment)
    shown = {"item": item, "history": history, "form": form, "message": message, "conflict": conflict}
    return render_template("moderation/show.html", **shown, **around(Place(name=COMMENT)))
