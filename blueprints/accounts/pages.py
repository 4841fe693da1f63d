"""What a reader's own page shows."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext

from blueprints.support.track_record import RecordView
from domain import opinions, profiles, records
from domain.profiles import Called, Written, WrittenPage
from domain.screening import CHECK_NAMES
from models import OpinionChoice, OpinionVote, Reader


@dataclass(frozen=True, kw_only=True)
class ProfilePage:
    """A reader's own page. Later pages have comments only."""

    reader: Reader
    comments: WrittenPage
    takes: list[OpinionVote]
    forecasts: list[Called]
    view: RecordView | None  # on the first page
    is_later: bool

    @property
    def is_cut(self) -> bool:
        """Whether older takes or forecasts are not shown."""
        return profiles.ANSWERS_SHOWN in {len(self.takes), len(self.forecasts)}

    def choices_of(self, vote: OpinionVote) -> list[OpinionChoice]:
        """Return the choices of a take in the order in which it gives them."""
        return opinions.choices_of(vote.choice.poll, vote)

    def why_held(self, written: Written) -> list[str]:
        """Return what the checks saw, in words."""
        return [gettext(CHECK_NAMES[check]) for check in written.checks if check in CHECK_NAMES]


def profile_page(reader: Reader, before: int | None) -> ProfilePage:
    """Return the reader's own page; or, with a cursor, older comments."""
    return ProfilePage(
        reader=reader,
        comments=profiles.own_comments(reader, before=before),
        takes=profiles.takes_of(reader) if before is None else [],
        forecasts=profiles.forecasts_of(reader) if before is None else [],
        view=RecordView(records.record_of(reader)) if before is None else None,
        is_later=before is not None,
    )
