"""The mails about a legal notice: that it has come, and how it was decided."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext

from blueprints.support.language import instant
from blueprints.support.site import config
from domain import legalnotices
from domain.outbox import queue_mail
from models import LegalNotice


def acknowledge(notice: LegalNotice, token: str, *, now: datetime) -> None:
    """Write to whoever sent a notice that it has come. The caller commits."""
    body = gettext(
        "Your notice about this address has come:\n\n%(place)s\n\n"
        "A person looks at it and decides until %(until)s. How it stands can be read here, by whoever has this link:\n\n%(link)s",
        place=notice.place,
        until=instant(legalnotices.deadline(notice)),
        link=config().site_url + url_for("legalnotices.receipt", token=token),
    )
    _queue(notice, gettext("Your notice to %(site)s has come", site=config().site_name), body, now)


def answer(notice: LegalNotice, *, now: datetime) -> None:
    """Write to whoever sent a notice how it was decided, and what they can do. The caller commits."""
    outcome = (
        gettext("It was found to be right.")
        if notice.is_upheld
        else gettext("It was not found to be right: nothing was changed.")
    )
    body = gettext(
        "Your notice about this address has been decided:\n\n%(place)s\n\n%(outcome)s\n\n%(answer)s\n\n"
        "A person decided this. If you do not agree, answer to the newsroom, turn to a certified body for settling disputes out "
        "of court, or go to court.",
        place=notice.place,
        outcome=outcome,
        answer=notice.answer,
    )
    _queue(notice, gettext("Your notice to %(site)s is decided", site=config().site_name), body, now)


def _queue(notice: LegalNotice, subject: str, body: str, now: datetime) -> None:
    queue_mail(notice.email, subject, f"{body}\n\n-- \n{config().site_name}\n{config().site_url}\n", now=now)
