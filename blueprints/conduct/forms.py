"""What a moderator sends about a reader."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext
from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from blueprints.conduct.words import SANCTIONS
from blueprints.support.clause_choices import UNCHOSEN, clause_choices
from blueprints.support.forms import BaseForm, SelectChoice, line_ends
from blueprints.support.pagination import MOST_DIGITS
from domain import clauses, conduct, sanctions
from domain.entries import Why
from domain.sanctions import Measure
from models import SanctionKind

LENGTHS = {
    1: lazy_gettext("1 day"),
    3: lazy_gettext("3 days"),
    7: lazy_gettext("1 week"),
    30: lazy_gettext("30 days"),
    90: lazy_gettext("90 days"),
    365: lazy_gettext("1 year"),
}
LONGEST_TOLD = 2_000  # characters: what takes the place of the clause's words for the reader
AT_MOST = lazy_gettext("At most %(max)d characters.")


class NoteForm(BaseForm):
    """Something moderators tell each other."""

    note = TextAreaField(
        lazy_gettext("Note for other moderators"),
        filters=[line_ends],
        validators=[
            InputRequired(lazy_gettext("Write something, then send.")),
            Length(max=conduct.LONGEST_NOTE, message=AT_MOST),
        ],
    )


class LengthForm(BaseForm):
    """For how long."""

    days = SelectField(
        lazy_gettext("For how long"),
        coerce=int,
        choices=[SelectChoice(str(days), label) for days, label in LENGTHS.items()],
        default="7",
    )
    remark = StringField(
        lazy_gettext("Note for other moderators (optional)"), [Length(max=conduct.LONGEST_NOTE, message=AT_MOST)]
    )

    @property
    def lasts(self) -> timedelta:
        """Return how long it lasts."""
        return timedelta(days=int(self.days.data))


class SanctionForm(LengthForm):
    """What is imposed, why, and which sanction was the newest when the moderator looked."""

    seen = HiddenField(default="0")
    kind = SelectField(lazy_gettext("Sanction"), choices=[SelectChoice(kind.value, label) for kind, label in SANCTIONS.items()])
    approvals = IntegerField(
        lazy_gettext("Approved comments needed, where comments are held"),
        default=3,
        validators=[
            Optional(),
            NumberRange(1, sanctions.MOST_APPROVALS, lazy_gettext("From %(min)s to %(max)s.")),
        ],
    )
    clause = SelectField(lazy_gettext("Which rule was broken"), validate_choice=False)
    told = TextAreaField(
        lazy_gettext("What the reader is told (optional: else what the rule says)"),
        filters=[line_ends],
        validators=[Length(max=LONGEST_TOLD, message=AT_MOST)],
    )

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.clauses = clauses.reasons()
        self.clause.choices = clause_choices(self.clauses)

    def validate_clause(self, field: SelectField) -> None:
        """Refuse what is no clause, or is none any more."""
        if field.data not in {one.clause.code for one in self.clauses}:
            raise ValidationError(UNCHOSEN)

    @property
    def measure(self) -> Measure:
        """Return what is imposed. The form has to be valid."""
        return Measure(kind=SanctionKind(self.kind.data), lasts=self.lasts, approvals=self.approvals.data or 0)

    @property
    def why(self) -> Why:
        """Return for what reason. The form has to be valid."""
        chosen = next(one for one in self.clauses if one.clause.code == self.clause.data)
        return Why(clause=chosen, note=self.remark.data or "", told=self.told.data or "")

    @property
    def newest_seen(self) -> int:
        """Return the newest sanction the moderator knew of."""
        sent = self.seen.data or ""
        return int(sent) if sent.isascii() and sent.isdigit() and len(sent) <= MOST_DIGITS else -1
