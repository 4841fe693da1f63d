"""The read model of a discussion: which comments a page shows, in which order, and how they hang together.

A page costs the same however long the discussion is: one statement finds which comments belong on it, from an index made for
the sort; one reads them. Reads only.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, and_, bindparam, literal_column, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from domain import commentviews
from domain.commentviews import CommentView, Shown
from domain.trees import Node, arranged, in_reading_order
from extensions import db
from models import Article, Camp, Comment, CommentState, OpinionChoice, Reader

THREADS_A_PAGE = 25
REPLIES_SHOWN = 5  # of each thread on the article's page; the thread's own page has all of them
COMMENTS_A_PAGE = 60  # on the article's page, so that a page of lively threads costs no more than one of silent ones
REPLIES_A_PAGE = 50  # on a thread's own page
JUST_POSTED = timedelta(minutes=15)  # how long one's own comment stands on top, wherever the sort would put it
OWN_SHOWN = 10  # of one's own that wait, were removed or have just been posted
EARLIER_SHOWN = 3  # comments a reply answers, directly and indirectly, that stand on an earlier page
PICKS_SHOWN = 12


class Sort(enum.Enum):
    """The orders in which a discussion can be read."""

    BEST = "best"
    COMMON = "common"
    NEWEST = "newest"
    OLDEST = "oldest"
    DISCUSSED = "discussed"


RANKS: dict[Sort, InstrumentedAttribute[int]] = {
    Sort.BEST: Comment.best_rank,
    Sort.COMMON: Comment.common_rank,
    Sort.DISCUSSED: Comment.replies,
}
REPLY_RANKS: dict[Sort, InstrumentedAttribute[int]] = {**RANKS, Sort.DISCUSSED: Comment.best_rank}


@dataclass(frozen=True)
class Cursor:
    """A place in a sorted discussion: a comment's rank and id. Chronological sorts have no rank but 0."""

    rank: int
    comment_id: int

    def __str__(self) -> str:
        """Return the cursor as it stands in an address."""
        return f"{self.rank}.{self.comment_id}"


@dataclass(frozen=True, kw_only=True)
class Discussion:
    """A page of a discussion. `own` is what the viewer has just written or still waits with, `sides` the best of each camp.

    Nothing by readers whom the viewer has muted is among `picks` and `sides`.
    """

    nodes: list[Node]
    total: int
    sort: Sort
    take: OpinionChoice | None = None
    next_after: Cursor | None = None
    own: list[Node] = field(default_factory=list)
    picks: dict[Camp | None, list[CommentView]] = field(default_factory=dict)
    sides: dict[Camp, CommentView] = field(default_factory=dict)

    @property
    def first_new(self) -> int | None:
        """Return the first comment on the page that is new to the viewer."""
        return next((node.view.id for node in in_reading_order(self.nodes) if node.view.is_new), None)


@dataclass(frozen=True, kw_only=True)
class Thread:
    """A page of one thread: its first comment, what the first reply of the page answers, and replies by their numbers.

    `page` counts from 1. Earlier and later pages exist when `page` is above 1 and below `pages`.
    """

    first: Node
    earlier: list[Node]
    total: int
    page: int
    pages: int


def discussion_of(
    article: Article,
    *,
    viewer: Reader | None,
    now: datetime,
    sort: Sort = Sort.BEST,
    take: OpinionChoice | None = None,
    after: Cursor | None = None,
    by_side: bool = False,
) -> Discussion:
    """Return a page of the discussion in an order, all of it or only what readers with one take wrote.

    `by_side` adds, on the first page, the best comment of each camp: only for those who may see takes.
    """
    found = _on_page(article, sort, take, after)
    page, has_more = _fitting(found, most=COMMENTS_A_PAGE if take else THREADS_A_PAGE)
    own = _own(article, viewer, now) if viewer and after is None else []
    picks = _picks(article) if after is None and take is None else []
    sides = _best_by_side(article) if by_side and after is None and take is None else {}
    roots, replies = [one.comment_id for one in page], [reply for one in page for reply in one.replies]
    views = commentviews.of([*roots, *replies, *own, *picks, *sides.values()], viewer=viewer, article=article)
    shown, muted = {*roots, *replies}, {one for one, view in views.items() if view.is_muted}
    return Discussion(
        nodes=arranged([views[one] for one in roots], [views[one] for one in replies], _order(sort)),
        total=article.published_comments,
        sort=sort,
        take=take,
        next_after=Cursor(page[-1].rank, page[-1].comment_id) if has_more else None,
        own=[Node(view=views[one]) for one in own if one not in shown],
        picks=_by_camp([views[one] for one in picks if one not in muted], is_told_apart=by_side),
        sides={camp: views[one] for camp, one in sides.items() if one not in muted},
    )


def thread_around(comment: Comment, *, viewer: Reader | None, page: int | None = None) -> Thread:
    """Return the page of its thread on which a comment stands, or another one. Costs the same in a thread of any length."""
    root_id = comment.root_id or comment.id
    numbered = db.session.execute(select(Comment.numbered).where(Comment.id == root_id)).scalar_one()
    pages = max(1, -(-numbered // REPLIES_A_PAGE))
    page = min(max(page or _page_of(comment), 1), pages)
    low = (page - 1) * REPLIES_A_PAGE
    on_page = select(Comment.id).where(Comment.root_id == root_id, Comment.number > low, Comment.number <= low + REPLIES_A_PAGE)
    replies = list(db.session.scalars(on_page.order_by(Comment.number)))
    earlier = [one for one in _ancestors(comment) if one not in {*replies, root_id}] if comment.id in replies else []
    views = commentviews.of([root_id, *replies, *earlier], viewer=viewer, article=comment.article)
    (first,) = arranged([views[root_id]], [views[one] for one in replies], _by_age, keep_roots=True)
    return Thread(
        first=first,
        earlier=[Node(view=views[one]) for one in earlier if views[one].shown is not Shown.PLACE],
        total=comment.article.published_comments,
        page=page,
        pages=pages,
    )


def _page_of(comment: Comment) -> int:
    return 1 if comment.number is None else 1 + (comment.number - 1) // REPLIES_A_PAGE


@dataclass(frozen=True)
class _Found:
    """A comment that belongs on a page, and the replies of its thread that are shown with it."""

    comment_id: int
    rank: int
    replies: list[int]


class Stretch(enum.Enum):
    """A part of a sorted discussion that one index scan finds."""

    ALL = "all"
    LATER = "later"  # what follows a place in a chronological sort
    EQUAL = "equal"  # what has the rank of a place, and follows it
    LOWER = "lower"


def _on_page(article: Article, sort: Sort, take: OpinionChoice | None, after: Cursor | None) -> list[_Found]:
    """Return what belongs on a page and one more. Stretches are read one by one, so that each starts where it begins."""
    wanted: dict[str, int] = {ARTICLE.key: article.id}
    stretches = [Stretch.ALL]
    if take:
        wanted[TAKE.key] = take.id
    if after:
        wanted |= {RANK.key: after.rank, PLACE.key: after.comment_id}
        stretches = [Stretch.EQUAL, Stretch.LOWER] if sort in RANKS else [Stretch.LATER]
    most = COMMENTS_A_PAGE if take else THREADS_A_PAGE
    found: list[_Found] = []
    for stretch in stretches:
        if len(found) <= most:
            statement = (_taken if take else _threads)(sort, stretch)
            found += [_found(row) for row in db.session.execute(statement, wanted)]
    return found[: most + 1]


def _found(row: Any) -> _Found:
    comment_id, rank, *replies = row
    distinct = dict.fromkeys(reply for reply in replies if reply is not None)
    return _Found(comment_id, rank, list(distinct)[:REPLIES_SHOWN])


# in so many words, as the indexes of replies have it
SHOWN: list[ColumnElement[str]] = [literal_column(f"'{state}'") for state in ("published", "limited")]
ARTICLE, TAKE, RANK, PLACE = (bindparam(name, type_=BigInteger) for name in ("article", "take", "rank", "place"))


@cache
def _threads(sort: Sort, stretch: Stretch) -> Select[*tuple[Any, ...]]:
    """Select the threads of a page, each with its best rated replies and its first ones: all from indexes, in one statement."""
    reply = aliased(Comment)
    published = select(reply.id).where(reply.root_id == Comment.id, reply.state.in_(SHOWN)).limit(_exactly(1))
    chosen = [published.order_by(reply.id).offset(_exactly(place)) for place in range(REPLIES_SHOWN)]
    if rank := REPLY_RANKS.get(sort):
        ranked = published.where(getattr(reply, rank.key) > 0).order_by(getattr(reply, rank.key).desc(), reply.id.desc())
        chosen = [*(ranked.offset(_exactly(place)) for place in range(REPLIES_SHOWN)), *chosen]
    found = select(Comment.id, _rank_of(sort), *(one.correlate(Comment).scalar_subquery() for one in chosen))
    listed = found.where(Comment.article_id == ARTICLE, Comment.root_id.is_(None), Comment.is_listed)
    return _sorted(listed, sort, stretch, same=Comment.root_id).limit(_exactly(THREADS_A_PAGE + 1))


@cache
def _taken(sort: Sort, stretch: Stretch) -> Select[*tuple[Any, ...]]:
    """Select what readers with one take wrote, first comments and replies alike."""
    found = select(Comment.id, _rank_of(sort))
    mine = found.where(Comment.article_id == ARTICLE, Comment.choice_id == TAKE, Comment.is_listed)
    published = mine.where(Comment.state.in_(SHOWN))
    return _sorted(published, sort, stretch, same=Comment.choice_id).limit(_exactly(COMMENTS_A_PAGE + 1))


def _exactly(number: int) -> ColumnElement[int]:
    """Return a number that stands in the statement itself: a planner that does not know it would plan for many rows."""
    return literal_column(str(number), BigInteger)


def _rank_of(sort: Sort) -> ColumnElement[int]:
    return RANKS[sort].expression if sort in RANKS else (Comment.id * 0).expression


def _sorted(
    found: Select[*tuple[Any, ...]], sort: Sort, stretch: Stretch, *, same: InstrumentedAttribute[Any]
) -> Select[*tuple[Any, ...]]:
    """Bring what was found in order, a stretch of it. Equal ranks stand by age, so the order is total.

    In chronological order a column that is the `same` in all of it goes first, as in the index made for it: PostgreSQL might
    otherwise go through the comments of the whole site by their ids.
    """
    if sort is Sort.OLDEST:
        found = found.where(Comment.id > PLACE) if stretch is Stretch.LATER else found
        return found.order_by(same, Comment.id)
    if stretch in {Stretch.LATER, Stretch.EQUAL}:
        found = found.where(Comment.id < PLACE)
    if sort is Sort.NEWEST:
        return found.order_by(same.desc(), Comment.id.desc())
    rank = RANKS[sort]
    if stretch is not Stretch.ALL:
        found = found.where(rank == RANK if stretch is Stretch.EQUAL else rank < RANK)
    return found.order_by(rank.desc(), Comment.id.desc())


def _fitting(found: Sequence[_Found], *, most: int) -> tuple[Sequence[_Found], bool]:
    """Return what fits on a page with its replies, and whether there is more."""
    room = COMMENTS_A_PAGE
    for place, one in enumerate(found):
        room -= 1 + len(one.replies)
        if place == most or (room < 0 and place):
            return found[:place], True
    return found, False


def _order(sort: Sort) -> Callable[[CommentView], tuple[int, ...]]:
    """Return how answers to one comment stand to each other."""
    if rank := REPLY_RANKS.get(sort):
        return lambda view: (-getattr(view, rank.key), view.id)
    return _by_age


def _by_age(view: CommentView) -> tuple[int, ...]:
    return (view.id,)


def _own(article: Article, viewer: Reader, now: datetime) -> list[int]:
    """Return the viewer's own comments that the page must show them in any case, newest first."""
    waits = Comment.state.in_([CommentState.HELD, CommentState.REMOVED, CommentState.DISABLED])
    mine = select(Comment.id).where(Comment.reader_id == viewer.id, Comment.article_id == article.id)
    recent = and_(Comment.state == CommentState.PUBLISHED, Comment.posted_at > now - JUST_POSTED)
    return list(db.session.scalars(mine.where(or_(waits, recent)).order_by(Comment.id.desc()).limit(OWN_SHOWN)))


def _picks(article: Article) -> list[int]:
    picked = select(Comment.id).where(Comment.article_id == article.id, Comment.picked_at.is_not(None))
    published = picked.where(Comment.state == CommentState.PUBLISHED)
    return list(db.session.scalars(published.order_by(Comment.picked_at.desc()).limit(PICKS_SHOWN)))


def _by_camp(views: Sequence[CommentView], *, is_told_apart: bool) -> dict[Camp | None, list[CommentView]]:
    """Return the comments by camp; in one heap for those who may not see takes."""
    if not is_told_apart:
        return {None: list(views)} if views else {}
    camps = sorted({view.camp for view in views}, key=lambda camp: (camp is None, list(Camp).index(camp) if camp else 0))
    return {camp: [view for view in views if view.camp is camp] for camp in camps}


def _best_by_side(article: Article) -> dict[Camp, int]:
    """Return the best comment of each camp that has one which somebody found good, in two statements."""
    choices = article.poll.choices if article.poll else []
    if not choices:
        return {}
    chosen = []
    for choice in choices:
        mine = select(Comment.id).where(Comment.article_id == article.id, Comment.choice_id == choice.id, Comment.is_listed)
        good = mine.where(Comment.state == CommentState.PUBLISHED, Comment.best_rank > 0)
        chosen.append(good.order_by(Comment.best_rank.desc(), Comment.id.desc()).limit(1).scalar_subquery())
    ids = [one for one in db.session.execute(select(*chosen)).one() if one is not None]
    ranked = select(Comment.best_rank, Comment.id, OpinionChoice.camp).join(
        OpinionChoice, OpinionChoice.id == Comment.choice_id
    )
    rising = sorted(db.session.execute(ranked.where(Comment.id.in_(ids))), key=lambda row: (row[0], row[1]))
    best = {camp: comment_id for _, comment_id, camp in rising}  # of each camp the last stays
    return {camp: best[camp] for camp in Camp if camp in best}


def _ancestors(comment: Comment) -> list[int]:
    """Return what a reply answers, directly and indirectly, the farthest first; at most `EARLIER_SHOWN`."""
    above = [aliased(Comment) for _ in range(EARLIER_SHOWN)]
    found = select(*(one.id for one in above)).select_from(Comment)
    below: Any = Comment
    for one in above:
        found = found.outerjoin(one, one.id == below.parent_id)
        below = one
    row = db.session.execute(found.where(Comment.id == comment.id)).one()
    return [one for one in reversed(row) if one is not None]
