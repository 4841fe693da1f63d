"""Let discussions be rated, followed and edited."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "b6abdffb721c"
down_revision = "e2229afeaca3"
branch_labels = None
depends_on = None

ACTS = ("held", "approved", "removed", "undone")
NEW_ACTS = ("withdrawn", "edit_held", "edit_approved", "edit_refused")


def _one_of(column: str, values: Sequence[str]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def upgrade() -> None:
    op.create_table(
        "mute",
        sa.Column("reader_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("muted_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("muted_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("muted_id <> reader_id", name=op.f("ck_mute_not_oneself")),
        sa.ForeignKeyConstraint(["muted_id"], ["reader.id"], name=op.f("fk_mute_muted_id")),
        sa.ForeignKeyConstraint(["reader_id"], ["reader.id"], name=op.f("fk_mute_reader_id")),
        sa.PrimaryKeyConstraint("reader_id", "muted_id", name=op.f("pk_mute")),
    )
    with op.batch_alter_table("mute") as batch_op:
        batch_op.create_index(batch_op.f("ix_mute_muted_id"), ["muted_id"], unique=False)

    op.create_table(
        "push_subscription",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("reader_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("endpoint", sa.String(length=1000), nullable=False),
        sa.Column("p256dh", sa.String(length=120), nullable=False),
        sa.Column("auth", sa.String(length=40), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["reader_id"], ["reader.id"], name=op.f("fk_push_subscription_reader_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_subscription")),
        sa.UniqueConstraint("endpoint", name=op.f("uq_push_subscription_endpoint")),
    )
    with op.batch_alter_table("push_subscription") as batch_op:
        batch_op.create_index(batch_op.f("ix_push_subscription_reader_id"), ["reader_id"], unique=False)

    op.create_table(
        "visit",
        sa.Column("article_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reader_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("seen_comment_id", sa.BigInteger(), nullable=False),
        sa.Column("visited_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_visit_article_id")),
        sa.ForeignKeyConstraint(["reader_id"], ["reader.id"], name=op.f("fk_visit_reader_id")),
        sa.PrimaryKeyConstraint("article_id", "reader_id", name=op.f("pk_visit")),
    )
    with op.batch_alter_table("visit") as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_reader_id"), ["reader_id"], unique=False)

    op.create_table(
        "comment_mention",
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reader_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_comment_mention_comment_id")),
        sa.ForeignKeyConstraint(["reader_id"], ["reader.id"], name=op.f("fk_comment_mention_reader_id")),
        sa.PrimaryKeyConstraint("comment_id", "reader_id", name=op.f("pk_comment_mention")),
    )
    op.create_table(
        "comment_rating",
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reader_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum("good", "poor", name="verdict", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column(
            "camp",
            sa.Enum("for", "against", "unsure", "other", name="camp", native_enum=False, create_constraint=True, length=24),
            nullable=True,
        ),
        sa.Column("rated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_comment_rating_comment_id")),
        sa.ForeignKeyConstraint(["reader_id"], ["reader.id"], name=op.f("fk_comment_rating_reader_id")),
        sa.PrimaryKeyConstraint("comment_id", "reader_id", name=op.f("pk_comment_rating")),
    )
    with op.batch_alter_table("comment_rating") as batch_op:
        batch_op.create_index(batch_op.f("ix_comment_rating_reader_id"), ["reader_id"], unique=False)

    op.create_table(
        "comment_revision",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body_source", sa.Text(), nullable=False),
        sa.Column("body_html", sa.Text(), nullable=False),
        sa.Column("renderer_version", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=True),
        sa.Column(
            "state",
            sa.Enum("shown", "held", "refused", name="revisionstate", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_comment_revision_comment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comment_revision")),
        sa.UniqueConstraint("comment_id", "number", name=op.f("uq_comment_revision_comment_id_number")),
    )
    with op.batch_alter_table("comment_revision") as batch_op:
        batch_op.create_index(
            "uq_comment_revision_held",
            ["comment_id"],
            unique=True,
            sqlite_where=sa.text("state = 'held'"),
            postgresql_where=sa.text("state = 'held'"),
        )

    op.create_table(
        "follow",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("reader_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("article_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("thread_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("prediction_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("followed_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("followed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(CASE WHEN article_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN thread_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN prediction_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN followed_id IS NULL THEN 0 ELSE 1 END) = 1",
            name=op.f("ck_follow_one_thing"),
        ),
        sa.CheckConstraint("followed_id <> reader_id", name=op.f("ck_follow_not_oneself")),
        sa.ForeignKeyConstraint(["article_id"], ["article.id"], name=op.f("fk_follow_article_id")),
        sa.ForeignKeyConstraint(["followed_id"], ["reader.id"], name=op.f("fk_follow_followed_id")),
        sa.ForeignKeyConstraint(["prediction_id"], ["prediction.id"], name=op.f("fk_follow_prediction_id")),
        sa.ForeignKeyConstraint(["reader_id"], ["reader.id"], name=op.f("fk_follow_reader_id")),
        sa.ForeignKeyConstraint(["thread_id"], ["comment.id"], name=op.f("fk_follow_thread_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow")),
        sa.UniqueConstraint("article_id", "reader_id", name=op.f("uq_follow_article_id_reader_id")),
        sa.UniqueConstraint("followed_id", "reader_id", name=op.f("uq_follow_followed_id_reader_id")),
        sa.UniqueConstraint("prediction_id", "reader_id", name=op.f("uq_follow_prediction_id_reader_id")),
        sa.UniqueConstraint("thread_id", "reader_id", name=op.f("uq_follow_thread_id_reader_id")),
    )
    with op.batch_alter_table("follow") as batch_op:
        batch_op.create_index(batch_op.f("ix_follow_reader_id"), ["reader_id"], unique=False)

    op.create_table(
        "news",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("resolution_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("spread_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(comment_id IS NULL) <> (resolution_id IS NULL)", name=op.f("ck_news_about_one_thing")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_news_comment_id")),
        sa.ForeignKeyConstraint(["resolution_id"], ["resolution.id"], name=op.f("fk_news_resolution_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_news")),
        sa.UniqueConstraint("comment_id", name=op.f("uq_news_comment_id")),
        sa.UniqueConstraint("resolution_id", name=op.f("uq_news_resolution_id")),
    )
    with op.batch_alter_table("news") as batch_op:
        batch_op.create_index(
            "ix_news_unspread",
            ["id"],
            unique=False,
            sqlite_where=sa.text("spread_at IS NULL"),
            postgresql_where=sa.text("spread_at IS NULL"),
        )

    op.create_table(
        "notification",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("reader_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "reply",
                "mention",
                "thread",
                "reader",
                "article",
                "resolution",
                name="notificationkind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("resolution_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("mailed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(comment_id IS NULL) <> (resolution_id IS NULL)", name=op.f("ck_notification_about_one_thing")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_notification_comment_id")),
        sa.ForeignKeyConstraint(["reader_id"], ["reader.id"], name=op.f("fk_notification_reader_id")),
        sa.ForeignKeyConstraint(["resolution_id"], ["resolution.id"], name=op.f("fk_notification_resolution_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notification")),
        sa.UniqueConstraint("reader_id", "comment_id", name=op.f("uq_notification_reader_id_comment_id")),
        sa.UniqueConstraint("reader_id", "resolution_id", name=op.f("uq_notification_reader_id_resolution_id")),
    )
    with op.batch_alter_table("notification") as batch_op:
        batch_op.create_index(batch_op.f("ix_notification_comment_id"), ["comment_id"], unique=False)
        batch_op.create_index("ix_notification_reader_id", ["reader_id", "id"], unique=False)
        batch_op.create_index(
            "ix_notification_unmailed",
            ["reader_id", "id"],
            unique=False,
            sqlite_where=sa.text("mailed_at IS NULL"),
            postgresql_where=sa.text("mailed_at IS NULL"),
        )

    op.create_table(
        "rating_tally",
        sa.Column("comment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "camp",
            sa.Enum("for", "against", "unsure", "other", name="camp", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("good", sa.Integer(), nullable=False),
        sa.Column("rated", sa.Integer(), nullable=False),
        sa.CheckConstraint("good >= 0 AND good <= rated", name=op.f("ck_rating_tally_good_among_rated")),
        sa.ForeignKeyConstraint(["comment_id"], ["comment.id"], name=op.f("fk_rating_tally_comment_id")),
        sa.PrimaryKeyConstraint("comment_id", "camp", name=op.f("pk_rating_tally")),
    )
    op.create_table(
        "outgoing_push",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("subscription_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("notification_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["notification_id"], ["notification.id"], name=op.f("fk_outgoing_push_notification_id")),
        sa.ForeignKeyConstraint(
            ["subscription_id"], ["push_subscription.id"], name=op.f("fk_outgoing_push_subscription_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_push")),
    )
    with op.batch_alter_table("outgoing_push") as batch_op:
        batch_op.create_index("ix_outgoing_push_due", ["sent_at", "given_up_at", "next_try_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_outgoing_push_subscription_id"), ["subscription_id"], unique=False)

    with op.batch_alter_table("article") as batch_op:
        batch_op.add_column(sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.add_column(sa.Column("published_comments", sa.Integer(), server_default="0", nullable=False))
        batch_op.create_foreign_key(batch_op.f("fk_article_author_id"), "reader", ["author_id"], ["id"])

    with op.batch_alter_table("comment") as batch_op:
        batch_op.add_column(sa.Column("number", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("replies", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("numbered", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("good", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("poor", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(
            sa.Column("best_rank", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), server_default="0", nullable=False)
        )
        batch_op.add_column(
            sa.Column("common_rank", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), server_default="0", nullable=False)
        )
        batch_op.add_column(sa.Column("is_listed", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("language", sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column("edited_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("picked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("picked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.drop_index(batch_op.f("ix_comment_reader_id"))
        batch_op.drop_index(batch_op.f("ix_comment_thread"))
        batch_op.create_index("ix_comment_by_reader", ["reader_id", "article_id", "id"], unique=False)
        batch_op.create_index(
            "ix_comment_picked",
            ["article_id", "picked_at"],
            unique=False,
            sqlite_where=sa.text("picked_at IS NOT NULL"),
            postgresql_where=sa.text("picked_at IS NOT NULL"),
        )
        batch_op.create_index("ix_comment_replies_best", ["root_id", "best_rank", "id"], unique=False)
        batch_op.create_index("ix_comment_replies_common", ["root_id", "common_rank", "id"], unique=False)
        batch_op.create_index(
            "ix_comment_roots_best",
            ["article_id", "best_rank", "id"],
            unique=False,
            sqlite_where=sa.text("root_id IS NULL AND is_listed = 1"),
            postgresql_where=sa.text("root_id IS NULL AND is_listed"),
        )
        batch_op.create_index(
            "ix_comment_roots_common",
            ["article_id", "common_rank", "id"],
            unique=False,
            sqlite_where=sa.text("root_id IS NULL AND is_listed = 1"),
            postgresql_where=sa.text("root_id IS NULL AND is_listed"),
        )
        batch_op.create_index(
            "ix_comment_roots_discussed",
            ["article_id", "replies", "id"],
            unique=False,
            sqlite_where=sa.text("root_id IS NULL AND is_listed = 1"),
            postgresql_where=sa.text("root_id IS NULL AND is_listed"),
        )
        batch_op.create_index(
            "ix_comment_roots_newest",
            ["article_id", "id"],
            unique=False,
            sqlite_where=sa.text("root_id IS NULL AND is_listed = 1"),
            postgresql_where=sa.text("root_id IS NULL AND is_listed"),
        )
        batch_op.create_index(
            "ix_comment_takes_best",
            ["article_id", "choice_id", "best_rank", "id"],
            unique=False,
            sqlite_where=sa.text("choice_id IS NOT NULL AND is_listed = 1"),
            postgresql_where=sa.text("choice_id IS NOT NULL AND is_listed"),
        )
        batch_op.create_index(
            "ix_comment_takes_common",
            ["article_id", "choice_id", "common_rank", "id"],
            unique=False,
            sqlite_where=sa.text("choice_id IS NOT NULL AND is_listed = 1"),
            postgresql_where=sa.text("choice_id IS NOT NULL AND is_listed"),
        )
        batch_op.create_index(
            "ix_comment_takes_discussed",
            ["article_id", "choice_id", "replies", "id"],
            unique=False,
            sqlite_where=sa.text("choice_id IS NOT NULL AND is_listed = 1"),
            postgresql_where=sa.text("choice_id IS NOT NULL AND is_listed"),
        )
        batch_op.create_index(
            "ix_comment_takes_newest",
            ["article_id", "choice_id", "id"],
            unique=False,
            sqlite_where=sa.text("choice_id IS NOT NULL AND is_listed = 1"),
            postgresql_where=sa.text("choice_id IS NOT NULL AND is_listed"),
        )
        batch_op.create_foreign_key(batch_op.f("fk_comment_picked_by_id"), "reader", ["picked_by_id"], ["id"])

    with op.batch_alter_table("moderation_entry") as batch_op:
        batch_op.drop_constraint(op.f("ck_moderation_entry_moderationact"), type_="check")
        batch_op.create_check_constraint(op.f("ck_moderation_entry_moderationact"), _one_of("act", [*ACTS, *NEW_ACTS]))
        batch_op.add_column(sa.Column("revision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_moderation_entry_revision_id"), "comment_revision", ["revision_id"], ["id"])
        batch_op.create_check_constraint(
            op.f("ck_moderation_entry_edit_names_its_text"),
            "act NOT IN ('edit_held', 'edit_approved', 'edit_refused') OR revision_id IS NOT NULL",
        )

    with op.batch_alter_table("outgoing_mail") as batch_op:
        batch_op.add_column(sa.Column("reader_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.add_column(sa.Column("unsubscribe_path", sa.String(length=300), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_outgoing_mail_reader_id"), "reader", ["reader_id"], ["id"])

    with op.batch_alter_table("reader") as batch_op:
        batch_op.add_column(
            sa.Column(
                "mail_pace",
                sa.Enum(
                    "never", "instant", "hourly", "daily", name="mailpace", native_enum=False, create_constraint=True, length=24
                ),
                server_default="daily",
                nullable=False,
            )
        )
        batch_op.add_column(sa.Column("digested_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("screening_verdict") as batch_op:
        batch_op.add_column(sa.Column("revision_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_screening_verdict_revision_id"), "comment_revision", ["revision_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("screening_verdict") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_screening_verdict_revision_id"), type_="foreignkey")
        batch_op.drop_column("revision_id")

    with op.batch_alter_table("reader") as batch_op:
        batch_op.drop_column("digested_at")
        batch_op.drop_constraint(op.f("ck_reader_mailpace"), type_="check")
        batch_op.drop_column("mail_pace")

    with op.batch_alter_table("outgoing_mail") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_outgoing_mail_reader_id"), type_="foreignkey")
        batch_op.drop_column("unsubscribe_path")
        batch_op.drop_column("reader_id")

    entries = sa.table("moderation_entry", sa.column("act"))
    op.execute(sa.delete(entries).where(entries.c.act.in_(NEW_ACTS)))
    with op.batch_alter_table("moderation_entry") as batch_op:
        batch_op.drop_constraint(op.f("ck_moderation_entry_edit_names_its_text"), type_="check")
        batch_op.drop_constraint(op.f("ck_moderation_entry_moderationact"), type_="check")
        batch_op.create_check_constraint(op.f("ck_moderation_entry_moderationact"), _one_of("act", ACTS))
        batch_op.drop_constraint(batch_op.f("fk_moderation_entry_revision_id"), type_="foreignkey")
        batch_op.drop_column("revision_id")

    with op.batch_alter_table("comment") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_comment_picked_by_id"), type_="foreignkey")
        batch_op.drop_index(
            "ix_comment_takes_newest",
            sqlite_where=sa.text("choice_id IS NOT NULL AND is_listed = 1"),
            postgresql_where=sa.text("choice_id IS NOT NULL AND is_listed"),
        )
        batch_op.drop_index(
            "ix_comment_takes_discussed",
            sqlite_where=sa.text("choice_id IS NOT NULL AND is_listed = 1"),
            postgresql_where=sa.text("choice_id IS NOT NULL AND is_listed"),
        )
        batch_op.drop_index(
            "ix_comment_takes_common",
            sqlite_where=sa.text("choice_id IS NOT NULL AND is_listed = 1"),
            postgresql_where=sa.text("choice_id IS NOT NULL AND is_listed"),
        )
        batch_op.drop_index(
            "ix_comment_takes_best",
            sqlite_where=sa.text("choice_id IS NOT NULL AND is_listed = 1"),
            postgresql_where=sa.text("choice_id IS NOT NULL AND is_listed"),
        )
        batch_op.drop_index(
            "ix_comment_roots_newest",
            sqlite_where=sa.text("root_id IS NULL AND is_listed = 1"),
            postgresql_where=sa.text("root_id IS NULL AND is_listed"),
        )
        batch_op.drop_index(
            "ix_comment_roots_discussed",
            sqlite_where=sa.text("root_id IS NULL AND is_listed = 1"),
            postgresql_where=sa.text("root_id IS NULL AND is_listed"),
        )
        batch_op.drop_index(
            "ix_comment_roots_common",
            sqlite_where=sa.text("root_id IS NULL AND is_listed = 1"),
            postgresql_where=sa.text("root_id IS NULL AND is_listed"),
        )
        batch_op.drop_index(
            "ix_comment_roots_best",
            sqlite_where=sa.text("root_id IS NULL AND is_listed = 1"),
            postgresql_where=sa.text("root_id IS NULL AND is_listed"),
        )
        batch_op.drop_index("ix_comment_replies_common")
        batch_op.drop_index("ix_comment_replies_best")
        batch_op.drop_index(
            "ix_comment_picked",
            sqlite_where=sa.text("picked_at IS NOT NULL"),
            postgresql_where=sa.text("picked_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_comment_by_reader")
        batch_op.create_index(batch_op.f("ix_comment_thread"), ["article_id", "root_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_comment_reader_id"), ["reader_id"], unique=False)
        batch_op.drop_column("picked_by_id")
        batch_op.drop_column("picked_at")
        batch_op.drop_column("edited_at")
        batch_op.drop_column("language")
        batch_op.drop_column("is_listed")
        batch_op.drop_column("common_rank")
        batch_op.drop_column("best_rank")
        batch_op.drop_column("poor")
        batch_op.drop_column("good")
        batch_op.drop_column("numbered")
        batch_op.drop_column("replies")
        batch_op.drop_column("number")

    with op.batch_alter_table("article") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_article_author_id"), type_="foreignkey")
        batch_op.drop_column("published_comments")
        batch_op.drop_column("author_id")

    with op.batch_alter_table("outgoing_push") as batch_op:
        batch_op.drop_index(batch_op.f("ix_outgoing_push_subscription_id"))
        batch_op.drop_index("ix_outgoing_push_due")

    op.drop_table("outgoing_push")
    op.drop_table("rating_tally")
    with op.batch_alter_table("notification") as batch_op:
        batch_op.drop_index(
            "ix_notification_unmailed", sqlite_where=sa.text("mailed_at IS NULL"), postgresql_where=sa.text("mailed_at IS NULL")
        )
        batch_op.drop_index("ix_notification_reader_id")
        batch_op.drop_index(batch_op.f("ix_notification_comment_id"))

    op.drop_table("notification")
    with op.batch_alter_table("news") as batch_op:
        batch_op.drop_index(
            "ix_news_unspread", sqlite_where=sa.text("spread_at IS NULL"), postgresql_where=sa.text("spread_at IS NULL")
        )

    op.drop_table("news")
    with op.batch_alter_table("follow") as batch_op:
        batch_op.drop_index(batch_op.f("ix_follow_reader_id"))

    op.drop_table("follow")
    with op.batch_alter_table("comment_revision") as batch_op:
        batch_op.drop_index(
            "uq_comment_revision_held", sqlite_where=sa.text("state = 'held'"), postgresql_where=sa.text("state = 'held'")
        )

    op.drop_table("comment_revision")
    with op.batch_alter_table("comment_rating") as batch_op:
        batch_op.drop_index(batch_op.f("ix_comment_rating_reader_id"))

    op.drop_table("comment_rating")
    op.drop_table("comment_mention")
    with op.batch_alter_table("visit") as batch_op:
        batch_op.drop_index(batch_op.f("ix_visit_reader_id"))

    op.drop_table("visit")
    with op.batch_alter_table("push_subscription") as batch_op:
        batch_op.drop_index(batch_op.f("ix_push_subscription_reader_id"))

    op.drop_table("push_subscription")
    with op.batch_alter_table("mute") as batch_op:
        batch_op.drop_index(batch_op.f("ix_mute_muted_id"))

    op.drop_table("mute")
