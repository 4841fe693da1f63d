"""Know which mail tells of what."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "f7967a69f37e"
down_revision = "1f0c6d2be984"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("notification") as batch_op:
        batch_op.add_column(sa.Column("mail_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.create_index(batch_op.f("ix_notification_mail_id"), ["mail_id"], unique=False)
        batch_op.create_index(
            "ix_notification_unread",
            ["reader_id", "id"],
            unique=False,
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        )
        batch_op.create_foreign_key(batch_op.f("fk_notification_mail_id"), "outgoing_mail", ["mail_id"], ["id"])

    with op.batch_alter_table("outgoing_mail") as batch_op:
        batch_op.create_index("ix_outgoing_mail_reader_id", ["reader_id", "made_at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("outgoing_mail") as batch_op:
        batch_op.drop_index("ix_outgoing_mail_reader_id")

    with op.batch_alter_table("notification") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_notification_mail_id"), type_="foreignkey")
        batch_op.drop_index(
            "ix_notification_unread", sqlite_where=sa.text("read_at IS NULL"), postgresql_where=sa.text("read_at IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_notification_mail_id"))
        batch_op.drop_column("mail_id")
