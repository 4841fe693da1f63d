"""The clauses of the house rules, as the newsroom changes them: never a text in place, always a new version.

Each verb writes its entry, and the caller commits. What was decided by an earlier version goes on naming that one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from babel.core import Locale, UnknownLocaleError
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from domain import clauses, policylog, text
from domain.errors import N_, Conflict, Invalid, Missing
from domain.policylog import About
from extensions import db
from models import Category, ClauseVersion, ClauseWording, ModerationAct, PolicyClause, Reader

LONGEST_TITLE = 80  # characters: one line of the list of reasons
LONGEST_TEXT = 2_000  # what readers still read
LONGEST_STATEMENT = 1_000
MOST_CLAUSES = 40  # in force: more is a law book; the first nine have a key
MOST_VERSIONS = 50  # that a page shows, the newest
MOST_LANGUAGES = 20  # besides the site's own

_CODE = re.compile(r"[a-z][a-z0-9_]{1,39}", re.ASCII)
OVERTAKEN = N_("Somebody has changed this clause meanwhile. What you typed is kept: look at theirs, then save again.")


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a clause says in one language: its title, its text, and what an author is told whose comment goes by it."""

    title: str
    text: str
    statement: str


@dataclass(frozen=True, kw_only=True)
class Draft:
    """A clause as somebody typed it: in the site's language, and by their codes in others."""

    said: Said
    category: Category
    others: Mapping[str, Said] = field(default_factory=dict)


def add(code: str, draft: Draft, *, by: Reader, now: datetime) -> ClauseVersion:
    """Add a clause at the end of the reasons. Raises `Invalid` for what cannot be used, `Conflict` for a code that is taken."""
    policylog.check_may_change(by)
    draft = _checked(draft)
    if not _CODE.fullmatch(code):
        raise Invalid(N_("A code has 2 to 40 small letters, digits or underscores, a letter first, such as “off_topic”."))
    rows = _locked()
    if any(row.code == code for row in rows):
        raise Conflict(N_("There is a clause with this code already."))
    if sum(row.retired_at is None for row in rows) >= MOST_CLAUSES:
        raise Conflict(N_("There are %(most)s clauses already: retire one first."), most=MOST_CLAUSES)
    clause = PolicyClause(code=code, position=max((row.position for row in rows), default=0) + 1)
    db.session.add(clause)
    db.session.flush()
    return _write("added", clause, 1, draft, by=by, now=now)


def change(clause: PolicyClause, draft: Draft, *, expected: int, by: Reader, now: datetime) -> ClauseVersion:
    """Let a clause say something else from now on; what says the same makes no version. `expected` is what was before the editor.

    Raises `Invalid` for what cannot be used, `Conflict` where somebody else was faster.
    """
    policylog.check_may_change(by)
    draft = _checked(draft)
    _locked()
    newest = clauses.newest_of(clause.id)
    if newest.number != expected:
        raise Conflict(OVERTAKEN)
    if drafted(newest) == draft:
        return newest
    return _write("changed", clause, newest.number + 1, draft, by=by, now=now)


def move(clause: PolicyClause, place: int, *, by: Reader, now: datetime) -> None:
    """Put a clause at a place among the reasons, from 1: its key. The others move up or down. Raises `Conflict` if retired."""
    policylog.check_may_change(by)
    reasons = [row for row in _locked() if row.retired_at is None]
    if clause not in reasons:
        raise Conflict(N_("This clause is retired: bring it back first."))
    was = reasons.index(clause)
    reasons.insert(max(0, min(place, len(reasons)) - 1), reasons.pop(was))
    if reasons.index(clause) == was:
        return
    for position, row in enumerate(reasons, start=1):
        row.position = position
    _note("moved", clause, by=by, now=now)


def retire(clause: PolicyClause, *, by: Reader, now: datetime) -> None:
    """Let a clause be no reason any more; once is enough. Raises `Conflict` for the last one: decisions need a reason."""
    policylog.check_may_change(by)
    others = [row for row in _locked() if row.retired_at is None and row is not clause]
    if clause.retired_at is not None:
        return
    if not others:
        raise Conflict(N_("This is the last clause: without one nothing could be decided."))
    clause.retired_at = now
    _note("retired", clause, by=by, now=now)


def bring_back(clause: PolicyClause, *, by: Reader, now: datetime) -> None:
    """Let a retired clause be a reason again, the last in the list; once is enough."""
    policylog.check_may_change(by)
    rows = _locked()
    if clause.retired_at is None:
        return
    clause.retired_at, clause.position = None, max(row.position for row in rows) + 1
    _note("returned", clause, by=by, now=now)


# --- reading ---------------------------------------------------------------------------------------------------------


def by_code(code: str) -> PolicyClause:
    """Return a clause, retired or not. Raises `Missing`."""
    found = db.session.scalar(select(PolicyClause).where(PolicyClause.code == code))
    if found is None:
        raise Missing(N_("There is no such clause in the policy."))
    return found


def retired() -> list[ClauseVersion]:
    """Return what the clauses said last that are no reasons any more, the latest first."""
    newest = clauses.newest().where(PolicyClause.retired_at.is_not(None))
    return list(db.session.scalars(newest.order_by(PolicyClause.retired_at.desc(), PolicyClause.id)))


def versions_of(clause: PolicyClause) -> list[ClauseVersion]:
    """Return everything a clause has said, newest first."""
    found = select(ClauseVersion).where(ClauseVersion.clause_id == clause.id).order_by(ClauseVersion.number.desc())
    return list(db.session.scalars(found.options(joinedload(ClauseVersion.made_by)).limit(MOST_VERSIONS)))


def wordings_of(version_ids: Collection[int]) -> dict[int, dict[str, Said]]:
    """Return by version what it says in other languages, by their codes."""
    found: dict[int, dict[str, Said]] = {version_id: {} for version_id in version_ids}
    rows = select(ClauseWording).where(ClauseWording.version_id.in_(version_ids)).order_by(ClauseWording.language)
    for row in db.session.scalars(rows):
        found[row.version_id][row.language] = Said(title=row.title, text=row.text, statement=row.statement)
    return found


def drafted(version: ClauseVersion) -> Draft:
    """Return a version as somebody would type it."""
    said = Said(title=version.title, text=version.text, statement=version.statement)
    return Draft(said=said, category=version.category, others=wordings_of([version.id])[version.id])


def said_in(version: ClauseVersion, language: str) -> Said:
    """Return what a version says in a language, or in the one it belongs to, or else in the site's own."""
    draft = drafted(version)
    return draft.others.get(language) or draft.others.get(language.split("-", maxsplit=1)[0]) or draft.said


# --- inside ----------------------------------------------------------------------------------------------------------


def _locked() -> list[PolicyClause]:
    """Return all clauses in their order, locked: the list is changed by one editor after another.

    They are read after the wait, or what another has added meanwhile would not be among them.
    """
    db.session.execute(select(PolicyClause.id).order_by(PolicyClause.id).with_for_update())
    rows = select(PolicyClause).order_by(PolicyClause.position, PolicyClause.id)
    return list(db.session.scalars(rows.execution_options(populate_existing=True)))


def _write(did: str, clause: PolicyClause, number: int, draft: Draft, *, by: Reader, now: datetime) -> ClauseVersion:
    said = draft.said
    version = ClauseVersion(
        clause=clause,
        number=number,
        category=draft.category,
        title=said.title,
        text=said.text,
        statement=said.statement,
        made_by_id=by.id,
        made_at=now,
    )
    db.session.add(version)
    db.session.flush()
    for language, one in draft.others.items():
        wording = {"title": one.title, "text": one.text, "statement": one.statement}
        db.session.add(ClauseWording(version_id=version.id, language=language, **wording))
    policylog.write(ModerationAct.CLAUSE_CHANGED, f"{did} {clause.code}", by=by, now=now, about=About(clause=version))
    return version


def _note(did: str, clause: PolicyClause, *, by: Reader, now: datetime) -> None:
    about = About(clause=clauses.newest_of(clause.id))
    policylog.write(ModerationAct.CLAUSE_CHANGED, f"{did} {clause.code}", by=by, now=now, about=about)


def _checked(draft: Draft) -> Draft:
    if len(draft.others) > MOST_LANGUAGES:
        raise Invalid(N_("A clause can be worded in at most %(most)s other languages."), most=MOST_LANGUAGES)
    others = {_language(code): _said(said) for code, said in draft.others.items()}
    return Draft(said=_said(draft.said), category=draft.category, others=others)


def _said(typed: Said) -> Said:
    said = Said(title=text.line(typed.title), text=text.plain(typed.text), statement=text.plain(typed.statement))
    if not (said.title and said.text and said.statement):
        raise Invalid(N_("A clause needs a title, a text, and what its author is told, in each language it is worded in."))
    for one, most in ((said.title, LONGEST_TITLE), (said.text, LONGEST_TEXT), (said.statement, LONGEST_STATEMENT)):
        if len(one) > most:
            raise Invalid(N_("“%(text)s” is too long: at most %(most)s characters."), text=text.shortened(one, 40), most=most)
    return said


def _language(code: str) -> str:
    """Return the code of a language as pages name it. Raises `Invalid` for one that is not known."""
    try:
        locale = Locale.parse(code.strip(), sep="-")
    except (ValueError, UnknownLocaleError) as error:
        raise Invalid(
            N_("“%(typed)s” is not the code of a language, such as en or pt-BR."), typed=text.shortened(code, 20)
        ) from error
    return str(locale).replace("_", "-")
