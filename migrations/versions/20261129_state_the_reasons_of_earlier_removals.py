"""State the reasons of removals that stand from before there were statements."""

from __future__ import annotations

from alembic import op

revision = "e5f1b8d0c392"
down_revision = "d83e19c47a60"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "INSERT INTO statement_of_reasons (entry_id, reader_id, comment_id, language, facts, reasons, "
        "is_detected_by_machine, is_decided_by_machine, made_at) "
        "SELECT e.id, c.reader_id, c.id, '', c.body_source, v.statement, false, e.actor_id IS NULL, e.made_at "
        "FROM comment c JOIN moderation_entry e ON e.comment_id = c.id JOIN clause_version v ON v.id = e.clause_id "
        "WHERE c.state = 'removed' AND e.act = 'removed' AND e.id = "
        "(SELECT max(l.id) FROM moderation_entry l WHERE l.comment_id = c.id AND l.act = 'removed')"
    )


def downgrade() -> None:
    op.execute("DELETE FROM statement_of_reasons")
