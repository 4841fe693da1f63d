"""What the home page shows: each question where it stands just now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from domain import frontpage, hindsight
from domain.hindsight import HowReadersDid
from models import Article, Prediction, Question


@dataclass(frozen=True, kw_only=True)
class Asked:
    """An article with those of its questions that can be answered, and when the first of them closes."""

    article: Article
    questions: list[Question]
    closes_at: datetime


@dataclass(frozen=True, kw_only=True)
class HomePage:
    """Published articles by what a reader can do with them. One whose poll is still open can stand by its prediction too."""

    open: list[Asked]
    waiting: list[Article]  # their predictions are closed, and nothing is said yet of how they ended
    resolved: list[Article]
    did: dict[int, HowReadersDid]  # by the prediction, of those above that are final and scored
    without_outcome: list[Article]  # annulled, or without a clear one
    others: list[Article]  # that ask nothing, or nothing any more, and wait for nothing

    @property
    def version(self) -> tuple[object, ...]:
        """Return what changes whenever the page does."""
        ended = (self.waiting, self.resolved, self.without_outcome, self.others)
        return (
            tuple((asked.article.id, asked.article.version, len(asked.questions), asked.closes_at) for asked in self.open),
            *(tuple((article.id, article.version) for article in articles) for articles in ended),
            tuple(self.did.items()),
        )


def home_page(now: datetime) -> HomePage:
    """Return the home page at `now`: what closes soonest first, then of each kind what is newest."""
    found = frontpage.candidates(now)
    asked = [one for article in found if (one := _asked(article, now))]
    over = [(row, article) for article in found if (row := article.prediction) and (row.verdict or row.is_closed(now))]
    listed = {one.article.id for one in asked} | {article.id for _, article in over}
    resolved = _newest([pair for pair in over if pair[0].resolution], _said_at)
    return HomePage(
        open=sorted(asked, key=lambda one: (one.closes_at, -one.article.id)),
        waiting=_newest([pair for pair in over if pair[0].verdict is None], _ended_at),
        resolved=resolved,
        did=hindsight.of_each(row for article in resolved if (row := article.prediction)),
        without_outcome=_newest([pair for pair in over if pair[0].verdict and not pair[0].resolution], _said_at),
        others=[article for article in found if article.id not in listed],
    )


def _asked(article: Article, now: datetime) -> Asked | None:
    mine = (article.poll, None if article.forbids_prediction else article.prediction)
    questions: list[Question] = [row for row in mine if row is not None and row.is_open(now)]
    if not questions:
        return None
    return Asked(article=article, questions=questions, closes_at=min(row.closes_at for row in questions))


def _newest(pairs: list[tuple[Prediction, Article]], at: Callable[[Prediction], datetime]) -> list[Article]:
    pairs = sorted(pairs, key=lambda pair: (at(pair[0]), pair[0].id), reverse=True)
    return [article for _, article in pairs[: frontpage.NEWEST]]


def _ended_at(prediction: Prediction) -> datetime:
    return min(prediction.closes_at, prediction.closed_at or prediction.closes_at)


def _said_at(prediction: Prediction) -> datetime:
    return prediction.resolutions[-1].resolved_at
