"""What moderators answer for beside the queues, on the stage."""

from __future__ import annotations

from datetime import datetime

from domain import clauses, legalnotices, moderation, periods
from domain.judging import Judged
from domain.legalnotices import Filing
from extensions import db
from models import Comment, Role, SecondOpinion
from tests import factories

SITE = "http://127.0.0.1:8000"  # as the settings of the tests have it


def filing(place: str) -> Filing:
    """Return a notice about an address of the site."""
    return Filing(
        name="Ann Example",
        email="ann@example.org",
        place=SITE + place,
        explanation="It says of me what is not true.",
        is_in_good_faith=True,
    )


def names(comment: Comment, now: datetime) -> dict[str, object]:
    """Let a notice wait, and a second opinion be asked; return their names and that of the notice's receipt."""
    notice, token = legalnotices.file(filing(f"/comments/{comment.id}"), site_url=SITE, now=now)
    decider = factories.account("one who decided", role=Role.MODERATOR)
    asked = factories.comment(comment.article, factories.account("one decided about"))
    judged = Judged(comment_id=asked.id, version=asked.version)
    entry = moderation.remove(judged, clauses.current("abuse"), by=decider, now=now)
    opinion = SecondOpinion(entry_id=entry.id, drawn_at=now)
    db.session.add(opinion)
    db.session.flush()
    return {"notice": notice.id, "receipt": token, "opinion": opinion.id, "half_year": str(periods.containing(now))}
