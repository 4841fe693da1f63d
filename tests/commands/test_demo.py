"""The demo, loaded once by its command into a database of each kind without rows, and once more beside it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, create_engine, func, select

import connections
from commands import demo
from commands.demo import cast as people
from commands.demo import stories
from domain import appeals, participation, readers, replaying, tallies
from domain.counting import counted_choices
from extensions import db
from models import (
    Article,
    Camp,
    Comment,
    CommentState,
    CrossTally,
    Forecast,
    MailPace,
    ModerationAct,
    ModerationEntry,
    OpinionChoice,
    OpinionTally,
    OpinionVote,
    OpinionVoteEvent,
    OutcomeTally,
    PollKind,
    PredictionKind,
    Reader,
    Referral,
    ReferralKind,
    Report,
    Sanction,
    SanctionKind,
    Tier,
    VoteAct,
)
from tests.applications import migrated, twin

pytestmark = pytest.mark.timeout(600)  # seconds: the first test loads all of it
OPEN_FOR = timedelta(days=6, hours=2)  # how long the newest article has been open, as its file says
MADE_BY_CHANCE = {"password_hash", "guest_key_hash", "token_hash"}

Tables = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Loaded:
    """What a load printed and wrote."""

    output: str
    passwords: dict[str, str]
    tables: Tables
    now: datetime


@contextmanager
def working_on(url: str) -> Iterator[None]:
    """Let the application work on another database."""
    engines = cast("dict[str | None, Engine | Connection]", db.engines)
    before, other = engines[None], create_engine(url)
    connections.configure(other)
    db.session.remove()
    engines[None] = other
    yield
    db.session.remove()
    engines[None] = before
    other.dispose()


def tables() -> Tables:
    """Return everything in the database but what is made by chance."""
    found = {}
    for table in db.metadata.sorted_tables:
        columns = [column for column in table.c if column.name not in MADE_BY_CHANCE]
        found[table.name] = [tuple(row) for row in db.session.execute(select(*columns).order_by(*table.primary_key))]
    return found


@pytest.fixture(scope="module")
def loaded(app: Flask, printed_demo: tuple[str, str]) -> Iterator[Loaded]:
    output = printed_demo[1]
    with twin(printed_demo[0]) as url, app.app_context(), working_on(url):
        lines = [line.split() for line in output.splitlines() if "@" in line]
        passwords = {role: password for role, _, password in lines}
        yield Loaded(output, passwords, tables(), now=article(-1).opened_at + OPEN_FOR)


@pytest.fixture(scope="module")
def again(database_url: str, loaded: Loaded) -> Loaded:
    """Return what a second load writes elsewhere at the same `now`."""
    with twin(migrated(database_url)) as url, working_on(url):
        passwords = demo.play(now=loaded.now)
        return Loaded("", passwords, tables(), now=loaded.now)


def article(place: int) -> Any:
    """Return the article opened at `place` in time; of any type, as the demo's articles all have both questions."""
    return db.session.scalars(select(Article).order_by(Article.opened_at)).all()[place]


def everything() -> list[Any]:
    return [article(place) for place in range(5)]


def sign_in(role: str) -> Reader:
    return db.session.scalars(select(Reader).where(Reader.email == people.address(role))).one()


def count_of(*conditions: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(Comment).where(*conditions)) or 0


@pytest.mark.usefixtures("loaded")
def test_three_articles_are_open_one_is_closed_and_one_resolved() -> None:
    now = datetime.now(UTC)
    resolved, closed, *still_open = everything()
    assert len(still_open) == 3
    assert all(found.is_open and found.poll.is_open(now) and found.prediction.is_open(now) for found in still_open)
    assert not closed.is_open
    assert closed.prediction.is_closed(now)
    assert closed.prediction.resolution is None
    assert resolved.prediction.resolution.outcome.label == "Nine Winters Inland"
    assert resolved.prediction.is_final


@pytest.mark.usefixtures("loaded")
def test_its_takes_are_counted_as_they_were_cast() -> None:
    polls = {found.poll.id: found.poll for found in everything()}
    votes = db.session.scalars(select(OpinionVote)).all()
    cast_votes = Counter((given, vote.tier) for vote in votes for given in counted_choices(polls[vote.poll_id], vote))
    counted: Counter[tuple[int, Tier]] = Counter()
    for tally in db.session.scalars(select(OpinionTally)):
        counted[tally.choice_id, tally.tier] += tally.votes
    assert +counted == cast_votes


@pytest.mark.usefixtures("loaded")
def test_its_ledger_ends_with_the_votes_that_stand() -> None:
    last = {(event.poll_id, event.reader_id): event for event in db.session.scalars(select(OpinionVoteEvent).order_by("id"))}
    left = {key: (event.choice_ids, event.tier) for key, event in last.items() if event.act is not VoteAct.WITHDRAWN}
    votes = db.session.scalars(select(OpinionVote))
    assert left == {(vote.poll_id, vote.reader_id): (vote.choice_ids, vote.tier) for vote in votes}


@pytest.mark.usefixtures("loaded")
def test_its_forecasts_are_counted_as_they_were_made() -> None:
    current = db.session.scalars(select(Forecast).where(Forecast.superseded_at.is_(None)))
    counted: Counter[tuple[int, Tier]] = Counter()
    for tally in db.session.scalars(select(OutcomeTally)):
        counted[tally.outcome_id, tally.tier] += tally.forecasts
    assert +counted == Counter((forecast.outcome_id, forecast.tier) for forecast in current)


@pytest.mark.usefixtures("loaded")
def test_its_cross_tab_counts_those_who_gave_both() -> None:
    current = select(Forecast.reader_id, Forecast.prediction_id, Forecast.outcome_id).where(Forecast.superseded_at.is_(None))
    expects = {(reader, prediction): outcome for reader, prediction, outcome in db.session.execute(current)}
    articles = {found.poll.id: found for found in everything()}
    both: Counter[tuple[int, int]] = Counter()
    for vote in db.session.scalars(select(OpinionVote)):
        found = articles[vote.poll_id]
        if (outcome := expects.get((vote.reader_id, found.prediction.id))) is not None:
            both.update((given, outcome) for given in counted_choices(found.poll, vote))
    counted: Counter[tuple[int, int]] = Counter()
    for tally in db.session.scalars(select(CrossTally)):
        counted[tally.choice_id, tally.outcome_id] += tally.readers
    assert +counted == both


@pytest.mark.usefixtures("loaded")
def test_enough_have_signed_up_for_the_open_article_to_count_them_alone() -> None:
    takes, outcomes = tallies.takes(article(-1).poll), tallies.outcomes(article(-1).prediction)
    assert not takes.counts_guests
    assert not outcomes.counts_guests
    assert outcomes.has_crowd


@pytest.mark.usefixtures("loaded")
def test_those_who_agree_expect_success_more_often() -> None:
    agree, disagree, _ = tallies.cross_tab(article(-1))
    assert sum(agree.shares[1:3]) > sum(disagree.shares[1:3]) + 0.2


@pytest.mark.usefixtures("loaded")
def test_many_can_be_read_under_the_open_article_and_no_two_are_alike() -> None:
    texts = list(db.session.scalars(select(Comment.body_source)))
    assert count_of(Comment.article_id == article(-1).id, Comment.state == CommentState.PUBLISHED) >= 55
    assert len(texts) == len(set(texts))


@pytest.mark.usefixtures("loaded")
def test_a_thread_goes_six_answers_deep() -> None:
    depths: dict[int | None, int] = {None: -1}
    for comment in db.session.scalars(select(Comment).order_by(Comment.id)):
        depths[comment.id] = depths[comment.parent_id] + 1
    assert max(depths.values()) == 6


@pytest.mark.usefixtures("loaded")
def test_moderators_find_comments_that_wait_for_them() -> None:
    reported = select(Report.comment_id).where(Report.settled_by_id.is_(None)).group_by(Report.comment_id)
    assert count_of(Comment.state == CommentState.HELD) >= 5
    assert len(db.session.scalars(reported.having(func.count() > 1)).all()) >= 3


@pytest.mark.usefixtures("loaded")
def test_moderators_find_what_they_decided() -> None:
    acts = Counter(db.session.scalars(select(ModerationEntry.act).where(ModerationEntry.actor_id == sign_in("moderator").id)))
    assert acts[ModerationAct.REMOVED] >= 4
    assert acts[ModerationAct.APPROVED] >= 4
    assert acts[ModerationAct.UNDONE] == 1


@pytest.mark.usefixtures("loaded")
def test_a_removed_comment_has_answers_that_can_be_read() -> None:
    removed = select(Comment.id).where(Comment.state == CommentState.REMOVED)
    assert count_of(Comment.parent_id.in_(removed), Comment.state == CommentState.PUBLISHED) >= 1


@pytest.mark.usefixtures("loaded")
def test_its_reader_has_taken_part_in_everything_and_called_what_was_resolved() -> None:
    mine = sign_in("reader")
    held = [participation.standing_of(article(place), mine) for place in range(5)]
    assert all(standing.has_voted and standing.has_predicted for standing in held)
    assert held[0].forecast is not None
    assert held[0].forecast.outcome_id == article(0).prediction.resolution.outcome_id


@pytest.mark.usefixtures("loaded")
def test_its_reader_has_comments_in_every_state() -> None:
    states = Counter(db.session.scalars(select(Comment.state).where(Comment.reader_id == sign_in("reader").id)))
    assert states[CommentState.PUBLISHED] >= 4
    assert states[CommentState.HELD] == states[CommentState.REMOVED] == 1


def test_its_sign_ins_are_printed_and_work(loaded: Loaded) -> None:
    assert set(loaded.passwords) == {"reader", "moderator", "editor"}
    assert all(readers.password_fits(password, sign_in(role).password_hash) for role, password in loaded.passwords.items())


def test_its_passwords_are_nowhere_in_the_database(loaded: Loaded) -> None:
    everything = [repr(tuple(row)) for table in db.metadata.sorted_tables for row in db.session.execute(select(table))]
    assert not [row for row in everything if any(password in row for password in loaded.passwords.values())]


def test_nobody_in_it_is_sent_mail(loaded: Loaded) -> None:
    assert set(db.session.scalars(select(Reader.mail_pace).where(Reader.email_confirmed_at.is_not(None)))) == {MailPace.NEVER}


@pytest.mark.usefixtures("loaded")
def test_one_poll_takes_several_answers_and_one_a_ranking() -> None:
    kinds = {found.poll.kind for found in everything()}
    assert {PollKind.AGREEMENT, PollKind.APPROVAL, PollKind.RANKED} <= kinds
    for found in everything():
        if found.poll.kind in {PollKind.APPROVAL, PollKind.RANKED}:
            votes = db.session.scalars(select(OpinionVote).where(OpinionVote.poll_id == found.poll.id))
            assert {1, 2, 3} <= {len(vote.choice_ids) for vote in votes}


@pytest.mark.usefixtures("loaded")
def test_a_date_and_a_number_are_predicted_with_whole_distributions() -> None:
    assert {PredictionKind.DATE, PredictionKind.NUMBER} <= {found.prediction.kind for found in everything()}
    for found in everything():
        assert tallies.outcomes(found.prediction).has_crowd


def test_a_second_load_leaves_everything_as_it_is(app: Flask, loaded: Loaded) -> None:
    result = app.test_cli_runner().invoke(args=["demo", "load"], catch_exceptions=False)
    assert result.exit_code == 0
    assert "left as it is" in result.output
    assert tables() == loaded.tables


def test_the_same_now_gives_the_same_demo(loaded: Loaded, again: Loaded) -> None:
    assert again.tables == loaded.tables


def test_each_load_has_passwords_of_its_own(loaded: Loaded, again: Loaded) -> None:
    assert not set(loaded.passwords.values()) & set(again.passwords.values())


def test_nothing_happens_before_its_time_or_after_now() -> None:
    now = datetime.now(UTC)
    for story in stories.read(now):
        times = [remark.posted_at for remark in story.remarks]
        assert all(story.opened_at < time < (story.closed_at or now) for time in times), story.key


def test_articles_are_as_long_as_newspapers_print_them() -> None:
    words = [len(story.draft.body.split()) for story in stories.read(datetime.now(UTC))]
    assert all(350 <= count <= 600 for count in words)


@pytest.mark.parametrize("written", ["", "5", "3 d", "1w", "-2d"])
def test_a_span_that_cannot_be_read_is_refused(written: str) -> None:
    with pytest.raises(ValueError, match="is no span of time"):
        stories.span(written)


def test_readers_found_comments_good_and_the_newsroom_picked_of_both_sides(loaded: Loaded) -> None:
    assert (db.session.scalar(select(func.sum(Comment.good))) or 0) > (db.session.scalar(select(func.sum(Comment.poor))) or 0)
    picked = (
        select(OpinionChoice.camp).join(Comment, Comment.choice_id == OpinionChoice.id).where(Comment.picked_at.is_not(None))
    )
    assert {Camp.FOR, Camp.AGAINST} <= set(db.session.scalars(picked))


@pytest.mark.usefixtures("loaded")
def test_moderators_find_an_appeal_a_referral_and_a_reader_under_a_sanction() -> None:
    assert appeals.waiting_count() == 1
    assert {one.kind for one in db.session.scalars(select(Referral))} >= {ReferralKind.LEGAL, ReferralKind.SECOND_OPINION}
    assert {one.kind for one in db.session.scalars(select(Sanction))} == {SanctionKind.WARNED, SanctionKind.HELD}


@pytest.mark.usefixtures("loaded")
def test_everything_in_it_is_as_it_was_decided() -> None:
    assert [str(one) for batch in replaying.batches() for one in batch] == []
