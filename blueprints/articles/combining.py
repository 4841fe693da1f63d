"""Other ways to combine the predictions that the crowd forecast is made of, side by side, and what each camp expects."""

from __future__ import annotations

import math
from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.articles.pages import ArticlePage, article_page
from blueprints.articles.routes import bp
from blueprints.support.caching import page_for_all, shared
from blueprints.support.language import number
from blueprints.support.readers import current_reader
from blueprints.support.site import utc_now
from domain import articles, crowd, crowds
from domain.crowds import CampView, Crowd
from models import Camp, Outcome

COARSE = 10  # times: from here on a decimal says nothing
SAME_ODDS = 1.05  # times: below it two sides are said to expect the same


@dataclass(frozen=True)
class Way:
    """One way of combining predictions: its name, what it means, and the chance it gives each outcome, by id."""

    name: str
    meaning: str
    chances: dict[int, float]


@dataclass(frozen=True, kw_only=True)
class Combined:
    """Everything the page shows. What takes have to do with is empty for who may not see takes."""

    crowd: Crowd
    outcomes: list[Outcome]
    ways: list[Way]
    camps: list[CampView]
    gaps: list[str]

    @property
    def is_early(self) -> bool:
        """Whether it rests on few forecasts."""
        return self.crowd.forecasts < crowd.CROWD


@bp.get("/articles/<slug>/forecast")
@shared()
def crowd_forecast(slug: str) -> ResponseReturnValue:
    """Show the crowd forecast beside other ways of combining the same predictions."""
    reader = current_reader()
    page = article_page(articles.shown_to(reader, slug), reader, utc_now())
    return page_for_all(("forecast", page.version), lambda: _rendered(page))


def combined(page: ArticlePage) -> Combined | None:
    """Return what the page's reader may see of it; nothing without enough predictions."""
    prediction = page.article.prediction
    if prediction is None or not page.seen.outcomes:
        return None
    together = crowds.crowd_of(prediction)
    if together.chances is None:
        return None
    outcomes = [outcome for outcome in prediction.outcomes if outcome.id in together.chances]  # one just added waits for a job
    sees_camps = page.seen.takes
    return Combined(
        crowd=together,
        outcomes=outcomes,
        ways=_ways(together, sees_camps=sees_camps),
        camps=_camps(together) if sees_camps else [],
        gaps=[_gap(outcome, together.gap[outcome.id]) for outcome in outcomes] if sees_camps and together.gap else [],
    )


def odds_ratio(gap: float) -> float:
    """Return how many times the odds of one side are those of the other."""
    return math.exp(abs(gap))


def _rendered(page: ArticlePage) -> str:
    return render_template("articles/crowd_forecast.html", page=page, combined=combined(page))


def _ways(together: Crowd, *, sees_camps: bool) -> list[Way]:
    told = [
        (
            gettext("Crowd forecast"),
            gettext("The middle half of all chances, newer ones counting more, made a little bolder: a crowd is too timid."),
            together.chances,
        ),
        (gettext("Mean"), gettext("All chances added up and divided by how many there are."), together.mean),
        (gettext("Median"), gettext("Half of the readers give it more, half less."), together.median),
        (
            gettext("Recent median"),
            gettext("As the median, but newer predictions count more than older ones."),
            together.recent_median,
        ),
    ]
    if sees_camps:
        meaning = gettext("As the crowd forecast, but each side of the poll has the same weight, however many readers it has.")
        told.append((gettext("Sides balanced"), meaning, together.balanced))
    return [Way(name, meaning, dict(chances)) for name, meaning, chances in told if chances is not None]


def _camps(together: Crowd) -> list[CampView]:
    """Return the camps that have enough forecasts, in the order in which camps stand everywhere."""
    enough = [view for view in together.camps if view.forecasts >= crowd.EARLY]
    return sorted(enough, key=lambda view: list(Camp).index(view.camp))


def _gap(outcome: Outcome, gap: float) -> str:
    """Return in words how much likelier those for it think an outcome than those against."""
    ratio = odds_ratio(gap)
    label, times = outcome.label, _times(ratio)
    if ratio < SAME_ODDS:
        return gettext("“%(outcome)s”: those for and those against give it about the same odds.", outcome=label)
    if gap > 0:
        return gettext(
            "“%(outcome)s”: those for give this %(times)s times the odds that those against do.", outcome=label, times=times
        )
    return gettext(
        "“%(outcome)s”: those against give this %(times)s times the odds that those for do.", outcome=label, times=times
    )


def _times(ratio: float) -> str:
    return number(round(ratio)) if ratio >= COARSE else number(round(ratio, 1))
