"""The classifiers a site has trained from its own decisions."""

from __future__ import annotations

import random
from datetime import datetime

import pytest
from sqlalchemy import select

from domain import classifiers, clauses, moderation, training
from domain.errors import Conflict, Forbidden, Invalid
from domain.moderation import Judged
from extensions import db
from jobs import policy as jobs_of_policy
from models import Article, CommentState, ModerationAct, ModerationEntry, Reader
from tests import factories
from tests.scene_of_policy import model

KIND = [
    "bridge",
    "toll",
    "council",
    "vote",
    "traffic",
    "river",
    "budget",
    "money",
    "spring",
    "harbour",
    "plan",
    "report",
    "street",
]
FOUL = [
    "stupid",
    "idiot",
    "liar",
    "filth",
    "scum",
    "vermin",
    "trash",
    "rotten",
    "disgusting",
    "pathetic",
    "moron",
    "clown",
    "fraud",
]


def details() -> list[str]:
    acts = select(ModerationEntry.detail).where(ModerationEntry.act == ModerationAct.CLASSIFIER_SWITCHED)
    return list(db.session.scalars(acts.order_by(ModerationEntry.id)))


def decide(article: Article, by: Reader, moderator: Reader, body: str, *, removes: bool, now: datetime) -> None:
    comment = factories.comment(article, by, body)
    factories.put(comment, CommentState.HELD)
    judged = Judged(comment_id=comment.id, version=comment.version)
    if removes:
        moderation.remove(judged, clauses.current("abuse"), by=moderator, now=now)
    else:
        moderation.approve(judged, by=moderator, now=now)


def test_one_model_advises_at_a_time(editor: Reader, now: datetime) -> None:
    first, second = (classifiers.keep(model(base), by=editor, now=now) for base in (0.0, 0.5))
    classifiers.activate(first, by=editor, now=now)
    classifiers.activate(second, by=editor, now=now)
    assert (classifiers.active(), first.ended_at) == (second, now)
    classifiers.end(second, by=editor, now=now)
    classifiers.end(second, by=editor, now=now)
    assert classifiers.active() is None
    trained = [f"trained {row.version}" for row in (first, second)]
    assert details() == [*trained, f"on {first.version}", f"on {second.version}", f"ended {second.version}"]


def test_the_same_model_is_kept_once_and_its_report_read_back(editor: Reader, now: datetime) -> None:
    row = classifiers.keep(model(), by=editor, now=now)
    assert classifiers.keep(model(), by=None, now=now).id == row.id
    db.session.expire_all()
    assert classifiers.report_of(row) == model().report


def test_a_damaged_model_does_not_advise(editor: Reader, now: datetime) -> None:
    row = classifiers.keep(model(), by=editor, now=now)
    row.weights = row.weights[:-1]
    with pytest.raises(Conflict):
        classifiers.activate(row, by=editor, now=now)


def test_a_moderator_switches_nothing(moderator: Reader, now: datetime) -> None:
    row = classifiers.keep(model(), by=None, now=now)
    with pytest.raises(Forbidden):
        classifiers.activate(row, by=moderator, now=now)


def test_it_learns_from_what_people_decided(
    article: Article, reader: Reader, editor: Reader, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training, "LEAST_EXAMPLES", 24)
    monkeypatch.setattr(training, "LEAST_OF_EACH", 12)
    with pytest.raises(Invalid):
        classifiers.check_enough()
    dice = random.Random(7)
    for number in range(24):
        words = FOUL if number % 2 else KIND
        decide(article, reader, editor, " ".join(dice.sample(words, 6)), removes=bool(number % 2), now=now)
    classifiers.check_enough()
    version = jobs_of_policy.train_classifier.call_local(editor.id)
    last = jobs_of_policy.last_training()
    assert last is not None
    assert (last["version"], last["refusal"], details()) == (version, "", [f"trained {version}"])
