"""A site with something of everything on it, and somebody of every kind to look at it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from bs4 import BeautifulSoup
from bs4.element import Tag
from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import Connection, Engine, event
from werkzeug.test import Cookie

from blueprints.accounts.confirmation import Claim, token_of
from blueprints.articles.pulse import key_of
from domain import articles, clauses, moderation, participation, revisions, visibility
from domain.moderation import Judged
from domain.participation import Answer
from domain.tallies import Seen
from extensions import db
from models import Article, Comment, CommentState, ModerationEntry, Reader, ReportReason, Role
from tests import (
    factories,
    scene_of_conduct,
    scene_of_following,
    scene_of_oversight,
    scene_of_policy,
    scene_of_records,
    scene_of_resolving,
    scene_of_the_desk,
)
from tests.applications import staged

UNSENT = {"button", "checkbox", "file", "radio", "reset", "submit"}  # unless checked
READING = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK")  # how a statement begins that changes no row by itself
WHO = ("nobody", "guest", "reader", "moderator", "editor", "admin")


@dataclass(frozen=True, kw_only=True)
class Scene:
    """The cast, by the cookie that each has, and the names by which things are put into addresses and forms."""

    app: Flask
    cookies: dict[str, Cookie | None]
    names: dict[str, object]
    own: dict[str, dict[str, object]]
    pages: dict[str, str] = field(default_factory=dict)

    def browser(self, who: str) -> FlaskClient:
        """Return a browser of one of the cast, who signed in before anything was tried."""
        browser, cookie = self.app.test_client(), self.cookies[who]
        if cookie:
            browser.set_cookie(cookie.key, cookie.value)
        return browser

    def page(self, path: str) -> str:
        """Return a page as the admin has it before anything is tried, which is therefore read once."""
        if path not in self.pages:
            self.pages[path] = self.browser("admin").get(path).text
        return self.pages[path]

    def filled(self, texts: dict[str, str], who: str) -> dict[str, str]:
        """Return texts with the names in braces replaced, as one of the cast would send them."""
        names = {**self.names, **self.own[who]}
        return {key: text.format_map(names) for key, text in texts.items()}

    def address(self, endpoint: str, names: dict[str, str], who: str) -> str:
        """Return where an endpoint is, for one of the cast."""
        values: dict[str, Any] = self.filled(names, who)
        with self.app.test_request_context():
            return url_for(endpoint, **values)


def play(app: Flask) -> Scene:
    """Set the scene. Call in the application's context; the caller commits."""
    now = datetime.now(UTC)
    names = zip(Role, ("the red", "the blue", "the dun", "the sea"), strict=True)
    cast = {"guest": factories.guest(), **{role.value: factories.account(name, role=role) for role, name in names}}
    author = factories.account("author")
    article, draft = factories.open_article(now), articles.create(factories.draft(now, "A draft"), now=now)
    things = {**_things(article, draft, author, now), "build": app.extensions["build"]}
    things |= scene_of_following.names(app, article, author) | scene_of_resolving.names(draft, now)
    things |= scene_of_records.names(article, draft, now) | scene_of_conduct.names(app, article, now)
    things |= scene_of_policy.names(cast["editor"], now)
    things |= scene_of_the_desk.names(now)
    own = {who: _belongings(article, reader, author, now) for who, reader in cast.items()}
    db.session.flush()
    cookies = {who: _cookie_of(factories.browser_of(app, reader)) for who, reader in cast.items()}
    return Scene(app=app, cookies={"nobody": None, **cookies}, names=things, own={"nobody": {}, **own})


def _cookie_of(browser: FlaskClient) -> Cookie | None:
    return browser.get_cookie("session") or browser.get_cookie("guest")


@contextmanager
def performed(app: Flask) -> Iterator[tuple[Scene, Connection]]:
    """Set the scene in a transaction that is rolled back, and give the one connection on which everything happens."""
    with staged(app) as stage, _without_hurry(app):
        scene = play(app)
        db.session.commit()
        yield scene, stage


@contextmanager
def _without_hurry(app: Flask) -> Iterator[None]:
    """Let what was posted when the scene was set be edited for as long as somebody looks at it."""
    usual = app.extensions["foresay"]
    app.extensions["foresay"] = replace(usual, edit_minutes=600)
    yield
    app.extensions["foresay"] = usual


@cache
def _keys() -> dict[str, str]:
    """Return the columns of every table's primary key."""
    return {table.name: ", ".join(table.primary_key.columns.keys()) for table in db.metadata.tables.values()}


def rows_of(stage: Connection) -> dict[str, list[tuple[object, ...]]]:
    """Return every row of every table, as the driver has it: thousands of times, and to be compared."""
    keys = _keys()
    selects = [f"SELECT * FROM {name} ORDER BY {key}" for name, key in keys.items()]  # noqa: S608 - our own names
    with closing(stage.connection.cursor()) as cursor:
        if stage.dialect.name == "sqlite":
            return {name: list(cursor.execute(select)) for name, select in zip(keys, selects, strict=True)}
        cursor.execute(";".join(selects))  # in one round trip
        rows = {}
        for name in keys:
            rows[name] = list(cursor.fetchall())
            cursor.nextset()
        return rows


@contextmanager
def changes(stage: Connection) -> Iterator[Callable[[], bool]]:
    """Give a function that says whether any row is another than before: they are read only when something is written."""
    before: list[dict[str, list[tuple[object, ...]]]] = []

    def read(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not before and not statement.startswith(READING):
            before.append(rows_of(stage))

    event.listen(Engine, "before_cursor_execute", read)
    try:
        yield lambda: bool(before) and rows_of(stage) != before[0]
    finally:
        event.remove(Engine, "before_cursor_execute", read)


def form_on(page: str, action: str) -> dict[str, list[str]]:
    """Return what a browser would send from the form with this action, untouched."""
    form = next(tag for tag in BeautifulSoup(page, "lxml").find_all("form") if _path(tag) == action)
    sent = defaultdict(list)
    for tag in form.select("input[name], textarea[name], select[name]"):
        if tag.get("type") not in UNSENT or tag.has_attr("checked"):
            sent[str(tag["name"])].append(_value(tag))
    return dict(sent)


def _value(control: Tag) -> str:
    if control.name == "textarea":
        return control.get_text().removeprefix("\n")
    if control.name == "select":
        option = control.select_one("option[selected]") or control.select_one("option")
        return str(option["value"]) if option else ""
    return str(control.get("value", ""))


def _path(form: Tag) -> str:
    return str(form.get("action", "")).partition("#")[0].partition("?")[0]


def _things(article: Article, draft: Article, author: Reader, now: datetime) -> dict[str, object]:
    poll, prediction = factories.asked(article)
    guest, unconfirmed = factories.guest(), factories.account("newcomer", confirmed=False)
    published = factories.comment(article, author)
    moderation.report(published, ReportReason.ABUSE, "Look at this.", by=guest, now=now)
    participation.submit(article, Answer(choices=[poll.choices[0]], outcome=prediction.outcomes[0]), by=author, now=now)
    return {
        "open": article.slug,
        "open_id": article.id,
        "draft": draft.slug,
        "draft_id": draft.id,
        "pulse_key": key_of(article.id, Seen(takes=True, outcomes=True)),
        "edition": articles.edition_of(draft),
        "choice": poll.choices[1].id,
        "outcome": prediction.outcomes[1].id,
        "published": published.id,
        "held": factories.comment(article, guest).id,
        **_edited(factories.comment(article, author), now),
        **scene_of_oversight.names(factories.comment(article, author), now),
        "entry": _removal(factories.comment(article, author), factories.account("another", role=Role.MODERATOR), now).id,
        "author": author.public_id,
        "stranger": guest.public_id,
        "token": token_of(Claim(unconfirmed.id, unconfirmed.email or "")),
        "password": factories.PASSWORD,
        "today": f"{now - timedelta(hours=1):%Y-%m-%dT%H:%M}",
        "next_year": f"{now + timedelta(days=365):%Y-%m-%dT%H:%M}",
    }


def _belongings(article: Article, reader: Reader, author: Reader, now: datetime) -> dict[str, object]:
    """Return what is one reader's own: a comment in each state and, of a moderator, a decision."""
    mine = {f"own_{state.value}": factories.comment(article, reader) for state in CommentState}
    for state in CommentState:
        visibility.show_as(mine[f"own_{state.value}"], state, now=now)
    db.session.flush()
    numbers: dict[str, object] = {name: comment.id for name, comment in mine.items()}
    if reader.role is not Role.READER:
        numbers["own_entry"] = _removal(factories.comment(article, author), reader, now).id
    numbers |= {"email": reader.email or ""} | scene_of_conduct.belongings(article, reader, author, now)
    return numbers | scene_of_following.belongings(article, reader, now)


def _edited(comment: Comment, now: datetime) -> dict[str, object]:
    """Return the names of a comment of which an edit waits."""
    linked = revisions.edit(comment, "https://example.org/", by=comment.reader, now=now, window=timedelta(hours=1))
    return {"edited": comment.id, "edit": linked.id if linked else 0, "edited_version": comment.version}


def _removal(comment: Comment, by: Reader, now: datetime) -> ModerationEntry:
    judged = Judged(comment_id=comment.id, version=comment.version)
    return moderation.remove(judged, clauses.current("abuse"), by=by, now=now)
