"""Texts that were posted before, whole or nearly, by whomever: each leaves a print by which it is found again."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from sqlalchemy import bindparam, insert, select, union_all

from domain import neighbours
from domain.ngrams import folded
from extensions import db
from models import Comment, CommentState, Reader, TextPrint

LEAST_OWN = 12  # letters and spaces of a text that its author is not to write over and over: more than "I agree"
MOST_OWN = 2  # times within `OWN_WINDOW` that they may write it all the same
LEAST_OTHERS = 60  # letters and spaces of a text that two readers do not write by chance
OWN_WINDOW = timedelta(days=1)
WINDOW = timedelta(days=30)  # a campaign lasts for days, and what was said a season ago may be said again
MOST_LOOKED_AT = 50  # prints of a kind, the newest: a text that so many share is found among them
MOST_COMPARED = 5  # texts that are read and compared
_GONE = (CommentState.WITHDRAWN, CommentState.ERASED)


_printed = (
    select(Comment.id, Comment.reader_id, TextPrint.made_at, TextPrint.fingerprint)
    .join(Comment, Comment.id == TextPrint.comment_id)
    .where(TextPrint.made_at > bindparam("since"), Comment.state.not_in(_GONE), Comment.id != bindparam("of"))
    .order_by(TextPrint.made_at.desc())
    .limit(MOST_LOOKED_AT)
)
_SAME = _printed.where(TextPrint.digest == bindparam("digest"))
_by_band = [  # each by itself, so that none is sorted: a band that a campaign shares has thousands
    _printed.where(TextPrint.band == bindparam(f"band{place}")).limit(MOST_LOOKED_AT // neighbours.BANDS).subquery()
    for place in range(neighbours.BANDS)
]
_SHARING = union_all(*map(select, _by_band))
_INSERT = insert(db.metadata.tables[TextPrint.__tablename__])


@dataclass(frozen=True)
class Repeat:
    """A comment that says the same, how much of it (1 for all), and whether it has the same author."""

    comment_id: int
    resemblance: float
    is_own: bool


def note(comment: Comment, body: str, *, now: datetime) -> None:
    """Leave the prints of a text that a comment has, or is to have."""
    _, digest, fingerprint = _prints(body)
    whole = [{"digest": digest, "band": None, "fingerprint": None}] if digest else []
    parts = [
        {"digest": None, "band": band, "fingerprint": fingerprint}
        for band in (neighbours.bands(fingerprint) if fingerprint is not None else ())
    ]
    rows = [{"comment_id": comment.id, "made_at": now, **one} for one in whole + parts]
    if rows:
        db.session.execute(_INSERT, rows)


def earlier(body: str, *, by: Reader, now: datetime, of: Comment | None = None) -> Repeat | None:
    """Return a comment that says the same, if that is too often for chance. `of` is the comment whose text it is to become."""
    length, digest, _ = _prints(body)
    if digest is None:
        return None
    place = {"since": now - WINDOW, "of": of.id if of else 0}
    same = db.session.execute(_SAME, {"digest": digest, **place}).all()
    own = [row for row in same if row.reader_id == by.id and row.made_at > now - OWN_WINDOW]
    if length < LEAST_OTHERS:
        return Repeat(own[0].id, 1, is_own=True) if len(own) >= MOST_OWN else None
    if same:
        return Repeat(same[0].id, 1, is_own=same[0].reader_id == by.id)
    return _near(body, by, place)


def _near(body: str, by: Reader, place: dict[str, object]) -> Repeat | None:
    _, _, fingerprint = _prints(body)
    if fingerprint is None:
        return None
    bands = {f"band{number}": band for number, band in enumerate(neighbours.bands(fingerprint))}
    rows = db.session.execute(_SHARING, {**bands, **place})
    near = {row.id: row for row in rows if neighbours.is_near(fingerprint, row.fingerprint)}
    for comment_id, text in _texts(list(near)[:MOST_COMPARED]) if near else ():
        resemblance = neighbours.resemblance(body, text)
        if resemblance >= neighbours.NEAR:
            return Repeat(comment_id, resemblance, is_own=near[comment_id].reader_id == by.id)
    return None


def _texts(comment_ids: list[int]) -> Iterable[tuple[int, str]]:
    found = select(Comment.id, Comment.body_source).where(Comment.id.in_(comment_ids))
    return ((row.id, row.body_source) for row in db.session.execute(found))


@lru_cache(8)
def _prints(body: str) -> tuple[int, str | None, int | None]:
    """Return how long a text is, and what all texts share that say the same in the same words, or nearly."""
    codes = folded(neighbours.own_words(body), symbols=False)
    length = len(codes) - 2  # without the spaces at both ends
    digest = hashlib.blake2b(codes.tobytes(), digest_size=16).hexdigest() if length >= LEAST_OWN else None
    return length, digest, neighbours.fingerprint(body)
