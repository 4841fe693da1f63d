"""What charts are drawn from: places and paths, worked out from plain values; templates/macros/charts.html draws them. Pure.

Places are per cent of the drawing, so that it can have any size while its words keep theirs. Time runs from left to right
in every language, as in mathematics; bars begin where lines of text do.
"""

from __future__ import annotations

from blueprints.support.charts.bars import Distribution, Interval
from blueprints.support.charts.calibration import CalibrationBin, CalibrationPlot
from blueprints.support.charts.lines import LineChart, Series

__all__ = ["CalibrationBin", "CalibrationPlot", "Distribution", "Interval", "LineChart", "Series"]
