"""What happened: said provisionally, replaced, taken back. Every step is a new row; `disputes` and `finality` add theirs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import func, select

from domain import articles, text
from domain.errors import N_, Conflict, Forbidden, Invalid
from domain.permissions import can_edit
from domain.upserts import insert_new
from extensions import db
from models import Article, Forecast, News, Outcome, Prediction, Reader, Resolution, ResolutionAct

TIME_TO_DISPUTE = timedelta(hours=72)  # whoever is away for a weekend still has a day
LONGEST_ADDRESS = 2_000  # characters of a source's address, as the column holds
LONGEST_EVIDENCE = 5_000  # characters: a passage, not the document
LONGEST_NOTE = 2_000  # characters: a reason, not an article
WITHOUT_OUTCOME = frozenset({ResolutionAct.ANNULLED, ResolutionAct.AMBIGUOUS})


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What an editor says happened: the outcome, the source that says so, and when it happened and became known."""

    outcome: Outcome
    source_url: str
    evidence: str
    happened_at: datetime
    known_at: datetime


def resolve(prediction: Prediction, finding: Finding, *, by: Reader, now: datetime, expected: int | None = None) -> Resolution:
    """Say what happened, for now; predicting ends, and readers have `TIME_TO_DISPUTE`. The caller commits.

    Another finding takes the place of a provisional one, and the time to dispute begins anew. `expected` is the number of the
    resolution the editor had before them, or else the one the caller has read. Raises `Conflict` when there is a newer one, when
    the prediction is a draft, or when what was said has to be taken back first; `Forbidden` for anyone but an editor; `Invalid`
    for a foreign outcome, a source that is no web address, or times out of order.
    """
    hold(prediction, expected)
    finding = checked(prediction, finding, by=by, now=now)
    return write(prediction, ResolutionAct.PROVISIONAL, by=by, now=now, finding=finding)


def annul(prediction: Prediction, note: str, *, by: Reader, now: datetime, expected: int | None = None) -> Resolution:
    """Say that the question was unsound, and why: nobody is scored. The caller commits. Raises as `mark_ambiguous` does."""
    return declare(prediction, ResolutionAct.ANNULLED, note, by=by, now=now, expected=expected)


def mark_ambiguous(prediction: Prediction, note: str, *, by: Reader, now: datetime, expected: int | None = None) -> Resolution:
    """Say that what happened fits no one outcome, and why: nobody is scored. The caller commits.

    `expected` is as in `resolve`. Raises `Forbidden` for anyone but an editor, `Conflict` where there is a newer resolution or
    this one cannot follow on it, `Invalid` where the note is missing or too long.
    """
    return declare(prediction, ResolutionAct.AMBIGUOUS, note, by=by, now=now, expected=expected)


def reopen(prediction: Prediction, note: str, *, by: Reader, now: datetime, expected: int | None = None) -> Resolution:
    """Take back whatever was said, and say why: nothing is known yet. The caller commits. Raises as `mark_ambiguous` does.

    Readers can predict again where only a resolution had ended that, the article is open and its time is not over.
    """
    return declare(prediction, ResolutionAct.REOPENED, note, by=by, now=now, expected=expected)


def declare(
    prediction: Prediction, act: ResolutionAct, note: str, *, by: Reader, now: datetime, expected: int | None = None
) -> Resolution:
    """Annul, mark as ambiguous or reopen, as those verbs do."""
    hold(prediction, expected)
    note = checked_declaration(prediction, act, note, by=by)
    return write(prediction, act, by=by, now=now, note=note)


# --- what would be refused -------------------------------------------------------------------------------------------


def checked(prediction: Prediction, finding: Finding, *, by: Reader, now: datetime) -> Finding:
    """Return the finding as `resolve` would record it. Raises what `resolve` would."""
    check_editor(by)
    check_resolvable(prediction)
    finding = replace(finding, source_url=text.plain(finding.source_url), evidence=text.plain(finding.evidence))
    _check_finding(prediction, finding, now)
    if prediction.resolution is not None and finding_of(prediction.resolution) == finding:
        raise Conflict(N_("This is what is said already: the same outcome, source, words and times."))
    return finding


def check_resolvable(prediction: Prediction) -> None:
    """Raise `Conflict` where no finding can be recorded: the prediction is a draft, or what was said has to be taken back."""
    _check_opened(prediction)
    said = prediction.verdict
    if said is not None and said.act is ResolutionAct.FINAL:
        raise Conflict(N_("The outcome is final. To say something else, reopen the prediction first."))
    if said is not None and said.act in WITHOUT_OUTCOME:
        raise Conflict(N_("The prediction has ended without an outcome. To say what happened, reopen it first."))


def checked_declaration(prediction: Prediction, act: ResolutionAct, note: str, *, by: Reader) -> str:
    """Return the note as it would be recorded. Raises what `declare` would."""
    check_editor(by)
    check_declarable(prediction, act)
    return checked_note(note)


def check_declarable(prediction: Prediction, act: ResolutionAct) -> None:
    """Raise `Conflict` where the prediction is a draft, or this cannot follow on what was said last."""
    _check_opened(prediction)
    said = prediction.verdict
    if act is ResolutionAct.REOPENED and said is None:
        raise Conflict(N_("Nothing has been said of how this ended, so there is nothing to take back."))
    if act in WITHOUT_OUTCOME and said is not None and said.act in WITHOUT_OUTCOME:
        raise Conflict(N_("The prediction has already ended without an outcome. To say something else, reopen it first."))


def check_editor(by: Reader) -> None:
    """Raise `Forbidden` for anyone but an editor."""
    if not can_edit(by):
        raise Forbidden(N_("Only an editor can say how a prediction ended."))


def checked_note(note: str) -> str:
    """Return a note as it is kept. Raises `Invalid` where it is missing or too long."""
    note = text.plain(note)
    if not note:
        raise Invalid(N_("Write why: readers see it."))
    if len(note) > LONGEST_NOTE:
        raise Invalid(N_("The note is too long: at most %(most)s characters."), most=LONGEST_NOTE)
    return note


def checked_source(address: str) -> str:
    """Return a source's address as it is kept. Raises `Invalid` where no link could lead there."""
    address = text.plain(address)
    if not is_web_address(address):
        raise Invalid(N_("The source must be a full web address, starting with https://."))
    if len(address) > LONGEST_ADDRESS:
        raise Invalid(N_("The source's address is too long: at most %(most)s characters."), most=LONGEST_ADDRESS)
    return address


def is_web_address(address: str) -> bool:
    """Whether `address` is a whole one that a link can lead to."""
    try:
        parts = urlsplit(address)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and len(address.split()) == 1
    except ValueError:  # a host in brackets that is no address of one
        return False


# --- reads -----------------------------------------------------------------------------------------------------------


def finding_of(resolution: Resolution) -> Finding:
    """Return what a provisional or final resolution says."""
    assert resolution.outcome is not None  # noqa: S101 - for the type checker, as the next two: the database holds it
    assert resolution.happened_at is not None  # noqa: S101
    assert resolution.known_at is not None  # noqa: S101
    return Finding(
        outcome=resolution.outcome,
        source_url=resolution.source_url,
        evidence=resolution.evidence,
        happened_at=resolution.happened_at,
        known_at=resolution.known_at,
    )


def disputable_until(resolution: Resolution) -> datetime:
    """Return when the time to dispute a provisional resolution is over."""
    return resolution.resolved_at + TIME_TO_DISPUTE


def made_too_late(prediction: Prediction, known_at: datetime) -> int:
    """Return how many forecasts were made when the event was known already, so that they do not count."""
    late = select(func.count()).where(Forecast.prediction_id == prediction.id, Forecast.made_at >= known_at)
    return db.session.scalar(late) or 0


# --- writing a step --------------------------------------------------------------------------------------------------


def hold(prediction: Prediction, expected: int | None = None) -> None:
    """Hold the prediction's article until the transaction ends, as every change to it does, and read the prediction again.

    Raises `Conflict` where the newest resolution is not the one whose number is `expected`, or else was known here.
    """
    seen = prediction.resolution_count if expected is None else expected
    articles.hold(prediction.article)
    if prediction.resolution_count != seen:
        raise Conflict(N_("Something else was said of how this ended meanwhile. Look at it, then decide anew."))


def write(
    prediction: Prediction,
    act: ResolutionAct,
    *,
    by: Reader | None,
    now: datetime,
    finding: Finding | None = None,
    note: str = "",
) -> Resolution:
    """Add the next resolution of a prediction that the caller holds, with what follows from it; nobody's where time did it."""
    prediction.resolution_count += 1
    row = Resolution(
        prediction_id=prediction.id,
        number=prediction.resolution_count,
        act=act,
        outcome_id=finding.outcome.id if finding else None,
        source_url=finding.source_url if finding else "",
        evidence=finding.evidence if finding else "",
        happened_at=finding.happened_at if finding else None,
        known_at=finding.known_at if finding else None,
        note=note,
        editor_id=by.id if by else None,
        resolved_at=now,
    )
    if act is ResolutionAct.REOPENED:
        _open_again(prediction, now)
    elif prediction.is_open(now):
        prediction.closed_at = now
    prediction.resolutions.append(row)
    prediction.score_due_at = now
    prediction.article.version = Article.version + 1
    db.session.flush()
    insert_new(News, resolution_id=row.id, made_at=now)
    return row


def opens_again(prediction: Prediction, now: datetime) -> bool:
    """Whether readers could predict again if the prediction were reopened: what was ended by hand before stays ended."""
    was_ended_by_a_resolution = prediction.closed_at in {row.resolved_at for row in prediction.resolutions}
    return prediction.article.is_open and now < prediction.closes_at and was_ended_by_a_resolution


def _open_again(prediction: Prediction, now: datetime) -> None:
    if opens_again(prediction, now):
        prediction.closed_at = None


def _check_opened(prediction: Prediction) -> None:
    if prediction.opened_at is None:
        raise Conflict(N_("This prediction has not been opened yet."))


def _check_finding(prediction: Prediction, finding: Finding, now: datetime) -> None:
    if finding.outcome.prediction_id != prediction.id:
        raise Invalid(N_("That outcome is not part of this question."))
    checked_source(finding.source_url)
    if len(finding.evidence) > LONGEST_EVIDENCE:
        raise Invalid(N_("The quoted evidence is too long: at most %(most)s characters."), most=LONGEST_EVIDENCE)
    if not finding.happened_at <= finding.known_at:
        raise Invalid(N_("It cannot have become known before it happened."))
    if finding.known_at > now:
        raise Invalid(N_("It must have happened and become known before now."))
