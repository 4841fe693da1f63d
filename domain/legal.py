"""What the law has to do with an article: the state of it, whom it names, and what readers may not do or see meanwhile."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import delete, select

from domain import articles, boardkeeping, skills, text
from domain.errors import N_, Conflict, Forbidden, Invalid
from domain.permissions import can_edit
from extensions import db
from models import Article, ArticleSubject, LegalState, ModerationAct, ModerationEntry, Reader

LONGEST_NAME = 200  # characters, as the column holds
MOST_SUBJECTS = 20  # an article that names more people is about none of them
LONGEST_DETAIL = 200  # characters, as the column holds
MEASURES = ("closes_comments", "forces_review", "hides_counts", "forbids_prediction")
FACTS = ("is_criminal", "has_jury", "is_sensitive", *MEASURES)


@dataclass(frozen=True, kw_only=True)
class LegalSetting:
    """The legal state of an article, its subjects, and what is restricted because of it."""

    state: LegalState = LegalState.NONE
    jurisdiction: str = ""
    subjects: tuple[str, ...] = ()
    is_criminal: bool = False
    has_jury: bool = False
    is_sensitive: bool = False
    closes_comments: bool = False
    forces_review: bool = False
    hides_counts: bool = False
    forbids_prediction: bool = False

    @property
    def edition(self) -> str:
        """Return a mark that is another for every other setting."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:20]

    @property
    def described(self) -> str:
        """Return it in the words of the log: its state and the names of what is set."""
        where = f" in {self.jurisdiction}" if self.jurisdiction else ""
        return " ".join([f"{self.state.value}{where}", *(name for name in FACTS if getattr(self, name))])[:LONGEST_DETAIL]


def setting_of(article: Article) -> LegalSetting:
    """Return how an article is set now."""
    facts = {name: getattr(article, name) for name in FACTS}
    names = tuple(subjects_of(article.id))
    return LegalSetting(state=article.legal_state, jurisdiction=article.jurisdiction, subjects=names, **facts)


def subjects_of(article_id: int) -> Sequence[str]:
    """Return whom an article names, of whom nothing may be alleged unchecked."""
    found = select(ArticleSubject.name).where(ArticleSubject.article_id == article_id)
    return db.session.scalars(found.order_by(ArticleSubject.id)).all()


def change(
    article: Article, setting: LegalSetting, *, by: Reader, now: datetime, note: str = "", expected: str = ""
) -> ModerationEntry | None:
    """Set an article anew; return the entry, or nothing where nothing is changed. The caller commits.

    `expected` is the edition the editor had before them. Raises `Conflict` when it is no longer that one, `Forbidden` for
    anybody but editors, `Invalid` for what would not tell readers why they are restricted.
    """
    if not can_edit(by):
        raise Forbidden(N_("Only an editor can set what the law has to do with an article."))
    setting = checked(setting)
    articles.hold(article)
    before = setting_of(article)
    if expected and expected != before.edition:
        raise Conflict(N_("Somebody else changed this after you opened it. Look at it as it is now, then change it."))
    if setting == before:
        return None
    _put(article, setting)
    if article.prediction is not None and setting.hides_counts != before.hides_counts:
        skills.add_up(article.prediction)
        boardkeeping.renew_at_once([article.section], now=now)
    act, said = ModerationAct.LEGAL_STATE_CHANGED, text.plain(note)
    entry = ModerationEntry(article_id=article.id, actor_id=by.id, act=act, note=said, detail=setting.described, made_at=now)
    db.session.add(entry)
    db.session.flush()
    return entry


def checked(setting: LegalSetting) -> LegalSetting:
    """Return the setting as it would be kept; raise `Invalid` for what would not tell readers why they are restricted."""
    names = tuple(dict.fromkeys(name for name in map(text.line, setting.subjects) if name))
    setting = replace(setting, jurisdiction=text.line(setting.jurisdiction), subjects=names)
    if len(names) > MOST_SUBJECTS:
        raise Invalid(N_("Name at most %(most)s people or bodies."), most=MOST_SUBJECTS)
    if any(len(name) > LONGEST_NAME for name in (*names, setting.jurisdiction)):
        raise Invalid(N_("A name may have at most %(most)s characters."), most=LONGEST_NAME)
    if setting.is_sensitive and not names:
        raise Invalid(N_("Name whom the article is about, or what is alleged of them cannot be found."))
    if setting.state is not LegalState.NONE:
        if not setting.jurisdiction:
            raise Invalid(N_("Say which country or court it is: readers are told."))
        return setting
    if any(getattr(setting, name) for name in MEASURES):
        raise Invalid(N_("Nothing can be restricted for legal reasons where there are none. Choose what there is."))
    return replace(setting, jurisdiction="", is_criminal=False, has_jury=False)


def _put(article: Article, setting: LegalSetting) -> None:
    article.legal_state, article.jurisdiction = setting.state, setting.jurisdiction
    for name in FACTS:
        setattr(article, name, getattr(setting, name))
    article.version = Article.version + 1
    db.session.execute(delete(ArticleSubject).where(ArticleSubject.article_id == article.id))
    db.session.add_all(ArticleSubject(article_id=article.id, name=name) for name in setting.subjects)
    db.session.flush()
