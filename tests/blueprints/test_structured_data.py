from __future__ import annotations

import json
from datetime import datetime, timedelta

from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from blueprints.support.structured_data import script_html
from domain import articles, participation, resolutions
from domain.participation import Answer
from domain.resolutions import Finding
from extensions import db
from models import Article, CommentState, Reader
from tests import factories
from tests.vocabulary import Thing, data_in, of_type, walk

SITE = "http://127.0.0.1:8000"
BREAKING = "</script><script>alert(1)</script> <!-- ]]> \u2028 \u2029 & ’ \\u003c \" '"


def about(client: FlaskClient, path: str) -> list[Thing]:
    return data_in(client.get(path).text)


def path(article: Article) -> str:
    return f"/articles/{article.slug}"


def the(graph: list[Thing], kind: str) -> Thing:
    (found,) = of_type(graph, kind)
    return found


def resolve(article: Article, editor: Reader, now: datetime) -> None:
    outcome = factories.asked(article)[1].outcomes[1]
    finding = Finding(outcome=outcome, source_url="https://example.org", evidence="So.", happened_at=now, known_at=now)
    resolutions.resolve(outcome.prediction, finding, by=editor, now=now)


def test_the_page_is_an_article_with_a_discussion_about_it(client: FlaskClient, article: Article) -> None:
    graph = about(client, path(article))
    news, discussion = the(graph, "NewsArticle"), the(graph, "DiscussionForumPosting")
    assert news["headline"] == article.headline
    assert (news["creditText"], news["articleSection"]) == ("By the city desk", "City")
    assert article.opened_at is not None
    assert datetime.fromisoformat(news["datePublished"]) == article.opened_at.replace(microsecond=0)
    assert discussion["about"] == {"@id": news["@id"]}
    assert news["discussionUrl"] == discussion["@id"] == f"{SITE}{path(article)}#discussion"
    assert "comment" not in discussion


def test_comments_hang_together_as_on_the_page(client: FlaskClient, article: Article, reader: Reader) -> None:
    first = factories.comment(article, reader, "The **question**.")
    reply = factories.comment(article, reader, "The answer.", first)
    (shown,) = the(about(client, path(article)), "DiscussionForumPosting")["comment"]
    assert (shown["text"], shown["url"]) == ("The question.", f"{SITE}/comments/{first.id}")
    assert shown["author"] == {"@type": "Person", "name": "reader one", "url": f"{SITE}/readers/{reader.public_id}"}
    assert [one["url"] for one in shown["comment"]] == [f"{SITE}/comments/{reply.id}"]
    assert "dateModified" not in shown


def test_an_edited_comment_says_when(client: FlaskClient, article: Article, reader: Reader, now: datetime) -> None:
    factories.comment(article, reader).edited_at = now + timedelta(minutes=1)
    db.session.flush()
    shown = the(about(client, path(article)), "Comment")
    assert datetime.fromisoformat(shown["dateModified"]) > datetime.fromisoformat(shown["datePublished"])


def test_a_guest_is_a_person_without_a_page(client: FlaskClient, article: Article, stranger: Reader) -> None:
    factories.put(factories.comment(article, stranger), CommentState.PUBLISHED)
    person = the(about(client, path(article)), "Person")
    assert person == {"@type": "Person", "name": f"Guest {stranger.public_id[:4].upper()}"}


def test_only_good_points_are_counted(client: FlaskClient, article: Article, reader: Reader) -> None:
    comment = factories.comment(article, reader)
    comment.good, comment.poor = 3, 5
    db.session.flush()
    counter = the(about(client, path(article)), "Comment")["interactionStatistic"]
    assert (counter["interactionType"], counter["userInteractionCount"]) == ("https://schema.org/LikeAction", 3)


def test_the_discussion_counts_its_comments(client: FlaskClient, article: Article, reader: Reader) -> None:
    for number in range(3):
        factories.comment(article, reader, f"Remark {number}.")
    graph = about(client, path(article))
    discussion = the(graph, "DiscussionForumPosting")
    assert discussion["interactionStatistic"]["userInteractionCount"] == 3
    assert the(graph, "NewsArticle")["commentCount"] == discussion["commentCount"] == 3


def test_what_the_public_cannot_read_at_once_is_not_told(client: FlaskClient, article: Article) -> None:
    for state in set(CommentState) - {CommentState.PUBLISHED}:
        hidden = factories.comment(article, factories.account(), f"Hidden {state}.")
        factories.comment(article, factories.account(), f"Under {state}.", hidden)
        factories.put(hidden, state)
    texts = [one["text"] for one in of_type(about(client, path(article)), "Comment")]
    assert sorted(texts) == sorted(f"Under {state}." for state in set(CommentState) - {CommentState.PUBLISHED})


def test_questions_come_with_their_answers_and_without_counts(client: FlaskClient, article: Article) -> None:
    take, prediction = of_type(about(client, path(article)), "Question")
    assert (take["name"], prediction["name"]) == ("Should the tolls end?", "How will the council vote?")
    assert [one["text"] for one in take["suggestedAnswer"]] == ["Agree", "Disagree", "Not sure"]
    assert len(prediction["suggestedAnswer"]) == 3
    assert all(one.keys() == {"@type", "text"} for one in (*take["suggestedAnswer"], *prediction["suggestedAnswer"]))


def test_what_happened_is_the_accepted_answer(client: FlaskClient, article: Article, editor: Reader, now: datetime) -> None:
    resolve(article, editor, now)
    take, prediction = of_type(about(client, path(article)), "Question")
    assert prediction["acceptedAnswer"] == {"@type": "Answer", "text": "Against"}
    assert [one["text"] for one in prediction["suggestedAnswer"]] == ["For ending them", "No vote this year"]
    assert "acceptedAnswer" not in take


def test_votes_change_nothing_that_is_told(client: FlaskClient, article: Article, reader: Reader, now: datetime) -> None:
    poll, prediction = factories.asked(article)
    factories.comment(article, reader, "Before.")
    before = about(client, path(article))
    for place in range(3):
        answer = Answer(choices=[poll.choices[place % 2]], outcome=prediction.outcomes[place])
        participation.submit(article, answer, by=factories.account(), now=now)
    assert about(client, path(article)) == before
    articles.close(article, now=now)  # now the results are everybody's to see, but still not in here
    assert about(client, path(article)) == before


def test_a_comment_does_not_tell_its_authors_take(client: FlaskClient, article: Article, reader: Reader, now: datetime) -> None:
    poll, prediction = factories.asked(article)
    answer = Answer(choices=[poll.choices[1]], outcome=prediction.outcomes[2], reason="Because.")
    participation.submit(article, answer, by=reader, now=now)
    articles.close(article, now=now)
    told = json.dumps(of_type(about(client, path(article)), "Comment"))
    assert not [label for label in ("Disagree", "No vote this year", "against") if label in told]


def test_a_comments_page_is_about_the_comment(client: FlaskClient, article: Article, reader: Reader) -> None:
    first = factories.comment(article, reader, "The question.")
    reply = factories.comment(article, reader, "The answer.", first)
    graph = about(client, f"/comments/{reply.id}")
    assert graph[0]["@type"] == "WebPage"
    assert graph[0]["mainEntity"] == {"@id": f"{SITE}/comments/{reply.id}"}
    assert [one["text"] for one in of_type(graph, "Comment")] == ["The question.", "The answer."]
    assert the(graph, "DiscussionForumPosting")["url"] == f"{SITE}{path(article)}"


def test_another_page_of_a_thread_says_what_is_on_it(client: FlaskClient, article: Article, reader: Reader) -> None:
    first = factories.comment(article, reader, "The first.")
    last = [factories.comment(article, reader, f"Reply {number}.", first) for number in range(60)][-1]
    graph = about(client, f"/comments/{last.id}?page=1")
    assert not [page for page in of_type(graph, "WebPage") if "mainEntity" in page]
    assert last.id not in {one["url"].rpartition("/")[2] for one in of_type(graph, "Comment")}


def test_a_page_of_ones_own_tells_nothing(app: Flask, article: Article, reader: Reader) -> None:
    comment = factories.comment(article, reader)
    browser = factories.browser_of(app, reader)
    assert "ld+json" not in browser.get(path(article)).text + browser.get(f"/comments/{comment.id}").text


def test_no_text_can_end_the_script(client: FlaskClient, article: Article, reader: Reader) -> None:
    factories.comment(article, reader, BREAKING)
    article.headline = BREAKING
    db.session.flush()
    page = client.get(path(article)).text
    graph = data_in(page)
    assert the(graph, "Comment")["text"] == BREAKING
    assert the(graph, "NewsArticle")["headline"] == BREAKING
    assert "<script>alert" not in page
    script = BeautifulSoup(page, "lxml").find("script", type="application/ld+json")
    assert not set("<>&\u2028\u2029") & set(str(script.string if script else "<"))


def test_a_script_can_be_read_back() -> None:
    data = {"@id": BREAKING, "text": ["日本語", "\x00\x1f", 3, None]}
    assert json.loads(script_html(data)) == data


def test_the_policy_of_the_page_lets_no_script_of_its_kind_run(client: FlaskClient, article: Article) -> None:
    assert "script-src 'self'" in client.get(path(article)).headers["Content-Security-Policy"]


def test_a_very_deep_thread_is_told(client: FlaskClient, article: Article, reader: Reader) -> None:
    parent = factories.comment(article, reader, "The root of it.")
    for number in range(120):
        parent = factories.comment(article, reader, f"Level {number}.", parent)
    assert len(list(walk(about(client, f"/comments/{parent.id}")))) > 20
