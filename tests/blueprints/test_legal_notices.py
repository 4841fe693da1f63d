from __future__ import annotations

import re
from datetime import datetime

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from domain import legalnotices
from models import Article, Comment, LegalNotice, Reader
from tests import factories
from tests.factories import browser_of
from tests.outbox import mails
from tests.scene_of_oversight import SITE, filing

SENT = {"explanation": "It is not true.", "name": "Ann <b>", "email": "ann@example.org", "good_faith": "1"}
RULING = {"ruling": "disabled", "clause": "abuse", "answer": "You are right, Ann."}


@pytest.fixture
def published(article: Article, reader: Reader) -> Comment:
    return factories.comment(article, reader)


@pytest.fixture
def notice(published: Comment, now: datetime) -> LegalNotice:
    return legalnotices.file(filing(f"/comments/{published.id}"), site_url=SITE, now=now)[0]


def test_who_sends_a_notice_gets_a_mail_and_a_page_of_their_own(client: FlaskClient, published: Comment) -> None:
    answer = client.post("/legal-notices", data={**SENT, "place": f"{SITE}/comments/{published.id}"})
    (mail,) = mails()
    assert (answer.location in mail.body, mail.address) == (True, "ann@example.org")
    assert "waits for a decision" in client.get(answer.location).text


def test_a_comments_page_of_reports_leads_to_the_form_with_its_address(client: FlaskClient, published: Comment) -> None:
    link = re.search(r'href="(/legal-notices/new[^"]+)"', client.get(f"/comments/{published.id}/report").text)
    assert link
    assert f'value="{SITE}/comments/{published.id}"' in client.get(link.group(1)).text


@pytest.mark.parametrize("place", ["https://example.org/", f"{SITE}/ Sign in at http://evil.example at once"])
def test_what_is_wrong_stands_beside_what_was_typed(client: FlaskClient, place: str) -> None:
    answer = client.post("/legal-notices", data={**SENT, "place": place})
    assert (answer.status_code, "not an address of a page here" in answer.text, "Ann &lt;b&gt;" in answer.text) == (
        422,
        True,
        True,
    )


def test_a_decision_is_mailed_and_stands_on_the_senders_page(
    app: Flask, client: FlaskClient, published: Comment, moderator: Reader
) -> None:
    receipt = client.post("/legal-notices", data={**SENT, "place": f"{SITE}/comments/{published.id}"}).location
    desk = browser_of(app, moderator)
    number = re.search(r'href="(/moderation/legal-notices/\d+)"', desk.get("/moderation/legal-notices").text)
    assert number is not None
    desk.post(f"{number.group(1)}/decision", data={**RULING, "version": str(published.version)})
    assert ["You are right, Ann." in text for text in (mails()[-1].body, client.get(receipt).text)] == [True, True]


def test_a_stale_decision_shows_how_it_stands_and_keeps_the_answer(app: Flask, notice: LegalNotice, moderator: Reader) -> None:
    path = f"/moderation/legal-notices/{notice.id}/decision"
    answer = browser_of(app, moderator).post(path, data={**RULING, "version": "99"})
    assert (answer.status_code, "You are right, Ann." in answer.text) == (409, True)


@pytest.mark.parametrize("ruling", ["disabled", "removed", "limited"])
def test_nobody_is_told_a_clause_that_nobody_chose(app: Flask, notice: LegalNotice, moderator: Reader, ruling: str) -> None:
    path, desk = f"/moderation/legal-notices/{notice.id}", browser_of(app, moderator)
    chosen = BeautifulSoup(desk.get(path).text, "lxml").select_one("select[name=clause] option")
    assert chosen is not None
    sent = {**RULING, "ruling": ruling, "clause": chosen["value"], "version": str(notice.comment.version)}  # type: ignore[union-attr]
    answer = desk.post(f"{path}/decision", data=sent)
    assert (answer.status_code, "Choose a clause: whoever" in answer.text, RULING["answer"] in answer.text) == (422, True, True)
    assert notice.decided_at is None


def test_a_notice_is_refused_without_a_clause(app: Flask, notice: LegalNotice, moderator: Reader) -> None:
    path = f"/moderation/legal-notices/{notice.id}/decision"
    assert browser_of(app, moderator).post(path, data={**RULING, "ruling": "refused", "clause": ""}).status_code == 303
    assert notice.is_upheld is False


def test_a_place_in_the_address_is_a_path_of_ours_or_nothing(client: FlaskClient, article: Article) -> None:
    assert "example.org" not in client.get("/legal-notices/new?place=//example.org/").text
