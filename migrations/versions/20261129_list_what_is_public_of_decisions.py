"""List what is public of decisions, however many others there are between."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "a41c7f2e9b08"
down_revision = "7a2f4be0c913"
branch_labels = None
depends_on = None

IS_PUBLIC = (
    "act IN ('limited', 'removed', 'disabled', 'erased', 'undone', 'edit_refused', 'appeal_granted', 'appeal_refused', "
    "'sanctioned', 'sanction_lifted', 'sanction_ended', 'legal_state_changed', 'legal_notice_decided', 'clause_changed', "
    "'words_changed', 'rule_changed', 'rule_switched', 'classifier_switched')"
)


def upgrade() -> None:
    op.create_index(
        "ix_moderation_entry_public",
        "moderation_entry",
        ["id"],
        sqlite_where=sa.text(IS_PUBLIC),
        postgresql_where=sa.text(IS_PUBLIC),
    )


def downgrade() -> None:
    op.drop_index("ix_moderation_entry_public", "moderation_entry")
