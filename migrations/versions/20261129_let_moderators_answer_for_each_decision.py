"""Let moderators answer for each decision: it names the clause it went by, and nobody changes it afterwards."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "d83e19c47a60"
down_revision = "c1d5a0b2e7f4"
branch_labels = None
depends_on = None

APPEND_ONLY = ("moderation_entry", "decision_seal")
RESTRICTIONS = "act NOT IN ('limited', 'removed', 'disabled', 'sanctioned') OR clause_id IS NOT NULL"
REASONS = ("abuse", "accusation", "hate", "privacy", "spam", "off_topic", "illegal")


def upgrade() -> None:
    with op.batch_alter_table("moderation_entry") as batch_op:
        batch_op.drop_constraint(op.f("ck_moderation_entry_removalreason"), type_="check")
        batch_op.drop_column("reason")
        batch_op.create_check_constraint(op.f("ck_moderation_entry_restriction_has_a_clause"), RESTRICTIONS)
    for table in APPEND_ONLY:
        (_refuse_on_sqlite if op.get_bind().dialect.name == "sqlite" else _refuse_on_postgresql)(table)


def _refuse_on_sqlite(table: str) -> None:
    for act in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER {table}_refuses_{act.lower()} BEFORE {act} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} takes new rows only'); END"
        )


def _refuse_on_postgresql(table: str) -> None:
    op.execute(
        f"CREATE FUNCTION {table}_refuses() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$BEGIN RAISE EXCEPTION '{table} takes new rows only' USING ERRCODE = 'restrict_violation'; END$$"
    )
    for each, act in (("ROW", "UPDATE OR DELETE"), ("STATEMENT", "TRUNCATE")):
        op.execute(
            f"CREATE TRIGGER {table}_refuses_{each.lower()} BEFORE {act} ON {table} "
            f"FOR EACH {each} EXECUTE FUNCTION {table}_refuses()"
        )


def downgrade() -> None:
    for table in APPEND_ONLY:
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"DROP TRIGGER {table}_refuses_update")
            op.execute(f"DROP TRIGGER {table}_refuses_delete")
        else:
            op.execute(f"DROP TRIGGER {table}_refuses_row ON {table}")
            op.execute(f"DROP TRIGGER {table}_refuses_statement ON {table}")
            op.execute(f"DROP FUNCTION {table}_refuses()")
    with op.batch_alter_table("moderation_entry") as batch_op:
        batch_op.drop_constraint(op.f("ck_moderation_entry_restriction_has_a_clause"), type_="check")
        batch_op.add_column(
            sa.Column("reason", sa.Enum(*REASONS, name="removalreason", native_enum=False, create_constraint=True, length=24))
        )
