from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from domain import articles, clauses, moderation, newest, participation, resolutions
from domain.moderation import Judged
from domain.participation import Answer
from domain.resolutions import Finding
from extensions import db
from models import Article, CommentState, Reader
from tests import factories
from tests.applications import another_app, empty_database
from tests.atom import ATOM, THREADING, XML, entries_of, feed_in, text_of, when
from tests.statements import counted_statements

SITE = "http://127.0.0.1:8000"
HOSTILE = "]]> <script>alert(1)</script> & &amp; \x00\x0b\ud800\ufffe\uffff\x1b[0m </content></entry> \u2028 <!-- -- ’"


def feed_of(client: FlaskClient, path: str) -> ET.Element:
    return feed_in(client.get(path))


def all_feeds(article: Article, reader: Reader) -> list[str]:
    return ["/feed.atom", "/comments.atom", f"/articles/{article.slug}/feed.atom", f"/readers/{reader.public_id}/feed.atom"]


def comment_feeds(article: Article, reader: Reader) -> list[str]:
    return all_feeds(article, reader)[1:]


def test_every_feed_is_valid_and_has_its_entry(client: FlaskClient, article: Article, reader: Reader) -> None:
    factories.comment(article, reader, "The first.")
    for path in all_feeds(article, reader):
        assert len(entries_of(feed_of(client, path))) == 1


def test_a_feed_of_nothing_is_valid(client: FlaskClient, article: Article, reader: Reader) -> None:
    for path in comment_feeds(article, reader):
        assert entries_of(feed_of(client, path)) == []


def test_the_feeds_of_an_empty_site_are_valid(database_url: str, tmp_path: Path) -> None:
    with empty_database(database_url, "feeds") as url, another_app(url, instance=tmp_path) as app:
        with app.app_context():
            db.create_all()
        for path in ("/feed.atom", "/comments.atom"):
            assert when(feed_of(app.test_client(), path)).year == 1970


def test_an_article_stands_in_the_sites_feed_with_its_questions(client: FlaskClient, article: Article) -> None:
    entry = entries_of(feed_of(client, "/feed.atom"))[0]
    assert text_of(entry, "title") == article.headline
    assert text_of(entry, "author", "name") == "By the city desk"
    assert all(question in text_of(entry, "content") for question in ("Should the tolls end?", "How will the council vote?"))


def test_a_comment_stands_in_its_feeds_whole(client: FlaskClient, article: Article, reader: Reader) -> None:
    comment = factories.comment(article, reader, "A **fine** point.")
    for path in comment_feeds(article, reader):
        entry = entries_of(feed_of(client, path))[0]
        assert "<p>A <strong>fine</strong> point.</p>" in text_of(entry, "content")
        assert text_of(entry, "title") == f"reader one on “{article.headline}”"
        assert text_of(entry, "author", "uri").endswith(f"/readers/{reader.public_id}")
        assert [link.get("href") for link in entry.findall(f"{ATOM}link")] == [f"{SITE}/comments/{comment.id}"]


def test_a_hostile_comment_breaks_no_feed(client: FlaskClient, article: Article, reader: Reader) -> None:
    factories.comment(article, reader, HOSTILE)
    for path in comment_feeds(article, reader):
        html = text_of(entries_of(feed_of(client, path))[0], "content")
        assert "]]&gt; &lt;script&gt;alert(1)&lt;/script&gt; &amp; &amp;" in html
        assert BeautifulSoup(html, "lxml").find("script") is None


def test_what_xml_cannot_carry_is_left_out_even_when_it_is_stored(
    client: FlaskClient, article: Article, reader: Reader
) -> None:
    comment = factories.comment(article, reader)
    comment.body_html, article.headline = "<p>a\x01\x0b\ufffe\uffffb</p>", "He\x08adline"
    db.session.flush()
    entry = entries_of(feed_of(client, "/comments.atom"))[0]
    assert "<p>ab</p>" in text_of(entry, "content")
    assert "Headline" in text_of(entry, "title")


def test_what_the_public_cannot_read_is_in_no_feed(
    client: FlaskClient, article: Article, reader: Reader, now: datetime
) -> None:
    for state in set(CommentState) - {CommentState.PUBLISHED}:
        factories.put(factories.comment(article, reader), state)
    for path in comment_feeds(article, reader):
        assert entries_of(feed_of(client, path)) == []


def test_a_removed_comment_leaves_its_feed(
    client: FlaskClient, article: Article, reader: Reader, moderator: Reader, now: datetime
) -> None:
    comment = factories.comment(article, reader)
    before = client.get(f"/articles/{article.slug}/feed.atom").headers["ETag"]
    moderation.remove(Judged(comment_id=comment.id, version=comment.version), clauses.current("spam"), by=moderator, now=now)
    after = client.get(f"/articles/{article.slug}/feed.atom", headers={"If-None-Match": before})
    assert entries_of(feed_in(after)) == []


def test_no_feed_tells_a_take_a_prediction_or_a_count(
    client: FlaskClient, article: Article, reader: Reader, now: datetime
) -> None:
    poll, prediction = factories.asked(article)
    given = Answer(choices=[poll.choices[1]], outcome=prediction.outcomes[2], reason="Because.")
    participation.submit(article, given, by=reader, now=now)
    for path in all_feeds(article, reader):
        words = client.get(path).text
        assert not [label for label in ("Disagree", "No vote this year", "100 %", "take", "expects") if label in words]


def test_a_vote_changes_no_feed(client: FlaskClient, article: Article, reader: Reader, now: datetime) -> None:
    factories.comment(article, reader)
    before = [client.get(path).data for path in all_feeds(article, reader)]
    participation.submit(article, Answer(choices=[factories.asked(article)[0].choices[0]]), by=reader, now=now)
    assert [client.get(path).data for path in all_feeds(article, reader)] == before


def test_what_happened_is_told_to_all(client: FlaskClient, article: Article, editor: Reader, now: datetime) -> None:
    outcome = factories.asked(article)[1].outcomes[1]
    finding = Finding(outcome=outcome, source_url="https://example.org", evidence="So.", happened_at=now, known_at=now)
    resolutions.resolve(outcome.prediction, finding, by=editor, now=now)
    entry = entries_of(feed_of(client, "/feed.atom"))[0]
    assert "What happened: " in text_of(entry, "content")
    assert abs(when(entry) - now) < timedelta(seconds=1)


def test_an_edited_comment_is_newer_than_when_it_was_posted(
    client: FlaskClient, article: Article, reader: Reader, now: datetime
) -> None:
    comment = factories.comment(article, reader)
    comment.posted_at, comment.edited_at = now - timedelta(hours=2), now - timedelta(hours=1)
    db.session.flush()
    feed = feed_of(client, f"/articles/{article.slug}/feed.atom")
    entry = entries_of(feed)[0]
    assert when(entry) - when(entry, "published") == timedelta(hours=1)
    assert when(feed) == when(entry)


def test_an_id_stays_when_headline_text_and_host_of_the_request_change(
    client: FlaskClient, article: Article, reader: Reader
) -> None:
    comment = factories.comment(article, reader)
    first = entries_of(feed_of(client, "/comments.atom"))[0]
    comment.body_html, article.headline = "<p>Other words.</p>", "Another headline"
    db.session.flush()
    second = entries_of(feed_in(client.get("/comments.atom", headers={"Host": "other.example"})))[0]
    assert text_of(first, "id") == text_of(second, "id")
    assert text_of(second, "id") == f"tag:127.0.0.1,{article.created_at:%Y-%m-%d}:articles/{article.id}/comments/{comment.id}"


def test_a_reply_names_what_it_answers(client: FlaskClient, article: Article, reader: Reader) -> None:
    reply = factories.comment(article, reader, "The answer.", factories.comment(article, reader, "The question."))
    newer, older = entries_of(feed_of(client, "/comments.atom"))
    answered = newer.find(f"{THREADING}in-reply-to")
    assert answered is not None
    assert (answered.get("ref"), answered.get("href")) == (
        text_of(older, "id"),
        f"{SITE}/comments/{reply.parent_id}",
    )


def test_a_text_that_runs_from_right_to_left_says_so(client: FlaskClient, article: Article, reader: Reader) -> None:
    factories.comment(article, reader, "צריך לבטל את האגרה").language = "he"
    db.session.flush()
    feed = feed_of(client, "/comments.atom")
    entry = entries_of(feed)[0]
    assert (feed.get(f"{XML}lang"), entry.get(f"{XML}lang")) == ("en", "he")
    assert '<div dir="rtl" lang="he">' in text_of(entry, "content")


def test_a_link_to_a_page_of_ours_names_the_site(client: FlaskClient, article: Article, editor: Reader) -> None:
    factories.comment(article, editor, "[here](/articles/x) and [there](https://example.org/y)")
    html = text_of(entries_of(feed_of(client, "/comments.atom"))[0], "content")
    assert f'href="{SITE}/articles/x"' in html
    assert 'href="https://example.org/y" rel="nofollow ugc noopener"' in html


def test_a_guest_is_named_by_number_without_a_link(
    client: FlaskClient, article: Article, stranger: Reader, now: datetime
) -> None:
    factories.put(factories.comment(article, stranger), CommentState.PUBLISHED)
    entry = entries_of(feed_of(client, f"/readers/{stranger.public_id}/feed.atom"))[0]
    assert text_of(entry, "author", "name") == f"Guest {stranger.public_id[:4].upper()}"
    assert text_of(entry, "author", "uri") == ""


def test_a_feed_has_the_newest_first_and_an_end(client: FlaskClient, article: Article, reader: Reader) -> None:
    for number in range(newest.IN_A_FEED + 2):
        factories.comment(article, reader, f"Remark {number}.")
    for path in comment_feeds(article, reader):
        found = entries_of(feed_of(client, path))
        assert "Remark 51." in text_of(found[0], "content")
        assert len(found) <= newest.IN_A_FEED


def test_a_feed_asks_the_database_a_constant_number_of_times(
    client: FlaskClient, article: Article, reader: Reader, now: datetime
) -> None:
    counts = []
    for step in (1, 8):
        for number in range(step):
            factories.comment(factories.open_article(now, f"Headline {step} {number}"), factories.account())
            factories.comment(factories.open_article(now, f"Another {step} {number}"), reader)
        paths = all_feeds(article, reader)
        client.application.extensions["cache"].store.clear()  # a feed that has not changed is not made anew
        with counted_statements() as statements:
            for path in paths:
                client.get(path)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 12


def test_a_feed_is_the_same_for_everyone(app: Flask, client: FlaskClient, article: Article, reader: Reader) -> None:
    factories.comment(article, reader)
    for path in all_feeds(article, reader):
        for_nobody, for_reader = client.get(path), factories.browser_of(app, reader).get(path)
        assert for_nobody.data == for_reader.data
        assert for_nobody.headers["Cache-Control"] == for_reader.headers["Cache-Control"]
        assert "public" in for_reader.headers["Cache-Control"]
        assert "Set-Cookie" not in for_reader.headers


def test_a_feed_that_has_not_changed_is_not_sent_again(client: FlaskClient, article: Article, reader: Reader) -> None:
    factories.comment(article, reader)
    for path in all_feeds(article, reader):
        answer = client.get(path, headers={"If-None-Match": client.get(path).headers["ETag"]})
        assert (answer.status_code, answer.data) == (304, b"")


def test_a_new_comment_is_fetched(client: FlaskClient, article: Article, reader: Reader) -> None:
    for path in comment_feeds(article, reader):
        etag = client.get(path).headers["ETag"]
        factories.comment(article, reader)
        assert client.get(path, headers={"If-None-Match": etag}).status_code == 200


def test_an_article_that_is_opened_or_reworded_is_fetched(client: FlaskClient, article: Article, now: datetime) -> None:
    tags = [client.get("/feed.atom").headers["ETag"]]
    factories.open_article(now, "Another")
    tags.append(client.get("/feed.atom").headers["ETag"])
    article.headline = "Reworded"
    tags.append(client.get("/feed.atom").headers["ETag"])
    assert len(set(tags)) == 3


@pytest.mark.parametrize("path", ["/articles/none/feed.atom", "/readers/0000000000/feed.atom"])
def test_there_is_no_feed_of_nothing(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_draft_is_in_no_feed(app: Flask, editor: Reader, now: datetime) -> None:
    draft = articles.create(factories.draft(now, "Not yet"), now=now)
    browser = factories.browser_of(app, editor)
    assert browser.get(f"/articles/{draft.slug}/feed.atom").status_code == 404
    assert "Not yet" not in browser.get("/feed.atom").text


def test_pages_lead_to_their_feeds(client: FlaskClient, article: Article, reader: Reader) -> None:
    pages = {"/": "/comments.atom", f"/articles/{article.slug}": "", f"/readers/{reader.public_id}": ""}
    for page, feed in pages.items():
        links = BeautifulSoup(client.get(page).text, "lxml").select("link[type='application/atom+xml']")
        expected = ["/feed.atom", feed or f"{page}/feed.atom"]
        assert [link["href"] for link in links] == [f"{SITE}{path}" for path in expected]
        assert all(link["title"] for link in links)
