"""A text before the checks, with what they ask of it worked out once, and what a check says of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import bindparam, case, exists, false, func, select, text
from sqlalchemy.exc import SQLAlchemyError

from domain import heat, linkchecks
from domain.classifier import Score
from domain.deadlines import Broken, Deadlines
from domain.heat import Recent
from domain.rulebook import Queue
from domain.wordkeeping import VERSIONS, Kept
from domain.words import Hit
from extensions import db
from models import (
    IS_TAKEN_AWAY,
    Article,
    ArticleSubject,
    Comment,
    CommentState,
    Finding,
    Reader,
    Sanction,
    SanctionKind,
    UTCDateTime,
)

PATIENCE = timedelta(milliseconds=500)  # with the classifier: a hundred times what ours takes, and nobody minds the wait
_ASKING = Deadlines(4)  # classifiers that hang at a time: what comes then waits for a moderator at once
LONGEST_DETAIL = 200  # characters: what the column takes
_RESTRICTED = (CommentState.HELD, CommentState.LIMITED, CommentState.REMOVED, CommentState.DISABLED)


_others = (Comment.reader_id == bindparam("reader")) & (Comment.id != bindparam("apart"))
_is_trusted = exists().where(_others, Comment.was_approved, Comment.state == CommentState.PUBLISHED)
_was_removed = exists().where(_others, text(IS_TAKEN_AWAY))
_has_ended = Sanction.ended_at.is_not(None) | (Sanction.ends_at <= bindparam("now", type_=UTCDateTime()))
_is_held = exists().where(
    Sanction.reader_id == bindparam("reader"), Sanction.kind == SanctionKind.HELD, ~func.coalesce(_has_ended, false())
)
_STANDING = select(
    *VERSIONS,
    _is_trusted.label("is_trusted"),
    _was_removed.label("had_one_removed"),
    _is_held.label("is_held"),
)


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What a check found, and what it wants to become of the text; with the version of the check, rule or model."""

    check: str = field(kw_only=False)
    finding: Finding = field(kw_only=False)
    detail: str = field(default="", kw_only=False)
    version: int = field(default=1, kw_only=False)
    rule_id: int | None = None
    model_id: int | None = None
    score: float | None = None
    evidence: dict[str, Any] | None = None
    queue: Queue | None = None  # where it is to be looked at, of those that route
    clause_id: int | None = None  # by which it is limited


@dataclass(frozen=True)
class Record:
    """How an author's comments have fared so far."""

    approved: int
    removed: int


@dataclass(frozen=True)
class Scored:
    """What a classifier said, and which one."""

    score: Score
    name: str
    version: str
    model_id: int | None


@dataclass(frozen=True, eq=False)
class Text:
    """A text to be checked, who wrote it, and where. `of` is the comment it is to become the text of, where it is an edit."""

    body: str
    by: Reader
    now: datetime
    article: Article | None = None
    is_reply: bool = False
    of: Comment | None = None

    @cached_property
    def kept(self) -> Kept:
        """Return the words, rules and classifier of this moment."""
        return Kept(self._standing)

    @property
    def is_trusted(self) -> bool:
        """Whether a moderator has approved another comment of its author that still stands."""
        return bool(self._standing.is_trusted)

    @property
    def had_one_removed(self) -> bool:
        """Whether another comment of its author was removed."""
        return bool(self._standing.had_one_removed)

    @property
    def is_held(self) -> bool:
        """Whether a sanction has all its author writes wait."""
        return bool(self._standing.is_held)

    @cached_property
    def _standing(self) -> Any:
        """Return what nearly every text is asked for: one query."""
        asked = {"reader": self.by.id, "apart": self.of.id if self.of else 0, "now": self.now}
        return db.session.execute(_STANDING, asked).one()

    @cached_property
    def hits(self) -> list[Hit]:
        """Return where listed words stand."""
        return self.kept.listed.find_all(self.body)

    @cached_property
    def links(self) -> list[str]:
        """Return its links."""
        return linkchecks.links(self.body)

    @cached_property
    def subjects(self) -> tuple[str, ...]:
        """Return whom the article names."""
        if self.article is None:
            return ()
        named = select(ArticleSubject.name).where(ArticleSubject.article_id == self.article.id).order_by(ArticleSubject.id)
        return tuple(db.session.scalars(named))

    @property
    def scored(self) -> Scored | None:
        """Return what the classifier says, if there is one. Raises where it does, answers too late or with nonsense."""
        if isinstance(self._scored, Exception):
            raise self._scored
        return self._scored

    @cached_property
    def _scored(self) -> Scored | Exception | None:
        """Return what the classifier says or why it does not: it is asked once, however many want to know."""
        try:
            return self._asked()
        except SQLAlchemyError:
            raise
        except Exception as failure:  # noqa: BLE001 - raised again to each who asks
            return failure

    def _asked(self) -> Scored | None:
        asked = self.kept.classifier
        if asked is None:
            return None
        one, model_id = asked
        name, version, body = one.name, one.version, self.body
        if not isinstance(name, str) or not isinstance(version, str):
            raise Broken("a classifier has a name and a version")
        score = _ASKING.within(PATIENCE.total_seconds(), lambda: one.score(body), gives=Score)
        return Scored(score, name, version, model_id)

    @cached_property
    def record(self) -> Record:
        """Return how the author's other comments fared."""
        counted = select(
            func.count(case((Comment.was_approved & (Comment.state == CommentState.PUBLISHED), 1))),
            func.count(case((text(IS_TAKEN_AWAY), 1))),
        )
        mine = counted.where(Comment.reader_id == self.by.id, Comment.id != (self.of.id if self.of else 0))
        return Record(*db.session.execute(mine).one())

    @cached_property
    def recent(self) -> Recent:
        """Return what was posted in the discussion lately."""
        return recent_in(self.article, self.now) if self.article else Recent(0)


def is_trusted(reader: Reader, *, apart_from: Comment | None = None) -> bool:
    """Whether a moderator has approved a comment of this reader that still stands.

    A comment vouches for its author, but not for what they make of that same comment afterwards.
    """
    return bool(db.session.scalar(select(_is_trusted), {"reader": reader.id, "apart": apart_from.id if apart_from else 0}))


def recent_in(article: Article, now: datetime) -> Recent:
    """Return how much was posted in a discussion lately, and how much of it was restricted; no more than says `HEATED`."""
    newest = select(Comment.posted_at, Comment.state).where(Comment.article_id == article.id).order_by(Comment.id.desc())
    rows = newest.limit(heat.HEATED).subquery()
    counted = select(func.count(), func.count(case((rows.c.state.in_(_RESTRICTED), 1)))).where(
        rows.c.posted_at > now - heat.WINDOW
    )
    return Recent(*db.session.execute(counted).one())


def among(named: Iterable[str], most: int) -> str:
    """Return the first of some names as one line, as long as a detail can be."""
    return ", ".join(list(named)[:most])[:LONGEST_DETAIL]


def places(hits: Iterable[Hit]) -> dict[str, Any]:
    """Return where words stand, for whoever marks them."""
    return {"places": [[hit.begin, hit.end, hit.word] for hit in hits]}
