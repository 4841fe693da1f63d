"""How the work of moderation goes in a time: waits, pace, reversals, agreement, and how often rules and models were right.

Reads only, in a constant number of queries, each with a limit. Figures are of the newest acts where there are more.
"""

from __future__ import annotations

import enum
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import exists, func, or_, select, text
from sqlalchemy.orm import aliased

from domain.precision import Precision
from domain.secondopinions import RESTRICTING
from domain.transparency import DECIDING
from extensions import db
from models import (
    IS_HELD,
    Appeal,
    Article,
    ClassifierModel,
    Comment,
    ModerationAct,
    ModerationEntry,
    Reader,
    Report,
    RuleVersion,
    ScreeningVerdict,
    SecondOpinion,
    StatementOfReasons,
)

MOST = 20_000  # acts read of a time: a busy desk's month
MOST_GROUPS = 50  # rows of a table: those with the most decisions
UPHOLDING = RESTRICTING | {ModerationAct.EDIT_REFUSED}
MINUTE = timedelta(minutes=1)


class Dimension(enum.Enum):
    """By what the figures are told apart."""

    ARTICLE = "article"
    SECTION = "section"
    MODERATOR = "moderator"


GROUPS = {Dimension.ARTICLE: Article.headline, Dimension.SECTION: Article.section, Dimension.MODERATOR: Reader.name}


class Decision(NamedTuple):
    """A decision by a person: where or by whom, in which minute, and what became of it."""

    group: str | None
    moderator_id: int
    minute: datetime
    is_restricting: bool
    is_reversed: bool
    would_restrict: bool | None  # the second opinion, where there is one


class Wait(NamedTuple):
    """How long a text waited for its first decision."""

    group: str | None
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What is told of some decisions. A figure is none where there is nothing to tell it from."""

    name: str
    decisions: int
    half: timedelta | None  # had their first decision within
    most: timedelta | None  # nine in ten had
    a_minute: float | None  # in minutes in which anything was decided
    reversed: float | None
    opinions: int
    agreement: float | None


@dataclass(frozen=True, kw_only=True)
class Tool:
    """A rule or a model, and how often people decided as it pointed."""

    name: str
    precision: Precision


@dataclass(frozen=True, kw_only=True)
class Backlog:
    """Since when the oldest held comment and the oldest open report wait; none where nothing does."""

    held: datetime | None
    reported: datetime | None


@dataclass(frozen=True, kw_only=True)
class Metrics:
    """The page of figures."""

    overall: Figures
    groups: Sequence[Figures]
    tools: Sequence[Tool]
    backlog: Backlog
    is_cut: bool  # there were more acts than are read


Groups = dict[str, tuple[list[Decision], list[Wait]]]


def measured(start: datetime, end: datetime, by: Dimension) -> Metrics:
    """Return the figures of a time, all together and by a dimension."""
    decisions, waits = _decisions(start, end, by), [*_held(start, end, by), *_reported(start, end, by)]
    groups = [figures_of(name, *acts) for name, acts in _largest(_grouped(decisions, waits))]
    return Metrics(
        overall=figures_of("", decisions, waits),
        groups=groups,
        tools=[
            *_tools(start, end, RuleVersion, ScreeningVerdict.rule_id),
            *_tools(start, end, ClassifierModel, ScreeningVerdict.model_id),
        ],
        backlog=Backlog(held=_oldest_held(), reported=_oldest_reported()),
        is_cut=len(decisions) == MOST or len(waits) >= MOST,
    )


def figures_of(name: str, decisions: Sequence[Decision], waits: Sequence[Wait]) -> Figures:
    """Return the figures of some decisions and waits. Pure."""
    times = sorted(wait.seconds for wait in waits)
    minutes = {(one.moderator_id, one.minute) for one in decisions}
    asked = [one for one in decisions if one.would_restrict is not None]
    return Figures(
        name=name,
        decisions=len(decisions),
        half=percentile(times, 0.5),
        most=percentile(times, 0.9),
        a_minute=len(decisions) / len(minutes) if minutes else None,
        reversed=sum(one.is_reversed for one in decisions) / len(decisions) if decisions else None,
        opinions=len(asked),
        agreement=sum(one.would_restrict == one.is_restricting for one in asked) / len(asked) if asked else None,
    )


def percentile(times: Sequence[float], part: float) -> timedelta | None:
    """Return the least of the sorted seconds up to which at least this part of them lie; none of none."""
    return timedelta(seconds=times[max(0, math.ceil(part * len(times)) - 1)]) if times else None


def _grouped(decisions: Iterable[Decision], waits: Iterable[Wait]) -> Groups:
    groups: Groups = defaultdict(lambda: ([], []))
    for decision in decisions:
        groups[decision.group or ""][0].append(decision)
    for wait in waits:
        groups[wait.group or ""][1].append(wait)
    return groups


def _largest(groups: Groups) -> list[tuple[str, tuple[list[Decision], list[Wait]]]]:
    return sorted(groups.items(), key=lambda item: (-len(item[1][0]), item[0]))[:MOST_GROUPS]


def _decisions(start: datetime, end: datetime, by: Dimension) -> list[Decision]:
    undoing = aliased(ModerationEntry)
    of_it = (StatementOfReasons.entry_id == ModerationEntry.id) & (Appeal.statement_id == StatementOfReasons.id)
    granted = exists().where(of_it, Appeal.is_granted.is_(True))
    found = (
        select(
            GROUPS[by],
            ModerationEntry.actor_id,
            ModerationEntry.made_at,
            ModerationEntry.act.in_(RESTRICTING),
            or_(undoing.id.is_not(None), granted),
            SecondOpinion.would_restrict,
        )
        .select_from(ModerationEntry)
        .outerjoin(undoing, undoing.undoes_id == ModerationEntry.id)
        .outerjoin(SecondOpinion, SecondOpinion.entry_id == ModerationEntry.id)
        .where(ModerationEntry.act.in_(DECIDING), ModerationEntry.made_at >= start, ModerationEntry.made_at < end)
        .order_by(ModerationEntry.made_at.desc(), ModerationEntry.id.desc())
        .limit(MOST)
    )
    rows = db.session.execute(_told_apart(found, by))
    return [Decision(group, who, at.replace(second=0, microsecond=0), *rest) for group, who, at, *rest in rows]


def _held(start: datetime, end: datetime, by: Dimension) -> list[Wait]:
    """Return how long what checks held waited, as far as somebody has decided."""
    held, later = aliased(ModerationEntry), aliased(ModerationEntry)
    first = select(func.min(later.id)).where(
        later.comment_id == held.comment_id, later.id > held.id, later.actor_id.is_not(None), later.act.in_(DECIDING)
    )
    is_held = held.act.in_((ModerationAct.HELD, ModerationAct.EDIT_HELD)) & held.actor_id.is_(None)
    found = (
        select(GROUPS[by], held.made_at, ModerationEntry.made_at)
        .select_from(held)
        .join(ModerationEntry, ModerationEntry.id == first.scalar_subquery())
        .where(is_held, held.made_at >= start, held.made_at < end)
    )
    return _waits(found.order_by(held.made_at.desc()), by)


def _reported(start: datetime, end: datetime, by: Dimension) -> list[Wait]:
    """Return how long complaints waited that a person has settled."""
    found = (
        select(GROUPS[by], Report.made_at, ModerationEntry.made_at)
        .select_from(Report)
        .join(ModerationEntry, ModerationEntry.id == Report.settled_by_id)
        .where(ModerationEntry.act.in_(DECIDING), Report.made_at >= start, Report.made_at < end)
    )
    return _waits(found.order_by(Report.made_at.desc(), Report.id.desc()), by)


def _waits(found: Any, by: Dimension) -> list[Wait]:
    rows = db.session.execute(_told_apart(found, by).limit(MOST // 2))
    return [Wait(group, max(0.0, (decided - since).total_seconds())) for group, since, decided in rows]


def _told_apart(found: Any, by: Dimension) -> Any:
    """Join what the acts of people are told apart by, and no more: there are many of them."""
    found = found.where(ModerationEntry.actor_id.is_not(None))
    if by is Dimension.MODERATOR:
        return found.join(Reader, Reader.id == ModerationEntry.actor_id)
    return found.join(Comment, Comment.id == ModerationEntry.comment_id).join(Article, Article.id == Comment.article_id)


def _tools(start: datetime, end: datetime, table: type[RuleVersion | ClassifierModel], column: Any) -> list[Tool]:
    """Return how often people restricted what a rule or a model pointed at: by its versions, the newest hits of the time."""
    decided = select(func.max(ModerationEntry.id)).where(
        ModerationEntry.comment_id == ScreeningVerdict.comment_id,
        ModerationEntry.actor_id.is_not(None),
        ModerationEntry.act.in_(DECIDING),
    )
    entry = aliased(ModerationEntry)
    name = RuleVersion.name if table is RuleVersion else ClassifierModel.version
    found = (
        select(column, name, ScreeningVerdict.comment_id, entry.act)
        .select_from(ScreeningVerdict)
        .join(table, table.id == column)
        .outerjoin(entry, entry.id == decided.scalar_subquery())
        .where(column.is_not(None), ScreeningVerdict.made_at >= start, ScreeningVerdict.made_at < end)
        .order_by(ScreeningVerdict.made_at.desc(), ScreeningVerdict.id.desc())
        .limit(MOST)
    )
    acts: defaultdict[tuple[int, str], dict[int, ModerationAct | None]] = defaultdict(dict)
    for key, called, comment_id, act in db.session.execute(found):
        acts[key, called][comment_id] = act
    return [Tool(name=called, precision=_precision(given.values())) for (_, called), given in sorted(acts.items())]


def _precision(acts: Iterable[ModerationAct | None]) -> Precision:
    told = list(acts)
    decided = [act for act in told if act is not None]
    return Precision(hits=len(told), decided=len(decided), upheld=sum(act in UPHOLDING for act in decided))


def _oldest_held() -> datetime | None:
    held = select(Comment.posted_at).where(text(IS_HELD))
    return db.session.scalar(held.order_by(Comment.id).limit(1))


def _oldest_reported() -> datetime | None:
    waiting = select(Report.made_at).where(Report.settled_by_id.is_(None))
    return db.session.scalar(waiting.order_by(Report.id).limit(1))
