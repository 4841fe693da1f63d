"""What a moderator decides about a legal notice."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import IntegerField, RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from blueprints.support.clause_choices import UNCHOSEN, clause_choices
from blueprints.support.forms import BaseForm, SelectChoice, line_ends
from domain import clauses
from domain.legalnotices import LONGEST_ANSWER, Ruling
from models import ClauseVersion, ModerationAct

REFUSED, NO_ACT = "refused", "upheld"
ACTS = {"disabled": ModerationAct.DISABLED, "removed": ModerationAct.REMOVED, "limited": ModerationAct.LIMITED}
UNDECIDED = lazy_gettext("Choose what is decided.")
LARGEST_NUMBER = 2**63 - 1  # that the databases hold


class RulingForm(BaseForm):
    """Whether the notice is right, what follows for the comment, and the answer."""

    ruling = RadioField(lazy_gettext("Decision"), [InputRequired(UNDECIDED)], choices=[])
    clause = SelectField(lazy_gettext("The clause its author is told"), validate_choice=False)
    answer = TextAreaField(
        lazy_gettext("Answer to whoever sent it"),
        filters=[line_ends],
        validators=[
            InputRequired(lazy_gettext("Write an answer: whoever sent the notice is told why.")),
            Length(max=LONGEST_ANSWER, message=lazy_gettext("At most %(max)d characters.")),
        ],
    )
    version = IntegerField(validators=[Optional(), NumberRange(0, LARGEST_NUMBER)])

    def __init__(self, *, can_restrict: bool, version: int = 0) -> None:
        super().__init__(data={"version": version})
        self.clauses: dict[str, ClauseVersion] = {row.clause.code: row for row in clauses.reasons()}
        self.clause.choices = clause_choices(self.clauses.values())
        upheld = (
            [
                SelectChoice("disabled", lazy_gettext("It is right: make the comment unavailable for legal reasons")),
                SelectChoice("removed", lazy_gettext("It is right: remove the comment")),
                SelectChoice("limited", lazy_gettext("It is right in part: put the comment behind a notice")),
            ]
            if can_restrict
            else [SelectChoice(NO_ACT, lazy_gettext("It is right, and what it is about is gone or was seen to"))]
        )
        self.ruling.choices = [*upheld, SelectChoice(REFUSED, lazy_gettext("It is not right: nothing is changed"))]

    def validate_clause(self, field: SelectField) -> None:
        """Ask for a clause where something is restricted: its author is told."""
        if self.ruling.data in ACTS and field.data not in self.clauses:
            raise ValidationError(UNCHOSEN)

    @property
    def decided(self) -> Ruling:
        """Return what was chosen."""
        is_upheld = self.ruling.data != REFUSED
        return Ruling(
            is_upheld=is_upheld,
            answer=self.answer.data or "",
            act=ACTS.get(self.ruling.data or ""),
            clause=self.clauses.get(self.clause.data or "") if is_upheld else None,
            version=self.version.data or 0,
        )
