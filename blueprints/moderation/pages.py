"""What stands around the items of the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import format_timedelta, gettext

from blueprints.support.site import utc_now
from domain import review
from domain.review import Queue
from domain.screening import CHECK_NAMES
from models import CommentState, ModerationAct, ModerationEntry, Reader, ScreeningVerdict

DECISIONS, COMMENT = "decisions", "comment"  # the pages of the desk besides its queues
PLACES = {queue.value for queue in Queue} | {DECISIONS, COMMENT}


@dataclass(frozen=True)
class Place:
    """Where on the desk a moderator is: a queue, their decisions or one comment, and how far into the list."""

    name: str
    after: int | None = None

    @property
    def is_queue(self) -> bool:
        """Whether what is decided here leaves the list."""
        return self.name not in {DECISIONS, COMMENT}

    @property
    def query(self) -> dict[str, str | int | None]:
        """Return what an address carries so that the answer leads back here."""
        return {"place": self.name, "after": self.after}

    def address(self, comment_id: int) -> str:
        """Return where to go after a decision about a comment."""
        if self.name == COMMENT:
            return url_for("moderation.show", comment_id=comment_id)
        if self.name == DECISIONS:
            return url_for("moderation.decisions", after=self.after)
        return url_for("moderation.queue", name=self.name, after=self.after)


@dataclass(frozen=True, kw_only=True)
class Desk:
    """Where the moderator is, how much waits in each queue, and the decision they may want to take back."""

    place: Place
    counts: dict[Queue, int]
    last: ModerationEntry | None
    most_counted: int = review.MOST_COUNTED


def desk(place: Place, moderator: Reader | None, now: datetime) -> Desk:
    """Return the desk as it is now."""
    last = review.last_decision(moderator, now) if moderator else None
    return Desk(place=place, counts=review.counts(), last=last)


def said(entry: ModerationEntry) -> str:
    """Return in a few words what a decision did."""
    if entry.act is ModerationAct.REMOVED:
        return str(gettext("Removed."))
    if entry.act is ModerationAct.UNDONE:
        return str(gettext("Undone. The comment is as it was before."))
    if entry.act is ModerationAct.EDIT_APPROVED:
        return str(gettext("Published: everybody can read the new text now."))
    if entry.act is ModerationAct.EDIT_REFUSED:
        return str(gettext("The earlier text is kept."))
    was_held = entry.from_state is CommentState.HELD
    return str(gettext("Approved: everybody can read it now.") if was_held else gettext("Kept. Its reports are settled."))


def check_name(verdict: ScreeningVerdict) -> str:
    """Return what the check that held a comment is called."""
    return str(gettext(CHECK_NAMES.get(verdict.check, verdict.check)))


def age(since: datetime) -> str:
    """Return how long ago something began, in one unit."""
    return str(format_timedelta(utc_now() - since))
