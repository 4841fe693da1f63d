from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from domain import disputes, merging, resolutions
from domain.disputes import MOST_OPEN, Objection
from domain.errors import Closed, Conflict, Forbidden, Invalid, Missing
from domain.resolutions import TIME_TO_DISPUTE
from extensions import db
from models import Article, Dispute, Prediction, Reader, Resolution, ResolutionAct, Role
from tests import factories
from tests.resolving import OBJECTION, dispute, finalise, finding, resolve

pytestmark = pytest.mark.usefixtures("stage")
DECISIONS = pytest.mark.parametrize("decide", [disputes.dismiss, disputes.uphold])


@pytest.fixture
def prediction(article: Article) -> Prediction:
    return factories.asked(article)[1]


@pytest.fixture
def said(article: Article, editor: Reader, now: datetime) -> Resolution:
    return resolve(article, editor, now)


@pytest.fixture
def second(said: Resolution) -> Reader:
    return factories.account("Sue", role=Role.EDITOR)


def at(prediction: Prediction) -> ResolutionAct | None:
    return prediction.verdict.act if prediction.verdict else None


@pytest.mark.usefixtures("said")
def test_anyone_may_dispute_with_a_source_and_an_argument(
    prediction: Prediction, reader: Reader, stranger: Reader, now: datetime
) -> None:
    for who in (reader, stranger):
        row = dispute(prediction, who, now)
        assert (row.source_url, row.argument, row.reader_id) == (OBJECTION.source_url, OBJECTION.argument, who.id)
    assert [one.reader_id for one in disputes.of(prediction)] == [reader.id, stranger.id]


@pytest.mark.usefixtures("said")
def test_a_dispute_turns_the_page_over(prediction: Prediction, reader: Reader, now: datetime) -> None:
    before = prediction.article.version
    dispute(prediction, reader, now)
    assert prediction.article.version == before + 1


@pytest.mark.usefixtures("said")
def test_the_same_objection_again_is_the_one_that_is_there(prediction: Prediction, reader: Reader, now: datetime) -> None:
    assert dispute(prediction, reader, now) == dispute(prediction, reader, now)
    assert db.session.query(Dispute).count() == 1


@pytest.mark.usefixtures("said")
def test_a_reader_disputes_once(prediction: Prediction, reader: Reader, now: datetime) -> None:
    dispute(prediction, reader, now)
    with pytest.raises(Conflict):
        disputes.dispute(prediction, Objection(source_url="https://b.example", argument="And more."), by=reader, now=now)


@pytest.mark.usefixtures("said")
@pytest.mark.parametrize("after", [timedelta(0), TIME_TO_DISPUTE - timedelta(microseconds=1)], ids=["at once", "at the end"])
def test_there_are_72_hours_to_dispute(prediction: Prediction, reader: Reader, now: datetime, after: timedelta) -> None:
    assert dispute(prediction, reader, now + after)


@pytest.mark.usefixtures("said")
def test_after_72_hours_nothing_can_be_disputed(prediction: Prediction, reader: Reader, now: datetime) -> None:
    with pytest.raises(Closed):
        dispute(prediction, reader, now + timedelta(hours=72))


def test_the_editor_who_said_it_cannot_dispute_it(prediction: Prediction, said: Resolution, now: datetime) -> None:
    editor = db.session.get_one(Reader, said.editor_id)
    with pytest.raises(Forbidden):
        dispute(prediction, editor, now)


@pytest.mark.parametrize("state", ["nothing said", "final", "annulled", "ambiguous", "reopened"])
def test_only_what_is_provisional_can_be_disputed(
    prediction: Prediction, editor: Reader, reader: Reader, now: datetime, state: str
) -> None:
    if state != "nothing said":
        resolve(prediction.article, editor, now)
    if state == "final":
        finalise(prediction, now)
    elif state != "nothing said":
        resolutions.declare(prediction, ResolutionAct(state), "Because.", by=editor, now=now)
    with pytest.raises(Closed):
        dispute(prediction, reader, now)


@pytest.mark.usefixtures("said")
@pytest.mark.parametrize(
    ("source", "argument"),
    [("", "A."), ("example.org", "A."), ("javascript:alert(1)", "A."), ("https://a.example/" + "x" * 2_000, "A.")]
    + [("https://a.example", argument) for argument in ("", " \x00 ", "x" * 2_001)],
    ids=lambda value: value[:20],
)
def test_an_objection_needs_a_source_and_an_argument(
    prediction: Prediction, reader: Reader, now: datetime, source: str, argument: str
) -> None:
    with pytest.raises(Invalid):
        disputes.dispute(prediction, Objection(source_url=source, argument=argument), by=reader, now=now)
    assert not disputes.of(prediction)


def test_what_the_reader_did_not_see_is_not_disputed(
    prediction: Prediction, said: Resolution, editor: Reader, reader: Reader, now: datetime
) -> None:
    resolutions.resolve(prediction, finding(prediction.outcomes[1], now), by=editor, now=now)
    with pytest.raises(Conflict):
        disputes.dispute(prediction, OBJECTION, by=reader, now=now, expected=said.number)


def test_so_many_disputes_wait_and_no_more(prediction: Prediction, second: Reader, now: datetime) -> None:
    rows = [dispute(prediction, factories.guest(), now) for _ in range(MOST_OPEN)]
    with pytest.raises(Closed):
        dispute(prediction, factories.guest(), now)
    disputes.dismiss(rows[0], "It does not say so.", by=second, now=now)
    assert dispute(prediction, factories.guest(), now)


def test_a_dismissed_dispute_leaves_what_is_said(
    prediction: Prediction, said: Resolution, second: Reader, reader: Reader, now: datetime
) -> None:
    one, before = dispute(prediction, reader, now), prediction.article.version
    decision = disputes.dismiss(one, "The correction is about another vote.", by=second, now=now)
    assert (decision.is_upheld, decision.note, decision.editor_id) == (
        False,
        "The correction is about another vote.",
        second.id,
    )
    assert (prediction.verdict, one.decision, prediction.article.version) == (said, decision, before + 1)


@pytest.mark.parametrize("act", [ResolutionAct.REOPENED, ResolutionAct.ANNULLED, ResolutionAct.AMBIGUOUS])
def test_what_follows_from_an_upheld_dispute_is_written_with_it(
    prediction: Prediction, second: Reader, reader: Reader, now: datetime, act: ResolutionAct
) -> None:
    one = dispute(prediction, reader, now)
    row = disputes.uphold(one, "The reader is right.", by=second, now=now, follows=act)
    assert (row.number, row.act, row.note, row.editor_id) == (2, act, "The reader is right.", second.id)
    assert one.decision is not None
    assert one.decision.is_upheld


def test_a_finding_of_the_second_editor_can_be_disputed_anew(
    prediction: Prediction, second: Reader, reader: Reader, now: datetime
) -> None:
    later = now + timedelta(hours=70)
    right = finding(prediction.outcomes[1], now)
    row = disputes.uphold(dispute(prediction, reader, now), "The reader is right.", by=second, now=later, follows=right)
    assert (prediction.resolution, row.act, row.outcome) == (row, ResolutionAct.PROVISIONAL, prediction.outcomes[1])
    assert dispute(prediction, reader, later + timedelta(hours=71)).resolution == row


@pytest.mark.parametrize("follows", [ResolutionAct.FINAL, ResolutionAct.PROVISIONAL])
def test_nothing_else_follows(
    prediction: Prediction, second: Reader, reader: Reader, now: datetime, follows: ResolutionAct
) -> None:
    with pytest.raises(Invalid):
        disputes.uphold(dispute(prediction, reader, now), "Right.", by=second, now=now, follows=follows)


@pytest.mark.usefixtures("said")
@DECISIONS
@pytest.mark.parametrize("who", ["the resolver", "the disputer", "another disputer", "a moderator"])
def test_only_a_second_editor_decides(
    prediction: Prediction, *, editor: Reader, moderator: Reader, now: datetime, who: str, decide: Callable[..., object]
) -> None:
    disputer, another = (factories.account(role=Role.EDITOR) for _ in range(2))
    one = dispute(prediction, disputer, now)
    dispute(prediction, another, now)
    people = {"the resolver": editor, "the disputer": disputer, "another disputer": another, "a moderator": moderator}
    with pytest.raises(Forbidden):
        decide(one, "Because.", by=people[who], now=now)
    assert (one.decision, at(prediction)) == (None, ResolutionAct.PROVISIONAL)


@DECISIONS
def test_a_dispute_is_decided_once(
    prediction: Prediction, second: Reader, reader: Reader, now: datetime, decide: Callable[..., object]
) -> None:
    one = dispute(prediction, reader, now)
    disputes.dismiss(one, "It does not say so.", by=second, now=now)
    with pytest.raises(Conflict):
        decide(one, "Because.", by=second, now=now)
    assert at(prediction) is ResolutionAct.PROVISIONAL


@DECISIONS
def test_what_was_replaced_has_no_disputes_to_decide(
    prediction: Prediction, *, editor: Reader, second: Reader, reader: Reader, now: datetime, decide: Callable[..., object]
) -> None:
    one = dispute(prediction, reader, now)
    resolutions.resolve(prediction, finding(prediction.outcomes[1], now), by=editor, now=now)
    with pytest.raises(Conflict):
        decide(one, "Because.", by=second, now=now)


@DECISIONS
@pytest.mark.parametrize("note", ["", "x" * 2_001], ids=["none", "too long"])
def test_a_decision_needs_a_note(
    prediction: Prediction, *, second: Reader, reader: Reader, now: datetime, decide: Callable[..., object], note: str
) -> None:
    one = dispute(prediction, reader, now)
    with pytest.raises(Invalid):
        decide(one, note, by=second, now=now)
    assert one.decision is None


def test_a_finding_that_cannot_be_leaves_the_dispute_undecided(
    prediction: Prediction, second: Reader, reader: Reader, now: datetime
) -> None:
    one, later = dispute(prediction, reader, now), now + timedelta(minutes=1)
    with pytest.raises(Invalid), db.session.begin_nested():
        disputes.uphold(one, "Right.", by=second, now=now, follows=finding(prediction.outcomes[1], later))
    db.session.expire_all()
    assert (one.decision, at(prediction)) == (None, ResolutionAct.PROVISIONAL)


def test_a_guests_dispute_becomes_the_accounts(prediction: Prediction, second: Reader, stranger: Reader, now: datetime) -> None:
    one = dispute(prediction, stranger, now)
    merging.absorb(stranger, second, now=now)
    db.session.expire_all()
    assert one.reader_id == second.id
    with pytest.raises(Forbidden):
        disputes.dismiss(one, "It does not say so.", by=second, now=now)


@pytest.mark.usefixtures("said")
def test_a_text_that_would_be_held_as_a_comment_is_public_once_it_is_upheld(
    prediction: Prediction, reader: Reader, stranger: Reader, now: datetime
) -> None:
    known, guests = dispute(prediction, reader, now), dispute(prediction, stranger, now)
    assert (disputes.is_text_public(known), disputes.is_text_public(guests)) == (True, False)
    disputes.uphold(guests, "Right.", by=factories.account(role=Role.EDITOR), now=now)
    assert disputes.is_text_public(guests)


def test_a_dispute_that_is_not_there_is_missing() -> None:
    with pytest.raises(Missing):
        disputes.by_id(999)
