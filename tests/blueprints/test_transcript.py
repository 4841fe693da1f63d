from __future__ import annotations

from flask.testing import FlaskClient

from extensions import db
from models import Article, Reader
from tests import factories, talks


def path(article: Article) -> str:
    return f"/articles/{article.slug}/transcript"


def test_the_page_shows_every_comment_in_full(client: FlaskClient, article: Article) -> None:
    written = talks.fill(article, 200, [factories.account()])
    page = client.get(path(article)).text
    assert all(f'<li id="c{one}">' in page for one in written)


def test_thousands_are_set_apart(client: FlaskClient, article: Article) -> None:
    article.published_comments = 12_345
    db.session.commit()
    assert "12,345 comments, as they can be read now" in client.get(path(article)).text


def test_the_page_does_not_tell_who_thinks_what(client: FlaskClient, article: Article, reader: Reader) -> None:
    poll, _ = factories.asked(article)
    browser = factories.browser_of(client.application, reader)
    browser.post(f"/articles/{article.slug}/participation", data={"choice": poll.choices[0].id, "reason": "Because of it."})
    page = client.get(path(article)).text
    assert "Because of it." in page
    assert poll.choices[0].label not in page


def test_a_new_comment_makes_a_new_page(client: FlaskClient, article: Article, reader: Reader) -> None:
    known = client.get(path(article)).headers["ETag"]
    assert client.get(path(article), headers={"If-None-Match": known}).status_code == 304
    factories.comment(article, reader, "Something new.")
    assert "Something new." in client.get(path(article), headers={"If-None-Match": known}).text


def test_the_discussion_leads_to_it_once_there_is_something_to_read(
    client: FlaskClient, article: Article, reader: Reader
) -> None:
    assert path(article) not in client.get(f"/articles/{article.slug}").text
    factories.comment(article, reader, "One thing.")
    factories.comment(article, reader, "And another.")
    assert path(article) in client.get(f"/articles/{article.slug}").text


def test_a_silent_discussion_says_so(client: FlaskClient, article: Article) -> None:
    assert "Nobody has written yet." in client.get(path(article)).text


def test_a_place_that_is_none_is_refused(client: FlaskClient, article: Article) -> None:
    assert client.get(f"{path(article)}?after=x").status_code == 400
