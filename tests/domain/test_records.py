from __future__ import annotations

import math
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from domain import boardkeeping, leaderboards, records, scorekeeping, scoring, skills
from domain.leaderboards import Period
from extensions import db
from models import ForecastScore, Outcome, Reader, Resolution, ResolutionAct
from tests import factories, ledgers
from tests.statements import counted_statements

pytestmark = pytest.mark.usefixtures("stage")


@pytest.fixture
def rival(stage: None) -> Reader:
    """Return somebody who knows nothing and says so."""
    return factories.account("the rival")


def test_a_record_says_how_many_of_how_many_were_called(reader: Reader, rival: Reader, now: datetime) -> None:
    ledgers.records(now, reader, [rival], 3)
    record = records.record_of(rival)
    assert (record.called, record.predicted) == (0, 3)
    assert (records.record_of(reader).called, records.record_of(reader).is_empty) == (3, False)


def test_skill_is_that_of_the_formula_over_all_questions(reader: Reader, rival: Reader, now: datetime) -> None:
    ledgers.records(now, reader, [rival], 4)
    peer = 100 * 2 * (math.log(0.8) - (math.log(0.8) + math.log(1 / 3)) / 2)
    assert records.record_of(reader).skill.value == pytest.approx(4 * peer / 34, abs=1e-9)


def test_the_history_has_what_became_final_last_first(reader: Reader, now: datetime) -> None:
    made = ledgers.records(now, reader, [], 3)
    for days, prediction in enumerate(made):
        assert prediction.resolution is not None
        prediction.resolution.resolved_at = now - timedelta(days=days)
    boardkeeping.renew_at_once([], now=now)
    assert [entry.prediction for entry in records.record_of(reader).history] == made


def test_an_open_question_is_not_in_a_record(reader: Reader, now: datetime) -> None:
    ledgers.say(ledgers.question(now), reader, 1, (0.6, 0.3, 0.1))
    record = records.record_of(reader)
    assert record.is_empty
    assert (record.history, record.calibration) == ((), ())


def test_what_is_taken_back_leaves_the_record(reader: Reader, now: datetime) -> None:
    prediction = ledgers.records(now, reader, [], 1)[0]
    ledgers.end(prediction, act=ResolutionAct.REOPENED)
    scorekeeping.score(prediction, now=now)
    assert records.record_of(reader).is_empty


def test_calibration_is_of_every_chance_given_by_its_time(reader: Reader, now: datetime) -> None:
    prediction = ledgers.question(now)
    ledgers.say(prediction, reader, 0, (0.8, 0.15, 0.05))
    ledgers.say(prediction, reader, 5, (0.6, 0.3, 0.1))
    ledgers.end(prediction)
    scorekeeping.score(prediction, now=now)
    found = records.record_of(reader).calibration
    expected = scoring.calibration([1] * 6, [0.8, 0.15, 0.05, 0.6, 0.3, 0.1], [1, 0, 0, 1, 0, 0], [0.5] * 6)
    for one, other in zip(found, expected, strict=True):
        assert (one.low, one.forecast, one.happened) == pytest.approx((other.low, other.forecast, other.happened))


def test_calibration_leaves_out_what_was_said_once_it_was_known(reader: Reader, now: datetime) -> None:
    prediction = ledgers.question(now)
    ledgers.say(prediction, reader, 6, (0.9, 0.05, 0.05))
    ledgers.end(prediction, known=5)
    scorekeeping.score(prediction, now=now)
    assert records.record_of(reader).calibration == ()


@pytest.mark.parametrize("next_one", [(0.2, 0.7, 0.1), ()])
def test_calibration_ends_what_was_said_where_the_next_begins(
    reader: Reader, now: datetime, next_one: tuple[float, ...]
) -> None:
    prediction = ledgers.question(now)
    earlier = ledgers.say(prediction, reader, 0, (0.9, 0.05, 0.05))
    ledgers.say(prediction, reader, 4, (0.98, 0.01, 0.01), until=4)
    ledgers.say(prediction, reader, 5, next_one)
    ledgers.say(prediction, reader, 7, (0.98, 0.01, 0.01), until=8)
    earlier.superseded_at = ledgers.at(prediction, 9)  # of merged histories
    ledgers.end(prediction)
    scorekeeping.score(prediction, now=now)
    surest = records.record_of(reader).calibration[-1]
    assert surest.forecast == pytest.approx((0.9 * 5 + 0.98 * 1) / 6)


def test_calibration_completes_what_was_said_before_an_outcome_was_split(reader: Reader, now: datetime) -> None:
    prediction = ledgers.question(now)
    ledgers.say(prediction, reader, 0, (0.8, 0.1, 0.1))
    split = Outcome(position=4, label="Late", added_at=ledgers.at(prediction, 1), split_from_id=prediction.outcomes[0].id)
    prediction.outcomes.append(split)
    ledgers.end(prediction)
    scorekeeping.score(prediction, now=now)
    bins = records.record_of(reader).calibration
    assert [(one.low, one.happened) for one in bins] == [(0.1, 0), (0.4, 0.5)]


def test_a_record_costs_the_same_however_long_it_is(reader: Reader, now: datetime) -> None:
    ledgers.records(now, reader, [], 2)
    db.session.expire_all()
    with counted_statements() as few:
        records.record_of(reader)
    ledgers.records(now, reader, [], 7)
    db.session.expire_all()
    with counted_statements() as many:
        records.record_of(reader)
    assert len(few) == len(many)


def test_a_rank_in_a_question_is_by_the_peer_score(reader: Reader, rival: Reader, now: datetime) -> None:
    prediction = ledgers.records(now, reader, [rival], 1)[0]
    mine, theirs = (records.score_of(prediction, one) for one in (reader, rival))
    assert mine is not None
    assert theirs is not None
    assert (records.rank_in(prediction, mine), records.rank_in(prediction, theirs)) == ((1, 2), (2, 2))


def test_a_pick_alone_has_no_rank_in_a_question(reader: Reader, now: datetime) -> None:
    prediction = ledgers.question(now)
    ledgers.say(prediction, reader, 1)
    ledgers.end(prediction)
    assert records.rank_in(prediction, ledgers.scored(prediction)[reader.id]) is None


# --- boards ------------------------------------------------------------------------------------------------------------


def test_nobody_is_ranked_below_ten_questions(reader: Reader, rival: Reader, now: datetime) -> None:
    ledgers.records(now, reader, [rival], 9)
    assert leaderboards.board() == ()
    assert records.record_of(reader).rank is None
    ledgers.records(now, reader, [rival], 1)
    assert [place.reader.name for place in leaderboards.board()] == [reader.name, rival.name]
    assert (records.record_of(reader).rank, records.record_of(rival).rank) == (1, 2)


def test_the_board_has_the_skill_of_the_record(reader: Reader, rival: Reader, now: datetime) -> None:
    ledgers.records(now, reader, [rival], 6)
    ledgers.records(now, reader, [rival], 5, chance=0.4)
    first, second = leaderboards.board()
    for place, one in ((first, reader), (second, rival)):
        skill = records.record_of(one).skill
        figures = (skill.value, skill.low, skill.high, skill.coverage)
        assert (place.skill.value, place.skill.low, place.skill.high, place.skill.coverage) == pytest.approx(figures, abs=1e-9)
        assert place.skill.questions == skill.questions == 11
    assert (first.called, first.predicted) == (11, 11)
    assert first.coverage == pytest.approx(1)


def test_questions_on_which_no_chances_were_given_do_not_count_towards_a_rank(reader: Reader, now: datetime) -> None:
    ledgers.records(now, reader, [], 9)
    prediction = ledgers.question(now)
    ledgers.say(prediction, reader, 1)
    ledgers.end(prediction)
    scorekeeping.score(prediction, now=now)
    assert leaderboards.board() == ()


def test_those_of_equal_skill_share_a_rank(reader: Reader, now: datetime) -> None:
    rivals = [factories.account(name) for name in ("zora", "adam")]
    ledgers.records(now, reader, rivals, 10)
    found = [(place.rank, place.reader.name) for place in leaderboards.board()]
    assert found == [(1, reader.name), (2, "adam"), (2, "zora")]


def test_guests_are_not_ranked(stranger: Reader, rival: Reader, now: datetime) -> None:
    ledgers.records(now, stranger, [rival], 10)
    assert [place.reader.name for place in leaderboards.board()] == [rival.name]
    assert records.record_of(stranger).rank is None


def test_a_board_of_a_section_is_of_its_questions_alone(reader: Reader, now: datetime) -> None:
    for prediction in ledgers.records(now, reader, [], 10):
        prediction.article.section = "Sport"
    boardkeeping.renew_at_once(["Sport", "City"], now=now)
    assert len(leaderboards.board(section="Sport")) == 1
    assert leaderboards.board(section="City") == ()
    assert leaderboards.sections() == ["Sport"]


@pytest.mark.parametrize(("period", "days"), [(Period.MONTH, 30), (Period.QUARTER, 91), (Period.YEAR, 365)])
def test_a_period_looks_back_by_when_questions_became_final(reader: Reader, now: datetime, period: Period, days: int) -> None:
    made = ledgers.records(now, reader, [], 10)
    for said in db.session.scalars(select(Resolution)):
        said.resolved_at = now - timedelta(days=days, seconds=-1)
    boardkeeping.renew_at_once([], now=now)
    assert len(leaderboards.board(period=period)) == 1
    assert made[0].resolution is not None
    made[0].resolution.resolved_at = now - timedelta(days=days)
    boardkeeping.renew_at_once([], now=now)
    assert leaderboards.board(period=period) == ()
    assert len(leaderboards.board()) == 1


def test_a_board_is_one_query_and_ends_somewhere(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    people = [factories.account() for _ in range(4)]
    ledgers.records(now, people[0], people[1:], 10)
    monkeypatch.setattr(leaderboards, "MOST_PLACES", 3)
    with counted_statements() as statements:
        assert len(leaderboards.board()) == 3
    assert len(statements) == 1


def test_scores_that_are_none_do_not_disturb_a_board(reader: Reader, now: datetime) -> None:
    scored = ledgers.records(now, reader, [], 10)
    left = ledgers.question(now)
    db.session.add(ForecastScore(prediction_id=left.id, reader_id=reader.id, is_called=False, coverage=0))
    db.session.flush()
    skills.add_up(scored[0])
    place = leaderboards.board()[0]
    assert (place.skill.questions, place.predicted, place.called) == (10, 11, 10)
