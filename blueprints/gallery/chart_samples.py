"""What the gallery shows of charts: made-up histories of every length, and forecasts of every shape."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

from blueprints.gallery.samples import LONG_TEXT
from blueprints.support.charts import CalibrationBin, CalibrationPlot, Distribution, Interval, LineChart, Series

START = datetime(2025, 3, 3, 9, 30, tzinfo=UTC)


def wave(length: int, middle: float, height: float, *, every: timedelta, turns: float = 2) -> list[tuple[datetime, float]]:
    """Return a history that rises and falls about a middle, the longer the closer to it."""
    places = [place / max(1, length - 1) for place in range(length)]
    swing = [height * math.sin(turns * math.tau * place + math.sin(40 * place)) * (1 - place / 2) for place in places]
    return [(START + place * every, middle + by) for place, by in enumerate(swing)]


def banded(points: list[tuple[datetime, float]], width: float) -> list[tuple[datetime, float, float]]:
    """Return a range around a history that narrows."""
    widths = [width / (1 + 4 * place / len(points)) for place in range(len(points))]
    return [(at, max(0, value - by), min(1, value + by)) for (at, value), by in zip(points, widths, strict=True)]


WEEKS = timedelta(hours=8)
HALF = wave(120, 0.55, 0.12, every=WEEKS)
CROWD = wave(400, 0.46, 0.2, every=timedelta(hours=3), turns=1.5)
CAMPS = LineChart(
    [
        Series("Agree", "for", HALF),
        Series("Disagree", "against", [(at, 0.85 - share) for at, share in HALF]),
        Series("Not sure", "unsure", [(at, 0.15) for at, _ in HALF[:1]]),
    ]
)
FORECAST = LineChart([Series("Crowd forecast", "foresight", CROWD, banded(CROWD, 0.3))])
OUTCOMES = LineChart(
    [
        Series(label, "foresight", wave(60, middle, 0.05, every=timedelta(minutes=7), turns=1 + middle))
        for label, middle in [
            ("Settled out of court", 0.41),
            ("Dismissed before trial", 0.28),
            ("Verdict for Marlow", 0.12),
            ("Verdict for the county", 0.09),
            ("It is withdrawn", 0.06),
            (LONG_TEXT, 0.045),
        ]
    ]
)
VOTES = LineChart(
    [Series("Votes", "", [(START + timedelta(days=day), day * 1_741) for day in range(900)])],
    is_count=True,
    ends_at=START + timedelta(days=1_000),
)
ONE = LineChart([Series("Agree", "for", [(START, 1.0)]), Series("Disagree", "against", [(START, 0.0)])])
LINES = [
    ("Takes over forty days", CAMPS),
    ("The crowd forecast over seven weeks", FORECAST),
    ("Six outcomes over seven hours", OUTCOMES),
    ("Votes over three years", VOTES),
    ("A single value", ONE),
    ("No value", LineChart([Series("Agree", "for", [])])),
]
DATES = ("before May", "May 2025", "June 2025", "July 2025", "August 2025", "after August", "never")
DISTRIBUTIONS = [
    (
        "When will the first hearing be?",
        Distribution(DATES, (0.04, 0.12, 0.27, 0.31, 0.14, 0.08, 0.04), (0, 0.05, 0.5, 0.3, 0.1, 0.05, 0), happened=2),
    ),
    ("When will the second hearing be?", Distribution(DATES, (0.02, 0.03, 0.05, 0.1, 0.2, 0.35, 0.25))),
    (
        "How many will come?",
        Distribution(
            [f"{low * 500} to {low * 500 + 499}" for low in range(15)] + [f"more, {LONG_TEXT}"],
            [math.exp(-((place - 6.5) ** 2) / 9) / 5.317 for place in range(16)],
            happened=9,
        ),
    ),
    ("Certain", Distribution(("less", "more"), (0.0, 1.0), (1.0, 0.0), happened=1)),
    ("Nobody has said", Distribution(("less", "more"), (0.0, 0.0))),
]
CALIBRATION = CalibrationPlot(
    [
        CalibrationBin(0.04, 0.02, 310, 0.0, 0.06),
        CalibrationBin(0.15, 0.19, 120, 0.11, 0.27),
        CalibrationBin(0.26, 0.21, 88, 0.12, 0.3),
        CalibrationBin(0.35, 0.42, 60, 0.27, 0.57),
        CalibrationBin(0.45, 0.4, 41, 0.22, 0.58),
        CalibrationBin(0.56, 0.61, 38, 0.4, 0.8),
        CalibrationBin(0.66, 0.0, 0),
        CalibrationBin(0.75, 0.7, 52, 0.55, 0.84),
        CalibrationBin(0.86, 0.79, 71, 0.66, 0.9),
        CalibrationBin(0.97, 1.0, 4),
    ]
)
CALIBRATIONS = [("How right the crowd was", CALIBRATION), ("How right nobody was", CalibrationPlot([]))]
INTERVALS = [
    ("0.12 (0.03 to 0.21)", "foresight", Interval(0.12, 0.03, 0.21, minimum=-0.5, maximum=0.5, against=0)),
    ("−0.31 (−0.44 to −0.02)", "foresight", Interval(-0.31, -0.44, -0.02, minimum=-0.5, maximum=0.5, against=0)),
    ("51 % (38 % to 64 %)", "for", Interval(0.51, 0.38, 0.64)),
    ("100 % (no interval)", "against", Interval(1, 1, 1)),
]
