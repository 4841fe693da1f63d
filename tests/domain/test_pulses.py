from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from domain import articles, crowds, moderation, participation, pulses, series
from domain.errors import Missing
from domain.moderation import Judged
from domain.participation import Answer
from domain.tallies import Seen
from extensions import db
from models import Article, Comment, CommentState, Forecast, PollKind, Reader, ResultsVisibility
from tests import factories, history
from tests.statements import counted_statements

ALL = Seen(takes=True, outcomes=True)


def read(article: Article, after: int) -> tuple[list[int], int, bool]:
    db.session.refresh(article)
    news = pulses.news_of(article, after=after)
    return news.comment_ids, news.newest, news.has_more


def mark(article: Article, seen: Seen = ALL) -> str:
    poll, prediction = factories.asked(article)
    return pulses.tallies_mark(poll.id, prediction.id, seen)


def answer(article: Article, by: Reader, now: datetime, choice: int, chances: tuple[float, ...] | None = None) -> None:
    poll, prediction = factories.asked(article)
    given = {outcome.id: chance for outcome, chance in zip(prediction.outcomes, chances, strict=True)} if chances else None
    outcome = prediction.outcomes[0] if chances else None
    participation.submit(article, Answer(choices=[poll.choices[choice]], outcome=outcome, probabilities=given), by=by, now=now)


def test_comments_appear_in_the_order_in_which_they_become_public(article: Article, reader: Reader) -> None:
    waiting = [factories.comment(article, factories.guest()) for _ in range(2)]
    first = factories.comment(article, reader)
    for comment in reversed(waiting):
        factories.put(comment, CommentState.PUBLISHED)
    assert read(article, 0) == ([first.id, waiting[1].id, waiting[0].id], 3, False)


def test_a_comment_approved_late_is_news_to_who_has_read_newer_ones(
    article: Article, reader: Reader, moderator: Reader, now: datetime
) -> None:
    waiting = factories.comment(article, factories.guest())
    newer = factories.comment(article, reader)
    _, place, _ = read(article, 0)
    moderation.approve(Judged(comment_id=waiting.id, version=waiting.version), by=moderator, now=now)
    assert waiting.id < newer.id
    assert read(article, place) == ([waiting.id], 2, False)


def test_numbering_a_comment_does_not_overtake_a_moderator(article: Article, moderator: Reader, now: datetime) -> None:
    waiting = factories.comment(article, factories.guest())
    moderation.approve(Judged(comment_id=waiting.id, version=waiting.version), by=moderator, now=now)
    version = waiting.version
    db.session.refresh(waiting)
    assert (waiting.version, waiting.appeared) == (version, 1)


def test_a_comment_brought_back_keeps_its_place(article: Article, reader: Reader) -> None:
    comment = factories.comment(article, reader)
    for state in (CommentState.REMOVED, CommentState.PUBLISHED):
        factories.put(comment, state)
    assert read(article, 0) == ([comment.id], 1, False)


def test_news_of_another_article_are_none(article: Article, reader: Reader, now: datetime) -> None:
    factories.comment(factories.open_article(now), reader)
    assert read(article, 0) == ([], 0, False)


def test_news_come_in_portions_without_loss_or_doubles(article: Article, reader: Reader) -> None:
    written = [factories.comment(article, reader).id for _ in range(pulses.NEWS_AT_ONCE + 5)]
    first, place, has_more = read(article, 0)
    rest, newest, is_more = read(article, place)
    assert (first + rest, has_more, is_more, newest) == (written, True, False, len(written))


@pytest.mark.parametrize("after", [10**18 - 1, 1])
def test_a_place_beyond_the_end_has_no_news(article: Article, reader: Reader, after: int) -> None:
    factories.comment(article, reader)
    assert read(article, after) == ([], 1, False)


def test_the_pulse_of_a_draft_is_missing(stage: None, now: datetime) -> None:
    with pytest.raises(Missing):
        pulses.pulse_of(articles.create(factories.draft(now), now=now).slug, now=now)


def test_the_pulse_follows_comments_and_closing(article: Article, reader: Reader, now: datetime) -> None:
    gone: Comment = factories.comment(article, reader)
    factories.comment(article, reader)
    factories.put(gone, CommentState.REMOVED)
    articles.close(article, now=now)
    pulse = pulses.pulse_of(article.slug, now=now)
    assert (pulse.appeared, pulse.comments, pulse.is_open) == (2, 1, False)


def test_a_pulse_takes_one_statement(article: Article, now: datetime) -> None:
    slug = article.slug
    db.session.expunge_all()
    with counted_statements() as statements:
        pulses.pulse_of(slug, now=now)
    assert len(statements) == 1


def test_what_everybody_may_see_is_known_to_the_pulse(article: Article, now: datetime) -> None:
    poll, _ = factories.asked(article)
    poll.visibility = ResultsVisibility.ALWAYS
    db.session.flush()
    assert pulses.pulse_of(article.slug, now=now).seen == Seen(takes=True, outcomes=False)


def test_a_vote_changes_the_mark_of_the_results(article: Article, reader: Reader, now: datetime) -> None:
    before = mark(article)
    answer(article, reader, now, 0)
    assert mark(article) != before


def test_other_chances_for_the_same_pick_change_the_mark_once_the_crowd_has_heard_of_them(
    article: Article, reader: Reader, now: datetime
) -> None:
    _, prediction = factories.asked(article)
    answer(article, reader, now, 0, (0.6, 0.2, 0.2))
    crowds.refresh(prediction, now=now)
    before = mark(article)
    answer(article, reader, now, 0, (0.8, 0.1, 0.1))
    assert mark(article) == before
    crowds.refresh(prediction, now=now)
    assert mark(article) != before


def test_a_second_choice_changes_the_mark(now: datetime, reader: Reader) -> None:
    article = history.opened(now, timedelta(hours=1), PollKind.RANKED)
    history.takes(article, reader, now, 0, 1)
    before = mark(article)
    history.takes(article, reader, now, 0, 2)
    assert mark(article) != before


def test_a_new_point_of_a_line_changes_the_mark(now: datetime, reader: Reader) -> None:
    article = history.opened(now, timedelta(days=2))
    history.takes(article, reader, now - timedelta(days=1), 0)
    history.crowd_predicts(article, now - timedelta(days=1), 5)
    for question in factories.asked(article):
        before = mark(article)
        series.extend(question, now=now)
        assert mark(article) != before


def test_what_camps_expect_changes_the_mark_of_who_may_see_takes_alone(stage: None, now: datetime) -> None:
    article = history.opened(now, timedelta(days=2))
    _, prediction = factories.asked(article)
    history.crowd_predicts(article, now - timedelta(days=1), 5)
    crowds.refresh(prediction, now=now)
    outcomes_alone = Seen(takes=False, outcomes=True)
    before = mark(article), mark(article, outcomes_alone)
    reader_id = db.session.scalars(select(Forecast.reader_id).order_by(Forecast.id)).first()
    history.takes(article, db.session.get_one(Reader, reader_id), now, 0)
    crowds.refresh(prediction, now=now)
    assert mark(article) != before[0]
    assert mark(article, outcomes_alone) == before[1]


def test_the_mark_depends_on_nothing_that_may_not_be_seen(article: Article, reader: Reader, now: datetime) -> None:
    outcomes_alone = Seen(takes=False, outcomes=True)
    before = mark(article, outcomes_alone)
    answer(article, reader, now, 0)
    assert mark(article, outcomes_alone) == before
    assert mark(article, Seen(takes=False, outcomes=False)) == ""


def test_a_mark_takes_one_statement(article: Article, reader: Reader, now: datetime) -> None:
    answer(article, reader, now, 0, (0.6, 0.2, 0.2))
    factories.asked(article)
    with counted_statements() as statements:
        mark(article)
    assert len(statements) == 1
