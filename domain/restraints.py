"""What a reader may not do because of a sanction, until when, and why.

Asked by `turns.take` under the lock of the reader's row: what was begun before a sanction is finished, what comes after finds it.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import BindParameter, ColumnElement, bindparam, or_, select

from domain.errors import N_, Restrained, Slowed
from extensions import db
from models import Comment, Reader, Sanction, SanctionKind, UTCDateTime

PAUSE = timedelta(minutes=15)  # between two comments of a slowed reader: a thought, and no quarrel


class Deed(enum.Enum):
    """What a reader is about to do on an article."""

    WRITE = "write"  # a comment, an edit, an objection to what is said
    ANSWER = "answer"  # a take or a prediction
    RATE = "rate"
    REPORT = "report"
    TAKE_BACK = "take_back"  # what is one's own: nobody is kept from it
    SETTLE = "settle"  # nothing by themselves: what they hold is counted anew, because they signed up or confirmed an address


EVERYTHING = frozenset({Deed.WRITE, Deed.ANSWER, Deed.RATE, Deed.REPORT})
FORBIDDEN = {
    SanctionKind.MUTED: frozenset({Deed.WRITE}),
    SanctionKind.SUSPENDED: EVERYTHING,
    SanctionKind.BANNED: EVERYTHING,
}
REFUSALS = {
    SanctionKind.MUTED: N_("You cannot write here until %(until)s, for this reason: %(reason)s. So this was not sent."),
    SanctionKind.SUSPENDED: N_("You cannot take part here until %(until)s, for this reason: %(reason)s. So this was not sent."),
    SanctionKind.BANNED: N_(
        "You cannot take part here, for this reason: %(reason)s. So this was not sent. It will be looked at again on %(until)s."
    ),
}
GRAVITY = {kind: place for place, kind in enumerate(SanctionKind)}


@dataclass(frozen=True, kw_only=True)
class Restraints:
    """The sanctions a reader is under, the gravest first."""

    sanctions: tuple[Sanction, ...] = ()

    def of_kind(self, kind: SanctionKind) -> Sanction | None:
        """Return the sanction of a kind, if the reader is under one."""
        return next((one for one in self.sanctions if one.kind is kind), None)

    def against(self, deed: Deed) -> Sanction | None:
        """Return the sanction that forbids something, if one does."""
        return next((one for one in self.sanctions if deed in FORBIDDEN.get(one.kind, ())), None)

    @property
    def is_held(self) -> bool:
        """Whether everything the reader writes waits for a moderator."""
        return self.of_kind(SanctionKind.HELD) is not None


def in_force(now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Keep sanctions that hold now, also where the clock has not been looked at yet. A ban holds until somebody lifts it."""
    runs = or_(Sanction.ends_at.is_(None), Sanction.ends_at > now, Sanction.kind == SanctionKind.BANNED)
    return Sanction.ended_at.is_(None) & runs


_IN_FORCE = select(Sanction.id).where(
    Sanction.reader_id == bindparam("reader"), in_force(bindparam("now", type_=UTCDateTime()))
)


def of(reader: Reader, now: datetime) -> Restraints:
    """Return what a reader is restrained by: one query, and of the few that are a second."""
    asked = {"reader": reader.id, "now": now}
    if not (ids := db.session.scalars(_IN_FORCE, asked).all()):
        return Restraints()
    found = db.session.scalars(select(Sanction).where(Sanction.id.in_(ids))).all()
    return Restraints(sanctions=tuple(sorted(found, key=lambda one: -GRAVITY[one.kind])))


def check(reader: Reader, deed: Deed, now: datetime) -> Restraints:
    """Return what restrains the reader in something else than what they are about to do; raise `Restrained`, saying until when and
    why, where a sanction keeps them from that."""
    if deed not in EVERYTHING:
        return Restraints()
    found = of(reader, now)
    if (sanction := found.against(deed)) is not None:
        raise Restrained(REFUSALS[sanction.kind], until=sanction.ends_at, reason=sanction.clause.title)
    return found


def check_pace(reader: Reader, under: Restraints, now: datetime) -> None:
    """Raise `Slowed` where a slowed reader comments again within `PAUSE`. The caller holds the reader's turn, and has `under` from
    it.

    Slowed readers take turns on all articles from here on, so that of two comments at once one is refused.
    """
    if under.of_kind(SanctionKind.SLOWED) is None:
        return
    slowed = (Sanction.reader_id == reader.id) & (Sanction.kind == SanctionKind.SLOWED) & in_force(now)
    sanction = db.session.scalar(select(Sanction).where(slowed).with_for_update(of=Sanction))
    if sanction is None:
        return
    newest = select(Comment.posted_at).where(Comment.reader_id == reader.id).order_by(Comment.posted_at.desc()).limit(1)
    last = db.session.scalar(newest)
    if last is not None and last > now - PAUSE:
        raise Slowed(
            N_(
                "Until %(until)s you can post one comment every %(minutes)s minutes, for this reason: %(reason)s."
                " Send this one from %(again)s on."
            ),
            until=sanction.ends_at,
            minutes=int(PAUSE.total_seconds()) // 60,
            reason=sanction.clause.title,
            again=last + PAUSE,
        )
