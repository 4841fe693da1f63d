from __future__ import annotations

from datetime import datetime

import pytest
from flask import Flask

from domain import legal
from domain.legal import LegalSetting
from models import Article, LegalState, Reader
from tests.factories import browser_of

SETTING = LegalSetting(
    state=LegalState.COURT_ORDER,
    jurisdiction="the High Court",
    closes_comments=True,
    hides_counts=True,
    forbids_prediction=True,
)


@pytest.fixture
def restricted(article: Article, editor: Reader, now: datetime) -> Article:
    legal.change(article, SETTING, by=editor, now=now)
    return article


def test_the_page_says_what_is_restricted_and_why(app: Flask, restricted: Article, reader: Reader) -> None:
    page = browser_of(app, reader).get(f"/articles/{restricted.slug}").text
    assert [words in page for words in ("the High Court", "Nobody can write comments", "not shown how readers answered")] == [
        True
    ] * 3


def test_the_card_asks_for_no_prediction_and_no_reason(app: Flask, restricted: Article, reader: Reader) -> None:
    page = browser_of(app, reader).get(f"/articles/{restricted.slug}").text
    assert ('name="choice"' in page, 'name="outcome"' in page, 'name="reason"' in page) == (True, False, False)


def test_a_comment_sent_all_the_same_is_refused_with_the_reason(app: Flask, restricted: Article, reader: Reader) -> None:
    answer = browser_of(app, reader).post(f"/articles/{restricted.slug}/comments", data={"body": "Because."})
    assert (answer.status_code, "For legal reasons" in answer.text) == (409, True)


def test_the_file_of_results_says_why_there_is_none(app: Flask, restricted: Article, reader: Reader) -> None:
    answer = browser_of(app, reader).get(f"/articles/{restricted.slug}/results.json")
    assert (answer.status_code, answer.json["error"]) == (403, "For legal reasons it is not shown how readers answered.")  # type: ignore[index]


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (LegalState.PROCEEDINGS, "It is set. Readers see what is restricted, and why."),
        (LegalState.NONE, "It is set. Nothing is restricted for legal reasons any more."),
    ],
)
def test_the_editor_is_told_whether_anything_is_restricted(
    app: Flask, restricted: Article, editor: Reader, *, state: LegalState, said: str
) -> None:
    sent = {"state": state.value, "jurisdiction": "the High Court" if state is LegalState.PROCEEDINGS else ""}
    path = f"/newsroom/articles/{restricted.id}/legal-state"
    page = browser_of(app, editor).post(path, data=sent, follow_redirects=True).text
    assert [words in page for words in ("It is set.", said)] == [True, True]


def test_what_is_refused_keeps_what_was_typed(app: Flask, article: Article, editor: Reader) -> None:
    sent = {"state": "none", "hides_counts": "1", "subjects": "Ann Example"}
    answer = browser_of(app, editor).post(f"/newsroom/articles/{article.id}/legal-state", data=sent)
    assert (answer.status_code, "Ann Example" in answer.text) == (422, True)
