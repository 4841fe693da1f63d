"""Moderators at once on one legal notice and one second opinion, with real commits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import select

from domain import clauses, legalnotices, moderation, secondopinions
from domain.errors import Conflict
from domain.judging import Judged
from domain.legalnotices import Ruling
from extensions import db
from models import CommentState, LegalNotice, ModerationAct, ModerationEntry, Reader, Role, SecondOpinion
from tests import factories
from tests.applications import leave_empty
from tests.racing import at_once
from tests.scene_of_oversight import SITE, filing

MODERATORS = 12


@pytest.fixture
def moderators(app: Flask) -> Iterator[list[int]]:
    """Give moderators, a notice about a comment and a question for an opinion, all committed; leave an empty database."""
    with app.app_context():
        now = datetime.now(UTC)
        article = factories.open_article(now)
        comment, other = (factories.comment(article, factories.account()) for _ in range(2))
        legalnotices.file(filing(f"/comments/{comment.id}"), site_url=SITE, now=now)
        judged = Judged(comment_id=other.id, version=other.version)
        first = factories.account(role=Role.MODERATOR)
        entry = moderation.remove(judged, clauses.current("abuse"), by=first, now=now)
        db.session.add(SecondOpinion(entry_id=entry.id, drawn_at=now))
        found = [factories.account(role=Role.MODERATOR).id for _ in range(MODERATORS)]
        db.session.commit()
        db.session.remove()
        yield found
        leave_empty()


def test_of_many_on_one_notice_one_decides_and_the_comment_is_restricted_once(app: Flask, moderators: list[int]) -> None:
    def decide(by: Reader) -> None:
        notice = legalnotices.waiting().notices[0] if legalnotices.waiting().notices else None
        if notice is None:
            raise Conflict("decided")
        ruling = Ruling(
            is_upheld=True,
            answer="Right.",
            act=ModerationAct.DISABLED,
            clause=clauses.current("abuse"),
            version=notice.comment.version if notice.comment else 0,
        )
        legalnotices.decide(notice.id, ruling, by=by, now=datetime.now(UTC))

    ended = at_once(app, moderators, lambda by, _: decide(by))
    acts = Counter(db.session.scalars(select(ModerationEntry.act)))
    notice = db.session.scalars(select(LegalNotice)).one()
    assert notice.comment is not None
    assert (ended, acts[ModerationAct.DISABLED], acts[ModerationAct.LEGAL_NOTICE_DECIDED], notice.comment.state) == (
        {"decided": 1, "conflict": MODERATORS - 1},
        1,
        1,
        CommentState.DISABLED,
    )


def test_of_many_asked_for_one_opinion_one_gives_it(app: Flask, moderators: list[int]) -> None:
    asked = db.session.scalars(select(SecondOpinion.id)).one()
    db.session.remove()
    ended = at_once(
        app, moderators, lambda by, _: secondopinions.give(asked, would_restrict=False, by=by, now=datetime.now(UTC))
    )
    assert ended == {"decided": 1, "conflict": MODERATORS - 1}
