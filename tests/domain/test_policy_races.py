"""Editors at once, with real commits."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from domain import classifiers, policies, rulekeeping, ruleyaml, wordlists
from domain.policies import Draft, Said
from domain.rulebook import Rule
from extensions import db
from models import Category, ClassifierModel, ListedWord, ModerationRule, PolicyClause, Reader, Role, WordList
from tests import factories
from tests.applications import leave_empty
from tests.racing import at_once
from tests.scene_of_policy import model

EDITORS = 8


@pytest.fixture
def editors(app: Flask) -> Iterator[list[int]]:
    """Give editors, and a rule and two models of theirs, all committed; leave an empty database."""
    with app.app_context():
        now = datetime.now(UTC)
        everybody = [factories.account(role=Role.EDITOR) for _ in range(EDITORS)]
        rulekeeping.make(rule("flag"), clause=None, by=everybody[0], now=now)
        for base in (0.0, 0.5):
            classifiers.keep(model(base), by=None, now=now)
        db.session.commit()
        ids = [editor.id for editor in everybody]
        db.session.remove()
        yield ids
        leave_empty()


def rule(then: str) -> Rule:
    return ruleyaml.parse(f"name: Links\nwhen:\n  links: {{at_least: 1}}\nthen: {then}")


def draft(place: int) -> Draft:
    return Draft(said=Said(title=f"Be kind {place}", text="Be kind.", statement="Unkind."), category=Category.SCOPE)


def test_of_all_who_add_the_same_clause_one_does(app: Flask, editors: list[int]) -> None:
    found = at_once(app, editors, lambda by, place: policies.add("kind", draft(place), by=by, now=datetime.now(UTC)))
    assert found == {"decided": 1, "conflict": EDITORS - 1}
    places = db.session.scalars(select(PolicyClause.position)).all()
    assert len(set(places)) == len(places)


def test_of_all_who_change_a_rule_one_does(app: Flask, editors: list[int]) -> None:
    def change(by: Reader, place: int) -> None:
        row = db.session.scalars(select(ModerationRule)).one()
        rulekeeping.revise(row, rule(f"{{nudge: Be kind {place}}}"), clause=None, expected=1, by=by, now=datetime.now(UTC))

    found = at_once(app, editors, change)
    assert found == {"decided": 1, "conflict": EDITORS - 1}


def test_words_that_all_list_at_once_stand_there_once(app: Flask, editors: list[int]) -> None:
    words = [f"word{number}" for number in range(50)]
    found = at_once(app, editors, lambda by, _: wordlists.add(WordList.BANNED, words, by=by, now=datetime.now(UTC)))
    assert found == {"decided": EDITORS}
    assert db.session.scalar(select(func.count()).select_from(ListedWord)) == len(words)


def test_of_two_models_that_are_switched_on_at_once_one_advises(app: Flask, editors: list[int]) -> None:
    def switch(by: Reader, place: int) -> None:
        rows = db.session.scalars(select(ClassifierModel).order_by(ClassifierModel.id)).all()
        classifiers.activate(rows[place % 2], by=by, now=datetime.now(UTC))

    assert at_once(app, editors, switch) == {"decided": EDITORS}
    active = (
        select(func.count())
        .select_from(ClassifierModel)
        .where(ClassifierModel.active_at.is_not(None), ClassifierModel.ended_at.is_(None))
    )
    assert db.session.scalar(active) == 1
