from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from domain import opinions, participation
from domain.participation import Answer
from domain.shuffling import TURN
from extensions import db
from models import Article, OpinionPoll, OpinionVote, PollKind, Reader
from tests import factories

pytestmark = pytest.mark.usefixtures("stage")
ONE = [PollKind.AGREEMENT, PollKind.SINGLE, PollKind.SCALE]


def asking(now: datetime, kind: PollKind, **options: Any) -> tuple[Article, OpinionPoll]:
    article = factories.open_article_with(now, poll=factories.poll(now, kind, **options))
    assert article.poll is not None
    return article, article.poll


def send(client: FlaskClient, article: Article, fields: dict[str, Any]) -> tuple[int, str]:
    answer = client.post(f"/articles/{article.slug}/participation", data=fields, follow_redirects=True)
    return answer.status_code, answer.text


def ranks(poll: OpinionPoll, *places: str) -> dict[str, str]:
    return {f"rank-{choice.id}": place for choice, place in zip(poll.choices, places, strict=True)}


def given(poll: OpinionPoll) -> list[str]:
    vote = db.session.scalars(select(OpinionVote)).one_or_none()
    return [choice.label for choice in opinions.choices_of(poll, vote)]


def offered(page: str) -> list[str]:
    return [str(tag["value"]) for tag in BeautifulSoup(page, "lxml").select("input[name=choice]")]


def complaint(page: str) -> str:
    found = BeautifulSoup(page, "lxml").select_one("#choice-error")
    return found.get_text(strip=True) if found else ""


def votes() -> int:
    return db.session.scalar(select(func.count()).select_from(OpinionVote)) or 0


@pytest.mark.parametrize("kind", ONE)
def test_one_answer_is_taken(client: FlaskClient, now: datetime, kind: PollKind) -> None:
    article, poll = asking(now, kind)
    assert send(client, article, {"choice": str(poll.choices[1].id)})[0] == 200
    assert given(poll) == [poll.choices[1].label]


@pytest.mark.parametrize("kind", ONE)
def test_several_answers_to_a_question_that_takes_one_are_refused(client: FlaskClient, now: datetime, kind: PollKind) -> None:
    article, poll = asking(now, kind)
    status, page = send(client, article, {"choice": [str(choice.id) for choice in poll.choices[:2]], "reason": "Kept."})
    assert (status, complaint(page), "Kept." in page, votes()) == (422, "This question takes one answer.", True, 0)


def test_a_scale_stands_in_its_order_with_both_ends_named(client: FlaskClient, now: datetime) -> None:
    article, poll = asking(now, PollKind.SCALE, is_shuffled=True)
    page = client.get(f"/articles/{article.slug}").text
    assert offered(page) == [str(choice.id) for choice in poll.choices]
    ends = BeautifulSoup(page, "lxml").select(".scale__ends span")
    assert [end.get_text() for end in ends] == ["Strongly against", "Strongly for"]


def test_as_many_as_one_likes_are_approved(client: FlaskClient, now: datetime) -> None:
    article, poll = asking(now, PollKind.APPROVAL)
    _, page = send(client, article, {"choice": [str(poll.choices[place].id) for place in (3, 0)]})
    assert given(poll) == ["Soup", "Bread"]
    assert page.count("your pick") == 2


def test_a_ranking_is_read_by_its_places(client: FlaskClient, now: datetime) -> None:
    article, poll = asking(now, PollKind.RANKED)
    _, page = send(client, article, ranks(poll, "2", "", "1", "3"))
    assert given(poll) == ["Stew", "Soup", "Bread"]
    assert re.findall(r"your (\w+) choice", page) == ["2nd", "1st", "3rd"]


def test_gaps_between_places_are_closed(client: FlaskClient, now: datetime) -> None:
    article, poll = asking(now, PollKind.RANKED)
    send(client, article, ranks(poll, "4", "", "2", ""))
    assert given(poll) == ["Stew", "Soup"]


@pytest.mark.parametrize(
    ("places", "said"),
    [
        (("1", "1", "", ""), "“Soup” and “Salad” both have the place “1st”."),
        (("5", "", "", ""), "A place is a number from 1 to 4."),
        (("0", "", "", ""), "A place is a number"),
        (("-1", "", "", ""), "A place is a number"),
        (("\uff11", "", "", ""), "A place is a number"),
        (("\x00", "", "", ""), "A place is a number"),
        (("1e309", "NaN", "", ""), "A place is a number"),
    ],
)
def test_places_that_are_no_ranking_are_explained_and_the_others_kept(
    client: FlaskClient, now: datetime, places: tuple[str, ...], said: str
) -> None:
    article, poll = asking(now, PollKind.RANKED)
    fields = {**ranks(poll, *places), f"rank-{poll.choices[3].id}": "2", "reason": "Kept."}
    status, page = send(client, article, fields)
    assert (status, said in complaint(page), "Kept." in page, votes()) == (422, True, True, 0)
    row = BeautifulSoup(page, "lxml").select_one(f"#rank-{poll.choices[3].id} option[selected]")
    assert row is not None
    assert row["value"] == "2"


@pytest.mark.parametrize("kind", list(PollKind))
@pytest.mark.parametrize("value", ["0", "-1", "99999999999999999999", "x", "\x00", "\uff11"])
def test_what_was_not_offered_is_refused(client: FlaskClient, now: datetime, kind: PollKind, value: str) -> None:
    article, _ = asking(now, kind)
    status, page = send(client, article, {"choice": value, f"rank-{value}": "1"})
    assert (status, complaint(page), votes()) == (422, "That choice is not part of this question.", 0)


@pytest.mark.parametrize("kind", list(PollKind))
def test_another_questions_choices_are_refused(client: FlaskClient, now: datetime, kind: PollKind) -> None:
    article, _ = asking(now, kind)
    _, other = asking(now, kind)
    name = f"rank-{other.choices[0].id}" if kind is PollKind.RANKED else "choice"
    status, page = send(client, article, {name: "1" if kind is PollKind.RANKED else str(other.choices[0].id)})
    assert (status, complaint(page), votes()) == (422, "That choice is not part of this question.", 0)


@pytest.mark.parametrize("kind", list(PollKind))
def test_seventeen_answers_are_refused(client: FlaskClient, now: datetime, kind: PollKind) -> None:
    article, poll = asking(now, kind)
    status, page = send(client, article, {"choice": [str(poll.choices[0].id)] * 17})
    assert (status, bool(complaint(page)), votes()) == (422, True, 0)


@pytest.mark.parametrize("kind", [PollKind.APPROVAL, PollKind.RANKED])
def test_emptying_a_ballot_says_how_to_take_it_back(client: FlaskClient, now: datetime, kind: PollKind) -> None:
    article, poll = asking(now, kind)
    first = {"choice": str(poll.choices[0].id)} if kind is PollKind.APPROVAL else ranks(poll, "1", "", "", "")
    send(client, article, first)
    status, page = send(client, article, {"reason": "And now?"})
    assert (status, "use the button below" in complaint(page), "Take back my take" in page) == (422, True, True)
    assert given(poll) == ["Soup"]


@pytest.mark.parametrize("kind", [PollKind.APPROVAL, PollKind.RANKED])
def test_the_card_shows_what_one_holds(app: Flask, reader: Reader, now: datetime, kind: PollKind) -> None:
    article, poll = asking(now, kind)
    participation.submit(article, Answer(choices=[poll.choices[2], poll.choices[1]]), by=reader, now=now)
    page = BeautifulSoup(factories.browser_of(app, reader).get(f"/articles/{article.slug}").text, "lxml")
    checked = [str(tag["value"]) for tag in page.select("input[name=choice][checked]")]
    places = {str(tag.find_parent("select")["id"]): tag["value"] for tag in page.select(".ranking option[selected]")}  # type: ignore[index]
    if kind is PollKind.APPROVAL:
        assert checked == [str(poll.choices[place].id) for place in (1, 2)]
    else:
        assert places == {f"rank-{poll.choices[2].id}": "1", f"rank-{poll.choices[1].id}": "2"}


def test_the_same_ballot_sent_twice_counts_once(client: FlaskClient, now: datetime) -> None:
    article, poll = asking(now, PollKind.RANKED)
    for _ in range(2):
        send(client, article, ranks(poll, "2", "1", "", ""))
    assert votes() == 1


def test_a_shuffled_order_is_ones_own_and_stays(app: Flask, now: datetime) -> None:
    article, poll = asking(now, PollKind.SINGLE, is_shuffled=True)
    browsers = [factories.browser_of(app, factories.account()) for _ in range(12)]
    orders = [tuple(offered(browser.get(f"/articles/{article.slug}").text)) for browser in browsers]
    assert [tuple(offered(browser.get(f"/articles/{article.slug}").text)) for browser in browsers] == orders
    assert len(set(orders)) > 4
    assert {frozenset(order) for order in orders} == {frozenset(str(choice.id) for choice in poll.choices)}


def test_results_stand_in_the_editors_order(client: FlaskClient, now: datetime) -> None:
    article, poll = asking(now, PollKind.SINGLE, is_shuffled=True)
    _, page = send(client, article, {"choice": str(poll.choices[2].id)})
    labels = [tag.get_text() for tag in BeautifulSoup(page, "lxml").select(".tally-bar__label > :first-child")]
    assert labels == [choice.label for choice in poll.choices]


def test_the_version_turns_with_the_order_where_it_does(now: datetime) -> None:
    _, shuffled = asking(now, PollKind.SINGLE, is_shuffled=True)
    _, plain = asking(now, PollKind.SINGLE)
    later = now + TURN
    assert opinions.turn_of(shuffled, later) == (opinions.turn_of(shuffled, now) or 0) + 1
    assert opinions.turn_of(plain, later) is opinions.turn_of(plain, now) is None


def test_strangers_of_one_turn_get_the_same_bytes(
    app: Flask, client: FlaskClient, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("blueprints.articles.routes.utc_now", lambda: now)  # or the turn may end between them
    article, _ = asking(now, PollKind.SINGLE, is_shuffled=True)
    pages = [browser.get(f"/articles/{article.slug}") for browser in (client, app.test_client())]
    assert pages[0].data == pages[1].data
    assert pages[0].headers["ETag"] == pages[1].headers["ETag"]


def test_a_turn_makes_a_new_version(app: Flask, client: FlaskClient, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    shuffled, plain = asking(now, PollKind.SINGLE, is_shuffled=True)[0], asking(now, PollKind.SINGLE)[0]
    seen = {}
    for later in (timedelta(0), TURN):
        monkeypatch.setattr("blueprints.articles.routes.utc_now", lambda later=later: now + later)
        seen[later] = [client.get(f"/articles/{article.slug}").headers["ETag"] for article in (shuffled, plain)]
    assert seen[timedelta(0)][0] != seen[TURN][0]
    assert seen[timedelta(0)][1] == seen[TURN][1]
