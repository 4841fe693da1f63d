"""Everything a browser can read of a site, address by address, as one of its people gets it."""

from __future__ import annotations

import contextvars
import itertools
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urldefrag, urlencode

from flask import Flask, url_for
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule

from blueprints.articles.pulse import key_of
from domain import mailing, receipts
from domain.tallies import Seen
from domain.threads import THREADS_A_PAGE, Sort
from extensions import db
from jobs import letters, telling
from models import Article, Comment, OutgoingMail, OutgoingPush, Prediction, Reader
from tests.worlds import Site

DEEPEST = 2  # steps: the addresses of the table and the front page, and what they link to
MOST_OF_A_KIND = 3  # addresses of one rule that are followed: what reads the same tables reads them the same way
PERSONAL = {"Date", "Set-Cookie", "X-Request-ID"}  # of an answer's head: they tell who asks and when
LINK = re.compile(r"""\b(?:href|src|data-[a-z-]+)=["'](/[^"'\s]*)["']""")
NOT_READ = {
    "asset": "files of the build, the same for everybody: no database is asked",
    "gallery.show": "samples that stand in the code, with the present time: no article is asked for",
}
HTML, JSON = "text/html", "application/json"


@dataclass(frozen=True)
class Answer:
    """What came back from one address."""

    status: int
    head: tuple[tuple[str, str], ...]
    body: bytes


Crawl = Mapping[tuple[str, str], Answer]  # by address and by what was asked for


def crawl(site: Site, who: str, *, without: tuple[str, ...] = ()) -> Crawl:
    """Read every address there is, and whatever they link to, but what begins with one of those left out."""
    site.app.extensions["cache"].store.clear()  # what was made in another world
    found: dict[tuple[str, str], Answer] = {}
    for step in range(DEEPEST):
        waiting = _linked(site, found) if step else [("/", HTML), *addresses(site)]
        asked_now = [asked for asked in dict.fromkeys(waiting) if asked not in found and not asked[0].startswith(without)]
        found |= {asked: _read(site.browsers[who], *asked) for asked in asked_now}
    return found | {("mail or push", str(place)): Answer(0, (), text) for place, text in enumerate(_told(site, who))}


def read_rules(app: Flask) -> list[Rule]:
    """Return every rule that takes a GET and is not in `NOT_READ`."""
    return [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and rule.endpoint not in NOT_READ]


def addresses(site: Site) -> list[tuple[str, str]]:
    """Return every address that can be made of the rules, the values of their arguments and the queries they take.

    The first of each rule is asked for JSON as well.
    """
    given, found = values(site), []
    with site.app.test_request_context():
        for rule in read_rules(site.app):
            paths = list(_filled(rule, given))
            found += [(path, HTML) for path in paths] + [(paths[0], JSON)]
    return found


def values(site: Site) -> dict[str, list[object]]:
    """Return what the arguments of addresses can be, by their names. A rule with an argument of another name needs it here."""
    written = select(Comment.id).where(Comment.article_id.in_(site.articles)).order_by(Comment.id)
    numbers = list(db.session.scalars(written))
    some = [site.own[0], *numbers[len(site.own) :: 15], numbers[-1]]
    people = [*site.commenters[:3], site.people["both"], site.people["reader"]]
    shown = [*site.articles, *site.own]
    return {
        "slug": [db.session.get_one(Article, one).slug for one in site.articles],
        "article_id": list(site.articles),
        "prediction_id": list(db.session.scalars(select(Prediction.id).where(Prediction.article_id.in_(site.articles)))),
        "dispute_id": [1],
        "notice_id": [1],
        "filter_id": [1],
        "period": ["2025-H2"],
        "statement_id": [1],
        "appeal_id": [1],
        "noun": ["annulment"],
        "comment_id": list(some),
        "public_id": [db.session.get_one(Reader, one).public_id for one in people],
        "token": ["forged", *_tokens(site, people[0] or 0)],
        "key": ["0" * 32, *(_foreign_key(site, one) for one in shown[:1])],
        "name": ["reported", "edited"],
        "asked": ["poll", "prediction"],
        "status": [404],
        "code": ["abuse"],
        "listed": ["suspect"],
        "rule_id": [1],
        "version": ["none"],
    }


def _tokens(site: Site, reader_id: int) -> list[object]:
    """Return the tokens of links that need no sign-in."""
    secret = str(site.app.secret_key or "")
    return [mailing.token_for(reader_id, secret=secret), receipts.token_of(receipts.COMMENT, site.own[0], secret=secret)]


def queries(endpoint: str, argument: object) -> list[dict[str, str]]:
    """Return the queries with which an address is asked beside none. `argument` is the first of its values."""
    if endpoint == "articles.show":
        return _readings(db.session.scalars(select(Article).where(Article.slug == argument)).one())
    numbers = db.session.scalars(select(Comment.id).order_by(Comment.id).limit(30)).all()
    shown = ",".join(f"{one}.0" for one in numbers)
    slugs = db.session.scalars(select(Article.slug))
    others: dict[str, list[dict[str, str]]] = {
        "articles.news": [{"after": "0"}, {"after": "0", "shown": shown, "tallies": ""}, {"tallies": "another"}],
        "comments.people": [{"q": "the"}],
        "oembed.show": [
            *({"url": f"http://127.0.0.1:8000/articles/{slug}"} for slug in slugs),
            *({"url": f"http://127.0.0.1:8000/comments/{one}"} for one in numbers[::6]),
        ],
    }
    return others.get(endpoint, [])


def _readings(article: Article) -> list[dict[str, str]]:
    """Return the ways to read a discussion: of a long one in every order, of others those of one take."""
    takes = [str(choice.id) for choice in article.poll.choices] if article.poll else []
    if article.published_comments <= THREADS_A_PAGE:
        return [{"sort": "common", "take": takes[-1]}]
    sorts = [{"sort": sort.value} for sort in Sort]
    return [*sorts, {"sort": "newest", "take": takes[0]}, {"take": takes[-1]}, {"sort": "common", "after": "1.9999999"}]


def differing(one: Crawl, other: Crawl) -> dict[str, str]:
    """Return the addresses that are answered differently, each with the first place where the answers part."""
    return {
        " ".join(asked): _parting(one.get(asked), other.get(asked))
        for asked in sorted(one.keys() | other.keys())
        if one.get(asked) != other.get(asked)
    }


def _filled(rule: Rule, given: Mapping[str, list[object]]) -> Iterator[str]:
    names = sorted(rule.arguments)
    assert rule.arguments <= given.keys(), f"say in `values` what can stand in {rule.rule}"
    for row in itertools.product(*(given[name] for name in names)):
        path = url_for(rule.endpoint, **cast("dict[str, Any]", dict(zip(names, row, strict=True))))
        for query in ({}, *queries(rule.endpoint, row[-1] if row else None)):
            yield path + (f"?{urlencode(query)}" if query else "")


def _foreign_key(site: Site, article_id: int) -> str:
    """Return the key of another article's results, which opens nothing here."""
    del site
    return key_of(article_id + 1_000, Seen(takes=True, outcomes=True))


def _read(browser: FlaskClient, path: str, accept: str) -> Answer:
    """Ask as somebody who typed the address. In a context of its own, as in production."""
    headers = {"Accept": accept, "Sec-Fetch-Site": "none"}
    response = contextvars.Context().run(FlaskClient.open, browser, path, headers=headers)
    head = tuple(sorted((name, value) for name, value in response.headers if name not in PERSONAL))
    return Answer(response.status_code, head, response.data)


def _links(answer: Answer) -> Iterator[str]:
    """Yield the addresses of ours that a page names, where they can be read."""
    for found in LINK.findall(answer.body.decode("utf-8", "replace")):
        path = urldefrag(found.replace("&amp;", "&")).url
        if not path.startswith(("/assets/", "//", "/static/")):
            yield path


def _linked(site: Site, found: Crawl) -> list[tuple[str, str]]:
    """Return the addresses that pages link to, and that are none of these pages."""
    linked = {path for answer in found.values() for path in _links(answer)}
    return [(path, HTML) for path in _of_each_kind(site.app, sorted(linked - {path for path, _ in found}))]


def _of_each_kind(app: Flask, paths: Sequence[str]) -> list[str]:
    """Return some of the addresses of each rule; all of those that no rule has, because that would be worth knowing."""
    adapter, counted, kept = app.url_map.bind("localhost"), Counter[str](), []
    for path in paths:
        bare, _, query = path.partition("?")
        kind = f"{adapter.match(bare)[0]} {re.sub('=[^&]*', '', query)}" if adapter.test(bare, "GET") else path
        counted[kind] += 1
        if counted[kind] <= MOST_OF_A_KIND:
            kept.append(path)
    return kept


def _told(site: Site, who: str) -> Iterator[bytes]:
    """Yield what this person is mailed, and what their browser is told."""
    mine = site.people[who]
    for mail in db.session.scalars(select(OutgoingMail).where(OutgoingMail.reader_id == mine).order_by(OutgoingMail.id)):
        yield repr((mail.address, mail.unsubscribe_path, letters.letter_for(mail))).encode()
    for push in db.session.scalars(select(OutgoingPush).order_by(OutgoingPush.id)):
        yield telling._message_of(push) or b""  # noqa: SLF001 - it leaves encrypted, each time with another key


def _parting(one: Answer | None, other: Answer | None) -> str:
    if one is None or other is None:
        return "in one world only"
    if (one.status, one.head) != (other.status, other.head):
        ours, theirs = (sorted({("status", str(answer.status)), *answer.head}) for answer in (one, other))
        return f"{[pair for pair in ours if pair not in theirs]} | {[pair for pair in theirs if pair not in ours]}"
    at = next(place for place, pair in enumerate(itertools.zip_longest(one.body, other.body)) if pair[0] != pair[1])
    return f"{one.body[max(0, at - 60) : at + 60]!r} | {other.body[max(0, at - 60) : at + 60]!r}"
