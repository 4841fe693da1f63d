from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from domain import comments, pacing
from domain.errors import TooSoon
from domain.heat import HEATED, WARM, WINDOW, Heat
from extensions import db
from models import Article, CommentState, Reader
from tests import factories

pytestmark = pytest.mark.usefixtures("stage")

MINUTE = timedelta(minutes=1)


def write(article: Article, by: Reader, times: int, at: datetime) -> None:
    for number in range(times):
        comments.post(article, f"Thought {number} at {at}.", by=by, now=at)
    db.session.refresh(article)


def test_a_calm_discussion_asks_nobody_to_wait(article: Article, reader: Reader, now: datetime) -> None:
    write(article, reader, WARM - 1, now)
    pacing.check(article, by=reader, now=now)
    assert pacing.heat_of(article, now) is Heat.CALM


def test_in_a_heated_one_everybody_waits_the_same_time(
    article: Article, reader: Reader, another_reader: Reader, moderator: Reader, now: datetime
) -> None:
    write(article, reader, WARM, now)
    with pytest.raises(TooSoon) as refused:
        pacing.check(article, by=reader, now=now + MINUTE / 2)
    assert refused.value.values == {"minutes": 1, "seconds": 30}
    for by, later in ((reader, MINUTE), (another_reader, 0 * MINUTE), (moderator, 0 * MINUTE)):
        pacing.check(article, by=by, now=now + later)


def test_it_cools_down_by_itself(article: Article, reader: Reader, now: datetime) -> None:
    write(article, reader, HEATED + 5, now)
    assert pacing.heat_of(article, now) is Heat.HEATED
    assert pacing.heat_of(article, now + WINDOW) is Heat.CALM


def test_what_had_to_be_restricted_heats_it_up(article: Article, reader: Reader, now: datetime) -> None:
    write(article, reader, 12, now)
    first = list(db.session.scalars(article.comments.select().limit(3)))
    for comment, heat in zip(first, (Heat.CALM, Heat.CALM, Heat.WARM), strict=True):
        factories.put(comment, CommentState.LIMITED)
        assert pacing.heat_of(article, now) is heat
