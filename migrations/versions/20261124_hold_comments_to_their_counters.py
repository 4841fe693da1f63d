"""Hold comments to their counters."""

from __future__ import annotations

from alembic import op

revision = "c2f5e87a1d36"
down_revision = "7d1c0a94be52"
branch_labels = None
depends_on = None

CHECKS = {
    "counters_not_negative": "good >= 0 AND poor >= 0 AND replies >= 0",
    "replies_are_numbered": "(root_id IS NULL) = (number IS NULL)",
    "listed_when_read_or_answered": "is_listed = (state = 'published' OR replies > 0)",
}


def upgrade() -> None:
    with op.batch_alter_table("article") as batch_op:
        batch_op.create_check_constraint(op.f("ck_article_published_comments_not_negative"), "published_comments >= 0")
    with op.batch_alter_table("comment") as batch_op:
        batch_op.create_unique_constraint(op.f("uq_comment_root_id_number"), ["root_id", "number"])
        for name, rule in CHECKS.items():
            batch_op.create_check_constraint(op.f(f"ck_comment_{name}"), rule)


def downgrade() -> None:
    with op.batch_alter_table("comment") as batch_op:
        for name in CHECKS:
            batch_op.drop_constraint(op.f(f"ck_comment_{name}"), type_="check")
        batch_op.drop_constraint(op.f("uq_comment_root_id_number"), type_="unique")
    with op.batch_alter_table("article") as batch_op:
        batch_op.drop_constraint(op.f("ck_article_published_comments_not_negative"), type_="check")
