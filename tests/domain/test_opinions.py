from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from domain import articles, opinions, participation, tallies
from domain.errors import Closed, Invalid
from domain.participation import Answer
from domain.shuffling import TURN, shuffled
from extensions import db
from models import Article, BallotTally, OpinionPoll, OpinionTally, OpinionVote, OpinionVoteEvent, PollKind, Reader, VoteAct
from tests import factories

pytestmark = pytest.mark.usefixtures("stage")
ONE = [PollKind.AGREEMENT, PollKind.SINGLE, PollKind.SCALE]
SEVERAL = [PollKind.APPROVAL, PollKind.RANKED]


def asking(now: datetime, kind: PollKind, *, is_shuffled: bool = False) -> tuple[Article, OpinionPoll]:
    article = factories.open_article_with(now, poll=factories.poll(now, kind, is_shuffled=is_shuffled))
    assert article.poll is not None
    return article, article.poll


def vote(article: Article, by: Reader, now: datetime, *places: int) -> None:
    assert article.poll is not None
    participation.submit(article, Answer(choices=[article.poll.choices[place] for place in places]), by=by, now=now)


def held(poll: OpinionPoll, reader: Reader) -> list[int]:
    return [poll.choices.index(choice) for choice in opinions.choices_of(poll, opinions.vote_of(poll, reader))]


def acts() -> list[VoteAct]:
    return list(db.session.scalars(select(OpinionVoteEvent.act).order_by(OpinionVoteEvent.id)))


@pytest.mark.parametrize("kind", ONE)
def test_a_poll_that_takes_one_answer_refuses_two(reader: Reader, now: datetime, kind: PollKind) -> None:
    article, poll = asking(now, kind)
    with pytest.raises(Invalid, match="takes one answer"):
        vote(article, reader, now, 0, 1)
    assert opinions.vote_of(poll, reader) is None


@pytest.mark.parametrize("kind", SEVERAL)
def test_no_answer_is_given_twice(reader: Reader, now: datetime, kind: PollKind) -> None:
    article, _ = asking(now, kind)
    with pytest.raises(Invalid, match="each answer once"):
        vote(article, reader, now, 1, 1)


def test_a_ranking_keeps_its_order(reader: Reader, now: datetime) -> None:
    article, poll = asking(now, PollKind.RANKED)
    vote(article, reader, now, 2, 0, 3)
    assert held(poll, reader) == [2, 0, 3]


def test_approvals_have_no_order(reader: Reader, now: datetime) -> None:
    article, poll = asking(now, PollKind.APPROVAL)
    vote(article, reader, now, 3, 0)
    vote(article, reader, now, 0, 3)
    assert held(poll, reader) == [0, 3]
    assert acts() == [VoteAct.CAST]


def test_another_order_of_the_same_answers_is_another_ranking(reader: Reader, now: datetime) -> None:
    article, poll = asking(now, PollKind.RANKED)
    vote(article, reader, now, 0, 1)
    vote(article, reader, now, 1, 0)
    assert held(poll, reader) == [1, 0]
    assert acts() == [VoteAct.CAST, VoteAct.CHANGED]


def test_a_voter_who_approves_of_several_is_one_voter(reader: Reader, now: datetime) -> None:
    article, poll = asking(now, PollKind.APPROVAL)
    vote(article, reader, now, 0, 1, 2)
    tally = tallies.takes(poll)
    assert (tally.total, [share.count for share in tally.shares]) == (1, [1, 1, 1, 0])


@pytest.mark.parametrize("kind", list(PollKind))
def test_a_vote_taken_back_leaves_no_count_and_stays_in_the_ledger(reader: Reader, now: datetime, kind: PollKind) -> None:
    article, poll = asking(now, kind)
    vote(article, reader, now, *([1, 0] if kind in SEVERAL else [1]))
    ballot = db.session.scalars(select(OpinionVote)).one().choice_ids
    participation.withdraw_take(article, by=reader, now=now)
    assert opinions.vote_of(poll, reader) is None
    assert db.session.scalar(select(func.sum(OpinionTally.votes))) == 0
    assert (db.session.scalar(select(func.sum(BallotTally.votes))) or 0) == 0
    assert acts() == [VoteAct.CAST, VoteAct.WITHDRAWN]
    assert {event.choice_ids for event in db.session.scalars(select(OpinionVoteEvent))} == {ballot}


def test_who_took_a_vote_back_can_vote_again(reader: Reader, now: datetime) -> None:
    article, poll = asking(now, PollKind.SINGLE)
    vote(article, reader, now, 0)
    participation.withdraw_take(article, by=reader, now=now)
    vote(article, reader, now, 2)
    assert held(poll, reader) == [2]
    assert acts() == [VoteAct.CAST, VoteAct.WITHDRAWN, VoteAct.CAST]


def test_taking_back_what_is_not_there_changes_nothing(reader: Reader, now: datetime) -> None:
    article, _ = asking(now, PollKind.SINGLE)
    participation.withdraw_take(article, by=reader, now=now)
    assert acts() == []


def test_nothing_is_taken_back_after_closing(reader: Reader, now: datetime) -> None:
    article, poll = asking(now, PollKind.SINGLE)
    vote(article, reader, now, 0)
    articles.close(article, now=now)
    with pytest.raises(Closed, match="stands as it is"):
        participation.withdraw_take(article, by=reader, now=now)
    assert held(poll, reader) == [0]


def test_a_reader_always_sees_one_order(reader: Reader, now: datetime) -> None:
    _, poll = asking(now, PollKind.SINGLE, is_shuffled=True)
    first = opinions.choices_for(poll, reader, now)
    assert opinions.choices_for(poll, reader, now + timedelta(days=9)) == first
    assert set(first) == set(poll.choices)


def test_strangers_share_an_order_for_a_turn(now: datetime) -> None:
    _, poll = asking(now, PollKind.SINGLE, is_shuffled=True)
    start = now - (now - datetime(2000, 1, 1, tzinfo=now.tzinfo)) % TURN
    orders = [tuple(opinions.choices_for(poll, None, start + TURN * turn)) for turn in range(40)]
    assert tuple(opinions.choices_for(poll, None, start + TURN - timedelta(microseconds=1))) == orders[0]
    assert len(set(orders)) > 10


@pytest.mark.parametrize("kind", list(PollKind))
def test_what_is_not_shuffled_keeps_the_editors_order(reader: Reader, now: datetime, kind: PollKind) -> None:
    _, poll = asking(now, kind, is_shuffled=kind is PollKind.SCALE)
    assert opinions.choices_for(poll, reader, now) == opinions.choices_for(poll, None, now) == poll.choices
    assert opinions.turn_of(poll, now) is None


def test_every_answer_stands_first_as_often_as_any_other() -> None:
    firsts = Counter(shuffled(range(4), seed=f"reader {number}", key=int)[0] for number in range(4_000))
    assert all(850 < count < 1_150 for count in firsts.values())
    assert len(firsts) == 4
