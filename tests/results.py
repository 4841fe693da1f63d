"""Articles whose results have something of everything, and everybody may see them."""

from __future__ import annotations

from datetime import datetime, timedelta

from bs4 import BeautifulSoup
from flask.testing import FlaskClient

from domain import crowds, series
from extensions import db
from models import Article, PollKind, PredictionKind, ResultsVisibility
from tests import factories, history

DAY = timedelta(days=1)
BALLOTS = ((0, 1), (0, 1), (0, 2), (1, 2), (1, 0), (2, 1), (3,))  # of four choices: the fourth leaves first, then the third


def shown(
    now: datetime,
    kind: PollKind = PollKind.SINGLE,
    spans: PredictionKind = PredictionKind.OUTCOMES,
    *labels: str,
    crowd: int = 12,
) -> Article:
    """Return an article open for three days, with seven takes and a crowd, whose results everybody may see."""
    draft = factories.prediction(now, spans, *labels)
    article = factories.open_article_with(now, poll=factories.poll(now, kind), prediction=draft)
    for question in factories.asked(article):
        question.opened_at, question.visibility = now - 3 * DAY, ResultsVisibility.ALWAYS
    article.opened_at = now - 3 * DAY
    several = kind in {PollKind.APPROVAL, PollKind.RANKED}
    for place, ballot in enumerate(BALLOTS):
        given = ballot if several else (min(ballot[0], len(factories.asked(article)[0].choices) - 1),)
        history.takes(article, factories.guest(), now - 2 * DAY + place * timedelta(hours=5), *given)
    told(article, now, crowd)
    return article


def told(article: Article, now: datetime, crowd: int) -> None:
    """Let some guests give chances and one of them a take, then let the jobs do their work."""
    _, prediction = factories.asked(article)
    count = len(prediction.outcomes)
    for place in range(crowd):
        first = 0.3 + place / 40
        rest = (1 - first) / (count - 1)
        at = now - 2 * DAY + place * timedelta(hours=3)
        by = factories.guest()
        history.predicts(article, by, at, first, *([rest] * (count - 1)))
        history.takes(article, by, at, place % 2)
    for question in factories.asked(article):
        series.extend(question, now=now)
    crowds.refresh(prediction, now=now)
    db.session.commit()


def page(client: FlaskClient, article: Article, at: str = "") -> BeautifulSoup:
    """Return the article's page, or one below it."""
    answer = client.get(f"/articles/{article.slug}{at}")
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "lxml")


def words(soup: BeautifulSoup, selector: str) -> list[str]:
    """Return the texts of some elements, spaces made one."""
    return [" ".join(found.get_text(" ").split()) for found in soup.select(selector)]
