"""Know of a changed question when it had ended beside when it was to close: the earlier of the two stood in one column."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "4c19e7a2d8f5"
down_revision = "4b9e17c6d2f8"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("question_change", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("question_change", "closed_at")
