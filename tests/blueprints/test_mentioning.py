from __future__ import annotations

from flask import Flask
from flask.testing import FlaskClient

from models import Article, Reader, Role
from tests import factories


def test_names_come_with_what_their_badges_say(client: FlaskClient, article: Article) -> None:
    for name, role in {"Bea": Role.READER, "Beda": Role.MODERATOR, "Beth": Role.EDITOR}.items():
        factories.comment(article, factories.account(name, role=role))
    article.author_id = factories.account("Bert").id
    answer = client.get(f"/articles/{article.slug}/people?q=be")
    assert [(person["name"], person["role"]) for person in answer.get_json()] == [
        ("Bea", ""),
        ("Beda", "moderator"),
        ("Bert", "author of the article"),
        ("Beth", "newsroom"),
    ]


def test_everybody_gets_the_same_answer_and_may_keep_it(
    app: Flask, client: FlaskClient, article: Article, reader: Reader
) -> None:
    factories.comment(article, factories.account("Bea"))
    path = f"/articles/{article.slug}/people?q=b"
    answers = [client.get(path), factories.browser_of(app, reader).get(path)]
    assert answers[0].data == answers[1].data
    assert {answer.headers["Cache-Control"].partition(",")[0] for answer in answers} == {"public"}
    assert client.get(path, headers={"If-None-Match": answers[0].headers["ETag"]}).status_code == 304


def test_a_new_comment_makes_a_new_answer(client: FlaskClient, article: Article) -> None:
    path = f"/articles/{article.slug}/people?q=b"
    first = client.get(path)
    factories.comment(article, factories.account("Bea"))
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).get_json() == [{"name": "Bea", "role": ""}]


def test_a_mention_leads_to_the_persons_page(client: FlaskClient, article: Article, reader: Reader) -> None:
    factories.comment(article, factories.account("Bea"))
    comment = factories.comment(article, reader, "@Bea")
    path = comment.body_html.partition('href="')[2].partition('"')[0]
    assert "Bea" in client.get(path).text
