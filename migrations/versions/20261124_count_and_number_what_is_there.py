"""Count and number the comments that are already there."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "7d1c0a94be52"
down_revision = "b6abdffb721c"
branch_labels = None
depends_on = None

NUMBERS = """
    UPDATE comment SET number =
        (SELECT count(*) FROM comment AS earlier WHERE earlier.root_id = comment.root_id AND earlier.id <= comment.id)
    WHERE root_id IS NOT NULL
"""
COUNTERS = """
    UPDATE comment SET
        numbered = (SELECT count(*) FROM comment AS reply WHERE reply.root_id = comment.id),
        replies = (SELECT count(*) FROM comment AS reply WHERE reply.root_id = comment.id AND reply.state = 'published')
    WHERE root_id IS NULL
"""
ARTICLES = """
    UPDATE article SET published_comments =
        (SELECT count(*) FROM comment WHERE comment.article_id = article.id AND comment.state = 'published')
"""


def upgrade() -> None:
    for statement in (NUMBERS, COUNTERS, ARTICLES):
        op.execute(sa.text(statement))
    op.execute(sa.text("UPDATE comment SET is_listed = (state = 'published' OR replies > 0)"))


def downgrade() -> None:
    pass
