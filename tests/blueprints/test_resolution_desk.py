from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from domain import disputes, participation, resolutions
from domain.participation import Answer
from models import Article, Dispute, Prediction, Reader, ResolutionAct, Role
from tests import factories
from tests.forms import Fields, fields_of, type_into
from tests.resolving import dispute, finalise, finding, resolve

pytestmark = pytest.mark.usefixtures("stage")
NOUNS = {"annulment": ResolutionAct.ANNULLED, "ambiguity": ResolutionAct.AMBIGUOUS, "reopening": ResolutionAct.REOPENED}
EACH_NOUN = pytest.mark.parametrize("noun", NOUNS)


@pytest.fixture
def resolver() -> Reader:
    return factories.account("Olga", role=Role.EDITOR)


@pytest.fixture
def desk(app: Flask, editor: Reader) -> FlaskClient:
    """Return the browser of an editor who did not say what happened."""
    return factories.browser_of(app, editor)


@pytest.fixture
def said(article: Article, resolver: Reader, now: datetime) -> Prediction:
    """Return a prediction of which something is said provisionally."""
    resolve(article, resolver, now - timedelta(minutes=1))
    return factories.asked(article)[1]


def path(prediction: Prediction, act: str = "resolution") -> str:
    return f"/newsroom/articles/{prediction.article_id}/{act}"


def decision(one: Dispute) -> str:
    return path(one.resolution.prediction, f"disputes/{one.id}/decision")


def filled(desk: FlaskClient, where: str, **typed: str) -> Fields:
    fields = fields_of(desk.get(where).text, action=where)
    type_into(fields, typed)
    return fields


def confirmed(desk: FlaskClient, where: str, fields: Fields) -> Fields:
    """Return what the last look sends when it is confirmed."""
    seen = fields_of(desk.post(where, data=fields).text, action=where)
    type_into(seen, {"step": "confirm"})
    return seen


def words(html: str) -> str:
    main = BeautifulSoup(html, "lxml").main
    assert main is not None
    return " ".join(main.get_text(" ").split())


def test_the_desk_shows_everything_that_was_said_the_newest_first(
    desk: FlaskClient, said: Prediction, resolver: Reader, reader: Reader, now: datetime
) -> None:
    dispute(said, reader, now)
    resolutions.reopen(said, "It was premature.", by=resolver, now=now)
    page = words(desk.get(path(said)).text)
    assert page.index("It was premature.") < page.index("The minutes say so.") < page.index("were corrected a day later")
    assert "Not decided: what it disputes is no longer said." in page
    assert page.count("Olga") == 2


def test_what_is_provisional_says_when_it_becomes_final(
    desk: FlaskClient, said: Prediction, reader: Reader, now: datetime
) -> None:
    assert "It becomes final on" in words(desk.get(path(said)).text)
    dispute(said, reader, now)
    page = words(desk.get(path(said)).text)
    assert "once the disputes are decided" in page
    assert "1 dispute waits for a second editor" in page


@pytest.mark.parametrize(
    ("state", "offered"),
    [
        ("nothing", ["Annul the prediction", "End it without a clear outcome"]),
        ("provisional", ["Annul the prediction", "End it without a clear outcome", "Reopen the prediction"]),
        ("final", ["Annul the prediction", "End it without a clear outcome", "Reopen the prediction"]),
        ("annulled", ["Reopen the prediction"]),
    ],
)
def test_only_what_can_follow_is_offered(
    desk: FlaskClient, article: Article, *, resolver: Reader, now: datetime, state: str, offered: list[str]
) -> None:
    prediction = factories.asked(article)[1]
    if state in {"provisional", "final"}:
        resolve(article, resolver, now)
    if state == "final":
        finalise(prediction, now)
    if state == "annulled":
        resolutions.annul(prediction, "Because.", by=resolver, now=now)
    page = BeautifulSoup(desk.get(path(prediction)).text, "lxml")
    assert [link.get_text() for link in page.select(".newsroom__acts a")] == offered
    assert bool(page.select("form.editing")) == (state in {"nothing", "provisional"})


@EACH_NOUN
def test_an_act_says_what_follows_and_has_a_last_look(desk: FlaskClient, said: Prediction, noun: str) -> None:
    where = path(said, noun)
    assert "is told, and can read why" in desk.get(where).text
    sent = confirmed(desk, where, filled(desk, where, note="It was\n<b>unclear</b>.", step="review"))
    assert (sent["note"], len(said.resolutions)) == ("It was\n<b>unclear</b>.", 1)
    answer = desk.post(where, data=sent)
    assert (answer.status_code, answer.location) == (303, path(said))
    assert (said.resolutions[-1].act, said.resolutions[-1].note) == (NOUNS[noun], "It was\n<b>unclear</b>.")


@EACH_NOUN
def test_after_a_last_look_a_note_can_still_be_changed(desk: FlaskClient, said: Prediction, noun: str) -> None:
    where = path(said, noun)
    seen = confirmed(desk, where, filled(desk, where, note="Because.", step="review"))
    type_into(seen, {"step": "change"})
    assert fields_of(desk.post(where, data=seen).text, action=where)["note"] == "Because."


@EACH_NOUN
@pytest.mark.parametrize(("note", "says"), [("", "Write why"), ("x" * 2_001, "At most 2000 characters.")], ids=["none", "long"])
def test_a_note_that_cannot_be_kept_is_named(desk: FlaskClient, said: Prediction, *, noun: str, note: str, says: str) -> None:
    where = path(said, noun)
    answer = desk.post(where, data=filled(desk, where, note=note, step="confirm"))
    assert (answer.status_code, says in answer.text, len(said.resolutions)) == (422, True, 1)
    assert fields_of(answer.text, action=where)["note"] == note


@EACH_NOUN
def test_an_editor_who_is_overtaken_changes_nothing(
    desk: FlaskClient, said: Prediction, *, resolver: Reader, now: datetime, noun: str
) -> None:
    where = path(said, noun)
    sent = filled(desk, where, note="Because.", step="confirm")
    resolutions.resolve(said, finding(said.outcomes[1], now), by=resolver, now=now)
    answer = desk.post(where, data=sent)
    assert (answer.status_code, len(said.resolutions)) == (409, 2)
    assert "Something else was said of how this ended meanwhile." in answer.text
    assert fields_of(answer.text, action=where)["note"] == "Because."


def test_reopening_says_whether_readers_can_predict_again(desk: FlaskClient, said: Prediction, now: datetime) -> None:
    assert "Readers can predict again, until" in desk.get(path(said, "reopening")).text
    said.closes_at = now
    assert "Predicting stays over" in desk.get(path(said, "reopening")).text


def test_a_last_look_counts_predictions_that_come_too_late(
    desk: FlaskClient, article: Article, reader: Reader, now: datetime
) -> None:
    prediction = factories.asked(article)[1]
    participation.submit(article, Answer(outcome=prediction.outcomes[0]), by=reader, now=now)
    earlier = f"{now - timedelta(hours=1):%Y-%m-%dT%H:%M}"
    typed = {"outcome": str(prediction.outcomes[0].id), "source_url": "https://a.example", "happened_at": earlier}
    sent = filled(desk, path(prediction), **typed, known_at=earlier, step="review")
    page = words(desk.post(path(prediction), data=sent).text)
    assert "1 prediction was made after it became known; it does not count." in page


def test_a_dispute_is_dismissed_with_a_note(
    desk: FlaskClient, said: Prediction, editor: Reader, reader: Reader, now: datetime
) -> None:
    one = dispute(said, reader, now)
    where = decision(one)
    page = words(desk.get(where).text)
    assert "The minutes were corrected a day later." in page
    sent = confirmed(desk, where, filled(desk, where, ruling="dismissed", note="That is another vote.", step="review"))
    assert one.decision is None
    answer = desk.post(where, data=sent)
    assert (answer.status_code, answer.location) == (303, path(said))
    assert one.decision is not None
    assert (one.decision.note, one.decision.is_upheld, one.decision.editor_id) == ("That is another vote.", False, editor.id)
    assert len(said.resolutions) == 1


@pytest.mark.parametrize("act", [ResolutionAct.REOPENED, ResolutionAct.ANNULLED, ResolutionAct.AMBIGUOUS])
def test_an_upheld_dispute_is_followed_by_what_was_chosen(
    desk: FlaskClient, said: Prediction, reader: Reader, now: datetime, act: ResolutionAct
) -> None:
    where = decision(dispute(said, reader, now))
    sent = confirmed(desk, where, filled(desk, where, ruling=act.value, note="The reader is right.", step="review"))
    assert desk.post(where, data=sent).status_code == 303
    assert (said.resolutions[-1].act, said.resolutions[-1].note) == (act, "The reader is right.")


def another_finding(prediction: Prediction, now: datetime) -> dict[str, str]:
    earlier = f"{now - timedelta(hours=1):%Y-%m-%dT%H:%M}"
    typed = {"outcome": str(prediction.outcomes[1].id), "source_url": "https://a.example", "evidence": "Lost."}
    return {**typed, "happened_at": earlier, "known_at": earlier, "ruling": "finding", "note": "Right."}


def test_the_second_editor_can_say_what_happened_instead(
    desk: FlaskClient, said: Prediction, editor: Reader, reader: Reader, now: datetime
) -> None:
    where = decision(dispute(said, reader, now))
    sent = confirmed(desk, where, filled(desk, where, **another_finding(said, now), step="review"))
    assert desk.post(where, data=sent).status_code == 303
    row = said.resolutions[-1]
    assert (row.act, row.outcome, row.evidence, row.editor_id) == (
        ResolutionAct.PROVISIONAL,
        said.outcomes[1],
        "Lost.",
        editor.id,
    )


@pytest.mark.parametrize("missing", ["outcome", "source_url", "known_at", "note"])
def test_what_is_missing_of_a_decision_is_named_and_the_rest_kept(
    desk: FlaskClient, said: Prediction, *, reader: Reader, now: datetime, missing: str
) -> None:
    one = dispute(said, reader, now)
    sent = filled(desk, decision(one), **{**another_finding(said, now), missing: ""}, step="confirm")
    answer = desk.post(decision(one), data=sent)
    assert (answer.status_code, one.decision, len(said.resolutions)) == (422, None, 1)
    shown = fields_of(answer.text, action=decision(one))
    kept = {"outcome", "source_url", "evidence", "note", "ruling"} - {missing}
    assert {name: shown[name] for name in kept} == {name: sent[name] for name in kept}


def test_who_said_it_is_told_that_another_has_to_decide(
    app: Flask, said: Prediction, resolver: Reader, reader: Reader, now: datetime
) -> None:
    one, browser = dispute(said, reader, now), factories.browser_of(app, resolver)
    page = words(browser.get(path(said)).text)
    assert "You said what happened, so another editor has to decide this." in page
    assert browser.get(decision(one)).status_code == 403
    answer = browser.post(decision(one), data={"ruling": "dismissed", "note": "No.", "step": "confirm"})
    assert (answer.status_code, one.decision) == (403, None)


def test_a_dispute_decided_meanwhile_cannot_be_decided(
    desk: FlaskClient, said: Prediction, reader: Reader, now: datetime
) -> None:
    one = dispute(said, reader, now)
    sent = filled(desk, decision(one), ruling="reopened", note="Right.", step="confirm")
    disputes.dismiss(one, "No.", by=factories.account(role=Role.EDITOR), now=now)
    answer = desk.post(decision(one), data=sent)
    assert (answer.status_code, len(said.resolutions)) == (409, 1)
    assert "This dispute has been decided already." in answer.text


def test_another_articles_dispute_is_missing(desk: FlaskClient, said: Prediction, reader: Reader, now: datetime) -> None:
    one, other = dispute(said, reader, now), factories.asked(factories.open_article(now, "Another"))[1]
    assert desk.get(path(other, f"disputes/{one.id}/decision")).status_code == 404


def test_the_list_says_what_waits_and_when_the_rest_becomes_final(
    desk: FlaskClient, said: Prediction, reader: Reader, now: datetime
) -> None:
    assert "Final on" in words(desk.get("/newsroom").text)
    dispute(said, reader, now)
    page = words(desk.get("/newsroom?stage=disputed").text)
    assert "1 dispute waits for a second editor" in page
    assert said.article.headline in page


def test_the_list_names_what_ended_without_an_outcome(
    desk: FlaskClient, said: Prediction, resolver: Reader, now: datetime
) -> None:
    resolutions.annul(said, "It was unsound.", by=resolver, now=now)
    assert "Annulled" in words(desk.get("/newsroom?stage=resolved").text)


def test_what_readers_typed_is_shown_to_editors_as_text(
    desk: FlaskClient, said: Prediction, reader: Reader, now: datetime
) -> None:
    hostile = disputes.Objection(source_url='https://a.example/"><script>x</script>', argument="<script>alert(1)</script>")
    one = disputes.dispute(said, hostile, by=reader, now=now)
    for where in (path(said), decision(one)):
        html = desk.get(where).text
        assert "<script>alert" not in html
        assert "<script>x" not in html
