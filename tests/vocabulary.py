"""The part of schema.org that our pages speak, and what Google asks of it: a table, and a walk over what a page says.

Properties and the types of their values as schema.org has them; the inherited ones stand with the type itself. What Google
requires is in its pages on discussion forums and on articles.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup

Thing = dict[str, Any]

ANY_WORK = {"url": "URL", "headline": "Text", "text": "Text", "datePublished": "DateTime", "dateModified": "DateTime"}
ANY_WORK |= {"author": "Organization Person", "about": "Thing", "isPartOf": "CreativeWork", "inLanguage": "Text"}
ANY_WORK |= {"commentCount": "Integer", "comment": "Comment", "interactionStatistic": "InteractionCounter"}
ANY_WORK |= {"discussionUrl": "URL", "publisher": "Organization", "creditText": "Text", "mainEntity": "Thing"}
ANY_WORK |= {"mainEntityOfPage": "URL", "description": "Text", "name": "Text"}
VOCABULARY = {
    "WebPage": ANY_WORK,
    "NewsArticle": ANY_WORK | {"articleSection": "Text"},
    "DiscussionForumPosting": ANY_WORK | {"articleSection": "Text", "sharedContent": "CreativeWork"},
    "Comment": ANY_WORK | {"parentItem": "CreativeWork", "upvoteCount": "Integer"},
    "Question": ANY_WORK | {"suggestedAnswer": "Answer", "acceptedAnswer": "Answer", "answerCount": "Integer"},
    "Answer": ANY_WORK | {"upvoteCount": "Integer"},
    "Person": {"name": "Text", "url": "URL"},
    "Organization": {"name": "Text", "url": "URL"},
    "InteractionCounter": {"interactionType": "Action", "userInteractionCount": "Integer"},
}
REQUIRED = {
    "WebPage": {"url"},
    "NewsArticle": {"headline", "author", "datePublished"},
    "DiscussionForumPosting": {"author", "datePublished", "text"},
    "Comment": {"author", "datePublished", "text"},
    "Question": {"name", "suggestedAnswer"},
    "Answer": {"text"},
    "Person": {"name"},
    "Organization": {"name"},
    "InteractionCounter": {"interactionType", "userInteractionCount"},
}
RECOMMENDED = {
    "NewsArticle": {"publisher", "mainEntityOfPage", "url"},
    "DiscussionForumPosting": {"headline", "url", "interactionStatistic", "commentCount"},
    "Comment": {"url"},
    "Organization": {"url"},
}
ACTIONS = {"https://schema.org/CommentAction", "https://schema.org/LikeAction"}
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?")


def data_in(page: str) -> list[Thing]:
    """Return what a page says it is about, which is one graph of what is in the table."""
    scripts = BeautifulSoup(page, "lxml").find_all("script", type="application/ld+json")
    assert len(scripts) == 1
    data = json.loads(scripts[0].get_text())
    assert data.keys() == {"@context", "@graph"}
    assert data["@context"] == "https://schema.org"
    graph: list[Thing] = data["@graph"]
    named = [one["@id"] for thing in graph for one in walk(thing) if "@id" in one and "@type" in one]
    assert len(named) == len(set(named)), "two things with one name"
    for thing in graph:
        check(thing, set(named))
    return graph


def of_type(graph: list[Thing], kind: str) -> list[Thing]:
    """Return every thing of a type, however deep."""
    return [one for thing in graph for one in walk(thing) if one.get("@type") == kind]


def walk(value: Any) -> Iterator[Thing]:
    """Yield a thing and all things in it."""
    if isinstance(value, list):
        for each in value:
            yield from walk(each)
    elif isinstance(value, dict):
        yield value
        for each in value.values():
            yield from walk(each)


def check(thing: Thing, named: set[str]) -> None:
    """Assert that a thing has only what its type has, and all that is asked of it."""
    kind = thing["@type"]
    given = thing.keys() - {"@type", "@id"}
    assert given <= VOCABULARY[kind].keys(), f"{kind} has no {given - VOCABULARY[kind].keys()}"
    wanted = REQUIRED[kind] | RECOMMENDED.get(kind, set())
    assert wanted <= given, f"{kind} lacks {wanted - given}"
    for name in given:
        values = thing[name] if isinstance(thing[name], list) else [thing[name]]
        assert values, f"{kind} has an empty {name}"
        for value in values:
            _check_value(value, VOCABULARY[kind][name], named)


def _check_value(value: Any, expected: str, named: set[str]) -> None:
    match expected:
        case "Text":
            assert isinstance(value, str)
            assert value.strip()
        case "Integer":
            assert isinstance(value, int)
            assert value >= 0
        case "URL":
            assert urlsplit(value).scheme in {"http", "https"}
        case "DateTime":
            assert INSTANT.fullmatch(value)
            assert datetime.fromisoformat(value).tzinfo
        case "Action":
            assert value in ACTIONS
        case _:
            _check_thing(value, expected.split(), named)


def _check_thing(value: Thing, kinds: list[str], named: set[str]) -> None:
    if value.keys() == {"@id"}:
        assert value["@id"] in named, "leads nowhere"
        return
    assert "Thing" in kinds or value["@type"] in kinds
    check(value, named)
