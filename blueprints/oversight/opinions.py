"""Saying what one would have decided, without seeing what was."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.oversight.area import DECISIONS, bp
from blueprints.support.readers import participant
from blueprints.support.site import utc_now
from domain import clauses, secondopinions
from domain.errors import N_, Invalid
from extensions import db, limiter

KEPT = "kept"  # what is sent where one would not restrict it; else the code of a clause


@bp.get("/second-opinions")
def second_opinions() -> ResponseReturnValue:
    """Show the next text of which this moderator does not know what was decided."""
    moderator = participant()
    return render_template(
        "oversight/second_opinion.html",
        case=secondopinions.next_for(moderator),
        waiting=secondopinions.waiting_for(moderator),
        most_counted=secondopinions.MOST_COUNTED,
        clauses=clauses.reasons(),
        kept=KEPT,
    )


@bp.post("/second-opinions/<int:opinion_id>")
@limiter.limit(DECISIONS)
def give_second_opinion(opinion_id: int) -> ResponseReturnValue:
    """Record what this moderator would have decided, and show the next."""
    chosen = request.form.get("opinion", "")
    if not chosen:
        raise Invalid(N_("Choose what you would have decided."))
    restricts = chosen != KEPT
    clause = clauses.current(chosen) if restricts else None
    secondopinions.give(opinion_id, would_restrict=restricts, clause=clause, by=participant(), now=utc_now())
    db.session.commit()
    flash(gettext("Recorded. Nobody is told whose opinion it was."), "done")
    return redirect(url_for(".second_opinions"), 303)
