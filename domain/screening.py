"""What becomes of a new text, or of an edit: every check has its say, each with its reason, and a check that fails lets nothing pass."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.exc import SQLAlchemyError

from domain import clauses, entries, happenings, linkchecks, notices, repeats, rulechecks, statements
from domain.checks import CHECKS, Check
from domain.errors import N_
from domain.permissions import can_moderate
from domain.rulebook import Queue
from domain.screened import LONGEST_DETAIL, Text, Verdict, is_trusted
from extensions import db
from models import (
    Comment,
    CommentRevision,
    CommentState,
    Finding,
    ModerationAct,
    ModerationEntry,
    Reader,
    ReferralKind,
    ScreeningVerdict,
)

CHECK_NAMES = {
    "legal": N_("Every comment on this article is looked at first"),
    "sanction": N_("Comments of this author wait for a moderator just now"),
    "repeat": N_("The same text was posted before"),
    "repeat_of_others": N_("Somebody else has posted this text before"),
    "banned_words": N_("Words that are not wanted here"),
    "suspect_words": N_("Words that a moderator looks at first"),
    "allegation": N_("An allegation against somebody whom the article names"),
    "links": N_("Link from an author without an approved comment"),
    "link_domains": N_("Link to a site that is not wanted here"),
    "many_links": N_("More links than usual"),
    "rules": N_("A rule of the newsroom"),
    "classifier": N_("Similar to what moderators have removed"),
    "new_author": N_("First comment of a guest"),
    "low_trust": N_("An earlier comment was removed, and none was approved yet"),
    "failed": N_("A check did not work, so that a moderator looks first"),
}
_REFERRED = {Queue.LEGAL: ReferralKind.LEGAL, Queue.SECOND_OPINION: ReferralKind.SECOND_OPINION}
_INSERT = insert(db.metadata.tables[ScreeningVerdict.__tablename__])
_WAITS = {Finding.HOLD, Finding.ROUTE, Finding.FAILED}


@dataclass(frozen=True)
class Screening:
    """What the checks said of a text."""

    text: Text
    verdicts: tuple[Verdict, ...]
    is_checked: bool = True

    @property
    def waits(self) -> bool:
        """Whether the text waits for a moderator. One that is to be limited waits where no clause says by what."""
        return any(one.finding in _WAITS or (one.finding is Finding.LIMIT and not one.clause_id) for one in self.verdicts)

    @property
    def limit(self) -> Verdict | None:
        """Return what limits the text, where it need not wait."""
        limits = (one for one in self.verdicts if one.finding is Finding.LIMIT)
        return None if self.waits else next(limits, None)

    @property
    def state(self) -> CommentState:
        """Return the state in which a new comment begins."""
        if self.waits:
            return CommentState.HELD
        return CommentState.LIMITED if self.limit else CommentState.PUBLISHED

    @property
    def decisive(self) -> Verdict | None:
        """Return the verdict that decided, if the text is not simply published."""
        return self.limit or next((one for one in self.verdicts if self.waits and one.finding is not Finding.FLAG), None)


@dataclass(frozen=True)
class Failure:
    """A check that failed, how often, and when it did the last time."""

    check: str
    times: int
    last_at: datetime
    detail: str


def screen(text: Text, checks: Sequence[tuple[str, Check]] = CHECKS) -> Screening:
    """Return what all checks say of a text, none of a moderator's. Whatever they raise, it does not."""
    if can_moderate(text.by):
        return Screening(text, (), is_checked=False)
    return Screening(text, tuple(verdict for name, check in checks for verdict in _asked(name, check, text)))


def nudge(text: Text) -> str:
    """Return what the author is asked to think about before the text is sent; nothing where nobody asks them.

    Where that cannot be told nobody is asked: the text waits, because the check of the rules fails as well.
    """
    if can_moderate(text.by):
        return ""
    try:
        return rulechecks.nudge(text)
    except SQLAlchemyError:
        raise
    except Exception:  # noqa: BLE001 - as for every check
        return ""


def is_harmless(body: str, by: Reader) -> bool:
    """Whether a text that is no comment may be read by everybody before a moderator has."""
    return is_trusted(by) or not (by.is_guest or linkchecks.links(body))


def keep(comment: Comment, screening: Screening, *, now: datetime, revision: CommentRevision | None = None) -> Comment:
    """Write down what the checks said of a comment, or of an edit of it, put it before moderators where they ask for that, and
    return it."""
    for verdict in screening.verdicts or _passed(screening):
        row = {
            "comment_id": comment.id,
            "revision_id": revision.id if revision else None,
            "check": verdict.check,
            "check_version": verdict.version,
            "finding": verdict.finding,
            "detail": verdict.detail[:LONGEST_DETAIL],
            "rule_id": verdict.rule_id,
            "model_id": verdict.model_id,
            "score": verdict.score,
            "evidence": verdict.evidence,
            "made_at": now,
        }
        db.session.execute(_INSERT, row)
        happenings.note("verdict", verdict.check, verdict.finding.value)
    for kind, note in _referrals(screening):
        entries.refer(comment, kind, by=None, now=now, note=note)
    repeats.note(comment, screening.text.body, now=now)
    if revision is None:
        happenings.note("accepted", "comment")
        _enter(comment, screening, now)
    db.session.flush()
    return comment


def _enter(comment: Comment, screening: Screening, now: datetime) -> None:
    """Write the entry for a new comment that was not simply published; the author of a limited one is told why."""
    verdict, limit = screening.decisive, screening.limit
    if verdict is None:
        return
    clause = clauses.newest_of(limit.clause_id) if limit and limit.clause_id else None
    entry = ModerationEntry(
        comment_id=comment.id,
        act=ModerationAct.LIMITED if limit else ModerationAct.HELD,
        from_state=None,
        to_state=screening.state,
        clause=clause,
        rule_id=verdict.rule_id,
        made_at=now,
    )
    db.session.add(entry)
    db.session.flush()
    if limit:
        statements.follow(comment, entry)
        notices.plan_all(entry, comment, now=now)


def failures(since: datetime) -> list[Failure]:
    """Return which checks failed since then, the most frequent first: what they did not see waits for moderators."""
    failed = (ScreeningVerdict.finding == Finding.FAILED) & (ScreeningVerdict.made_at > since)
    newest = func.max(ScreeningVerdict.made_at).label("last_at")
    counted = select(
        ScreeningVerdict.check, func.count().label("times"), newest, func.max(ScreeningVerdict.detail).label("detail")
    )
    rows = db.session.execute(counted.where(failed).group_by(ScreeningVerdict.check).order_by(func.count().desc()))
    return [Failure(row.check, row.times, row.last_at, row.detail) for row in rows]


def _asked(name: str, check: Check, text: Text) -> Iterator[Verdict]:
    """Yield what a check says, or that it failed. What the database raises goes on: nothing can be kept."""
    try:
        found = tuple(check(text))
        if not all(isinstance(one, Verdict) for one in found):
            raise TypeError("not a verdict")  # noqa: TRY301 - nonsense is a failure like any other
    except SQLAlchemyError:
        raise
    except Exception as failure:  # noqa: BLE001 - whatever it is, the text waits
        yield Verdict(name, Finding.FAILED, f"{type(failure).__name__}: {failure}"[:LONGEST_DETAIL])
    else:
        yield from found


def _passed(screening: Screening) -> Iterator[Verdict]:
    """Yield that nothing was found, with what was looked for and what the classifier said."""
    if not screening.is_checked:
        return
    text = screening.text
    scored = text.scored
    evidence = {"checks": [name for name, _ in CHECKS], "words": text.kept.lists.version}
    evidence |= {"classifier": scored.version} if scored else {}
    score, model_id = (scored.score.probability, scored.model_id) if scored else (None, None)
    yield Verdict("all", Finding.PASSED, evidence=evidence, score=score, model_id=model_id)


def _referrals(screening: Screening) -> Iterator[tuple[ReferralKind, str]]:
    for verdict in screening.verdicts:
        if verdict.finding is Finding.FLAG:
            yield ReferralKind.FLAGGED, verdict.detail
        elif verdict.queue is not None:
            yield _REFERRED[verdict.queue], verdict.detail
