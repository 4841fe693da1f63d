"""`flask demo load`: five articles with their readers, answers, discussions and decisions, in an empty database."""

from __future__ import annotations

import random
import secrets
from datetime import UTC, datetime

import click
from flask.cli import AppGroup
from sqlalchemy import exists, inspect, select

from commands.demo import cast, scenes, stories
from commands.demo.stage import Stage
from domain import audit, boardkeeping, crowds, readers, scorekeeping, series
from extensions import db
from models import Article, Comment, Prediction, Reader, Role

SEED = "lantern"
STAFF = {"reader": Role.READER, "moderator": Role.MODERATOR, "editor": Role.EDITOR}

group = AppGroup("demo", help="Something to look at in an empty database.")


@group.command("load")
def load() -> None:
    """Load the demo, unless there is an article or a reader already, and print its sign-ins this once."""
    load_once()


def load_once() -> None:
    """Do what `flask demo load` does."""
    if not inspect(db.session.connection()).has_table(Article.__tablename__):
        message = "The database has no tables yet. Run `flask db upgrade` first."
        raise click.ClickException(message)
    if not _is_empty():
        click.echo("The database has articles or readers already; it is left as it is.")
        return
    passwords = play(now=datetime.now(UTC))
    db.session.commit()
    articles, people, comments = (db.session.query(table).count() for table in (Article, Reader, Comment))
    click.echo(f"The demo is loaded: {articles} articles, {people} readers, {comments} comments.")
    click.echo("Sign in as one of these. The passwords are shown only now; nobody can read them back.")
    for role, password in passwords.items():
        click.echo(f"  {role:<10} {cast.address(role):<26} {password}")


def play(*, now: datetime) -> dict[str, str]:
    """Add the whole demo as it looks at `now` and return the passwords by role. The caller commits.

    The passwords and the keys of guests are random; everything else is the same for the same `now`.
    """
    passwords = {role: secrets.token_urlsafe(12) for role in STAFF}
    hashes = {role: readers.hash_password(password) for role, password in passwords.items()}
    nobodys = readers.hash_password(secrets.token_urlsafe())  # one for all the others: it is known to nobody
    chance = random.Random(SEED)  # noqa: S311 - a crowd that is the same each time, not a secret
    told = stories.read(now)
    people = cast.gather(stories.read_names(), told, now=now, chance=chance)
    stage = Stage(roles={**STAFF, "deputy": Role.EDITOR}, password_hashes=hashes, other_hash=nobodys, chance=chance)
    for act in scenes.in_order(told, people, now=now, chance=chance):
        act.perform(stage)
    db.session.flush()
    for prediction in db.session.scalars(select(Prediction)):
        crowds.refresh(prediction, now=now)
        scorekeeping.score(prediction, now=now)
    boardkeeping.renew(now=now)
    for question in series.due(now):
        series.extend(question, now=now)
    while audit.seal(now=now):
        pass
    return passwords


def _is_empty() -> bool:
    filled = exists(select(Article.id)) | exists(select(Reader.id))
    return not db.session.scalar(select(filled))
