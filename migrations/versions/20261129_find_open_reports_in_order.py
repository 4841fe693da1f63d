"""Find open reports in their order, what a reader reported, and accounts that are new."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "7a2f4be0c913"
down_revision = "e5f1b8d0c392"
branch_labels = None
depends_on = None

OPEN, ACCOUNT = sa.text("settled_by_id IS NULL"), sa.text("registered_at IS NOT NULL")


def upgrade() -> None:
    op.create_index("ix_report_open", "report", ["id"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.create_index("ix_report_by_reader", "report", ["reader_id", "settled_by_id"])
    op.create_index("ix_reader_registered", "reader", ["registered_at"], sqlite_where=ACCOUNT, postgresql_where=ACCOUNT)


def downgrade() -> None:
    op.drop_index("ix_reader_registered", "reader", sqlite_where=ACCOUNT, postgresql_where=ACCOUNT)
    op.drop_index("ix_report_by_reader", "report")
    op.drop_index("ix_report_open", "report", sqlite_where=OPEN, postgresql_where=OPEN)
