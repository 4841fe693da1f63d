"""What a reader sends about comments."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from wtforms import BooleanField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length

from blueprints.support.forms import BaseForm, SelectChoice, line_ends
from domain import comments
from models import Comment, ReportReason

LONGEST_NOTE = 1_000  # characters: enough to point at what is wrong

REPORT_REASONS = {
    ReportReason.ABUSE: lazy_gettext("It insults or threatens somebody"),
    ReportReason.ACCUSATION: lazy_gettext("It accuses somebody of something as if it were proven"),
    ReportReason.PRIVACY: lazy_gettext("It gives away somebody's private details"),
    ReportReason.SPAM: lazy_gettext("It is advertising or posted over and over"),
    ReportReason.ILLEGAL: lazy_gettext("It is against the law"),
    ReportReason.OTHER: lazy_gettext("Something else"),
}


class EditForm(BaseForm):
    """What a comment says."""

    body = TextAreaField(
        lazy_gettext("Your comment"),
        filters=[line_ends],
        validators=[
            InputRequired(lazy_gettext("Write something, then send.")),
            Length(max=comments.LONGEST, message=lazy_gettext("A comment may have at most %(max)d characters.")),
        ],
    )
    nudge: str = ""  # what its author is asked to think about, where a rule of the newsroom asks
    preview_html: str = ""  # the text as it would be posted, where that was asked for


class CommentForm(EditForm):
    """A comment or a reply."""

    alone = BooleanField(lazy_gettext("Leave my take and prediction off my comment"))

    def __init__(self, *, answers: Comment | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        for field in self if answers else ():  # several replies can be written on one page
            field.id = field.label.field_id = f"{field.name}-{answers.id if answers else 0}"


class ReportForm(BaseForm):
    """What is wrong with a comment."""

    reason = RadioField(
        lazy_gettext("What is wrong with it?"),
        choices=[SelectChoice(reason.value, label) for reason, label in REPORT_REASONS.items()],
        validators=[InputRequired(lazy_gettext("Choose what is wrong with it."))],
    )
    note = TextAreaField(
        lazy_gettext("Anything a moderator should know (optional)"),
        validators=[Length(max=LONGEST_NOTE, message=lazy_gettext("A note may have at most %(max)d characters."))],
    )
