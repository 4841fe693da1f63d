"""The clauses of the house rules as the newsroom changes them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select

from domain import clauses, policies, policylog
from domain.errors import Conflict, Forbidden, Invalid
from domain.policies import Draft, Said
from extensions import db
from models import Category, ClauseVersion, ModerationAct, ModerationEntry, PolicyClause, Reader

SAID = Said(title="Be kind", text="Be kind.", statement="It is unkind.")
DRAFT = Draft(said=SAID, category=Category.SCOPE)
GERMAN = Said(title="Freundlich", text="Seid freundlich.", statement="Das ist unfreundlich.")


def abuse() -> PolicyClause:
    return policies.by_code("abuse")


def codes() -> list[str]:
    return [version.clause.code for version in clauses.reasons()]


def test_a_new_clause_is_the_last_reason_and_says_who_added_it(editor: Reader, now: datetime) -> None:
    version = policies.add("kindness", DRAFT, by=editor, now=now)
    assert codes()[-1] == "kindness"
    entry = db.session.scalars(select(ModerationEntry).where(ModerationEntry.act == ModerationAct.CLAUSE_CHANGED)).one()
    assert (entry.detail, entry.actor_id, entry.clause_id) == ("added kindness", editor.id, version.id)


def test_a_change_is_a_new_version_and_the_old_one_stands(editor: Reader, now: datetime) -> None:
    before = clauses.newest_of(abuse().id)
    text = before.text
    after = policies.change(abuse(), replace(DRAFT, others={"de": GERMAN}), expected=1, by=editor, now=now)
    assert (after.number, before.number, before.text) == (2, 1, text)
    assert clauses.current("abuse").id == after.id
    assert (policies.said_in(after, "de-AT"), policies.said_in(after, "fr")) == (GERMAN, SAID)


def test_what_says_the_same_makes_no_version(editor: Reader, now: datetime) -> None:
    draft = policies.drafted(clauses.newest_of(abuse().id))
    assert policies.change(abuse(), draft, expected=1, by=editor, now=now).number == 1


def test_who_is_second_is_told_and_overwrites_nothing(editor: Reader, now: datetime) -> None:
    policies.change(abuse(), DRAFT, expected=1, by=editor, now=now)
    with pytest.raises(Conflict):
        policies.change(abuse(), replace(DRAFT, category=Category.OTHER), expected=1, by=editor, now=now)


@pytest.mark.parametrize(
    ("code", "draft"),
    [
        ("Kindness", DRAFT),
        ("k", DRAFT),
        ("kind ness", DRAFT),
        ("kindness", replace(DRAFT, said=replace(SAID, title=" "))),
        ("kindness", replace(DRAFT, said=replace(SAID, text="x" * 2_001))),
        ("kindness", replace(DRAFT, others={"xx-nonsense": GERMAN})),
        ("kindness", replace(DRAFT, others={"de": replace(GERMAN, statement="")})),
    ],
)
def test_what_cannot_be_used_is_refused(code: str, draft: Draft, editor: Reader, now: datetime) -> None:
    with pytest.raises(Invalid):
        policies.add(code, draft, by=editor, now=now)


def test_moving_a_clause_moves_the_keys_of_the_others(editor: Reader, now: datetime) -> None:
    first, second, third, *rest = codes()
    policies.move(policies.by_code(third), 1, by=editor, now=now)
    assert codes() == [third, first, second, *rest]
    policies.move(policies.by_code(third), 99, by=editor, now=now)
    assert codes() == [first, second, *rest, third]


def test_a_retired_clause_is_no_reason_until_it_is_brought_back(editor: Reader, now: datetime) -> None:
    policies.retire(abuse(), by=editor, now=now)
    assert "abuse" not in codes()
    assert [version.clause.code for version in policies.retired()] == ["abuse"]
    policies.bring_back(abuse(), by=editor, now=now)
    assert codes()[-1] == "abuse"


def test_the_last_clause_cannot_be_retired(editor: Reader, now: datetime) -> None:
    *others, last = codes()
    for code in others:
        policies.retire(policies.by_code(code), by=editor, now=now)
    with pytest.raises(Conflict):
        policies.retire(policies.by_code(last), by=editor, now=now)


def test_a_moderator_changes_nothing(moderator: Reader, now: datetime) -> None:
    with pytest.raises(Forbidden):
        policies.change(abuse(), DRAFT, expected=1, by=moderator, now=now)
    assert db.session.scalar(select(ClauseVersion.id).where(ClauseVersion.number > 1)) is None


def test_the_log_tells_each_change_newest_first(editor: Reader, now: datetime) -> None:
    policies.add("kindness", DRAFT, by=editor, now=now)
    policies.retire(policies.by_code("kindness"), by=editor, now=now)
    entries, after = policylog.changes()
    assert ([entry.detail for entry in entries], after) == (["retired kindness", "added kindness"], None)
