"""Count and number the comments that are already there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "7d1c0a94be52"
down_revision = "b6abdffb721c"
branch_labels = None
depends_on = None

# joined, never counted row by row: a site with a hundred thousand comments would wait for hours
NUMBERS = """
    UPDATE comment SET number = numbered.place
    FROM (SELECT id, row_number() OVER (PARTITION BY root_id ORDER BY id) AS place FROM comment WHERE root_id IS NOT NULL) AS numbered
    WHERE numbered.id = comment.id
"""
COUNTERS = """
    UPDATE comment SET numbered = counted.numbered, replies = counted.replies
    FROM (
        SELECT root_id, count(*) AS numbered, sum(CASE WHEN state = 'published' THEN 1 ELSE 0 END) AS replies
        FROM comment WHERE root_id IS NOT NULL GROUP BY root_id
    ) AS counted
    WHERE counted.root_id = comment.id
"""
ARTICLES = """
    UPDATE article SET published_comments = counted.published
    FROM (SELECT article_id, count(*) AS published FROM comment WHERE state = 'published' GROUP BY article_id) AS counted
    WHERE counted.article_id = article.id
"""


def upgrade() -> None:
    for statement in (NUMBERS, COUNTERS, ARTICLES):
        op.execute(sa.text(statement))
    op.execute(sa.text("UPDATE comment SET is_listed = (state = 'published' OR replies > 0)"))


def downgrade() -> None:
    pass
