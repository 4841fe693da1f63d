"""Find held comments alone by their state: SQLite took the index of all states to list the comments of one reader."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "e42a9d7c1b36"
down_revision = "d81f6c2ab705"
branch_labels = None
depends_on = None

HELD = sa.text("state = 'held'")


def upgrade() -> None:
    op.create_index("ix_comment_held", "comment", ["id"], sqlite_where=HELD, postgresql_where=HELD)
    op.drop_index("ix_comment_state", "comment")


def downgrade() -> None:
    op.create_index("ix_comment_state", "comment", ["state", "id"])
    op.drop_index("ix_comment_held", "comment")
