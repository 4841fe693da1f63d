"""Moderation rules as YAML, in and out. Only YAML's grammar is used: no tags, no aliases, and no value that YAML guesses. Pure.

    name: Links from newcomers
    when:
      all:
      - author_approved: {below: 2}
      - links: {at_least: 1}
    then: hold

A value is read as the kind its fact needs, so `language: {is: no}` is Norwegian, and 22:00 a time.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from domain import ruleparts
from domain.errors import N_
from domain.rulebook import (
    DEEPEST,
    Action,
    Condition,
    Group,
    Join,
    Node,
    Not,
    Problem,
    Report,
    Rule,
    Unusable,
    Value,
    check_size,
)
from domain.ruleconditions import known, quoted, read
from domain.rulefacts import Fact
from lazily import lazily

if TYPE_CHECKING:
    import yaml

    Pairs = list[tuple[yaml.ScalarNode, yaml.Node]]
else:
    yaml = lazily("yaml")

LARGEST = 65_536  # bytes: several times what a rule within its other limits needs, and read in well under a second
MOST_LEVELS = 4 * DEEPEST  # of YAML's brackets: a group takes two, a condition two
MOST_EVENTS = 4_000  # of YAML's parts: the words of a rule, twice over
KEYS = ("name", "when", "then")
NOT = "not"


def parse(source: str) -> Rule:
    """Return the rule that is written there. Raises `Unusable` with every problem and its line."""
    root = _tree(source)
    report = Report()
    parts = dict(_named(root, report))
    for key in KEYS:
        if key not in parts:
            report.add(N_("“%(key)s” is missing: a rule has a name, when, and then."), _line(root), key=key)
    report.settle()
    typed = _scalar(parts["name"], report)
    name = "" if typed is None else ruleparts.name(typed, line=_line(parts["name"]), report=report)
    when, then = _node(parts["when"], report), _action(parts["then"], report)
    if when is not None:
        check_size(when, report)
    report.settle()
    if when is None or then is None:  # never: each notes why
        raise Unusable(())
    return Rule(name, when, then)


def to_yaml(rule: Rule) -> str:
    """Return a rule as YAML that `parse` reads back as the same rule."""
    told = {"name": rule.name, "when": _plain(rule.when), "then": _told(rule.action)}
    return yaml.safe_dump(told, sort_keys=False, allow_unicode=True, default_flow_style=None, width=LARGEST)


def _tree(source: str) -> yaml.Node:
    """Return YAML's tree, after looking at its parts one by one: nothing can be larger than its source, nor deep."""
    if len(source.encode("utf-8", "replace")) > LARGEST:
        raise _refusal(N_("That is too much: a rule has at most %(most)s bytes."), most=LARGEST)
    try:
        _check_events(source)
        root = yaml.compose(source, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        raise _refusal(N_("This cannot be read as YAML: %(why)s."), line, why=quoted(error.problem or "")) from error
    except (yaml.YAMLError, ValueError, OverflowError) as error:  # what no file may hold, and a \U beyond the last character
        raise _refusal(N_("There is a character in it that YAML does not have.")) from error
    if root is None:
        raise _refusal(N_("There is nothing here: a rule has a name, when, and then."))
    return root


def _check_events(source: str) -> None:
    """Raise `Unusable` at the first part that no rule has. PyYAML takes its time over brackets, so this stops early."""
    level = 0
    for count, event in enumerate(yaml.parse(source, Loader=yaml.SafeLoader)):
        line = event.start_mark.line + 1 if event.start_mark else None
        level += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _refusal(N_("A rule cannot refer to a part of itself (& and *): write it out."), line)
        if getattr(event, "tag", None):
            raise _refusal(N_("A rule has no types of its own (!): write the value alone."), line)
        if level > MOST_LEVELS:
            raise _refusal(N_("Groups can stand within each other at most %(most)s deep."), line, most=DEEPEST)
        if count > MOST_EVENTS:
            raise _refusal(N_("That is too much for one rule: make several of it."), line)


def _node(node: yaml.Node, report: Report) -> Node | None:
    """Return a part of the conditions, or nothing after its problems were noted."""
    pairs = _pairs(node, report)
    if len(pairs) != 1:
        if pairs or isinstance(node, yaml.MappingNode):
            report.add(N_("One condition or group is needed here. In a list, begin each with a dash."), _line(node))
        return None
    key, value = pairs[0]
    if key.value == NOT:
        part = _node(value, report)
        return Not(part) if part else None
    if key.value in tuple(Join):
        return _group(Join(key.value), value, report)
    return _condition(key, value, report)


def _group(join: Join, node: yaml.Node, report: Report) -> Group | None:
    if not isinstance(node, yaml.SequenceNode) or not node.value:
        report.add(N_("“%(join)s” needs a list of conditions, each with a dash before it."), _line(node), join=str(join))
        return None
    parts = [_node(part, report) for part in node.value]
    return Group(join, tuple(part for part in parts if part))


def _condition(key: yaml.ScalarNode, node: yaml.Node, report: Report) -> Condition | None:
    fact = known(key.value, (*Fact, *Join, NOT), line=_line(key), report=report)
    if fact is None:
        return None
    pairs = _pairs(node, report)
    if len(pairs) != 1:
        if pairs or isinstance(node, yaml.MappingNode):
            report.add(N_("“%(fact)s” is compared once: write further ones with a dash of their own."), _line(node), fact=fact)
        return None
    comparison, value = pairs[0]
    nodes = value.value if isinstance(value, yaml.SequenceNode) else [value]
    scalars = [_scalar(one, report) for one in nodes]
    typed = [one for one in scalars if one is not None]
    if len(typed) < len(scalars):
        return None
    return read(fact, comparison.value, typed, line=_line(comparison), report=report)


def _action(node: yaml.Node, report: Report) -> Action | None:
    if isinstance(node, yaml.ScalarNode):
        return ruleparts.action(node.value, "", line=_line(node), report=report)
    pairs = _pairs(node, report)
    if len(pairs) == 1:
        verb, told = pairs[0]
        typed = _scalar(told, report)
        return None if typed is None else ruleparts.action(verb.value, typed, line=_line(verb), report=report)
    if pairs or isinstance(node, yaml.MappingNode):
        report.add(N_("A rule does one thing."), _line(node))
    return None


def _named(root: yaml.Node, report: Report) -> Iterator[tuple[str, yaml.Node]]:
    """Yield the parts of a rule by their names; note those with another name."""
    for key, value in _pairs(root, report):
        name = known(key.value, KEYS, line=_line(key), report=report)
        if name:
            yield name, value


def _pairs(node: yaml.Node, report: Report) -> Pairs:
    """Return the keys and values of a mapping; note where it is none, and what stands twice, of which none counts."""
    if not isinstance(node, yaml.MappingNode):
        report.add(N_("A name and a value are needed here, such as “links: {at_least: 1}”."), _line(node))
        return []
    pairs: Pairs = []
    seen: set[str] = set()
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            report.add(N_("A name is needed before the colon."), _line(key))
        elif key.value in seen:
            report.add(N_("“%(name)s” stands here twice."), _line(key), name=quoted(key.value))
        else:
            seen.add(key.value)
            pairs.append((key, value))
    return pairs


def _scalar(node: yaml.Node, report: Report) -> str | None:
    if isinstance(node, yaml.ScalarNode):
        return str(node.value)
    report.add(N_("One value is needed here."), _line(node))
    return None


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1


def _refusal(message: str, line: int | None = None, /, **values: object) -> Unusable:
    return Unusable((Problem(message, values, line),))


def _plain(node: Node) -> object:
    match node:
        case Condition(fact, comparison, value):
            return {str(fact): {str(comparison): _written(value)}}
        case Not(part):
            return {NOT: _plain(part)}
        case Group(join, parts):
            return {str(join): [_plain(part) for part in parts]}


def _written(value: Value) -> object:
    """Return a value as YAML writes it: one thing alone, several as a list."""
    if not isinstance(value, tuple):
        return value
    return value[0] if len(value) == 1 else list(value)


def _told(action: Action) -> object:
    told = action.message or action.queue
    return {str(action.verb): str(told)} if told else str(action.verb)
