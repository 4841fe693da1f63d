"""The articles and their questions, made through the domain as the newsroom makes them, over two years."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import update

from bench.generate.people import People
from bench.generate.size import Share, viral_place
from domain import articles, finality, predictions, resolutions
from domain.resolutions import Finding
from extensions import db
from models import Article, News, Reader
from tests import factories

YEARS = timedelta(days=730)  # from the first article to now
VIRAL_SINCE = timedelta(days=5)
KNOWN_AFTER = timedelta(days=25)  # from the opening, five days before predicting would end
DISPUTABLE = timedelta(hours=73)
RESOLVED = 0.9  # of what is over
SECTIONS = ("City", "Politics", "Science", "Sport", "World")


@dataclass(frozen=True)
class Asked:
    """An article's questions by their ids; times in seconds since 1970."""

    article_id: int
    poll_id: int
    choices: tuple[tuple[int, str], ...]  # id and camp
    prediction_id: int
    outcomes: tuple[int, ...]  # none where nothing is predicted
    opened: float
    voting_until: float
    predicting_until: float
    share: Share


def ask(shares: Sequence[Share], people: People, *, now: datetime, dice: Random) -> Iterator[Asked]:
    """Make the articles, the oldest first, and let what is long over be resolved."""
    editor = db.session.get_one(Reader, people.editor)
    step = YEARS / (len(shares) + 1)
    for place, share in enumerate(shares):
        is_viral = place == viral_place(len(shares) - 1) + 1
        opened_at = now - VIRAL_SINCE if is_viral else now - YEARS + step * (place + 1)
        article = _made(place, opened_at, predicts=share.forecasts > 0)
        if article.prediction and opened_at + 2 * KNOWN_AFTER < now and (share.comments == 60 or dice.random() < RESOLVED):  # noqa: PLR2004
            _resolve(article, opened_at + KNOWN_AFTER, by=editor, place=dice.choices(range(3), (5, 3, 2))[0])
        yield _asked(article, share, now)
        db.session.commit()
    articles.close_due_polls(now)
    predictions.close_due(now)
    db.session.execute(update(News).values(spread_at=News.made_at))
    db.session.commit()


def _made(place: int, opened_at: datetime, *, predicts: bool) -> Article:
    draft = factories.draft(opened_at, f"Harbour bridge tolls to be dropped, part {place + 1}")
    draft = replace(draft, section=SECTIONS[place % len(SECTIONS)], prediction=draft.prediction if predicts else None)
    article = articles.create(draft, now=opened_at - timedelta(hours=1))
    articles.open_to_readers(article, now=opened_at)
    return article


def _resolve(article: Article, known_at: datetime, *, by: Reader, place: int) -> None:
    assert article.prediction is not None  # noqa: S101 - whoever asks has looked
    finding = Finding(
        outcome=article.prediction.outcomes[place],
        source_url="https://example.org/minutes",
        evidence="The minutes say so.",
        happened_at=known_at,
        known_at=known_at,
    )
    resolutions.resolve(article.prediction, finding, by=by, now=known_at)
    finality.finalise(article.prediction, now=known_at + DISPUTABLE)


def _asked(article: Article, share: Share, now: datetime) -> Asked:
    poll, prediction = article.poll, article.prediction
    assert poll is not None  # noqa: S101 - each has one
    opened, latest = article.opened_at or now, now - timedelta(minutes=2)
    ends = min(latest, poll.closes_at) - timedelta(seconds=1)
    until = min(ends, prediction.closed_at - timedelta(seconds=1)) if prediction and prediction.closed_at else ends
    return Asked(
        article_id=article.id,
        poll_id=poll.id,
        choices=tuple((choice.id, choice.camp.value) for choice in poll.choices),
        prediction_id=prediction.id if prediction else 0,
        outcomes=tuple(outcome.id for outcome in prediction.outcomes) if prediction else (),
        opened=opened.timestamp(),
        voting_until=ends.timestamp(),
        predicting_until=until.timestamp(),
        share=share,
    )
