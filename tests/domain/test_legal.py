from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select

from domain import articles, comments, disclosure, hindsight, legal, participation, pulses, records, revisions, tallies
from domain.errors import Closed, Conflict, DomainError, Forbidden, Invalid
from domain.legal import LegalSetting
from domain.participation import Answer
from domain.tallies import NOTHING
from extensions import db
from models import Article, LegalState, ModerationAct, ModerationEntry, Reader
from tests import factories, ledgers

pytestmark = pytest.mark.usefixtures("stage")

TRIAL = LegalSetting(
    state=LegalState.PROCEEDINGS, jurisdiction="Germany", is_criminal=True, has_jury=True, subjects=("Ann Example", "Acme Ltd")
)
ALL = replace(TRIAL, closes_comments=True, forces_review=True, hides_counts=True, forbids_prediction=True, is_sensitive=True)


@pytest.fixture
def restricted(article: Article, editor: Reader, now: datetime) -> Article:
    legal.change(article, ALL, by=editor, now=now)
    return article


def test_a_change_is_kept_whole_and_can_be_taken_back(article: Article, editor: Reader, now: datetime) -> None:
    legal.change(article, ALL, by=editor, now=now)
    first = legal.setting_of(article)
    legal.change(article, LegalSetting(), by=editor, now=now)
    assert (first, legal.setting_of(article)) == (ALL, LegalSetting())


def test_each_change_writes_an_entry_that_says_what_is_set_and_none_where_nothing_is(
    article: Article, editor: Reader, now: datetime
) -> None:
    for setting in (ALL, ALL, LegalSetting()):
        legal.change(article, setting, by=editor, now=now, note="the court wrote")
    found = select(ModerationEntry).where(ModerationEntry.act == ModerationAct.LEGAL_STATE_CHANGED)
    rows = db.session.scalars(found.order_by(ModerationEntry.id)).all()
    assert [(row.article_id, row.actor_id, row.detail) for row in rows] == [
        (article.id, editor.id, ALL.described),
        (article.id, editor.id, "none"),
    ]


@pytest.mark.parametrize(
    "setting",
    [
        replace(TRIAL, jurisdiction=" "),
        LegalSetting(hides_counts=True),
        LegalSetting(is_sensitive=True),
        replace(TRIAL, subjects=tuple(f"person {number}" for number in range(21))),
        replace(TRIAL, subjects=("x" * 201,)),
    ],
)
def test_what_would_not_tell_readers_why_is_refused(
    article: Article, editor: Reader, now: datetime, setting: LegalSetting
) -> None:
    with pytest.raises(Invalid):
        legal.change(article, setting, by=editor, now=now)


def test_only_editors_set_it(article: Article, moderator: Reader, now: datetime) -> None:
    with pytest.raises(Forbidden):
        legal.change(article, TRIAL, by=moderator, now=now)


def test_who_saw_another_setting_changes_nothing(article: Article, editor: Reader, now: datetime) -> None:
    seen = legal.setting_of(article).edition
    legal.change(article, TRIAL, by=editor, now=now)
    with pytest.raises(Conflict):
        legal.change(article, LegalSetting(), by=editor, now=now, expected=seen)


def test_nobody_writes_edits_or_predicts_where_it_is_closed(
    article: Article, editor: Reader, reader: Reader, now: datetime
) -> None:
    before = factories.comment(article, reader)
    legal.change(article, ALL, by=editor, now=now)
    prediction = factories.asked(article)[1]
    tries: list[Callable[[], object]] = [
        lambda: comments.post(article, "Another.", by=reader, now=now),
        lambda: comments.post(article, "An answer.", by=reader, now=now, parent=before),
        lambda: revisions.edit(before, "Otherwise.", by=reader, now=now, window=now - now.replace(year=2000)),
        lambda: participation.submit(article, Answer(outcome=prediction.outcomes[0]), by=reader, now=now),
    ]
    said = []
    for attempt in tries:
        with pytest.raises(Closed) as refused:
            attempt()
        said.append(refused.value.message)
    assert all(message.startswith("For legal reasons") for message in said)


def test_a_forecast_made_before_can_be_taken_back(article: Article, editor: Reader, reader: Reader, now: datetime) -> None:
    participation.submit(article, Answer(outcome=factories.asked(article)[1].outcomes[0]), by=reader, now=now)
    legal.change(article, ALL, by=editor, now=now)
    participation.withdraw_forecast(article, by=reader, now=now)
    assert not participation.standing_of(article, reader).has_predicted


def test_counts_are_hidden_even_from_who_answered_and_after_closing(restricted: Article, now: datetime) -> None:
    articles.close(restricted, now=now)
    seen = tallies.seen_by(restricted, has_voted=True, has_predicted=True, now=now)
    pulse = pulses.pulse_of(restricted.slug, now=now)
    assert (seen, pulse.seen, pulse.hides_counts, pulse.is_open) == (NOTHING, NOTHING, True, False)


def test_what_came_of_a_final_question_is_not_told_either(restricted: Article) -> None:
    prediction = factories.asked(restricted)[1]
    with pytest.raises(DomainError, match="For legal reasons"):
        disclosure.check(prediction)
    assert hindsight.of_everybody(prediction, shows_takes=True) is None


def test_scores_on_a_restricted_question_stand_in_no_record(reader: Reader, now: datetime) -> None:
    final = ledgers.question(now, headline="What is decided")
    for number in range(5):
        ledgers.say(final, reader if number == 0 else factories.account(), number, (0.5, 0.3, 0.2))
    ledgers.end(final)
    ledgers.scored(final)
    before = records.record_of(reader).predicted
    final.article.hides_counts = True
    db.session.flush()
    assert (before, records.record_of(reader).is_empty) == (1, True)
