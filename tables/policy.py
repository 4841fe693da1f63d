"""The newsroom's own policy: clauses, listed words, rules and what was learned from decisions, each with its versions."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import CheckConstraint, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tables.base import Digest, Instant, LongText, Model, PrimaryKey, ShortText, enum_column, reference

if TYPE_CHECKING:
    from tables.people import Reader


class Category(enum.Enum):
    """What a clause is about, in the terms of the transparency reports that the Digital Services Act asks for."""

    ANIMAL_WELFARE = "animal_welfare"
    DATA_PROTECTION = "data_protection"
    ILLEGAL_SPEECH = "illegal_speech"
    INTELLECTUAL_PROPERTY = "intellectual_property"
    CIVIC_DISCOURSE = "civic_discourse"
    CONSENT = "consent"
    MINORS = "minors"
    PUBLIC_SECURITY = "public_security"
    SCAMS = "scams"
    SELF_HARM = "self_harm"
    SCOPE = "scope"
    UNSAFE_PRODUCTS = "unsafe_products"
    VIOLENCE = "violence"
    OTHER = "other"


class PolicyClause(Model):
    """A rule of the house, by its code. What it says is in its versions."""

    __tablename__ = "policy_clause"

    id: Mapped[PrimaryKey]
    code: Mapped[str] = mapped_column(sa.String(40), unique=True)
    position: Mapped[int]  # in the list of reasons, from 1: the key that chooses it
    retired_at: Mapped[Instant | None]  # no longer a reason; what was decided by it stands


class ClauseVersion(Model):
    """What a clause said from one moment on, in the site's language. A decision names the version it went by."""

    __tablename__ = "clause_version"
    __table_args__ = (UniqueConstraint("clause_id", "number"),)

    id: Mapped[PrimaryKey]
    clause_id: Mapped[int] = reference("policy_clause.id")
    number: Mapped[int]
    category: Mapped[Category] = mapped_column(enum_column(Category))
    title: Mapped[ShortText]
    text: Mapped[LongText]
    statement: Mapped[LongText]  # what an author is told whose text is restricted by it
    made_by_id: Mapped[int | None] = reference("reader.id")  # null for what the site came with
    made_at: Mapped[Instant]

    clause: Mapped[PolicyClause] = relationship(lazy="joined", innerjoin="unnested")  # type: ignore[arg-type] # SQLite else makes a list of all there are
    made_by: Mapped[Reader | None] = relationship()


class ClauseWording(Model):
    """A version of a clause in another language."""

    __tablename__ = "clause_wording"

    version_id: Mapped[int] = reference("clause_version.id", primary_key=True)
    language: Mapped[str] = mapped_column(sa.String(12), primary_key=True)
    title: Mapped[ShortText]
    text: Mapped[LongText]
    statement: Mapped[LongText]


class WordList(enum.Enum):
    """What becomes of a text in which a listed word stands."""

    BANNED = "banned"  # it waits, and the card says so first
    SUSPECT = "suspect"  # it waits where its author is not known to be careful
    ALLOWED = "allowed"  # nothing: it only looks like a listed one
    ALLEGATION = "allegation"  # it waits where a subject of a sensitive article is named


CURRENT = sa.text("removed_at IS NULL")


class ListedWord(Model):
    """A word or phrase on a list. What was removed stays as a row, so that an old verdict can be explained."""

    __tablename__ = "listed_word"
    __table_args__ = (
        Index("uq_listed_word_current", "list", "word", unique=True, sqlite_where=CURRENT, postgresql_where=CURRENT),
    )

    id: Mapped[PrimaryKey]
    list: Mapped[WordList] = mapped_column(enum_column(WordList))
    word: Mapped[str] = mapped_column(sa.String(100))
    added_by_id: Mapped[int | None] = reference("reader.id")
    added_at: Mapped[Instant]
    removed_by_id: Mapped[int | None] = reference("reader.id")
    removed_at: Mapped[Instant | None]


class ModerationRule(Model):
    """A rule of the newsroom's for what is to be done with certain texts. What it says is in its versions."""

    __tablename__ = "moderation_rule"

    id: Mapped[PrimaryKey]
    made_at: Mapped[Instant]
    is_on: Mapped[bool] = mapped_column(default=True)
    switched_at: Mapped[Instant | None]  # when it was last switched on or off
    switched_by_id: Mapped[int | None] = reference("reader.id")  # null where it was wrong too often and went off by itself
    removed_at: Mapped[Instant | None]


class RuleVersion(Model):
    """What a rule said from one moment on, in YAML: both the form and the text make it."""

    __tablename__ = "rule_version"
    __table_args__ = (UniqueConstraint("rule_id", "number"),)

    id: Mapped[PrimaryKey]
    rule_id: Mapped[int] = reference("moderation_rule.id")
    number: Mapped[int]
    name: Mapped[ShortText]
    source: Mapped[LongText]
    clause_id: Mapped[int | None] = reference("policy_clause.id")  # the reason an author is given whose text it limits
    made_by_id: Mapped[int | None] = reference("reader.id")
    made_at: Mapped[Instant]

    rule: Mapped[ModerationRule] = relationship()
    made_by: Mapped[Reader | None] = relationship()


class ClassifierModel(Model):
    """What a classifier learned from decisions, and how well it did on those it had not seen. The newest active one is asked."""

    __tablename__ = "classifier_model"
    __table_args__ = (CheckConstraint("ended_at IS NULL OR active_at IS NOT NULL", name="active_before_ended"),)

    id: Mapped[PrimaryKey]
    version: Mapped[str] = mapped_column(sa.String(40), unique=True)
    digest: Mapped[Digest]
    weights: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    report: Mapped[dict[str, Any]] = mapped_column(sa.JSON)
    trained_at: Mapped[Instant]
    trained_by_id: Mapped[int | None] = reference("reader.id")
    active_at: Mapped[Instant | None]
    ended_at: Mapped[Instant | None]

    trained_by: Mapped[Reader | None] = relationship()
