from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient

from domain import articles, crowds, series
from extensions import db
from models import Article, PollKind, PredictionKind, ResultsVisibility
from tests import factories, history
from tests.results import page, shown, words
from tests.statements import counted_statements

pytestmark = pytest.mark.usefixtures("stage")


def text(client: FlaskClient, article: Article) -> str:
    return " ".join(page(client, article).select("#results")[0].get_text(" ").split())


def etag(client: FlaskClient, path: str) -> str:
    return client.get(path).headers["ETag"]


def test_a_scale_is_read_in_order_and_by_its_middle(client: FlaskClient, now: datetime) -> None:
    article = shown(now, PollKind.SCALE, crowd=0)
    soup = page(client, article)
    assert words(soup, ".tally-bar__label")[:5] == list(factories.STEPS)
    assert "The middle answer is “Against”: half of the voters stand there or before it." in text(client, article)


def test_an_approval_poll_says_of_how_many_its_shares_are(client: FlaskClient, now: datetime) -> None:
    article = shown(now, PollKind.APPROVAL, crowd=0)
    assert "Of 7 voters, who could approve several:" in text(client, article)
    assert words(page(client, article), ".tally-bar__numbers")[:4] == ["57 % · 4", "71 % · 5", "43 % · 3", "14 % · 1"]


def test_a_ranked_poll_shows_every_round_and_who_wins(client: FlaskClient, now: datetime) -> None:
    article = shown(now, PollKind.RANKED, crowd=0)
    assert "“Soup” wins in round 4 of an instant run-off." in text(client, article)
    assert words(page(client, article), ".rounds tbody tr") == [
        "Soup 3 · 43 % 3 · 50 % 3 · 50 % 4 · 100 % wins",
        "Salad 2 · 29 % 2 · 33 % 3 · 50 % leaves –",
        "Stew 1 · 14 % 1 · 17 % leaves – –",
        "Bread 1 · 14 % leaves – – –",
        "No choice left 0 1 1 3",
    ]
    assert "Round 3: “Salad” shared the last place, and had fewer votes in the rounds before." in text(client, article)


def test_a_poll_in_which_nobody_voted_names_no_winner(client: FlaskClient, now: datetime) -> None:
    article = factories.open_article_with(now, poll=factories.poll(now, PollKind.RANKED))
    assert article.poll is not None
    article.poll.visibility = ResultsVisibility.ALWAYS
    assert "Nobody has voted." in text(client, article)
    assert "win" not in text(client, article)


def test_lines_over_time_have_their_numbers_as_a_table(client: FlaskClient, now: datetime) -> None:
    soup = page(client, shown(now))
    assert words(soup, "#results line-chart ~ .numbers caption") == [
        "How takes have changed",
        "How the crowd forecast has moved",
    ]
    assert len(soup.select("#results .chart__band")) == 2  # of the likeliest outcome: in the drawing and in its legend


def test_of_two_outcomes_one_line_says_it_all(client: FlaskClient, now: datetime) -> None:
    soup = page(client, shown(now, PollKind.SINGLE, PredictionKind.OUTCOMES, "Yes", "No"))
    assert words(soup, "#crowd-over-time-title ~ line-chart .chart__key [dir]") == ["Yes"]


def test_ordered_outcomes_are_a_distribution_with_its_middle(client: FlaskClient, now: datetime) -> None:
    soup = page(client, shown(now, PollKind.SINGLE, PredictionKind.DATE))
    labels = [label.removesuffix(" the middle") for label in words(soup, "#results .bin__label")]
    assert labels == ["Before June", "In June", "In July", "Later", "Never"]
    assert len(soup.select("#results .bin--middle")) == 1


def test_ordered_outcomes_without_a_crowd_are_bars(client: FlaskClient, now: datetime) -> None:
    soup = page(client, shown(now, PollKind.SINGLE, PredictionKind.NUMBER, crowd=4))
    assert not soup.select("#results .bin")
    assert "20 to 30" in words(soup, ".tally-bar__label")


def test_the_cross_tab_has_counts_and_how_far_shares_can_be_trusted(client: FlaskClient, now: datetime) -> None:
    article = shown(now, crowd=12)
    [first, *_] = words(page(client, article), ".cross tbody tr")
    assert first == "Soup 83 % · 5 57 % to 95 % 17 % · 1 5 % to 43 % 0 % · 0 0 % to 21 % 6"
    assert "not a margin of error for the public" in text(client, article)


def test_nothing_is_asked_of_who_sees_everything(client: FlaskClient, now: datetime) -> None:
    article = shown(now)
    assert "see what others" not in text(client, article)
    factories.asked(article)[0].visibility = ResultsVisibility.AFTER_VOTING
    assert "Give your take below to see what others think." in text(client, article)


def test_other_ways_to_combine_are_one_link_away(client: FlaskClient, now: datetime) -> None:
    article = shown(now)
    link = page(client, article).find("a", string="Other ways to combine the same predictions")
    assert link is not None
    soup = page(client, article, "/forecast")
    assert words(soup, ".table thead th")[:6] == [
        "Outcome",
        "Crowd forecast",
        "Mean",
        "Median",
        "Recent median",
        "Sides balanced",
    ]
    assert len(words(soup, ".meanings dd")) == 5
    assert "the same 12 readers" in soup.get_text()


def test_the_gap_between_the_sides_is_said_in_words(client: FlaskClient, now: datetime) -> None:
    article = shown(now, PollKind.SINGLE, PredictionKind.OUTCOMES, "Yes", "No")
    [yes, no] = words(page(client, article, "/forecast"), ".gaps li")
    assert yes == "“Yes”: those against give this 1.1 times the odds that those for do."
    assert no == "“No”: those for give this 1.1 times the odds that those against do."


def test_what_sides_expect_is_hidden_with_the_takes(client: FlaskClient, now: datetime) -> None:
    article = shown(now)
    poll, _ = factories.asked(article)
    poll.visibility = ResultsVisibility.AFTER_CLOSING
    soup = page(client, article, "/forecast")
    assert "Mean" in soup.get_text()
    assert not {"Sides balanced", "Side"} & set(words(soup, "th"))
    assert not soup.select(".gaps")


def test_ways_to_combine_are_hidden_with_the_forecasts(client: FlaskClient, now: datetime) -> None:
    article = shown(now)
    _, prediction = factories.asked(article)
    prediction.visibility = ResultsVisibility.AFTER_VOTING
    soup = page(client, article, "/forecast")
    assert not soup.select("table")
    assert "appears once you have predicted" in soup.get_text()


def test_four_forecasts_are_not_combined(client: FlaskClient, now: datetime) -> None:
    article = shown(now, crowd=4)
    assert "The crowd forecast appears once 5 readers have given chances." in page(client, article, "/forecast").get_text()
    assert page(client, article).find("a", string="Other ways to combine the same predictions") is None


@pytest.mark.parametrize("at", ["", "/forecast"])
def test_a_closed_question_promises_no_crowd_forecast(client: FlaskClient, now: datetime, at: str) -> None:
    article = shown(now, crowd=4)
    factories.asked(article)[1].closed_at = now
    text = page(client, article, at).get_text()
    assert "There is no crowd forecast: fewer than 5 readers gave chances." in text
    assert "The crowd forecast appears once" not in text


@pytest.mark.parametrize("at", ["", "/forecast", "/results.json"])
def test_a_crowd_made_after_the_vote_turns_the_page_over(client: FlaskClient, now: datetime, at: str) -> None:
    article = shown(now)
    path = f"/articles/{article.slug}{at}"
    history.predicts(article, factories.guest(), now, 0.01, 0.01, 0.98)
    before = etag(client, path)
    crowds.refresh(factories.asked(article)[1], now=now)
    assert etag(client, path) != before


def test_a_new_point_of_a_line_turns_the_page_over(client: FlaskClient, now: datetime) -> None:
    article = shown(now)
    poll, _ = factories.asked(article)
    before = etag(client, f"/articles/{article.slug}")
    articles.close(article, now=now - timedelta(minutes=2))
    closed = etag(client, f"/articles/{article.slug}")
    series.extend(poll, now=now)
    assert len({before, closed, etag(client, f"/articles/{article.slug}")}) == 3


def test_a_page_with_results_costs_the_same_with_many_points(client: FlaskClient, now: datetime) -> None:
    seen = []
    for crowd in (5, 20):
        path = f"/articles/{shown(now, crowd=crowd).slug}"
        db.session.expunge_all()
        with counted_statements() as statements:
            client.get(path)
        seen.append(len(statements))
    assert seen[0] == seen[1] <= 20
