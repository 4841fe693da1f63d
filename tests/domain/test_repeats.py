from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from domain import comments, repeats
from models import Article, Comment, CommentState, Finding, Reader
from tests import factories, screens

pytestmark = pytest.mark.usefixtures("stage")

LETTER = (
    "The council promised us in writing that nobody would have to pay for the bridge again, whatever the repairs may cost."
    " Ask your councillor what became of it before you vote, and tell them that we remember."
)
REWORDED = LETTER.replace("promised", "assured").upper() + " Thanks!"
SHORT = "The tolls should end now."
HELD, PUBLISHED = CommentState.HELD, CommentState.PUBLISHED


@pytest.fixture
def first(article: Article, reader: Reader) -> Comment:
    return factories.comment(article, reader, LETTER)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (LETTER, True),
        (f"  {LETTER.lower()}!!", True),
        (LETTER.replace("council", "cou\u200bncil"), True),
        (REWORDED, True),
        (f"> {LETTER}\n\nI had that letter as well, and I do not think that it was a promise.", False),
        ("I agree with every single word of that letter.", False),
    ],
)
def test_what_somebody_else_has_posted_waits_whole_or_nearly(
    article: Article, another_reader: Reader, first: Comment, *, body: str, found: bool
) -> None:
    comment = factories.comment(article, another_reader, body)
    assert (("repeat_of_others", Finding.HOLD) in screens.verdicts(comment)) is found


def test_a_campaign_of_guests_is_seen(article: Article) -> None:
    sent = [factories.comment(article, factories.guest(), f"{LETTER} Yours, number {number}") for number in range(3)]
    assert [("repeat_of_others", Finding.HOLD) in screens.verdicts(one) for one in sent] == [False, True, True]
    assert screens.verdict(sent[1], "repeat_of_others").evidence is not None


def test_ones_own_text_under_another_article_waits(article: Article, reader: Reader, first: Comment, now: datetime) -> None:
    other = factories.open_article(now, "The ferry stays")
    comment = factories.comment(other, reader, LETTER)
    assert screens.verdicts(comment) == [("repeat", Finding.HOLD)]
    assert screens.verdict(comment, "repeat").evidence == {"comment": first.id, "resemblance": 1}


def test_a_short_text_may_be_posted_twice_a_day_but_not_over_and_over(article: Article, reader: Reader, now: datetime) -> None:
    places = [article, *(factories.open_article(now, f"Another, number {number}") for number in range(2))]
    assert [factories.comment(place, reader, SHORT).state for place in places] == [PUBLISHED, PUBLISHED, HELD]


def test_what_readers_say_alike_by_chance_is_no_repeat(article: Article, reader: Reader, now: datetime) -> None:
    for _ in range(4):
        assert factories.comment(article, factories.account(), SHORT).state is PUBLISHED
    assert repeats.earlier("Yes!", by=reader, now=now) is None


def test_a_text_taken_back_can_be_posted_again(article: Article, reader: Reader, first: Comment, now: datetime) -> None:
    comments.withdraw(first, by=reader, now=now)
    assert factories.comment(article, reader, LETTER).state is PUBLISHED


def test_what_was_said_long_ago_may_be_said_again(
    article: Article, reader: Reader, another_reader: Reader, now: datetime
) -> None:
    comments.post(article, LETTER, by=reader, now=now - repeats.WINDOW - timedelta(minutes=1))
    assert factories.comment(article, another_reader, LETTER).state is PUBLISHED


def test_an_edit_is_no_repeat_of_itself(article: Article, reader: Reader, first: Comment, now: datetime) -> None:
    assert repeats.earlier(LETTER, by=reader, now=now, of=first) is None
