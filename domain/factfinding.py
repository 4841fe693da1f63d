"""What is known of a text and its place, for the moderation rules: of one that is being posted, and of many past ones. Reads only.

Five queries, however many texts. What an author's record and a discussion's heat were is told as of the moment of each text.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo

from sqlalchemy import func, or_, select

from domain import entries, languages, linkchecks
from domain.heat import HEATED, WINDOW
from domain.rulefacts import Facts
from domain.words import WordList
from extensions import db
from models import Article, Comment, CommentState, ModerationAct, ModerationEntry, Reader, Report

MOST_DECISIONS = 5_000  # of authors that are looked at, the newest: beyond, a number says no more than "many"
WHOLE = 100.0  # per cent


class _Site:
    """What this process serves."""

    zone: tzinfo = UTC  # in which times of day are told; whoever starts the process says so


site = _Site()


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """A text and its place. `comment` is the one that has it, or whose text it is to become."""

    body: str
    reader: Reader
    article: Article
    at: datetime
    is_reply: bool
    comment: Comment | None = None


@dataclass(frozen=True, kw_only=True)
class Means:
    """By what facts are found: the lists of words, the classifier (a probability; nothing where none is asked), the site's zone.

    In hindsight the reports of a comment count that were settled since.
    """

    words: WordList = field(default_factory=lambda: WordList(()))
    score: Callable[[str], float | None] | None = None
    zone: tzinfo = field(default_factory=lambda: site.zone)
    is_hindsight: bool = False


Moments = list[tuple[int, datetime]]  # a comment, and when what counts of it came about


@dataclass(frozen=True)
class _Known:
    """What the database said of all texts at once."""

    approved: Mapping[int, Moments]  # by author
    removed: Mapping[int, Moments]
    posted: Mapping[int, list[datetime]]  # by article, in order
    reports: Mapping[int, int]  # by comment


def facts_of(occasion: Occasion, means: Means) -> Facts:
    """Return what is known of one text."""
    return facts_of_all([occasion], means)[0]


def facts_of_all(occasions: Sequence[Occasion], means: Means) -> list[Facts]:
    """Return what is known of each text, in order."""
    readers = {one.reader.id for one in occasions}
    known = _Known(
        approved=_decided(readers, {ModerationAct.APPROVED: CommentState.PUBLISHED}),
        removed=_decided(readers, {ModerationAct.REMOVED: CommentState.REMOVED, ModerationAct.DISABLED: CommentState.DISABLED}),
        posted=_posted(occasions),
        reports=_reports([one.comment.id for one in occasions if one.comment], means),
    )
    return [_facts(one, means, known) for one in occasions]


def _facts(one: Occasion, means: Means, known: _Known) -> Facts:
    links, probability = linkchecks.links(one.body), means.score(one.body) if means.score else None
    return Facts(
        text=one.body,
        contains=means.words.among(one.body),
        length=len(one.body),
        links=len(links),
        link_domains=linkchecks.domains(links),
        capitals=capitals(one.body),
        language=languages.language_of(one.body),
        is_reply=one.is_reply,
        author_tier=one.reader.tier,
        author_age_days=max((one.at - one.reader.created_at) / timedelta(days=1), 0.0),
        author_approved=_before(known.approved.get(one.reader.id, []), one),
        author_removed=_before(known.removed.get(one.reader.id, []), one),
        reports=known.reports.get(one.comment.id, 0) if one.comment else 0,
        section=one.article.section,
        legal_state=one.article.legal_state.value,
        article=one.article.id,
        heat=_heat(known.posted.get(one.article.id, []), one.at),
        score=None if probability is None else probability * WHOLE,
        time_of_day=one.at.astimezone(means.zone).time(),
    )


def capitals(body: str) -> float:
    """Return which share of the letters that have a case are capitals, in percent; 0 where none has."""
    upper = sum(map(str.isupper, body))
    cased = upper + sum(map(str.islower, body))
    return WHOLE * upper / cased if cased else 0.0


def _before(moments: Moments, one: Occasion) -> int:
    """Return how many comments were decided so before a text, apart from its own."""
    own = one.comment.id if one.comment else 0
    return sum(at < one.at for comment_id, at in moments if comment_id != own)


def _heat(posted: list[datetime], at: datetime) -> int:
    return min(bisect_left(posted, at) - bisect_left(posted, at - WINDOW), HEATED)


def _decided(readers: set[int], acts: Mapping[ModerationAct, CommentState]) -> Mapping[int, Moments]:
    """Return by author which of their comments a moderator decided so about, where that still stands, each once."""
    found = select(Comment.reader_id, Comment.id, ModerationEntry.made_at).join(
        ModerationEntry, ModerationEntry.comment_id == Comment.id
    )
    stands = or_(*((ModerationEntry.act == act) & (Comment.state == state) for act, state in acts.items()))
    standing = found.where(Comment.reader_id.in_(readers), stands, ~entries.is_undone())
    first: dict[int, dict[int, datetime]] = defaultdict(dict)
    for reader_id, comment_id, at in db.session.execute(standing.order_by(ModerationEntry.id.desc()).limit(MOST_DECISIONS)):
        first[reader_id][comment_id] = at  # the earliest is read last
    return {reader_id: list(comments.items()) for reader_id, comments in first.items()}


def _posted(occasions: Sequence[Occasion]) -> Mapping[int, list[datetime]]:
    """Return by article when its newest comments were posted, as far back as these texts need."""
    articles = {one.article.id for one in occasions}
    newest = select(Comment.article_id, Comment.posted_at).where(Comment.article_id.in_(articles)).order_by(Comment.id.desc())
    found: defaultdict[int, list[datetime]] = defaultdict(list)
    for article_id, at in db.session.execute(newest.limit(HEATED + len(occasions))):
        found[article_id].append(at)
    return {article_id: sorted(times) for article_id, times in found.items()}


def _reports(comment_ids: Sequence[int], means: Means) -> Mapping[int, int]:
    if not comment_ids:
        return {}
    found = select(Report.comment_id, func.count()).where(Report.comment_id.in_(comment_ids))
    if not means.is_hindsight:
        found = found.where(Report.settled_by_id.is_(None))
    return {row[0]: row[1] for row in db.session.execute(found.group_by(Report.comment_id))}
