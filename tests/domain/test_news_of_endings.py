from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from domain import following, mailing, merging, notifications, participation, resolutions
from domain.notifications import Told
from domain.participation import Answer
from extensions import db
from models import Article, ForecastScore, MailPace, News, Notification, Prediction, Reader, ResolutionAct
from tests import factories
from tests.news import spread
from tests.resolving import dispute, finalise, finding, resolve

pytestmark = pytest.mark.usefixtures("stage")
A_WHILE = timedelta(minutes=1)


@pytest.fixture
def prediction(article: Article) -> Prediction:
    return factories.asked(article)[1]


def predict(prediction: Prediction, reader: Reader, place: int, at: datetime) -> None:
    participation.submit(prediction.article, Answer(outcome=prediction.outcomes[place]), by=reader, now=at)


def told(reader: Reader) -> list[Told]:
    return list(notifications.told_to(reader).rows)


def heard(reader: Reader) -> list[str]:
    return [one.sentence for one in told(reader)]


def test_each_act_has_its_own_words(prediction: Prediction, reader: Reader, editor: Reader, now: datetime) -> None:
    predict(prediction, reader, 0, now - A_WHILE)
    resolve(prediction.article, editor, now)
    sentences = []
    for act in (None, ResolutionAct.REOPENED, ResolutionAct.ANNULLED, ResolutionAct.REOPENED, ResolutionAct.AMBIGUOUS):
        if act is not None:
            resolutions.declare(prediction, act, "Because.", by=editor, now=now)
        spread()
        (sentence,) = heard(reader)
        sentences.append(sentence.partition(":")[0])
    assert sentences == [
        "What happened is known, provisionally",
        "A prediction was reopened",
        "A prediction was annulled",
        "A prediction was reopened",
        "A prediction ended without a clear outcome",
    ]


def test_only_the_newest_of_a_prediction_is_listed_and_counted(
    prediction: Prediction, reader: Reader, editor: Reader, now: datetime
) -> None:
    predict(prediction, reader, 0, now - A_WHILE)
    for place in (0, 1):
        resolutions.resolve(prediction, finding(prediction.outcomes[place], now), by=editor, now=now)
        spread()
    assert [one.outcome for one in told(reader)] == [prediction.outcomes[1]]
    assert notifications.unread_count(reader) == 1


def test_what_was_overtaken_before_it_was_spread_is_nobodys_news(
    prediction: Prediction, reader: Reader, editor: Reader, now: datetime
) -> None:
    predict(prediction, reader, 0, now - A_WHILE)
    for place in (0, 1):
        resolutions.resolve(prediction, finding(prediction.outcomes[place], now), by=editor, now=now)
    spread()
    assert db.session.query(News).count() == db.session.query(Notification).count() == 1


def test_what_was_overtaken_before_it_was_mailed_is_not_mailed(
    prediction: Prediction, reader: Reader, editor: Reader, now: datetime
) -> None:
    reader.mail_pace = MailPace.INSTANT
    predict(prediction, reader, 0, now - A_WHILE)
    resolve(prediction.article, editor, now)
    spread()
    resolutions.reopen(prediction, "It was premature.", by=editor, now=now)
    assert mailing.write_mails(reader.id, now=now) == []
    spread()
    (mail,) = mailing.write_mails(reader.id, now=now)
    assert [one.resolution for one in mailing.told_in(mail)[1]] == [prediction.resolutions[-1]]


def test_time_making_it_final_is_told_to_everyone_who_ever_predicted(
    prediction: Prediction, reader: Reader, stranger: Reader, editor: Reader, now: datetime
) -> None:
    for who in (reader, stranger, editor):
        predict(prediction, who, 0, now - A_WHILE)
    participation.withdraw_forecast(prediction.article, by=reader, now=now - A_WHILE)
    resolve(prediction.article, editor, now)
    finalise(prediction, now)
    spread()
    assert [heard(who) for who in (reader, stranger, editor)] == [["The outcome is final"]] * 3


def test_who_disputed_hears_what_came_of_it(
    prediction: Prediction, reader: Reader, another_reader: Reader, editor: Reader, now: datetime
) -> None:
    resolve(prediction.article, editor, now)
    dispute(prediction, reader, now)
    factories.comment(prediction.article, another_reader)
    resolutions.reopen(prediction, "The reader is right.", by=editor, now=now)
    spread()
    assert (len(heard(reader)), heard(another_reader)) == (1, [])


def test_who_comes_later_is_not_told_of_what_was_said_before(
    prediction: Prediction, reader: Reader, another_reader: Reader, editor: Reader, now: datetime
) -> None:
    resolve(prediction.article, editor, now)
    resolutions.reopen(prediction, "It was premature.", by=editor, now=now)
    predict(prediction, reader, 0, now + A_WHILE)
    following.follow(prediction, by=another_reader, now=now + A_WHILE)
    spread()
    assert heard(reader) == heard(another_reader) == []


def test_a_guest_who_became_an_account_is_told_once(
    prediction: Prediction, reader: Reader, stranger: Reader, editor: Reader, now: datetime
) -> None:
    for who, place in ((stranger, 1), (reader, 0)):
        predict(prediction, who, place, now - A_WHILE)
    merging.absorb(stranger, reader, now=now)
    resolve(prediction.article, editor, now)
    spread()
    assert db.session.scalars(select(Notification.reader_id)).all() == [reader.id]


@pytest.mark.parametrize(("place", "fate"), [(0, "You called it."), (1, "You expected something else.")])
def test_how_a_reader_did_is_told_once_it_is_final(
    prediction: Prediction, *, reader: Reader, editor: Reader, now: datetime, place: int, fate: str
) -> None:
    predict(prediction, reader, place, now - A_WHILE)
    resolve(prediction.article, editor, now)
    spread()
    assert told(reader)[0].fate == ""
    finalise(prediction, now)
    spread()
    assert (told(reader)[0].fate, told(reader)[0].points) == (fate, None)


def test_what_was_picked_after_it_was_known_does_not_count(
    prediction: Prediction, reader: Reader, another_reader: Reader, editor: Reader, now: datetime
) -> None:
    predict(prediction, reader, 1, now - A_WHILE)
    for who in (reader, another_reader):
        predict(prediction, who, 0, now)
    resolve(prediction.article, editor, now)
    finalise(prediction, now)
    spread()
    assert [told(who)[0].fate for who in (reader, another_reader)] == ["You expected something else.", ""]


def test_a_score_is_told_where_it_is_worked_out(prediction: Prediction, reader: Reader, editor: Reader, now: datetime) -> None:
    predict(prediction, reader, 0, now - A_WHILE)
    resolve(prediction.article, editor, now)
    finalise(prediction, now)
    spread()
    score = ForecastScore(prediction_id=prediction.id, reader_id=reader.id, is_called=True, peer=12.5, coverage=1.0)
    db.session.add(score)
    db.session.flush()
    assert told(reader)[0].points == 12.5
