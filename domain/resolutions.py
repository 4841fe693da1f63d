"""What happened: said provisionally, disputed, made final, taken back. Every step is a new row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import select

from domain import text
from domain.errors import N_, Conflict, Forbidden, Invalid
from domain.permissions import can_edit
from domain.upserts import insert_new
from extensions import db
from models import Article, News, Outcome, Prediction, Reader, Resolution, ResolutionAct

LONGEST_ADDRESS = 2_000  # characters of a source's address, as the column holds
LONGEST_EVIDENCE = 5_000  # characters: a passage, not the document


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What an editor says happened: the outcome, the source that says so, and when it happened and became known."""

    outcome: Outcome
    source_url: str
    evidence: str
    happened_at: datetime
    known_at: datetime


def resolve(prediction: Prediction, finding: Finding, *, by: Reader, now: datetime) -> Resolution:
    """Say what happened; predicting ends. The caller commits.

    Raises `Forbidden` for anyone but an editor, `Conflict` where the prediction is a draft or already resolved, and
    `Invalid` for a foreign outcome, a source that is no web address, or times out of order.
    """
    _hold(prediction)
    finding = checked(prediction, finding, by=by, now=now)
    prediction.resolution_count += 1
    row = Resolution(
        prediction_id=prediction.id,
        number=prediction.resolution_count,
        act=ResolutionAct.PROVISIONAL,
        outcome_id=finding.outcome.id,
        source_url=finding.source_url,
        evidence=finding.evidence,
        happened_at=finding.happened_at,
        known_at=finding.known_at,
        editor_id=by.id,
        resolved_at=now,
    )
    prediction.resolutions.append(row)
    if prediction.is_open(now):
        prediction.closed_at = now
    prediction.article.version = Article.version + 1
    db.session.flush()
    insert_new(News, resolution_id=row.id, made_at=now)
    return row


def checked(prediction: Prediction, finding: Finding, *, by: Reader, now: datetime) -> Finding:
    """Return the finding as `resolve` would record it. Raises what `resolve` would."""
    if not can_edit(by):
        raise Forbidden(N_("Only an editor can resolve a prediction."))
    check_resolvable(prediction)
    finding = replace(finding, source_url=text.plain(finding.source_url), evidence=text.plain(finding.evidence))
    _check_finding(prediction, finding, now)
    return finding


def check_resolvable(prediction: Prediction) -> None:
    """Raise `Conflict` where the prediction is a draft or already resolved."""
    if prediction.opened_at is None:
        raise Conflict(N_("This prediction has not been opened yet."))
    if prediction.resolution is not None:
        raise Conflict(N_("This prediction has already been resolved."))


def is_web_address(address: str) -> bool:
    """Whether `address` is a whole one that a link can lead to."""
    try:
        parts = urlsplit(address)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and len(address.split()) == 1
    except ValueError:  # a host in brackets that is no address of one
        return False


def _hold(prediction: Prediction) -> None:
    """Hold the prediction's article until the transaction ends, as every change to it does, and read the prediction again."""
    db.session.execute(select(Article.id).where(Article.id == prediction.article_id).with_for_update(key_share=True))
    db.session.refresh(prediction)


def _check_finding(prediction: Prediction, finding: Finding, now: datetime) -> None:
    if finding.outcome.prediction_id != prediction.id:
        raise Invalid(N_("That outcome is not part of this question."))
    if not is_web_address(finding.source_url):
        raise Invalid(N_("The source must be a full web address, starting with https://."))
    if len(finding.source_url) > LONGEST_ADDRESS:
        raise Invalid(N_("The source's address is too long: at most %(most)s characters."), most=LONGEST_ADDRESS)
    if len(finding.evidence) > LONGEST_EVIDENCE:
        raise Invalid(N_("The quoted evidence is too long: at most %(most)s characters."), most=LONGEST_EVIDENCE)
    if not finding.happened_at <= finding.known_at <= now:
        raise Invalid(N_("It must have happened before it became known, and both before now."))
