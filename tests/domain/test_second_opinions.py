from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from domain import clauses, moderation, secondopinions
from domain.errors import Conflict, Forbidden, Invalid
from domain.judging import Judged
from domain.secondopinions import ONE_IN, is_drawn
from extensions import db
from models import Article, Comment, ModerationAct, ModerationEntry, Reader, Role, SecondOpinion
from tests import factories

pytestmark = pytest.mark.usefixtures("stage")

KEY = b"a key that nobody at the desk has"


@pytest.fixture
def removed(article: Article, reader: Reader, moderator: Reader, now: datetime) -> ModerationEntry:
    comment = factories.comment(article, reader)
    return moderation.remove(
        Judged(comment_id=comment.id, version=comment.version), clauses.current("abuse"), by=moderator, now=now
    )


@pytest.fixture
def asked(removed: ModerationEntry, now: datetime) -> SecondOpinion:
    return ask(removed, now)


def ask(entry: ModerationEntry, now: datetime) -> SecondOpinion:
    opinion = SecondOpinion(entry_id=entry.id, drawn_at=now)
    db.session.add(opinion)
    db.session.flush()
    return opinion


def decided_again(entry: ModerationEntry, at: datetime) -> ModerationEntry:
    approved = {"act": ModerationAct.APPROVED, "from_state": entry.to_state, "to_state": entry.to_state}
    again = ModerationEntry(comment_id=entry.comment_id, actor_id=entry.actor_id, **approved, made_at=at)
    db.session.add(again)
    db.session.flush()
    return again


def drawn() -> int:
    return db.session.scalar(select(func.count()).select_from(SecondOpinion)) or 0


def test_two_in_a_hundred_are_drawn_and_the_same_again() -> None:
    first = [number for number in range(50_000) if is_drawn(number, key=KEY)]
    again = [number for number in range(50_000) if is_drawn(number, key=KEY)]
    assert (900 < len(first) < 1_100, first == again) == (True, True)


def test_who_has_another_key_finds_others() -> None:
    ours, theirs = ({number for number in range(20_000) if is_drawn(number, key=key)} for key in (KEY, b"another"))
    assert len(ours & theirs) < len(ours) / 10


def test_a_decision_is_drawn_once_however_often_the_job_runs(
    removed: ModerationEntry, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = next(key for number in range(100 * ONE_IN) if is_drawn(removed.id, key=(key := str(number).encode())))
    for _ in range(2):
        secondopinions.draw(key=key, now=now)
    assert db.session.scalars(select(SecondOpinion.entry_id)).all() == [removed.id]


def test_what_becomes_visible_late_is_drawn_late(
    removed: ModerationEntry, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secondopinions, "ONE_IN", 1)
    secondopinions.draw(key=KEY, now=now)
    late = decided_again(removed, now - timedelta(hours=20))
    secondopinions.draw(key=KEY, now=now)
    assert db.session.scalars(select(SecondOpinion.entry_id)).all() == [removed.id, late.id]


def test_what_was_seen_long_before_the_last_that_was_drawn_is_not_read_again(
    removed: ModerationEntry, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(secondopinions, "ONE_IN", 1)
    ask(removed, now)
    decided_again(removed, now - timedelta(days=2))
    assert secondopinions.draw(key=KEY, now=now) == removed.id
    assert drawn() == 1


def test_what_a_check_decided_is_not_drawn(article: Article, stranger: Reader, now: datetime) -> None:
    held = factories.comment(article, stranger)
    entry = db.session.scalars(select(ModerationEntry).where(ModerationEntry.comment_id == held.id)).one()
    key = next(key for number in range(100 * ONE_IN) if is_drawn(entry.id, key=(key := str(number).encode())))
    secondopinions.draw(key=key, now=now)
    assert drawn() == 0


def test_another_moderator_is_asked_and_whoever_decided_is_not(asked: SecondOpinion, moderator: Reader) -> None:
    other = factories.account(role=Role.MODERATOR)
    case = secondopinions.next_for(other)
    assert case is not None
    assert (case.opinion, secondopinions.waiting_for(other), secondopinions.next_for(moderator)) == (asked, 1, None)


def test_nobody_is_asked_about_their_own_text(article: Article, editor: Reader, moderator: Reader, now: datetime) -> None:
    own = factories.comment(article, editor)
    judged = Judged(comment_id=own.id, version=own.version)
    opinion = ask(moderation.remove(judged, clauses.current("abuse"), by=moderator, now=now), now)
    with pytest.raises(Forbidden):
        secondopinions.give(opinion.id, would_restrict=False, by=editor, now=now)


def test_who_decided_cannot_agree_with_themselves(asked: SecondOpinion, moderator: Reader, now: datetime) -> None:
    with pytest.raises(Forbidden):
        secondopinions.give(asked.id, would_restrict=True, clause=clauses.current("abuse"), by=moderator, now=now)


def test_an_opinion_is_given_once(asked: SecondOpinion, editor: Reader, now: datetime) -> None:
    secondopinions.give(asked.id, would_restrict=False, by=editor, now=now)
    with pytest.raises(Conflict):
        secondopinions.give(asked.id, would_restrict=False, by=factories.account(role=Role.MODERATOR), now=now)


def test_a_restriction_names_its_clause(asked: SecondOpinion, editor: Reader, now: datetime) -> None:
    with pytest.raises(Invalid):
        secondopinions.give(asked.id, would_restrict=True, by=editor, now=now)


def test_an_opinion_changes_nothing_of_the_comment(asked: SecondOpinion, editor: Reader, now: datetime) -> None:
    comment: Comment = asked.entry.subject
    before = comment.state, comment.version
    secondopinions.give(asked.id, would_restrict=False, by=editor, now=now)
    db.session.refresh(comment)
    assert (comment.state, comment.version) == before


@pytest.mark.parametrize(
    ("counts", "share", "kappa"),
    [
        ({}, None, None),
        ({(True, True): 5, (False, False): 5}, 1.0, 1.0),
        ({(True, True): 20, (True, False): 5, (False, True): 10, (False, False): 15}, 0.7, 0.4),
        ({(True, True): 4}, 1.0, None),
    ],
)
def test_agreement_is_told_beside_that_by_chance(
    counts: dict[tuple[bool, bool], int], share: float | None, kappa: float | None
) -> None:
    found = secondopinions.agreement_of(counts)
    assert [found.share, found.kappa] == pytest.approx([share, kappa])


def test_agreement_is_counted_from_what_was_given(asked: SecondOpinion, editor: Reader, now: datetime) -> None:
    secondopinions.give(asked.id, would_restrict=True, clause=clauses.current("abuse"), by=editor, now=now)
    found = secondopinions.agreement(now, now + timedelta(days=365))
    assert (found.given, found.agreed) == (1, 1)
