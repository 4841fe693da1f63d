"""What is there before anything breaks, and the clients who work on it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count

from flask import Flask
from itsdangerous import URLSafeSerializer

from bench import sites
from bench.faults.clients import Ballot, Client, Front, Moderator, Rater, Voter, Writer
from domain import clauses, mailing, readers
from extensions import db
from models import Article, MailPace, Role
from tests import factories

TALKS = 60  # articles: so many that no discussion is heated, in which each reader would have to wait between two comments
ANSWERED = 1_500  # comments, each of a reader who is mailed of the reply; more than there is time to answer
WRITERS, VOTERS, RATED = 40, 4, 6


@dataclass(frozen=True, kw_only=True)
class Scene:
    """Where the clients work, and who they are, by their cookies."""

    talks: list[str]  # where a comment is posted
    held: list[str]  # where guests do
    replied_to: list[int]
    ballots: list[Ballot]
    rated: list[int]
    reason: str
    secret_key: str
    writers: list[str]
    repliers: list[str]
    voters: list[str]
    rater: str
    moderator: str
    watcher: str  # who looks whether the site answers


def made(app: Flask) -> Scene:
    """Make it and commit."""
    now = datetime.now(UTC)
    talks, held = ([factories.open_article(now) for _ in range(many)] for many in (TALKS, TALKS // 3))
    polled = [factories.open_article(now) for _ in range(VOTERS)]
    parents = [factories.account() for _ in range(ANSWERED)]
    for parent in parents:
        mailing.set_pace(parent, MailPace.INSTANT, now=now)
    key = str(app.secret_key)
    scene = Scene(
        talks=[f"/articles/{article.slug}/comments" for article in talks],
        held=[f"/articles/{article.slug}/comments" for article in held],
        replied_to=[factories.comment(talks[place % TALKS], parent).id for place, parent in enumerate(parents)],
        ballots=[_ballot(article) for article in polled],
        rated=[factories.comment(polled[0], parents[0], f"To be rated, number {number}.").id for number in range(RATED + 1)],
        reason=clauses.reasons()[0].clause.code,
        secret_key=key,
        writers=_accounts(app, WRITERS),
        repliers=_accounts(app, WRITERS),
        voters=[*_accounts(app, VOTERS // 2), *(_guest(key) for _ in range(VOTERS // 2))],
        rater=_accounts(app, 1)[0],
        moderator=sites.cookie_of(app, factories.account(role=Role.MODERATOR)),
        watcher=_accounts(app, 1)[0],
    )
    db.session.commit()
    return scene


def clients_of(scene: Scene, front: Front) -> dict[str, Client]:
    """Return the clients, by what they do. The last comment to be rated is left to who looks whether the site answers."""
    replies = [f"/comments/{comment_id}/replies" for comment_id in scene.replied_to]
    guests = Writer("guests", front, _first_visits(scene))
    clients: list[Client] = [
        Writer("writers", front, _visits(scene.writers, scene.talks)),
        Writer("repliers", front, zip(_in_turn(scene.repliers), replies, strict=False)),
        guests,
        Moderator("moderator", front, scene.moderator, guests.heard, scene.reason),
        Rater("rater", front, scene.rater, scene.rated[:-1]),
        *(Voter(f"voter {place}", front, *one) for place, one in enumerate(zip(scene.voters, scene.ballots, strict=True))),
    ]
    return {client.name: client for client in clients}


def _ballot(article: Article) -> Ballot:
    poll, prediction = factories.asked(article)
    answers = [
        {"choice": str(choice.id), "outcome": str(outcome.id), "confidence": "70"}
        for choice, outcome in zip(poll.choices, prediction.outcomes, strict=True)
    ]
    return Ballot(article_id=article.id, slug=article.slug, answers=answers)


def _visits(cookies: Sequence[str], paths: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Let everybody write once on each article, over and over: nobody soon again where they just were."""
    return zip(_in_turn(cookies), (path for _ in count() for path in paths), strict=False)


def _in_turn(cookies: Sequence[str]) -> Iterator[str]:
    return (cookie for _ in count() for cookie in cookies for _ in range(TALKS))


def _first_visits(scene: Scene) -> Iterator[tuple[str, str]]:
    """Let a guest who has never been here write once: such a comment is held, whatever became of others."""
    return ((_guest(scene.secret_key), scene.held[place % len(scene.held)]) for place in count())


def _accounts(app: Flask, many: int) -> list[str]:
    return [sites.cookie_of(app, factories.account()) for _ in range(many)]


def _guest(secret_key: str) -> str:
    key = URLSafeSerializer(secret_key, salt="guest").dumps(readers.new_key())
    return f"guest={key!s}"
