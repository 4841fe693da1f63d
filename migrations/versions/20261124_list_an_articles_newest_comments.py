"""List an article's newest comments from an index."""

from __future__ import annotations

from alembic import op

revision = "a4b9ae849449"
down_revision = "c2f5e87a1d36"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_comment_by_article", "comment", ["article_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_comment_by_article", "comment")
