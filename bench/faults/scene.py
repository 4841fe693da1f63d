"""What is there before anything breaks, and the clients who work on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import repeat

from flask import Flask
from itsdangerous import URLSafeSerializer

from bench import sites
from bench.faults.clients import Client, Front, Moderator, Rater, Voter, Writer
from domain import clauses, mailing, readers
from extensions import db
from models import MailPace, Role
from tests import factories

ANSWERED = 150  # comments, each of a reader who is mailed of the reply
RATED = 7


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Where the clients work, and who they are."""

    slug: str
    replied_to: list[int]
    answers: list[dict[str, str]]
    rated: list[int]
    reason: str
    accounts: list[str]  # cookies
    guests: list[str]
    moderator: str


def made(app: Flask) -> Scene:
    """Make it and commit."""
    article = factories.open_article(datetime.now(UTC))
    poll, prediction = factories.asked(article)
    parents = [factories.account() for _ in range(ANSWERED)]
    for parent in parents:
        mailing.set_pace(parent, MailPace.INSTANT, now=datetime.now(UTC))
    scene = Scene(
        slug=article.slug,
        replied_to=[factories.comment(article, parent).id for parent in parents],
        answers=[
            {"choice": str(choice.id), "outcome": str(outcome.id), "confidence": "70"}
            for choice, outcome in zip(poll.choices, prediction.outcomes, strict=True)
        ],
        rated=[factories.comment(article, parents[0], f"To be rated, number {number}.").id for number in range(RATED)],
        reason=clauses.reasons()[0].clause.code,
        accounts=[sites.cookie_of(app, factories.account()) for _ in range(5)],
        guests=[_guest(app) for _ in range(2)],
        moderator=sites.cookie_of(app, factories.account(role=Role.MODERATOR)),
    )
    db.session.commit()
    return scene


def clients_of(scene: Scene, front: Front) -> dict[str, Client]:
    """Return the clients, by what they do. The last account and the last comment are left to who looks whether the site answers."""
    comments_path = f"/articles/{scene.slug}/comments"
    held = Writer("guest", front, scene.guests[0], repeat(comments_path))
    replies = iter([f"/comments/{comment_id}/replies" for comment_id in scene.replied_to])
    participation = f"/articles/{scene.slug}/participation"
    return {
        "writer": Writer("writer", front, scene.accounts[0], repeat(comments_path)),
        "replier": Writer("replier", front, scene.accounts[1], replies),
        "voter": Voter("voter", front, scene.accounts[2], participation, scene.answers),
        "guest voter": Voter("guest voter", front, scene.guests[1], participation, scene.answers),
        "rater": Rater("rater", front, scene.accounts[3], scene.rated[:-1]),
        "guest": held,
        "moderator": Moderator("moderator", front, scene.moderator, held.heard, scene.reason),
    }


def _guest(app: Flask) -> str:
    key = URLSafeSerializer(app.secret_key or "", salt="guest").dumps(readers.new_key())
    return f"guest={key!s}"
