"""Taking a take or a prediction back."""

from __future__ import annotations

from flask import flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.articles.crowd import follow_up
from blueprints.articles.routes import bp
from blueprints.support.limits import WRITES
from blueprints.support.readers import check_author, current_reader
from blueprints.support.site import utc_now
from domain import articles, participation
from domain.errors import N_, Missing
from extensions import db, limiter
from models import Reader

NOBODY = N_("You have not taken part here in this browser, so there is nothing to take back.")


@bp.post("/articles/<slug>/take/withdrawal")
@limiter.limit(WRITES)
def withdraw_take(slug: str) -> ResponseReturnValue:
    """Take the reader's take back. Sent twice it says the same: there is none any more."""
    now, reader = utc_now(), _reader()
    article = articles.written_on(reader, slug)
    participation.withdraw_take(article, by=reader, now=now)
    db.session.commit()
    follow_up(article, now)
    flash(gettext("Your take is taken back and no longer counts. You can give another until the question closes."), "done")
    return redirect(url_for(".show", slug=slug, _anchor="say"), 303)


@bp.post("/articles/<slug>/forecast/withdrawal")
@limiter.limit(WRITES)
def withdraw_forecast(slug: str) -> ResponseReturnValue:
    """End the reader's prediction; it stays in their own history."""
    now, reader = utc_now(), _reader()
    article = articles.written_on(reader, slug)
    participation.withdraw_forecast(article, by=reader, now=now)
    db.session.commit()
    follow_up(article, now)
    flash(
        gettext("Your prediction is taken back and no longer counts. You can make another until the question closes."), "done"
    )
    return redirect(url_for(".show", slug=slug, _anchor="say"), 303)


def _reader() -> Reader:
    """Return who takes something back. Nobody is made a guest for it."""
    check_author()
    reader = current_reader()
    if reader is None:
        raise Missing(NOBODY)
    return reader
