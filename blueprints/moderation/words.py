"""The words of the desk: what a decision did, what checks and queues are called."""

from __future__ import annotations

from datetime import datetime

from flask_babel import format_timedelta, gettext

from blueprints.support.site import utc_now
from domain.errors import N_
from domain.queues import Queue
from domain.screening import CHECK_NAMES, Failure
from models import CommentState, ModerationAct, ModerationEntry, ScreeningVerdict

QUEUE_NAMES = {
    Queue.HELD: N_("Held"),
    Queue.REPORTED: N_("Reported"),
    Queue.EDITED: N_("Edited"),
    Queue.FLAGGED: N_("Flagged"),
    Queue.LEGAL: N_("Legal"),
    Queue.SECOND_OPINION: N_("Second opinion"),
    Queue.NEW_NAMES: N_("New names"),
    Queue.ALL: N_("All"),
}
DONE = {
    ModerationAct.REMOVED: N_("Removed."),
    ModerationAct.LIMITED: N_("Put behind a notice."),
    ModerationAct.DISABLED: N_("Disabled for legal reasons."),
    ModerationAct.HELD: N_("Held back: it waits among the held ones."),
    ModerationAct.REFERRED: N_("Referred. It waits in that queue as well."),
    ModerationAct.UNDONE: N_("Undone. The comment is as it was before."),
    ModerationAct.EDIT_APPROVED: N_("Published: everybody can read the new text now."),
    ModerationAct.EDIT_REFUSED: N_("The earlier text is kept."),
}


def said(entry: ModerationEntry) -> str:
    """Return in a few words what a decision did."""
    if entry.act in DONE:
        return str(gettext(DONE[entry.act]))
    was_held = entry.from_state is CommentState.HELD
    return str(gettext("Approved: everybody can read it now.") if was_held else gettext("Kept. Its reports are settled."))


def queue_name(queue: Queue) -> str:
    """Return what a queue is called."""
    return str(gettext(QUEUE_NAMES[queue]))


def check_name(found: ScreeningVerdict | Failure) -> str:
    """Return what a check is called."""
    return str(gettext(CHECK_NAMES.get(found.check, found.check)))


def age(since: datetime) -> str:
    """Return how long ago something began, in one unit."""
    return str(format_timedelta(utc_now() - since))
