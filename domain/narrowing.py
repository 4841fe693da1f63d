"""What a moderator narrows a queue down to: conditions on the comment, its article, its author and its reports. Reads only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, exists

from domain import text
from models import Article, Comment, Reader, Report, ReportReason, Tier

LONGEST_SEARCH = 100  # characters: a phrase
MOST_HOURS = 24 * 365
READER_TIERS = (Tier.VERIFIED, Tier.REGISTERED, Tier.GUEST)


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """All that is asked has to be true. What is empty is not asked."""

    words: str = ""
    article: str = ""  # the slug
    section: str = ""
    language: str = ""
    reason: ReportReason | None = None  # of an open report
    tier: Tier | None = None  # of the author
    hours: int = 0  # since it was posted, at least

    def applied(self, found: Select[int, int], now: datetime) -> Select[int, int]:
        """Narrow a query, in which the comment stands, down to what fits."""
        return found.where(*self._on_comment(now), *self._on_others())

    def _on_comment(self, now: datetime) -> list[ColumnElement[bool]]:
        asked = []
        if self.words:
            asked.append(Comment.body_source.icontains(self.words, autoescape=True))
        if self.language:
            asked.append(Comment.language == self.language)
        if self.hours:
            asked.append(Comment.posted_at <= now - timedelta(hours=self.hours))
        return asked

    def _on_others(self) -> list[ColumnElement[bool]]:
        asked: list[ColumnElement[bool]] = []
        if self.article:
            asked.append(exists().where(Article.id == Comment.article_id, Article.slug == self.article))
        if self.section:
            asked.append(exists().where(Article.id == Comment.article_id, Article.section == self.section))
        if self.reason:
            is_open = (Report.comment_id == Comment.id) & Report.settled_by_id.is_(None)
            asked.append(exists().where(is_open, Report.reason == self.reason))
        if self.tier:
            asked.append(exists().where(Reader.id == Comment.reader_id, _is_in(self.tier)))
        return asked

    def kept(self) -> dict[str, Any]:
        """Return them as JSON keeps them, and as an address carries them."""
        given = {name: value for name, value in asdict(self).items() if value}
        return {name: getattr(value, "value", value) for name, value in given.items()}


EVERYTHING = Conditions()


def conditions(given: Mapping[str, Any]) -> Conditions:
    """Return the conditions that were kept, or that stand in an address. What is none is not asked."""
    hours = str(given.get("hours") or "0")
    return Conditions(
        words=text.line(str(given.get("words") or ""))[:LONGEST_SEARCH],
        **{name: text.line(str(given.get(name) or ""))[:LONGEST_SEARCH] for name in ("article", "section", "language")},
        reason=next((one for one in ReportReason if one.value == given.get("reason")), None),
        tier=next((one for one in READER_TIERS if one.value == given.get("tier")), None),
        hours=min(int(hours), MOST_HOURS) if hours.isascii() and hours.isdigit() and len(hours) < len("100000") else 0,
    )


def _is_in(tier: Tier) -> ColumnElement[bool]:
    if tier is Tier.VERIFIED:
        return Reader.email_confirmed_at.is_not(None)
    is_account = Reader.registered_at.is_not(None)
    return Reader.email_confirmed_at.is_(None) & (is_account if tier is Tier.REGISTERED else ~is_account)
