"""Number the published comments that are there in the order of their posting."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "1f0c6d2be984"
down_revision = "79fb3005fcac"
branch_labels = None
depends_on = None

NUMBERS = """
    UPDATE comment SET appeared = published.place
    FROM (
        SELECT id, row_number() OVER (PARTITION BY article_id ORDER BY id) AS place FROM comment WHERE state = 'published'
    ) AS published
    WHERE published.id = comment.id
"""
ARTICLES = """
    UPDATE article SET appeared = counted.published
    FROM (SELECT article_id, count(*) AS published FROM comment WHERE state = 'published' GROUP BY article_id) AS counted
    WHERE counted.article_id = article.id
"""


def upgrade() -> None:
    op.execute(sa.text(NUMBERS))
    op.execute(sa.text(ARTICLES))


def downgrade() -> None:
    pass
