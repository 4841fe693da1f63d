"""Let messages to a browser end with the sign-in under which they were asked for. Of those there are, nobody knows which it was."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c7d2f05a9e34"
down_revision = "4c19e7a2d8f5"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("push_subscription") as batch_op:
        batch_op.add_column(sa.Column("sign_in_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.create_index(batch_op.f("ix_push_subscription_sign_in_id"), ["sign_in_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_push_subscription_sign_in_id"), "sign_in", ["sign_in_id"], ["id"], ondelete="CASCADE"
        )


def downgrade() -> None:
    with op.batch_alter_table("push_subscription") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_push_subscription_sign_in_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_push_subscription_sign_in_id"))
        batch_op.drop_column("sign_in_id")
