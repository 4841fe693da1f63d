from __future__ import annotations

from datetime import datetime

import pytest

from domain import participation, tallies
from domain.participation import Answer
from models import Article, Reader, Tier

pytestmark = pytest.mark.usefixtures("stage")


def test_a_take_is_counted_once_in_its_tier(article: Article, reader: Reader, now: datetime) -> None:
    choice = article.poll.choices[0]
    for _ in range(2):
        participation.submit(article, Answer(choice=choice), by=reader, now=now)
    tally = tallies.takes(article.poll)
    assert tally.shares[0].by_tier[Tier.VERIFIED] == tally.total == 1
