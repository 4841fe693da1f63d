"""What a moderator sends."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import IntegerField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from blueprints.support.forms import BaseForm
from domain import clauses
from domain.moderation import Judged
from models import ClauseVersion

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
        validators=[InputRequired(UNREASONED)],
    )
    note = StringField(
        lazy_gettext("Note for other moderators (optional)"),
        validators=[Length(max=LONGEST_NOTE, message=lazy_gettext("A note may have at most %(max)d characters."))],
    )

    def __init__(self) -> None:
        super().__init__()
        self.clauses = clauses.reasons()

    @property
    def clause(self) -> ClauseVersion:
        """Return the clause that was chosen. The form has to be valid."""
        return next(clause for clause in self.clauses if clause.clause.code == self.reason.data)

    def validate_reason(self, field: StringField) -> None:
        """Refuse what is no reason, or is none any more."""
        if field.data not in {clause.clause.code for clause in self.clauses}:
            raise ValidationError(UNREASONED)
