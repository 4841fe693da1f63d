"""Keep what months that are over restricted, so that a report counts no entry twice. Until a job fills it, reports count all."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "a90e4d71c6b3"
down_revision = "f15a7c3d9e20"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEY = ("month", "clause_id", "act", "by_machine", "is_detected_by_machine")


def upgrade() -> None:
    clause = sa.ForeignKey("clause_version.id", name="fk_restriction_month_clause_id")
    op.create_table(
        "restriction_month",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("month", sa.DateTime(timezone=True), nullable=False),
        sa.Column("clause_id", ID, clause, nullable=False),
        sa.Column("act", sa.String(24), nullable=False),
        sa.Column("by_machine", sa.Boolean(), nullable=False),
        sa.Column("is_detected_by_machine", sa.Boolean(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_restriction_month"),
        sa.UniqueConstraint(*KEY, name="uq_restriction_month_kind"),
    )


def downgrade() -> None:
    op.drop_table("restriction_month")
