"""What the leaderboard and the league show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import abort, request

from blueprints.support.track_record import skill_scale
from domain import leaderboards
from domain.leaderboards import Period, Place


@dataclass(frozen=True, kw_only=True)
class BoardPage:
    """A leaderboard: of which section, an empty one being all, and over which time."""

    section: str
    period: Period
    sections: Sequence[str]
    places: tuple[Place, ...]

    @property
    def version(self) -> tuple[object, ...]:
        """Return what changes whenever the page does."""
        return self.section, self.period, tuple(self.sections), self.places

    @property
    def scale(self) -> tuple[float, float]:
        """Return the two ends between which the intervals of all are drawn."""
        return skill_scale([place.skill for place in self.places])


def board_page() -> BoardPage:
    """Return the leaderboard that is asked for; answer 404 for a section without one, 400 for a time that is none."""
    section, word = request.args.get("section", ""), request.args.get("period", Period.ALL.value)
    if word not in {one.value for one in Period}:
        abort(400)
    sections = leaderboards.sections()
    if section and section not in sections:
        abort(404)
    period = Period(word)
    places = leaderboards.board(section=section, period=period)
    return BoardPage(section=section, period=period, sections=sections, places=places)
