"""What is said of a decision to those it concerns: whose thing it was, and who complained.."""

from __future__ import annotations

from domain.errors import N_
from models import CommentState, ModerationAct, ModerationEntry, NotificationKind, SanctionKind

ABOUT_OWN = {
    ModerationAct.LIMITED: N_("Your comment was put behind a notice"),
    ModerationAct.REMOVED: N_("Your comment was removed"),
    ModerationAct.DISABLED: N_("Your comment was made unavailable for legal reasons"),
    ModerationAct.EDIT_REFUSED: N_("Your edit was not published; the earlier text is shown"),
    ModerationAct.UNDONE: N_("A decision about something of yours was taken back"),
    ModerationAct.APPEAL_GRANTED: N_("Your appeal was granted: it is as it was before"),
    ModerationAct.APPEAL_REFUSED: N_("Your appeal was not granted"),
    ModerationAct.SANCTION_LIFTED: N_("A restriction of yours was lifted"),
    ModerationAct.SANCTION_ENDED: N_("A restriction of yours is over"),
}
SANCTIONED = {
    SanctionKind.WARNED: N_("You were warned"),
    SanctionKind.HELD: N_("Your comments wait for a moderator from now on"),
    SanctionKind.SLOWED: N_("You can write only now and then for a while"),
    SanctionKind.MUTED: N_("You cannot write comments for a while"),
    SanctionKind.SUSPENDED: N_("You cannot take part for a while"),
    SanctionKind.BANNED: N_("You are banned"),
}
REPORTED = {
    ModerationAct.LIMITED: N_("A comment you reported was put behind a notice"),
    ModerationAct.REMOVED: N_("A comment you reported was removed"),
    ModerationAct.DISABLED: N_("A comment you reported was made unavailable for legal reasons"),
    ModerationAct.ERASED: N_("A comment you reported was erased"),
    ModerationAct.WITHDRAWN: N_("A comment you reported was withdrawn by its author"),
    ModerationAct.APPROVED: N_("A moderator looked at a comment you reported, and it stays"),
    ModerationAct.APPEAL_GRANTED: N_("A comment you reported is shown again: its author appealed"),
    ModerationAct.UNDONE: N_("A decision about a comment you reported was taken back"),
}


def sentence(kind: NotificationKind, entry: ModerationEntry) -> str:
    """Return what a reader is told of a decision, to be translated."""
    if kind is NotificationKind.REPORT:
        return REPORTED.get(entry.act, N_("A moderator looked at a comment you reported"))
    if entry.act is ModerationAct.SANCTIONED:
        return SANCTIONED[SanctionKind(entry.detail)]
    return ABOUT_OWN.get(entry.act, N_("A moderator decided about something of yours"))


def is_readable(state: CommentState) -> bool:
    """Whether a comment in this state can still be opened by whoever complained about it."""
    return state in {CommentState.PUBLISHED, CommentState.LIMITED}
