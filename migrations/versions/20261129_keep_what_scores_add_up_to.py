"""Keep what each account's scores add up to, so that nobody's rank is worked out from everybody's scores.

Nobody can sign up while a table that names readers is made, so it is stored before the sums are worked out. Killed half-way,
it is begun anew and goes on.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "d81f6c2ab705"
down_revision = "c3d90b57e1a4"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WHOLE = ("questions", "predicted", "called")
SUMS = ("covered", "peers", "peers_squared", "peers_covered", "covered_squared", "skill")
RANKED = sa.text("questions >= 10")
FILL = """
INSERT INTO reader_skill (reader_id, questions, predicted, called, covered, peers, peers_squared, peers_covered, covered_squared, skill)
SELECT s.reader_id, count(s.peer), count(*), sum(CASE WHEN s.is_called THEN 1 ELSE 0 END), sum(s.coverage), sum(s.peer),
       sum(s.peer * s.peer), sum(s.peer * s.coverage), sum(s.coverage * s.coverage), sum(s.peer) / (30 + sum(s.coverage))
FROM forecast_score s JOIN reader ON reader.id = s.reader_id AND reader.registered_at IS NOT NULL
WHERE s.prediction_id NOT IN (
    SELECT prediction.id FROM prediction JOIN article ON article.id = prediction.article_id WHERE article.hides_counts
)
GROUP BY s.reader_id HAVING count(s.peer) > 0
ON CONFLICT DO NOTHING
"""


def upgrade() -> None:
    op.create_table(
        "reader_skill",
        sa.Column("reader_id", ID, sa.ForeignKey("reader.id", name="fk_reader_skill_reader_id"), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in WHOLE),
        *(sa.Column(name, sa.Double(), nullable=False) for name in SUMS),
        sa.PrimaryKeyConstraint("reader_id", name="pk_reader_skill"),
        if_not_exists=True,
    )
    where = {"sqlite_where": RANKED, "postgresql_where": RANKED}
    op.create_index("ix_reader_skill_ranked", "reader_skill", ["skill", "reader_id"], if_not_exists=True, **where)
    with op.get_context().autocommit_block():
        op.execute(FILL)


def downgrade() -> None:
    op.drop_table("reader_skill")
