"""Know of a comment whether it was approved: an author's standing was looked for among all they had ever written."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c3f81b0e5d27"
down_revision = "b7c2e61f90d4"
branch_labels = None
depends_on = None

ON_SQLITE, ON_POSTGRESQL = sa.text("was_approved = 1"), sa.text("was_approved")
TAKEN_AWAY = sa.text("state IN ('removed', 'disabled')")
MARK = """
UPDATE comment SET was_approved = true WHERE id IN (
    SELECT approval.comment_id FROM moderation_entry approval WHERE approval.act = 'approved'
    AND NOT EXISTS (SELECT 1 FROM moderation_entry undoing WHERE undoing.undoes_id = approval.id)
)
"""


def upgrade() -> None:
    op.add_column("comment", sa.Column("was_approved", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.execute(MARK)
    op.create_index("ix_comment_approved", "comment", ["reader_id"], sqlite_where=ON_SQLITE, postgresql_where=ON_POSTGRESQL)
    op.create_index("ix_comment_taken_away", "comment", ["reader_id"], sqlite_where=TAKEN_AWAY, postgresql_where=TAKEN_AWAY)


def downgrade() -> None:
    op.drop_index("ix_comment_taken_away", "comment")
    op.drop_index("ix_comment_approved", "comment")
    op.drop_column("comment", "was_approved")
