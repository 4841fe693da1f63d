from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from domain import articles, participation, predictions, questions, resolutions
from domain.errors import Closed, Conflict, Forbidden, Invalid
from domain.participation import Answer
from extensions import db
from models import Article, News, Prediction, Reader, ResolutionAct
from tests import factories
from tests.resolving import finalise, resolve

pytestmark = pytest.mark.usefixtures("stage")
VERBS = {
    ResolutionAct.ANNULLED: resolutions.annul,
    ResolutionAct.AMBIGUOUS: resolutions.mark_ambiguous,
    ResolutionAct.REOPENED: resolutions.reopen,
}
ENDINGS = [ResolutionAct.ANNULLED, ResolutionAct.AMBIGUOUS]
ACTS = pytest.mark.parametrize("act", VERBS, ids=lambda act: act.value)


@pytest.fixture
def prediction(article: Article) -> Prediction:
    return factories.asked(article)[1]


def bring_to(state: str, prediction: Prediction, editor: Reader, now: datetime) -> None:
    """Let a prediction stand where an ending can be said."""
    if state == "closed":
        prediction.closed_at = now - timedelta(minutes=1)
    if state in {"provisional", "final"}:
        resolve(prediction.article, editor, now)
    if state == "final":
        finalise(prediction, now)


@pytest.mark.parametrize("act", ENDINGS, ids=lambda act: act.value)
@pytest.mark.parametrize("state", ["open", "closed", "provisional", "final"])
def test_a_prediction_can_end_without_an_outcome_from_any_other_state(
    prediction: Prediction, editor: Reader, now: datetime, state: str, act: ResolutionAct
) -> None:
    bring_to(state, prediction, editor, now)
    row = VERBS[act](prediction, " It was  asked wrongly. ", by=editor, now=now)
    assert (prediction.verdict, row.act, row.note, row.outcome_id) == (row, act, "It was  asked wrongly.", None)
    assert (prediction.resolution, prediction.is_open(now), prediction.is_final) == (None, False, False)


@pytest.mark.parametrize("first", ENDINGS, ids=lambda act: act.value)
@pytest.mark.parametrize("second", ENDINGS, ids=lambda act: act.value)
def test_what_has_ended_without_an_outcome_has_to_be_reopened_first(
    prediction: Prediction, editor: Reader, now: datetime, first: ResolutionAct, second: ResolutionAct
) -> None:
    VERBS[first](prediction, "Because.", by=editor, now=now)
    with pytest.raises(Conflict):
        VERBS[second](prediction, "Because.", by=editor, now=now)
    with pytest.raises(Conflict):
        resolve(prediction.article, editor, now)
    resolutions.reopen(prediction, "It was not.", by=editor, now=now)
    assert VERBS[second](prediction, "Because.", by=editor, now=now).number == 3


def test_what_is_final_has_to_be_reopened_before_it_is_resolved_anew(
    prediction: Prediction, editor: Reader, now: datetime
) -> None:
    bring_to("final", prediction, editor, now)
    with pytest.raises(Conflict):
        resolve(prediction.article, editor, now)
    resolutions.reopen(prediction, "The court reversed it.", by=editor, now=now)
    assert resolve(prediction.article, editor, now).number == 4


@pytest.mark.parametrize("state", ["provisional", "final", *ENDINGS], ids=str)
def test_whatever_was_said_can_be_taken_back(
    prediction: Prediction, editor: Reader, now: datetime, state: str | ResolutionAct
) -> None:
    if isinstance(state, ResolutionAct):
        VERBS[state](prediction, "Because.", by=editor, now=now)
    else:
        bring_to(state, prediction, editor, now)
    resolutions.reopen(prediction, "It was premature.", by=editor, now=now)
    assert (prediction.verdict, prediction.resolution, prediction.is_open(now)) == (None, None, True)


@pytest.mark.parametrize("times", [0, 1], ids=["never resolved", "reopened already"])
def test_where_nothing_is_said_nothing_is_taken_back(prediction: Prediction, editor: Reader, now: datetime, times: int) -> None:
    for _ in range(times):
        resolve(prediction.article, editor, now)
        resolutions.reopen(prediction, "It was premature.", by=editor, now=now)
    with pytest.raises(Conflict):
        resolutions.reopen(prediction, "It was premature.", by=editor, now=now)


def test_readers_predict_again_after_reopening(prediction: Prediction, editor: Reader, reader: Reader, now: datetime) -> None:
    answer = Answer(outcome=prediction.outcomes[1])
    resolve(prediction.article, editor, now)
    with pytest.raises(Closed):
        participation.submit(prediction.article, answer, by=reader, now=now)
    resolutions.reopen(prediction, "It was premature.", by=editor, now=now)
    participation.submit(prediction.article, answer, by=reader, now=now)
    assert predictions.forecast_of(prediction, reader)


@pytest.mark.parametrize("why", ["article closed", "time over", "ended by hand"])
def test_what_ended_otherwise_just_waits_for_a_finding(prediction: Prediction, editor: Reader, now: datetime, why: str) -> None:
    if why == "article closed":
        articles.close(prediction.article, now=now)
    if why == "ended by hand":
        questions.close_now(prediction, by=editor, now=now - timedelta(minutes=1))
    resolve(prediction.article, editor, now)
    if why == "time over":
        prediction.closes_at = now
    resolutions.reopen(prediction, "It was premature.", by=editor, now=now)
    assert not prediction.is_open(now)
    assert resolve(prediction.article, editor, now).number == 3


@ACTS
def test_a_note_is_needed_and_may_not_be_an_article(
    prediction: Prediction, editor: Reader, now: datetime, act: ResolutionAct
) -> None:
    if act is ResolutionAct.REOPENED:
        resolve(prediction.article, editor, now)
    for note in ("", " \x00\n ", "x" * 2_001):
        with pytest.raises(Invalid):
            VERBS[act](prediction, note, by=editor, now=now)
    assert VERBS[act](prediction, "x" * 2_000, by=editor, now=now)


@ACTS
def test_only_editors_say_how_a_prediction_ended(
    prediction: Prediction, editor: Reader, moderator: Reader, now: datetime, act: ResolutionAct
) -> None:
    resolve(prediction.article, editor, now)
    with pytest.raises(Forbidden):
        VERBS[act](prediction, "Because.", by=moderator, now=now)


@ACTS
def test_of_a_draft_nothing_can_be_said(editor: Reader, now: datetime, act: ResolutionAct) -> None:
    draft = factories.asked(articles.create(factories.draft(now), now=now))[1]
    with pytest.raises(Conflict):
        VERBS[act](draft, "Because.", by=editor, now=now)


@ACTS
def test_each_step_is_news_turns_the_page_over_and_lets_scores_be_worked_out(
    prediction: Prediction, editor: Reader, now: datetime, act: ResolutionAct
) -> None:
    resolve(prediction.article, editor, now)
    before, later = prediction.article.version, now + timedelta(hours=1)
    row = VERBS[act](prediction, "Because.", by=editor, now=later)
    assert (prediction.article.version, prediction.score_due_at) == (before + 1, later)
    assert db.session.scalars(select(News.resolution_id).order_by(News.id.desc())).first() == row.id


def test_forecasts_from_when_it_was_known_are_counted_as_late(
    prediction: Prediction, reader: Reader, another_reader: Reader, now: datetime
) -> None:
    for who, at in ((reader, now - timedelta(minutes=2)), (another_reader, now - timedelta(minutes=1))):
        participation.submit(prediction.article, Answer(outcome=prediction.outcomes[0]), by=who, now=at)
    late = {minutes: resolutions.made_too_late(prediction, now - timedelta(minutes=minutes)) for minutes in (0, 1, 3)}
    assert late == {0: 0, 1: 1, 3: 2}
