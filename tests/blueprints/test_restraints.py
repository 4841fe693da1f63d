from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from domain import clauses
from extensions import db
from models import Article, Reader, Role, Sanction, SanctionKind
from tests import factories


@pytest.fixture
def muted(stranger: Reader, now: datetime) -> Reader:
    by, clause = factories.account(role=Role.MODERATOR), clauses.current("abuse")
    row = Sanction(reader_id=stranger.id, kind=SanctionKind.MUTED, clause_id=clause.id, by_id=by.id, made_at=now)
    row.ends_at = now + timedelta(days=7)
    db.session.add(row)
    db.session.flush()
    return stranger


def test_a_restrained_guest_reads_until_when_and_why_and_keeps_their_text(app: Flask, article: Article, muted: Reader) -> None:
    browser = factories.browser_of(app, muted)
    response = browser.post(f"/articles/{article.slug}/comments", data={"body": "What I have to say."})
    assert response.status_code == 403
    assert "UTC" in response.text
    assert "Insults and threats" in response.text
    assert "What I have to say." in response.text
