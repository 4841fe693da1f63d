"""What screening goes by, put there as the newsroom does, and what it said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from domain import clauses
from domain.classifier import Advice, Score
from extensions import db
from models import (
    Comment,
    Finding,
    ListedWord,
    ModerationRule,
    Referral,
    ReferralKind,
    RuleVersion,
    ScreeningVerdict,
    WordList,
)


def listed(word: str, name: WordList = WordList.BANNED) -> ListedWord:
    """Return a word that has been put on a list."""
    row = ListedWord(list=name, word=word, added_at=datetime.now(UTC))
    db.session.add(row)
    db.session.flush()
    return row


def rule(when: str, then: str = "hold", *, clause: str = "") -> RuleVersion:
    """Return the first version of a rule that is on."""
    now = datetime.now(UTC)
    on = ModerationRule(made_at=now, is_on=True)
    db.session.add(on)
    db.session.flush()
    source = f"name: {when[:40]!r}\nwhen:\n  all:\n    - {when}\nthen: {then}\n"
    clause_id = clauses.current(clause).clause_id if clause else None
    version = RuleVersion(rule_id=on.id, number=1, name=when[:40], source=source, clause_id=clause_id, made_at=now)
    db.session.add(version)
    db.session.flush()
    return version


def verdicts(comment: Comment) -> list[tuple[str, Finding]]:
    """Return what was found in a comment, in order."""
    of_it = select(ScreeningVerdict).where(ScreeningVerdict.comment_id == comment.id).order_by(ScreeningVerdict.id)
    return [(row.check, row.finding) for row in db.session.scalars(of_it)]


def verdict(comment: Comment, check: str) -> ScreeningVerdict:
    """Return what one check found in a comment."""
    of_it = (ScreeningVerdict.comment_id == comment.id) & (ScreeningVerdict.check == check)
    return db.session.scalars(select(ScreeningVerdict).where(of_it)).one()


def referrals(comment: Comment) -> list[ReferralKind]:
    """Return where a comment stands besides the other queues."""
    return [row.kind for row in db.session.scalars(select(Referral).where(Referral.comment_id == comment.id))]


@dataclass(frozen=True)
class Says:
    """A classifier that says what it was told to say, or whatever comes of asking it."""

    answer: Callable[[str], Any]
    name: Any = "fake"
    version: str = "1"

    def score(self, text: str) -> Score:
        """Return whatever it was told to."""
        answer: Score = self.answer(text)
        return answer


def advising(advice: Advice, probability: float = 0.9) -> Says:
    """Return a classifier that has but one opinion."""
    return Says(lambda _: Score(probability, advice))
