"""Whom a comment can mention is found at the same cost among any number of comments and accounts."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from sqlalchemy import text

from domain import mentions
from extensions import db
from models import Article, Comment, Reader
from tests import factories, talks
from tests.plans import plans

RANGE = re.compile(r"name_skeleton>\?|Index Cond: .*name_skeleton\)?(::text)? >=")

pytestmark = pytest.mark.usefixtures("stage")


@pytest.fixture
def crowd(article: Article, reader: Reader) -> Article:
    """Return a discussion in which others wrote more comments than are looked at, after some people."""
    comments = talks.fill(article, mentions.LOOKED_AT + 2, [reader])
    for name, number in zip(("Ann Lee", "Vernon"), comments, strict=False):
        db.session.get_one(Comment, number).reader_id = factories.account(name).id
    db.session.flush()
    return article


@pytest.mark.parametrize(("start", "name"), [("ann", "Ann Lee"), ("ANN L", "Ann Lee"), ("ver", "Vernon")])
def test_who_wrote_long_ago_is_found_by_name(crowd: Article, start: str, name: str) -> None:
    assert [person.name for person in mentions.people_called(crowd, start)] == [name]


def test_who_wrote_last_is_offered_before_others(crowd: Article, now: datetime) -> None:
    late = [factories.account(f"Ann Z{letters}") for letters in "bcdefghi"]
    for one in late:
        factories.comment(crowd, one)
    assert mentions.people_called(crowd, "ann") == late


def test_accounts_are_found_by_the_index_of_their_names(crowd: Article) -> None:
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("SET LOCAL enable_seqscan = off"))  # among so few it is rather read
    with plans() as steps:
        mentions.people_called(crowd, "ann")
    assert [step for step in steps if RANGE.search(step)], steps
