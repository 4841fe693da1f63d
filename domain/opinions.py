"""Takes: giving one, changing one's mind, taking it back. Counting them is `participation`'s."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import insert

from domain import happenings, shuffling
from domain.errors import N_, Closed, Invalid
from extensions import db
from models import Camp, OpinionChoice, OpinionPoll, OpinionVote, OpinionVoteEvent, PollKind, Reader, VoteAct


def vote_of(poll: OpinionPoll | None, reader: Reader) -> OpinionVote | None:
    """Return the reader's current vote, as the database has it now."""
    return db.session.get(OpinionVote, (poll.id, reader.id), populate_existing=True) if poll else None


def choices_for(poll: OpinionPoll, reader: Reader | None, now: datetime) -> list[OpinionChoice]:
    """Return the poll's choices in the order in which the card offers them to this reader.

    Where the poll is shuffled each reader has an order, always the same; strangers share one that changes with the turn.
    """
    if (number := turn_of(poll, now)) is None:
        return list(poll.choices)
    seed = f"{poll.id}:reader {reader.id}" if reader else f"{poll.id}:turn {number}"
    return shuffling.shuffled(poll.choices, seed=seed, key=lambda choice: choice.id)


def turn_of(poll: OpinionPoll | None, now: datetime) -> int | None:
    """Return the turn in which strangers see one order; nothing where the choices keep the order the editor gave them."""
    is_shuffled = poll is not None and poll.is_shuffled and poll.kind is not PollKind.SCALE
    return shuffling.turn(now) if is_shuffled else None


def choices_of(poll: OpinionPoll, held: OpinionVote | None) -> list[OpinionChoice]:
    """Return the choices of a vote in the order in which it gives them."""
    choices = {choice.id: choice for choice in poll.choices}
    return [choices[choice_id] for choice_id in held.choice_ids] if held else []


def vote(
    poll: OpinionPoll, choices: Sequence[OpinionChoice], held: OpinionVote | None, *, by: Reader, now: datetime
) -> OpinionVote:
    """Give the reader's take, or change the one they hold; the same again changes nothing. A ranked poll takes `choices` in
    their order.

    Call inside `participation.counted`. Raises `Closed` outside the poll's time, `Invalid` for another poll's choice, for
    none, for one given twice, and for more than one where the poll takes one.
    """
    if not poll.is_open(now):
        raise Closed(N_("Voting is over, so your take was not counted."))
    ids = _checked(poll, choices)
    ballot = " ".join(str(choice_id) for choice_id in ids) if poll.takes_several else ""
    if held is None:
        held = OpinionVote(poll_id=poll.id, reader_id=by.id, choice_id=ids[0], ballot=ballot, tier=by.tier, cast_at=now)
        db.session.add(held)
        record(held, VoteAct.CAST, now)
        happenings.note("accepted", "vote")
    elif (held.choice_id, held.ballot) != (ids[0], ballot):
        held.choice_id, held.ballot = ids[0], ballot
        held.changed_at = _after(held, now)
        record(held, VoteAct.CHANGED, held.changed_at)
        happenings.note("accepted", "vote")
    return held


def withdraw(poll: OpinionPoll, held: OpinionVote | None, *, now: datetime) -> None:
    """Take a vote back; where there is none, nothing happens. The ledger keeps that it was there.

    Call inside `participation.counted`. Raises `Closed` outside the poll's time.
    """
    if not poll.is_open(now):
        raise Closed(N_("Voting is over, so your take stands as it is."))
    if held is not None:
        record(held, VoteAct.WITHDRAWN, _after(held, now))
        db.session.delete(held)


def side_of(poll: OpinionPoll, held: OpinionVote | None) -> OpinionChoice | None:
    """Return the choice a vote stands for before all others, which comments show: the only one, or the first of a ranking."""
    if held is None or (poll.kind is PollKind.APPROVAL and len(held.choice_ids) > 1):
        return None
    return held.choice


def camp_of(poll: OpinionPoll, held: OpinionVote | None) -> Camp | None:
    """Return the camp a vote belongs to: that of its choices, where they have one in common."""
    if held is None:
        return None
    given = held.choice_ids if poll.kind is PollKind.APPROVAL else (held.choice_id,)
    camps = {choice.camp for choice in poll.choices if choice.id in given}
    return camps.pop() if len(camps) == 1 else None


_RECORD = insert(db.metadata.tables[OpinionVoteEvent.__tablename__])


def record(vote_row: OpinionVote, act: VoteAct, now: datetime) -> None:
    """Write what happened to a vote into the ledger, with the choices and tier it has now."""
    said = {name: getattr(vote_row, name) for name in ("poll_id", "reader_id", "choice_id", "ballot", "tier")}
    db.session.execute(_RECORD, {**said, "act": act, "happened_at": now})


def _after(held: OpinionVote, now: datetime) -> datetime:
    """Return when a vote is changed: never before it was given, though of two acts sent at once the later may have its turn first."""
    return max(now, held.changed_at or held.cast_at)


def _checked(poll: OpinionPoll, choices: Sequence[OpinionChoice]) -> list[int]:
    """Return the ids of a ballot as it is kept: in the order given where that means something, else in the poll's."""
    ids = [choice.id for choice in choices]
    if not ids or len(set(ids)) < len(ids):
        raise Invalid(N_("Give each answer once, and at least one."))
    if len(ids) > 1 and not poll.takes_several:
        raise Invalid(N_("This question takes one answer."))
    if any(choice.poll_id != poll.id for choice in choices):
        raise Invalid(N_("That choice is not part of this question."))
    if poll.kind is PollKind.RANKED:
        return ids
    return [choice.id for choice in poll.choices if choice.id in ids]
