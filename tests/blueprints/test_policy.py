"""The pages on which the newsroom keeps its policy."""

from __future__ import annotations

from datetime import datetime

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from domain import clauses, policies, rulekeeping, wordlists
from extensions import db
from models import Article, ModerationEntry, Reader, RuleVersion, WordList
from tests import factories
from tests.statements import counted_statements

SAID = {"title": "Be kind", "text": "Be kind to all.", "statement": "It is unkind.", "category": "scope"}
ROWS = {"as": "rows", "name": "Long", "join": "all", "fact": ["length"], "comparison": ["at_least"], "verb": "hold"}
LONG = {**ROWS, "value": ["1000"]}
ANY = {**ROWS, "value": ["1"]}
GERMAN = {
    "others-0-language": "de",
    "others-0-title": "Nett",
    "others-0-text": "Sei nett.",
    "others-0-statement": "Nicht nett.",
}


@pytest.fixture
def desk(app: Flask, editor: Reader) -> FlaskClient:
    """Return an editor's browser."""
    return factories.browser_of(app, editor)


def soup_of(answer: TestResponse) -> BeautifulSoup:
    return BeautifulSoup(answer.text, "lxml")


def newest_rule() -> RuleVersion | None:
    return db.session.scalar(select(RuleVersion).order_by(RuleVersion.id.desc()).limit(1))


# --- clauses ---------------------------------------------------------------------------------------------------------


def test_readers_find_what_a_clause_says_now_in_each_language(desk: FlaskClient, client: FlaskClient) -> None:
    desk.post("/policy/clauses/abuse/versions", data={**SAID, **GERMAN, "number": "1"})
    assert "Be kind to all." in client.get("/rules").text
    german = soup_of(client.get("/rules?language=de")).select_one("#abuse")
    assert german is not None
    assert (german["lang"], "Sei nett." in german.text) == ("de", True)


def test_the_history_shows_what_each_version_changed(desk: FlaskClient) -> None:
    desk.post("/policy/clauses/abuse/versions", data={**SAID, "number": "1"})
    page = soup_of(desk.get("/policy/clauses/abuse"))
    assert "kind" in " ".join(tag.text for tag in page.select("ins"))
    assert "harass" in " ".join(tag.text for tag in page.select("del"))


def test_what_was_typed_is_kept_where_somebody_was_faster(desk: FlaskClient, editor: Reader, now: datetime) -> None:
    theirs = policies.Draft(
        said=policies.Said(title="Theirs", text="T.", statement="T."), category=clauses.current("abuse").category
    )
    policies.change(policies.by_code("abuse"), theirs, expected=1, by=editor, now=now)
    answer = desk.post("/policy/clauses/abuse/versions", data={**SAID, "number": "1"})
    page = soup_of(answer)
    assert (answer.status_code, "Theirs" in page.text) == (409, True)
    assert [tag.get("value") for tag in page.select("[name=title], [name=number]")] == ["2", "Be kind"]


def test_moderators_read_the_policy_and_are_offered_no_change(app: Flask, moderator: Reader) -> None:
    browser = factories.browser_of(app, moderator)
    for path in ("/policy/clauses", "/policy/clauses/abuse", "/policy/rules", "/policy/words", "/policy/classifier"):
        forms = soup_of(browser.get(path)).select("main form[method=post]")
        assert {str(form["action"]).rpartition("/")[2] for form in forms} <= {"trial", "removal"}, path


# --- words -----------------------------------------------------------------------------------------------------------


def test_lines_that_cannot_be_listed_stop_all_until_they_are_left_out(desk: FlaskClient) -> None:
    pasted = "\n".join([*(f"word{number}x" for number in range(10_000)), "x"])
    answer = desk.post("/policy/words/banned", data={"words": pasted})
    assert (answer.status_code, wordlists.sizes()[WordList.BANNED]) == (422, 0)
    kept = soup_of(answer).select_one("#words")
    assert kept is not None
    assert kept.text.split() == pasted.split()
    assert desk.post("/policy/words/banned", data={"words": pasted, "step": "rest"}).status_code == 303
    assert wordlists.sizes()[WordList.BANNED] == 10_000


def test_an_editor_is_warned_of_a_word_that_is_never_found(desk: FlaskClient, editor: Reader, now: datetime) -> None:
    wordlists.add(WordList.ALLOWED, ["*bother*"], by=editor, now=now)
    page = desk.post("/policy/words/banned", data={"words": "bother"}, follow_redirects=True)
    assert page.text.count("never found") == 1
    assert "will never be found" in page.text


def test_an_editor_is_warned_of_an_allowed_word_that_hides_a_listed_one(
    desk: FlaskClient, editor: Reader, now: datetime
) -> None:
    wordlists.add(WordList.BANNED, ["bother", "fool"], by=editor, now=now)
    page = soup_of(desk.post("/policy/words/allowed", data={"words": "*bother*\ncool"}, follow_redirects=True))
    assert [tag.text for tag in page.select(".notice--wrong")] == ["“bother” will never be found: an allowed word contains it."]


def test_a_page_of_a_long_list_costs_the_same(desk: FlaskClient, editor: Reader, now: datetime) -> None:
    counts = []
    for words in (["one"], [f"word{number}" for number in range(300)]):
        wordlists.add(WordList.SUSPECT, words, by=editor, now=now)
        with counted_statements() as statements:
            desk.get("/policy/words/suspect")
        counts.append(len(statements))
    assert counts[0] == counts[1]


# --- rules -----------------------------------------------------------------------------------------------------------


def test_a_trial_says_what_a_rule_would_have_hit_and_saves_nothing(desk: FlaskClient, article: Article, reader: Reader) -> None:
    for body in ("Short.", "Long enough. " * 100):
        factories.comment(article, reader, body)
    answer = desk.post("/policy/rules", data={**LONG, "step": "try"})
    assert (answer.status_code, newest_rule()) == (200, None)
    assert "It would have hit 1 of the newest 2 comments (50" in answer.text.replace("\u202f", " ").replace("\xa0", " ")


def test_a_rule_in_rows_is_saved_as_the_same_in_yaml(desk: FlaskClient) -> None:
    assert desk.post("/policy/rules", data={**LONG, "step": "save"}).status_code == 303
    version = newest_rule()
    assert version is not None
    assert version.source == "name: Long\nwhen:\n  all:\n  - length: {at_least: 1000}\nthen: hold\n"


def test_a_rule_that_hits_nearly_all_is_saved_only_when_it_is_meant(
    desk: FlaskClient, article: Article, reader: Reader
) -> None:
    factories.comment(article, reader)
    answer = desk.post("/policy/rules", data={**ANY, "step": "save"})
    assert (answer.status_code, newest_rule()) == (422, None)
    assert "is_meant" in answer.text
    assert desk.post("/policy/rules", data={**ANY, "step": "save", "is_meant": "1"}).status_code == 303


PATTERN = {**ROWS, "fact": ["text"], "comparison": ["matches"]}


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({**PATTERN, "value": [".*"]}, "fits almost every text"),
        ({**PATTERN, "value": ["(a|b"]}, "cannot be read"),
        ({**PATTERN, "value": ["(x{1,99}){1,99}"]}, "cannot be read"),
        ({**ROWS, "value": ["0"]}, "holds for every text"),
        ({"as": "yaml", "source": "name: [", "step": "save"}, "cannot be read as YAML"),
        ({"as": "yaml", "source": "name: A\nwhen: {links: {at_least: 1}}\nthen: ban"}, "never bans"),
        ({**LONG, "verb": "limit", "step": "save"}, "needs a clause"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_with_why(typed: dict[str, object], said: str, desk: FlaskClient) -> None:
    answer = desk.post("/policy/rules", data={"step": "save", **typed})
    assert (answer.status_code, said in answer.text, newest_rule()) == (422, True, None)


def test_a_pattern_that_is_catastrophic_elsewhere_is_tried_in_no_time(
    desk: FlaskClient, article: Article, reader: Reader
) -> None:
    factories.comment(article, reader, "a" * 4_000 + "!")
    answer = desk.post("/policy/rules", data={**PATTERN, "value": ["(a+)+$"], "step": "save"})
    assert answer.status_code == 303


def test_rows_and_yaml_turn_into_each_other(desk: FlaskClient) -> None:
    page = soup_of(desk.post("/policy/rules", data={**LONG, "step": "yaml"}))
    source = page.select_one("#source")
    assert source is not None
    rows = soup_of(desk.post("/policy/rules", data={"as": "yaml", "source": source.text, "step": "rows"}))
    assert next(tag["value"] for tag in rows.select("[name=value]")) == "1000"


def test_a_rule_that_switched_itself_off_says_so(desk: FlaskClient, editor: Reader, now: datetime) -> None:
    desk.post("/policy/rules", data={**LONG, "step": "save"})
    version = newest_rule()
    assert version is not None
    version.rule.is_on, version.rule.switched_at = False, now
    assert "switched itself off" in desk.get(f"/policy/rules/{version.rule_id}").text
    rulekeeping.switch(version.rule, is_on=True, by=editor, now=now)
    assert "switched itself off" not in desk.get(f"/policy/rules/{version.rule_id}").text


# --- the log ---------------------------------------------------------------------------------------------------------


def test_an_entry_about_the_policy_cannot_be_undone_as_a_decision(desk: FlaskClient) -> None:
    desk.post("/policy/words/banned", data={"words": "zounds"})
    entry = db.session.scalars(select(ModerationEntry.id)).one()
    assert desk.post(f"/moderation/entries/{entry}/reversal").status_code in {404, 409}


def test_the_changes_name_who_changed_what(desk: FlaskClient) -> None:
    desk.post("/policy/words/banned", data={"words": "zounds"})
    page = desk.get("/policy/changes").text
    assert ("Ed" in page, "zounds" in page) == (True, True)
