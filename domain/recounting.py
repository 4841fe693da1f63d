"""Counting what is said and rated anew, to hold the counters against it. They cannot drift; this proves it.

Comments are taken in batches by their ids, articles too, so memory and locks are bounded however much there is. What is stored
and what it should be come from one statement, hence from one moment: what readers do meanwhile is no difference.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, case, func, select, text, update

from domain import entries, ranking, visibility
from domain.ranking import Counted
from domain.upserts import insert_new
from extensions import db
from models import (
    SHOWN,
    Article,
    Camp,
    Comment,
    CommentRating,
    OpinionChoice,
    OpinionPoll,
    RatingTally,
    Verdict,
)

BATCH = 1_000  # rows looked at in one statement: some milliseconds
OF_COMMENTS = ("replies", "numbered", "is_listed", "good", "poor", "best_rank", "common_rank", "was_approved")
OF_ARTICLES = ("published_comments", "appeared")


@dataclass(frozen=True)
class Batch:
    """Rows of a table by their ids, from above `after` up to `last`."""

    table: type[Article | Comment]
    after: int
    last: int

    def holds(self, column: Any) -> ColumnElement[bool]:
        """Return the condition that an id belongs to it."""
        condition: ColumnElement[bool] = (column > self.after) & (column <= self.last)
        return condition


@dataclass(frozen=True)
class Difference:
    """A counter that is not what a recount says. `camp` is set where it counts one camp's ratings of a comment."""

    table: str
    id: int
    column: str
    stored: int
    counted: int
    camp: Camp | None = None

    def __str__(self) -> str:
        of = f" ({self.camp.value})" if self.camp else ""
        return f"{self.table} {self.id}{of}: {self.column} is {self.stored}, should be {self.counted}"


def pieces() -> int:
    """Return how many batches there are."""
    rows = (db.session.scalar(select(func.count()).select_from(table)) or 0 for table in (Comment, Article))
    return sum(-(-count // BATCH) for count in rows)


def batches() -> Iterator[Batch]:
    """Yield everything there is to look at, piece by piece. May be committed or rolled back in between."""
    for table in (Comment, Article):
        after = 0
        while ids := db.session.scalars(select(table.id).where(table.id > after).order_by(table.id).limit(BATCH)).all():
            yield Batch(table, after, ids[-1])
            after = ids[-1]


def differences(batch: Batch) -> list[Difference]:
    """Return what a recount of a batch says otherwise."""
    return _of_articles(batch) if batch.table is Article else _of_comments(batch)


def repair(batch: Batch) -> list[Difference]:
    """Count a batch again while nobody writes, put right what differs and return it. The caller commits.

    Begin it in a new transaction: all who post, rate or decide wait until it ends.
    """
    if db.session.get_bind().dialect.name == "postgresql":  # on SQLite there is one writer at a time anyway
        db.session.execute(text("LOCK TABLE comment IN EXCLUSIVE MODE"))
    found = differences(batch)
    by_row: defaultdict[tuple[int, Camp | None], dict[str, int]] = defaultdict(dict)
    for one in found:
        by_row[one.id, one.camp][one.column] = one.counted
    for (row_id, camp), counted in by_row.items():
        _put_right(batch, row_id, camp, counted)
    articles = [one.id for one in found] if batch.table is Article else _articles_of([one.id for one in found])
    for article_id in sorted(set(articles)):
        visibility.touch(article_id)
    return found


def _put_right(batch: Batch, row_id: int, camp: Camp | None, counted: Mapping[str, int]) -> None:
    changed = update(batch.table).where(batch.table.id == row_id)
    if camp is not None:
        insert_new(RatingTally, comment_id=row_id, camp=camp, good=0, rated=0)
        changed = update(RatingTally).where(RatingTally.comment_id == row_id, RatingTally.camp == camp)
    db.session.execute(changed.values(dict(counted)), execution_options={"synchronize_session": False})


def _articles_of(comment_ids: Sequence[int]) -> Sequence[int]:
    return db.session.scalars(select(Comment.article_id).where(Comment.id.in_(comment_ids)).distinct()).all()


def _of_articles(batch: Batch) -> list[Difference]:
    of_it = select(Comment.article_id, func.max(Comment.appeared).label("appeared")).group_by(Comment.article_id)
    is_published = case((Comment.state.in_(SHOWN), 1), else_=0)
    fresh = (
        of_it.add_columns(func.sum(is_published).label("published_comments")).where(batch.holds(Comment.article_id)).subquery()
    )
    found = select(Article.id, *(getattr(Article, name) for name in OF_ARTICLES), *_counted(fresh, OF_ARTICLES))
    joined = found.outerjoin(fresh, fresh.c.article_id == Article.id).where(batch.holds(Article.id))
    return [one for row in db.session.execute(joined) for one in _compared("article", row.id, row, _fresh(row, OF_ARTICLES))]


def _of_comments(batch: Batch) -> list[Difference]:
    camps = _camps_by_article()
    return [
        one
        for row in db.session.execute(_comments_counted(batch))
        for one in (*_compared("comment", row.id, row, _expected(row, camps[row.article_id])), *_tallies_compared(row))
    ]


def _comments_counted(batch: Batch) -> Select[*tuple[Any, ...]]:
    """Select the comments of a batch: their counters, and what replies, ratings and their camps say."""
    replies, ratings, tallies = _replies(batch), _ratings(batch), _tallies(batch)
    found = select(Comment.id, Comment.article_id, Comment.state, *(getattr(Comment, name) for name in OF_COMMENTS))
    counted = [*_counted(replies, ("replies", "numbered")), *_counted(ratings, ("good", "poor", *_camp_names()))]
    stored = [func.coalesce(tallies.c[name], 0).label(f"stored_{name}") for name in _camp_names()]
    return (
        found.add_columns(*counted, *stored, entries.is_approved(Comment.id).label("fresh_was_approved"))
        .outerjoin(replies, replies.c.id == Comment.id)
        .outerjoin(ratings, ratings.c.id == Comment.id)
        .outerjoin(tallies, tallies.c.id == Comment.id)
        .where(batch.holds(Comment.id))
        .order_by(Comment.id)
    )


def _replies(batch: Batch) -> Subquery:
    is_published = case((Comment.state.in_(SHOWN), 1), else_=0)
    counted = select(
        Comment.root_id.label("id"), func.sum(is_published).label("replies"), func.max(Comment.number).label("numbered")
    )
    return counted.where(batch.holds(Comment.root_id)).group_by(Comment.root_id).subquery("replies")


def _ratings(batch: Batch) -> Subquery:
    is_good = CommentRating.verdict == Verdict.GOOD
    sums = [_sum(is_good, "good"), _sum(~is_good, "poor")]
    for camp in Camp:
        of_camp = CommentRating.camp == camp
        sums += [_sum(of_camp & is_good, f"{camp.value}_good"), _sum(of_camp, f"{camp.value}_rated")]
    counted = select(CommentRating.comment_id.label("id"), *sums).where(batch.holds(CommentRating.comment_id))
    return counted.group_by(CommentRating.comment_id).subquery("ratings")


def _tallies(batch: Batch) -> Subquery:
    columns = {"good": RatingTally.good, "rated": RatingTally.rated}
    sums = [
        func.sum(case((RatingTally.camp == camp, column), else_=0)).label(f"{camp.value}_{name}")
        for camp in Camp
        for name, column in columns.items()
    ]
    stored = select(RatingTally.comment_id.label("id"), *sums).where(batch.holds(RatingTally.comment_id))
    return stored.group_by(RatingTally.comment_id).subquery("tallies")


def _sum(condition: ColumnElement[bool], name: str) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0)).label(name)


def _counted(subquery: Subquery, names: Sequence[str]) -> list[ColumnElement[int]]:
    return [func.coalesce(subquery.c[name], 0).label(f"fresh_{name}") for name in names]


def _camp_names() -> list[str]:
    return [f"{camp.value}_{name}" for camp in Camp for name in ("good", "rated")]


def _fresh(row: Any, names: Sequence[str]) -> dict[str, int]:
    return {name: int(getattr(row, f"fresh_{name}")) for name in names}


def _expected(row: Any, camps: Sequence[str]) -> dict[str, int]:
    """Return what every counter, rank and mark of a comment should be."""
    counted = _fresh(row, ("replies", "numbered", "good", "poor"))
    best = ranking.best_rank(counted["good"], counted["good"] + counted["poor"])
    fresh = _fresh(row, _camp_names())
    by_camp = {camp.value: Counted(fresh[f"{camp.value}_good"], fresh[f"{camp.value}_rated"]) for camp in Camp}
    is_listed = row.state in SHOWN or counted["replies"] > 0
    return counted | {
        "is_listed": is_listed,
        "best_rank": best,
        "common_rank": ranking.common_rank(best, by_camp, camps),
        "was_approved": bool(row.fresh_was_approved),
    }


def _compared(table: str, row_id: int, row: Any, expected: Mapping[str, int]) -> list[Difference]:
    stored = {name: getattr(row, name) for name in expected}
    return [
        Difference(table, row_id, name, stored[name], expected[name]) for name in expected if stored[name] != expected[name]
    ]


def _tallies_compared(row: Any) -> Iterator[Difference]:
    fresh = _fresh(row, _camp_names())
    for camp in Camp:
        for name in ("good", "rated"):
            key = f"{camp.value}_{name}"
            stored = int(getattr(row, f"stored_{key}"))
            if stored != fresh[key]:
                yield Difference("rating_tally", row.id, name, stored, fresh[key], camp)


def _camps_by_article() -> Mapping[int, list[str]]:
    """Return the camps between which there can be common ground, by article."""
    found: defaultdict[int, set[str]] = defaultdict(set)
    pairs = select(OpinionPoll.article_id, OpinionChoice.camp).join(OpinionChoice, OpinionChoice.poll_id == OpinionPoll.id)
    for article_id, camp in db.session.execute(pairs):
        found[article_id].add(camp.value)
    return defaultdict(list, {article_id: sorted(camps) for article_id, camps in found.items()})
