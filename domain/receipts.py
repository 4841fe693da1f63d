"""Receipts: links by which an author finds what became of something of theirs, without an account and without the cookie.

A receipt is signed, names a comment or a statement and nobody, and is good for as long as the site keeps its key.
"""

from __future__ import annotations

from dataclasses import dataclass

from itsdangerous import BadData, URLSafeSerializer

from domain import explanations
from domain.errors import N_, Missing
from domain.explanations import Explained
from extensions import db
from models import Comment, Reader, StatementOfReasons

COMMENT, STATEMENT = "c", "s"


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """What a receipt opens: a comment, or what was said of a reader, and the newest statement about it if there is one."""

    reader: Reader
    comment: Comment | None
    explained: Explained | None


def token_for(thing: Comment | StatementOfReasons, *, secret: str) -> str:
    """Return what the link ends with."""
    return token_of(COMMENT if isinstance(thing, Comment) else STATEMENT, thing.id, secret=secret)


def token_of(kind: str, number: int, *, secret: str) -> str:
    """Return what the link to something of a kind ends with, by its id."""
    return str(_serializer(secret).dumps([kind, number]))


def opened(token: str, *, secret: str) -> Receipt:
    """Return what a receipt is about; raise `Missing` for one that is not ours."""
    try:
        kind, number = _serializer(secret).loads(token)
    except BadData:
        raise Missing(N_("There is no such receipt. Look whether you have the whole link.")) from None
    if kind == COMMENT and (comment := db.session.get(Comment, number)) is not None:
        return Receipt(reader=comment.reader, comment=comment, explained=explanations.newest_about(comment))
    statement = db.session.get(StatementOfReasons, number) if kind == STATEMENT else None
    if statement is None:
        raise Missing(N_("There is no such receipt. Look whether you have the whole link."))
    return Receipt(reader=statement.reader, comment=statement.comment, explained=explanations.explained(statement))


def _serializer(secret: str) -> URLSafeSerializer:
    return URLSafeSerializer(secret, salt="receipt")
