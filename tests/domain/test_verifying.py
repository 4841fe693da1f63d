from __future__ import annotations

import random
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, update

from domain import crowds, series, verifying
from extensions import db
from models import (
    Article,
    BallotTally,
    CrossTally,
    CrowdForecast,
    CrowdPoint,
    ForecastScore,
    OpinionTally,
    OpinionVote,
    OpinionVoteEvent,
    OutcomeTally,
    PollKind,
    TallyPoint,
    VoteAct,
)
from tests import factories, history, ledgers

pytestmark = pytest.mark.usefixtures("stage")

DAY = timedelta(days=1)


@pytest.fixture
def article(stage: None, now: datetime) -> Article:
    """Return an article with a ranked poll on which seven readers did thirty things, everything about it kept."""
    article, chance = history.opened(now, 9 * DAY, PollKind.RANKED), random.Random(3)
    readers = [factories.account(), *(factories.guest() for _ in range(6))]
    for at in sorted(now - timedelta(minutes=chance.randrange(90, 12_000)) for _ in range(30)):
        history.anything(article, readers, at, chance)
    poll, prediction = factories.asked(article)
    history.takes(article, readers[0], now - timedelta(hours=1), 2, 0)
    history.predicts(article, readers[0], now - timedelta(hours=1), 0.6, 0.3, 0.1)
    for question in (poll, prediction):
        series.extend(question, now=now)
    crowds.refresh(prediction, now=now)
    return article


def broken(table: type[Any], *conditions: Any, **columns: Any) -> None:
    db.session.flush()
    changed = update(table).where(*conditions).values(columns)
    db.session.execute(changed, execution_options={"synchronize_session": False})
    db.session.expire_all()


def found(now: datetime) -> list[str]:
    return [str(one) for check in verifying.checks() for one in verifying.findings(check, now=now)]


def waits(now: datetime) -> list[bool]:
    return [one.is_waiting for check in verifying.checks() for one in verifying.findings(check, now=now)]


@pytest.mark.usefixtures("article")
def test_what_readers_did_is_what_is_kept(now: datetime) -> None:
    assert found(now) == []


@pytest.mark.parametrize("kind", list(PollKind))
def test_so_it_is_in_a_poll_of_any_kind(now: datetime, kind: PollKind) -> None:
    article, chance = history.opened(now, 9 * DAY, kind), random.Random(5)
    readers = [factories.guest() for _ in range(4)]
    for at in sorted(now - timedelta(minutes=chance.randrange(90, 12_000)) for _ in range(25)):
        history.anything(article, readers, at, chance)
    for question in factories.asked(article):
        series.extend(question, now=now)
    crowds.refresh(factories.asked(article)[1], now=now)
    assert found(now) == []


def test_a_wrong_tally_of_takes_is_named(article: Article, now: datetime) -> None:
    poll, _ = factories.asked(article)
    row = db.session.query(OpinionTally).filter(OpinionTally.votes > 0).first()
    assert row is not None
    broken(OpinionTally, OpinionTally.choice_id == row.choice_id, OpinionTally.slot == row.slot, votes=50)
    [text] = [text for text in found(now) if f"choice {row.choice_id}, {row.tier.value}" in text]
    assert text.startswith(f"opinion_tally of poll {poll.id}, choice ")
    assert ": is 5" in text


def test_a_wrong_tally_of_rankings_is_named(article: Article, now: datetime) -> None:
    poll, _ = factories.asked(article)
    db.session.add(BallotTally(poll_id=poll.id, ballot="7 8 9", tier="guest", slot=0, votes=2))
    assert found(now) == [f"ballot_tally of poll {poll.id}, ballot 7 8 9, guest: is 2, should be 0"]


def test_voters_of_an_approval_poll_are_counted_again(now: datetime) -> None:
    article = history.opened(now, timedelta(minutes=9), PollKind.APPROVAL)
    poll, _ = factories.asked(article)
    history.takes(article, factories.guest(), now, 0, 1, 3)
    broken(BallotTally, votes=4)
    assert found(now) == [f"ballot_tally of poll {poll.id}, voters, guest: is 4, should be 1"]


def test_a_wrong_tally_of_picks_is_named(article: Article, now: datetime) -> None:
    _, prediction = factories.asked(article)
    db.session.execute(delete(OutcomeTally))
    texts = found(now)
    assert all(text.startswith(f"outcome_tally of prediction {prediction.id}, outcome ") for text in texts[:-1])
    assert all(": is 0, should be " in text for text in texts[:-1])
    assert texts[-1] == f"crowd_forecast of prediction {prediction.id}: waits for a refresh"  # it rests on the counters


def test_a_wrong_cross_tab_is_named(article: Article, now: datetime) -> None:
    poll, prediction = factories.asked(article)
    ids = {"choice_id": poll.choices[3].id, "outcome_id": prediction.outcomes[2].id}
    db.session.add(CrossTally(article_id=article.id, **ids, slot=99, readers=100))
    [text] = found(now)
    assert text.startswith(
        f"cross_tally of article {article.id}, choice {ids['choice_id']}, outcome {ids['outcome_id']}: is 10"
    )


def test_a_vote_that_is_not_the_ledgers_is_named(article: Article, now: datetime) -> None:
    poll, _ = factories.asked(article)
    held = db.session.query(OpinionVote).order_by(OpinionVote.reader_id).first()
    assert held is not None
    said = f"{held.ballot}, {held.tier.value}"
    broken(OpinionVote, OpinionVote.reader_id == held.reader_id, ballot="1 2")
    name = f"opinion_vote of poll {poll.id}, reader {held.reader_id}"
    assert f"{name}: is 1 2, {held.tier.value}, should be {said}" in found(now)


def test_a_vote_that_was_lost_or_made_up_is_named(article: Article, now: datetime) -> None:
    poll, _ = factories.asked(article)
    lost, withdrawn = db.session.query(OpinionVote).order_by(OpinionVote.reader_id).limit(2)
    said = f"{lost.ballot}, {lost.tier.value}"
    event = db.session.query(OpinionVoteEvent).filter_by(reader_id=withdrawn.reader_id).order_by("id").all()[-1]
    event.act = VoteAct.WITHDRAWN
    db.session.delete(lost)
    texts = found(now)
    assert f"opinion_vote of poll {poll.id}, reader {lost.reader_id}: is none, should be {said}" in texts
    assert any(f"reader {withdrawn.reader_id}: is {withdrawn.ballot}" in text and "should be none" in text for text in texts)


@pytest.mark.parametrize("table", [TallyPoint, CrowdPoint])
def test_a_point_that_was_changed_is_named(article: Article, now: datetime, table: type[Any]) -> None:
    at = series.kept_of(factories.asked(article)[table is CrowdPoint])[2][0]
    columns = {"counts": [[1, "guest", 5]]} if table is TallyPoint else {"forecasts": 99}
    broken(table, table.at == at, **columns)
    [text] = found(now)
    assert text.startswith(f"{table.__tablename__} of p")
    assert f"{at.isoformat(timespec='seconds')}: is " in text


def test_a_point_that_is_missing_or_too_many_is_named(article: Article, now: datetime) -> None:
    poll, _ = factories.asked(article)
    (first, _), (second, columns), *_ = series.kept_of(poll)
    db.session.execute(delete(TallyPoint).where(TallyPoint.at == first))
    db.session.add(TallyPoint(poll_id=poll.id, at=second + timedelta(minutes=1), **columns))
    assert [text.rpartition(": ")[2] for text in found(now)] == ["is missing", "should not be there"]


def test_a_point_that_no_job_has_added_yet_is_no_fault(article: Article, now: datetime) -> None:
    poll, _ = factories.asked(article)
    last, _ = series.kept_of(poll)[-1]
    db.session.execute(delete(TallyPoint).where(TallyPoint.at == last))
    for minutes, is_waiting in ((10, True), (12, False)):
        look = verifying.LOOKS[type(poll)][-1]
        [missing] = look(poll, last + timedelta(minutes=minutes))
        assert missing.is_waiting is is_waiting


def test_a_crowd_forecast_that_does_not_follow_is_named(article: Article, now: datetime) -> None:
    _, prediction = factories.asked(article)
    kept = db.session.get_one(CrowdForecast, prediction.id)
    first, *others = kept.summary["chances"]
    kept.summary = {**kept.summary, "chances": [first + 0.01, *others]}
    kept.forecasts += 1
    count, chances = found(now)
    assert (
        count == f"crowd_forecast of prediction {prediction.id}: forecasts is {kept.forecasts}, should be {kept.forecasts - 1}"
    )
    assert chances.startswith(f"crowd_forecast of prediction {prediction.id}: chances is [{first + 0.01}")


def test_a_crowd_forecast_that_a_job_has_yet_to_make_is_no_fault(article: Article, now: datetime) -> None:
    history.predicts(article, factories.guest(), now, 0.2, 0.2, 0.6)
    _, prediction = factories.asked(article)
    assert found(now) == [f"crowd_forecast of prediction {prediction.id}: waits for a refresh"]
    assert waits(now) == [True]


def test_a_score_that_does_not_follow_is_named(stage: None, now: datetime) -> None:
    prediction, reader = ledgers.question(now), factories.account()
    ledgers.say(prediction, reader, 1, (0.6, 0.3, 0.1))
    ledgers.end(prediction)
    look = verifying.LOOKS[type(prediction)][-1]
    assert [(str(one), one.is_waiting) for one in look(prediction, now)] == [
        (f"scores of prediction {prediction.id}: wait to be worked out", True)
    ]
    ledgers.scored(prediction)
    assert not list(look(prediction, now))
    broken(ForecastScore, ForecastScore.reader_id == reader.id, brier=1.5)
    [found] = look(prediction, now)
    assert str(found).startswith(f"score of prediction {prediction.id}, reader {reader.id}: brier is 1.5, should be 0.")
