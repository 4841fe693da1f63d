"""What the list of notifications shows."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext

from blueprints.support.filters import reader_name
from domain import notifications, text
from domain.notifications import NotificationPage, Told

LONGEST_EXCERPT = 240  # characters: enough to know whether to open it


@dataclass(frozen=True, kw_only=True)
class ListPage:
    """A page of what a reader is told."""

    told: NotificationPage
    is_later: bool

    def sentence(self, told: Told) -> str:
        """Return what is said of one."""
        name = reader_name(told.author) if told.author else ""
        return gettext(notifications.SENTENCES[told.notification.kind], name=name)

    def excerpt(self, told: Told) -> str:
        """Return the beginning of the comment, or the question whose outcome is known."""
        if told.comment is not None:
            return text.shortened(told.comment.body_source, LONGEST_EXCERPT)
        return told.prediction.question if told.prediction else ""
