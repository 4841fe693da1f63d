"""Sites that differ in nothing but how readers voted and what they expect: the same people, articles, times and texts.

A site is set once; a `World` is acted out on it and taken back. Rows that readers see named by their number get the same
numbers in every world.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, text

from config import PUSH_SERVICES
from domain import (
    articles,
    boardkeeping,
    comments,
    crowds,
    finality,
    following,
    mailing,
    participation,
    pushing,
    ratings,
    scorekeeping,
    series,
)
from domain.articles import ArticleDraft, PollDraft, PredictionDraft
from domain.following import Followable
from domain.participation import Answer
from extensions import db
from models import (
    Article,
    Camp,
    Comment,
    MailPace,
    OpinionChoice,
    PollKind,
    PredictionKind,
    Reader,
    ResultsVisibility,
    Role,
    Verdict,
)
from tests import factories
from tests.browsers import Browsing
from tests.news import spread
from tests.resolving import resolve

FOR, AGAINST, UNSURE = Camp.FOR, Camp.AGAINST, Camp.UNSURE
OPENED, ANSWERED, WRITTEN, RESOLVED, FINAL = (timedelta(days=days) for days in (10, 9, 8, 6, 2))  # ago
CAMPS = {
    PollKind.SINGLE: [FOR, AGAINST, FOR, AGAINST],
    PollKind.AGREEMENT: [FOR, AGAINST, UNSURE],
    PollKind.SCALE: [FOR, FOR, UNSURE, AGAINST, AGAINST],
    PollKind.APPROVAL: [FOR, AGAINST, FOR, AGAINST],
    PollKind.RANKED: [FOR, AGAINST, FOR, AGAINST],
}
KINDS = list(zip(CAMPS, [*PredictionKind, *PredictionKind], strict=False))
LONG = 27  # threads: more than a page has
COMMENTERS, RATERS, CROWD = 6, 10, 18
PRAISING = 3  # raters: too few for common ground, enough for a high rank
NAMES = ("the red", "the blue", "the dun", "the sea", "the oak", "the elm", "the fox", "the owl", "the jay", "the hen")
FEW, MANY = 6, CROWD  # of the crowd who take part: both enough for a crowd forecast


@dataclass(frozen=True)
class World:
    """How readers voted, and what they expect: each in one of two ways that have as little in common as can be."""

    takes: int
    forecasts: int


ONE, OTHER = World(0, 0), World(1, 1)
OTHER_TAKES, OTHER_FORECASTS = World(1, 0), World(0, 1)


@dataclass(frozen=True, kw_only=True)
class Site:
    """Articles without an answer yet, and everybody who will give one."""

    app: Flask
    now: datetime
    articles: list[int]
    commenters: list[int]
    raters: list[int]
    crowd: list[int]
    people: dict[str, int | None]
    browsers: dict[str, FlaskClient]
    own: list[int] = field(default_factory=list)  # comments of the people who look
    is_resolved: bool = False

    @property
    def long_one(self) -> int | None:
        """Return the article whose discussion is longer than a page, and rated; there is one where there is one of each kind."""
        return self.articles[0] if len(self.articles) == len(KINDS) else None

    def readers(self, ids: Sequence[int]) -> list[Reader]:
        """Return readers by their ids."""
        return [db.session.get_one(Reader, one) for one in ids]


def build(app: Flask, now: datetime, seen: tuple[ResultsVisibility, ResultsVisibility], *, is_resolved: bool) -> Site:
    """Set a site whose takes and forecasts are to be seen at these times. The caller commits."""
    # what is hidden is decided outside the database, so that one of each kind is looked at once, on the quicker one
    is_whole = seen == (ResultsVisibility.AFTER_VOTING,) * 2 and db.engine.dialect.name == "sqlite"
    kinds = KINDS if is_whole else KINDS[::4]
    opened = [_article(now, poll, prediction, seen) for poll, prediction in kinds]
    elsewhere = factories.open_article(now - OPENED, "Elsewhere")
    people = _people(opened, elsewhere, now)
    accounts = [factories.account(name) for name in NAMES[:COMMENTERS]]
    topics: list[Followable] = [*opened, *accounts]
    for topic in topics:
        for who in people.values():
            following.follow(topic, by=who, now=now - OPENED)
    own = [_said(article, people["reader"], now, "Mine.", at=-60).id for article in opened]
    guests = [factories.guest().id for _ in range(RATERS + CROWD)]
    browsers = {name: factories.browser_of(app, who) for name, who in people.items()}
    db.session.flush()
    return Site(
        app=app,
        now=now,
        articles=[article.id for article in opened],
        commenters=[one.id for one in accounts],
        raters=guests[:RATERS],
        crowd=guests[RATERS:],
        people={"stranger": None, **{name: who.id for name, who in people.items()}},
        browsers={"stranger": app.test_client(), **browsers},
        own=own,
        is_resolved=is_resolved,
    )


@contextlib.contextmanager
def acted_out(site: Site, world: World, stage: Connection) -> Iterator[None]:
    """Let everybody answer as they do in this world, and take it back afterwards."""
    undone = stage.begin_nested()
    try:
        _number_anew()
        for article_id in site.articles:
            _answer(site, db.session.get_one(Article, article_id), world)
        if site.is_resolved:
            _resolve(site)
        _tell(site)
        db.session.commit()
        yield
    finally:
        db.session.remove()
        undone.rollback()


def _article(
    now: datetime, poll: PollKind, prediction: PredictionKind, seen: tuple[ResultsVisibility, ResultsVisibility]
) -> Article:
    closes_at = now + timedelta(days=30)
    name = f"{poll.value} {prediction.value}"
    draft = ArticleDraft(
        headline=f"Of {name}",
        body=f"A text about {name}, with a question at its end.",
        poll=PollDraft(
            question=f"Which do you want, {name}?",
            choices=[(f"Choice {place} of {name}", camp) for place, camp in enumerate(CAMPS[poll])],
            closes_at=closes_at,
            visibility=seen[0],
            kind=poll,
        ),
        prediction=PredictionDraft(
            question=f"Which will it be, {name}?",
            outcomes=[f"Outcome {place} of {name}" for place in range(4)],
            criteria="The minutes decide.",
            closes_at=closes_at,
            visibility=seen[1],
            kind=prediction,
        ),
    )
    article = articles.create(draft, now=now - OPENED)
    articles.open_to_readers(article, now=now - OPENED)
    return article


def _people(opened: Sequence[Article], elsewhere: Article, now: datetime) -> dict[str, Reader]:
    """Return those who look: of each what they have answered. All of them answered elsewhere, as strangers do not."""
    accounts = ("reader", "voter", "forecaster", "both")
    people = {name: factories.account(look) for name, look in zip(accounts, NAMES[COMMENTERS:], strict=True)}
    people["editor"] = factories.account("the ant", role=Role.EDITOR)
    for who in people.values():
        who.mail_pace = MailPace.INSTANT
        browsing = Browsing(f"https://fcm.googleapis.com/fcm/send/{who.public_id}")
        pushing.subscribe(browsing.browser, PUSH_SERVICES, by=who, now=now - timedelta(days=1))
    people["guest"] = factories.guest()
    at = now - ANSWERED - timedelta(hours=12)
    for name, who in people.items():
        _submit(elsewhere, who, at, takes=True, forecasts=True)
        for article in opened:
            _submit(article, who, at, takes=name in {"voter", "both"}, forecasts=name in {"forecaster", "both"})
    return people


def _submit(article: Article, who: Reader, now: datetime, *, takes: bool, forecasts: bool) -> None:
    poll, prediction = factories.asked(article)
    given = Answer(
        choices=poll.choices[:1] if takes else (), outcome=prediction.outcomes[1] if forecasts else None, probabilities=None
    )
    if takes or forecasts:
        participation.submit(article, given, by=who, now=now)


def _answer(site: Site, article: Article, world: World) -> None:
    """Let the crowd answer, then those who write, with what they hold, then those who rate."""
    at = site.now - ANSWERED
    for place, who in enumerate(site.readers(site.crowd)):
        _vote(article, who, place, world, at, counts=(FEW, MANY)[world.takes])
        _forecast(article, who, place, world, at, counts=(MANY, FEW)[world.forecasts])
    written = _write(site, article, world)
    if article.id == site.long_one:
        _rate(site, article, written, world, at)
    _, prediction = factories.asked(article)
    crowds.refresh(prediction, now=site.now - timedelta(hours=1))
    for question in factories.asked(article):
        series.extend(question, now=site.now)


def _rate(site: Site, article: Article, written: Sequence[Comment], world: World, now: datetime) -> None:
    """Let comments be rated by readers of both sides, or, in the other world, by as many of one side, and as well.

    Those on which both sides have to agree to come before the others are not those that most find good.
    """
    for place, who in enumerate(site.readers(site.raters)):
        _give(article, who, _ballots(article)[0 if world.takes else place % 2], now)
        for number, comment in enumerate(written):
            is_praised = number % 3 == 2
            if is_praised and place >= PRAISING:
                continue
            verdict = Verdict.GOOD if is_praised or place % 5 > number % 4 else Verdict.POOR
            ratings.rate(comment, verdict, by=who, now=now + timedelta(hours=9))


def _write(site: Site, article: Article, world: World) -> list[Comment]:
    """Let comments be written by readers with or without a take and a forecast of theirs."""
    accounts, at = site.readers(site.commenters), site.now - ANSWERED
    for place, who in enumerate(accounts):
        _vote(article, who, place, world, at, counts=COMMENTERS if world.takes == 0 else 4)
        _forecast(article, who, place, world, at, counts=COMMENTERS if world.forecasts == 0 else 3)
    count = LONG if article.id == site.long_one else COMMENTERS
    written = [_said(article, accounts[place % COMMENTERS], site.now, f"I say {place}.", at=place) for place in range(count)]
    first = db.session.get_one(Comment, next(one for one in site.own if _is_on(article, one)))
    answer = _said(article, accounts[0], site.now, "And to you.", at=count, parent=first)
    return [*written, answer, _said(article, accounts[1], site.now, "And to that.", at=count + 1, parent=written[0])]


def _said(article: Article, by: Reader, now: datetime, body: str, *, at: int, parent: Comment | None = None) -> Comment:
    held = participation.standing_of(article, by)
    when = now - WRITTEN + timedelta(minutes=at)
    return comments.post(article, body, by=by, now=when, parent=parent, standing=(held.vote, held.forecast))


def _is_on(article: Article, comment_id: int) -> bool:
    return db.session.get_one(Comment, comment_id).article_id == article.id


def _ballots(article: Article) -> list[list[OpinionChoice]]:
    """Return two ballots of different sides."""
    poll, _ = factories.asked(article)
    several = {PollKind.APPROVAL: 2, PollKind.RANKED: len(poll.choices)}.get(poll.kind, 1)
    of_one, of_other = poll.choices[::2], poll.choices[::-1]
    if poll.kind is PollKind.RANKED:
        return [list(poll.choices), of_other]
    return [of_one[:several], of_other[::2][:several]]


def _vote(article: Article, who: Reader, place: int, world: World, now: datetime, *, counts: int) -> None:
    if place < counts:
        side = 1 if world.takes else place % 2  # all on one, or as many on each
        _give(article, who, _ballots(article)[side], now + timedelta(minutes=place))


def _give(article: Article, who: Reader, ballot: Sequence[OpinionChoice], now: datetime) -> None:
    participation.submit(article, Answer(choices=ballot), by=who, now=now)


def _forecast(article: Article, who: Reader, place: int, world: World, now: datetime, *, counts: int) -> None:
    _, prediction = factories.asked(article)
    outcome = prediction.outcomes[-1 if world.forecasts else 0]
    sure = (0.91 + place / 500, 0.6 - place / 100)[world.forecasts]
    rest = (1 - sure) / (len(prediction.outcomes) - 1)
    chances = {one.id: sure if one is outcome else rest for one in prediction.outcomes}
    if place < counts:
        answer = Answer(outcome=outcome, probabilities=chances)
        participation.submit(article, answer, by=who, now=now + timedelta(minutes=place))


def _resolve(site: Site) -> None:
    editor = db.session.get_one(Reader, site.people["editor"])
    for article_id in site.articles:
        article = db.session.get_one(Article, article_id)
        resolve(article, editor, site.now - RESOLVED)
        _, prediction = factories.asked(article)
        assert finality.finalise(prediction, now=site.now - FINAL)
        scorekeeping.score(prediction, now=site.now - FINAL)
    boardkeeping.renew(now=site.now)


def _tell(site: Site) -> None:
    """Tell everybody what they follow, and write the mails."""
    spread(site.now - timedelta(minutes=20))
    for who in site.people.values():
        if who is not None:
            mailing.write_mails(who, now=site.now - timedelta(minutes=10))


def _number_anew() -> None:
    """Let every table's next row have the number after its last: a sequence of PostgreSQL would go on where a world ended."""
    if db.session.get_bind().dialect.name != "postgresql":
        return
    for table in db.metadata.sorted_tables:
        if "id" in table.c and table.c.id.autoincrement is True:
            last = f"(SELECT coalesce(max(id), 0) + 1 FROM {table.name})"  # noqa: S608 - our own names
            db.session.execute(text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), {last}, false)"))
    db.session.flush()
