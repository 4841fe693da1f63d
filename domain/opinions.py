"""Takes: giving one, and changing one's mind. Counting them is `participation`'s."""

from __future__ import annotations

from datetime import datetime

from domain.errors import N_, Closed, Invalid
from extensions import db
from models import OpinionChoice, OpinionPoll, OpinionVote, OpinionVoteEvent, Reader, VoteAct


def vote_of(poll: OpinionPoll | None, reader: Reader) -> OpinionVote | None:
    """Return the reader's current vote, as the database has it now."""
    return db.session.get(OpinionVote, (poll.id, reader.id), populate_existing=True) if poll else None


def vote(poll: OpinionPoll, choice: OpinionChoice, *, by: Reader, now: datetime) -> None:
    """Give or change the reader's take; the same choice again changes nothing.

    Call inside `participation.counted`. Raises `Closed` outside the poll's time, `Invalid` for another poll's choice.
    """
    if not poll.is_open(now):
        raise Closed(N_("Voting is over, so your take was not counted."))
    if choice.poll_id != poll.id:
        raise Invalid(N_("That choice is not part of this question."))
    current = vote_of(poll, by)
    if current is None:
        current = OpinionVote(poll_id=poll.id, reader_id=by.id, choice_id=choice.id, tier=by.tier, cast_at=now)
        db.session.add(current)
        record(current, VoteAct.CAST, now)
    elif current.choice_id != choice.id:
        current.choice_id = choice.id
        current.changed_at = now
        record(current, VoteAct.CHANGED, now)
    db.session.flush()


def record(vote_row: OpinionVote, act: VoteAct, now: datetime) -> None:
    """Write what happened to a vote into the ledger, with the choice and tier it has now."""
    db.session.add(
        OpinionVoteEvent(
            poll_id=vote_row.poll_id,
            reader_id=vote_row.reader_id,
            act=act,
            choice_id=vote_row.choice_id,
            tier=vote_row.tier,
            happened_at=now,
        )
    )
