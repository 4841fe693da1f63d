"""Know which mail may have left although a try to send it was cut off."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5e0d9c41b7a6"
down_revision = "e42a9d7c1b36"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outgoing_mail", sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outgoing_mail", sa.Column("is_uncertain", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    op.drop_column("outgoing_mail", "is_uncertain")
    op.drop_column("outgoing_mail", "begun_at")
