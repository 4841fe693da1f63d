"""What is decided about an article while a reader waits for their turn holds for what they then do."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import update

from domain import comments, participation, ratings
from domain.errors import Closed
from domain.participation import Answer
from extensions import db
from models import Article, CommentState, LegalState, Reader, Verdict
from tests import factories

pytestmark = pytest.mark.usefixtures("stage")


def decide_meanwhile(article: Article, **facts: Any) -> None:
    """Change the article behind the back of whoever has read it already."""
    changed = update(Article).where(Article.id == article.id).values(facts)
    db.session.execute(changed, execution_options={"synchronize_session": False})


@pytest.mark.parametrize("facts", [{"closes_comments": True}, {"closed": True}])
def test_a_comment_is_refused_where_the_discussion_was_closed_meanwhile(
    article: Article, reader: Reader, now: datetime, facts: dict[str, bool]
) -> None:
    decide_meanwhile(article, **({"closed_at": now} if "closed" in facts else facts))
    with pytest.raises(Closed):
        comments.post(article, "Written before anybody forbade it.", by=reader, now=now)


def test_a_comment_waits_where_a_court_asked_for_review_meanwhile(article: Article, reader: Reader, now: datetime) -> None:
    decide_meanwhile(article, forces_review=True, legal_state=LegalState.COURT_ORDER)
    posted = comments.post(article, "Written before anybody asked to look at it.", by=reader, now=now)
    assert posted.state is CommentState.HELD


def test_a_forecast_is_refused_where_predicting_was_forbidden_meanwhile(
    article: Article, reader: Reader, now: datetime
) -> None:
    assert article.prediction is not None
    decide_meanwhile(article, forbids_prediction=True)
    with pytest.raises(Closed):
        participation.submit(article, Answer(outcome=article.prediction.outcomes[0]), by=reader, now=now)


def test_a_rating_is_refused_where_the_discussion_was_closed_meanwhile(article: Article, reader: Reader, now: datetime) -> None:
    comment = factories.comment(article, factories.account())
    decide_meanwhile(article, closed_at=now)
    with pytest.raises(Closed):
        ratings.rate(comment, Verdict.GOOD, by=reader, now=now)
