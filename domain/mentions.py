"""Mentions: `@` and the name of somebody who has a part in the discussion. Strangers and guests cannot be called in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, delete, exists, literal, or_, select, union, union_all

from domain import names, text
from domain.upserts import insert_new
from extensions import db
from models import Article, Comment, CommentMention, CommentState, Reader

MOST_MENTIONED = 10  # people told of one comment; who names more is calling a crowd, not answering
MOST_SIGNS = 30  # @ in one text that are looked at; three for everybody who can be told
MOST_OFFERED = 8  # names offered for what somebody has begun to type: what is taken in at a glance
LOOKED_AT = 200  # of the newest comments, and of the accounts whose names begin alike: however many there are of either
AFTER_ALL = "\U0010ffff"  # is behind every letter
READERS = "/readers/"  # where people's own pages are

_NAMES = select(Reader.id, Reader.name, Reader.name_skeleton).where(Reader.registered_at.is_not(None))
_SIGN = re.compile("@")
_LETTERS = re.compile(r"[^\W_](?:[^\W_]| )*")


@dataclass(frozen=True)
class Rendered:
    """A comment's text as safe HTML, and the ids of those it mentions, in order."""

    html: str
    mentioned: tuple[int, ...]


def rendered(article: Article, body: str) -> Rendered:
    """Return a text with links where it mentions people of the article's discussion."""
    people = _people_named(article, body)
    if not people:
        return Rendered(text.comment_html(body), ())
    paths = {name: f"{READERS}{person.public_id}" for name, person in people.items()}
    mentioned = tuple(people[name].id for name in text.mentioned_in(body, paths))
    return Rendered(text.comment_html(body, paths), mentioned)


def note(comment: Comment, mentioned: tuple[int, ...], *, is_new: bool = False) -> bool:
    """Write down whom the comment mentions now; return whether there is anybody it did not mention before."""
    told = [person for person in mentioned if person != comment.reader_id][:MOST_MENTIONED]
    of_comment = CommentMention.comment_id == comment.id
    before = set() if is_new else set(db.session.scalars(select(CommentMention.reader_id).where(of_comment)))
    if before - set(told):
        db.session.execute(delete(CommentMention).where(of_comment, CommentMention.reader_id.not_in(told)))
    for person in sorted(set(told) - before):  # in one order everywhere, because the rows of people are locked by it
        insert_new(CommentMention, comment_id=comment.id, reader_id=person)
    return bool(set(told) - before)


def people_called(article: Article, start: str) -> list[Reader]:
    """Return people of the discussion whose names begin with `start`, whatever its case and accents; at most a handful.

    Of a long discussion they are those who wrote last, and where these are too few, of others who are called alike the first.
    """
    start = text.line(start)
    skeleton = names.skeleton(start)
    if not skeleton or len(start) > names.LONGEST:
        return []
    called = _begun(_who_wrote_last(article), start, skeleton)
    if len(called) < MOST_OFFERED and article.published_comments > LOOKED_AT:
        called |= _begun(_first_of_name(article, start, skeleton), start, skeleton)
    offered = sorted(called, key=called.__getitem__)[:MOST_OFFERED]
    people = {person.id: person for person in db.session.scalars(select(Reader).where(Reader.id.in_(offered)))}
    return [people[one] for one in offered]


def _begun(people: Select[Any, Any, Any], start: str, skeleton: str) -> dict[int, tuple[str, int]]:
    """Return by their ids the order of those whose names begin as typed, or look so where only letters were typed."""
    is_plain = _LETTERS.fullmatch(start) is not None
    return {
        number: (name.lower(), number)
        for number, name, its_skeleton in db.session.execute(people)
        if name.lower().startswith(start.lower()) or (is_plain and its_skeleton.startswith(skeleton))
    }


def _who_wrote_last(article: Article) -> Select[Any, Any, Any]:
    """Select the accounts behind the newest comments, and who wrote the article."""
    shown = select(Comment.reader_id).where(Comment.article_id == article.id, Comment.state == CommentState.PUBLISHED)
    newest = shown.order_by(Comment.article_id.desc(), Comment.id.desc()).limit(LOOKED_AT).subquery()
    people = union(select(newest.c.reader_id), select(literal(article.author_id or 0))).subquery()
    return _NAMES.join(people, people.c.reader_id == Reader.id)


def _first_of_name(article: Article, start: str, skeleton: str) -> Select[Any, Any, Any]:
    """Select the people of the discussion among the first accounts whose names begin alike.

    Where the last letter and one after it look like a third together, such names lie elsewhere.
    """
    second = names.JOINING.get(start[-1:].lower(), "")
    begins = (Reader.name_skeleton.between(low, low + AFTER_ALL) for low in {skeleton, names.skeleton(start + second)})
    parts = [select(Reader.id).where(one).order_by(Reader.name_skeleton).limit(LOOKED_AT).subquery() for one in begins]
    alike = union_all(*(select(part.c.id) for part in parts)).subquery()
    return _NAMES.join(alike, alike.c.id == Reader.id).where(_has_part(article))


def _people_named(article: Article, body: str) -> dict[str, Reader]:
    """Return by their names the people of the discussion that could be meant: one statement, however long that is."""
    skeletons = {names.skeleton(name) for name in _could_be_names(body)} - {""}
    if not skeletons:
        return {}
    found = select(Reader).where(Reader.name_skeleton.in_(skeletons), _has_part(article))
    return {person.name: person for person in db.session.scalars(found) if person.name}


def _has_part(article: Article) -> ColumnElement[bool]:
    """Whether a reader wrote the article, or can be read in its discussion."""
    is_read = exists().where(
        Comment.reader_id == Reader.id, Comment.article_id == article.id, Comment.state == CommentState.PUBLISHED
    )
    return is_read if article.author_id is None else or_(is_read, Reader.id == article.author_id)


def _could_be_names(body: str) -> set[str]:
    """Return everything that follows an `@` and could be a name: it ends anywhere where a word does."""
    signs = [sign.start() for sign in _SIGN.finditer(body) if text.begins_mention(body, sign.start())]
    found = set()
    for sign in signs[:MOST_SIGNS]:
        start = sign + 1
        line = body[start : start + names.LONGEST].partition("\n")[0]
        lengths = range(names.SHORTEST, len(line) + 1)
        found |= {line[:length] for length in lengths if text.ends_name(body, start + length)}
    return found
