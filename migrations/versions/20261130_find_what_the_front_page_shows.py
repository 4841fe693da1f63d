"""Find what the front page shows: open predictions by when they close, and those of which nothing is said yet, or no longer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "4b9e17c6d2f8"
down_revision = "a90e4d71c6b3"
branch_labels = None
depends_on = None

UNCLOSED = sa.text("closed_at IS NULL")
UNSAID = sa.text("resolution_count = 0")
REOPENED = sa.text("act = 'reopened'")
SAID = ["resolved_at", "prediction_id"]


def upgrade() -> None:
    op.create_index("ix_prediction_closing", "prediction", ["closes_at"], sqlite_where=UNCLOSED, postgresql_where=UNCLOSED)
    op.create_index("ix_prediction_unsaid", "prediction", ["closed_at"], sqlite_where=UNSAID, postgresql_where=UNSAID)
    op.create_index("ix_resolution_reopened", "resolution", SAID, sqlite_where=REOPENED, postgresql_where=REOPENED)


def downgrade() -> None:
    op.drop_index("ix_resolution_reopened", "resolution")
    op.drop_index("ix_prediction_unsaid", "prediction")
    op.drop_index("ix_prediction_closing", "prediction")
