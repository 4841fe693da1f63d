from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from html import unescape

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from domain import following, participation, picks
from domain.participation import Answer
from domain.threads import COMMENTS_A_PAGE, EARLIER_SHOWN, REPLIES_A_PAGE, Sort
from extensions import db
from models import Article, Camp, Comment, CommentState, Reader
from tests import factories, ledgers, talks
from tests.ratings import crowd_rates, takes_side
from tests.statements import counted_statements
from tests.talks import Shape

COMMENT = re.compile(r'<article class="comment[^>]* id="comment-(\d+)"')
NEXT = re.compile(r'rel="next" href="([^"#]+)')


def path(article: Article, query: str = "") -> str:
    return f"/articles/{article.slug}{query}"


def filled(article: Article, count: int, *, shape: Shape = Shape.LIVELY) -> list[int]:
    return talks.fill(article, count, [factories.account() for _ in range(3)], shape=shape)


def shown(page: str) -> list[int]:
    return [int(number) for number in COMMENT.findall(page)]


def walked(client: FlaskClient, start: str) -> Iterator[list[int]]:
    """Yield the comments of each page, by the links on the pages, to the end."""
    link: str | None = start
    while link:
        answer = client.get(link)
        assert answer.status_code == 200
        yield shown(answer.text)
        found = NEXT.search(answer.text)
        link = unescape(found[1]) if found else None


def first_comments(article: Article) -> set[int]:
    return set(db.session.scalars(select(Comment.id).where(Comment.article_id == article.id, Comment.root_id.is_(None))))


@pytest.mark.parametrize("sort", Sort)
def test_links_lead_through_every_thread_once(client: FlaskClient, article: Article, sort: Sort) -> None:
    filled(article, 300)
    roots = first_comments(article)
    met = [one for page in walked(client, path(article, f"?sort={sort.value}")) for one in page if one in roots]
    assert len(met) == len(roots) == len(set(met))


@pytest.mark.parametrize("sort", Sort)
def test_links_lead_through_everything_one_side_wrote(
    app: Flask, article: Article, reader: Reader, now: datetime, sort: Sort
) -> None:
    filled(article, 300)
    takes_side(article, reader, Camp.FOR, now)
    poll, _ = factories.asked(article)
    start = path(article, f"?sort={sort.value}&take={poll.choices[1].id}")
    met = [one for page in walked(factories.browser_of(app, reader), start) for one in page]
    theirs = set(db.session.scalars(select(Comment.id).where(Comment.choice_id == poll.choices[1].id)))
    assert (len(met), set(met)) == (len(theirs), theirs)


@pytest.mark.parametrize("shape", Shape)
def test_however_long_a_discussion_is_a_page_of_it_is_bounded(client: FlaskClient, article: Article, shape: Shape) -> None:
    numbers = filled(article, 1_001, shape=shape)
    assert 0 < len(shown(client.get(path(article)).text)) <= COMMENTS_A_PAGE
    for place in (0, 500, 1_000):
        met = shown(client.get(f"/comments/{numbers[place]}").text)
        assert numbers[place] in met
        assert len(met) <= 1 + REPLIES_A_PAGE + EARLIER_SHOWN


def test_under_a_long_thread_stands_how_many_replies_there_are_more(client: FlaskClient, article: Article) -> None:
    numbers = filled(article, 40, shape=Shape.LOPSIDED)
    page = client.get(path(article)).text
    assert "34 more replies" in page
    assert f'href="/comments/{numbers[0]}"' in page


@pytest.mark.parametrize("state", [CommentState.REMOVED, CommentState.WITHDRAWN])
def test_the_thread_of_a_comment_that_is_gone_can_be_read_without_it(
    client: FlaskClient, article: Article, reader: Reader, state: CommentState
) -> None:
    first = factories.comment(article, reader, "Words that are gone.")
    factories.comment(article, reader, "Words that stay.", first)
    factories.put(first, state)
    for query in ("", "?quote=1", "?page=1"):
        page = client.get(f"/comments/{first.id}{query}").text
        assert ("Words that stay." in page, "Words that are gone." in page) == (True, False)


@pytest.mark.parametrize("state", [CommentState.REMOVED, CommentState.WITHDRAWN, CommentState.HELD])
def test_what_is_gone_with_nothing_under_it_is_not_found(
    client: FlaskClient, article: Article, reader: Reader, state: CommentState
) -> None:
    first = factories.comment(article, reader)
    reply = factories.comment(article, reader, parent=first)
    for one in (reply, first):
        factories.put(one, state)
    assert [client.get(f"/comments/{one.id}").status_code for one in (first, reply)] == [404, 404]


def test_what_one_wrote_and_others_do_not_see_yet_stands_on_top(app: Flask, article: Article, stranger: Reader) -> None:
    mine = factories.comment(article, stranger, "My own first words.")
    page = factories.browser_of(app, stranger).get(path(article)).text
    assert ("My own first words." in page, shown(page)) == (True, [mine.id])
    assert "My own first words." not in app.test_client().get(path(article)).text


def test_reading_shows_what_was_stored_and_renders_no_text(client: FlaskClient, article: Article, reader: Reader) -> None:
    comment = factories.comment(article, reader, "The **source**.")
    db.session.execute(update(Comment).values(body_html="<p>As it was stored.</p>"))
    for address in (path(article), f"/comments/{comment.id}"):
        page = client.get(address).text
        assert ("As it was stored." in page, "<strong>source" in page) == (True, False)


@pytest.mark.parametrize("who", ["nobody", "reader", "editor"])
def test_a_page_takes_as_many_statements_for_ten_comments_as_for_hundreds(
    app: Flask, reader: Reader, editor: Reader, now: datetime, who: str
) -> None:
    browser = app.test_client() if who == "nobody" else factories.browser_of(app, {"reader": reader, "editor": editor}[who])
    counts = set()
    for size in (10, 300):
        article = factories.open_article(now, f"A matter with {size} opinions")
        numbers = filled(article, size)
        takes_side(article, reader, Camp.FOR, now)
        for address in (path(article), f"/comments/{numbers[size // 2]}"):
            with counted_statements() as seen:
                assert browser.get(address).status_code == 200
            counts.add((address.split("/")[1], len(seen)))
    assert len(counts) == 2, counts


def test_the_order_in_the_address_wins_over_the_remembered_one(client: FlaskClient, article: Article, reader: Reader) -> None:
    older, newer = (factories.comment(article, reader).id for _ in range(2))
    client.post(path(article, "/sort"), data={"sort": "oldest"})
    assert shown(client.get(path(article)).text) == [older, newer]
    assert shown(client.get(path(article, "?sort=newest")).text) == [newer, older]
    assert shown(client.get(path(article)).text) == [older, newer]


def test_a_remembered_order_that_is_none_is_as_good_as_nothing(client: FlaskClient, article: Article, reader: Reader) -> None:
    older, newer = (factories.comment(article, reader).id for _ in range(2))
    client.set_cookie("sort", "sideways")
    assert shown(client.get(path(article)).text) == [newer, older]


BAD = ["x", "", "-1", "%00", "%ff", "99999999999999999999999999", "٣", "1e3", "+1", "0x1", "best'--"]


@pytest.mark.parametrize("value", BAD)
@pytest.mark.parametrize("name", ["sort", "take", "after"])
def test_what_is_no_order_no_take_and_no_place_is_a_bad_request(
    client: FlaskClient, article: Article, name: str, value: str
) -> None:
    answer = client.get(path(article, f"?{name}={value}"))
    assert (answer.status_code, "We could not read that request" in answer.text) == (400, True)


@pytest.mark.parametrize("value", BAD)
def test_what_is_no_page_is_a_bad_request(client: FlaskClient, article: Article, reader: Reader, value: str) -> None:
    comment = factories.comment(article, reader)
    assert client.get(f"/comments/{comment.id}?page={value}").status_code == 400


def test_what_is_no_order_is_not_remembered(client: FlaskClient, article: Article) -> None:
    answer = client.post(path(article, "/sort"), data={"sort": "sideways"})
    assert (answer.status_code, answer.headers.get("Set-Cookie")) == (400, None)


@pytest.mark.parametrize("after", ["0.0", f"{'9' * 18}.{'9' * 18}", f"0.{'9' * 18}", f"{'9' * 18}.0"])
@pytest.mark.parametrize("sort", Sort)
def test_a_place_far_beyond_is_a_page_like_any(
    client: FlaskClient, article: Article, reader: Reader, sort: Sort, after: str
) -> None:
    factories.comment(article, reader)
    assert client.get(path(article, f"?sort={sort.value}&after={after}")).status_code == 200


def test_at_the_end_the_page_says_that_there_is_no_more(client: FlaskClient, article: Article, reader: Reader) -> None:
    factories.comment(article, reader)
    assert "There are no more comments." in client.get(path(article, "?after=0.1")).text


def test_anothers_choice_is_no_take_of_this_article(client: FlaskClient, article: Article, now: datetime) -> None:
    poll, _ = factories.asked(factories.open_article(now, "Another matter"))
    assert client.get(path(article, f"?take={poll.choices[0].id}")).status_code == 400


@pytest.mark.parametrize("query", ["", "?sort=common", "?after=0.5"])
def test_a_head_request_gets_the_head_of_the_page(client: FlaskClient, article: Article, query: str) -> None:
    whole, head = client.get(path(article, query)), client.head(path(article, query))
    assert (head.status_code, head.data, head.headers["ETag"]) == (200, b"", whole.headers["ETag"])


def argued(article: Article, now: datetime) -> list[Comment]:
    """Let readers of two camps write, and be found good."""
    said = []
    for camp in (Camp.FOR, Camp.AGAINST):
        author = factories.account()
        takes_side(article, author, camp, now)
        answer = Answer(reason=f"I am {camp.value} it, and say why.")
        comment = participation.submit(article, answer, by=author, now=now)
        assert comment is not None
        crowd_rates(comment, now, unsure=(1, 0))
        said.append(comment)
    return said


def test_who_has_given_a_take_reads_the_best_of_each_side(app: Flask, article: Article, reader: Reader, now: datetime) -> None:
    argued(article, now)
    takes_side(article, reader, Camp.UNSURE, now)
    page = factories.browser_of(app, reader).get(path(article)).text
    assert ("From each side" in page, "In favour" in page) == (True, True)


def test_who_has_not_reads_nothing_of_sides(client: FlaskClient, article: Article, editor: Reader, now: datetime) -> None:
    for comment in argued(article, now):
        picks.pick(comment, by=editor, now=now, is_picked=True)
    page = client.get(path(article)).text
    assert "Picked by the newsroom" in page
    assert not re.search(r"From each side|In favour|side__name|class=\"side tone-", page)


def test_who_has_not_is_shown_the_same_whatever_others_think(
    app: Flask, client: FlaskClient, article: Article, reader: Reader, now: datetime
) -> None:
    argued(article, now)
    poll, _ = factories.asked(article)
    before = client.get(path(article)).text
    takes_side(article, reader, Camp.AGAINST, now)
    db.session.execute(update(Comment).values(choice_id=poll.choices[2].id))
    assert client.get(path(article)).text == before


def test_for_who_has_not_a_filter_by_take_filters_nothing(client: FlaskClient, article: Article, now: datetime) -> None:
    said = {comment.id for comment in argued(article, now)}
    poll, _ = factories.asked(article)
    for choice in poll.choices:
        assert set(shown(client.get(path(article, f"?take={choice.id}")).text)) == said


def test_who_has_not_gets_the_best_for_common_ground(
    app: Flask, client: FlaskClient, article: Article, reader: Reader, now: datetime
) -> None:
    agreed, praised = (factories.comment(article, reader).id for _ in range(2))
    crowd_rates(db.session.get_one(Comment, agreed), now, for_=(5, 0), against=(4, 1), unsure=(4, 1))
    crowd_rates(db.session.get_one(Comment, praised), now, for_=(9, 0))
    page = client.get(path(article, "?sort=common")).text
    assert shown(page) == [praised, agreed]
    assert 'value="common"' not in page
    takes_side(article, another := factories.account(), Camp.FOR, now)
    assert shown(factories.browser_of(app, another).get(path(article, "?sort=common")).text) == [agreed, praised]


def test_picks_stand_by_side(app: Flask, article: Article, editor: Reader, reader: Reader, now: datetime) -> None:
    for comment in argued(article, now):
        picks.pick(comment, by=editor, now=now + timedelta(minutes=1), is_picked=True)
    takes_side(article, reader, Camp.UNSURE, now)
    page = factories.browser_of(app, reader).get(path(article)).text
    sides = re.findall(r'side__name">(.*?)</h3>.*?I am (\w+) it', page.partition("From each side")[0], re.DOTALL)
    assert sides == [("In favour", "for"), ("Against", "against")]


def highlights(app: Flask, article: Article, reader: Reader) -> list[str]:
    """Return the camps that are named and the texts that are shown above the discussion."""
    page = BeautifulSoup(factories.browser_of(app, reader).get(path(article)).text, "lxml")
    return [one.text.strip() for one in page.select(".side__name, .highlight__text")]


def test_what_a_muted_reader_wrote_is_no_highlight(
    app: Flask, article: Article, *, editor: Reader, reader: Reader, now: datetime
) -> None:
    muted, other = argued(article, now)
    for comment in (muted, other):
        picks.pick(comment, by=editor, now=now, is_picked=True)
    takes_side(article, reader, Camp.UNSURE, now)
    following.mute(muted.reader, by=reader, now=now)
    assert highlights(app, article, reader) == ["Against", "I am against it, and say why."]


def test_no_heading_stands_over_muted_readers_alone(
    app: Flask, article: Article, *, editor: Reader, reader: Reader, now: datetime
) -> None:
    for comment in argued(article, now):
        picks.pick(comment, by=editor, now=now, is_picked=True)
        following.mute(comment.reader, by=reader, now=now)
    takes_side(article, reader, Camp.UNSURE, now)
    assert "highlights" not in factories.browser_of(app, reader).get(path(article)).text


@pytest.mark.parametrize(("hours", "says"), [(4, 1), (5, 0)])
def test_beside_a_comment_stands_whether_its_author_called_it_in_time(
    client: FlaskClient, reader: Reader, now: datetime, hours: int, says: int
) -> None:
    prediction = ledgers.question(now)
    forecast = ledgers.say(prediction, reader, hours)
    factories.comment(prediction.article, reader).forecast_id = forecast.id
    ledgers.end(prediction, known=5)
    db.session.commit()
    page = BeautifulSoup(client.get(path(prediction.article)).text, "lxml")
    assert len(page.select(".comment__who .forecast")) == 1
    assert len(page.select(".comment__who .called")) == says
