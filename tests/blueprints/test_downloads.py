from __future__ import annotations

import csv
import io
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from domain import participation, tallies
from domain.participation import Answer
from models import Article, PollKind, PredictionKind, Reader, ResultsVisibility
from tests import factories
from tests.results import shown

pytestmark = pytest.mark.usefixtures("stage")

KINDS = ["csv", "json"]


def address(article: Article, kind: str) -> str:
    return f"/articles/{article.slug}/results.{kind}"


def rows(client: FlaskClient, article: Article) -> list[dict[str, str]]:
    answer = client.get(address(article, "csv"))
    assert answer.status_code == 200
    return list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))


def figure(client: FlaskClient, article: Article, **named: str) -> str:
    [row] = [row for row in rows(client, article) if row.items() >= named.items()]
    return row["value"]


def test_the_json_file_says_what_the_page_does(client: FlaskClient, now: datetime) -> None:
    article = shown(now)
    poll, prediction = factories.asked(article)
    told = client.get(address(article, "json")).get_json()
    takes, outcomes = tallies.takes(poll), tallies.outcomes(prediction)
    assert [(one["label"], one["counted"]) for one in told["takes"]["choices"]] == [
        (share.label, share.count) for share in takes.shares
    ]
    assert told["takes"]["voters"] == {tier.value: count for tier, count in takes.by_tier.items()}
    assert told["prediction"]["crowd"]["chances"] == pytest.approx({one.label: one.crowd for one in outcomes.shares}, abs=1e-6)
    assert [row["readers"] for row in told["predictions_by_take"]] == [row.total for row in tallies.cross_tab(article)]


def test_the_json_file_has_the_lines_and_the_alternatives(client: FlaskClient, now: datetime) -> None:
    told = client.get(address(shown(now, PollKind.APPROVAL), "json")).get_json()
    assert told["takes"]["over_time"][-1]["voters"] == 19
    last = told["prediction"]["over_time"][-1]
    assert (last["forecasts"], set(last["outcomes"]["Yes"])) == (12, {"chance", "low", "high"})
    assert {"mean", "median", "recent_median", "balanced", "gap", "low", "high", "camps"} <= told["prediction"]["crowd"].keys()


def test_every_round_is_in_both_files(client: FlaskClient, now: datetime) -> None:
    article = shown(now, PollKind.RANKED, crowd=0)
    rounds = client.get(address(article, "json")).get_json()["takes"]["rounds"]
    assert [one["eliminated"] for one in rounds] == [["Bread"], ["Stew"], ["Salad"], []]
    assert rounds[-1]["winners"] == ["Soup"]
    assert figure(client, article, part="round", at="4", answer="Soup", measure="votes") == "4"
    assert figure(client, article, part="round", at="2", measure="exhausted") == "1"


def test_the_csv_file_says_what_the_json_file_does(client: FlaskClient, now: datetime) -> None:
    article = shown(now, PollKind.SINGLE, PredictionKind.DATE)
    told = client.get(address(article, "json")).get_json()
    crowd, last = told["prediction"]["crowd"], told["prediction"]["over_time"][-1]
    assert float(figure(client, article, part="crowd", answer="In June", measure="median")) == crowd["median"]["In June"]
    over_time = {"part": "crowd over time", "at": last["at"], "answer": "Never"}
    assert float(figure(client, article, **over_time, measure="high")) == last["outcomes"]["Never"]["high"]
    assert figure(client, article, part="takes", answer="Soup", tier="guest", measure="votes") == str(
        told["takes"]["choices"][0]["votes"]["guest"]
    )
    cross = told["predictions_by_take"][0]["outcomes"]["Never"]
    pair = {"part": "predictions by take", "given": "Soup", "answer": "Never"}
    assert float(figure(client, article, **pair, measure="high")) == cross["high"]


@pytest.mark.parametrize("label", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1"])  # noqa: RUF001 - a wide one
def test_no_text_is_a_formula(client: FlaskClient, now: datetime, label: str) -> None:
    article = shown(now, PollKind.SINGLE, PredictionKind.OUTCOMES, label, "No", crowd=5)
    assert figure(client, article, part="predictions", answer=f"'{label}", measure="counted")


@pytest.mark.parametrize("kind", KINDS)
def test_hidden_results_are_refused_in_the_form_that_was_asked_for(client: FlaskClient, article: Article, kind: str) -> None:
    answer = client.get(address(article, kind))
    assert (answer.status_code, answer.mimetype) == (403, {"csv": "text/csv", "json": "application/json"}[kind])
    assert "Results appear once you have voted" in answer.text
    assert answer.headers["Cache-Control"] == "private, no-store"


@pytest.mark.parametrize("kind", KINDS)
def test_who_has_voted_gets_the_takes_and_no_forecasts(
    app: Flask, article: Article, reader: Reader, now: datetime, kind: str
) -> None:
    poll, _ = factories.asked(article)
    participation.submit(article, Answer(choices=[poll.choices[0]]), by=reader, now=now)
    answer = factories.browser_of(app, reader).get(address(article, kind))
    assert answer.status_code == 200
    assert "private" in answer.headers["Cache-Control"]
    assert "Agree" in answer.text
    assert "Against" not in answer.text


def test_what_camps_expect_is_in_no_file_without_the_takes(client: FlaskClient, now: datetime) -> None:
    article = shown(now)
    factories.asked(article)[0].visibility = ResultsVisibility.AFTER_CLOSING
    told = client.get(address(article, "json")).get_json()
    assert (told["takes"], told["predictions_by_take"]) == (None, [])
    assert not {"balanced", "gap"} & told["prediction"]["crowd"].keys()
    assert told["prediction"]["crowd"]["camps"] == {}
    assert not {"crowd of a camp", "takes"} & {row["part"] for row in rows(client, article)}


@pytest.mark.parametrize("kind", KINDS)
def test_strangers_share_a_file_and_are_told_that_it_is_the_same(client: FlaskClient, now: datetime, kind: str) -> None:
    article = shown(now)
    first = client.get(address(article, kind))
    assert first.headers["Cache-Control"].startswith("public")
    again = client.get(address(article, kind), headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    assert first.headers["ETag"] != client.get(f"/articles/{article.slug}").headers["ETag"]
