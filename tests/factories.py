"""The cast and the props, made through the domain as the site makes them."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeSerializer

from domain import articles, comments, moderation, readers, visibility
from domain.articles import ArticleDraft, PollDraft, PredictionDraft
from domain.moderation import Judged
from extensions import db
from models import Article, Camp, Comment, CommentState, ModerationEntry, OpinionPoll, Prediction, Reader, Role

PASSWORD = "a password for tests"
PASSWORD_HASH = readers.hash_password(PASSWORD)
_numbers = itertools.count(1)


def account(name: str = "", *, role: Role = Role.READER, confirmed: bool = True) -> Reader:
    """Return a registered reader."""
    now, number = datetime.now(UTC), next(_numbers)
    email = f"reader{number}@example.org"
    row = readers.register(name=name or f"person {_letters(number)}", email=email, password_hash=PASSWORD_HASH, now=now)
    if confirmed:
        readers.confirm_email(row, now=now)
    row.role = role
    db.session.flush()
    return row


def guest() -> Reader:
    """Return a guest."""
    return readers.welcome_guest(readers.new_key(), now=datetime.now(UTC))


def draft(now: datetime, headline: str = "Harbour bridge tolls to be dropped") -> ArticleDraft:
    """Return an article about a bridge, with a poll and a prediction."""
    closes_at = now + timedelta(days=30)
    return ArticleDraft(
        headline=headline,
        body="The council wants to end the tolls on the harbour bridge.\n\nThe vote is expected in the *spring*.",
        byline="By the city desk",
        section="City",
        poll=PollDraft(
            question="Should the tolls end?",
            choices=[("Agree", Camp.FOR), ("Disagree", Camp.AGAINST), ("Not sure", Camp.UNSURE)],
            closes_at=closes_at,
        ),
        prediction=PredictionDraft(
            question="How will the council vote?",
            outcomes=["For ending them", "Against", "No vote this year"],
            criteria="The council's minutes decide.",
            closes_at=closes_at,
        ),
    )


def open_article(now: datetime, headline: str = "Harbour bridge tolls to be dropped") -> Article:
    """Return an article that is open to readers."""
    article = articles.create(draft(now, headline), now=now)
    articles.open_to_readers(article, now=now - timedelta(minutes=5))
    return article


def asked(article: Article) -> tuple[OpinionPoll, Prediction]:
    """Return the article's two questions, which it has."""
    assert article.poll is not None
    assert article.prediction is not None
    return article.poll, article.prediction


def comment(article: Article, by: Reader, body: str = "", parent: Comment | None = None) -> Comment:
    """Return a comment, published or held as screening finds."""
    text = body or f"I have thought about this {next(_numbers)} times."
    return comments.post(article, text, by=by, now=datetime.now(UTC), parent=parent)


def approve(comment: Comment, by: Reader) -> ModerationEntry:
    """Let a moderator approve a held comment."""
    judged = Judged(comment_id=comment.id, version=comment.version)
    return moderation.approve(judged, by=by, now=datetime.now(UTC))


def put(comment: Comment, state: CommentState) -> None:
    """Let a comment be in a state, however it got there."""
    db.session.flush()
    db.session.refresh(comment)
    visibility.show_as(comment, state, now=datetime.now(UTC))
    db.session.flush()


def browser_of(app: Flask, reader: Reader) -> FlaskClient:
    """Return a browser in which the account is signed in, or which carries the guest's cookie."""
    client = app.test_client()
    if reader.is_guest:
        key = readers.new_key()
        reader.guest_key_hash = readers.digest(key)
        db.session.flush()
        client.set_cookie("guest", str(URLSafeSerializer(app.secret_key or "", salt="guest").dumps(key)))
        return client
    token = readers.sign_in(reader, now=datetime.now(UTC))
    with client.session_transaction() as session:
        session["_user_id"] = token
    return client


def _letters(number: int) -> str:
    """Return the number in letters of which no two look alike."""
    return "".join("abcdefgh"[int(digit)] for digit in f"{number:o}")
