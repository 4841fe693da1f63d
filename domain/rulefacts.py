"""What a moderation rule can ask: the facts of a text and its place, their kinds, and how each kind is compared. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import time
from enum import StrEnum
from functools import cached_property

from models import Tier

MOST = 1_000_000  # of anything counted: beyond every comment, and short enough to read


class Comparison(StrEnum):
    """How a fact is held against what a rule names."""

    CONTAINS = "contains"
    MATCHES = "matches"
    ABOVE = "above"
    AT_LEAST = "at_least"
    BELOW = "below"
    AT_MOST = "at_most"
    EQUALS = "equals"
    IS = "is"
    IS_NOT = "is_not"
    AMONG = "among"
    NOT_AMONG = "not_among"
    BETWEEN = "between"


class Kind(StrEnum):
    """What sort of thing a fact is."""

    TEXT = "text"
    COUNT = "count"  # whole, from nothing on
    WEIGHT = "weight"  # from nothing on, with at most two decimals
    PERCENT = "percent"  # from 0 to 100, with at most two decimals
    YES_OR_NO = "yes_or_no"
    CHOICE = "choice"  # one of a few that we know
    NAME = "name"  # one of those that a newsroom has, in whatever case
    LANGUAGE = "language"
    NUMBER = "number"  # of an article: the same or another, never more or less
    DOMAINS = "domains"
    TIME = "time"


_ORDER = (Comparison.ABOVE, Comparison.AT_LEAST, Comparison.BELOW, Comparison.AT_MOST, Comparison.EQUALS)
_SAME = (Comparison.IS, Comparison.IS_NOT)

COMPARISONS: dict[Kind, tuple[Comparison, ...]] = {
    Kind.TEXT: (Comparison.CONTAINS, Comparison.MATCHES),
    Kind.COUNT: _ORDER,
    Kind.WEIGHT: _ORDER,
    Kind.PERCENT: _ORDER,
    Kind.YES_OR_NO: (Comparison.IS,),
    Kind.CHOICE: _SAME,
    Kind.NAME: _SAME,
    Kind.LANGUAGE: _SAME,
    Kind.NUMBER: _SAME,
    Kind.DOMAINS: (Comparison.AMONG, Comparison.NOT_AMONG),
    Kind.TIME: (Comparison.BETWEEN,),
}


class Fact(StrEnum):
    """A fact by the name a rule calls it; `Facts` has an attribute of the same name."""

    TEXT = "text"
    LENGTH = "length"
    LINKS = "links"
    LINK_DOMAINS = "link_domains"
    CAPITALS = "capitals"
    LANGUAGE = "language"
    IS_REPLY = "is_reply"
    AUTHOR_TIER = "author_tier"
    AUTHOR_AGE_DAYS = "author_age_days"
    AUTHOR_APPROVED = "author_approved"
    AUTHOR_REMOVED = "author_removed"
    REPORTS = "reports"
    REPORT_WEIGHT = "report_weight"
    SECTION = "section"
    LEGAL_STATE = "legal_state"
    ARTICLE = "article"
    HEAT = "heat"
    SCORE = "score"
    TIME_OF_DAY = "time_of_day"

    @property
    def kind(self) -> Kind:
        """Return what sort of thing it is."""
        return KINDS[self]

    @property
    def comparisons(self) -> tuple[Comparison, ...]:
        """Return how it can be compared."""
        return COMPARISONS[self.kind]


KINDS: dict[Fact, Kind] = {
    Fact.TEXT: Kind.TEXT,
    Fact.LENGTH: Kind.COUNT,
    Fact.LINKS: Kind.COUNT,
    Fact.LINK_DOMAINS: Kind.DOMAINS,
    Fact.CAPITALS: Kind.PERCENT,
    Fact.LANGUAGE: Kind.LANGUAGE,
    Fact.IS_REPLY: Kind.YES_OR_NO,
    Fact.AUTHOR_TIER: Kind.CHOICE,
    Fact.AUTHOR_AGE_DAYS: Kind.COUNT,
    Fact.AUTHOR_APPROVED: Kind.COUNT,
    Fact.AUTHOR_REMOVED: Kind.COUNT,
    Fact.REPORTS: Kind.COUNT,
    Fact.REPORT_WEIGHT: Kind.WEIGHT,
    Fact.SECTION: Kind.NAME,
    Fact.LEGAL_STATE: Kind.CHOICE,
    Fact.ARTICLE: Kind.NUMBER,
    Fact.HEAT: Kind.COUNT,
    Fact.SCORE: Kind.PERCENT,
    Fact.TIME_OF_DAY: Kind.TIME,
}

CHOICES: dict[Fact, tuple[str, ...]] = {
    Fact.AUTHOR_TIER: tuple(tier.value for tier in Tier),
    Fact.LEGAL_STATE: ("none", "proceedings", "court_order"),
}


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known of a text and its place. What is left out is not known, which is neither yes nor no (`domain.ruling`).

    `contains` returns which of the words it is given stand in the text: skeletons are matched by whoever knows them.
    `language` may say no more than a script, as `domain.languages` does ("und-Cyrl"). `time_of_day` is the site's.
    Of shares, 100 is the whole; `heat` are the thread's comments of the last ten minutes.
    """

    text: str | None = None
    contains: Callable[[tuple[str, ...]], Collection[str]] | None = None
    length: int | None = None
    links: int | None = None
    link_domains: Sequence[str] | None = None
    capitals: float | None = None
    language: str | None = None
    is_reply: bool | None = None
    author_tier: Tier | None = None
    author_age_days: float | None = None
    author_approved: int | None = None
    author_removed: int | None = None
    reports: int | None = None
    report_weight: float | None = None
    section: str | None = None
    legal_state: str | None = None
    article: int | None = None
    heat: int | None = None
    score: float | None = None
    time_of_day: time | None = None

    @cached_property
    def searched(self) -> bytes | None:
        """Return the text as patterns search it, made once for all rules. A lone surrogate becomes a question mark."""
        return None if self.text is None else self.text.encode("utf-8", "replace")
