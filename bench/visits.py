"""Everything that can be opened or done on a generated site, by whom, so that a large site can be held against a small one."""

from __future__ import annotations

import contextvars
import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from bench.generate.size import STANDARD
from blueprints.articles.pulse import key_of
from domain import mailing, periods
from domain.tallies import Seen
from domain.threads import Sort
from extensions import db
from models import (
    Article,
    Comment,
    CommentState,
    ForecastScore,
    OutcomeTally,
    Participation,
    Prediction,
    Reader,
    Role,
    StatementOfReasons,
)
from tests import factories

STAFF = {
    "moderation": "moderator",
    "appeals": "moderator",
    "conduct": "moderator",
    "oversight": "moderator",
    "newsroom": "editor",
    "policy": "editor",
    "statements": "author",
}
NOT_READ = {"asset", "gallery.show", "gallery.error", "static"}  # no database is asked
GUESTS = 100  # who come for the first time: enough for every round
TYPICAL = 12  # comments and scored questions of the reader who looks around
CURSOR = re.compile(r'href="(/articles/[^"?]+\?[^"]*after=[^"]+)"')
UNDO = re.compile(r"/entries/(\d+)/reversal")
OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}


@dataclass(frozen=True)
class Visit:
    """An address somebody opens, or a form they send: each call of `send` is one, and returns the status."""

    name: str
    send: Callable[[], int]


@dataclass(frozen=True)
class Site:
    """A generated site, who looks around, and what there is to look at."""

    app: Flask
    browsers: Mapping[str, FlaskClient]
    values: Mapping[str, object]
    comments: int
    guests: Iterator[FlaskClient] = field(compare=False)


def site_of(app: Flask) -> Site:
    """Look around in the application's context, and sign people in. Commits."""
    articles = select(Article).where(Article.opened_at.is_not(None))
    viral = db.session.scalars(articles.order_by(Article.published_comments.desc()).limit(1)).one()
    people: dict[str, Reader] = {
        "reader": _typical(viral),
        **{role.value: _of_role(role) for role in (Role.MODERATOR, Role.EDITOR)},
    }
    newest = select(StatementOfReasons.reader_id).order_by(StatementOfReasons.id.desc()).limit(1)
    people["author"] = db.session.get_one(Reader, db.session.scalar(newest))
    browsers = {who: factories.browser_of(app, reader) for who, reader in people.items()}
    comments = db.session.scalar(select(func.max(Comment.id))) or 0
    guests = [factories.browser_of(app, factories.guest()) for _ in range(GUESTS)]
    site = Site(app, browsers, _values(app, viral, people["reader"]), comments, iter(guests))
    db.session.commit()
    return site


def reading(site: Site) -> Iterator[Visit]:
    """Yield every page there is, from the rules of the application, and the ways to read a discussion."""
    with site.app.test_request_context():
        paths = [(rule.endpoint, path) for rule in _rules(site.app) for path in _paths(site, rule)]
    for endpoint, path in paths:
        who = STAFF.get(endpoint.partition(".")[0], "reader")
        yield _get(site, f"{endpoint} {_told(site, path)}", who, path)


def _rules(app: Flask) -> list[Rule]:
    found = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and rule.endpoint not in NOT_READ]
    return sorted(found, key=lambda rule: (rule.endpoint, rule.rule))


def _paths(site: Site, rule: Rule) -> Iterator[str]:
    if not rule.arguments <= site.values.keys():
        return
    path = url_for(rule.endpoint, **cast("dict[str, Any]", {name: site.values[name] for name in rule.arguments}))
    yield path
    if "slug" in rule.arguments and rule.endpoint.startswith(("articles.", "feeds.")):
        yield path.replace(str(site.values["slug"]), str(site.values["standard"]))
    if rule.endpoint == "articles.show":
        yield from _readings(site, path)
    for query in QUERIES.get(rule.endpoint, ()):
        yield f"{path}?{query}"


QUERIES = {
    "articles.news": ("after=0",),
    "comments.people": ("q=so",),
    "moderation.queue": ("words=toll",),
    "records.leaderboard": ("period=month", "period=year", "section=City"),
    "newsroom.index": ("q=part",),
}


def _readings(site: Site, path: str) -> Iterator[str]:
    """Yield a discussion in every order, of one take, and the page after the first of each."""
    queries = [f"sort={sort.value}" for sort in Sort] + [f"sort=newest&take={site.values['take']}"]
    for query in queries:
        yield f"{path}?{query}"
        page = _opened(site.browsers["reader"], f"{path}?{query}").text
        if found := CURSOR.search(page):
            yield found[1].replace("&amp;", "&").partition("#")[0]


def _get(site: Site, name: str, who: str, path: str) -> Visit:
    browser = site.browsers[who]
    return Visit(name, lambda: _opened(browser, path).status_code)


def _opened(browser: FlaskClient, path: str, **sent: Any) -> TestResponse:
    """Open an address, or send a form there, in a context of its own, as in production."""
    method = "POST" if sent else "GET"
    found: TestResponse = contextvars.Context().run(
        browser.open, path, method=method, buffered=True, **{"headers": OWN_PAGE, **sent}
    )
    return found


def _told(site: Site, path: str) -> str:
    """Return an address without what differs between two sites: numbers, keys and names in it."""
    for name in ("slug", "standard", "public_id", "key", "token"):
        path = path.replace(str(site.values[name]), name)
    return re.sub(r"after=[^&]+", "after=…", re.sub(r"\d{2,}", "N", path))


def writing(site: Site) -> Iterator[Visit]:
    """Yield what readers and moderators do most."""
    viral, comment, counted = f"/articles/{site.values['slug']}", f"/comments/{site.values['comment_id']}", itertools.count(1)
    reader, outcomes = site.browsers["reader"], itertools.cycle(cast("list[int]", site.values["outcomes"]))
    verdicts = itertools.cycle(("good", "poor"))

    def sent(browser: FlaskClient, path: str, **fields: object) -> int:
        return _opened(browser, path, data=fields).status_code

    def said() -> str:
        return f"Nobody has said this before, and it is said for the time {next(counted)} at {datetime.now(UTC)}."

    yield Visit("first vote", lambda: sent(next(site.guests), f"{viral}/participation", choice=site.values["take"]))
    yield Visit("another forecast", lambda: sent(reader, f"{viral}/participation", outcome=next(outcomes)))
    yield Visit("comment", lambda: sent(reader, f"{viral}/comments", body=said()))
    yield Visit("reply", lambda: sent(reader, f"{comment}/replies", body=said()))
    yield Visit("rating", lambda: sent(reader, f"{comment}/rating", verdict=next(verdicts)))
    yield Visit("report", lambda: sent(next(site.guests), f"{comment}/reports", reason="spam"))
    yield _decision(site)


def _decision(site: Site) -> Visit:
    """Return approving a held comment and taking that back."""
    versions, browser = itertools.count(cast("int", site.values["version"]), 2), site.browsers["moderator"]
    head = {**OWN_PAGE, "Accept": "application/json"}

    def decide() -> int:
        path = f"/moderation/comments/{site.values['held']}/approval?place=held"
        approved = _opened(browser, path, data={"version": next(versions)}, headers=head)
        if (entry := UNDO.search(approved.text)) is None:
            return approved.status_code + 1_000
        return _opened(browser, f"/moderation/entries/{entry[1]}/reversal?place=held", headers=head).status_code

    return Visit("decision and its undoing", decide)


# --- who and what ------------------------------------------------------------------------------------------------------


def _typical(viral: Article) -> Reader:
    """Return an account that took part in the viral article, with about `TYPICAL` comments and scores."""
    said = select(func.count()).where(Comment.reader_id == Reader.id).scalar_subquery()
    scored = select(func.count()).where(ForecastScore.reader_id == Reader.id).scalar_subquery()
    there = select(Participation.reader_id).where(Participation.article_id == viral.id)
    sample = select(Reader.id).where(Reader.id.in_(there), Reader.registered_at.is_not(None), Reader.role == Role.READER)
    near = func.abs(said - TYPICAL) + func.abs(scored - TYPICAL)
    few = sample.order_by(Reader.id).limit(2_000)
    return db.session.scalars(select(Reader).where(Reader.id.in_(few)).order_by(near, Reader.id).limit(1)).one()


def _of_role(role: Role) -> Reader:
    return db.session.scalars(select(Reader).where(Reader.role == role).order_by(Reader.id).limit(1)).one()


def _standard() -> int:
    """Return the article that is the same on every site."""
    asked = select(OutcomeTally.prediction_id).group_by(OutcomeTally.prediction_id)
    same = asked.having(func.sum(OutcomeTally.forecasts) == STANDARD.forecasts)
    found = select(Prediction.article_id).where(Prediction.id.in_(same), Prediction.resolution_count > 0)
    return db.session.scalars(found.order_by(Prediction.article_id).limit(1)).one()


def _values(app: Flask, viral: Article, reader: Reader) -> dict[str, object]:
    """Return what stands in the addresses of this site."""
    in_viral = (Comment.article_id == viral.id) & (Comment.state == CommentState.PUBLISHED)
    root = select(Comment.id).where(in_viral, Comment.replies > 1).order_by(Comment.id).limit(1)
    statement = select(StatementOfReasons.id).order_by(StatementOfReasons.id.desc()).limit(1)
    held = db.session.scalars(select(Comment).where(Comment.state == CommentState.HELD).order_by(Comment.id).limit(1)).one()
    period = periods.containing(datetime.now(UTC))
    assert viral.poll is not None and viral.prediction is not None  # noqa: S101, PT018 - it was made with both
    return {
        "slug": viral.slug,
        "article_id": viral.id,
        "prediction_id": db.session.scalars(select(Prediction.id).where(Prediction.article_id == _standard())).one(),
        "standard": db.session.get_one(Article, _standard()).slug,
        "take": viral.poll.choices[0].id,
        "outcomes": [outcome.id for outcome in viral.prediction.outcomes],
        "held": held.id,
        "version": held.version,
        "comment_id": db.session.scalar(root),
        "public_id": reader.public_id,
        "statement_id": db.session.scalar(statement),
        "period": str(periods.containing(period.start - timedelta(days=1))),
        "token": mailing.token_for(reader.id, secret=str(app.secret_key or "")),
        "key": key_of(viral.id, Seen(takes=True, outcomes=True)),
        "name": "reported",
        "asked": "prediction",
        "noun": "annulment",
        "code": "abuse",
        "listed": "suspect",
    }
