"""Long discussions, put into the database at once and past the domain, with every counter and rank as it has to be."""

from __future__ import annotations

import enum
import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from random import Random

from sqlalchemy import func, insert, select, text

from domain import ranking
from domain.ranking import Counted
from domain.text import RENDERER_VERSION
from domain.threads import REPLIES_SHOWN
from extensions import db
from models import Article, Comment, CommentState, Reader
from tests import factories

SIZES = (9, 6, 12, 8, 10)  # of lively threads: each fills its room on a page, so pages of every sort hold as much
LEAST = 1 + REPLIES_SHOWN
MOST_RATINGS = 12  # of each camp


class Shape(enum.Enum):
    """How the comments of a discussion hang together."""

    LIVELY = "lively"  # many threads at the same time, each reply to anything in its thread
    LOPSIDED = "lopsided"  # everybody answers the first comment
    CHAIN = "chain"  # everybody answers the one before
    LOOSE = "loose"  # three of five answer nobody, the others the one before


def fill(
    article: Article,
    count: int,
    authors: Sequence[Reader],
    *,
    shape: Shape = Shape.LIVELY,
    html_of: Callable[[int], str] = "<p>Number {}.</p>".format,
) -> list[int]:
    """Put `count` published comments under the article and return their ids, the oldest first. The caller commits.

    Ranks come from random ratings that are counted, not kept. The same each time.
    """
    dice = Random(count)
    first = (db.session.scalar(select(func.max(Comment.id))) or 0) + 1
    parents = list(_parents(count, shape, dice))
    rows = _rows(article, authors, first, parents, dice)
    for place, row in enumerate(rows):
        row["body_source"] = row["body_html"] = html_of(place)
    roots = [row for row in rows if row["root_id"] is None]
    db.session.execute(insert(Comment), roots)
    db.session.execute(insert(Comment), [row for row in rows if row["root_id"] is not None])
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("SELECT setval(pg_get_serial_sequence('comment', 'id'), (SELECT max(id) FROM comment))"))
    article.published_comments += count
    article.appeared += count
    db.session.flush()
    db.session.execute(text("ANALYZE"))  # as time would have done
    return list(range(first, first + count))


def _parents(count: int, shape: Shape, dice: Random) -> Iterator[int | None]:
    """Yield, for each comment in turn, the place of what it answers."""
    if shape is Shape.LOOSE:
        yield from (place - 1 if place % 5 in {2, 4} else None for place in range(count))
        return
    if shape is not Shape.LIVELY:
        yield None
        yield from (0 if shape is Shape.LOPSIDED else place - 1 for place in range(1, count))
        return
    turns = [thread for thread, size in enumerate(_sizes(count)) for _ in range(size)]
    dice.shuffle(turns)
    said: dict[int, list[int]] = {}
    for place, thread in enumerate(turns):
        yield dice.choice(said[thread]) if thread in said else None
        said.setdefault(thread, []).append(place)


def _sizes(count: int) -> Iterator[int]:
    """Yield how long each thread is; what is too little for one of its own joins the last."""
    for size in itertools.cycle(SIZES):
        if count - size < LEAST:
            yield count
            return
        yield size
        count -= size


def _rows(
    article: Article, authors: Sequence[Reader], first: int, parents: Sequence[int | None], dice: Random
) -> list[dict[str, object]]:
    poll, _ = factories.asked(article)
    began_at = article.opened_at or article.created_at
    roots: list[int] = []
    for place, parent in enumerate(parents):
        roots.append(place if parent is None else roots[parent])
    replies = Counter(root for place, root in enumerate(roots) if place != root)
    numbers: Counter[int] = Counter()
    rows: list[dict[str, object]] = []
    for place, (parent, root) in enumerate(zip(parents, roots, strict=True)):
        numbers[root] += parent is not None
        rows.append(
            {
                "id": first + place,
                "article_id": article.id,
                "reader_id": authors[place % len(authors)].id,
                "parent_id": None if parent is None else first + parent,
                "root_id": None if parent is None else first + root,
                "number": None if parent is None else numbers[root],
                "replies": replies[place],
                "numbered": replies[place],
                "is_listed": True,
                "renderer_version": RENDERER_VERSION,
                "choice_id": poll.choices[place % 3].id,
                "state": CommentState.PUBLISHED,
                "version": 1,
                "appeared": article.appeared + place + 1,
                "posted_at": began_at + timedelta(seconds=place),
                **_ratings(dice),
            }
        )
    return rows


def _ratings(dice: Random) -> dict[str, int]:
    """Return the counters and ranks of a comment: of every other one nobody has thought anything yet."""
    rated = [dice.randint(0, MOST_RATINGS) if dice.random() < 0.5 else 0 for _ in range(3)]
    by_camp = {str(camp): Counted(dice.randint(0, most), most) for camp, most in enumerate(rated)}
    good = sum(camp.good for camp in by_camp.values())
    best = ranking.best_rank(good, sum(rated))
    return {
        "good": good,
        "poor": sum(rated) - good,
        "best_rank": best,
        "common_rank": ranking.common_rank(best, by_camp, by_camp),
    }
