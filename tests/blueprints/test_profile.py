from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from domain import articles, clauses, moderation, participation, predictions, profiles, resolutions
from domain.moderation import Judged
from domain.participation import Answer
from domain.resolutions import Finding
from models import Article, CommentState, PollKind, Reader
from tests import factories
from tests.statements import counted_statements

pytestmark = pytest.mark.usefixtures("stage")


def answer(article: Article, by: Reader, now: datetime, *, choice: int = 0, outcome: int = 0) -> None:
    assert article.poll is not None
    assert article.prediction is not None
    picked = article.prediction.outcomes[outcome]
    chances = predictions.spread(article.prediction, picked, 0.7)
    given = Answer(choices=[article.poll.choices[choice]], outcome=picked, probabilities=chances)
    participation.submit(article, given, by=by, now=now)


def resolve(article: Article, editor: Reader, now: datetime, *, outcome: int) -> None:
    assert article.prediction is not None
    finding = Finding(
        outcome=article.prediction.outcomes[outcome],
        source_url="https://example.org/minutes",
        evidence="The minutes say so.",
        happened_at=now,
        known_at=now,
    )
    resolutions.resolve(article.prediction, finding, by=editor, now=now)


def own_page(app: Flask, reader: Reader) -> str:
    page: str = factories.browser_of(app, reader).get("/me").text
    return page


def test_a_page_of_ones_own_needs_a_reader(client: FlaskClient) -> None:
    assert client.get("/me").location == "/sign-in?next=/me"


def test_an_empty_page_says_what_to_do(app: Flask, reader: Reader) -> None:
    page = own_page(app, reader)
    for text in (
        "You have not predicted anything yet.",
        "You have not given a take yet.",
        "You have not written a comment yet.",
    ):
        assert text in page
    assert "See the open questions" in page


def test_ones_takes_and_forecasts_are_listed(app: Flask, article: Article, reader: Reader, now: datetime) -> None:
    answer(article, reader, now, choice=1, outcome=2)
    page = own_page(app, reader)
    for text in ("Should the tolls end?", "Disagree", "How will the council vote?", "No vote this year", "70 %"):
        assert text in page


def test_a_guest_sees_their_page_and_is_invited(app: Flask, article: Article, stranger: Reader, now: datetime) -> None:
    answer(article, stranger, now)
    page = own_page(app, stranger)
    assert "Should the tolls end?" in page
    assert "Sign up to keep all of it" in page


def test_who_was_right_is_told_so(app: Flask, article: Article, reader: Reader, editor: Reader, now: datetime) -> None:
    answer(article, reader, now, outcome=1)
    resolve(article, editor, now + timedelta(minutes=1), outcome=1)
    assert "You called it." in own_page(app, reader)


def test_who_was_wrong_is_told_what_happened(
    app: Flask, article: Article, reader: Reader, editor: Reader, now: datetime
) -> None:
    answer(article, reader, now, outcome=1)
    resolve(article, editor, now, outcome=2)
    page = own_page(app, reader)
    assert "You called it." not in page
    assert "It went another way:" in page


def test_a_held_comment_says_why_it_waits(app: Flask, article: Article, stranger: Reader) -> None:
    comment = factories.comment(article, stranger)
    assert comment.state is CommentState.HELD
    page = own_page(app, stranger)
    assert "Waiting for a moderator." in page
    assert "Why it waits: First comment of a guest" in page


def test_a_removed_comment_says_what_happened_and_why(
    app: Flask, article: Article, reader: Reader, moderator: Reader, now: datetime
) -> None:
    comment = factories.comment(article, reader, "A text that was removed.")
    judged = Judged(comment_id=comment.id, version=comment.version)
    moderation.remove(judged, clauses.current("privacy"), by=moderator, now=now, note="seen before")
    page = own_page(app, reader)
    assert 'Removed: <bdi translate="no">Private details</bdi>.' in page
    assert "A text that was removed." in page
    assert "seen before" not in page


def test_a_comment_whose_removal_was_undone_is_shown_as_it_was(
    app: Flask, article: Article, reader: Reader, moderator: Reader, now: datetime
) -> None:
    comment = factories.comment(article, reader)
    judged = Judged(comment_id=comment.id, version=comment.version)
    moderation.undo(moderation.remove(judged, clauses.current("spam"), by=moderator, now=now).id, by=moderator, now=now)
    assert "Removed:" not in own_page(app, reader)


def test_older_comments_are_a_page_away(app: Flask, article: Article, reader: Reader) -> None:
    for place in range(profiles.COMMENTS_A_PAGE + 1):
        factories.comment(article, reader, f"Remark number {place:02}.")
    browser = factories.browser_of(app, reader)
    first = browser.get("/me").text
    assert "Remark number 20." in first
    assert "Remark number 00." not in first
    oldest = min(row.comment.id for row in profiles.own_comments(reader).rows)
    assert "Remark number 00." in browser.get(f"/me?before={oldest}").text


def test_a_cursor_that_is_none_is_refused(app: Flask, reader: Reader) -> None:
    assert factories.browser_of(app, reader).get("/me?before=x").status_code == 400


def test_the_page_asks_the_database_a_constant_number_of_times(app: Flask, reader: Reader, now: datetime) -> None:
    browser = factories.browser_of(app, reader)
    counts = []
    for step in range(3):
        for place in range(4 * step):
            article = factories.open_article(now, f"Headline {step} {place}")
            answer(article, reader, now)
            factories.comment(article, reader)
        browser.get("/me")
        with counted_statements() as statements:
            browser.get("/me")
        counts.append(len(statements))
    assert counts[1] == counts[2] <= 15


def test_the_public_page_has_published_comments_only(
    client: FlaskClient, article: Article, reader: Reader, moderator: Reader, now: datetime
) -> None:
    factories.comment(article, reader, "Everybody may read this.")
    removed = factories.comment(article, reader, "Nobody may read this.")
    judged = Judged(comment_id=removed.id, version=removed.version)
    moderation.remove(judged, clauses.current("abuse"), by=moderator, now=now)
    page = client.get(f"/readers/{reader.public_id}").text
    assert "Everybody may read this." in page
    assert "Nobody may read this." not in page


def test_the_public_page_tells_no_take_and_no_forecast(
    client: FlaskClient, article: Article, reader: Reader, now: datetime
) -> None:
    assert article.poll is not None
    given = Answer(choices=[article.poll.choices[1]], outcome=None, reason="Because.")
    participation.submit(article, given, by=reader, now=now)
    articles.close(article, now=now)
    assert "Disagree" not in client.get(f"/readers/{reader.public_id}").text


def test_the_public_page_tells_no_address(client: FlaskClient, reader: Reader) -> None:
    assert (reader.email or "") not in client.get(f"/readers/{reader.public_id}").text


@pytest.mark.parametrize("public_id", ["0000000000", "x" * 500, "..", "é"])
def test_who_does_not_exist_has_no_page(client: FlaskClient, public_id: str) -> None:
    assert client.get(f"/readers/{public_id}").status_code == 404


def test_a_guest_nobody_can_read_has_no_page(client: FlaskClient, article: Article, stranger: Reader) -> None:
    comment = factories.comment(article, stranger)
    assert client.get(f"/readers/{stranger.public_id}").status_code == 404
    factories.put(comment, CommentState.PUBLISHED)
    assert client.get(f"/readers/{stranger.public_id}").status_code == 200


def test_a_name_is_kept_in_its_box(client: FlaskClient) -> None:
    account = factories.account("O’Neil")
    page = client.get(f"/readers/{account.public_id}").text
    assert '<span dir="auto" translate="no">O’Neil</span>' in page


@pytest.mark.parametrize(("kind", "labels"), [(PollKind.APPROVAL, ["Soup", "Stew"]), (PollKind.RANKED, ["Stew", "Soup"])])
def test_a_take_of_several_answers_lists_them_all(
    app: Flask, reader: Reader, now: datetime, kind: PollKind, labels: list[str]
) -> None:
    article = factories.open_article_with(now, poll=factories.poll(now, kind))
    assert article.poll is not None
    participation.submit(article, Answer(choices=[article.poll.choices[2], article.poll.choices[0]]), by=reader, now=now)
    given = BeautifulSoup(own_page(app, reader), "lxml").select_one(".given")
    assert given is not None
    assert (given.name, [item.get_text(strip=True) for item in given.select("li")]) == (
        "ol" if kind is PollKind.RANKED else "ul",
        labels,
    )
