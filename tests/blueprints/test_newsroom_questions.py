from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import force_locale

from blueprints.newsroom import spanning
from domain import articles, participation, questions, spans
from domain.participation import Answer
from domain.spans import Ends, Span
from extensions import db
from models import Article, Camp, PollKind, PredictionKind, Reader
from tests import factories
from tests.forms import Fields, fields_of, type_into
from tests.statements import counted_statements

pytestmark = pytest.mark.usefixtures("stage")


@pytest.fixture
def desk(app: Flask, editor: Reader) -> FlaskClient:
    return factories.browser_of(app, editor)


@pytest.fixture
def draft(now: datetime) -> Article:
    return articles.create(factories.draft(now), now=now)


def path(article: Article, act: str = "") -> str:
    return f"/newsroom/articles/{article.id}{act}"


def form_of(desk: FlaskClient, article: Article, act: str = "") -> Fields:
    return fields_of(desk.get(path(article, act)).text, action=path(article, act))


def pressed(desk: FlaskClient, draft: Article, step: str, **typed: str) -> tuple[int, str, Fields]:
    """Type into a draft's form, press one of its buttons, and return the status, the page and its form."""
    fields = form_of(desk, draft)
    type_into(
        fields, {**{f"prediction-{name}" if "-" not in name else name: value for name, value in typed.items()}, "step": step}
    )
    answer = desk.post(path(draft), data=fields)
    return answer.status_code, answer.text, fields_of(answer.text, action=path(draft))


def labels_in(fields: Fields, name: str = "prediction-outcomes-label") -> list[str]:
    return [label for label in fields.getlist(name) if label]


def saved(desk: FlaskClient, draft: Article, fields: Fields) -> int:
    type_into(fields, {"step": "save"})
    return desk.post(path(draft), data=fields).status_code


def answered(article: Article, by: Reader, now: datetime) -> None:
    poll, prediction = factories.asked(article)
    participation.submit(article, Answer(choices=[poll.choices[0]], outcome=prediction.outcomes[0]), by=by, now=now)


def test_a_scale_is_filled_in_with_its_steps_and_their_sides(desk: FlaskClient, draft: Article) -> None:
    _, _, fields = pressed(desk, draft, "kind", **{"poll-kind": "scale"})
    assert labels_in(fields, "poll-choices-label")[0] == "Strongly agree"
    assert saved(desk, draft, fields) == 303
    poll, _ = factories.asked(draft)
    assert poll.kind is PollKind.SCALE
    assert [choice.camp for choice in poll.choices] == [Camp.FOR, Camp.FOR, Camp.UNSURE, Camp.AGAINST, Camp.AGAINST]


def test_agreement_is_filled_in_with_three_answers(desk: FlaskClient, draft: Article) -> None:
    _, _, fields = pressed(desk, draft, "kind", **{"poll-kind": "agreement"})
    assert labels_in(fields, "poll-choices-label") == ["Agree", "Disagree", "Not sure"]


def test_a_kind_without_usual_answers_leaves_those_that_are_there(desk: FlaskClient, draft: Article) -> None:
    _, page, fields = pressed(desk, draft, "kind", **{"poll-kind": "ranked"})
    assert labels_in(fields, "poll-choices-label") == ["Agree", "Disagree", "Not sure"]
    assert "There are no usual answers for this kind." in page


def test_another_order_for_each_reader_is_kept_and_shown_ticked(desk: FlaskClient, draft: Article) -> None:
    fields = form_of(desk, draft)
    assert "poll-shuffled" not in fields
    type_into(fields, {"poll-shuffled": "1", "poll-kind": "approval"})
    assert saved(desk, draft, fields) == 303
    poll, _ = factories.asked(draft)
    assert (poll.is_shuffled, poll.kind) == (True, PollKind.APPROVAL)
    assert form_of(desk, draft)["poll-shuffled"] == "1"


@pytest.mark.parametrize(
    ("kind", "labels", "says"),
    [
        ("scale", ["a", "b", "c", "d"], "A scale has five steps."),
        ("ranked", list("abcdefg"), "A ranked question has at most 6 answers"),
        ("loudest", ["a", "b"], "Not a valid choice"),
    ],
)
def test_a_kind_that_does_not_fit_is_named_and_nothing_lost(
    desk: FlaskClient, draft: Article, kind: str, labels: list[str], says: str
) -> None:
    fields = form_of(desk, draft)
    fields.setlist("poll-choices-label", labels)
    type_into(fields, {"poll-kind": kind})
    answer = desk.post(path(draft), data=fields)
    assert (answer.status_code, says in answer.text) == (422, True)
    assert labels_in(fields_of(answer.text, action=path(draft)), "poll-choices-label") == labels
    assert factories.asked(draft)[0].kind is PollKind.SINGLE


def test_days_become_the_outcomes_of_a_prediction(desk: FlaskClient, draft: Article) -> None:
    status, _, fields = pressed(desk, draft, "spans", kind="date", edges="2027-03-01\n2027-04-01")
    assert (status, labels_in(fields)) == (200, ["before March 1, 2027", "March 1 – 31, 2027", "after March 31, 2027", "never"])
    assert saved(desk, draft, fields) == 303
    assert factories.asked(draft)[1].kind is PredictionKind.DATE
    assert [outcome.label for outcome in factories.asked(draft)[1].outcomes] == labels_in(fields)


def test_numbers_become_outcomes_with_their_unit(desk: FlaskClient, draft: Article) -> None:
    status, _, fields = pressed(desk, draft, "spans", kind="number", edges="10, 20,50", unit="%")
    made = ["below 10 %", "10 % to below 20 %", "20 % to below 50 %", "50 % or more"]
    assert (status, labels_in(fields)) == (200, made)
    assert fields["prediction-edges"] == "10\n20\n50"


def test_a_range_that_ends_holds_its_last_number(desk: FlaskClient, draft: Article) -> None:
    fields = form_of(desk, draft)
    type_into(fields, {"prediction-kind": "number", "prediction-edges": "0,1000,2500.5", "step": "spans"})
    for end in ("before", "after"):
        fields.poplist(f"prediction-{end}")
    shown = fields_of(desk.post(path(draft), data=fields).text, action=path(draft))
    assert labels_in(shown) == ["0 to below 1,000", "1,000 to 2,500.5"]


def test_edges_are_stepped_and_can_then_be_moved(desk: FlaskClient, draft: Article) -> None:
    typed = {"first": "2027-01-31", "last": "2027-03-31", "step_unit": "months"}
    _, _, fields = pressed(desk, draft, "spans", kind="date", **typed, **{"prediction-step": "1"})
    assert fields["prediction-edges"] == "2027-01-31\n2027-02-28\n2027-03-31"
    assert labels_in(fields)[1] == "January 31 – February 27, 2027"


def test_the_day_on_which_clocks_change_is_one_day(desk: FlaskClient, draft: Article) -> None:
    _, _, fields = pressed(desk, draft, "spans", kind="date", edges="2027-03-28, 2027-03-29")
    assert labels_in(fields)[:3] == ["before March 28, 2027", "March 28, 2027", "after March 28, 2027"]


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en_GB", ["before 1 March 2027", "1–31 March 2027", "1 April 2027 – 29 February 2028", "after 29 February 2028"]),
        ("de", ["before 1. März 2027", "1.–31. März 2027", "1. April 2027 – 29. Februar 2028", "after 29. Februar 2028"]),
    ],
)
def test_spans_of_days_are_written_as_the_sites_language_does(app: Flask, locale: str, words: list[str]) -> None:
    edges = [date(2027, 3, 1), date(2027, 4, 1), date(2028, 3, 1)]
    with app.test_request_context(), force_locale(locale):
        assert [spanning.day_words(span) for span in spans.spans(edges, Ends())] == words


@pytest.mark.parametrize(("locale", "words"), [("en", "1,000.5 km to below 2,000 km"), ("de", "1.000,5 km to below 2.000 km")])
def test_spans_of_numbers_are_written_as_the_sites_language_does(app: Flask, locale: str, words: str) -> None:
    span = Span(start=Decimal("1000.5"), end=Decimal(2000))
    with app.test_request_context(), force_locale(locale):
        assert spanning.number_words(span, "km") == words


@pytest.mark.parametrize(
    ("kind", "typed", "says"),
    [
        ("number", "ten", "“ten” is not a number."),
        ("number", "NaN", "“NaN” is not a number."),
        ("number", "1e309", "“1e309” is not a number."),
        ("number", "10,10", "10 comes after 10"),
        ("number", "20,10", "10 comes after 20"),
        ("number", ",".join(map(str, range(16))), "make 17 outcomes"),
        ("number", "x" * 2001, "too long for edges"),
        ("number", "", "“” is not a number."),
        ("date", "2027-02-29", "There is no such day as “2027-02-29”."),
        ("date", "1 March", "“1 March” is not a date."),
        ("date", "0207-03-01", "Look at the year"),
        ("date", "2027-03-02;2027-03-01", "2027-03-01 comes after 2027-03-02"),
        ("outcomes", "1,2", "Spans are for a date or a number"),
        ("number", "<script>alert(1)</script>", "is not a number"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_bad_edges_are_named_and_nothing_is_lost(desk: FlaskClient, draft: Article, kind: str, typed: str, says: str) -> None:
    status, page, fields = pressed(desk, draft, "spans", kind=kind, edges=typed, question="As typed?")
    assert (status, says in BeautifulSoup(page, "lxml").get_text()) == (422, True)
    assert (fields["prediction-edges"], fields["prediction-question"]) == (typed, "As typed?")
    assert labels_in(fields) == ["For ending them", "Against", "No vote this year"]
    assert "<script>alert" not in page


@pytest.mark.parametrize("step", ["0", "-1", "1.5", "month", "9999999", ""])
def test_a_step_between_days_that_leads_nowhere_is_named(desk: FlaskClient, draft: Article, step: str) -> None:
    typed = {"prediction-first": "2027-01-01", "prediction-last": "2027-06-01", "prediction-step": step}
    status, page, fields = pressed(desk, draft, "spans", kind="date", **typed)
    assert (status, "The step has to be" in page) == (422, True)
    assert {name: fields[name] for name in typed} == typed


def test_a_correction_says_first_what_readers_will_see(
    desk: FlaskClient, article: Article, reader: Reader, now: datetime
) -> None:
    assert "Nobody has answered yet" in desk.get(path(article, "/poll/wording")).text
    answered(article, reader, now)
    assert "Readers see that it was reworded, and how it read before." in desk.get(path(article, "/poll/wording")).text


def test_a_corrected_wording_is_shown_to_strangers_with_what_it_said(
    desk: FlaskClient, client: FlaskClient, article: Article, reader: Reader, now: datetime
) -> None:
    answered(article, reader, now)
    seen = client.get(f"/articles/{article.slug}")
    poll, _ = factories.asked(article)
    fields = form_of(desk, article, "/poll/wording")
    type_into(fields, {"question": "Should bridge tolls end?", f"answers-{poll.choices[0].id}": "I agree"})
    answer = desk.post(path(article, "/poll/wording"), data=fields)
    assert (answer.status_code, answer.location) == (303, path(article))
    page = client.get(f"/articles/{article.slug}", headers={"If-None-Match": seen.headers["ETag"]})
    words = " ".join(BeautifulSoup(page.text, "lxml").get_text().split())
    assert "It read before: Should the tolls end?" in words
    assert "I agree read before: Agree" in words


@pytest.mark.parametrize(
    ("name", "typed"), [("question", " "), ("question", "x" * 301), ("criteria", ""), ("criteria", "x" * 5001)]
)
def test_a_wording_readers_could_not_use_is_named_and_kept(desk: FlaskClient, article: Article, name: str, typed: str) -> None:
    fields = form_of(desk, article, "/prediction/wording")
    type_into(fields, {name: typed})
    answer = desk.post(path(article, "/prediction/wording"), data=fields)
    assert answer.status_code == 422
    assert fields_of(answer.text, action=path(article, "/prediction/wording"))[name] == typed


def test_an_emptied_answer_does_not_move_the_others(desk: FlaskClient, article: Article) -> None:
    poll, _ = factories.asked(article)
    fields = form_of(desk, article, "/poll/wording")
    type_into(fields, {f"answers-{poll.choices[0].id}": ""})
    answer = desk.post(path(article, "/poll/wording"), data=fields)
    assert answer.status_code == 422
    shown = fields_of(answer.text, action=path(article, "/poll/wording"))
    assert [shown[f"answers-{choice.id}"] for choice in poll.choices] == ["", "Disagree", "Not sure"]


def test_of_two_editors_the_second_sees_what_the_first_saved(
    desk: FlaskClient, article: Article, editor: Reader, now: datetime
) -> None:
    poll, _ = factories.asked(article)
    fields = form_of(desk, article, "/poll/wording")
    first = questions.Wording(question="The first editor's?", answers=["Agree", "Disagree", "Not sure"])
    questions.reword(poll, first, by=editor, now=now)
    type_into(fields, {"question": "The second editor's?"})
    answer = desk.post(path(article, "/poll/wording"), data=fields)
    assert (answer.status_code, poll.question) == (409, "The first editor's?")
    again = fields_of(answer.text, action=path(article, "/poll/wording"))
    assert again["question"] == "The second editor's?"
    assert "The first editor" in answer.text
    assert desk.post(path(article, "/poll/wording"), data=again).status_code == 303


def test_a_closing_time_is_moved_and_readers_see_from_when(
    desk: FlaskClient, client: FlaskClient, article: Article, now: datetime
) -> None:
    fields = form_of(desk, article, "/prediction/closing-time")
    type_into(fields, {"closes_at": f"{now + timedelta(days=60):%Y-%m-%dT%H:%M}"})
    assert desk.post(path(article, "/prediction/closing-time"), data=fields).status_code == 303
    assert "Closes later than first said (was" in client.get(f"/articles/{article.slug}").text


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "Give a date and a time."),
        ("soon", "That is not a date and a time."),
        ("2001-01-01T10:00", "This time has passed."),
        ("2190-01-01T10:00", "more than ten years away"),
    ],
)
def test_a_closing_time_that_cannot_be_is_named_and_kept(desk: FlaskClient, article: Article, typed: str, says: str) -> None:
    before = factories.asked(article)[0].closes_at
    fields = form_of(desk, article, "/poll/closing-time")
    type_into(fields, {"closes_at": typed})
    answer = desk.post(path(article, "/poll/closing-time"), data=fields)
    assert (answer.status_code, says in answer.text) == (422, True)
    assert fields_of(answer.text, action=path(article, "/poll/closing-time"))["closes_at"] == typed
    assert factories.asked(article)[0].closes_at == before


def test_a_question_is_ended_and_can_be_opened_again(
    desk: FlaskClient, client: FlaskClient, article: Article, now: datetime
) -> None:
    assert desk.post(path(article, "/poll/ending")).status_code == 303
    assert "before its time." in client.get(f"/articles/{article.slug}").text
    assert desk.post(path(article, "/poll/ending")).status_code == 409
    assert "Open it again" in desk.get(path(article)).text
    fields = form_of(desk, article, "/poll/closing-time")
    assert desk.post(path(article, "/poll/closing-time"), data=fields).status_code == 303
    assert factories.asked(article)[0].is_open(now + timedelta(minutes=1))
    assert "Opened again on" in client.get(f"/articles/{article.slug}").text


def test_an_outcome_is_added_and_readers_see_it(desk: FlaskClient, client: FlaskClient, article: Article) -> None:
    _, prediction = factories.asked(article)
    fields = form_of(desk, article, "/prediction/outcomes")
    assert fields["split_from"] == str(prediction.outcomes[-1].id)
    type_into(fields, {"label": "A <b>referendum</b>"})
    assert desk.post(path(article, "/prediction/outcomes"), data=fields).status_code == 303
    page = client.get(f"/articles/{article.slug}").text
    assert "Outcome added on" in page
    assert "<b>referendum" not in page


@pytest.mark.parametrize(
    ("name", "typed"),
    [("label", ""), ("label", "against"), ("label", "x" * 201), ("split_from", "9999999"), ("split_from", "x")],
)
def test_an_outcome_that_cannot_be_is_refused(desk: FlaskClient, article: Article, name: str, typed: str) -> None:
    fields = form_of(desk, article, "/prediction/outcomes")
    type_into(fields, {"label": "New", name: typed})
    assert desk.post(path(article, "/prediction/outcomes"), data=fields).status_code == 422
    assert len(factories.asked(article)[1].outcomes) == 3


def test_what_can_be_changed_is_linked_and_no_more(desk: FlaskClient, article: Article, now: datetime) -> None:
    def acts() -> list[str]:
        links = BeautifulSoup(desk.get(path(article)).text, "lxml").select("section.asks a")
        return [str(link["href"]).removeprefix(path(article)) for link in links]

    three = ["wording", "closing-time", "ending"]
    wanted = [f"/poll/{act}" for act in three] + [
        "/prediction/wording",
        "/prediction/closing-time",
        "/prediction/outcomes",
        "/prediction/ending",
    ]
    assert acts() == wanted
    articles.close(article, now=now)
    assert acts() == []


@pytest.mark.parametrize("act", ["/poll/wording", "/poll/closing-time", "/poll/ending", "/prediction/outcomes"])
def test_a_closed_article_has_no_forms_for_its_questions(desk: FlaskClient, article: Article, now: datetime, act: str) -> None:
    articles.close(article, now=now)
    answer = desk.get(path(article, act))
    assert (answer.status_code, BeautifulSoup(answer.text, "lxml").select("main form")) == (409, [])


@pytest.mark.parametrize("act", ["/poll/wording", "/prediction/wording", "/prediction/outcomes", "/essay/wording"])
def test_what_is_not_asked_cannot_be_changed(desk: FlaskClient, article: Article, act: str) -> None:
    poll, prediction = factories.asked(article)
    for question in (poll, prediction):
        db.session.delete(question)
    db.session.flush()
    assert desk.get(path(article, act)).status_code == 404


def test_changes_cost_the_page_no_more_statements(client: FlaskClient, article: Article, editor: Reader, now: datetime) -> None:
    def cost() -> int:
        with counted_statements() as count:
            client.get(f"/articles/{article.slug}")
        return len(count)

    asked = factories.asked(article)
    for question in asked:
        questions.reschedule(question, now + timedelta(days=2), by=editor, now=now)
    before = cost()
    for days in (3, 4, 5):
        for question in asked:
            questions.reschedule(question, now + timedelta(days=days), by=editor, now=now)
    assert cost() == before
