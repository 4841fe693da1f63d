"""The cast and the props, made through the domain as the site makes them."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeSerializer

from domain import articles, comments, moderation, readers, visibility
from domain.articles import ArticleDraft, PollDraft, PredictionDraft
from domain.moderation import Judged
from extensions import db
from models import (
    Article,
    Camp,
    Comment,
    CommentState,
    ModerationEntry,
    OpinionPoll,
    PollKind,
    Prediction,
    PredictionKind,
    Reader,
    Role,
)

PASSWORD = "a password for tests"
PASSWORD_HASH = readers.hash_password(PASSWORD)
ANSWERS = ("Agree", "Disagree", "Not sure")
DISHES = ("Soup", "Salad", "Stew", "Bread")
STEPS = ("Strongly against", "Against", "In between", "For", "Strongly for")
SIDES = (Camp.AGAINST, Camp.AGAINST, Camp.UNSURE, Camp.FOR, Camp.FOR)
SPANS = {
    PredictionKind.OUTCOMES: ("Yes", "No", "Something else"),
    PredictionKind.DATE: ("Before June", "In June", "In July", "Later", "Never"),
    PredictionKind.NUMBER: ("Below 10", "10 to 20", "20 to 30", "30 or more"),
}
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


def open_article_with(now: datetime, *, poll: PollDraft | None = None, prediction: PredictionDraft | None = None) -> Article:
    """Return an open article that asks these questions, and no others."""
    given = replace(draft(now, f"An article of its own, number {next(_numbers)}"), poll=poll, prediction=prediction)
    article = articles.create(given, now=now)
    articles.open_to_readers(article, now=now - timedelta(minutes=5))
    return article


def poll(now: datetime, kind: PollKind = PollKind.SINGLE, *labels: str, is_shuffled: bool = False) -> PollDraft:
    """Return a poll of a kind, with these choices or else as many as suit it. The choices' camps take turns."""
    labels = labels or (STEPS if kind is PollKind.SCALE else ANSWERS if kind is PollKind.AGREEMENT else DISHES)
    camps = SIDES if kind is PollKind.SCALE else tuple(Camp)
    choices = list(zip(labels, itertools.cycle(camps), strict=False))
    closes_at = now + timedelta(days=30)
    return PollDraft(question="What should it be?", choices=choices, closes_at=closes_at, kind=kind, is_shuffled=is_shuffled)


def prediction(now: datetime, kind: PredictionKind = PredictionKind.OUTCOMES, *labels: str) -> PredictionDraft:
    """Return a prediction of a kind, with these outcomes or else a few."""
    labels = labels or SPANS[kind]
    return PredictionDraft(
        question="What will come of it?",
        outcomes=list(labels),
        criteria="The council's minutes decide.",
        closes_at=now + timedelta(days=30),
        kind=kind,
    )


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
