"""Give comments a number by when they appeared, and let a visit remember it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "79fb3005fcac"
down_revision = "a4b9ae849449"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("article") as batch_op:
        batch_op.add_column(sa.Column("appeared", sa.Integer(), server_default="0", nullable=False))

    with op.batch_alter_table("comment") as batch_op:
        batch_op.add_column(sa.Column("appeared", sa.Integer(), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_comment_article_id_appeared"), ["article_id", "appeared"])

    with op.batch_alter_table("forecast") as batch_op:
        batch_op.create_index("ix_forecast_prediction_id", ["prediction_id", "id"], unique=False)

    with op.batch_alter_table("visit") as batch_op:  # no row was ever written
        batch_op.alter_column("seen_comment_id", new_column_name="seen", existing_type=sa.BigInteger(), type_=sa.Integer())


def downgrade() -> None:
    with op.batch_alter_table("visit") as batch_op:
        batch_op.alter_column("seen", new_column_name="seen_comment_id", existing_type=sa.Integer(), type_=sa.BigInteger())

    with op.batch_alter_table("forecast") as batch_op:
        batch_op.drop_index("ix_forecast_prediction_id")

    with op.batch_alter_table("comment") as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_comment_article_id_appeared"), type_="unique")
        batch_op.drop_column("appeared")

    with op.batch_alter_table("article") as batch_op:
        batch_op.drop_column("appeared")
