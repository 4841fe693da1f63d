"""The classifiers a site has trained from its own decisions: training one, letting one advise, ending it.

Each verb writes its entry, and the caller commits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import joinedload

from domain import entries, policylog, textmodel, training
from domain.classifier import Report
from domain.errors import N_, Conflict, Invalid, Missing
from domain.textmodel import Model
from extensions import db
from models import ClassifierModel, Comment, CommentState, ModerationAct, ModerationEntry, Reader

MOST_EXAMPLES = 40_000  # the newest decisions: what fits into `training.MOST_NGRAMS`, and a minute or two of work
EXAMPLES_AT_ONCE = 1_000
MOST_MODELS = 20  # that the page lists

_REMOVED = (CommentState.REMOVED, CommentState.DISABLED, CommentState.LIMITED)
_DECISIVE = (ModerationAct.APPROVED, ModerationAct.REMOVED, ModerationAct.LIMITED, ModerationAct.DISABLED)


def check_enough() -> None:
    """Raise `Invalid` where there are surely too few decisions to learn from: training would say so only at its end."""
    removed, kept = db.session.execute(
        select(
            func.count(case((Comment.state.in_(_REMOVED), 1))), func.count(case((Comment.state == CommentState.PUBLISHED, 1)))
        )
        .select_from(Comment)
        .where(_is_decided())
    ).one()
    if min(removed, kept) < training.LEAST_OF_EACH or removed + kept < training.LEAST_EXAMPLES:
        raise Invalid(
            N_(
                "There are too few decisions to learn from: %(removed)s removed and %(kept)s kept so far."
                " It takes %(each)s of each, and %(least)s together."
            ),
            removed=removed,
            kept=kept,
            each=training.LEAST_OF_EACH,
            least=training.LEAST_EXAMPLES,
        )


def lessons() -> Iterator[tuple[str, bool, float]]:
    """Yield the texts that people decided about and how, the newest first. What came back by an appeal was kept."""
    states = (*_REMOVED, CommentState.PUBLISHED)
    decided = select(Comment.body_source, Comment.state).where(_is_decided(), Comment.state.in_(states))
    newest = decided.order_by(Comment.id.desc()).limit(MOST_EXAMPLES).execution_options(yield_per=EXAMPLES_AT_ONCE)
    for body, state in db.session.execute(newest):
        yield body, state in _REMOVED, 1.0


def keep(model: Model, *, by: Reader | None, now: datetime) -> ClassifierModel:
    """Keep a trained model, which advises nobody yet. The same again, learned from the same, is the one that is there."""
    known = db.session.scalar(select(ClassifierModel).where(ClassifierModel.version == model.version))
    if known is not None:
        return known
    file = model.to_bytes()
    row = ClassifierModel(
        version=model.version,
        digest=hashlib.sha256(file).hexdigest(),
        weights=file,
        report=asdict(model.report),
        trained_at=now,
        trained_by_id=by.id if by else None,
    )
    db.session.add(row)
    policylog.write(ModerationAct.CLASSIFIER_SWITCHED, f"trained {row.version}", by=by, now=now)
    return row


def activate(row: ClassifierModel, *, by: Reader, now: datetime) -> None:
    """Let a model advise from now on, and the one before no more; once is enough. Raises `Conflict` for a damaged one."""
    policylog.check_may_change(by)
    active = _active_locked()
    db.session.refresh(row)  # as it is after the wait
    if active == [row]:
        return
    try:
        Model.from_bytes(row.weights)
    except ValueError as error:
        raise Conflict(N_("The file of this model is damaged: train it again.")) from error
    for one in active:
        one.ended_at = now
    row.active_at, row.ended_at = now, None
    policylog.write(ModerationAct.CLASSIFIER_SWITCHED, f"on {row.version}", by=by, now=now)


def end(row: ClassifierModel, *, by: Reader, now: datetime) -> None:
    """Let a model advise no more; once is enough."""
    policylog.check_may_change(by)
    if row in _active_locked():
        row.ended_at = now
        policylog.write(ModerationAct.CLASSIFIER_SWITCHED, f"ended {row.version}", by=by, now=now)


# --- reading ---------------------------------------------------------------------------------------------------------


def models() -> list[ClassifierModel]:
    """Return the models there are, the newest first, without what they learned."""
    found = select(ClassifierModel).options(joinedload(ClassifierModel.trained_by)).order_by(ClassifierModel.id.desc())
    return list(db.session.scalars(found.limit(MOST_MODELS)))


def by_version(version: str) -> ClassifierModel:
    """Return a model. Raises `Missing`."""
    found = db.session.scalar(select(ClassifierModel).where(ClassifierModel.version == version))
    if found is None:
        raise Missing(N_("There is no such model."))
    return found


def active() -> ClassifierModel | None:
    """Return the model that advises, if one does."""
    return db.session.scalar(_active().limit(1))


def report_of(row: ClassifierModel) -> Report:
    """Return how well a model did on decisions that it had not learned from."""
    return textmodel.report_of(row.report)


# --- inside ----------------------------------------------------------------------------------------------------------


def _active() -> Select[ClassifierModel]:
    is_active = ClassifierModel.active_at.is_not(None) & ClassifierModel.ended_at.is_(None)
    return select(ClassifierModel).where(is_active).order_by(ClassifierModel.active_at.desc(), ClassifierModel.id.desc())


def _active_locked() -> list[ClassifierModel]:
    """Return the models that advise, with all there are locked: one editor switches after another."""
    db.session.execute(select(ClassifierModel.id).order_by(ClassifierModel.id).with_for_update())
    return list(db.session.scalars(_active().execution_options(populate_existing=True)))


def _is_decided() -> ColumnElement[bool]:
    """Whether a person decided about a comment, and that was not taken back."""
    decided = select(ModerationEntry.id).where(
        ModerationEntry.comment_id == Comment.id,
        ModerationEntry.actor_id.is_not(None),
        ModerationEntry.act.in_(_DECISIVE),
        ~entries.is_undone(),
    )
    return decided.exists()
