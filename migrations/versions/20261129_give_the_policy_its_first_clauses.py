"""Give the policy its first clauses, and every removal the one it went by."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "c1d5a0b2e7f4"
down_revision = "b47d62aef993"
branch_labels = None
depends_on = None

SINCE = datetime(2026, 11, 22, tzinfo=UTC)  # when the site's first tables were made: earlier there was nothing to decide
CLAUSES = [
    (
        "abuse",
        "scope",
        "Insults and threats",
        "Argue with what somebody says. Do not insult, threaten or harass anybody.",
        "Your comment insults, threatens or harasses somebody.",
    ),
    (
        "accusation",
        "illegal_speech",
        "Accusation stated as fact",
        "Do not state as a fact that somebody has done wrong before that is established. Say what is alleged, and by whom.",
        "Your comment states as a fact that somebody has done wrong, which is not established.",
    ),
    (
        "hate",
        "illegal_speech",
        "Hatred",
        "Do not demean people for what they are: their origin, faith, sex, body or whom they love.",
        "Your comment demeans people for what they are.",
    ),
    (
        "privacy",
        "data_protection",
        "Private details",
        "Do not give away where somebody lives, how to reach them, or anything else that is theirs to tell.",
        "Your comment gives away private details of somebody.",
    ),
    (
        "spam",
        "scams",
        "Advertising or repetition",
        "Do not advertise, and do not post the same thing again and again.",
        "Your comment advertises something or repeats what was posted before.",
    ),
    (
        "off_topic",
        "scope",
        "Not about the article",
        "Write about the article and what others say of it.",
        "Your comment is not about the article or the discussion below it.",
    ),
    (
        "illegal",
        "illegal_speech",
        "Against the law",
        "Do not post what the law forbids.",
        "Your comment contains what the law forbids.",
    ),
]


def upgrade() -> None:
    clause = sa.table("policy_clause", *map(sa.column, ("id", "code", "position")))
    names = ("id", "clause_id", "number", "category", "title", "text", "statement")
    version = sa.table("clause_version", *map(sa.column, names), sa.column("made_at", sa.DateTime(timezone=True)))
    clauses = [{"code": code, "position": place} for place, (code, *_) in enumerate(CLAUSES, 1)]
    op.bulk_insert(clause, clauses)
    ids = {row.code: row.id for row in op.get_bind().execute(sa.select(clause.c.code, clause.c.id))}
    for code, category, title, text, statement in CLAUSES:
        said = {"category": category, "title": title, "text": text, "statement": statement}
        op.execute(version.insert().values(clause_id=ids[code], number=1, made_at=SINCE, **said))
    entry = sa.table("moderation_entry", *map(sa.column, ("reason", "clause_id")))
    of_reason = sa.select(version.c.id).join(clause, clause.c.id == version.c.clause_id).where(clause.c.code == entry.c.reason)
    op.execute(sa.update(entry).where(entry.c.reason.is_not(None)).values(clause_id=of_reason.scalar_subquery()))


def downgrade() -> None:
    clause = sa.table("policy_clause", *map(sa.column, ("id", "code")))
    version = sa.table("clause_version", *map(sa.column, ("id", "clause_id")))
    entry = sa.table("moderation_entry", *map(sa.column, ("reason", "clause_id")))
    code = sa.select(clause.c.code).join(version, clause.c.id == version.c.clause_id).where(version.c.id == entry.c.clause_id)
    op.execute(sa.update(entry).where(entry.c.clause_id.is_not(None)).values(reason=code.scalar_subquery(), clause_id=None))
    op.execute(sa.delete(version))
    op.execute(sa.delete(clause))
