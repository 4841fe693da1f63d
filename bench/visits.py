"""Everything that can be opened or done on a generated site, by whom, so that a large site can be held against a small one."""

from __future__ import annotations

import contextvars
import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from flask import Flask, url_for
from flask.testing import FlaskClient
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from bench.places import Site
from domain.threads import Sort

WHO = {  # opens an address, by what it is called or where it is; a reader opens the others
    "accounts.sign_in": "nobody",
    "accounts.sign_up": "nobody",
    "moderation": "moderator",
    "appeals": "moderator",
    "transparency": "moderator",  # who may open the report of the half-year that runs
    "conduct": "moderator",
    "oversight": "moderator",
    "newsroom": "editor",
    "policy": "editor",
    "statements": "author",
}
NOT_READ = {
    "accounts.mail_sent": "three sentences for a browser that has just signed up",
    "policy.index": "leads on to the clauses",
    "asset": "a file of the build: no database is asked",
    "gallery.show": "samples that stand in the code, with development switched on alone",
    "gallery.error": "a page of errors, with development switched on alone",
    "watching.metrics": "what a watcher reads, where it is switched on: counters of the processes",
}
OTHERWISE = {  # pages in whose addresses something else stands than in those of others
    "accounts.confirm_email": {"token": "confirmation"},
    "comments.edit": {"comment_id": "own_comment"},
    "comments.withdrawal": {"comment_id": "own_comment"},
    "legalnotices.receipt": {"token": "notice_token"},
    "newsroom.decision": {"article_id": "disputed"},
    "newsroom.opening": {"article_id": "draft"},
    "statements.receipt": {"token": "receipt"},
}
ROW = re.compile(r"<(?:tr|li|article|entry)\b")  # of a table, a list, a discussion, a feed
CURSOR = re.compile(r'href="(/articles/[^"?]+\?[^"]*after=[^"]+)"')
UNDO = re.compile(r"/entries/(\d+)/reversal")
SHOWING_ROWS = {"text/html", "application/atom+xml"}
NAMED = ("slug", "standard", "public_id", "key", "confirmation", "notice_token", "receipt", "token", "version", "site_url")
OWN_PAGE = {"Sec-Fetch-Site": "same-origin"}


@dataclass(frozen=True)
class Visit:
    """An address somebody opens, or a form they send: each call of `send` is one, and returns the status.

    `rows` returns how many lines, comments or entries the page shows: one that shows more costs more, on a site of any size.
    """

    name: str
    send: Callable[[], int]
    rows: Callable[[], int] = lambda: 0


def reading(site: Site) -> Iterator[Visit]:
    """Yield every page there is, from the rules of the application, and the ways to read a discussion."""
    with site.app.test_request_context():
        paths = [(rule.endpoint, path) for rule in _rules(site.app) for path in _paths(site, rule)]
    for endpoint, path in paths:
        who = WHO.get(endpoint) or WHO.get(endpoint.partition(".")[0], "reader")
        yield _get(site, f"{endpoint} {_told(site, path)}", who, path)


def _rules(app: Flask) -> list[Rule]:
    found = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and rule.endpoint not in NOT_READ]
    return sorted(found, key=lambda rule: (rule.endpoint, rule.rule))


def _paths(site: Site, rule: Rule) -> Iterator[str]:
    """Yield where a rule leads. An argument of a new name has to be given a value in `places`, or the page a reason in `NOT_READ`."""
    otherwise = OTHERWISE.get(rule.endpoint, {})
    values = {name: site.values[otherwise.get(name, name)] for name in rule.arguments}
    path = url_for(rule.endpoint, **cast("dict[str, Any]", values))
    if rule.endpoint != "oembed.show":  # which needs its query
        yield path
    if "slug" in rule.arguments and "key" not in rule.arguments and rule.endpoint.startswith(("articles.", "feeds.")):
        yield path.replace(str(site.values["slug"]), str(site.values["standard"]))
    if rule.endpoint == "articles.show":
        yield from _readings(site, path)
    if "period" in rule.arguments:  # and the half-year that is not over
        yield path.replace(str(site.values["period"]), str(site.values["running"]))
    for query in QUERIES.get(rule.endpoint, ()):
        yield f"{path}?{query.format_map(site.values)}"


QUERIES = {
    "articles.index": ("before={article_id}",),
    "articles.news": ("after=0",),
    "articles.transcript": ("after={comment_id}",),
    "comments.people": ("q=so", "q=someone+b", "q=x"),
    "moderation.queue": ("words=toll",),
    "oembed.show": ("url={site_url}/articles/{slug}", "url={site_url}/comments/{comment_id}"),
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
    return Visit(name, lambda: _opened(browser, path).status_code, lambda: _rows_of(_opened(browser, path)))


def _rows_of(page: TestResponse) -> int:
    if page.mimetype == "text/csv":
        return page.text.count("\n")
    return len(ROW.findall(page.text)) if page.mimetype in SHOWING_ROWS else 0


def _opened(browser: FlaskClient, path: str, **sent: Any) -> TestResponse:
    """Open an address, or send a form there, in a context of its own, as in production."""
    method = "POST" if sent else "GET"
    found: TestResponse = contextvars.Context().run(
        browser.open, path, method=method, buffered=True, **{"headers": OWN_PAGE, **sent}
    )
    return found


def _told(site: Site, path: str) -> str:
    """Return an address without what differs between two sites: numbers, keys and names in it."""
    for name in NAMED:
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
    versions, browser = itertools.count(cast("int", site.values["held_version"]), 2), site.browsers["moderator"]
    head = {**OWN_PAGE, "Accept": "application/json"}

    def decide() -> int:
        path = f"/moderation/comments/{site.values['held']}/approval?place=held"
        approved = _opened(browser, path, data={"version": next(versions)}, headers=head)
        if (entry := UNDO.search(approved.text)) is None:
            return approved.status_code + 1_000
        return _opened(browser, f"/moderation/entries/{entry[1]}/reversal?place=held", headers=head).status_code

    return Visit("decision and its undoing", decide)
