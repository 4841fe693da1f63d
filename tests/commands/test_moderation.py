from __future__ import annotations

from datetime import UTC, datetime

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select, update

from domain import audit, clauses, moderation
from domain.moderation import Judged
from extensions import db
from models import Article, Comment, CommentState, Reader, StatementOfReasons
from tests import factories


@pytest.fixture
def removed(article: Article, reader: Reader, moderator: Reader, now: datetime) -> Comment:
    comment = factories.comment(article, reader)
    judged = Judged(comment_id=comment.id, version=comment.version)
    moderation.remove(judged, clauses.current("abuse"), by=moderator, now=now)
    db.session.commit()
    return comment


def run(app: Flask) -> Result:
    return app.test_cli_runner().invoke(args=["moderation", "verify"])


@pytest.mark.usefixtures("removed")
def test_where_all_is_as_decided_it_says_so_and_tells_the_newest_seal(app: Flask) -> None:
    audit.seal(now=datetime.now(UTC))
    db.session.commit()
    result, head = run(app), audit.head()
    assert head is not None
    said = f"Everything is as it was decided.\nNewest seal: 1, {head.hash}\n"
    assert (result.exit_code, result.stdout) == (0, said)


def test_a_state_nobody_decided_is_one_line_and_ends_with_one(app: Flask, removed: Comment) -> None:
    db.session.execute(update(Comment).values(state=CommentState.HELD))
    db.session.commit()
    result = run(app)
    lines = [
        f"comment {removed.id}: it is held, and its entries say removed",
        f"comment {removed.id}: it has 1 statements of reasons in force, and should have 0",
    ]
    assert (result.exit_code, result.stdout.splitlines()) == (1, lines)
    assert "docs/moderating.md" in result.stderr


def test_a_restriction_without_its_statement_is_found(app: Flask, removed: Comment, now: datetime) -> None:
    db.session.execute(update(StatementOfReasons).values(withdrawn_at=now))
    db.session.commit()
    assert f"comment {removed.id}: it has 0 statements" in run(app).stdout
    assert db.session.scalar(select(Comment.state)) is CommentState.REMOVED
