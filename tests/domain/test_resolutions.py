from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from domain import articles, participation, predictions, resolutions
from domain.errors import Closed, Conflict, Forbidden, Invalid
from domain.participation import Answer
from domain.resolutions import Finding
from models import Article, Prediction, Reader
from tests import factories

pytestmark = pytest.mark.usefixtures("stage")


@pytest.fixture
def prediction(article: Article) -> Prediction:
    return factories.asked(article)[1]


@pytest.fixture
def finding(prediction: Prediction, now: datetime) -> Finding:
    return Finding(
        outcome=prediction.outcomes[1],
        source_url="https://council.example/minutes",
        evidence="The motion was lost.",
        happened_at=now - timedelta(hours=2),
        known_at=now - timedelta(hours=1),
    )


def test_a_resolution_says_what_happened_from_which_source_and_who_said_so(
    prediction: Prediction, finding: Finding, editor: Reader, now: datetime
) -> None:
    resolutions.resolve(prediction, finding, by=editor, now=now)
    row = prediction.resolution
    assert row is not None
    assert (row.outcome_id, row.source_url, row.evidence) == (finding.outcome.id, finding.source_url, "The motion was lost.")
    assert (row.happened_at, row.known_at, row.editor_id) == (finding.happened_at, finding.known_at, editor.id)


def test_resolving_an_open_prediction_closes_it(
    prediction: Prediction, finding: Finding, editor: Reader, now: datetime
) -> None:
    resolutions.resolve(prediction, finding, by=editor, now=now)
    assert prediction.closed_at == now


def test_resolving_a_closed_prediction_leaves_its_end_alone(
    prediction: Prediction, finding: Finding, editor: Reader, now: datetime
) -> None:
    prediction.closed_at = earlier = now - timedelta(minutes=2)
    resolutions.resolve(prediction, finding, by=editor, now=now)
    assert prediction.closed_at == earlier


def test_resolving_leaves_the_discussion_and_the_poll_open(
    article: Article, prediction: Prediction, finding: Finding, editor: Reader, now: datetime
) -> None:
    resolutions.resolve(prediction, finding, by=editor, now=now)
    assert article.is_open
    assert factories.asked(article)[0].is_open(now)


def test_a_resolution_makes_the_articles_page_a_new_version(
    article: Article, prediction: Prediction, finding: Finding, editor: Reader, now: datetime
) -> None:
    before = article.version
    resolutions.resolve(prediction, finding, by=editor, now=now)
    assert article.version == before + 1


def test_nobody_predicts_after_the_resolution(
    prediction: Prediction, finding: Finding, editor: Reader, reader: Reader, now: datetime
) -> None:
    resolutions.resolve(prediction, finding, by=editor, now=now)
    with pytest.raises(Closed):
        participation.submit(prediction.article, Answer(outcome=finding.outcome), by=reader, now=now)


def test_a_moderator_cannot_resolve(prediction: Prediction, finding: Finding, moderator: Reader, now: datetime) -> None:
    with pytest.raises(Forbidden):
        resolutions.resolve(prediction, finding, by=moderator, now=now)


def test_a_draft_cannot_be_resolved(finding: Finding, editor: Reader, now: datetime) -> None:
    draft = factories.asked(articles.create(factories.draft(now), now=now))[1]
    with pytest.raises(Conflict):
        resolutions.resolve(draft, replace(finding, outcome=draft.outcomes[0]), by=editor, now=now)


def test_another_finding_takes_the_place_of_a_provisional_one(
    prediction: Prediction, finding: Finding, editor: Reader, now: datetime
) -> None:
    resolutions.resolve(prediction, finding, by=editor, now=now)
    other = replace(finding, outcome=prediction.outcomes[0])
    row = resolutions.resolve(prediction, other, by=editor, now=now + timedelta(hours=1))
    assert (row.number, prediction.resolution, row.resolved_at) == (2, row, now + timedelta(hours=1))
    assert [row.outcome_id for row in prediction.resolutions] == [finding.outcome.id, prediction.outcomes[0].id]


def test_the_same_finding_again_does_not_begin_the_time_to_dispute_anew(
    prediction: Prediction, finding: Finding, editor: Reader, now: datetime
) -> None:
    resolutions.resolve(prediction, finding, by=editor, now=now)
    with pytest.raises(Conflict):
        resolutions.resolve(prediction, finding, by=editor, now=now + timedelta(hours=1))


@pytest.mark.parametrize("verb", [resolutions.resolve, resolutions.annul, resolutions.mark_ambiguous, resolutions.reopen])
def test_what_an_editor_did_not_see_is_not_overruled(
    prediction: Prediction, finding: Finding, editor: Reader, now: datetime, verb: Callable[..., object]
) -> None:
    seen = prediction.resolution_count
    resolutions.resolve(prediction, finding, by=editor, now=now)
    said = replace(finding, outcome=prediction.outcomes[0]) if verb is resolutions.resolve else "Because."
    with pytest.raises(Conflict):
        verb(prediction, said, by=editor, now=now, expected=seen)
    assert len(prediction.resolutions) == 1


def test_another_questions_outcome_is_refused(prediction: Prediction, finding: Finding, editor: Reader, now: datetime) -> None:
    foreign = factories.asked(factories.open_article(now, "Another article"))[1].outcomes[0]
    with pytest.raises(Invalid):
        resolutions.resolve(prediction, replace(finding, outcome=foreign), by=editor, now=now)
    assert prediction.resolution is None


BAD_SOURCES = [
    "",
    "council.example",
    "javascript:alert(1)",
    "https://",
    "https://[nonsense",
    "ftp://a.example/b",
    "https://a b.example",
]


@pytest.mark.parametrize("source", [*BAD_SOURCES, "https://a.example/" + "x" * 2000], ids=lambda source: source[:24])
def test_a_source_that_is_no_web_address_is_refused(
    prediction: Prediction, finding: Finding, editor: Reader, now: datetime, source: str
) -> None:
    with pytest.raises(Invalid):
        resolutions.resolve(prediction, replace(finding, source_url=source), by=editor, now=now)


def test_control_characters_do_not_reach_source_and_evidence(
    prediction: Prediction, finding: Finding, editor: Reader, now: datetime
) -> None:
    dirty = replace(finding, source_url=" https://a.example/\x00b ", evidence="Lost.\x00\r\nBy one vote.")
    row = resolutions.resolve(prediction, dirty, by=editor, now=now)
    assert (row.source_url, row.evidence) == ("https://a.example/b", "Lost.\nBy one vote.")


def test_evidence_longer_than_a_passage_is_refused(
    prediction: Prediction, finding: Finding, editor: Reader, now: datetime
) -> None:
    with pytest.raises(Invalid):
        resolutions.resolve(prediction, replace(finding, evidence="x" * 5_001), by=editor, now=now)


@pytest.mark.parametrize("minutes", [(60, 120), (-1, -1), (60, -1)], ids=["known first", "to come", "known later"])
def test_times_out_of_order_are_refused(
    prediction: Prediction, finding: Finding, editor: Reader, now: datetime, minutes: tuple[int, int]
) -> None:
    happened_at, known_at = (now - timedelta(minutes=ago) for ago in minutes)
    with pytest.raises(Invalid):
        resolutions.resolve(prediction, replace(finding, happened_at=happened_at, known_at=known_at), by=editor, now=now)


def test_checking_a_finding_changes_nothing(prediction: Prediction, finding: Finding, editor: Reader, now: datetime) -> None:
    assert resolutions.checked(prediction, finding, by=editor, now=now) == finding
    assert prediction.resolution is None
    assert prediction.is_open(now)


def test_a_prediction_whose_time_is_over_is_recorded_as_closed_then(
    article: Article, prediction: Prediction, now: datetime
) -> None:
    prediction.closes_at = over = now - timedelta(seconds=1)
    before = article.version
    assert predictions.close_due(now) == 1
    assert (prediction.closed_at, article.version) == (over, before + 1)
