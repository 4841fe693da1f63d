from __future__ import annotations

import math
from datetime import datetime

import numpy as np
import pytest

from domain import crowd, grid, merging, opinions, scorekeeping
from extensions import db
from models import Camp, OpinionVote, OpinionVoteEvent, Prediction, PredictionKind, VoteAct
from tests import definitions, factories, ledgers
from tests.ledgers import end, methods_of, question, say, scored, take

pytestmark = pytest.mark.usefixtures("stage")

EVEN = (1 / 3, 1 / 3, 1 / 3)


@pytest.fixture
def prediction(stage: None, now: datetime) -> Prediction:
    """Return a question that was open for ten hours, and so is looked at eleven times."""
    return question(now)


def crowded(prediction: Prediction, count: int, *, hours: float = 0, seed: int = 7) -> np.ndarray:
    """Let so many readers forecast, the first some hours after the opening and each a tenth of an hour later than the one before."""
    rows = np.random.default_rng(seed).dirichlet(np.ones(3), count)
    for place, row in enumerate(rows):
        say(prediction, factories.account(), hours + place / 10, [float(one) for one in row])
    return rows


def test_every_method_is_asked_at_each_moment_about_what_was_said_before(prediction: Prediction) -> None:
    rows = crowded(prediction, 30)
    end(prediction, outcome=1)
    scored(prediction)
    heard = [(at, rows[: min(30, math.ceil(at * 10))]) for at in range(1, 11)]
    for name, method in (("crowd", crowd.crowd_forecast), ("mean", crowd.mean), ("median", crowd.median)):
        told = np.array([method(known) for _, known in heard])
        logs = np.log(np.clip(told[:-1, 1], 0.01, 0.99))
        figures = methods_of(prediction)[name]
        assert figures.logarithmic == pytest.approx(logs.mean(), abs=1e-9)
        assert figures.baseline == pytest.approx(100 * (1 + logs.mean() / math.log(3)), abs=1e-9)
        assert figures.brier == pytest.approx(((told[:-1] - [0, 1, 0]) ** 2).sum(axis=1).mean(), abs=1e-9)
        assert figures.chance == pytest.approx(told[-1, 1], abs=1e-12)
        assert figures.forecasts == 30


def test_the_crowd_is_the_one_of_the_definition(prediction: Prediction) -> None:
    rows = crowded(prediction, 12)
    end(prediction)
    scored(prediction)
    assert methods_of(prediction)["crowd"].chance == pytest.approx(definitions.crowd_forecast(rows)[0], abs=1e-12)


def test_below_five_forecasts_only_picks_are_told(prediction: Prediction) -> None:
    crowded(prediction, crowd.EARLY - 1)
    end(prediction)
    scored(prediction)
    assert methods_of(prediction).keys() == {"picks"}


def test_a_forecast_at_the_moment_of_asking_is_not_known_yet(prediction: Prediction) -> None:
    for _ in range(4):
        say(prediction, factories.account(), 0, EVEN)
    say(prediction, factories.account(), 9, (0.9, 0.05, 0.05))
    end(prediction)
    scored(prediction)
    figures = methods_of(prediction)["mean"]
    assert figures.forecasts == 5
    assert figures.logarithmic == pytest.approx(math.log(figures.chance), abs=1e-12)  # heard at the close alone


def test_even_chances_know_nothing(prediction: Prediction) -> None:
    crowded(prediction, 6)
    end(prediction)
    scored(prediction)
    even = methods_of(prediction)["even"]
    assert (even.chance, even.brier, even.baseline) == pytest.approx((1 / 3, 2 / 3, 0))


def test_nothing_said_after_it_was_known_is_heard(prediction: Prediction) -> None:
    rows = crowded(prediction, 8)
    crowded(prediction, 20, hours=4)
    end(prediction, known=4)
    scored(prediction)
    figures = methods_of(prediction)["mean"]
    assert figures.forecasts == 8
    assert figures.chance == pytest.approx(crowd.mean(rows)[0], abs=1e-12)


def test_methods_of_ordered_outcomes_have_a_ranked_score(prediction: Prediction) -> None:
    prediction.kind = PredictionKind.DATE
    crowded(prediction, 6)
    end(prediction)
    scored(prediction)
    assert methods_of(prediction)["even"].ranked == pytest.approx((4 / 9 + 1 / 9) / 2)


def test_picks_are_the_shares_of_those_who_picked(prediction: Prediction) -> None:
    for pick in (0, 0, 0, 1):
        say(prediction, factories.account(), 1, pick=pick)
    end(prediction)
    scored(prediction)
    picks = methods_of(prediction)["picks"]
    assert (picks.chance, picks.forecasts) == (0.75, 4)


def test_a_method_that_is_silent_at_the_close_combines_nothing_then(prediction: Prediction) -> None:
    for place in range(5):
        say(prediction, factories.account(), 1, (0.8, 0.1, 0.1), until=5 if place else -1)
    end(prediction)
    scored(prediction)
    told = methods_of(prediction)
    assert {name: one.forecasts for name, one in told.items()} == {**dict.fromkeys(told, 0), "picks": 1}
    assert told["mean"].chance == pytest.approx(0.8)  # as it was when it spoke last


def test_each_camp_with_five_forecasts_is_heard_alone_and_with_the_same_weight(prediction: Prediction) -> None:
    by_camp: dict[Camp, list[list[float]]] = {}
    for place, row in enumerate(crowded_rows(17)):
        camp = (Camp.FOR, Camp.FOR, Camp.AGAINST)[place % 3]
        voter = factories.account()
        take(prediction, voter, camp)
        say(prediction, voter, place / 10, row)
        by_camp.setdefault(camp, []).append(row)
    end(prediction)
    scored(prediction)
    told = methods_of(prediction)
    assert told["camp_for"].chance == pytest.approx(crowd.crowd_forecast(by_camp[Camp.FOR])[0], abs=1e-12)
    assert told["camp_against"].chance == pytest.approx(crowd.crowd_forecast(by_camp[Camp.AGAINST])[0], abs=1e-12)
    assert told["balanced"].chance == pytest.approx(crowd.stance_balanced(by_camp)[0], abs=1e-12)


def crowded_rows(count: int) -> list[list[float]]:
    rows: list[list[float]] = np.random.default_rng(3).dirichlet(np.ones(3), count).tolist()
    return rows


def test_while_one_camp_speaks_the_balance_is_what_all_say(prediction: Prediction) -> None:
    crowded(prediction, 7)
    end(prediction)
    scored(prediction)
    told = methods_of(prediction)
    assert (told["balanced"].chance, told["balanced"].brier) == (told["crowd"].chance, told["crowd"].brier)
    assert not {name for name in told if name.startswith("camp_")}


def test_a_take_counts_from_when_it_was_given(prediction: Prediction) -> None:
    for place in range(5):
        voter = factories.account()
        say(prediction, voter, place / 10, EVEN)
        take(prediction, voter, Camp.FOR, hours=11)  # after the close
    end(prediction)
    scored(prediction)
    assert "camp_for" not in methods_of(prediction)


def test_a_take_that_was_moved_to_an_account_counts_from_when_it_was_cast(prediction: Prediction) -> None:
    for place in range(5):
        guest, account = factories.guest(), factories.account()
        say(prediction, guest, place / 10, EVEN)
        take(prediction, guest, Camp.FOR, hours=1)
        merging.absorb(guest, account, now=ledgers.at(prediction, 11 + place))
    end(prediction)
    scored(prediction)
    assert methods_of(prediction)["camp_for"].forecasts == 5


def test_a_take_withdrawn_counts_no_longer(prediction: Prediction) -> None:
    for place in range(5):
        voter = factories.account()
        say(prediction, voter, place / 10, EVEN)
        take(prediction, voter, Camp.FOR)
    for vote in db.session.query(OpinionVote):
        gone = {"poll_id": vote.poll_id, "reader_id": vote.reader_id, "choice_id": vote.choice_id, "tier": vote.tier}
        db.session.add(OpinionVoteEvent(**gone, ballot="", act=VoteAct.WITHDRAWN, happened_at=ledgers.at(prediction, 0.5)))
        db.session.delete(vote)
    end(prediction)
    scored(prediction)
    assert "camp_for" not in methods_of(prediction)


def test_of_two_takes_the_ledger_knows_the_later_not_the_clock(prediction: Prediction) -> None:
    poll, _ = factories.asked(prediction.article)
    agreed = next(one.id for one in poll.choices if one.camp is Camp.FOR)
    for place in range(5):
        voter = factories.account()
        say(prediction, voter, place / 10, EVEN)
        take(prediction, voter, Camp.AGAINST, hours=0.2)
        vote = db.session.query(OpinionVote).filter_by(reader_id=voter.id).one()
        vote.choice_id = agreed
        opinions.record(vote, VoteAct.CHANGED, ledgers.at(prediction, 0.1))
    end(prediction)
    scored(prediction)
    assert {name for name in methods_of(prediction) if name.startswith("camp_")} == {"camp_for"}


def test_a_long_question_is_looked_at_a_bounded_number_of_times(now: datetime) -> None:
    prediction = question(now, hours=24 * 300, ago=24 * 301)
    assert prediction.opened_at is not None
    end(prediction)
    close = (prediction.closes_at - prediction.opened_at).total_seconds()
    found = scorekeeping.moments_of(prediction)
    every = [
        (at - prediction.opened_at).total_seconds() for at in grid.moments(prediction.opened_at, prediction.closes_at, now)
    ]
    assert len(found) <= scorekeeping.MOST_MOMENTS + 1
    assert set(found) <= {*every, close}
    assert found[-1] == close
