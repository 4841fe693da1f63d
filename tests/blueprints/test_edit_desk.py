from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient

from domain import moderation, queues, revisions
from domain.moderation import Judged
from domain.queues import Queue
from models import Article, Comment, Reader, ReportReason
from tests import factories
from tests.statements import counted_statements

JSON = {"Accept": "application/json"}
LINK = "The tolls stay, says https://example.org/why"


@pytest.fixture
def desk(app: Flask, moderator: Reader) -> FlaskClient:
    return factories.browser_of(app, moderator)


@pytest.fixture
def edited(article: Article, reader: Reader, now: datetime) -> Comment:
    return with_edit(factories.comment(article, reader, "The tolls end."), now)


def with_edit(comment: Comment, now: datetime) -> Comment:
    revisions.edit(comment, LINK, by=comment.reader, now=now, window=timedelta(minutes=10))
    return comment


def item_on(desk: FlaskClient, path: str, comment: Comment) -> Tag:
    item = BeautifulSoup(desk.get(path).text, "lxml").find(id=f"item-{comment.id}")
    assert isinstance(item, Tag)
    return item


def send(desk: FlaskClient, item: Tag, kind: str, **headers: str) -> tuple[int, str]:
    form = item.select_one(f"form[action*='/revisions/'][action*='/{kind}']")
    assert form is not None
    values = {str(field["name"]): str(field["value"]) for field in form.select("input[type=hidden]")}
    answer = desk.post(str(form["action"]), data=values, headers=headers)
    return answer.status_code, answer.location or answer.text


def test_an_edit_is_shown_with_what_changes_and_why_it_waits(desk: FlaskClient, edited: Comment) -> None:
    item = item_on(desk, "/moderation/edited", edited)
    assert [tag.get_text() for tag in item.select("del, ins")] == ["end.", LINK.removeprefix("The tolls ")]
    text = " ".join(item.get_text(" ").split())
    assert "The edit is held because Link from an author without an approved comment" in text
    assert item.select_one("button[data-key=a]") is not None
    assert item.select_one("button[data-key=o]") is not None


def test_publishing_leads_back_to_the_edits_and_can_be_undone(desk: FlaskClient, edited: Comment) -> None:
    assert send(desk, item_on(desk, "/moderation/edited", edited), "approval") == (303, "/moderation/edited")
    assert edited.body_source == LINK
    page = desk.get("/moderation/edited").text
    assert "Published: everybody can read the new text now." in page
    form = BeautifulSoup(page, "lxml").select_one("form[action*='/reversal']")
    assert form is not None
    assert desk.post(str(form["action"])).status_code == 303
    assert edited.body_source == "The tolls end."


def test_the_earlier_text_is_kept(desk: FlaskClient, edited: Comment) -> None:
    assert send(desk, item_on(desk, "/moderation/edited", edited), "refusal") == (303, "/moderation/edited")
    assert "The earlier text is kept." in desk.get("/moderation/edited").text
    assert "Earlier text kept" in desk.get("/moderation/decisions").text
    assert (edited.body_source, queues.counts(datetime.now(UTC))[Queue.EDITED]) == ("The tolls end.", 0)


def test_a_stale_decision_is_told_what_was_decided(app: Flask, desk: FlaskClient, edited: Comment, editor: Reader) -> None:
    item = item_on(desk, "/moderation/edited", edited)
    other = factories.browser_of(app, editor)
    send(other, item_on(other, "/moderation/edited", edited), "approval")
    status, page = send(desk, item, "refusal", **JSON)
    assert (status, "Ed has published the edit meanwhile" in page) == (409, True)


@pytest.mark.parametrize("kind", ["approval", "refusal"])
@pytest.mark.parametrize("version", ["", "x", "0"])
def test_a_decision_that_does_not_say_what_it_judged_is_refused(
    desk: FlaskClient, edited: Comment, kind: str, version: str
) -> None:
    waiting = revisions.waiting_of(edited)
    assert waiting is not None
    path = f"/moderation/comments/{edited.id}/revisions/{waiting.id}/{kind}"
    assert desk.post(path, data={"version": version}).status_code == 422


@pytest.mark.parametrize("kind", ["approval", "refusal"])
def test_what_is_not_there_is_not_decided(desk: FlaskClient, edited: Comment, kind: str) -> None:
    fields = {"version": str(edited.version)}
    assert desk.post(f"/moderation/comments/999999/revisions/1/{kind}", data=fields).status_code == 404
    assert desk.post(f"/moderation/comments/{edited.id}/revisions/999999/{kind}", data=fields).status_code == 409


def test_among_the_reported_the_key_keeps_the_comment(
    desk: FlaskClient, edited: Comment, another_reader: Reader, now: datetime
) -> None:
    moderation.report(edited, ReportReason.SPAM, "", by=another_reader, now=now)
    for path, words in {"/moderation/reported": "Keep it", "/moderation/edited": "Publish the edit"}.items():
        (button,) = item_on(desk, path, edited).select("button[data-key=a]")
        assert words in button.get_text()


def test_of_a_held_comment_the_edit_is_not_decided_before_it(
    desk: FlaskClient, edited: Comment, moderator: Reader, now: datetime
) -> None:
    moderation.hold(Judged(comment_id=edited.id, version=edited.version), by=moderator, now=now)
    page = desk.get("/moderation/").text
    assert "What its author changed" in page
    assert "Publish the edit" not in page


def test_the_edits_take_the_same_queries_however_many_they_are(desk: FlaskClient, article: Article, now: datetime) -> None:
    counts = []
    for size in (2, 8):
        while queues.counts(datetime.now(UTC))[Queue.EDITED] < size:
            with_edit(factories.comment(article, factories.account()), now)
        with counted_statements() as statements:
            assert desk.get("/moderation/edited").text.count("data-item tabindex") == size
        counts.append(len(statements))
    assert counts[0] == counts[1]
