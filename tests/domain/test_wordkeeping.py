from __future__ import annotations

from datetime import datetime
from hashlib import sha256

import numpy as np
import pytest

from domain import wordkeeping
from domain.classifier import Report
from domain.rulefacts import Fact
from domain.screened import Text
from domain.textmodel import BUCKETS, Model
from domain.wordkeeping import Kept
from extensions import db
from models import Article, ClassifierModel, CommentState, Finding, Reader, WordList
from tests import factories, screens

pytestmark = pytest.mark.usefixtures("stage")


@pytest.fixture
def text(article: Article, reader: Reader, now: datetime) -> Text:
    return Text("You fool.", reader, now, article)


def kept(text: Text) -> Kept:
    """Return what a text that comes now is held against."""
    return Text(text.body, text.by, text.now, text.article).kept


def model(now: datetime, base: float, *, is_active: bool = True) -> ClassifierModel:
    made = Model(base, np.zeros(BUCKETS, dtype=np.float16), Report(1000, 100, 0.05, (), None, None))
    file = made.to_bytes()
    row = ClassifierModel(
        version=made.version,
        digest=sha256(file).hexdigest(),
        weights=file,
        report={},
        trained_at=now,
        active_at=now if is_active else None,
    )
    db.session.add(row)
    db.session.flush()
    return row


def test_what_has_not_changed_is_not_made_again(text: Text) -> None:
    screens.listed("fool")
    screens.rule("text: {contains: rat}")
    first, second = kept(text), kept(text)
    assert first.lists is second.lists
    assert first.listed is second.listed
    assert first.rules is second.rules
    assert (first.lists.words[WordList.BANNED], first.facts) == (frozenset({"fool"}), frozenset({Fact.TEXT}))


def test_what_has_changed_is_known_to_the_next_text(text: Text, now: datetime) -> None:
    word, rule = screens.listed("fool"), screens.rule("text: {contains: rat}")
    assert len(kept(text).listed.find("a fool and a rat")) == 2
    word.removed_at = now
    assert len(kept(text).listed.find("a fool and a rat")) == 1
    rule.rule.is_on, rule.rule.switched_at = False, now
    assert (kept(text).rules, kept(text).listed.find("a fool and a rat")) == ((), [])


def test_the_active_classifier_is_asked_and_another_once_it_is_activated(text: Text, now: datetime) -> None:
    assert kept(text).classifier is None
    model(now, -1.0, is_active=False)
    assert kept(text).classifier is None
    first = model(now, -2.0)
    asked = kept(text).classifier
    assert asked is not None
    assert (asked[0].version, asked[1]) == (first.version, first.id)
    first.ended_at = now
    second = model(now, -3.0)
    again = kept(text).classifier
    assert again is not None
    assert again[1] == second.id


def test_a_verdict_names_the_model_it_comes_from(article: Article, reader: Reader, now: datetime) -> None:
    row = model(now, -2.0)
    verdict = screens.verdict(factories.comment(article, reader), "all")
    assert (verdict.model_id, round(verdict.score or 0, 2)) == (row.id, 0.12)


def test_a_damaged_classifier_lets_nothing_pass(article: Article, reader: Reader, now: datetime) -> None:
    model(now, -2.0).weights = b"FORESAY\x01 damaged"
    comment = factories.comment(article, reader)
    assert (comment.state, screens.verdicts(comment)) == (CommentState.HELD, [("classifier", Finding.FAILED)])


def test_a_plugged_classifier_is_asked_in_its_place(text: Text, now: datetime) -> None:
    model(now, -2.0)
    try:
        wordkeeping.plug(screens.Says(lambda _: None, name="other"))
        asked = kept(text).classifier
    finally:
        wordkeeping.plug(None)
    assert asked is not None
    assert (asked[0].name, asked[1]) == ("other", None)
