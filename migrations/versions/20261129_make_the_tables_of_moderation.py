"""Make the tables of moderation."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "b47d62aef993"
down_revision = "5b4c84e7ddb0"
branch_labels = None
depends_on = None


ACTS = ["held", "approved", "removed", "undone", "withdrawn", "edit_held", "edit_approved", "edit_refused"]
ALL_ACTS = [
    *("held", "approved", "limited", "removed", "disabled", "erased", "undone", "withdrawn"),
    *("edit_held", "edit_approved", "edit_refused", "flagged", "referred", "appealed", "appeal_refused", "appeal_granted"),
    *("sanctioned", "sanction_lifted", "sanction_ended", "clause_changed", "words_changed", "rule_changed", "rule_switched"),
    *("classifier_switched", "legal_state_changed", "legal_notice_decided"),
]
STATES = ["held", "published", "removed", "withdrawn"]
ALL_STATES = ["held", "published", "limited", "removed", "disabled", "withdrawn", "erased"]
KINDS, NEW_KINDS = ["reply", "mention", "thread", "reader", "article", "resolution"], ["decision", "report"]
REPLIES = {"shown": ["root_id", "id"], "best": ["root_id", "best_rank", "id"], "common": ["root_id", "common_rank", "id"]}
ONE_THING = (
    "(CASE WHEN comment_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN resolution_id IS NULL THEN 0 ELSE 1 END)"
    " + (CASE WHEN entry_id IS NULL THEN 0 ELSE 1 END) = 1"
)
TWO_THINGS = "(comment_id IS NULL) <> (resolution_id IS NULL)"
LISTED, LISTED_BEFORE = (
    f"is_listed = (state {which} OR replies > 0)" for which in ("IN ('published', 'limited')", "= 'published'")
)
SHOWN, SHOWN_BEFORE = (
    sa.text(f"root_id IS NOT NULL AND state {which}") for which in ("IN ('published', 'limited')", "= 'published'")
)


def _one_of(column: str, values: list[str]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def _change(table: str, *, drop: list[str], create: dict[str, str]) -> None:
    """Exchange checks of a table."""
    with op.batch_alter_table(table) as batch_op:
        for name in drop:
            batch_op.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")
        for name, condition in create.items():
            batch_op.create_check_constraint(op.f(f"ck_{table}_{name}"), condition)


def _list_replies(before: sa.TextClause, after: sa.TextClause) -> None:
    with op.batch_alter_table("comment") as batch_op:
        for name, columns in REPLIES.items():
            batch_op.drop_index(f"ix_comment_replies_{name}", sqlite_where=before, postgresql_where=before)
            batch_op.create_index(f"ix_comment_replies_{name}", columns, sqlite_where=after, postgresql_where=after)


def _refuse_to_lose() -> None:
    """Raise where the earlier tables have no room for what is there."""
    found = sa.union_all(
        sa.select(sa.literal(1)).select_from(sa.table("moderation_entry")).where(sa.column("act").not_in(ACTS)),
        sa.select(sa.literal(1)).select_from(sa.table("comment")).where(sa.column("state").not_in(STATES)),
        sa.select(sa.literal(1)).select_from(sa.table("notification")).where(sa.column("entry_id").is_not(None)),
    )
    if op.get_bind().execute(found.limit(1)).first():
        raise RuntimeError("What moderators have decided since would be lost: the earlier tables have no room for it.")


def upgrade() -> None:
    op.create_table(
        "policy_clause",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_clause")),
        sa.UniqueConstraint("code", name=op.f("uq_policy_clause_code")),
    )
    op.create_table(
        "classifier_model",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("weights", sa.LargeBinary(), nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.Column("trained_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("trained_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("active_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("ended_at IS NULL OR active_at IS NOT NULL", name=op.f("ck_classifier_model_active_before_ended")),
        sa.ForeignKeyConstraint(["trained_by_id"], ["reader.id"], name=op.f("fk_classifier_model_trained_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_classifier_model")),
        sa.UniqueConstraint("version", name=op.f("uq_classifier_model_version")),
    )
    op.create_table(
        "clause_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("clause_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column(
            "category",
            sa.Enum(
                "animal_welfare",
                "data_protection",
                "illegal_speech",
                "intellectual_property",
                "civic_discourse",
                "consent",
                "minors",
                "public_security",
                "scams",
                "self_harm",
                "scope",
                "unsafe_products",
                "violence",
                "other",
                name="category",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("made_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["clause_id"], ["policy_clause.id"], name=op.f("fk_clause_version_clause_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["reader.id"], name=op.f("fk_clause_version_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clause_version")),
        sa.UniqueConstraint("clause_id", "number", name=op.f("uq_clause_version_clause_id_number")),
    )
    op.create_table(
        "listed_word",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column(
            "list",
            sa.Enum(
                "banned",
                "suspect",
                "allowed",
                "allegation",
                name="wordlist",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("word", sa.String(length=100), nullable=False),
        sa.Column("added_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["added_by_id"], ["reader.id"], name=op.f("fk_listed_word_added_by_id")),
        sa.ForeignKeyConstraint(["removed_by_id"], ["reader.id"], name=op.f("fk_listed_word_removed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_listed_word")),
    )
    with op.batch_alter_table("listed_word") as batch_op:
        batch_op.create_index(
            "uq_listed_word_current",
            ["list", "word"],
            unique=True,
            sqlite_where=sa.text("removed_at IS NULL"),
            postgresql_where=sa.text("removed_at IS NULL"),
        )

    op.create_table(
        "moderation_rule",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("switched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("switched_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("removed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["switched_by_id"], ["reader.id"], name=op.f("fk_moderation_rule_switched_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moderation_rule")),
    )
    op.create_table(
        "reader_note",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("reader_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["reader.id"], name=op.f("fk_reader_note_by_id")),
        sa.ForeignKeyConstraint(["reader_id"], ["reader.id"], name=op.f("fk_reader_note_reader_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reader_note")),
    )
    with op.batch_alter_table("reader_note") as batch_op:
        batch_op.create_index("ix_reader_note_reader_id", ["reader_id", "id"], unique=False)

    op.create_table(
        "saved_filter",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("conditions", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["reader.id"], name=op.f("fk_saved_filter_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_filter")),
        sa.UniqueConstraint("owner_id", "name", name=op.f("uq_saved_filter_owner_id_name")),
    )
    op.create_table(
        "article_subject",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("article_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_article_subject_article_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_article_subject")),
        sa.UniqueConstraint("article_id", "name", name=op.f("uq_article_subject_article_id_name")),
    )
    op.create_table(
        "clause_wording",
        sa.Column("version_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["version_id"], ["clause_version.id"], name=op.f("fk_clause_wording_version_id")),
        sa.PrimaryKeyConstraint("version_id", "language", name=op.f("pk_clause_wording")),
    )
    op.create_table(
        "rule_version",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("rule_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("clause_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("made_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["clause_id"], ["policy_clause.id"], name=op.f("fk_rule_version_clause_id")),
        sa.ForeignKeyConstraint(["made_by_id"], ["reader.id"], name=op.f("fk_rule_version_made_by_id")),
        sa.ForeignKeyConstraint(["rule_id"], ["moderation_rule.id"], name=op.f("fk_rule_version_rule_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rule_version")),
        sa.UniqueConstraint("rule_id", "number", name=op.f("uq_rule_version_rule_id_number")),
    )
    op.create_table(
        "sanction",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("reader_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "warned",
                "held",
                "slowed",
                "muted",
                "suspended",
                "banned",
                name="sanctionkind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("clause_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("approvals", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind <> 'held' OR approvals > 0", name=op.f("ck_sanction_held_until_approved")),
        sa.CheckConstraint(
            "kind NOT IN ('slowed', 'muted', 'suspended', 'banned') OR ends_at IS NOT NULL", name=op.f("ck_sanction_has_an_end")
        ),
        sa.ForeignKeyConstraint(["by_id"], ["reader.id"], name=op.f("fk_sanction_by_id")),
        sa.ForeignKeyConstraint(["clause_id"], ["clause_version.id"], name=op.f("fk_sanction_clause_id")),
        sa.ForeignKeyConstraint(["reader_id"], ["reader.id"], name=op.f("fk_sanction_reader_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sanction")),
    )
    with op.batch_alter_table("sanction") as batch_op:
        batch_op.create_index(
            "ix_sanction_ending",
            ["ends_at"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.create_index("ix_sanction_reader_id", ["reader_id", "id"], unique=False)

    op.create_table(
        "review_lease",
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("moderator_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_review_lease_comment_id")),
        sa.ForeignKeyConstraint(["moderator_id"], ["reader.id"], name=op.f("fk_review_lease_moderator_id")),
        sa.PrimaryKeyConstraint("comment_id", name=op.f("pk_review_lease")),
    )
    with op.batch_alter_table("review_lease") as batch_op:
        batch_op.create_index(batch_op.f("ix_review_lease_moderator_id"), ["moderator_id"], unique=False)

    op.create_table(
        "text_print",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=True),
        sa.Column("band", sa.Integer(), nullable=True),
        sa.Column("fingerprint", sa.BigInteger(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(digest IS NULL) <> (band IS NULL)", name=op.f("ck_text_print_whole_or_part")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_text_print_comment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_text_print")),
    )
    with op.batch_alter_table("text_print") as batch_op:
        batch_op.create_index("ix_text_print_band", ["band", "made_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_text_print_comment_id"), ["comment_id"], unique=False)
        batch_op.create_index("ix_text_print_digest", ["digest", "made_at"], unique=False)

    op.create_table(
        "decision_seal",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("sealed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["entry_id"], ["moderation_entry.id"], name=op.f("fk_decision_seal_entry_id")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_decision_seal")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_decision_seal_entry_id")),
    )
    op.create_table(
        "legal_notice",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("place", sa.String(length=2000), nullable=False),
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("is_upheld", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint("(decision_id IS NULL) = (decided_at IS NULL)", name=op.f("ck_legal_notice_decided_with_an_entry")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_legal_notice_comment_id")),
        sa.ForeignKeyConstraint(["decision_id"], ["moderation_entry.id"], name=op.f("fk_legal_notice_decision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_legal_notice")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_legal_notice_token_hash")),
    )
    with op.batch_alter_table("legal_notice") as batch_op:
        batch_op.create_index(batch_op.f("ix_legal_notice_comment_id"), ["comment_id"], unique=False)
        batch_op.create_index(
            "ix_legal_notice_waiting",
            ["id"],
            unique=False,
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        )

    op.create_table(
        "notice",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reader_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["entry_id"], ["moderation_entry.id"], name=op.f("fk_notice_entry_id")),
        sa.ForeignKeyConstraint(["reader_id"], ["reader.id"], name=op.f("fk_notice_reader_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("entry_id", "reader_id", name=op.f("uq_notice_entry_id_reader_id")),
    )
    with op.batch_alter_table("notice") as batch_op:
        batch_op.create_index(
            "ix_notice_due",
            ["due_at", "id"],
            unique=False,
            sqlite_where=sa.text("told_at IS NULL AND cancelled_at IS NULL"),
            postgresql_where=sa.text("told_at IS NULL AND cancelled_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_notice_reader_id"), ["reader_id"], unique=False)

    op.create_table(
        "referral",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "flagged", "legal", "second_opinion", name="referralkind", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["reader.id"], name=op.f("fk_referral_by_id")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_referral_comment_id")),
        sa.ForeignKeyConstraint(["settled_by_id"], ["moderation_entry.id"], name=op.f("fk_referral_settled_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_referral")),
    )
    with op.batch_alter_table("referral") as batch_op:
        batch_op.create_index(batch_op.f("ix_referral_settled_by_id"), ["settled_by_id"], unique=False)
        batch_op.create_index(
            "ix_referral_waiting",
            ["kind", "id"],
            unique=False,
            sqlite_where=sa.text("settled_by_id IS NULL"),
            postgresql_where=sa.text("settled_by_id IS NULL"),
        )
        batch_op.create_index(
            "uq_referral_open",
            ["comment_id", "kind"],
            unique=True,
            sqlite_where=sa.text("settled_by_id IS NULL"),
            postgresql_where=sa.text("settled_by_id IS NULL"),
        )

    op.create_table(
        "second_opinion",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("would_restrict", sa.Boolean(), nullable=True),
        sa.Column("clause_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["by_id"], ["reader.id"], name=op.f("fk_second_opinion_by_id")),
        sa.ForeignKeyConstraint(["clause_id"], ["clause_version.id"], name=op.f("fk_second_opinion_clause_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["moderation_entry.id"], name=op.f("fk_second_opinion_entry_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_opinion")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_second_opinion_entry_id")),
    )
    with op.batch_alter_table("second_opinion") as batch_op:
        batch_op.create_index(
            "ix_second_opinion_waiting",
            ["id"],
            unique=False,
            sqlite_where=sa.text("given_at IS NULL"),
            postgresql_where=sa.text("given_at IS NULL"),
        )

    op.create_table(
        "statement_of_reasons",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reader_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("is_detected_by_machine", sa.Boolean(), nullable=False),
        sa.Column("is_decided_by_machine", sa.Boolean(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_statement_of_reasons_comment_id")),
        sa.ForeignKeyConstraint(["entry_id"], ["moderation_entry.id"], name=op.f("fk_statement_of_reasons_entry_id")),
        sa.ForeignKeyConstraint(["reader_id"], ["reader.id"], name=op.f("fk_statement_of_reasons_reader_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement_of_reasons")),
        sa.UniqueConstraint("entry_id", name=op.f("uq_statement_of_reasons_entry_id")),
    )
    with op.batch_alter_table("statement_of_reasons") as batch_op:
        batch_op.create_index(batch_op.f("ix_statement_of_reasons_comment_id"), ["comment_id"], unique=False)
        batch_op.create_index("ix_statement_of_reasons_reader_id", ["reader_id", "id"], unique=False)
        batch_op.create_index(
            "uq_statement_of_reasons_live",
            ["comment_id"],
            unique=True,
            sqlite_where=sa.text("withdrawn_at IS NULL AND comment_id IS NOT NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL AND comment_id IS NOT NULL"),
        )

    op.create_table(
        "appeal",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("statement_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("is_granted", sa.Boolean(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.CheckConstraint("(decision_id IS NULL) = (is_granted IS NULL)", name=op.f("ck_appeal_decided_one_way")),
        sa.ForeignKeyConstraint(["decision_id"], ["moderation_entry.id"], name=op.f("fk_appeal_decision_id")),
        sa.ForeignKeyConstraint(["statement_id"], ["statement_of_reasons.id"], name=op.f("fk_appeal_statement_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appeal")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_appeal_decision_id")),
        sa.UniqueConstraint("statement_id", name=op.f("uq_appeal_statement_id")),
    )
    with op.batch_alter_table("appeal") as batch_op:
        batch_op.create_index(
            "ix_appeal_waiting",
            ["id"],
            unique=False,
            sqlite_where=sa.text("decision_id IS NULL"),
            postgresql_where=sa.text("decision_id IS NULL"),
        )

    with op.batch_alter_table("article") as batch_op:
        batch_op.add_column(
            sa.Column(
                "legal_state",
                sa.Enum(
                    "none",
                    "proceedings",
                    "court_order",
                    name="legalstate",
                    native_enum=False,
                    create_constraint=True,
                    length=24,
                ),
                server_default="none",
                nullable=False,
            )
        )
        batch_op.add_column(sa.Column("jurisdiction", sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(sa.Column("is_criminal", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("has_jury", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("is_sensitive", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("closes_comments", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("forces_review", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("hides_counts", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("forbids_prediction", sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table("moderation_entry") as batch_op:
        batch_op.add_column(sa.Column("article_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.add_column(sa.Column("reader_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.add_column(sa.Column("sanction_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.add_column(sa.Column("clause_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.add_column(sa.Column("rule_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.add_column(sa.Column("detail", sa.String(length=200), server_default="", nullable=False))
        batch_op.add_column(sa.Column("batch", sa.String(length=16), nullable=True))
        batch_op.alter_column("comment_id", existing_type=sa.BigInteger(), nullable=True)
        batch_op.alter_column("to_state", existing_type=sa.VARCHAR(length=24), nullable=True)
        batch_op.create_index(
            "ix_moderation_entry_batch",
            ["batch"],
            unique=False,
            sqlite_where=sa.text("batch IS NOT NULL"),
            postgresql_where=sa.text("batch IS NOT NULL"),
        )
        batch_op.create_index("ix_moderation_entry_made_at", ["made_at", "id"], unique=False)
        batch_op.create_index("ix_moderation_entry_reader_id", ["reader_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_moderation_entry_sanction_id"), ["sanction_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_moderation_entry_rule_id"), "rule_version", ["rule_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_moderation_entry_sanction_id"), "sanction", ["sanction_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_moderation_entry_article_id"), "article", ["article_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_moderation_entry_reader_id"), "reader", ["reader_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_moderation_entry_clause_id"), "clause_version", ["clause_id"], ["id"])

    with op.batch_alter_table("notification") as batch_op:
        batch_op.add_column(sa.Column("entry_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_notification_reader_id_entry_id"), ["reader_id", "entry_id"])
        batch_op.create_foreign_key(batch_op.f("fk_notification_entry_id"), "moderation_entry", ["entry_id"], ["id"])

    with op.batch_alter_table("screening_verdict") as batch_op:
        batch_op.add_column(
            sa.Column(
                "finding",
                sa.Enum(
                    "hold",
                    "flag",
                    "limit",
                    "route",
                    "failed",
                    "passed",
                    name="finding",
                    native_enum=False,
                    create_constraint=True,
                    length=24,
                ),
                server_default="hold",
                nullable=False,
            )
        )
        batch_op.add_column(sa.Column("rule_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.add_column(sa.Column("model_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.add_column(sa.Column("score", sa.Double(), nullable=True))
        batch_op.add_column(sa.Column("evidence", sa.JSON(none_as_null=True), nullable=True))
        batch_op.create_index(
            "ix_screening_verdict_failed",
            ["made_at"],
            unique=False,
            sqlite_where=sa.text("finding = 'failed'"),
            postgresql_where=sa.text("finding = 'failed'"),
        )
        batch_op.create_index("ix_screening_verdict_rule_id", ["rule_id", "id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_screening_verdict_model_id"), "classifier_model", ["model_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_screening_verdict_rule_id"), "rule_version", ["rule_id"], ["id"])

    for table, column in (("article", "jurisdiction"), ("moderation_entry", "detail")):
        with op.batch_alter_table(table) as batch_op:
            batch_op.alter_column(column, existing_type=sa.String(200), server_default=None)
    _change(
        "moderation_entry",
        drop=["removal_has_a_reason", "moderationact", "from_state", "to_state"],
        create={
            "moderationact": _one_of("act", ALL_ACTS),
            "from_state": _one_of("from_state", ALL_STATES),
            "to_state": _one_of("to_state", ALL_STATES),
            "comment_has_a_state": "(comment_id IS NULL) = (to_state IS NULL)",
            "sanction_is_named": "act NOT IN ('sanctioned', 'sanction_lifted', 'sanction_ended') OR sanction_id IS NOT NULL",
        },
    )
    _change(
        "comment",
        drop=["listed_when_read_or_answered", "commentstate"],
        create={"commentstate": _one_of("state", ALL_STATES), "listed_when_read_or_answered": LISTED},
    )
    _list_replies(SHOWN_BEFORE, SHOWN)
    _change(
        "notification",
        drop=["about_one_thing", "notificationkind"],
        create={"notificationkind": _one_of("kind", KINDS + NEW_KINDS), "about_one_thing": ONE_THING},
    )


def downgrade() -> None:
    _refuse_to_lose()
    _change(
        "notification",
        drop=["about_one_thing", "notificationkind"],
        create={"notificationkind": _one_of("kind", KINDS), "about_one_thing": TWO_THINGS},
    )
    _list_replies(SHOWN, SHOWN_BEFORE)
    _change(
        "comment",
        drop=["listed_when_read_or_answered", "commentstate"],
        create={"commentstate": _one_of("state", STATES), "listed_when_read_or_answered": LISTED_BEFORE},
    )
    _change(
        "moderation_entry",
        drop=["sanction_is_named", "comment_has_a_state", "moderationact", "from_state", "to_state"],
        create={
            "moderationact": _one_of("act", ACTS),
            "from_state": _one_of("from_state", STATES),
            "to_state": _one_of("to_state", STATES),
            "removal_has_a_reason": "act <> 'removed' OR reason IS NOT NULL",
        },
    )
    with op.batch_alter_table("screening_verdict") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_screening_verdict_rule_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_screening_verdict_model_id"), type_="foreignkey")
        batch_op.drop_index("ix_screening_verdict_rule_id")
        batch_op.drop_index(
            "ix_screening_verdict_failed",
            sqlite_where=sa.text("finding = 'failed'"),
            postgresql_where=sa.text("finding = 'failed'"),
        )
        batch_op.drop_column("evidence")
        batch_op.drop_column("score")
        batch_op.drop_column("model_id")
        batch_op.drop_column("rule_id")
        batch_op.drop_constraint(op.f("ck_screening_verdict_finding"), type_="check")
        batch_op.drop_column("finding")

    with op.batch_alter_table("notification") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_notification_entry_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_notification_reader_id_entry_id"), type_="unique")
        batch_op.drop_column("entry_id")

    with op.batch_alter_table("moderation_entry") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_moderation_entry_clause_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_moderation_entry_reader_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_moderation_entry_article_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_moderation_entry_sanction_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_moderation_entry_rule_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_moderation_entry_sanction_id"))
        batch_op.drop_index("ix_moderation_entry_reader_id")
        batch_op.drop_index("ix_moderation_entry_made_at")
        batch_op.drop_index(
            "ix_moderation_entry_batch",
            sqlite_where=sa.text("batch IS NOT NULL"),
            postgresql_where=sa.text("batch IS NOT NULL"),
        )
        batch_op.alter_column("to_state", existing_type=sa.VARCHAR(length=24), nullable=False)
        batch_op.alter_column("comment_id", existing_type=sa.BigInteger(), nullable=False)
        batch_op.drop_column("batch")
        batch_op.drop_column("detail")
        batch_op.drop_column("rule_id")
        batch_op.drop_column("clause_id")
        batch_op.drop_column("sanction_id")
        batch_op.drop_column("reader_id")
        batch_op.drop_column("article_id")

    with op.batch_alter_table("article") as batch_op:
        batch_op.drop_column("forbids_prediction")
        batch_op.drop_column("hides_counts")
        batch_op.drop_column("forces_review")
        batch_op.drop_column("closes_comments")
        batch_op.drop_column("is_sensitive")
        batch_op.drop_column("has_jury")
        batch_op.drop_column("is_criminal")
        batch_op.drop_column("jurisdiction")
        batch_op.drop_constraint(op.f("ck_article_legalstate"), type_="check")
        batch_op.drop_column("legal_state")

    with op.batch_alter_table("appeal") as batch_op:
        batch_op.drop_index(
            "ix_appeal_waiting", sqlite_where=sa.text("decision_id IS NULL"), postgresql_where=sa.text("decision_id IS NULL")
        )

    op.drop_table("appeal")
    with op.batch_alter_table("statement_of_reasons") as batch_op:
        batch_op.drop_index(
            "uq_statement_of_reasons_live",
            sqlite_where=sa.text("withdrawn_at IS NULL AND comment_id IS NOT NULL"),
            postgresql_where=sa.text("withdrawn_at IS NULL AND comment_id IS NOT NULL"),
        )
        batch_op.drop_index("ix_statement_of_reasons_reader_id")
        batch_op.drop_index(batch_op.f("ix_statement_of_reasons_comment_id"))

    op.drop_table("statement_of_reasons")
    with op.batch_alter_table("second_opinion") as batch_op:
        batch_op.drop_index(
            "ix_second_opinion_waiting", sqlite_where=sa.text("given_at IS NULL"), postgresql_where=sa.text("given_at IS NULL")
        )

    op.drop_table("second_opinion")
    with op.batch_alter_table("referral") as batch_op:
        batch_op.drop_index(
            "uq_referral_open", sqlite_where=sa.text("settled_by_id IS NULL"), postgresql_where=sa.text("settled_by_id IS NULL")
        )
        batch_op.drop_index(
            "ix_referral_waiting",
            sqlite_where=sa.text("settled_by_id IS NULL"),
            postgresql_where=sa.text("settled_by_id IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_referral_settled_by_id"))

    op.drop_table("referral")
    with op.batch_alter_table("notice") as batch_op:
        batch_op.drop_index(batch_op.f("ix_notice_reader_id"))
        batch_op.drop_index(
            "ix_notice_due",
            sqlite_where=sa.text("told_at IS NULL AND cancelled_at IS NULL"),
            postgresql_where=sa.text("told_at IS NULL AND cancelled_at IS NULL"),
        )

    op.drop_table("notice")
    with op.batch_alter_table("legal_notice") as batch_op:
        batch_op.drop_index(
            "ix_legal_notice_waiting",
            sqlite_where=sa.text("decided_at IS NULL"),
            postgresql_where=sa.text("decided_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_legal_notice_comment_id"))

    op.drop_table("legal_notice")
    op.drop_table("decision_seal")
    with op.batch_alter_table("text_print") as batch_op:
        batch_op.drop_index("ix_text_print_digest")
        batch_op.drop_index(batch_op.f("ix_text_print_comment_id"))
        batch_op.drop_index("ix_text_print_band")

    op.drop_table("text_print")
    with op.batch_alter_table("review_lease") as batch_op:
        batch_op.drop_index(batch_op.f("ix_review_lease_moderator_id"))

    op.drop_table("review_lease")
    with op.batch_alter_table("sanction") as batch_op:
        batch_op.drop_index("ix_sanction_reader_id")
        batch_op.drop_index(
            "ix_sanction_ending", sqlite_where=sa.text("ended_at IS NULL"), postgresql_where=sa.text("ended_at IS NULL")
        )

    op.drop_table("sanction")
    op.drop_table("rule_version")
    op.drop_table("clause_wording")
    op.drop_table("article_subject")
    op.drop_table("saved_filter")
    with op.batch_alter_table("reader_note") as batch_op:
        batch_op.drop_index("ix_reader_note_reader_id")

    op.drop_table("reader_note")
    op.drop_table("moderation_rule")
    with op.batch_alter_table("listed_word") as batch_op:
        batch_op.drop_index(
            "uq_listed_word_current", sqlite_where=sa.text("removed_at IS NULL"), postgresql_where=sa.text("removed_at IS NULL")
        )

    op.drop_table("listed_word")
    op.drop_table("clause_version")
    op.drop_table("classifier_model")
    op.drop_table("policy_clause")
