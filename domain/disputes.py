"""Readers' objections to what is said provisionally, and what a second editor decides about them. Rows only, never edits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.orm import joinedload

from domain import resolutions, screening, text, turns
from domain.errors import N_, Closed, Conflict, DomainError, Forbidden, Invalid, Missing
from domain.permissions import can_moderate
from domain.resolutions import WITHOUT_OUTCOME, Finding
from domain.restraints import Deed
from extensions import db
from models import Article, Dispute, DisputeDecision, Prediction, Reader, Resolution, ResolutionAct

LONGEST_ARGUMENT = 2_000  # characters: what the source says, and why that matters
MOST_OPEN = 20  # undecided ones of one resolution: an editor can read as many in an hour, and a twenty-first says nothing new


@dataclass(frozen=True, kw_only=True)
class Objection:
    """What a reader brings against a resolution: a source, and what it shows."""

    source_url: str
    argument: str


def dispute(prediction: Prediction, objection: Objection, *, by: Reader, now: datetime, expected: int | None = None) -> Dispute:
    """Object to the provisional resolution; it does not become final until a second editor has decided. The caller commits.

    The same again returns the dispute that is there. `expected` is the number of the resolution the reader had before them.
    Raises `Conflict` when it is no longer that one or the reader has disputed it already, `Closed` where nothing can be disputed
    (any more), `Forbidden` for the editor who said it, `Invalid` for an objection without a source or an argument.
    """
    objection = _checked(objection)
    turns.take(prediction.article_id, by, now, to=Deed.WRITE)
    _hold(prediction, expected)
    said = check_disputable(prediction, by, now, objection)
    earlier = next((one for one in said.disputes if one.reader_id == by.id), None)
    if earlier is not None:
        return earlier
    row = Dispute(reader_id=by.id, source_url=objection.source_url, argument=objection.argument, made_at=now)
    said.disputes.append(row)
    _turn_over(prediction)
    return row


def dismiss(one: Dispute, note: str, *, by: Reader, now: datetime) -> DisputeDecision:
    """Decide that the resolution stands, and say why. The caller commits. Raises as `uphold` does."""
    note = _held_for_decision(one, note, by)
    decision = _decide(one, note, is_upheld=False, by=by, now=now)
    _turn_over(one.resolution.prediction)
    return decision


def uphold(
    one: Dispute, note: str, *, by: Reader, now: datetime, follows: Finding | ResolutionAct = ResolutionAct.REOPENED
) -> Resolution:
    """Decide that the reader is right, say why, and what follows: another finding, or one of the acts without. The caller commits.

    Raises `Forbidden` for anyone but a second editor: not the one who said it, nor one who disputes it; `Conflict` where it is
    decided or overtaken; `Invalid` where the note is missing or too long; and what the act that follows would raise.
    """
    note = _held_for_decision(one, note, by)
    prediction = one.resolution.prediction
    _decide(one, note, is_upheld=True, by=by, now=now)
    if isinstance(follows, Finding):
        finding = resolutions.checked(prediction, follows, by=by, now=now)
        return resolutions.write(prediction, ResolutionAct.PROVISIONAL, by=by, now=now, finding=finding)
    if follows not in {*WITHOUT_OUTCOME, ResolutionAct.REOPENED}:
        raise Invalid(N_("Say what follows from the dispute."))
    return resolutions.write(prediction, follows, by=by, now=now, note=note)


# --- what would be refused -------------------------------------------------------------------------------------------


def check_disputable(
    prediction: Prediction, by: Reader | None, now: datetime, objection: Objection | None = None
) -> Resolution:
    """Return the resolution the reader may dispute. Raises what `dispute` would, except for the objection itself."""
    said = prediction.verdict
    if said is None:
        raise Closed(N_("Nothing has been said of how this ended, so there is nothing to dispute."))
    if said.act in WITHOUT_OUTCOME:
        raise Closed(N_("This has ended without an outcome, so there is nothing to dispute."))
    if not is_open_to_disputes(said, now):
        raise Closed(N_("The time to dispute this is over."))
    if by is not None and by.id == said.editor_id:
        raise Forbidden(N_("You said what happened yourself, so you cannot dispute it. You can replace it in the newsroom."))
    own = next((one for one in said.disputes if by is not None and one.reader_id == by.id), None)
    if own is not None and objection != Objection(source_url=own.source_url, argument=own.argument):
        raise Conflict(N_("You have disputed this already. A second editor will look at it."))
    if own is None and len(waiting(said)) >= MOST_OPEN:
        raise Closed(
            N_("%(most)s disputes wait for an editor already. Come back when some of them are decided."), most=MOST_OPEN
        )
    return said


def refusal_of(prediction: Prediction, by: Reader | None, now: datetime) -> DomainError | None:
    """Return why this reader cannot dispute what is said, if so."""
    try:
        check_disputable(prediction, by, now)
    except DomainError as refusal:
        return refusal
    return None


def check_decidable(one: Dispute, by: Reader) -> None:
    """Raise what `dismiss` and `uphold` would, except for the note and what follows."""
    said = one.resolution
    resolutions.check_editor(by)
    if one.decision is not None:
        raise Conflict(N_("This dispute has been decided already."))
    if not is_current(one):
        raise Conflict(N_("What it disputes is no longer said, so there is nothing left to decide."))
    if by.id == said.editor_id:
        raise Forbidden(N_("You said what happened, so another editor has to decide this."))
    if any(other.reader_id == by.id for other in said.disputes):
        raise Forbidden(N_("You dispute this yourself, so another editor has to decide."))


# --- reads -----------------------------------------------------------------------------------------------------------


def by_id(dispute_id: int) -> Dispute:
    """Return a dispute; raise `Missing` where there is none."""
    found = db.session.get(Dispute, dispute_id)
    if found is None:
        raise Missing(N_("There is no such dispute."))
    return found


def of(prediction: Prediction) -> list[Dispute]:
    """Return all disputes of a prediction with their decisions, the oldest first: one query."""
    found = select(Dispute).join(Resolution).where(Resolution.prediction_id == prediction.id).order_by(Dispute.id)
    return list(db.session.scalars(found.options(joinedload(Dispute.decision), joinedload(Dispute.reader))))


def is_open_to_disputes(resolution: Resolution, now: datetime) -> bool:
    """Whether a resolution that is the newest can be disputed at `now`."""
    return _can_be_disputed(resolution) and now < resolutions.disputable_until(resolution)


def is_current(one: Dispute) -> bool:
    """Whether what it disputes is still what is said."""
    return one.resolution.number == one.resolution.prediction.resolution_count


def is_text_public(one: Dispute) -> bool:
    """Whether everybody may read its argument and its source: what would be held as a comment is not, until it is upheld."""
    if one.decision is not None and one.decision.is_upheld:
        return True
    return can_moderate(one.reader) or screening.is_harmless(one.argument, one.reader)


def waiting(resolution: Resolution) -> list[Dispute]:
    """Return the disputes of the newest resolution that wait for a decision."""
    return [one for one in resolution.disputes if one.decision is None] if _can_be_disputed(resolution) else []


def undecided() -> ColumnElement[int]:
    """Return how many disputes of a resolution wait for a decision, as a column."""
    waiting = select(func.count()).where(Dispute.resolution_id == Resolution.id, ~_is_decided())
    return waiting.scalar_subquery()


def is_undecided() -> ColumnElement[bool]:
    """Keep resolutions of which a dispute waits for a decision."""
    return exists().where(Dispute.resolution_id == Resolution.id, ~_is_decided())


def _can_be_disputed(resolution: Resolution) -> bool:
    return resolution.act is ResolutionAct.PROVISIONAL


def _is_decided() -> ColumnElement[bool]:
    return exists().where(DisputeDecision.dispute_id == Dispute.id)


def _checked(objection: Objection) -> Objection:
    """Return an objection as it is kept."""
    argument = text.plain(objection.argument)
    if not argument:
        raise Invalid(N_("Write what the source shows, so that an editor can follow you."))
    if len(argument) > LONGEST_ARGUMENT:
        raise Invalid(N_("What you write is too long: at most %(most)s characters."), most=LONGEST_ARGUMENT)
    return Objection(source_url=resolutions.checked_source(objection.source_url), argument=argument)


def _held_for_decision(one: Dispute, note: str, by: Reader) -> str:
    """Hold what is disputed, and return the note as it is kept."""
    note = resolutions.checked_note(note)
    _hold(one.resolution.prediction)
    check_decidable(one, by)
    return note


def _hold(prediction: Prediction, expected: int | None = None) -> None:
    """Hold the prediction as everybody does who says something of it, and read the disputes of its newest resolution again."""
    resolutions.hold(prediction, expected)
    for row in prediction.resolutions[-1:]:
        db.session.expire(row, ["disputes"])
        own = select(Dispute).where(Dispute.resolution_id == row.id).options(joinedload(Dispute.decision))
        db.session.scalars(own.execution_options(populate_existing=True)).all()


def _decide(one: Dispute, note: str, *, is_upheld: bool, by: Reader, now: datetime) -> DisputeDecision:
    decision = DisputeDecision(editor_id=by.id, is_upheld=is_upheld, note=note, decided_at=now)
    one.decision = decision
    db.session.flush()
    return decision


def _turn_over(prediction: Prediction) -> None:
    prediction.article.version = Article.version + 1
    db.session.flush()
