"""What a moderator sends."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import IntegerField, StringField
from wtforms.validators import AnyOf, InputRequired, Length, NumberRange

from blueprints.support.forms import BaseForm
from domain.moderation import Judged
from models import RemovalReason

LONGEST_NOTE = 1_000  # characters: enough for a colleague to follow the decision
LARGEST_NUMBER = 2**63 - 1  # that the databases hold
INCOMPLETE = lazy_gettext("The form came incomplete, so nothing was decided. Look at the comment again, then decide.")
UNREASONED = lazy_gettext("Choose a reason: the author is told why.")


class JudgementForm(BaseForm):
    """The version of the comment that was judged, and the newest report the moderator saw."""

    version = IntegerField(validators=[InputRequired(INCOMPLETE), NumberRange(1, LARGEST_NUMBER, INCOMPLETE)])
    report = IntegerField(default=0, validators=[NumberRange(0, LARGEST_NUMBER, INCOMPLETE)])

    def judged(self, comment_id: int, revision_id: int = 0) -> Judged:
        """Return what the moderator had before them."""
        version, report_id = self.version.data or 0, self.report.data or 0
        return Judged(comment_id=comment_id, version=version, report_id=report_id, revision_id=revision_id)


class RemovalForm(JudgementForm):
    """Why a comment is removed."""

    reason = StringField(
        lazy_gettext("Remove it because"),
        validators=[InputRequired(UNREASONED), AnyOf([reason.value for reason in RemovalReason], UNREASONED)],
    )
    note = StringField(
        lazy_gettext("Note for other moderators (optional)"),
        validators=[Length(max=LONGEST_NOTE, message=lazy_gettext("A note may have at most %(max)d characters."))],
    )
