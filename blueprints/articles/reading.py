"""How a reader wants a discussion: its order, one take or all, and from which place on. From the address, or remembered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from flask import abort, request, url_for

from blueprints.articles.pages import ArticlePage
from blueprints.support.site import config
from domain.threads import Cursor, Sort
from models import OpinionChoice

CURSOR = re.compile(r"([0-9]{1,18})\.([0-9]{1,18})")
SORTS = frozenset(sort.value for sort in Sort)
REMEMBERED_DAYS = 400  # what browsers keep at most


@dataclass(frozen=True, kw_only=True)
class Reading:
    """One way to read one discussion."""

    sort: Sort
    take: OpinionChoice | None
    after: Cursor | None

    @property
    def version(self) -> tuple[object, ...]:
        """Return what sets this way apart from the others."""
        return self.sort, self.take.id if self.take else None, self.after

    def address(self, slug: str, **changed: Any) -> str:
        """Return the page read this way, or otherwise."""
        kept: dict[str, Any] = {"sort": self.sort.value, "take": self.take.id if self.take else None}
        return url_for("articles.show", slug=slug, _anchor="discussion", **{**kept, **changed})


def reading_of(page: ArticlePage) -> Reading:
    """Return how the discussion was asked for; answer 400 for what is no order, no take of this article or no place."""
    asked = request.args.get("sort")
    wanted = _sort(asked) if asked is not None else _remembered()
    return Reading(sort=_allowed(wanted, page), take=_take(page), after=_after())


def sort_cookie() -> str:
    """Return the name of the cookie in which the order is remembered."""
    return "__Host-sort" if config().is_https else "sort"


def _sort(name: str) -> Sort:
    try:
        return Sort(name)
    except ValueError:
        abort(400)


def _remembered() -> Sort:
    name = request.cookies.get(sort_cookie(), "")
    return Sort(name) if name in SORTS else Sort.BEST


def _allowed(wanted: Sort, page: ArticlePage) -> Sort:
    """Return the order wanted. Who may not see takes gets the best for common ground, which tells that every side has rated."""
    return Sort.BEST if wanted is Sort.COMMON and not page.seen.takes else wanted


def _take(page: ArticlePage) -> OpinionChoice | None:
    """Return the take to show alone. Who may not see takes gets all comments: a filter would tell who thinks what."""
    text = request.args.get("take")
    if text is None or page.article.poll is None:
        return None
    found = next((choice for choice in page.article.poll.choices if str(choice.id) == text), None)
    if found is None:
        abort(400)
    return found if page.seen.takes else None


def _after() -> Cursor | None:
    text = request.args.get("after")
    if text is None:
        return None
    match = CURSOR.fullmatch(text)
    if match is None:
        abort(400)
    return Cursor(int(match[1]), int(match[2]))
