"""Let predictions be scored."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "5b4c84e7ddb0"
down_revision = "3f81c0d6a95b"
branch_labels = None
depends_on = None

PROOF = (
    "(act IN ('provisional', 'final')) = "
    "(outcome_id IS NOT NULL AND source_url <> '' AND happened_at IS NOT NULL AND known_at IS NOT NULL)"
)


def upgrade() -> None:
    op.create_table(
        "ballot_tally",
        sa.Column("poll_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ballot", sa.String(length=330), nullable=False),
        sa.Column(
            "tier",
            sa.Enum(
                "verified",
                "registered",
                "guest",
                "set_aside",
                name="tier",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.CheckConstraint("votes >= 0", name=op.f("ck_ballot_tally_not_negative")),
        sa.ForeignKeyConstraint(["poll_id"], ["opinion_poll.id"], name=op.f("fk_ballot_tally_poll_id")),
        sa.PrimaryKeyConstraint("poll_id", "ballot", "tier", "slot", name=op.f("pk_ballot_tally")),
    )
    op.create_table(
        "crowd_forecast",
        sa.Column("prediction_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("basis", sa.String(length=64), nullable=False),
        sa.Column("forecasts", sa.Integer(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["prediction_id"], ["prediction.id"], name=op.f("fk_crowd_forecast_prediction_id")),
        sa.PrimaryKeyConstraint("prediction_id", name=op.f("pk_crowd_forecast")),
    )
    op.create_table(
        "crowd_point",
        sa.Column("prediction_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("forecasts", sa.Integer(), nullable=False),
        sa.Column("chances", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["prediction_id"], ["prediction.id"], name=op.f("fk_crowd_point_prediction_id")),
        sa.PrimaryKeyConstraint("prediction_id", "at", name=op.f("pk_crowd_point")),
    )
    op.create_table(
        "forecast_score",
        sa.Column("prediction_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reader_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("is_called", sa.Boolean(), nullable=False),
        sa.Column("brier", sa.Double(), nullable=True),
        sa.Column("logarithmic", sa.Double(), nullable=True),
        sa.Column("ranked", sa.Double(), nullable=True),
        sa.Column("baseline", sa.Double(), nullable=True),
        sa.Column("peer", sa.Double(), nullable=True),
        sa.Column("coverage", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["prediction_id"], ["prediction.id"], name=op.f("fk_forecast_score_prediction_id")),
        sa.ForeignKeyConstraint(["reader_id"], ["reader.id"], name=op.f("fk_forecast_score_reader_id")),
        sa.PrimaryKeyConstraint("prediction_id", "reader_id", name=op.f("pk_forecast_score")),
    )
    with op.batch_alter_table("forecast_score") as batch_op:
        batch_op.create_index("ix_forecast_score_reader_id", ["reader_id", "prediction_id"], unique=False)

    op.create_table(
        "method_score",
        sa.Column("prediction_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("method", sa.String(length=24), nullable=False),
        sa.Column("forecasts", sa.Integer(), nullable=False),
        sa.Column("chance", sa.Double(), nullable=False),
        sa.Column("brier", sa.Double(), nullable=False),
        sa.Column("logarithmic", sa.Double(), nullable=False),
        sa.Column("ranked", sa.Double(), nullable=True),
        sa.Column("baseline", sa.Double(), nullable=False),
        sa.ForeignKeyConstraint(["prediction_id"], ["prediction.id"], name=op.f("fk_method_score_prediction_id")),
        sa.PrimaryKeyConstraint("prediction_id", "method", name=op.f("pk_method_score")),
    )
    op.create_table(
        "question_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("poll_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("prediction_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "act",
            sa.Enum(
                "reworded",
                "rescheduled",
                "outcome_added",
                name="questionact",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("question", sa.String(length=300), nullable=False),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.Column("criteria", sa.Text(), nullable=False),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("editor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(poll_id IS NULL) <> (prediction_id IS NULL)", name=op.f("ck_question_change_about_one_question")),
        sa.ForeignKeyConstraint(["editor_id"], ["reader.id"], name=op.f("fk_question_change_editor_id")),
        sa.ForeignKeyConstraint(["poll_id"], ["opinion_poll.id"], name=op.f("fk_question_change_poll_id")),
        sa.ForeignKeyConstraint(["prediction_id"], ["prediction.id"], name=op.f("fk_question_change_prediction_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_question_change")),
    )
    with op.batch_alter_table("question_change") as batch_op:
        batch_op.create_index("ix_question_change_poll_id", ["poll_id", "id"], unique=False)
        batch_op.create_index("ix_question_change_prediction_id", ["prediction_id", "id"], unique=False)

    op.create_table(
        "tally_point",
        sa.Column("poll_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counts", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["poll_id"], ["opinion_poll.id"], name=op.f("fk_tally_point_poll_id")),
        sa.PrimaryKeyConstraint("poll_id", "at", name=op.f("pk_tally_point")),
    )
    op.create_table(
        "dispute",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("resolution_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reader_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("source_url", sa.String(length=2000), nullable=False),
        sa.Column("argument", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["reader_id"], ["reader.id"], name=op.f("fk_dispute_reader_id")),
        sa.ForeignKeyConstraint(["resolution_id"], ["resolution.id"], name=op.f("fk_dispute_resolution_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dispute")),
        sa.UniqueConstraint("resolution_id", "reader_id", name=op.f("uq_dispute_resolution_id_reader_id")),
    )
    with op.batch_alter_table("dispute") as batch_op:
        batch_op.create_index(batch_op.f("ix_dispute_reader_id"), ["reader_id"], unique=False)

    op.create_table(
        "dispute_decision",
        sa.Column("dispute_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("editor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("is_upheld", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["dispute_id"], ["dispute.id"], name=op.f("fk_dispute_decision_dispute_id")),
        sa.ForeignKeyConstraint(["editor_id"], ["reader.id"], name=op.f("fk_dispute_decision_editor_id")),
        sa.PrimaryKeyConstraint("dispute_id", name=op.f("pk_dispute_decision")),
    )
    with op.batch_alter_table("opinion_poll") as batch_op:
        batch_op.add_column(
            sa.Column(
                "kind",
                sa.Enum(
                    "agreement",
                    "single",
                    "scale",
                    "approval",
                    "ranked",
                    name="pollkind",
                    native_enum=False,
                    create_constraint=True,
                    length=24,
                ),
                server_default="single",
                nullable=False,
            )
        )
        batch_op.add_column(sa.Column("is_shuffled", sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table("opinion_vote") as batch_op:
        batch_op.add_column(sa.Column("ballot", sa.String(length=330), server_default="", nullable=False))
    with op.batch_alter_table("opinion_vote") as batch_op:
        batch_op.alter_column("ballot", existing_type=sa.String(330), server_default=None)

    with op.batch_alter_table("opinion_vote_event") as batch_op:
        batch_op.add_column(sa.Column("ballot", sa.String(length=330), server_default="", nullable=False))
    with op.batch_alter_table("opinion_vote_event") as batch_op:
        batch_op.alter_column("ballot", existing_type=sa.String(330), server_default=None)
        batch_op.create_index("ix_opinion_vote_event_happened_at", ["poll_id", "happened_at"], unique=False)

    with op.batch_alter_table("forecast") as batch_op:
        batch_op.add_column(sa.Column("gives_chances", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_index(
            "ix_forecast_newest",
            ["prediction_id", "made_at", "id"],
            sqlite_where=sa.text("superseded_at IS NULL AND gives_chances = 1"),
            postgresql_where=sa.text("superseded_at IS NULL AND gives_chances"),
        )
    forecast, chance = sa.table("forecast", sa.column("id"), sa.column("gives_chances")), sa.table("forecast_probability")
    has_some = sa.exists().select_from(chance).where(sa.column("forecast_id") == forecast.c.id)
    op.execute(sa.update(forecast).where(has_some).values(gives_chances=sa.true()))

    with op.batch_alter_table("outcome") as batch_op:
        batch_op.add_column(sa.Column("added_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("split_from_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_outcome_split_from_id"), "outcome", ["split_from_id"], ["id"])

    with op.batch_alter_table("prediction") as batch_op:
        batch_op.add_column(
            sa.Column(
                "kind",
                sa.Enum(
                    "outcomes", "date", "number", name="predictionkind", native_enum=False, create_constraint=True, length=24
                ),
                server_default="outcomes",
                nullable=False,
            )
        )
        batch_op.add_column(sa.Column("resolution_count", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("score_due_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(batch_op.f("ix_prediction_score_due_at"), ["score_due_at"], unique=False)

    with op.batch_alter_table("resolution") as batch_op:
        batch_op.add_column(sa.Column("number", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(
            sa.Column(
                "act",
                sa.Enum(
                    "provisional",
                    "final",
                    "annulled",
                    "ambiguous",
                    "reopened",
                    name="resolutionact",
                    native_enum=False,
                    create_constraint=True,
                    length=24,
                ),
                server_default="final",
                nullable=False,
            )
        )
        batch_op.add_column(sa.Column("note", sa.Text(), server_default="", nullable=False))
        batch_op.alter_column("outcome_id", existing_type=sa.BigInteger(), nullable=True)
        batch_op.alter_column("happened_at", existing_type=sa.DateTime(timezone=True), nullable=True)
        batch_op.alter_column("known_at", existing_type=sa.DateTime(timezone=True), nullable=True)
        batch_op.alter_column("editor_id", existing_type=sa.BigInteger(), nullable=True)
        batch_op.drop_index(batch_op.f("ix_resolution_prediction_id"))
        batch_op.create_check_constraint(op.f("ck_resolution_outcome_has_its_proof"), PROOF)
        batch_op.create_check_constraint(
            op.f("ck_resolution_only_time_needs_no_editor"), "editor_id IS NOT NULL OR act = 'final'"
        )
    _number_what_was_resolved()
    with op.batch_alter_table("resolution") as batch_op:
        batch_op.alter_column("number", existing_type=sa.Integer(), server_default=None)
        batch_op.alter_column("act", existing_type=sa.String(24), server_default=None)
        batch_op.alter_column("note", existing_type=sa.Text(), server_default=None)
        batch_op.create_unique_constraint(batch_op.f("uq_resolution_prediction_id_number"), ["prediction_id", "number"])


def _number_what_was_resolved() -> None:
    """Give what was resolved its place, and let it be final: nobody could dispute it. Its scores wait to be computed."""
    resolution = sa.table("resolution", *(sa.column(name) for name in ("id", "prediction_id", "number", "resolved_at")))
    earlier = resolution.alias()
    place = sa.select(sa.func.count()).where(
        earlier.c.prediction_id == resolution.c.prediction_id, earlier.c.id <= resolution.c.id
    )
    op.execute(sa.update(resolution).values(number=place.scalar_subquery()))
    prediction = sa.table("prediction", *(sa.column(name) for name in ("id", "resolution_count", "score_due_at")))
    own = resolution.c.prediction_id == prediction.c.id
    newest = {
        "resolution_count": sa.select(sa.func.max(resolution.c.number)).where(own).scalar_subquery(),
        "score_due_at": sa.select(sa.func.max(resolution.c.resolved_at)).where(own).scalar_subquery(),
    }
    op.execute(sa.update(prediction).where(sa.exists().where(own)).values(newest))


def downgrade() -> None:
    op.drop_table("dispute_decision")
    with op.batch_alter_table("dispute") as batch_op:
        batch_op.drop_index(batch_op.f("ix_dispute_reader_id"))

    op.drop_table("dispute")
    op.execute(
        "DELETE FROM notification WHERE resolution_id IN (SELECT id FROM resolution WHERE outcome_id IS NULL OR editor_id IS NULL)"
    )
    op.execute(
        "DELETE FROM news WHERE resolution_id IN (SELECT id FROM resolution WHERE outcome_id IS NULL OR editor_id IS NULL)"
    )
    op.execute("DELETE FROM resolution WHERE outcome_id IS NULL OR editor_id IS NULL")
    with op.batch_alter_table("resolution") as batch_op:
        batch_op.drop_constraint(op.f("ck_resolution_only_time_needs_no_editor"), type_="check")
        batch_op.drop_constraint(op.f("ck_resolution_outcome_has_its_proof"), type_="check")
        batch_op.drop_constraint(op.f("ck_resolution_resolutionact"), type_="check")
        batch_op.drop_constraint(batch_op.f("uq_resolution_prediction_id_number"), type_="unique")
        batch_op.create_index(batch_op.f("ix_resolution_prediction_id"), ["prediction_id"], unique=False)
        batch_op.alter_column("editor_id", existing_type=sa.BigInteger(), nullable=False)
        batch_op.alter_column("known_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.alter_column("happened_at", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.alter_column("outcome_id", existing_type=sa.BigInteger(), nullable=False)
        batch_op.drop_column("note")
        batch_op.drop_column("act")
        batch_op.drop_column("number")

    with op.batch_alter_table("prediction") as batch_op:
        batch_op.drop_index(batch_op.f("ix_prediction_score_due_at"))
        batch_op.drop_column("score_due_at")
        batch_op.drop_column("resolution_count")
        batch_op.drop_constraint(op.f("ck_prediction_predictionkind"), type_="check")
        batch_op.drop_column("kind")

    with op.batch_alter_table("outcome") as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_outcome_split_from_id"), type_="foreignkey")
        batch_op.drop_column("split_from_id")
        batch_op.drop_column("added_at")

    with op.batch_alter_table("forecast") as batch_op:
        batch_op.drop_index(
            "ix_forecast_newest",
            sqlite_where=sa.text("superseded_at IS NULL AND gives_chances = 1"),
            postgresql_where=sa.text("superseded_at IS NULL AND gives_chances"),
        )
        batch_op.drop_column("gives_chances")

    with op.batch_alter_table("opinion_vote_event") as batch_op:
        batch_op.drop_index("ix_opinion_vote_event_happened_at")
        batch_op.drop_column("ballot")

    with op.batch_alter_table("opinion_vote") as batch_op:
        batch_op.drop_column("ballot")

    with op.batch_alter_table("opinion_poll") as batch_op:
        batch_op.drop_column("is_shuffled")
        batch_op.drop_constraint(op.f("ck_opinion_poll_pollkind"), type_="check")
        batch_op.drop_column("kind")

    op.drop_table("tally_point")
    with op.batch_alter_table("question_change") as batch_op:
        batch_op.drop_index("ix_question_change_prediction_id")
        batch_op.drop_index("ix_question_change_poll_id")

    op.drop_table("question_change")
    op.drop_table("method_score")
    with op.batch_alter_table("forecast_score") as batch_op:
        batch_op.drop_index("ix_forecast_score_reader_id")

    op.drop_table("forecast_score")
    op.drop_table("crowd_point")
    op.drop_table("crowd_forecast")
    op.drop_table("ballot_tally")
