"""Find replies and first comments each from indexes of their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "3f81c0d6a95b"
down_revision = "9e4b7c52d810"
branch_labels = None
depends_on = None

NUMBER, NUMBERED = "uq_comment_root_id_number", ["root_id", "number"]
REPLY = sa.text("root_id IS NOT NULL")
NEWEST = "ix_comment_roots_newest"
ON_SQLITE, ON_POSTGRESQL = sa.text("root_id IS NULL AND is_listed = 1"), sa.text("root_id IS NULL AND is_listed")


def upgrade() -> None:
    with op.batch_alter_table("comment") as batch_op:
        batch_op.drop_constraint(NUMBER, type_="unique")
    with op.batch_alter_table("comment") as batch_op:
        batch_op.create_index(NUMBER, NUMBERED, unique=True, sqlite_where=REPLY, postgresql_where=REPLY)
    _list_the_newest_by(["article_id", "root_id", "id"])


def downgrade() -> None:
    _list_the_newest_by(["article_id", "id"])
    with op.batch_alter_table("comment") as batch_op:
        batch_op.drop_index(NUMBER)
    with op.batch_alter_table("comment") as batch_op:
        batch_op.create_unique_constraint(NUMBER, NUMBERED)


def _list_the_newest_by(columns: list[str]) -> None:
    with op.batch_alter_table("comment") as batch_op:
        batch_op.drop_index(NEWEST)
        batch_op.create_index(NEWEST, columns, sqlite_where=ON_SQLITE, postgresql_where=ON_POSTGRESQL)
