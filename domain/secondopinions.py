"""The blind sample: of one decision in fifty another moderator says, without seeing it, what they would have decided."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, exists, func, select, true
from sqlalchemy.orm import aliased, contains_eager

from domain.errors import N_, Conflict, Forbidden, Invalid, Missing
from domain.permissions import can_moderate
from domain.upserts import insert_new
from extensions import db
from models import (
    ClauseVersion,
    Comment,
    CommentRevision,
    CommentState,
    ModerationAct,
    ModerationEntry,
    Reader,
    RevisionState,
    SecondOpinion,
)

ONE_IN = 50  # two in a hundred: enough to tell, in a month, a desk that agrees from one that does not
AT_ONCE = 1_000  # entries looked at in one transaction
SETTLED = timedelta(days=1)  # no transaction lasts longer: with an entry, whatever was made so long before it has been seen
MOST_COUNTED = 99  # that wait
RESTRICTING = frozenset({ModerationAct.LIMITED, ModerationAct.REMOVED, ModerationAct.DISABLED})
SAMPLED = RESTRICTING | {ModerationAct.APPROVED}
TEXT_IS_GONE = (CommentState.WITHDRAWN, CommentState.ERASED)


@dataclass(frozen=True, kw_only=True)
class Case:
    """What is put before a moderator: the text as it was when it was decided about, and nothing of the decision."""

    opinion: SecondOpinion
    comment: Comment
    body_html: str


@dataclass(frozen=True, kw_only=True)
class Agreement:
    """How often the second agreed with the first. `by_chance` is how often they would have if neither had read the text."""

    given: int = 0
    agreed: int = 0
    by_chance: float = 0.0

    @property
    def share(self) -> float | None:
        """Return the share in which both would restrict, or neither; none where nobody was asked."""
        return self.agreed / self.given if self.given else None

    @property
    def kappa(self) -> float | None:
        """Return Cohen's kappa: 1 where they always agree, 0 where they agree as often as by chance."""
        if self.share is None or self.by_chance >= 1:
            return None
        return (self.share - self.by_chance) / (1 - self.by_chance)


def is_drawn(entry_id: int, *, key: bytes) -> bool:
    """Whether a decision is in the sample. Whoever has the key finds the same ones again; nobody else can tell beforehand."""
    drawn = hmac.new(key, f"second opinion {entry_id}".encode(), hashlib.sha256).digest()
    return int.from_bytes(drawn[:8]) % ONE_IN == 0


def draw(*, key: bytes, now: datetime, after: int = 0) -> int | None:
    """Put the sample of the next decisions into the queue, the earliest first; return from which to go on, or nothing at the end.

    What was drawn before is not drawn twice. The caller commits, and calls again. Whoever begins anew, as after a stop half-way,
    begins before the last that was drawn, which is some fifty decisions and a day ago.
    """
    found = select(ModerationEntry.id).where(ModerationEntry.act.in_(SAMPLED), ModerationEntry.actor_id.is_not(None))
    decided = found.where(_not_seen(after)).order_by(ModerationEntry.made_at, ModerationEntry.id)
    ids = db.session.scalars(decided.limit(AT_ONCE)).all()
    for entry_id in ids:
        if is_drawn(entry_id, key=key):
            insert_new(SecondOpinion, entry_id=entry_id, drawn_at=now)
    return ids[-1] if ids else None


def waiting_for(moderator: Reader) -> int:
    """Return how many this moderator could give, counted up to one more than `MOST_COUNTED`."""
    some = _for(moderator).with_only_columns(SecondOpinion.id).limit(MOST_COUNTED + 1).subquery()
    return db.session.scalar(select(func.count()).select_from(some)) or 0


def next_for(moderator: Reader) -> Case | None:
    """Return the oldest decision of which this moderator knows nothing: not theirs, not about their text, not one they touched."""
    opinion = db.session.scalar(_for(moderator).order_by(SecondOpinion.id).limit(1))
    if opinion is None:
        return None
    comment = opinion.entry.subject
    return Case(opinion=opinion, comment=comment, body_html=_text_then(comment, opinion.entry.made_at))


def give(
    opinion_id: int, *, would_restrict: bool, clause: ClauseVersion | None = None, by: Reader, now: datetime
) -> SecondOpinion:
    """Say what one would have decided. The caller commits.

    Raises `Conflict` where another has said it meanwhile, `Forbidden` where one knows or wrote it, `Invalid` for a restriction
    without a clause, `Missing` where nothing was asked.
    """
    found = select(SecondOpinion).where(SecondOpinion.id == opinion_id).with_for_update(key_share=True)
    opinion = db.session.scalar(found.execution_options(populate_existing=True))
    if opinion is None:
        raise Missing(N_("There is no such question."))
    if opinion.given_at is not None:
        raise Conflict(N_("Another moderator has given their opinion meanwhile, so yours was not recorded."))
    if db.session.scalar(_for(by).where(SecondOpinion.id == opinion_id)) is None:
        raise Forbidden(N_("This is yours, or you have seen what was decided, so another moderator has to say it."))
    if would_restrict and clause is None:
        raise Invalid(N_("Choose the clause by which you would restrict it."))
    opinion.by_id, opinion.given_at, opinion.would_restrict = by.id, now, would_restrict
    opinion.clause_id = clause.id if clause is not None and would_restrict else None
    db.session.flush()
    return opinion


def agreement(start: datetime, end: datetime) -> Agreement:
    """Return how often second opinions on the decisions of a time agreed with them: one query over counts."""
    restricted = ModerationEntry.act.in_(RESTRICTING)
    found = select(restricted, SecondOpinion.would_restrict, func.count()).join(SecondOpinion.entry)
    given = found.where(SecondOpinion.given_at.is_not(None), ModerationEntry.made_at >= start, ModerationEntry.made_at < end)
    rows = db.session.execute(given.group_by(restricted, SecondOpinion.would_restrict))
    return agreement_of({(bool(first), bool(second)): count for first, second, count in rows})


def agreement_of(counts: dict[tuple[bool, bool], int]) -> Agreement:
    """Return the agreement in counts by whether the first restricted, and whether the second would have. Pure."""
    total = sum(counts.values())
    if not total:
        return Agreement()
    first = sum(count for (restricted, _), count in counts.items() if restricted) / total
    second = sum(count for (_, restricted), count in counts.items() if restricted) / total
    agreed = counts.get((True, True), 0) + counts.get((False, False), 0)
    return Agreement(given=total, agreed=agreed, by_chance=first * second + (1 - first) * (1 - second))


def _not_seen(after: int) -> ColumnElement[bool]:
    """Return where to look: beyond a decision, or beyond what was surely seen before the last that was drawn.

    The clock does not say it: drawing may have stood still for days.
    """
    seen = after or select(func.max(SecondOpinion.entry_id)).scalar_subquery()
    at = db.session.scalar(select(ModerationEntry.made_at).where(ModerationEntry.id == seen))
    if at is None:
        return true()
    if not after:
        return ModerationEntry.made_at >= at - SETTLED
    return (ModerationEntry.made_at >= at) & ((ModerationEntry.made_at > at) | (ModerationEntry.id > after))


def _for(moderator: Reader) -> Select[SecondOpinion]:
    """Select what waits and this moderator may be asked."""
    if not can_moderate(moderator):
        raise Forbidden(N_("Only a moderator is asked for a second opinion."))
    touched = aliased(ModerationEntry)
    knows = exists().where(touched.comment_id == ModerationEntry.comment_id, touched.actor_id == moderator.id)
    found = select(SecondOpinion).join(SecondOpinion.entry).join(ModerationEntry.comment)
    shown = found.options(contains_eager(SecondOpinion.entry).contains_eager(ModerationEntry.comment))
    return shown.where(
        SecondOpinion.given_at.is_(None), Comment.reader_id != moderator.id, Comment.state.not_in(TEXT_IS_GONE), ~knows
    )


def _text_then(comment: Comment, at: datetime) -> str:
    """Return the text a comment had at a moment."""
    had = select(CommentRevision.body_html).where(
        CommentRevision.comment_id == comment.id,
        CommentRevision.written_at <= at,
        CommentRevision.state != RevisionState.REFUSED,
    )
    return db.session.scalar(had.order_by(CommentRevision.number.desc()).limit(1)) or comment.body_html
