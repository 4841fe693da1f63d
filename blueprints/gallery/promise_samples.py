"""Results that are hidden in the gallery's card, and what it promises of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from itertools import product

from blueprints.gallery.samples import LONG_AGO
from domain.promises import Promises, promises_of
from domain.tallies import NOTHING
from models import Article, OpinionPoll, Prediction, ResultsVisibility


@dataclass(frozen=True, kw_only=True)
class SamplePage:
    """As much of an article's page as its promises need."""

    article: Article
    promises: Promises
    is_answered: bool = False
    shows_results: bool = False


def pages() -> list[SamplePage]:
    """Return a page for each two ways in which takes and predictions can appear, and one on which they do at two times."""
    later = _page(ResultsVisibility.AFTER_CLOSING, ResultsVisibility.AFTER_CLOSING, apart=timedelta(days=1))
    return [*(_page(takes, outcomes) for takes, outcomes in product(ResultsVisibility, ResultsVisibility)), later]


def _page(takes: ResultsVisibility, outcomes: ResultsVisibility, apart: timedelta = timedelta()) -> SamplePage:
    poll = OpinionPoll(visibility=takes, closes_at=LONG_AGO)
    prediction = Prediction(visibility=outcomes, closes_at=LONG_AGO + apart)
    article = Article(poll=poll, prediction=prediction, hides_counts=False)
    return SamplePage(article=article, promises=promises_of(article, [poll, prediction], NOTHING))
