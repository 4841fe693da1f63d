"""What is said of restrictions and sanctions, in the site's language."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext

from domain.explanations import Explained
from models import CommentState, SanctionKind, StatementOfReasons

RESTRICTED = {
    CommentState.LIMITED: lazy_gettext("Your comment was put behind a notice"),
    CommentState.REMOVED: lazy_gettext("Your comment was removed"),
    CommentState.DISABLED: lazy_gettext("Your comment was made unavailable for legal reasons"),
}
SANCTIONED = {
    SanctionKind.WARNED: lazy_gettext("You were warned"),
    SanctionKind.HELD: lazy_gettext("Your comments wait for a moderator"),
    SanctionKind.SLOWED: lazy_gettext("You can write only now and then"),
    SanctionKind.MUTED: lazy_gettext("You cannot write comments"),
    SanctionKind.SUSPENDED: lazy_gettext("You cannot take part"),
    SanctionKind.BANNED: lazy_gettext("You are banned"),
}
STATES = {
    CommentState.HELD: lazy_gettext("It waits for a moderator. Only you can see it."),
    CommentState.PUBLISHED: lazy_gettext("It is published: everybody can read it."),
    CommentState.LIMITED: lazy_gettext("It stands behind a notice, and cannot be answered."),
    CommentState.REMOVED: lazy_gettext("It was removed. Only you can see it."),
    CommentState.DISABLED: lazy_gettext("It is unavailable for legal reasons."),
    CommentState.WITHDRAWN: lazy_gettext("You have withdrawn it."),
    CommentState.ERASED: lazy_gettext("It was erased."),
}


def restriction_name(explained: Explained) -> str:
    """Return what a statement tells of, in one line."""
    if explained.sanction is not None:
        return str(SANCTIONED[explained.sanction.kind])
    state = explained.statement.entry.to_state
    return str(RESTRICTED[state]) if state in RESTRICTED else str(gettext("Your comment was restricted"))


def how_it_came(statement: StatementOfReasons) -> str:
    """Return how it was found and who decided, as article 17 of the Digital Services Act asks."""
    if statement.comment_id is None:
        return str(gettext("A moderator decided this."))
    if statement.is_decided_by_machine:
        return str(gettext("A rule of the newsroom's decided this by itself. No person has looked at it yet."))
    if statement.is_detected_by_machine:
        return str(gettext("A check pointed at it, and a moderator decided."))
    return str(gettext("A moderator decided this."))


def state_of(state: CommentState) -> str:
    """Return how one's own comment stands."""
    return str(STATES[state])
