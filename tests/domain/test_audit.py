from __future__ import annotations

import hashlib
import json
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from domain import audit
from extensions import db
from models import Article, DecisionSeal, ModerationAct, ModerationEntry, Reader
from tests import factories

pytestmark = pytest.mark.usefixtures("stage")

DAYS = timedelta(days=2)


@pytest.fixture
def entries(article: Article, reader: Reader, moderator: Reader) -> list[ModerationEntry]:
    for _ in range(3):
        factories.approve(factories.comment(article, factories.guest()), moderator)
    return list(db.session.scalars(select(ModerationEntry).order_by(ModerationEntry.id)))


def faults(now: datetime) -> list[str]:
    return [str(fault) for batch in audit.faults(now=now) for fault in batch]


def unguarded(statement: str) -> None:
    """Change what may not be changed, as somebody could who owns the database."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(sa.text("SET LOCAL session_replication_role = replica"))
        db.session.execute(sa.text(statement))
        db.session.execute(sa.text("SET LOCAL session_replication_role = origin"))
        return
    triggers = db.session.execute(sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
    for name, _ in triggers:
        db.session.execute(sa.text(f"DROP TRIGGER {name}"))
    db.session.execute(sa.text(statement))
    for _, sql in triggers:
        db.session.connection().exec_driver_sql(sql)


def test_a_seal_is_the_hash_of_the_one_before_and_of_the_entry(entries: list[ModerationEntry], now: datetime) -> None:
    audit.seal(now=now)
    before = "0" * 64
    for seal, entry in zip(db.session.scalars(select(DecisionSeal).order_by(DecisionSeal.number)), entries, strict=True):
        columns = {
            column.key: getattr(entry, column.key) for column in ModerationEntry.__table__.columns if column.key != "note"
        }
        plain = {key: getattr(value, "value", value) for key, value in columns.items()}
        plain["made_at"] = entry.made_at.isoformat(timespec="microseconds")
        said = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        before = hashlib.sha256((before + said).encode()).hexdigest()
        assert seal.hash == before


@pytest.mark.usefixtures("entries")
def test_what_is_sealed_is_in_order_and_nothing_is_sealed_twice(now: datetime) -> None:
    assert (audit.seal(now=now), audit.seal(now=now)) == (6, 0)
    assert faults(now + DAYS) == []


def test_an_entry_changed_afterwards_breaks_the_chain_at_its_place(entries: list[ModerationEntry], now: datetime) -> None:
    audit.seal(now=now)
    unguarded("UPDATE moderation_entry SET act = 'held' WHERE id = (SELECT entry_id FROM decision_seal WHERE number = 4)")
    db.session.expire_all()
    assert faults(now) == [f"seal 4: entry {entries[3].id} is not what was sealed"]


@pytest.mark.usefixtures("entries")
def test_a_seal_taken_away_is_missed(now: datetime) -> None:
    audit.seal(now=now)
    unguarded("DELETE FROM decision_seal WHERE number = 2")
    db.session.expire_all()
    assert "seal 2: it is missing" in faults(now)


def test_an_old_entry_that_was_never_sealed_is_found(entries: list[ModerationEntry], now: datetime) -> None:
    assert faults(now) == []
    assert len(faults(now + DAYS)) == len(entries)


@pytest.mark.parametrize("table", ["moderation_entry", "decision_seal"])
@pytest.mark.parametrize("change", ["UPDATE {} SET {} = {}", "DELETE FROM {}"])
@pytest.mark.usefixtures("entries")
def test_the_database_itself_refuses_to_change_what_is_there(now: datetime, table: str, change: str) -> None:
    audit.seal(now=now)
    column = "id" if table == "moderation_entry" else "number"
    with pytest.raises(IntegrityError, match="takes new rows only"), db.session.begin_nested():
        db.session.execute(sa.text(change.format(table, column, column)))


def change_words(editor: Reader, at: datetime) -> None:
    db.session.add(ModerationEntry(act=ModerationAct.WORDS_CHANGED, actor_id=editor.id, detail="banned: + word", made_at=at))
    db.session.flush()


def test_what_was_decided_while_nothing_was_sealed_for_days_is_sealed_as_well(editor: Reader, now: datetime) -> None:
    for hours in (0, 2, 130):
        change_words(editor, now + timedelta(hours=hours))
        if hours != 2:  # just then nobody seals
            audit.seal(now=now + timedelta(hours=hours))
    assert faults(now + 9 * DAYS) == []


def test_what_becomes_visible_late_is_sealed_late(editor: Reader, now: datetime) -> None:
    change_words(editor, now)
    audit.seal(now=now)
    change_words(editor, now - timedelta(hours=20))
    assert audit.seal(now=now) == 1


def test_an_act_about_no_comment_is_sealed_as_well(editor: Reader, now: datetime) -> None:
    change_words(editor, now)
    assert audit.seal(now=now) == 1
    assert faults(now + DAYS) == []
