"""What a second editor decides about a reader's dispute, with a last look before it is recorded."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from blueprints.newsroom.area import ARTICLE, attempt, bp, status_of
from blueprints.newsroom.desk import refused
from blueprints.newsroom.resolving import (
    ANOTHER_FINDING,
    DISMISSED,
    DecisionForm,
    ResolutionForm,
    prediction_of,
    resolution_form,
)
from blueprints.support.limits import WRITES
from blueprints.support.readers import participant
from blueprints.support.site import config, utc_now
from domain import articles, disputes, resolutions
from domain.errors import N_, DomainError, Missing
from domain.resolutions import Finding
from extensions import db, limiter
from models import Dispute, ResolutionAct

DECISION = f"{ARTICLE}/disputes/<int:dispute_id>/decision"


@dataclass(kw_only=True)
class DecisionPage:
    """A dispute, and what an editor types about it. `finding` is filled where something else happened."""

    dispute: Dispute
    form: DecisionForm
    finding_form: ResolutionForm
    refusal: DomainError | None = None
    can_decide: bool = True
    finding: Finding | None = None  # as it would be recorded
    late: int = 0  # forecasts that would not count

    @property
    def errors(self) -> bool:
        """Whether anything typed has to be looked at again."""
        return bool(self.form.errors or self.finding_form.errors)

    @property
    def is_finding(self) -> bool:
        """Whether something else is said to have happened."""
        return bool(self.form.ruling.data == ANOTHER_FINDING)

    @property
    def sent(self) -> list[tuple[str, str]]:
        """Return every input by name as it was sent."""
        return [*self.form.sent, *(pair for pair in self.finding_form.sent if pair[0] != "expected")]

    def validate(self) -> bool:
        """Check what was typed; a finding only where that is what is decided."""
        valid = [self.form.validate_on_submit()]
        if self.is_finding:
            valid.append(self.finding_form.validate_on_submit())
        return all(valid)

    def decide(self) -> None:
        """Record the decision and what follows from it."""
        by, now, note, ruling = participant(), utc_now(), self.form.note.data or "", self.form.ruling.data
        if ruling == DISMISSED:
            disputes.dismiss(self.dispute, note, by=by, now=now)
            return
        follows = self.finding_form.finding if self.is_finding else ResolutionAct(ruling)
        disputes.uphold(self.dispute, note, by=by, now=now, follows=follows)

    def look(self) -> None:
        """Find out what would be recorded, and what would be refused."""
        disputes.check_decidable(self.dispute, participant())
        self.form.note.data = resolutions.checked_note(self.form.note.data or "")
        if self.is_finding:
            prediction = self.dispute.resolution.prediction
            self.finding = resolutions.checked(prediction, self.finding_form.finding, by=participant(), now=utc_now())
            self.late = resolutions.made_too_late(prediction, self.finding.known_at)


@bp.get(DECISION)
def decision(article_id: int, dispute_id: int) -> ResponseReturnValue:
    """Show a dispute beside what it disputes, and ask for a decision."""
    page = _page(article_id, dispute_id)
    page.refusal = refused(lambda: disputes.check_decidable(page.dispute, participant()))
    return _shown(page)


@bp.post(DECISION)
@limiter.limit(WRITES)
def decide(article_id: int, dispute_id: int) -> ResponseReturnValue:
    """Show the decision for a last look; record it once that is confirmed."""
    page, step = _page(article_id, dispute_id), request.form.get("step")
    if step == "change":
        return _shown(page)
    if not page.validate():
        return _shown(page, status=422)
    with attempt() as tried:
        (page.decide if step == "confirm" else page.look)()
    page.refusal = tried.refusal
    if page.refusal:
        return _shown(page)
    if step != "confirm":
        return render_template("newsroom/decision_review.html", page=page)
    db.session.commit()
    flash(gettext("The dispute is decided. Readers see what you wrote."), "done")
    return redirect(url_for(".resolution", article_id=article_id), 303)


def _page(article_id: int, dispute_id: int) -> DecisionPage:
    prediction, dispute = prediction_of(articles.by_id(article_id)), disputes.by_id(dispute_id)
    if dispute.resolution.prediction_id != prediction.id:
        raise Missing(N_("There is no such dispute."))
    return DecisionPage(dispute=dispute, form=DecisionForm(), finding_form=resolution_form(prediction))


def _shown(page: DecisionPage, *, status: int = 0) -> ResponseReturnValue:
    page.can_decide = refused(lambda: disputes.check_decidable(page.dispute, participant())) is None
    html = render_template("newsroom/decision.html", page=page, zone=config().timezone)
    return html, status or status_of(page.refusal)
