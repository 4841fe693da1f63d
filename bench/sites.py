"""The site as it is measured, and what is in it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from random import Random

from flask import Flask
from flask_migrate import upgrade

from app import create_app
from bench import load
from config import Config
from domain import comments, participation, readers
from domain.participation import Answer
from domain.text import comment_html
from models import Article, Comment, Reader
from tests import factories
from tests.applications import another_app

READERS = 50
WORDS = """\
a about accept after again against agree all already although and another any are article as ask audit be because been before
better between bridge budget but by can cannot change city claim clear close come cost could council court day debt decide did
difference do does doubt drivers each early end enough even every evidence expect fact fair few figures first for from full
get give go good had half happen harbour has have hear her here him his hope how however if in is issue it its judge just
keep know last late law least less letter like little long look lost made make many mayor mean meeting members might minutes
money month more most much must my need never new next no not nothing now of off office often on once one only open or other
our out over own paid party past pay people plan point price promise prove public question rather read reason remember right
road said same say see she should side since so some still such sure take tell than that the their them then there these they
thing think this those though time to toll too traffic true two under until up us vote wait want was way we well went were
what when where whether which while who why will with without wonder word work would year yes yet you
"""
SENTENCES, LONGEST_SENTENCE = 4, 22  # about 300 characters, as comments under news have


def unlimited() -> Flask:
    """Return the site from the environment, letting one address act as often as it likes."""
    return create_app(replace(Config.from_environment(), rate_limits=False))


@contextlib.contextmanager
def prepared(database_url: str, folder: Path) -> Iterator[Flask]:
    """Give the application in its context, with its tables made, to fill them or to look into them."""
    with another_app(database_url, instance=folder) as app, app.app_context():
        upgrade()
        yield app


def article_with_talk(count: int) -> Article:
    """Return an open article on which `count` readers gave their take, their prediction and a comment. The caller commits."""
    now = datetime.now(UTC)
    article = factories.open_article(now)
    poll, prediction = factories.asked(article)
    earlier: list[Comment] = []
    for number in range(count):
        reader = factories.account()
        choice, outcome = poll.choices[number % 3], prediction.outcomes[number % 3]
        answer = Answer(choices=[choice], outcome=outcome, probabilities={item.id: 1 / 3 for item in prediction.outcomes})
        participation.submit(article, answer, by=reader, now=now)
        standing = participation.standing_of(article, reader)
        parent = earlier[number - 1] if number % 5 in {2, 4} else None  # three of five answer nobody
        body = remark(number)
        held = (standing.vote, standing.forecast)
        earlier.append(comments.post(article, body, by=reader, now=now, parent=parent, standing=held))
    return article


def remark(number: int) -> str:
    """Return what somebody might have written, another text for every number, compressible as language is."""
    words = WORDS.split()
    chance = Random(number)  # noqa: S311 - the same each time, not a secret
    sentences = (" ".join(chance.choices(words, k=chance.randint(6, LONGEST_SENTENCE))) for _ in range(SENTENCES))
    return ". ".join(sentence.capitalize() for sentence in sentences) + f". ({number})"


def people() -> list[Reader]:
    """Return registered readers."""
    return [factories.account() for _ in range(READERS)]


@cache
def remark_html(number: int) -> str:
    """Return what somebody might have written as it is stored."""
    return comment_html(remark(number))


def must_show(page: load.Answer, comments_on_it: int) -> None:
    """Raise `WrongAnswerError` unless a whole page came, with so many comments."""
    must_have(page, b'id="comment-', comments_on_it)


def must_have(page: load.Answer, mark: bytes, comments_on_it: int) -> None:
    """Raise `WrongAnswerError` unless a whole page came, with so many comments by their mark."""
    shown = page.must(200, marker=b"</html>").body.count(mark)
    if shown != comments_on_it:
        message = f"the page shows {shown} comments, not {comments_on_it}"
        raise load.WrongAnswerError(message)


def cookie_of(app: Flask, reader: Reader) -> str:
    """Return the cookie of a browser in which the reader is signed in. The caller commits."""
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined] # of Flask's own sessions
    token = readers.sign_in(reader, now=datetime.now(UTC))
    return f"{app.config['SESSION_COOKIE_NAME']}={serializer.dumps({'_user_id': token, '_permanent': True})}"
