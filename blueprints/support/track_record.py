"""A track record as it is drawn: skill on a scale, and how often what was called likely came true."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from blueprints.support.charts import CalibrationBin, CalibrationPlot, Interval
from domain.records import Record
from domain.scoring import Skill

LEAST_SCALE = 10.0  # points to either side: on a shorter one small differences would look large


@dataclass(frozen=True)
class RecordView:
    """A record with its drawings."""

    record: Record

    @cached_property
    def interval(self) -> Interval:
        """Return the skill on a scale of its own."""
        return skill_interval(self.record.skill, skill_scale([self.record.skill]))

    @cached_property
    def plot(self) -> CalibrationPlot:
        """Return the calibration plot."""
        return CalibrationPlot(
            [
                CalibrationBin(
                    one.forecast,
                    one.happened,
                    one.questions,
                    low=one.band[0] if one.band else None,
                    high=one.band[1] if one.band else None,
                )
                for one in self.record.calibration
            ]
        )


def skill_scale(skills: Sequence[Skill]) -> tuple[float, float]:
    """Return the ends of a scale on which all intervals find room, with 0, the average reader, in the middle."""
    widest = max((max(-skill.low, skill.high) for skill in skills), default=0.0)
    end = max(LEAST_SCALE, widest)
    return -end, end


def skill_interval(skill: Skill, scale: tuple[float, float]) -> Interval:
    """Return where a skill stands on a scale, against the average reader."""
    return Interval(skill.value, skill.low, skill.high, minimum=scale[0], maximum=scale[1], against=0)
