from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from domain import articles, crowd, grid, pastcrowds, questions, series
from extensions import db
from jobs import tasks
from models import CrowdPoint, OpinionPoll, OpinionVoteEvent, PollKind, Prediction, Reader, TallyPoint, Tier, VoteAct
from tests import factories, history
from tests.statements import counted_statements

pytestmark = pytest.mark.usefixtures("stage")

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
KINDS = list(PollKind)


def points(question: OpinionPoll | Prediction) -> list[datetime]:
    return [at for at, _ in series.kept_of(question)]


def played(now: datetime, kind: PollKind, seed: int) -> tuple[OpinionPoll, Prediction]:
    """Let six readers do forty things in ten days, and keep the points now and then meanwhile."""
    article, chance = history.opened(now, 10 * DAY, kind), random.Random(seed)
    readers = [factories.account(), *(factories.guest() for _ in range(5))]
    both = factories.asked(article)
    for at in sorted(now - timedelta(minutes=chance.randrange(3, 14_000)) for _ in range(40)):
        history.anything(article, readers, at, chance)
        for question in both:
            if chance.random() < 0.3:
                series.extend(question, now=at + series.SETTLED)
    for question in both:
        series.extend(question, now=now)
    return both


@pytest.mark.parametrize("kind", KINDS)
def test_points_kept_bit_by_bit_are_those_told_at_once(now: datetime, kind: PollKind) -> None:
    for question in played(now, kind, seed=7):
        assert len(series.kept_of(question)) > 5
        assert series.kept_of(question) == series.rebuilt(question, now=now)


@pytest.mark.parametrize("kind", KINDS)
def test_a_point_is_what_the_ledgers_say_of_its_moment(now: datetime, kind: PollKind) -> None:
    poll, prediction = played(now, kind, seed=11)
    for at, columns in series.kept_of(poll):
        assert {(choice, tier): votes for choice, tier, votes in columns["counts"]} == history.votes_at(poll, at)
    for at, columns in series.kept_of(prediction):
        chances = [chance for _, chance, _, _ in columns["chances"]]
        assert chances == pytest.approx(history.chances_at(prediction, at), abs=10**-pastcrowds.DECIMALS)


def test_only_moments_at_which_something_changed_are_kept(now: datetime, reader: Reader) -> None:
    article = history.opened(now, 5 * DAY)
    poll, _ = factories.asked(article)
    start, step = now - 5 * DAY, grid.step_of(now - 5 * DAY, poll.closes_at)
    for at, choice in ((start + HOUR, 0), (start + step + HOUR, 0), (start + 9 * step + HOUR, 1)):
        history.takes(article, reader, at, choice)
    series.extend(poll, now=now)
    assert points(poll) == [start + step, start + 10 * step]


def test_the_close_is_the_last_point_though_nothing_changed(now: datetime, reader: Reader) -> None:
    article = history.opened(now, 2 * DAY)
    poll, prediction = factories.asked(article)
    history.takes(article, reader, now - DAY, 0)
    articles.close(article, now=now - HOUR)
    for question in (poll, prediction):
        series.extend(question, now=now)
    assert points(poll)[-1] == points(prediction)[-1] == now - HOUR
    assert len(points(poll)) == 2
    assert [columns for _, columns in series.kept_of(prediction)] == [{"forecasts": 0, "chances": []}]


def test_a_moment_is_settled_before_it_is_kept(now: datetime, reader: Reader) -> None:
    article = history.opened(now, DAY)
    poll, _ = factories.asked(article)
    first = now - DAY + grid.step_of(now - DAY, poll.closes_at)
    history.takes(article, reader, now - DAY, 0)
    history.takes(article, reader, first - timedelta(seconds=1), 1)
    series.extend(poll, now=first + timedelta(seconds=59))
    assert points(poll) == [now - DAY]
    series.extend(poll, now=first + timedelta(seconds=60))
    assert points(poll) == [now - DAY, first]


def test_another_closing_time_makes_other_moments(now: datetime, reader: Reader, editor: Reader) -> None:
    article = history.opened(now, 5 * DAY)
    poll, prediction = factories.asked(article)
    for place in range(8, 0, -1):
        history.takes(article, reader, now - timedelta(hours=9 * place), place % 2)
    history.crowd_predicts(article, now - 4 * DAY, 5)
    for question in (poll, prediction):
        series.extend(question, now=now)
        questions.reschedule(question, now + 200 * DAY, by=editor, now=now)
        version = article.version
        series.extend(question, now=now)
        assert series.kept_of(question) == series.rebuilt(question, now=now) != []
        db.session.refresh(article)
        assert article.version > version


def test_a_question_that_ends_by_hand_and_goes_on_forgets_that_end(now: datetime, reader: Reader, editor: Reader) -> None:
    article = history.opened(now, 2 * DAY)
    poll, _ = factories.asked(article)
    history.takes(article, reader, now - DAY, 0)
    questions.close_now(poll, by=editor, now=now - timedelta(minutes=77))
    series.extend(poll, now=now - HOUR)
    questions.reschedule(poll, now + 9 * DAY, by=editor, now=now - HOUR)
    series.extend(poll, now=now)
    assert now - timedelta(minutes=77) not in points(poll)


def test_a_year_of_changes_fits_into_four_hundred_points(now: datetime, reader: Reader) -> None:
    article = history.opened(now, 360 * DAY)
    poll, _ = factories.asked(article)
    history.takes(article, reader, now - 360 * DAY, 0)
    said = {"poll_id": poll.id, "reader_id": reader.id, "act": VoteAct.CHANGED, "tier": Tier.VERIFIED}
    for place in reversed(range(700)):
        happened_at, choice = now - place * DAY / 2 - HOUR, poll.choices[place % 2 if place % 4 else 2]
        db.session.add(OpinionVoteEvent(**said, choice_id=choice.id, happened_at=happened_at))
    articles.close(article, now=now - timedelta(minutes=9))
    series.extend(poll, now=now)
    assert 300 < len(points(poll)) <= grid.MOST


def test_of_two_acts_the_ledger_knows_the_later(now: datetime, reader: Reader) -> None:
    article = history.opened(now, DAY)
    poll, _ = factories.asked(article)
    moment = now - DAY + 3 * grid.step_of(now - DAY, poll.closes_at)
    history.takes(article, reader, moment + timedelta(milliseconds=2), 0)
    history.takes(article, reader, moment - timedelta(milliseconds=2), 1)  # it waited for the other, and came second
    series.extend(poll, now=now)
    assert series.takes_of(poll, list(Tier))[-1].votes == {poll.choices[1].id: 1}
    assert series.kept_of(poll) == series.rebuilt(poll, now=now)


def test_an_outcome_changes_the_line_from_when_it_was_added(now: datetime, editor: Reader) -> None:
    article = history.opened(now, 3 * DAY)
    _, prediction = factories.asked(article)
    history.crowd_predicts(article, now - 2 * DAY, 6)
    questions.add_outcome(prediction, "A draw", prediction.outcomes[1], by=editor, now=now - DAY)
    series.extend(prediction, now=now)
    before, after = series.crowd_of(prediction)
    assert (len(before.chances), len(after.chances)) == (3, 4)
    added = prediction.outcomes[-1] if prediction.outcomes[-1].added_at else prediction.outcomes[-2]
    assert after.chances[added.id][0] > 0.05


def test_the_newest_forecasts_alone_make_the_same_point(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    article = history.opened(now, 3 * DAY)
    _, prediction = factories.asked(article)
    history.crowd_predicts(article, now - 2 * DAY, 40)
    monkeypatch.setattr(crowd, "REACH", 2.5)  # as if forty were a hundred thousand
    assert crowd.newest_that_count(40) < 40
    [(_, alone)] = pastcrowds.crowd_at(prediction, [now])
    (_, _), (_, among) = pastcrowds.crowd_at(prediction, [now - 3 * DAY, now])
    assert alone == among
    assert alone.forecasts == 40


def test_the_band_holds_the_line(now: datetime) -> None:
    article = history.opened(now, 3 * DAY)
    _, prediction = factories.asked(article)
    history.crowd_predicts(article, now - 2 * DAY, 60)
    series.extend(prediction, now=now)
    [then] = series.crowd_of(prediction)
    chance, low, high = then.chances[prediction.outcomes[0].id]
    assert 0.05 < low < chance < high < 0.95


def test_a_crowd_of_four_is_kept_and_not_shown(now: datetime) -> None:
    article = history.opened(now, 3 * DAY)
    _, prediction = factories.asked(article)
    history.crowd_predicts(article, now - 2 * DAY, 4)
    series.extend(prediction, now=now)
    assert len(series.kept_of(prediction)) == 1
    assert series.crowd_of(prediction) == []


def test_the_line_counts_the_tiers_of_the_headline(now: datetime, reader: Reader) -> None:
    article = history.opened(now, 3 * DAY, PollKind.APPROVAL)
    poll, _ = factories.asked(article)
    for by in (reader, factories.guest()):
        history.takes(article, by, now - 2 * DAY, 0, 1)
    series.extend(poll, now=now)
    [then] = series.takes_of(poll, [Tier.VERIFIED])
    assert (then.total, then.votes) == (1, {poll.choices[0].id: 1, poll.choices[1].id: 1})
    assert series.takes_of(poll, [Tier.VERIFIED, Tier.GUEST])[0].total == 2


def test_the_job_keeps_what_is_due_and_then_rests(now: datetime, reader: Reader) -> None:
    article = history.opened(now, 3 * DAY)
    articles.create(factories.draft(now, "A draft"), now=now)
    history.takes(article, reader, now - 2 * DAY, 0)
    articles.close(article, now=now - HOUR)
    db.session.commit()
    assert len(series.due(now)) == 2
    tasks.extend_series.call_local()
    assert series.due(now) == []
    assert db.session.scalar(select(func.count()).select_from(TallyPoint)) == 2
    assert db.session.scalar(select(func.count()).select_from(CrowdPoint)) == 1


def test_a_quiet_question_costs_no_reading_of_its_ledger(now: datetime, reader: Reader) -> None:
    article = history.opened(now, 3 * DAY)
    poll, _ = factories.asked(article)
    history.takes(article, reader, now - 2 * DAY, 0)
    series.extend(poll, now=now - DAY)
    db.session.execute(update(OpinionVoteEvent).values(choice_id=poll.choices[1].id))  # a reading would see this
    with counted_statements() as seen:
        series.extend(poll, now=now)
    assert len(seen) == 2
    assert len(points(poll)) == 1
