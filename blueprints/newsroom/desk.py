"""What the resolution desk shows of one prediction: everything that was said, what waits, and what can be done now."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from blueprints.newsroom.area import attempt
from blueprints.newsroom.resolving import ResolutionForm
from domain import disputes, resolutions
from domain.errors import DomainError
from models import Article, Dispute, Prediction, Reader, Resolution, ResolutionAct

NOUNS = {  # what an act that needs only a note is called in addresses
    "annulment": ResolutionAct.ANNULLED,
    "ambiguity": ResolutionAct.AMBIGUOUS,
    "reopening": ResolutionAct.REOPENED,
}


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """A dispute that waits for a decision, and why this editor cannot decide it, if so."""

    dispute: Dispute
    refusal: DomainError | None


@dataclass(frozen=True, kw_only=True)
class DeskPage:
    """A prediction on the desk. `form` is there where a finding can be recorded."""

    article: Article
    prediction: Prediction
    said: list[Resolution]  # newest first
    waiting: list[Waiting]
    nouns: list[str]  # of the acts that can follow
    form: ResolutionForm | None
    refusal: DomainError | None

    @property
    def newest(self) -> Resolution | None:
        """Return what was said last."""
        return self.said[0] if self.said else None

    @property
    def final_at(self) -> datetime | None:
        """Return when a provisional resolution becomes final, if nothing holds it up."""
        is_provisional = self.newest is not None and self.newest.act is ResolutionAct.PROVISIONAL
        return resolutions.disputable_until(self.newest) if self.newest and is_provisional else None


def desk_page(prediction: Prediction, form: ResolutionForm, reader: Reader, *, refusal: DomainError | None = None) -> DeskPage:
    """Return the desk as this editor finds it."""
    cannot_resolve = refused(lambda: resolutions.check_resolvable(prediction))
    form.expected.data = str(prediction.resolution_count)  # what is sent next was typed with this page in view
    waiting = disputes.waiting(prediction.verdict) if prediction.verdict else []
    return DeskPage(
        article=prediction.article,
        prediction=prediction,
        said=prediction.resolutions[::-1],
        waiting=[Waiting(dispute=one, refusal=_refusal(one, reader)) for one in waiting],
        nouns=[noun for noun, act in NOUNS.items() if not _is_refused(prediction, act)],
        form=None if cannot_resolve else form,
        refusal=refusal or (cannot_resolve if prediction.opened_at is None else None),
    )


def refused(check: Callable[[], object]) -> DomainError | None:
    """Return what a check refuses."""
    with attempt() as tried:
        check()
    return tried.refusal


def _refusal(one: Dispute, reader: Reader) -> DomainError | None:
    return refused(lambda: disputes.check_decidable(one, reader))


def _is_refused(prediction: Prediction, act: ResolutionAct) -> bool:
    return refused(lambda: resolutions.check_declarable(prediction, act)) is not None
