"""Find the replies that are shown, however many are held or removed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "9e4b7c52d810"
down_revision = "f7967a69f37e"
branch_labels = None
depends_on = None

SHOWN = sa.text("root_id IS NOT NULL AND state = 'published'")
BY_RANK = {
    "ix_comment_replies_best": ["root_id", "best_rank", "id"],
    "ix_comment_replies_common": ["root_id", "common_rank", "id"],
}
BY_AGE = {"ix_comment_replies_shown": ["root_id", "id"]}


def upgrade() -> None:
    with op.batch_alter_table("comment") as batch_op:
        for name in BY_RANK:
            batch_op.drop_index(name)
        for name, columns in {**BY_RANK, **BY_AGE}.items():
            batch_op.create_index(name, columns, sqlite_where=SHOWN, postgresql_where=SHOWN)


def downgrade() -> None:
    with op.batch_alter_table("comment") as batch_op:
        for name in {**BY_RANK, **BY_AGE}:
            batch_op.drop_index(name)
        for name, columns in BY_RANK.items():
            batch_op.create_index(name, columns)
