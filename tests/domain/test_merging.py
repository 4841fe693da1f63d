from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from domain import crowds, merging, moderation, participation, predictions, ratings, readers, tallies
from domain.errors import Conflict
from domain.moderation import Judged
from domain.participation import Answer
from extensions import db
from models import (
    Article,
    Comment,
    CommentRating,
    CommentState,
    Forecast,
    OpinionVote,
    OpinionVoteEvent,
    Reader,
    Report,
    ReportReason,
    Tier,
    Verdict,
    VoteAct,
)
from tests import factories, ledgers
from tests.recount import assert_counters_equal_a_recount

pytestmark = pytest.mark.usefixtures("stage")


def answer(
    article: Article, by: Reader, now: datetime, *, choice: int | None = None, outcome: int | None = None, reason: str = ""
) -> None:
    poll, prediction = factories.asked(article)
    given = Answer(
        choices=[poll.choices[choice]] if choice is not None else [],
        outcome=prediction.outcomes[outcome] if outcome is not None else None,
        reason=reason,
    )
    participation.submit(article, given, by=by, now=now)


def take_of(article: Article, reader: Reader) -> int | None:
    poll, _ = factories.asked(article)
    vote = db.session.get(OpinionVote, (poll.id, reader.id), populate_existing=True)
    return None if vote is None else [choice.id for choice in poll.choices].index(vote.choice_id)


def forecast_of(article: Article, reader: Reader) -> int | None:
    _, prediction = factories.asked(article)
    forecast = predictions.forecast_of(prediction, reader)
    return None if forecast is None else [outcome.id for outcome in prediction.outcomes].index(forecast.outcome_id)


def test_a_guests_take_and_forecast_become_the_accounts(
    article: Article, stranger: Reader, reader: Reader, now: datetime
) -> None:
    answer(article, stranger, now, choice=1, outcome=2)
    assert merging.absorb(stranger, reader, now=now)
    assert (take_of(article, reader), forecast_of(article, reader)) == (1, 2)
    assert (take_of(article, stranger), forecast_of(article, stranger)) == (None, None)
    assert_counters_equal_a_recount()


def test_what_moves_is_counted_in_the_accounts_tier(article: Article, stranger: Reader, reader: Reader, now: datetime) -> None:
    answer(article, stranger, now, choice=1, outcome=2)
    merging.absorb(stranger, reader, now=now)
    poll, prediction = factories.asked(article)
    for tally in (tallies.takes(poll), tallies.outcomes(prediction)):
        assert (tally.by_tier[Tier.VERIFIED], tally.by_tier[Tier.GUEST]) == (1, 0)


def test_where_both_answered_the_accounts_answer_stands(
    article: Article, stranger: Reader, reader: Reader, now: datetime
) -> None:
    answer(article, stranger, now, choice=1, outcome=2)
    answer(article, reader, now, choice=0, outcome=0)
    merging.absorb(stranger, reader, now=now)
    assert (take_of(article, reader), forecast_of(article, reader)) == (0, 0)
    poll, prediction = factories.asked(article)
    assert tallies.takes(poll).total == tallies.outcomes(prediction).total == 1
    assert_counters_equal_a_recount()


def test_each_question_is_merged_by_itself(article: Article, stranger: Reader, reader: Reader, now: datetime) -> None:
    answer(article, stranger, now, choice=1, outcome=2)
    answer(article, reader, now, choice=0)
    merging.absorb(stranger, reader, now=now)
    assert (take_of(article, reader), forecast_of(article, reader)) == (0, 2)
    assert_counters_equal_a_recount()


def test_the_ledger_tells_what_happened(article: Article, stranger: Reader, reader: Reader, now: datetime) -> None:
    answer(article, stranger, now, choice=1)
    merging.absorb(stranger, reader, now=now)
    events = db.session.execute(select(OpinionVoteEvent.reader_id, OpinionVoteEvent.act).order_by(OpinionVoteEvent.id))
    assert [tuple(row) for row in events] == [
        (stranger.id, VoteAct.CAST),
        (stranger.id, VoteAct.WITHDRAWN),
        (reader.id, VoteAct.CAST),
    ]


def test_the_time_of_a_take_is_kept(article: Article, stranger: Reader, reader: Reader, now: datetime) -> None:
    answer(article, stranger, now, choice=1)
    merging.absorb(stranger, reader, now=now + timedelta(hours=1))
    assert db.session.scalars(select(OpinionVote.cast_at)).one() == now


def test_earlier_forecasts_move_with_the_current_one(article: Article, stranger: Reader, reader: Reader, now: datetime) -> None:
    answer(article, stranger, now, outcome=0)
    answer(article, stranger, now + timedelta(minutes=1), outcome=1)
    merging.absorb(stranger, reader, now=now + timedelta(minutes=2))
    rows = db.session.execute(select(Forecast.reader_id, Forecast.made_at).order_by(Forecast.id))
    assert [tuple(row) for row in rows] == [(reader.id, now), (reader.id, now + timedelta(minutes=1))]


def test_comments_move_and_their_pages_are_made_anew(article: Article, stranger: Reader, reader: Reader, now: datetime) -> None:
    comment = factories.comment(article, stranger)
    article_version, version = article.version, comment.version
    merging.absorb(stranger, reader, now=now)
    db.session.expire_all()
    assert comment.reader_id == reader.id
    assert comment.version == version  # a moderator's decision about it still holds
    assert article.version > article_version


def test_complaints_move(article: Article, stranger: Reader, reader: Reader, another_reader: Reader, now: datetime) -> None:
    comment = factories.comment(article, another_reader)
    moderation.report(comment, ReportReason.SPAM, "", by=stranger, now=now)
    merging.absorb(stranger, reader, now=now)
    assert db.session.scalars(select(Report.reader_id)).all() == [reader.id]


def test_a_complaint_both_made_is_one(
    article: Article, stranger: Reader, reader: Reader, another_reader: Reader, now: datetime
) -> None:
    comment = factories.comment(article, another_reader)
    for by in (stranger, reader):
        moderation.report(comment, ReportReason.SPAM, "", by=by, now=now)
    merging.absorb(stranger, reader, now=now)
    assert db.session.scalars(select(Report.reader_id)).all() == [reader.id]


def test_complaints_about_what_is_now_ones_own_fall(article: Article, stranger: Reader, reader: Reader, now: datetime) -> None:
    mine, theirs = factories.comment(article, reader), factories.comment(article, stranger)
    factories.put(theirs, CommentState.PUBLISHED)
    moderation.report(mine, ReportReason.SPAM, "", by=stranger, now=now)
    moderation.report(theirs, ReportReason.SPAM, "", by=reader, now=now)
    merging.absorb(stranger, reader, now=now)
    assert db.session.scalars(select(Report)).all() == []


def test_undoing_a_decision_after_a_merge_reopens_one_complaint(
    article: Article, stranger: Reader, reader: Reader, moderator: Reader, now: datetime
) -> None:
    comment = factories.comment(article, factories.account())
    for by in (stranger, reader):
        moderation.report(comment, ReportReason.SPAM, "", by=by, now=now)
    judged = Judged(comment_id=comment.id, version=comment.version, report_id=10**9)
    entry = moderation.approve(judged, by=moderator, now=now)
    merging.absorb(stranger, reader, now=now)
    moderation.undo(entry.id, by=moderator, now=now)
    open_ones = select(Report.id).where(Report.settled_by_id.is_(None), Report.reader_id == reader.id)
    assert len(db.session.scalars(open_ones).all()) == 1


def verdicts(comment: Comment) -> dict[int, Verdict]:
    found = select(CommentRating.reader_id, CommentRating.verdict).where(CommentRating.comment_id == comment.id)
    return {reader_id: verdict for reader_id, verdict in db.session.execute(found)}  # noqa: C416 - a row is no pair to mypy


def test_ratings_move(article: Article, stranger: Reader, reader: Reader, another_reader: Reader, now: datetime) -> None:
    comment = factories.comment(article, another_reader)
    ratings.rate(comment, Verdict.GOOD, by=stranger, now=now)
    merging.absorb(stranger, reader, now=now)
    assert verdicts(comment) == {reader.id: Verdict.GOOD}
    assert_counters_equal_a_recount()


def test_of_a_comment_both_rated_the_accounts_rating_stands(
    article: Article, stranger: Reader, reader: Reader, another_reader: Reader, now: datetime
) -> None:
    comment = factories.comment(article, another_reader)
    answer(article, stranger, now, choice=1)
    ratings.rate(comment, Verdict.GOOD, by=stranger, now=now)
    ratings.rate(comment, Verdict.POOR, by=reader, now=now)
    version = article.version
    merging.absorb(stranger, reader, now=now)
    assert verdicts(comment) == {reader.id: Verdict.POOR}
    assert_counters_equal_a_recount()
    db.session.refresh(article)
    assert article.version > version


def test_ratings_of_what_is_now_ones_own_fall(article: Article, stranger: Reader, reader: Reader, now: datetime) -> None:
    mine, theirs = factories.comment(article, reader), factories.comment(article, stranger)
    factories.put(theirs, CommentState.PUBLISHED)
    ratings.rate(mine, Verdict.GOOD, by=stranger, now=now)
    ratings.rate(theirs, Verdict.GOOD, by=reader, now=now)
    merging.absorb(stranger, reader, now=now)
    assert verdicts(mine) == verdicts(theirs) == {}
    assert_counters_equal_a_recount()


def test_merging_twice_changes_nothing(article: Article, stranger: Reader, reader: Reader, now: datetime) -> None:
    answer(article, stranger, now, choice=1, outcome=2)
    merging.absorb(stranger, reader, now=now)
    assert not merging.absorb(stranger, reader, now=now)
    assert_counters_equal_a_recount()


def test_a_guest_who_did_nothing_is_nothing_to_take_over(stranger: Reader, reader: Reader, now: datetime) -> None:
    assert not merging.absorb(stranger, reader, now=now)


def test_an_account_is_never_taken_over(article: Article, reader: Reader, another_reader: Reader, now: datetime) -> None:
    answer(article, reader, now, choice=1)
    assert not merging.absorb(reader, another_reader, now=now)
    assert take_of(article, reader) == 1


def test_the_guests_key_is_worth_nothing_afterwards(reader: Reader, now: datetime) -> None:
    key = readers.new_key()
    guest = readers.welcome_guest(key, now=now)
    merging.absorb(guest, reader, now=now)
    assert readers.guest_with(key) is None


def test_an_act_of_a_guest_who_has_just_signed_in_is_refused(
    article: Article, stranger: Reader, reader: Reader, now: datetime
) -> None:
    merging.absorb(stranger, reader, now=now)
    with pytest.raises(Conflict, match="signed in meanwhile"):
        answer(article, stranger, now, choice=1)


def test_scores_of_what_is_final_are_worked_out_anew(article: Article, stranger: Reader, reader: Reader, now: datetime) -> None:
    answer(article, stranger, now, outcome=0)
    _, prediction = factories.asked(article)
    ledgers.end(prediction, known=1)
    assert ledgers.scored(prediction).keys() == {stranger.id}
    merging.absorb(stranger, reader, now=now)
    assert prediction.score_due_at == now
    assert ledgers.scored(prediction).keys() == {reader.id}


def test_scores_of_what_is_open_are_left_alone(article: Article, stranger: Reader, reader: Reader, now: datetime) -> None:
    answer(article, stranger, now, outcome=0)
    merging.absorb(stranger, reader, now=now)
    assert factories.asked(article)[1].score_due_at is None


def test_closed_questions_are_merged_as_well(article: Article, stranger: Reader, reader: Reader, now: datetime) -> None:
    answer(article, stranger, now, choice=1, outcome=1)
    answer(article, reader, now, choice=1, outcome=1)
    merging.absorb(stranger, reader, now=now + timedelta(days=365))
    poll, _ = factories.asked(article)
    assert tallies.takes(poll).total == 1
    assert_counters_equal_a_recount()


def test_the_crowd_of_a_closed_question_is_worked_out_anew(
    article: Article, stranger: Reader, reader: Reader, now: datetime
) -> None:
    _, prediction = factories.asked(article)
    answer(article, stranger, now, outcome=0)
    crowds.refresh(prediction, now=now)
    factories.asked(article)[0].closed_at = prediction.closed_at = now - 2 * crowds.SETTLED_AFTER
    merging.absorb(stranger, reader, now=now)
    assert crowds.stale(now=now) is prediction


@pytest.mark.parametrize("seed", range(3))
def test_counters_equal_a_recount_after_any_history(seed: int, now: datetime) -> None:
    dice = random.Random(seed)
    pieces = [factories.open_article(now, f"Headline {place}") for place in range(3)]
    comments = [factories.comment(piece, factories.account()) for piece in pieces]
    guests = [factories.guest() for _ in range(6)]
    people = [factories.account(confirmed=False) for _ in range(3)]
    for _ in range(40):
        by, piece = dice.choice([*guests, *people]), dice.choice(pieces)
        answer(piece, by, now, choice=dice.choice([0, 1, 2]), outcome=dice.choice([None, 0, 1, 2]))
        ratings.rate(dice.choice(comments), dice.choice([*Verdict, None]), by=by, now=now)
    for place, guest in enumerate(guests):
        merging.absorb(guest, people[place % 3], now=now)
    readers.confirm_email(people[0], now=now)
    assert_counters_equal_a_recount()
    assert db.session.scalars(select(OpinionVote).where(OpinionVote.tier == Tier.GUEST)).all() == []
