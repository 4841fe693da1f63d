from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from domain import merging, participation, tallies
from domain.articles import close
from domain.errors import Closed, Invalid
from domain.participation import Answer
from domain.predictions import spread
from extensions import db
from models import Article, CommentState, CrossTally, Forecast, OpinionVote, OpinionVoteEvent, Reader, Tier, VoteAct
from tests import factories

pytestmark = pytest.mark.usefixtures("stage")


def submit(
    article: Article, reader: Reader, now: datetime, *, choice: int | None = None, outcome: int | None = None, reason: str = ""
) -> None:
    assert article.poll is not None
    assert article.prediction is not None
    answer = Answer(
        choices=[] if choice is None else [article.poll.choices[choice]],
        outcome=None if outcome is None else article.prediction.outcomes[outcome],
        reason=reason,
    )
    participation.submit(article, answer, by=reader, now=now)


def counts(article: Article) -> list[int]:
    assert article.poll is not None
    return [share.count for share in tallies.takes(article.poll).shares]


def test_a_take_is_counted_in_its_tier(article: Article, reader: Reader, now: datetime) -> None:
    submit(article, reader, now, choice=0)
    assert article.poll is not None
    assert tallies.takes(article.poll).shares[0].by_tier[Tier.VERIFIED] == 1


def test_the_same_take_again_counts_once(article: Article, reader: Reader, now: datetime) -> None:
    for _ in range(3):
        submit(article, reader, now, choice=0)
    assert counts(article) == [1, 0, 0]


def test_a_changed_mind_moves_the_vote(article: Article, reader: Reader, now: datetime) -> None:
    submit(article, reader, now, choice=0)
    submit(article, reader, now, choice=2)
    assert counts(article) == [0, 0, 1]


@pytest.mark.parametrize("seconds", [0, -3])
def test_the_later_turn_holds_though_its_clock_is_earlier(
    article: Article, reader: Reader, now: datetime, seconds: int
) -> None:
    submit(article, reader, now, choice=0, outcome=0)
    submit(article, reader, now + timedelta(seconds=seconds), choice=1, outcome=1)
    first, second = db.session.scalars(select(Forecast).order_by(Forecast.id))
    assert first.superseded_at == first.made_at == second.made_at == now
    assert list(db.session.scalars(select(OpinionVoteEvent.happened_at))) == [now, now]


def test_what_is_taken_back_by_an_earlier_clock_ends_when_it_was_given(article: Article, reader: Reader, now: datetime) -> None:
    submit(article, reader, now, choice=0, outcome=0)
    participation.withdraw_take(article, by=reader, now=now - timedelta(seconds=3))
    participation.withdraw_forecast(article, by=reader, now=now - timedelta(seconds=3))
    assert db.session.scalars(select(Forecast.superseded_at)).one() == now
    assert list(db.session.scalars(select(OpinionVoteEvent.happened_at))) == [now, now]


def test_every_change_stays_in_the_ledger(article: Article, reader: Reader, now: datetime) -> None:
    submit(article, reader, now, choice=0)
    submit(article, reader, now, choice=1)
    assert list(db.session.scalars(select(OpinionVoteEvent.act).order_by(OpinionVoteEvent.id))) == [
        VoteAct.CAST,
        VoteAct.CHANGED,
    ]


def test_a_second_forecast_is_a_revision(article: Article, reader: Reader, now: datetime) -> None:
    submit(article, reader, now, outcome=0)
    submit(article, reader, now + timedelta(minutes=1), outcome=1)
    rows = db.session.scalars(select(Forecast).order_by(Forecast.id)).all()
    assert [row.superseded_at is None for row in rows] == [False, True]


def test_the_same_forecast_again_is_no_revision(article: Article, reader: Reader, now: datetime) -> None:
    assert article.prediction is not None
    outcome = article.prediction.outcomes[0]
    for _ in range(2):
        answer = Answer(outcome=outcome, probabilities=spread(article.prediction, outcome, 0.7))
        participation.submit(article, answer, by=reader, now=now)
    assert db.session.scalar(select(func.count()).select_from(Forecast)) == 1


def test_all_three_acts_arrive_together(article: Article, reader: Reader, now: datetime) -> None:
    submit(article, reader, now, choice=0, outcome=1, reason="Because the ferry has to be paid for.")
    comment = db.session.scalars(article.comments.select()).one()
    assert comment.choice is not None
    assert comment.forecast is not None
    assert (comment.choice.label, comment.forecast.outcome.label) == ("Agree", "Against")


def test_a_refused_act_leaves_the_others_undone(article: Article, reader: Reader, now: datetime) -> None:
    assert article.prediction is not None
    article.prediction.closes_at = now - timedelta(seconds=1)
    with pytest.raises(Closed), db.session.begin_nested():
        submit(article, reader, now, choice=0, outcome=0)
    assert db.session.scalar(select(func.count()).select_from(OpinionVote)) == 0


def test_a_comment_may_leave_take_and_prediction_off(article: Article, reader: Reader, now: datetime) -> None:
    assert article.poll is not None
    answer = Answer(choices=[article.poll.choices[0]], reason="My own business.", shows_standing=False)
    comment = participation.submit(article, answer, by=reader, now=now)
    assert comment is not None
    assert comment.choice_id is None


def test_an_empty_answer_is_refused(article: Article, reader: Reader, now: datetime) -> None:
    with pytest.raises(Invalid):
        participation.submit(article, Answer(reason="  "), by=reader, now=now)


def test_nothing_counts_after_closing(article: Article, reader: Reader, now: datetime) -> None:
    close(article, now=now)
    with pytest.raises(Closed):
        submit(article, reader, now, choice=0)


def test_nothing_counts_at_the_closing_instant(article: Article, reader: Reader) -> None:
    assert article.poll is not None
    with pytest.raises(Closed):
        submit(article, reader, article.poll.closes_at, choice=0)


def test_another_articles_choice_is_refused(article: Article, reader: Reader, now: datetime) -> None:
    other = factories.open_article(now, "Another matter")
    assert other.poll is not None
    with pytest.raises(Invalid):
        participation.submit(article, Answer(choices=[other.poll.choices[0]]), by=reader, now=now)


def test_a_guests_first_comment_waits_for_a_moderator(article: Article, stranger: Reader, now: datetime) -> None:
    submit(article, stranger, now, reason="Hello, I am new here.")
    assert db.session.scalars(article.comments.select()).one().state is CommentState.HELD


def test_the_cross_tab_follows_both_answers(article: Article, reader: Reader, now: datetime) -> None:
    submit(article, reader, now, choice=0)
    submit(article, reader, now, outcome=1)
    submit(article, reader, now, choice=1, outcome=2)
    assert [row.counts for row in tallies.cross_tab(article)] == [(0, 0, 0), (0, 0, 1), (0, 0, 0)]


def test_counters_equal_a_recount_after_many_changes(article: Article, now: datetime) -> None:
    people = [factories.guest() if place % 2 else factories.account() for place in range(8)]
    for step in range(40):
        submit(article, people[step % 8], now, choice=step * 7 % 3 if step % 5 else None, outcome=step * 5 % 3)
    votes = Counter(db.session.scalars(select(OpinionVote.choice_id)))
    assert article.poll is not None
    assert counts(article) == [votes[choice.id] for choice in article.poll.choices]
    pairs = select(func.count()).select_from(OpinionVote).join(Forecast, Forecast.reader_id == OpinionVote.reader_id)
    assert db.session.scalar(select(func.sum(CrossTally.readers))) == db.session.scalar(
        pairs.where(Forecast.superseded_at.is_(None))
    )


def test_a_guest_who_signs_up_takes_the_vote_along(article: Article, stranger: Reader, now: datetime) -> None:
    submit(article, stranger, now, choice=0, outcome=0)
    merging.absorb(stranger, factories.account(confirmed=False), now=now)
    assert article.poll is not None
    by_tier = tallies.takes(article.poll).by_tier
    assert (by_tier[Tier.GUEST], by_tier[Tier.REGISTERED]) == (0, 1)
