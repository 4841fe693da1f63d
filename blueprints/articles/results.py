"""What is drawn of an article's results besides the bars: lines over time, and chances of answers that have an order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from blueprints.articles.pages import ArticlePage
from blueprints.support.charts import Distribution, LineChart, Series
from blueprints.support.site import config
from domain import series
from domain.series import CrowdThen
from domain.tallies import Share
from models import Forecast, OpinionPoll, Prediction

MOST_LINES = 6  # in one chart, each with a shape of its own: more cannot be told apart
FEWEST_POINTS = 2  # of a line: one is said by the bars

Chances = tuple[float, float, float]  # a chance, and the two ends of the band around it


@dataclass(frozen=True, kw_only=True)
class Results:
    """Charts of what the page's reader may see; None where there is nothing to draw. Of the crowd's lines `banded` has its
    band drawn."""

    takes_over_time: LineChart | None = None
    crowd_over_time: LineChart | None = None
    banded: str = ""
    distribution: Distribution | None = None


def results_of(page: ArticlePage) -> Results:
    """Return the charts of a page, in two queries at most."""
    poll, prediction = page.article.poll, page.article.prediction
    crowd, banded = _crowd_over_time(prediction, page) if prediction and page.outcomes else (None, "")
    return Results(
        takes_over_time=_takes_over_time(poll, page) if poll and page.takes else None,
        crowd_over_time=crowd,
        banded=banded,
        distribution=_distribution(prediction, page) if prediction and page.outcomes else None,
    )


def _takes_over_time(poll: OpinionPoll, page: ArticlePage) -> LineChart | None:
    if page.takes is None:
        return None
    points = [then for then in series.takes_of(poll, page.takes.tiers) if then.total]
    lines = [
        Series(
            label=share.label,
            tone=share.camp.value if share.camp else "other",
            points=[(then.at, then.votes.get(share.id, 0) / then.total) for then in points],
        )
        for share in _foremost(page.takes.shares, [share.share for share in page.takes.shares])
    ]
    return _chart(poll, lines) if len(points) >= FEWEST_POINTS else None


def _crowd_over_time(prediction: Prediction, page: ArticlePage) -> tuple[LineChart | None, str]:
    """Return the lines of the crowd, and the outcome that has the band: the likeliest, because bands hide one another."""
    if page.outcomes is None or not page.outcomes.has_crowd or len(points := series.crowd_of(prediction)) < FEWEST_POINTS:
        return None, ""
    shares = page.outcomes.shares
    shown = shares[:1] if len(shares) == 2 else _foremost(shares, [share.crowd or 0 for share in shares])  # noqa: PLR2004
    likeliest = max(shown, key=lambda share: share.crowd or 0)
    lines = [_line(share, points, has_band=share is likeliest) for share in shown]
    return _chart(prediction, lines), likeliest.label


def _line(share: Share, points: Sequence[CrowdThen], *, has_band: bool) -> Series:
    """Return the line of an outcome, from when on it was there."""
    there: list[tuple[CrowdThen, Chances]] = [(then, then.chances[share.id]) for then in points if share.id in then.chances]
    return Series(
        label=share.label,
        tone="foresight",
        points=[(then.at, chance) for then, (chance, _, _) in there],
        band=[(then.at, low, high) for then, (_, low, high) in there] if has_band else None,
    )


def _chart(question: OpinionPoll | Prediction, lines: Sequence[Series]) -> LineChart:
    return LineChart(series=lines, zone=ZoneInfo(config().timezone), starts_at=question.opened_at)


def _foremost(shares: Sequence[Share], sizes: Sequence[float]) -> list[Share]:
    """Return as many as can be drawn, the largest, in the order of the question."""
    ranked = sorted(range(len(shares)), key=lambda place: -sizes[place])[:MOST_LINES]
    return [shares[place] for place in sorted(ranked)]


def _distribution(prediction: Prediction, page: ArticlePage) -> Distribution | None:
    """Return the crowd's chances of outcomes that have an order, beside the reader's own."""
    tally = page.outcomes
    if tally is None or not (prediction.is_ordered and tally.has_crowd):
        return None
    ids = [share.id for share in tally.shares]
    return Distribution(
        labels=[share.label for share in tally.shares],
        crowd=[share.crowd or 0.0 for share in tally.shares],
        own=_own(page.standing.forecast, ids),
        happened=ids.index(page.came_true) if page.came_true in ids else None,
    )


def _own(forecast: Forecast | None, ids: Sequence[int]) -> list[float] | None:
    given = {one.outcome_id: one.probability for one in forecast.probabilities} if forecast else {}
    return [given[outcome_id] for outcome_id in ids] if set(ids) == given.keys() else None
