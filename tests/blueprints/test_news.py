from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from blueprints.articles.news import MOST_NAMED
from domain import participation, pulses, ratings
from domain.participation import Answer
from extensions import db
from models import Article, CommentState, Mute, Reader, Verdict
from tests import factories
from tests.statements import counted_statements


def news(browser: FlaskClient, article: Article, **asked: Any) -> dict[str, Any]:
    answer = browser.get(f"/articles/{article.slug}/news", query_string=asked)
    assert answer.status_code == 200
    told: dict[str, Any] = answer.get_json()
    return told


def test_what_has_appeared_comes_as_it_stands_on_the_page(client: FlaskClient, article: Article, reader: Reader) -> None:
    seen = factories.comment(article, reader)
    reply = factories.comment(article, reader, "A **new** answer.", seen)
    told = news(client, article, after=1)
    assert told["fresh"] == [{"id": reply.id, "parent": seen.id, "root": seen.id}]
    assert (told["newest"], told["more"]) == (2, False)
    assert f'id="comment-{reply.id}"' in told["regions"][f"comment-{reply.id}"]
    assert "A <strong>new</strong> answer." in told["regions"][f"comment-{reply.id}"]
    assert "in reply to" in told["regions"][f"comment-{reply.id}"]


def test_ones_own_comment_is_news_once(app: Flask, article: Article, reader: Reader) -> None:
    browser = factories.browser_of(app, reader)
    own = factories.comment(article, reader)
    told = news(browser, article, after=0)
    assert [one["id"] for one in told["fresh"]] == [own.id]
    assert news(browser, article, after=told["newest"])["fresh"] == []


def test_a_held_comment_is_no_news(client: FlaskClient, article: Article) -> None:
    factories.comment(article, factories.guest())
    told = news(client, article, after=0)
    assert (told["fresh"], told["regions"]) == ([], {})


def test_asking_again_and_again_brings_everything_once(client: FlaskClient, article: Article, reader: Reader) -> None:
    written = [factories.comment(article, reader).id for _ in range(2 * pulses.NEWS_AT_ONCE + 1)]
    got: list[int] = []
    told: dict[str, Any] = {"newest": 0, "more": True}
    while told["more"]:
        told = news(client, article, after=told["newest"])
        got += [one["id"] for one in told["fresh"]]
    assert got == written


def test_without_a_place_nothing_new_is_sent(client: FlaskClient, article: Article, reader: Reader) -> None:
    factories.comment(article, reader)
    assert news(client, article)["fresh"] == []


def test_good_points_that_have_changed_come_with_their_buttons(
    client: FlaskClient, article: Article, reader: Reader, another_reader: Reader, now: datetime
) -> None:
    rated, other = factories.comment(article, reader), factories.comment(article, reader)
    ratings.rate(rated, Verdict.GOOD, by=another_reader, now=now)
    told = news(client, article, shown=f"{rated.id}.0,{other.id}.0")
    assert list(told["regions"]) == [f"acts-{rated.id}"]
    assert 'data-good="1"' in told["regions"][f"acts-{rated.id}"]


@pytest.mark.parametrize("state", [CommentState.HELD, CommentState.REMOVED, CommentState.WITHDRAWN])
def test_a_comment_that_went_away_is_named(client: FlaskClient, article: Article, reader: Reader, state: CommentState) -> None:
    gone = factories.comment(article, reader)
    factories.put(gone, state)
    told = news(client, article, shown=f"{gone.id}.0")
    assert (told["gone"], told["regions"]) == ([gone.id], {})


def test_what_cannot_be_read_looks_as_if_it_were_not_there(client: FlaskClient, article: Article, now: datetime) -> None:
    held = factories.comment(article, factories.guest())
    elsewhere = factories.comment(factories.open_article(now, "Elsewhere"), factories.account())
    named = [held.id, elsewhere.id, 999_999]
    told = news(client, article, shown=",".join(f"{one}.0" for one in named))
    assert (told["gone"], told["regions"]) == (named, {})


def test_ones_own_that_was_removed_says_so(app: Flask, article: Article, reader: Reader) -> None:
    own = factories.comment(article, reader)
    factories.put(own, CommentState.REMOVED)
    told = news(factories.browser_of(app, reader), article, shown=f"{own.id}.0")
    assert "Only you can see it." in told["regions"][f"comment-{own.id}"]


def test_a_muted_readers_comment_stays_folded(
    app: Flask, article: Article, reader: Reader, another_reader: Reader, now: datetime
) -> None:
    db.session.add(Mute(reader_id=reader.id, muted_id=another_reader.id, muted_at=now))
    comment = factories.comment(article, another_reader)
    told = news(factories.browser_of(app, reader), article, after=0)
    assert "From somebody you muted" in told["regions"][f"comment-{comment.id}"]


def test_results_come_to_who_may_see_them(app: Flask, article: Article, reader: Reader, now: datetime) -> None:
    participation.submit(article, Answer(choices=[factories.asked(article)[0].choices[0]]), by=reader, now=now)
    browser = factories.browser_of(app, reader)
    told = news(browser, article, tallies="another")
    assert "What readers say" in told["regions"]["results"]
    assert "results" not in news(browser, article, tallies=told["tallies"])["regions"]


def test_results_do_not_come_to_others(client: FlaskClient, article: Article, reader: Reader, now: datetime) -> None:
    participation.submit(article, Answer(choices=[factories.asked(article)[0].choices[0]]), by=reader, now=now)
    told = news(client, article, tallies="another")
    assert (told["regions"], told["tallies"]) == ({}, "")


@pytest.mark.parametrize(
    "query", ["after=x", "after=-1", "after=" + "9" * 40, "shown=1", "shown=1.x", "shown=%00", "shown=" + "9" * 40 + ".1"]
)
def test_what_no_page_of_ours_asks_is_a_bad_request(client: FlaskClient, article: Article, query: str) -> None:
    assert client.get(f"/articles/{article.slug}/news?{query}").status_code == 400


def test_at_most_so_many_comments_are_looked_up(client: FlaskClient, article: Article) -> None:
    told = news(client, article, shown=",".join(f"{number}.0" for number in range(1, MOST_NAMED + 50)))
    assert len(told["gone"]) == MOST_NAMED


def test_news_of_a_reader_are_stored_by_nobody(app: Flask, article: Article, reader: Reader) -> None:
    answer = factories.browser_of(app, reader).get(f"/articles/{article.slug}/news?after=0")
    assert answer.headers["Cache-Control"] == "private, no-store"


def test_news_of_nobody_are_the_same_for_all_of_them(client: FlaskClient, article: Article) -> None:
    answer = client.get(f"/articles/{article.slug}/news?after=0")
    again = client.get(f"/articles/{article.slug}/news?after=0", headers={"If-None-Match": answer.headers["ETag"]})
    assert (answer.headers["Cache-Control"].split(",")[0], again.status_code) == ("public", 304)


def test_news_cost_the_same_however_many_there_are(app: Flask, article: Article, reader: Reader) -> None:
    browser, seen = factories.browser_of(app, reader), []
    for count in (1, 15):
        for _ in range(count):
            factories.comment(article, factories.account(confirmed=False))
        with counted_statements() as statements:
            news(browser, article, after=0)
        seen.append(len(statements))
    assert seen[0] == seen[1] <= 14
