"""Keeping a filter, and taking one away."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, lazy_gettext
from wtforms import BooleanField, StringField
from wtforms.validators import InputRequired, Length

from blueprints.moderation.area import DECISIONS_A_MINUTE, bp
from blueprints.moderation.pages import place_here
from blueprints.support.forms import BaseForm
from blueprints.support.readers import participant
from blueprints.support.site import utc_now
from domain import savedfilters
from domain.errors import N_, Invalid
from domain.queues import Queue
from extensions import db, limiter


class FilterForm(BaseForm):
    """The name under which a filter is kept, and whether others see it."""

    name = StringField(lazy_gettext("Name"), validators=[InputRequired(), Length(max=savedfilters.LONGEST_NAME)])
    is_shared = BooleanField(lazy_gettext("All moderators see it"))


@bp.post("/filters")
@limiter.limit(DECISIONS_A_MINUTE)
def save_filter() -> ResponseReturnValue:
    """Keep the queue in the address, narrowed down as it is there, under a name."""
    form, place = FilterForm(), place_here()
    if not form.validate_on_submit():
        raise Invalid(N_("Give the filter a name of at most %(most)s characters."), most=savedfilters.LONGEST_NAME)
    kept = savedfilters.save(
        form.name.data or "",
        place.queue or Queue.ALL,
        place.conditions,
        by=participant(),
        now=utc_now(),
        is_shared=bool(form.is_shared.data),
    )
    db.session.commit()
    flash(gettext("Kept. It stands among the queues, with its count."), "done")
    return redirect(url_for("moderation.filtered", filter_id=kept.id), 303)


@bp.post("/filters/<int:filter_id>/removal")
@limiter.limit(DECISIONS_A_MINUTE)
def forget_filter(filter_id: int) -> ResponseReturnValue:
    """Take a filter away."""
    savedfilters.forget(filter_id, by=participant())
    db.session.commit()
    flash(gettext("The filter is gone. What it found is still in its queue."), "done")
    return redirect(url_for("moderation.queue"), 303)
