"""What acts and sanctions are called among moderators."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext

from models import ModerationAct, ModerationEntry, SanctionKind

SANCTIONS = {
    SanctionKind.WARNED: lazy_gettext("Warned"),
    SanctionKind.HELD: lazy_gettext("Comments held until some are approved"),
    SanctionKind.SLOWED: lazy_gettext("Slowed: one comment every 15 minutes"),
    SanctionKind.MUTED: lazy_gettext("Muted: no comments"),
    SanctionKind.SUSPENDED: lazy_gettext("Suspended: no taking part"),
    SanctionKind.BANNED: lazy_gettext("Banned, with a date of review"),
}
ACTS = {
    ModerationAct.HELD: lazy_gettext("Held"),
    ModerationAct.APPROVED: lazy_gettext("Approved"),
    ModerationAct.LIMITED: lazy_gettext("Put behind a notice"),
    ModerationAct.REMOVED: lazy_gettext("Removed"),
    ModerationAct.DISABLED: lazy_gettext("Disabled for legal reasons"),
    ModerationAct.ERASED: lazy_gettext("Erased"),
    ModerationAct.UNDONE: lazy_gettext("Decision undone"),
    ModerationAct.WITHDRAWN: lazy_gettext("Withdrawn by its author"),
    ModerationAct.EDIT_HELD: lazy_gettext("Edit held"),
    ModerationAct.EDIT_APPROVED: lazy_gettext("Edit published"),
    ModerationAct.EDIT_REFUSED: lazy_gettext("Earlier text kept"),
    ModerationAct.FLAGGED: lazy_gettext("Flagged"),
    ModerationAct.REFERRED: lazy_gettext("Referred"),
    ModerationAct.APPEALED: lazy_gettext("Appealed"),
    ModerationAct.APPEAL_REFUSED: lazy_gettext("Appeal not granted"),
    ModerationAct.APPEAL_GRANTED: lazy_gettext("Appeal granted"),
    ModerationAct.SANCTIONED: lazy_gettext("Sanctioned"),
    ModerationAct.SANCTION_LIFTED: lazy_gettext("Sanction lifted"),
    ModerationAct.SANCTION_ENDED: lazy_gettext("Sanction ended"),
    ModerationAct.CLAUSE_CHANGED: lazy_gettext("Clause of the policy changed"),
    ModerationAct.WORDS_CHANGED: lazy_gettext("List of words changed"),
    ModerationAct.RULE_CHANGED: lazy_gettext("Rule for our software changed"),
    ModerationAct.RULE_SWITCHED: lazy_gettext("Rule for our software switched on or off"),
    ModerationAct.CLASSIFIER_SWITCHED: lazy_gettext("Classifier switched"),
    ModerationAct.LEGAL_STATE_CHANGED: lazy_gettext("Legal state of an article set"),
    ModerationAct.LEGAL_NOTICE_DECIDED: lazy_gettext("Legal notice decided"),
}


def sanction_name(kind: SanctionKind) -> str:
    """Return what a sanction is called."""
    return str(SANCTIONS[kind])


def act_name(entry: ModerationEntry) -> str:
    """Return what was done, in a few words; of a sanction, which one."""
    name = str(ACTS[entry.act])
    if entry.sanction_id is None or not entry.detail:
        return name
    return str(gettext("%(act)s: %(sanction)s", act=name, sanction=sanction_name(SanctionKind(entry.detail))))
