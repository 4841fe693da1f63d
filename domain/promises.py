"""What the page promises of results that are hidden: by which act of the reader they appear, or when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.tallies import Seen
from models import Article, Question, ResultsVisibility


@dataclass(frozen=True, kw_only=True)
class Promises:
    """How the results of what is asked appear, as far as they are hidden. Nothing is promised where a law hides them."""

    by_taking: bool = False  # the takes do once the reader has voted
    by_predicting: bool = False  # the predictions do once the reader has predicted
    at_closing: tuple[Question, ...] = ()  # those of these do when they have closed, whatever the reader does
    is_all_at_closing: bool = False  # so do all of the article's, at one time


def promises_of(article: Article, asked: Sequence[Question], seen: Seen) -> Promises:
    """Return what holds for a reader who is `asked` these questions."""
    if article.hides_counts:
        return Promises()
    hidden = [
        (question, question.visibility)
        for question, is_seen in ((article.poll, seen.takes), (article.prediction, seen.outcomes))
        if question is not None and question in asked and not is_seen
    ]
    at_closing = tuple(question for question, when in hidden if when is ResultsVisibility.AFTER_CLOSING)
    by_answering = {question for question, when in hidden if when is ResultsVisibility.AFTER_VOTING}
    every = [question for question in (article.poll, article.prediction) if question is not None]
    return Promises(
        by_taking=article.poll in by_answering,
        by_predicting=article.prediction in by_answering,
        at_closing=at_closing,
        is_all_at_closing=len(at_closing) == len(every) and len({question.closes_at for question in every}) == 1,
    )
