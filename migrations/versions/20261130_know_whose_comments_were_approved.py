"""Know of a comment whether it was approved: an author's standing was looked for among all they had ever written.

Nobody waits for more than a step of it, each of which is stored when it is done. Killed half-way, it is begun anew and goes on.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c3f81b0e5d27"
down_revision = "b7c2e61f90d4"
branch_labels = None
depends_on = None

STEP = 1_000  # comments marked in one transaction: some milliseconds
ON_SQLITE, ON_POSTGRESQL = sa.text("was_approved = 1"), sa.text("was_approved")
TAKEN_AWAY = sa.text("state IN ('removed', 'disabled')")
INDEXES = {"ix_comment_approved": (ON_SQLITE, ON_POSTGRESQL), "ix_comment_taken_away": (TAKEN_AWAY, TAKEN_AWAY)}
NEWEST = sa.text("SELECT max(id) FROM comment")
MARK = sa.text("""
UPDATE comment SET was_approved = true WHERE id > :after AND id <= :last AND NOT was_approved AND EXISTS (
    SELECT 1 FROM moderation_entry approval WHERE approval.comment_id = comment.id AND approval.act = 'approved'
    AND NOT EXISTS (SELECT 1 FROM moderation_entry undoing WHERE undoing.undoes_id = approval.id)
)
""")


def upgrade() -> None:
    columns = {column["name"] for column in sa.inspect(op.get_bind()).get_columns("comment")}
    if "was_approved" not in columns:
        op.add_column("comment", sa.Column("was_approved", sa.Boolean(), server_default=sa.false(), nullable=False))
    with op.get_context().autocommit_block():
        newest = op.get_bind().scalar(NEWEST) or 0
        for after in range(0, newest, STEP):
            op.get_bind().execute(MARK, {"after": after, "last": after + STEP})
        for name, (on_sqlite, on_postgresql) in INDEXES.items():
            _make_index(name, on_sqlite, on_postgresql)


def _make_index(name: str, on_sqlite: sa.TextClause, on_postgresql: sa.TextClause) -> None:
    """Make an index while the site goes on. One that was not finished stays there and is of no use."""
    op.drop_index(name, "comment", if_exists=True, postgresql_concurrently=True)
    where = {"sqlite_where": on_sqlite, "postgresql_where": on_postgresql}
    op.create_index(name, "comment", ["reader_id"], postgresql_concurrently=True, **where)


def downgrade() -> None:
    op.drop_index("ix_comment_taken_away", "comment")
    op.drop_index("ix_comment_approved", "comment")
    op.drop_column("comment", "was_approved")
