"""Notices that something is against the law, in the shape of article 16 of the Digital Services Act: sent by anybody, answered in time."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, Select, UnaryExpression, func, select
from sqlalchemy.orm import joinedload

from domain import addresses, entries, moderation, readers, text
from domain.entries import Why
from domain.errors import N_, Conflict, Forbidden, Invalid, Missing, TooSoon
from domain.judging import Judged, locked
from domain.permissions import can_moderate
from extensions import db
from models import SHOWN, ClauseVersion, Comment, CommentState, LegalNotice, ModerationAct, ModerationEntry, Reader

TIME_TO_DECIDE = timedelta(days=7)  # courts have called a week timely where a case is not plain
LONGEST_PLACE, LONGEST_NAME = 2_000, 200  # characters, as the columns hold
LONGEST_EXPLANATION = 10_000  # characters: what a lawyer writes
LONGEST_ANSWER = 5_000
MOST_A_DAY = 20  # from one address: more is a flood, and a newspaper's post box takes those
A_PAGE = 20
FRAGMENT = re.compile(r"comment-([0-9]{1,18})")
PATH = re.compile(r"/comments/([0-9]{1,18})/?")
RESTRICTABLE = {CommentState.HELD, *SHOWN}


@dataclass(frozen=True, kw_only=True)
class Filing:
    """What somebody sends: who they are, the exact place, and why it is against the law."""

    name: str
    email: str
    place: str
    explanation: str
    is_in_good_faith: bool


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """What a moderator decides: whether the notice is right, what is done about the comment and by which clause, the answer.

    `act` is the act on a comment that is shown or waits, none where there is nothing left to restrict.
    """

    is_upheld: bool
    answer: str
    act: ModerationAct | None = None
    clause: ClauseVersion | None = None
    version: int = 0


@dataclass(frozen=True, kw_only=True)
class Page:
    """Notices that wait, the oldest first, or that are decided, the newest first."""

    notices: Sequence[LegalNotice]
    next_after: int | None


def deadline(notice: LegalNotice) -> datetime:
    """Return until when a notice is to be decided."""
    return notice.made_at + TIME_TO_DECIDE


def file(filing: Filing, *, site_url: str, now: datetime) -> tuple[LegalNotice, str]:
    """Take a notice in; return it, and the token by which its sender reads how it stands. The caller commits.

    Raises `Invalid` for what nobody could answer or look at, `TooSoon` for too many from one address.
    """
    email = addresses.normalised(filing.email)
    name, place, explanation = text.line(filing.name), text.line(filing.place), text.plain(filing.explanation)
    _check(name, place, explanation, is_in_good_faith=filing.is_in_good_faith)
    path = path_in(place, site_url)
    if path is None:
        raise Invalid(N_("That is not an address of a page here. Copy the whole address of the page, or of the comment."))
    lately = (LegalNotice.email == email) & (LegalNotice.made_at > now - timedelta(days=1))
    newest = select(LegalNotice.id).where(lately).limit(MOST_A_DAY).subquery()
    if (db.session.scalar(select(func.count()).select_from(newest)) or 0) >= MOST_A_DAY:
        raise TooSoon(N_("You have sent %(most)s notices today. Write to the newsroom about the others."), most=MOST_A_DAY)
    token = readers.new_key()
    notice = LegalNotice(
        token_hash=readers.digest(token),
        name=name,
        email=email,
        place=place,
        comment_id=_comment_at(path),
        explanation=explanation,
        made_at=now,
    )
    db.session.add(notice)
    db.session.flush()
    return notice, token


def path_in(place: str, site_url: str) -> str | None:
    """Return the path and the fragment of an address of this site, none for another's and for what is no address.

    It is mailed as it was typed, to an address that was typed: words beside it would be sent in the site's name.
    """
    if any(char.isspace() or not char.isprintable() for char in place):
        return None
    try:
        parts = urlsplit(place)
    except ValueError:
        return None
    is_ours = f"{parts.scheme}://{parts.netloc}".lower() == site_url.lower()
    return f"{parts.path or '/'}#{parts.fragment}" if is_ours else None


def of_token(token: str) -> LegalNotice:
    """Return the notice whose sender has this token; raise `Missing` where there is none."""
    notice = db.session.scalar(select(LegalNotice).where(LegalNotice.token_hash == readers.digest(token)))
    if notice is None:
        raise Missing(N_("There is no such notice. Look at the address in the mail we sent you."))
    return notice


def by_id(notice_id: int) -> LegalNotice:
    """Return a notice for moderators; raise `Missing` where there is none."""
    found = _with_comment().where(LegalNotice.id == notice_id)
    notice = db.session.scalar(found)
    if notice is None:
        raise Missing(N_("There is no such notice."))
    return notice


def waiting(*, after: int | None = None) -> Page:
    """Return what waits for a decision, the oldest and so the most urgent first: two queries however many there are."""
    return _page(LegalNotice.decided_at.is_(None) & (LegalNotice.id > (after or 0)), LegalNotice.id.asc())


def decided(*, before: int | None = None) -> Page:
    """Return what has been decided, the newest notice first."""
    older = LegalNotice.id < before if before is not None else LegalNotice.id > 0
    return _page(LegalNotice.decided_at.is_not(None) & older, LegalNotice.id.desc())


def decide(notice_id: int, ruling: Ruling, *, by: Reader, now: datetime) -> LegalNotice:
    """Decide a notice, and do about the comment what follows. The caller commits, and writes to whoever sent it.

    Raises `Conflict` when it was decided meanwhile or the comment has changed, `Forbidden` for one's own comment, `Invalid`
    for a decision that says too little, `Missing` where there is no such notice.
    """
    if not can_moderate(by):
        raise Forbidden(N_("Only a moderator decides about a notice."))
    notice = _locked(notice_id)
    if notice.decided_at is not None:
        raise Conflict(N_("This notice has been decided meanwhile, so your decision was not recorded."))
    if notice.comment_id is not None:
        locked(notice.comment_id, by)
    answer = text.plain(ruling.answer)
    if not answer:
        raise Invalid(N_("Write an answer: whoever sent the notice is told why."))
    if len(answer) > LONGEST_ANSWER:
        raise Invalid(N_("An answer may have at most %(most)s characters."), most=LONGEST_ANSWER)
    if ruling.is_upheld:
        _act(notice, ruling, by, now)
    entry = _enter(notice, ruling, by, now)
    notice.decided_at, notice.decision_id = now, entry.id
    notice.is_upheld, notice.answer = ruling.is_upheld, answer
    db.session.flush()
    return notice


def _act(notice: LegalNotice, ruling: Ruling, by: Reader, now: datetime) -> None:
    """Restrict the comment as was decided; where it is restricted already, or there is none, nothing is to be done."""
    comment = notice.comment
    if comment is None or comment.state not in RESTRICTABLE:
        return
    if ruling.act is None or ruling.clause is None:
        raise Invalid(N_("The comment can be read still: choose what becomes of it, and the clause."))
    judged, said = Judged(comment_id=comment.id, version=ruling.version), f"legal notice {notice.id}"
    if ruling.act is ModerationAct.DISABLED:
        moderation.disable(judged, ruling.clause, by=by, now=now, note=said)
    elif ruling.act is ModerationAct.LIMITED:
        moderation.limit(judged, ruling.clause, by=by, now=now, note=said)
    else:
        moderation.remove(judged, ruling.clause, by=by, now=now, note=said)


def _enter(notice: LegalNotice, ruling: Ruling, by: Reader, now: datetime) -> ModerationEntry:
    said = f"notice {notice.id}: {'upheld' if ruling.is_upheld else 'refused'}"
    act, clause = ModerationAct.LEGAL_NOTICE_DECIDED, ruling.clause if ruling.is_upheld else None
    if notice.comment is not None:
        return entries.enter(notice.comment, act, notice.comment.state, by=by, now=now, why=Why(clause=clause, note=said))
    entry = ModerationEntry(actor_id=by.id, act=act, clause=clause, detail=said, made_at=now)
    db.session.add(entry)
    db.session.flush()
    return entry


def _locked(notice_id: int) -> LegalNotice:
    """Lock the notice until the transaction ends, as it is now. Its comment is locked after it."""
    found = select(LegalNotice).where(LegalNotice.id == notice_id).with_for_update(key_share=True)
    notice = db.session.scalar(found.execution_options(populate_existing=True))
    if notice is None:
        raise Missing(N_("There is no such notice."))
    return notice


def _check(name: str, place: str, explanation: str, *, is_in_good_faith: bool) -> None:
    if not name or len(name) > LONGEST_NAME:
        raise Invalid(N_("Write your name, in at most %(most)s characters."), most=LONGEST_NAME)
    if len(place) > LONGEST_PLACE:
        raise Invalid(N_("That address is too long: at most %(most)s characters."), most=LONGEST_PLACE)
    if not explanation or len(explanation) > LONGEST_EXPLANATION:
        raise Invalid(N_("Write why it is against the law, in at most %(most)s characters."), most=LONGEST_EXPLANATION)
    if not is_in_good_faith:
        raise Invalid(N_("Confirm that what you write is true as far as you know, or the notice cannot be looked at."))


def _comment_at(path: str) -> int | None:
    """Return the comment that a path, or what follows its `#`, leads to, if there is one."""
    named = FRAGMENT.fullmatch(path.partition("#")[2]) or PATH.fullmatch(path.partition("#")[0])
    return db.session.scalar(select(Comment.id).where(Comment.id == int(named.group(1)))) if named else None


def _with_comment() -> Select[LegalNotice]:
    return select(LegalNotice).options(joinedload(LegalNotice.comment).joinedload(Comment.article))


def _page(which: ColumnElement[bool], order: UnaryExpression[int]) -> Page:
    rows = db.session.scalars(_with_comment().where(which).order_by(order).limit(A_PAGE + 1)).all()
    notices = rows[:A_PAGE]
    return Page(notices=notices, next_after=notices[-1].id if len(rows) > A_PAGE else None)
