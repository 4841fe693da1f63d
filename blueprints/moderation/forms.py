"""What a moderator sends."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import IntegerField, RadioField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, ValidationError

from blueprints.support.forms import BaseForm, SelectChoice
from domain import clauses
from domain.moderation import Judged
from models import ClauseVersion, Comment

LONGEST_NOTE = 1_000  # characters: enough for a colleague to follow the decision
LONGEST_TOLD = 2_000  # characters: as long as an appeal against it
LARGEST_NUMBER = 2**63 - 1  # that the databases hold
INCOMPLETE = lazy_gettext("The form came incomplete, so nothing was decided. Look at the comment again, then decide.")
UNREASONED = lazy_gettext("Choose a reason: the author is told why.")
TOO_LONG = lazy_gettext("A note may have at most %(max)d characters.")


class NotedForm(BaseForm):
    """What colleagues are told."""

    note = StringField(
        lazy_gettext("Note for other moderators (optional)"), validators=[Length(max=LONGEST_NOTE, message=TOO_LONG)]
    )


class JudgementForm(NotedForm):
    """The version of the comment that was judged, and the newest report the moderator saw."""

    version = IntegerField(validators=[InputRequired(INCOMPLETE), NumberRange(1, LARGEST_NUMBER, INCOMPLETE)])
    report = IntegerField(default=0, validators=[NumberRange(0, LARGEST_NUMBER, INCOMPLETE)])

    def judged(self, comment_id: int, revision_id: int = 0) -> Judged:
        """Return what the moderator had before them."""
        version, report_id = self.version.data or 0, self.report.data or 0
        return Judged(comment_id=comment_id, version=version, report_id=report_id, revision_id=revision_id)


class ReasonedForm(NotedForm):
    """Why something is restricted: a clause of the policy."""

    reason = StringField(lazy_gettext("Remove it because"), validators=[InputRequired(UNREASONED)])

    def __init__(self) -> None:
        super().__init__()
        self.clauses = clauses.reasons()
        self._wordings = clauses.statements(self.clauses)

    @property
    def clause(self) -> ClauseVersion:
        """Return the clause that was chosen. The form has to be valid."""
        return next(clause for clause in self.clauses if clause.clause.code == self.reason.data)

    def statement(self, clause: ClauseVersion, comment: Comment) -> str:
        """Return what the author of a comment would be told by a clause."""
        return self._wordings.get((clause.id, comment.language or ""), clause.statement)

    def validate_reason(self, field: StringField) -> None:
        """Refuse what is no reason, or is none any more."""
        if field.data not in {clause.clause.code for clause in self.clauses}:
            raise ValidationError(UNREASONED)


class RemovalForm(ReasonedForm, JudgementForm):
    """Why a comment is restricted, and what its author is told where that is not what the clause has for them."""

    told = StringField(
        lazy_gettext("Tell the author in other words (optional)"),
        validators=[
            Length(max=LONGEST_TOLD, message=lazy_gettext("What the author is told may have at most %(max)d characters."))
        ],
    )


class OverrideForm(ReasonedForm):
    """What an editor decides instead, and why."""

    reason = StringField()
    to = RadioField(choices=[SelectChoice("approval"), SelectChoice("removal")], validators=[InputRequired(INCOMPLETE)])

    def validate_reason(self, field: StringField) -> None:
        """Ask for a reason where the comment is removed."""
        if self.to.data == "removal":
            super().validate_reason(field)
