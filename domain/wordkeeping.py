"""What screening goes by, ready to use: listed words, rules and the classifier, made once in a process and kept until they change.

One query per text asks whether anything did. Nothing here decides; and what cannot be made ready raises, so that the check
that needs it fails, and the text waits.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import func, select

from domain import ruleyaml, textmodel
from domain.allegations import ALLEGATIONS
from domain.classifier import Classifier
from domain.innocents import INNOCENT
from domain.rulebook import Rule, Verb, conditions, several
from domain.rulefacts import Comparison, Fact
from domain.words import WordList
from extensions import db
from models import ClassifierModel, ListedWord, ModerationRule, RuleVersion
from models import WordList as ListName

_newest_word = select(ListedWord.added_at).order_by(ListedWord.id.desc()).limit(1).scalar_subquery()
_newest_rule = select(RuleVersion.made_at).order_by(RuleVersion.id.desc()).limit(1).scalar_subquery()
_rules_on = ModerationRule.is_on & ModerationRule.removed_at.is_(None)
_is_active = ClassifierModel.active_at.is_not(None) & ClassifierModel.ended_at.is_(None)
_active = select(ClassifierModel.id).where(_is_active).order_by(ClassifierModel.id.desc())
VERSIONS = (  # what changes whenever words, rules or the classifier do
    select(func.max(ListedWord.id)).scalar_subquery().label("word"),
    _newest_word.label("word_added"),
    select(func.count()).select_from(ListedWord).where(ListedWord.removed_at.is_(None)).scalar_subquery().label("words"),
    select(func.max(RuleVersion.id)).scalar_subquery().label("rule"),
    _newest_rule.label("rule_made"),
    select(func.count()).select_from(ModerationRule).where(_rules_on).scalar_subquery().label("rules"),
    select(func.max(ModerationRule.switched_at)).scalar_subquery().label("switched"),
    _active.limit(1).scalar_subquery().label("model"),
    select(func.max(ClassifierModel.active_at)).where(_is_active).scalar_subquery().label("activated"),
)


@dataclass(frozen=True)
class KeptRule:
    """A rule that is on: what it says, and the version that says so."""

    version_id: int
    number: int
    clause_id: int | None
    rule: Rule

    @property
    def verb(self) -> Verb:
        """Return what it does."""
        return self.rule.action.verb


@dataclass(frozen=True, eq=False)
class Lists:
    """The listed words as they are now. `version` is the newest of them."""

    version: int
    words: dict[ListName, frozenset[str]]

    @cached_property
    def claims(self) -> WordList:
        """Return the allegations, those the site came with among them."""
        listed = tuple(self.words[ListName.ALLEGATION])
        return WordList((*ALLEGATIONS, *listed), self.allowed)

    @cached_property
    def allowed(self) -> tuple[str, ...]:
        """Return what is innocent."""
        return (*INNOCENT, *self.words[ListName.ALLOWED])


class _Plug:
    """A classifier in the place of the trained one, where an operator has another."""

    classifier: Classifier | None = None


_plug = _Plug()
_parts: dict[tuple[str, str], tuple[Any, Any]] = {}  # by database and part: of which version, and what was made


def plug(classifier: Classifier | None) -> None:
    """Let another classifier be asked instead of the trained one, in this process; or that one again."""
    _plug.classifier = classifier


class Kept:
    """Words, rules and classifier as they are at one moment. A part that cannot be made ready raises when it is asked for."""

    def __init__(self, versions: Any) -> None:
        """Take a row with `VERSIONS`, and perhaps more behind them."""
        self._versions = versions
        self._words = tuple(versions[:3])
        self._rules = tuple(versions[3:7])

    @cached_property
    def lists(self) -> Lists:
        """Return the listed words."""
        lists: Lists = _part("lists", self._words, lambda: _lists(self._versions.word or 0))
        return lists

    @cached_property
    def rules(self) -> tuple[KeptRule, ...]:
        """Return the rules that are on, the oldest first."""
        rules: tuple[KeptRule, ...] = _part("rules", self._rules, _rules)
        return rules

    @cached_property
    def facts(self) -> frozenset[Fact]:
        """Return the facts that any rule asks for."""
        return frozenset(condition.fact for rule in self.rules for condition in conditions(rule.rule.when))

    @cached_property
    def listed(self) -> WordList:
        """Return what finds listed words, and those of all rules as well, so that a text is walked but once."""
        listed: WordList = _part("listed", (self._words, self._rules), lambda: _listed(self.lists, self.rules))
        return listed

    @cached_property
    def classifier(self) -> tuple[Classifier, int | None] | None:
        """Return the classifier to be asked and the row it comes from, if there is one."""
        if _plug.classifier is not None:
            return _plug.classifier, None
        model_id = self._versions.model
        if model_id is None:
            return None
        model: Classifier = _part("model", (model_id, self._versions.activated), lambda: _model(model_id))
        return model, model_id


def _part(name: str, version: Any, make: Callable[[], Any]) -> Any:
    key = (str(db.session.get_bind().engine.url), name)
    found = _parts.get(key)
    if found is None or found[0] != version:
        _parts[key] = found = (version, make())  # made twice where two threads come at once, which does no harm
    return found[1]


def _lists(version: int) -> Lists:
    current = select(ListedWord.list, ListedWord.word).where(ListedWord.removed_at.is_(None))
    words: dict[ListName, set[str]] = {name: set() for name in ListName}
    for name, word in db.session.execute(current):
        words[name].add(word)
    return Lists(version, {name: frozenset(listed) for name, listed in words.items()})


def _rules() -> tuple[KeptRule, ...]:
    newest = select(func.max(RuleVersion.id)).group_by(RuleVersion.rule_id)
    on = select(RuleVersion).join(ModerationRule).where(_rules_on, RuleVersion.id.in_(newest)).order_by(RuleVersion.rule_id)
    return tuple(KeptRule(row.id, row.number, row.clause_id, ruleyaml.parse(row.source)) for row in db.session.scalars(on))


def _listed(lists: Lists, rules: tuple[KeptRule, ...]) -> WordList:
    asked = [condition for rule in rules for condition in conditions(rule.rule.when)]
    of_rules = {str(word) for one in asked if one.comparison is Comparison.CONTAINS for word in several(one.value)}
    words = lists.words[ListName.BANNED] | lists.words[ListName.SUSPECT] | of_rules
    return WordList(tuple(sorted(words)), lists.allowed)


def _model(model_id: int) -> Classifier:
    weights = db.session.execute(select(ClassifierModel.weights).where(ClassifierModel.id == model_id)).scalar_one()
    return textmodel.Model.from_bytes(weights)
