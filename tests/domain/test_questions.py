from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain import articles, crowds, opinions, participation, questions, resolutions, tallies
from domain.errors import Closed, Conflict, Forbidden, Invalid
from domain.participation import Answer
from domain.questions import Wording
from domain.resolutions import Finding
from extensions import db
from models import Article, OpinionPoll, Outcome, Prediction, PredictionKind, QuestionAct, Reader, Resolution, ResolutionAct
from tests import factories

BETTER = Wording(question="Should the tolls on the bridge end?", answers=("I agree", "I disagree", "Not sure"))
LABELS = ["For ending them", "Against", "No vote this year"]


@pytest.fixture
def poll(article: Article) -> OpinionPoll:
    return factories.asked(article)[0]


@pytest.fixture
def prediction(article: Article) -> Prediction:
    return factories.asked(article)[1]


def answer(article: Article, by: Reader, now: datetime, chances: list[float] | None = None) -> None:
    """Let a reader take the first choice and predict the last outcome."""
    poll, prediction = factories.asked(article)
    given = {one.id: chance for one, chance in zip(prediction.outcomes, chances, strict=True)} if chances else None
    sent = Answer(choices=[poll.choices[0]], outcome=prediction.outcomes[-1], probabilities=given)
    participation.submit(article, sent, by=by, now=now)


def say(prediction: Prediction, act: ResolutionAct, editor: Reader, now: datetime) -> None:
    """Let the newsroom have said something of how the prediction ended."""
    prediction.resolution_count += 1
    row = Resolution(number=prediction.resolution_count, act=act, editor_id=editor.id, resolved_at=now)
    if act in {ResolutionAct.PROVISIONAL, ResolutionAct.FINAL}:
        row.outcome_id, row.source_url = prediction.outcomes[0].id, "https://a.example"
        row.happened_at = row.known_at = now
    prediction.resolutions.append(row)
    db.session.flush()


def labels_of(prediction: Prediction) -> list[str]:
    return [outcome.label for outcome in prediction.outcomes]


def test_before_the_first_answer_a_correction_is_just_another_text(poll: OpinionPoll, editor: Reader, now: datetime) -> None:
    questions.reword(poll, BETTER, by=editor, now=now)
    assert questions.wording_of(poll) == BETTER
    assert questions.changes_of(poll) == []


def test_after_it_what_the_question_said_is_kept(
    article: Article, poll: OpinionPoll, editor: Reader, reader: Reader, now: datetime
) -> None:
    answer(article, reader, now)
    before = questions.wording_of(poll)
    questions.reword(poll, BETTER, by=editor, now=now)
    [change] = questions.changes_of(poll)
    assert (change.act, change.before, change.after, change.made_at) == (QuestionAct.REWORDED, before, BETTER, now)
    assert change.reworded_answers == [("Agree", "I agree"), ("Disagree", "I disagree")]


def test_a_vote_that_was_taken_back_was_a_vote(
    article: Article, poll: OpinionPoll, editor: Reader, reader: Reader, now: datetime
) -> None:
    answer(article, reader, now)
    participation.withdraw_take(article, by=reader, now=now)
    questions.reword(poll, BETTER, by=editor, now=now)
    assert len(questions.changes_of(poll)) == 1


def test_a_forecast_alone_leaves_the_poll_unanswered(article: Article, editor: Reader, reader: Reader, now: datetime) -> None:
    poll, prediction = factories.asked(article)
    participation.submit(article, Answer(outcome=prediction.outcomes[0]), by=reader, now=now)
    questions.reword(poll, BETTER, by=editor, now=now)
    questions.reword(prediction, Wording(question="How?", answers=LABELS, criteria="The minutes."), by=editor, now=now)
    assert (questions.changes_of(poll), len(questions.changes_of(prediction))) == ([], 1)


def test_votes_count_on_after_a_correction(
    article: Article, poll: OpinionPoll, editor: Reader, reader: Reader, now: datetime
) -> None:
    answer(article, reader, now)
    ids, camps = [choice.id for choice in poll.choices], [choice.camp for choice in poll.choices]
    questions.reword(poll, BETTER, by=editor, now=now)
    db.session.expire_all()
    assert ([choice.id for choice in poll.choices], [choice.camp for choice in poll.choices]) == (ids, camps)
    assert [(share.label, share.count) for share in tallies.takes(poll).shares][:2] == [("I agree", 1), ("I disagree", 0)]
    held = opinions.vote_of(poll, reader)
    assert held is not None
    assert held.choice_id == ids[0]


def test_two_corrections_are_told_in_their_order(
    article: Article, poll: OpinionPoll, editor: Reader, reader: Reader, now: datetime
) -> None:
    answer(article, reader, now)
    first, last = replace(BETTER, question="First?"), replace(BETTER, question="Last?")
    for wording in (first, last):
        questions.reword(poll, wording, by=editor, now=now)
    read = [(change.before.question, change.after.question) for change in questions.changes_of(poll)]
    assert read == [("Should the tolls end?", "First?"), ("First?", "Last?")]


@pytest.mark.parametrize(
    ("wording", "says"),
    [
        (replace(BETTER, question="  "), "needs a wording"),
        (replace(BETTER, question="x" * 301), "needs a wording"),
        (replace(BETTER, answers=("Yes", "No")), "as many answers as there are"),
        (replace(BETTER, answers=("a", "b", "c", "d")), "as many answers as there are"),
        (replace(BETTER, answers=("a", "", "c")), "none of them empty"),
        (replace(BETTER, answers=("a", "A", "c")), "are the same"),
        (replace(BETTER, answers=("a", "b", "x" * 201)), "too long"),
        (replace(BETTER, answers=("Disagree", "Agree", "Not sure")), "another answer’s wording"),
        (replace(BETTER, answers=("Yes", "agree", "Not sure")), "another answer’s wording"),
        (Wording(question="Should the tolls end?", answers=("Agree", " Disagree ", "Not sure")), "like this already"),
    ],
)
def test_a_wording_readers_could_not_use_changes_nothing(
    poll: OpinionPoll, editor: Reader, now: datetime, wording: Wording, says: str
) -> None:
    before, version = questions.wording_of(poll), poll.article.version
    with pytest.raises(Invalid, match=says):
        questions.reword(poll, wording, by=editor, now=now)
    assert (questions.wording_of(poll), poll.article.version) == (before, version)


def test_a_prediction_cannot_lose_what_decides_it(prediction: Prediction, editor: Reader, now: datetime) -> None:
    with pytest.raises(Invalid, match="Write what decides"):
        questions.reword(prediction, Wording(question="How?", answers=LABELS), by=editor, now=now)


def test_a_correction_of_another_edition_is_refused(poll: OpinionPoll, editor: Reader, now: datetime) -> None:
    seen = questions.edition_of(poll.article)
    questions.reword(poll, BETTER, by=editor, now=now, expected=seen)
    with pytest.raises(Conflict, match="Somebody else"):
        questions.reword(poll, replace(BETTER, question="Mine?"), by=editor, now=now, expected=seen)
    assert poll.question == BETTER.question


def test_nobody_but_an_editor_changes_a_question(poll: OpinionPoll, moderator: Reader, now: datetime) -> None:
    later = now + timedelta(days=40)
    acts: list[Callable[[], object]] = [
        lambda: questions.reword(poll, BETTER, by=moderator, now=now),
        lambda: questions.reschedule(poll, later, by=moderator, now=now),
        lambda: questions.close_now(poll, by=moderator, now=now),
    ]
    for act in acts:
        with pytest.raises(Forbidden):
            act()


@pytest.mark.parametrize("days", [3, 90])
def test_a_question_closes_when_it_is_said_to_now(poll: OpinionPoll, editor: Reader, now: datetime, days: int) -> None:
    first, version = poll.closes_at, poll.article.version
    questions.reschedule(poll, now + timedelta(days=days), by=editor, now=now)
    db.session.expire_all()
    assert (poll.closes_at, poll.article.version) == (now + timedelta(days=days), version + 1)
    [change] = questions.changes_of(poll)
    assert (change.act, change.closed_at, change.is_reopening) == (QuestionAct.RESCHEDULED, first, False)


@pytest.mark.parametrize("hours", [-1, 0, 24 * 3661])
def test_a_closing_time_that_is_over_or_absurd_is_refused(poll: OpinionPoll, editor: Reader, now: datetime, hours: int) -> None:
    first = poll.closes_at
    with pytest.raises(Invalid):
        questions.reschedule(poll, now + timedelta(hours=hours), by=editor, now=now)
    assert (poll.closes_at, questions.changes_of(poll)) == (first, [])


def test_the_same_closing_time_is_no_change(poll: OpinionPoll, editor: Reader, now: datetime) -> None:
    with pytest.raises(Invalid, match="at this time already"):
        questions.reschedule(poll, poll.closes_at, by=editor, now=now)


def test_a_question_whose_time_ran_out_takes_answers_again(
    article: Article, poll: OpinionPoll, editor: Reader, reader: Reader, now: datetime
) -> None:
    later = poll.closes_at + timedelta(hours=1)
    articles.close_due_polls(later)
    questions.reschedule(poll, later + timedelta(days=2), by=editor, now=later)
    participation.submit(article, Answer(choices=[poll.choices[0]]), by=reader, now=later)
    [change] = questions.changes_of(poll)
    assert (tallies.takes(poll).total, change.is_reopening) == (1, True)


def test_a_later_time_stays_a_later_one_when_the_question_is_then_ended_and_reworded(
    poll: OpinionPoll, reader: Reader, editor: Reader, now: datetime
) -> None:
    answer(poll.article, reader, now)
    before, after, ended = poll.closes_at, poll.closes_at + timedelta(days=10), now + timedelta(hours=2)
    questions.reschedule(poll, after, by=editor, now=now + timedelta(hours=1))
    questions.close_now(poll, by=editor, now=ended)
    questions.reword(poll, BETTER, by=editor, now=now + timedelta(hours=3))
    moved, reworded = questions.changes_of(poll)
    assert (moved.closed_at, moved.closes_at, moved.is_reopening) == (before, after, False)
    assert (reworded.closed_at, reworded.closes_at) == (ended, after)


def test_a_question_that_was_ended_can_be_taken_up_again(poll: OpinionPoll, editor: Reader, now: datetime) -> None:
    questions.close_now(poll, by=editor, now=now)
    for days in (0, 3):
        questions.reschedule(poll, poll.closes_at + timedelta(days=days), by=editor, now=now + timedelta(minutes=1))
    assert poll.is_open(now + timedelta(minutes=1))
    assert [(change.is_reopening, change.closed_at == now) for change in questions.changes_of(poll)] == [
        (True, True),
        (False, False),
    ]


def test_who_saw_a_question_open_does_not_take_it_up_again(poll: OpinionPoll, editor: Reader, now: datetime) -> None:
    seen = questions.edition_of(poll.article)
    questions.close_now(poll, by=editor, now=now)
    with pytest.raises(Conflict):
        questions.reschedule(poll, now + timedelta(days=2), by=editor, now=now, expected=seen)


def test_that_its_time_ran_out_is_nobodys_change(poll: OpinionPoll, editor: Reader) -> None:
    seen, later = questions.edition_of(poll.article), poll.closes_at + timedelta(hours=1)
    articles.close_due_polls(later)
    questions.reschedule(poll, later + timedelta(days=2), by=editor, now=later, expected=seen)
    assert poll.is_open(later)


@pytest.mark.parametrize(
    "act", [ResolutionAct.PROVISIONAL, ResolutionAct.FINAL, ResolutionAct.ANNULLED, ResolutionAct.AMBIGUOUS]
)
def test_a_prediction_the_newsroom_has_judged_stays_as_it_is(
    prediction: Prediction, editor: Reader, now: datetime, act: ResolutionAct
) -> None:
    say(prediction, act, editor, now)
    reworded = Wording(question="How?", answers=LABELS, criteria="The minutes.")
    with pytest.raises(Conflict, match="how this prediction ended"):
        questions.reword(prediction, reworded, by=editor, now=now)
    with pytest.raises(Conflict, match="how this prediction ended"):
        questions.reschedule(prediction, now + timedelta(days=2), by=editor, now=now)
    with pytest.raises(Conflict, match="how this prediction ended"):
        questions.add_outcome(prediction, "New", prediction.outcomes[0], by=editor, now=now)


def test_a_prediction_that_was_scored_once_is_scored_anew_after_a_new_date(
    prediction: Prediction, editor: Reader, now: datetime
) -> None:
    say(prediction, ResolutionAct.FINAL, editor, now)
    say(prediction, ResolutionAct.REOPENED, editor, now)
    questions.reschedule(prediction, now + timedelta(days=2), by=editor, now=now)
    assert prediction.score_due_at == now


def test_a_prediction_that_was_never_scored_waits_for_no_scores(prediction: Prediction, editor: Reader, now: datetime) -> None:
    questions.reschedule(prediction, now + timedelta(days=2), by=editor, now=now)
    assert prediction.score_due_at is None


def test_ending_a_question_leaves_the_rest_open(
    article: Article, poll: OpinionPoll, prediction: Prediction, editor: Reader, now: datetime
) -> None:
    version = article.version
    questions.close_now(poll, by=editor, now=now)
    db.session.expire_all()
    assert (poll.closed_at, article.version) == (now, version + 1)
    assert (article.is_open, prediction.is_open(now)) == (True, True)


@pytest.mark.parametrize("seconds", [-1, 0, 60])
def test_a_question_is_ended_once(poll: OpinionPoll, editor: Reader, now: datetime, seconds: int) -> None:
    questions.close_now(poll, by=editor, now=now)
    with pytest.raises(Conflict, match="closed already"):
        questions.close_now(poll, by=editor, now=now + timedelta(seconds=seconds))
    assert poll.closed_at == now


def test_a_draft_is_changed_on_its_own_page(editor: Reader, now: datetime) -> None:
    poll, prediction = factories.asked(articles.create(factories.draft(now), now=now))
    acts: list[Callable[[], object]] = [
        lambda: questions.reword(poll, BETTER, by=editor, now=now),
        lambda: questions.reschedule(poll, now + timedelta(days=2), by=editor, now=now),
        lambda: questions.close_now(poll, by=editor, now=now),
        lambda: questions.add_outcome(prediction, "New", prediction.outcomes[0], by=editor, now=now),
    ]
    for act in acts:
        with pytest.raises(Conflict, match="draft"):
            act()


def test_a_closed_articles_questions_stay_as_they_are(
    article: Article, poll: OpinionPoll, prediction: Prediction, editor: Reader, now: datetime
) -> None:
    articles.close(article, now=now)
    acts: list[Callable[[], object]] = [
        lambda: questions.reword(poll, BETTER, by=editor, now=now),
        lambda: questions.reschedule(poll, now + timedelta(days=2), by=editor, now=now),
        lambda: questions.close_now(poll, by=editor, now=now),
        lambda: questions.add_outcome(prediction, "New", prediction.outcomes[0], by=editor, now=now),
    ]
    for act in acts:
        with pytest.raises(Conflict):
            act()


def test_an_outcome_split_from_the_last_comes_before_it(prediction: Prediction, editor: Reader, now: datetime) -> None:
    last = prediction.outcomes[-1]
    added = questions.add_outcome(prediction, " A referendum ", last, by=editor, now=now)
    db.session.expire_all()
    assert labels_of(prediction) == ["For ending them", "Against", "A referendum", "No vote this year"]
    assert (added.added_at, added.split_from_id) == (now, last.id)
    [change] = questions.changes_of(prediction)
    assert (change.act, change.added) == (QuestionAct.OUTCOME_ADDED, "A referendum")


def test_an_outcome_split_from_another_comes_last(prediction: Prediction, editor: Reader, now: datetime) -> None:
    questions.add_outcome(prediction, "A referendum", prediction.outcomes[0], by=editor, now=now)
    questions.add_outcome(prediction, "A petition", prediction.outcomes[0], by=editor, now=now)
    assert labels_of(prediction) == [*LABELS, "A referendum", "A petition"]


def test_earlier_forecasts_stay_as_they_are_and_count_for_the_crowd(
    article: Article, prediction: Prediction, editor: Reader, now: datetime
) -> None:
    for _ in range(5):
        answer(article, factories.account(), now, chances=[0.2, 0.2, 0.6])
    questions.add_outcome(prediction, "A referendum", prediction.outcomes[-1], by=editor, now=now)
    mean = crowds.crowd_of(prediction).mean
    assert mean is not None
    assert [round(mean[outcome.id], 6) for outcome in prediction.outcomes] == [0.2, 0.2, 0.3, 0.3]
    assert tallies.outcomes(prediction).shares[-1].count == 5


@pytest.mark.parametrize("label", ["", " \x00 ", "against", "x" * 201])
def test_an_outcome_readers_could_not_use_is_not_added(
    prediction: Prediction, editor: Reader, now: datetime, label: str
) -> None:
    with pytest.raises(Invalid):
        questions.add_outcome(prediction, label, prediction.outcomes[0], by=editor, now=now)
    assert (labels_of(prediction), questions.changes_of(prediction)) == (LABELS, [])


def test_a_seventeenth_outcome_is_refused(prediction: Prediction, editor: Reader, now: datetime) -> None:
    for number in range(13):
        questions.add_outcome(prediction, f"Number {number}", prediction.outcomes[0], by=editor, now=now)
    with pytest.raises(Invalid, match="sixteen"):
        questions.add_outcome(prediction, "One more", prediction.outcomes[0], by=editor, now=now)
    assert len(prediction.outcomes) == 16


def test_an_outcome_is_split_from_one_of_its_own_question(prediction: Prediction, editor: Reader, now: datetime) -> None:
    foreign: Outcome = factories.asked(factories.open_article(now, "Another"))[1].outcomes[0]
    with pytest.raises(Invalid, match="not part of this question"):
        questions.add_outcome(prediction, "New", foreign, by=editor, now=now)


def test_spans_are_not_split(prediction: Prediction, editor: Reader, now: datetime) -> None:
    prediction.kind = PredictionKind.NUMBER
    with pytest.raises(Invalid, match="spans in order"):
        questions.add_outcome(prediction, "New", prediction.outcomes[0], by=editor, now=now)


def test_no_outcome_is_added_after_closing(prediction: Prediction, editor: Reader, now: datetime) -> None:
    questions.close_now(prediction, by=editor, now=now)
    with pytest.raises(Closed):
        questions.add_outcome(prediction, "New", prediction.outcomes[0], by=editor, now=now)


def test_an_added_outcome_can_be_what_happened(prediction: Prediction, editor: Reader, now: datetime) -> None:
    added = questions.add_outcome(prediction, "A referendum", prediction.outcomes[-1], by=editor, now=now)
    finding = Finding(outcome=added, source_url="https://a.example", evidence="", happened_at=now, known_at=now)
    assert resolutions.resolve(prediction, finding, by=editor, now=now).outcome_id == added.id


def test_the_changes_of_both_questions_are_read_together(article: Article, editor: Reader, now: datetime) -> None:
    poll, prediction = factories.asked(article)
    questions.reschedule(poll, now + timedelta(days=2), by=editor, now=now)
    questions.add_outcome(prediction, "New", prediction.outcomes[0], by=editor, now=now)
    assert questions.changes_in(article) == (questions.changes_of(poll), questions.changes_of(prediction))
