"""What the list of notifications shows."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext

from blueprints.support.filters import reader_name
from blueprints.support.language import points
from domain import text
from domain.notifications import NotificationPage, Told
from domain.permissions import GONE
from models import NotificationKind

LONGEST_EXCERPT = 240  # characters: enough to know whether to open it


@dataclass(frozen=True, kw_only=True)
class ListPage:
    """A page of what a reader is told."""

    told: NotificationPage
    is_later: bool

    def sentence(self, told: Told) -> str:
        """Return what is said of one."""
        name = reader_name(told.author) if told.author else ""
        return gettext(told.sentence, name=name)

    def fate(self, told: Told) -> str:
        """Return how the reader did, and by how much where that is worked out."""
        if told.points is None:
            return gettext(told.fate)
        by_how_much = gettext("Against the other readers: %(points)s points.", points=points(told.points))
        return f"{gettext(told.fate)} {by_how_much}"

    def excerpt(self, told: Told) -> str:
        """Return the beginning of the comment, one's own where that was decided about, or the question whose outcome is known."""
        if told.comment is not None:
            return text.gist(told.comment.body_html, LONGEST_EXCERPT)
        if told.notification.kind is NotificationKind.DECISION and told.judged is not None and told.judged.state not in GONE:
            return text.gist(told.judged.body_html, LONGEST_EXCERPT)
        return told.prediction.question if told.prediction else ""
