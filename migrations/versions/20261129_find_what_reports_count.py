"""Find what reports and figures count by its time, and articles whose counts are hidden, without reading everything."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "c3d90b57e1a4"
down_revision = "a41c7f2e9b08"
branch_labels = None
depends_on = None

PLAIN = {
    "ix_report_made_at": ("report", ["made_at", "id"]),
    "ix_resolution_resolved_at": ("resolution", ["resolved_at", "prediction_id"]),
    "ix_sanction_made_at": ("sanction", ["made_at"]),
    "ix_legal_notice_made_at": ("legal_notice", ["made_at"]),
    "ix_legal_notice_decided_at": ("legal_notice", ["decided_at", "id"]),
}
BY_RULE, BY_MODEL = sa.text("rule_id IS NOT NULL"), sa.text("model_id IS NOT NULL")
OF_EDITS = sa.text("revision_id IS NOT NULL")
HIDES_ON_SQLITE, HIDES = sa.text("hides_counts = 1"), sa.text("hides_counts")


def upgrade() -> None:
    for name, (table, columns) in PLAIN.items():
        op.create_index(name, table, columns)
    for name, where in (("rule", BY_RULE), ("model", BY_MODEL)):
        columns = ["made_at", "id"]
        op.create_index(
            f"ix_screening_verdict_by_{name}", "screening_verdict", columns, sqlite_where=where, postgresql_where=where
        )
    columns = ["revision_id", "id"]
    op.create_index(
        "ix_moderation_entry_revision_id", "moderation_entry", columns, sqlite_where=OF_EDITS, postgresql_where=OF_EDITS
    )
    op.create_index("ix_article_hides_counts", "article", ["id"], sqlite_where=HIDES_ON_SQLITE, postgresql_where=HIDES)


def downgrade() -> None:
    op.drop_index("ix_article_hides_counts", "article")
    op.drop_index("ix_moderation_entry_revision_id", "moderation_entry")
    for name in ("rule", "model"):
        op.drop_index(f"ix_screening_verdict_by_{name}", "screening_verdict")
    for name, (table, _) in PLAIN.items():
        op.drop_index(name, table)
