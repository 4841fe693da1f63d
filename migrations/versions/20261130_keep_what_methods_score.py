"""Keep what the methods' scores add up to, so that the league is not worked out from all questions for whoever looks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "f15a7c3d9e20"
down_revision = "8d4f02b6a9c1"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
FIGURES = ("brier", "logarithmic", "baseline")
UNCLOSED = sa.text("closed_at IS NULL")
COMPARED = "('crowd', 'balanced', 'recent_median', 'median', 'mean', 'even')"
FILL = f"""
INSERT INTO method_sum (method, questions, brier, logarithmic, baseline)
SELECT method, count(*), sum(brier), sum(logarithmic), sum(baseline) FROM method_score
WHERE method IN {COMPARED} AND prediction_id IN (
    SELECT prediction_id FROM method_score WHERE method IN {COMPARED} GROUP BY prediction_id HAVING count(*) = 6
)
GROUP BY method
"""  # noqa: S608 - our own names


def upgrade() -> None:
    op.create_table(
        "method_sum",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("method", sa.String(24), nullable=False),
        sa.Column("questions", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Double(), nullable=False) for name in FIGURES),
        sa.PrimaryKeyConstraint("id", name="pk_method_sum"),
        sa.UniqueConstraint("method", name="uq_method_sum_method"),
    )
    op.execute(FILL)
    op.create_index("ix_opinion_poll_closing", "opinion_poll", ["closes_at"], sqlite_where=UNCLOSED, postgresql_where=UNCLOSED)


def downgrade() -> None:
    op.drop_index("ix_opinion_poll_closing", "opinion_poll")
    op.drop_table("method_sum")
