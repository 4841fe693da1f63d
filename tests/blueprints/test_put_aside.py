"""What a moderator does to a comment that keeps its place reaches whoever holds the page."""

from __future__ import annotations

from datetime import datetime

import pytest
from flask.testing import FlaskClient

from domain import appeals, clauses, moderation, statements
from domain.moderation import Judged
from extensions import db
from models import Article, Comment, Reader
from tests import factories

TEXT = "A plain and harmless text."
PLACES = ["/articles/{slug}", "/articles/{slug}/transcript", "/articles/{slug}/feed.atom", "/comments/{id}"]


@pytest.fixture
def comment(article: Article, reader: Reader) -> Comment:
    return factories.comment(article, reader, TEXT)


def put_aside(comment: Comment, by: Reader) -> None:
    judged = Judged(comment_id=comment.id, version=comment.version)
    moderation.limit(judged, clauses.current("abuse"), by=by, now=comment.posted_at)
    db.session.commit()


def seen_again(client: FlaskClient, comment: Comment, place: str, tag: str | None) -> tuple[str, str | None]:
    """Return what somebody gets who has a version of a page, and the version of it."""
    answer = client.get(place.format(slug=comment.article.slug, id=comment.id), headers={"If-None-Match": tag} if tag else {})
    return answer.text, answer.headers["ETag"]


@pytest.mark.parametrize("place", PLACES)
def test_what_is_put_aside_is_not_what_one_holds(client: FlaskClient, comment: Comment, moderator: Reader, place: str) -> None:
    before, tag = seen_again(client, comment, place, None)
    assert TEXT in before
    put_aside(comment, moderator)
    after, new = seen_again(client, comment, place, tag)
    assert after
    assert new != tag


@pytest.mark.parametrize("place", PLACES)
def test_what_an_appeal_gives_back_is_not_what_one_holds(
    client: FlaskClient, comment: Comment, moderator: Reader, editor: Reader, place: str
) -> None:
    put_aside(comment, moderator)
    _, tag = seen_again(client, comment, place, None)
    statement = statements.live_of(comment)
    assert statement is not None
    appeal = appeals.make(statement, "It is harmless.", by=comment.reader, now=comment.posted_at)
    appeals.grant(appeal.id, by=editor, now=comment.posted_at)
    db.session.commit()
    assert TEXT in seen_again(client, comment, place, tag)[0]


def test_what_is_disabled_above_its_answers_is_not_what_one_holds(
    client: FlaskClient, comment: Comment, editor: Reader, now: datetime
) -> None:
    factories.comment(comment.article, editor, "An answer.", parent=comment)
    judged = Judged(comment_id=comment.id, version=comment.version)
    moderation.remove(judged, clauses.current("spam"), by=editor, now=now)
    db.session.commit()
    _, tag = seen_again(client, comment, PLACES[0], None)
    moderation.disable(Judged(comment_id=comment.id, version=comment.version), clauses.current("abuse"), by=editor, now=now)
    db.session.commit()
    assert "legal reasons" in seen_again(client, comment, PLACES[0], tag)[0]
