"""Keep leaderboards, so that none is worked out from all scores for whoever looks. Until a job makes them they are empty."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "b7c2e61f90d4"
down_revision = "5e0d9c41b7a6"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PERIODS = ("month", "quarter", "year", "all")
PERIOD = sa.Enum(*PERIODS, name="boardperiod", native_enum=False, create_constraint=True, length=24)
WHOLE = ("questions", "predicted", "called")
SUMS = ("covered", "peers", "peers_squared", "peers_covered", "covered_squared", "skill")
FILL = """
INSERT INTO leaderboard (section, period, asked, made, is_scored)
SELECT chosen.section, periods.period, 1, 0, true
FROM (
    SELECT DISTINCT article.section FROM article JOIN prediction ON prediction.article_id = article.id
    WHERE EXISTS (SELECT 1 FROM forecast_score WHERE forecast_score.prediction_id = prediction.id)
    UNION SELECT '' WHERE EXISTS (SELECT 1 FROM forecast_score)
) AS chosen
CROSS JOIN (SELECT 'month' AS period UNION ALL SELECT 'quarter' UNION ALL SELECT 'year' UNION ALL SELECT 'all') AS periods
WHERE chosen.section <> '' OR periods.period <> 'all'
"""


def upgrade() -> None:
    op.create_table(
        "leaderboard",
        sa.Column("id", ID, autoincrement=True, nullable=False),
        sa.Column("section", sa.String(200), nullable=False),
        sa.Column("period", PERIOD, nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("made", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_scored", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_leaderboard"),
        sa.UniqueConstraint("period", "section", name="uq_leaderboard_period_section"),
    )
    op.execute(FILL)  # first: nobody can sign up while a table that names readers is made
    op.create_table(
        "leaderboard_place",
        sa.Column(
            "leaderboard_id", ID, sa.ForeignKey("leaderboard.id", name="fk_leaderboard_place_leaderboard_id"), nullable=False
        ),
        sa.Column("reader_id", ID, sa.ForeignKey("reader.id", name="fk_leaderboard_place_reader_id"), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in WHOLE),
        *(sa.Column(name, sa.Double(), nullable=False) for name in SUMS),
        sa.PrimaryKeyConstraint("leaderboard_id", "reader_id", name="pk_leaderboard_place"),
    )


def downgrade() -> None:
    op.drop_table("leaderboard_place")
    op.drop_table("leaderboard")
