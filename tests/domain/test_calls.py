"""Who is said to have called it: everywhere those whom the scores say called it."""

from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import text

from domain import commentviews, profiles
from extensions import db
from models import Comment, Forecast, Prediction, Reader
from tests import factories
from tests.ledgers import end, question, say, scored
from tests.plans import plans
from tests.statements import counted_statements

pytestmark = pytest.mark.usefixtures("stage")

KNOWN = 5  # hours after the opening of a question that was open for ten


@pytest.fixture
def prediction(stage: None, now: datetime) -> Prediction:
    """Return a question that was open for ten hours."""
    return question(now)


def reason(forecast: Forecast, by: Reader) -> Comment:
    comment = factories.comment(forecast.outcome.prediction.article, by)
    comment.forecast_id = forecast.id
    db.session.flush()
    return comment


def is_marked(comment: Comment) -> bool:
    return commentviews.of([comment.id], viewer=None, article=comment.article)[comment.id].is_called


@pytest.mark.parametrize(("hours", "is_right"), [(KNOWN - 1, True), (KNOWN, False), (KNOWN + 2, False)])
def test_a_comment_says_who_called_it_in_time(prediction: Prediction, reader: Reader, hours: int, *, is_right: bool) -> None:
    comment = reason(say(prediction, reader, hours), reader)
    end(prediction, known=KNOWN)
    assert is_marked(comment) is scored(prediction)[reader.id].is_called is is_right


def test_a_comment_of_somebody_who_withdrew_says_nothing(prediction: Prediction, reader: Reader) -> None:
    comment = reason(say(prediction, reader, 1, until=2), reader)
    end(prediction)
    assert is_marked(comment) is scored(prediction)[reader.id].is_called is False


def test_a_comment_of_somebody_who_changed_their_mind_says_nothing(prediction: Prediction, reader: Reader) -> None:
    comment = reason(say(prediction, reader, 1, pick=0), reader)
    say(prediction, reader, 2, pick=1)
    end(prediction, outcome=0)
    assert is_marked(comment) is scored(prediction)[reader.id].is_called is False


def test_a_comment_that_expected_something_else_is_not_marked(prediction: Prediction, reader: Reader) -> None:
    comment = reason(say(prediction, reader, 1, pick=1), reader)
    say(prediction, reader, 2, pick=0)
    end(prediction, outcome=0)
    assert (is_marked(comment), scored(prediction)[reader.id].is_called) == (False, True)


def test_nobody_has_called_what_is_open(prediction: Prediction, reader: Reader) -> None:
    assert not is_marked(reason(say(prediction, reader, 1), reader))


def test_whoever_called_it_costs_no_statement_more(prediction: Prediction, reader: Reader) -> None:
    comments = [reason(say(prediction, factories.account(), 1), reader).id for _ in range(5)]
    end(prediction)
    assert prediction.article.came_true
    for some in (comments, comments[:1]):
        with counted_statements() as statements:
            commentviews.of(some, viewer=None, article=prediction.article)
        assert len(statements) == 1


def test_a_pick_at_the_close_is_looked_for_among_its_readers_own(prediction: Prediction, reader: Reader) -> None:
    comment = reason(say(prediction, reader, 1), reader)
    for _ in range(60):  # of others, or it is the same to PostgreSQL which way it goes
        say(prediction, factories.account(), 1)
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("ANALYZE forecast"))
    end(prediction)
    with plans() as steps:
        is_marked(comment)
    assert [step for step in steps if "ix_forecast_reader_id" in step]


@pytest.mark.parametrize(("hours", "is_right"), [(KNOWN - 1, True), (KNOWN, False)])
def test_ones_own_page_says_whether_one_called_it(
    prediction: Prediction, reader: Reader, hours: int, *, is_right: bool
) -> None:
    say(prediction, reader, hours)
    end(prediction, known=KNOWN)
    (called,) = profiles.forecasts_of(reader)
    assert (called.was_right, called.was_late) == (is_right, not is_right)


def test_a_prediction_made_too_late_takes_nothing_from_the_one_before(prediction: Prediction, reader: Reader) -> None:
    say(prediction, reader, 1, pick=0)
    say(prediction, reader, KNOWN + 1, pick=1)
    end(prediction, outcome=0, known=KNOWN)
    assert [called.was_right for called in profiles.forecasts_of(reader)] == [True]


def test_of_merged_histories_the_newest_pick_that_was_withdrawn_called_nothing(prediction: Prediction, reader: Reader) -> None:
    earlier, later = say(prediction, reader, 1), say(prediction, reader, 2, until=3)
    earlier.superseded_at = None  # it was the guest's, or the account's, and only the other was withdrawn
    comment = reason(later, reader)
    end(prediction)
    assert is_marked(comment) is scored(prediction)[reader.id].is_called is False
    assert [called.was_right for called in profiles.forecasts_of(reader)] == [False]


def test_of_merged_histories_what_was_withdrawn_at_once_ends_nothing(prediction: Prediction, reader: Reader) -> None:
    earlier = say(prediction, reader, 1)
    say(prediction, reader, 2, pick=1, until=2)
    earlier.superseded_at = None
    comment = reason(earlier, reader)
    end(prediction)
    assert is_marked(comment) is scored(prediction)[reader.id].is_called is True
