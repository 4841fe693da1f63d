"""One act of a reader on an article at a time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.util import identity_key

from domain import restraints
from domain.errors import N_, Conflict
from domain.restraints import Deed, Restraints
from domain.upserts import insert_or_lock
from extensions import db
from models import Article, Participation, Reader

_AS_IT_IS = (
    *(Article.closed_at, Article.legal_state, Article.is_sensitive),
    *(Article.closes_comments, Article.forces_review, Article.hides_counts, Article.forbids_prediction),
)
_SHARED = (
    select(Reader, *_AS_IT_IS)
    .join_from(Reader, Article, Article.id == bindparam("article"))
    .where(Reader.id == bindparam("reader"))
    .with_for_update(read=True, of=Reader)
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True)
class Turn:
    """A reader's turn on an article: whether it is their first act there, so that they hold nothing; and what restrains them."""

    is_first: bool
    under: Restraints


def take(article_id: int, reader: Reader, now: datetime, *, to: Deed) -> Turn:
    """Lock the reader's participation in the article until the transaction ends, making it on their first act.

    Every vote, forecast and comment goes through here first, so simultaneous submits of one reader are handled one after
    another, and what is read below this line cannot change underneath. The reader's row is re-read under a share lock
    because their tier decides where a vote is counted, and with it whether the article is closed and what the law keeps from
    it: whoever waited for their turn may have seen it before a court order. Raises `Restrained` where a sanction keeps them from it.
    """
    is_first = insert_or_lock(Participation, article_id=article_id, reader_id=reader.id, began_at=now)
    _, *facts = db.session.execute(_SHARED, {"reader": reader.id, "article": article_id}).one()
    _renew(article_id, facts)
    _refuse_absorbed(reader)
    return Turn(is_first, restraints.check(reader, to, now))


def hold(reader: Reader) -> None:
    """Lock the reader's own row until the transaction ends: for acts of theirs that belong to no article."""
    db.session.flush()  # reading it again would lose what is changed and not written yet
    db.session.refresh(reader, with_for_update={"key_share": True})
    _refuse_absorbed(reader)


def take_all(reader: Reader) -> None:
    """Lock every turn of the reader, before their own row is locked: the order in which `take` does it."""
    mine = select(Participation.article_id).where(Participation.reader_id == reader.id)
    db.session.execute(mine.order_by(Participation.article_id).with_for_update())


def _renew(article_id: int, facts: Iterable[Any]) -> None:
    """Let the article be as it is by now, if it was read before."""
    article = db.session().identity_map.get(identity_key(Article, article_id))
    if article is not None:
        for column, fact in zip(_AS_IT_IS, facts, strict=True):
            set_committed_value(article, column.key, fact)


def _refuse_absorbed(reader: Reader) -> None:
    if reader.is_guest and reader.guest_key_hash is None:
        raise Conflict(N_("You have signed in meanwhile, so this was not sent as a guest. Load the page again, then send it."))
