from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from domain import leases, moderation, queues
from domain.judging import Judged, decisions_about
from extensions import db
from extensions import jobs as queue
from models import (
    Article,
    Comment,
    CommentState,
    Finding,
    ModerationAct,
    ModerationEntry,
    Reader,
    ReportReason,
    ReviewLease,
    Role,
    ScreeningVerdict,
    StatementOfReasons,
)
from tests import factories

JSON = {"Accept": "application/json"}
HELD, PUBLISHED = CommentState.HELD, CommentState.PUBLISHED


@pytest.fixture
def desk(app: Flask, moderator: Reader) -> FlaskClient:
    return factories.browser_of(app, moderator)


@pytest.fixture
def held(article: Article, stranger: Reader) -> Comment:
    return factories.comment(article, stranger)


def decide(desk: FlaskClient, comment: Comment, kind: str, **fields: str) -> TestResponse:
    path = f"/moderation/comments/{comment.id}/{kind}?place=held"
    return desk.post(path, data={"version": str(comment.version), "reason": "spam", **fields}, headers=JSON)


def newest(comment: Comment) -> ModerationEntry:
    return decisions_about([comment.id])[comment.id]


@pytest.mark.parametrize(
    ("kind", "state"),
    [
        ("limit", CommentState.LIMITED),
        ("disabling", CommentState.DISABLED),
        ("removal", CommentState.REMOVED),
        ("referrals/legal", HELD),
        ("referrals/second-opinion", HELD),
    ],
)
def test_every_act_of_the_desk_does_what_it_says(desk: FlaskClient, held: Comment, kind: str, state: CommentState) -> None:
    answer = decide(desk, held, kind)
    assert (answer.status_code, answer.get_json()["moves_on"], held.state) == (200, True, state)


def test_a_referral_leaves_nothing_to_undo_on_a_page_that_stays_open(
    desk: FlaskClient, held: Comment, article: Article
) -> None:
    assert "data-undo" in decide(desk, factories.comment(article, factories.guest()), "removal").get_json()["regions"]["last"]
    last = decide(desk, held, "referrals/legal").get_json()["regions"]["last"]
    assert ("data-undo" in last, "Referred to others" in last, "cannot be undone" in last) == (False, True, True)


def test_what_is_shown_can_be_held_back(desk: FlaskClient, article: Article, reader: Reader) -> None:
    shown = factories.comment(article, reader)
    assert decide(desk, shown, "hold").get_json()["said"].startswith("Held back")
    assert (shown.state, newest(shown).actor_id is not None) == (HELD, True)


def test_an_author_is_told_in_the_moderators_own_words_where_there_are_any(desk: FlaskClient, held: Comment) -> None:
    decide(desk, held, "removal", told="This names the street of a witness.")
    assert db.session.scalars(select(StatementOfReasons.reasons)).one() == "This names the street of a witness."


def test_the_card_shows_what_the_author_would_read(desk: FlaskClient, held: Comment) -> None:
    form = BeautifulSoup(desk.get("/moderation/").text, "lxml").select("[data-statement]")
    assert (len(form), all(len(one.get_text()) > len("short") for one in form)) == (7, True)


def test_the_card_marks_what_checks_saw_in_the_text(
    desk: FlaskClient, article: Article, stranger: Reader, now: datetime
) -> None:
    comment = factories.comment(article, stranger, "He k1lled <her> for money.")
    seen = {"places": [[3, 9, "killed"], [5, 14, "x"], "nonsense"]}
    db.session.add(
        ScreeningVerdict(
            comment_id=comment.id, check="banned_words", finding=Finding.HOLD, check_version=2, evidence=seen, made_at=now
        )
    )
    marks = BeautifulSoup(desk.get("/moderation/").text, "lxml").select(".desk-item__source mark")
    assert [mark.get_text() for mark in marks] == ["k1lled", " <her"]


def test_reports_of_readers_who_were_right_before_weigh_more(
    desk: FlaskClient, article: Article, reader: Reader, another_reader: Reader, now: datetime
) -> None:
    for _ in range(2):
        earlier = factories.comment(article, factories.account())
        moderation.report(earlier, ReportReason.SPAM, "", by=another_reader, now=now)
        decide(desk, earlier, "removal", report="999999")
    moderation.report(factories.comment(article, reader), ReportReason.PRIVACY, "", by=another_reader, now=now)
    page = BeautifulSoup(desk.get("/moderation/reported").text, "lxml").select_one(".desk-item__sum")
    assert page is not None
    assert page.get_text(strip=True) == "severity 3 × trust 0.75 of 1 reader = 2.25"


def test_the_loser_is_shown_what_was_decided_and_what_can_be_done(
    app: Flask, desk: FlaskClient, held: Comment, editor: Reader
) -> None:
    version = str(held.version)
    moderation.approve(Judged(comment_id=held.id, version=held.version), by=editor, now=datetime.now(UTC), note="fine")
    answer = decide(desk, held, "removal", version=version)
    panel = BeautifulSoup(answer.get_json()["regions"][f"item-{held.id}"], "lxml").select_one(".desk-item__conflict")
    assert (answer.status_code, panel is not None) == (409, True)
    words = panel.get_text(" ", strip=True) if panel else ""
    assert all(word in words for word in ("Ed decided first", "Approved", "fine", "Agree", "Ask for a second opinion"))
    assert "Override" not in words


def test_an_editor_overrides_a_decision_with_a_reason(app: Flask, held: Comment, editor: Reader, moderator: Reader) -> None:
    version, desk = str(held.version), factories.browser_of(app, editor)
    entry = moderation.approve(Judged(comment_id=held.id, version=held.version), by=moderator, now=datetime.now(UTC))
    assert "Override" in decide(desk, held, "removal", version=version).get_json()["regions"][f"item-{held.id}"]
    sent = {"to": "removal", "reason": "privacy", "note": "It names the street."}
    assert desk.post(f"/moderation/entries/{entry.id}/override", data={**sent, "note": " "}).status_code == 422
    assert held.state is PUBLISHED
    assert desk.post(f"/moderation/entries/{entry.id}/override", data=sent).status_code == 303
    assert (held.state, newest(held).note) == (CommentState.REMOVED, "It names the street.")
    acts = select(ModerationEntry.act).where(ModerationEntry.comment_id == held.id).order_by(ModerationEntry.id)
    assert list(db.session.scalars(acts))[1:] == [ModerationAct.APPROVED, ModerationAct.UNDONE, ModerationAct.REMOVED]


def test_many_are_decided_with_one_reason_and_undone_one_by_one(desk: FlaskClient, article: Article) -> None:
    comments = [factories.comment(article, factories.guest()) for _ in range(3)]
    page = BeautifulSoup(desk.post("/moderation/bulk/preview?place=held", data={"all": "1"}).text, "lxml")
    assert [one.get_text() for one in page.select(".desk-bulk__text")] == [comment.body_source for comment in comments]
    items = [str(box["value"]) for box in page.select("input[name=item]")]
    desk.post("/moderation/bulk?place=held", data={"item": items[:2], "to": "removal", "reason": "spam"})
    assert [comment.state for comment in comments] == [CommentState.REMOVED, CommentState.REMOVED, HELD]
    entries = [newest(comment) for comment in comments[:2]]
    assert len({entry.batch for entry in entries}) == 1
    assert entries[0].batch
    desk.post(f"/moderation/entries/{entries[0].id}/reversal")
    assert [comment.state for comment in comments[:2]] == [HELD, CommentState.REMOVED]


def test_what_changed_meanwhile_is_left_out_of_many(desk: FlaskClient, article: Article, editor: Reader) -> None:
    first, second = (factories.comment(article, factories.guest()) for _ in range(2))
    items = [f"{comment.id}:{comment.version}:0" for comment in (first, second)]
    factories.approve(first, editor)
    answer = desk.post("/moderation/bulk", data={"item": items, "to": "approval"}, follow_redirects=True)
    assert "1 had changed meanwhile and was left." in answer.text
    assert (newest(first).actor_id, second.state) == (editor.id, PUBLISHED)


def test_no_more_than_two_hundred_are_decided_at_once(desk: FlaskClient) -> None:
    items = [f"{number}:1:0" for number in range(1, 202)]
    assert desk.post("/moderation/bulk", data={"item": items, "to": "approval"}).status_code == 422


def test_others_see_who_looks_at_a_comment_until_the_lease_ends(
    app: Flask, desk: FlaskClient, held: Comment, editor: Reader, now: datetime
) -> None:
    other = factories.browser_of(app, editor)
    assert other.post(f"/moderation/comments/{held.id}/lease").get_json() == {"looking": ""}
    assert desk.post(f"/moderation/comments/{held.id}/lease").get_json() == {"looking": "Ed"}
    assert "Ed is looking at this too" in desk.get("/moderation/").text
    assert "looking at this too.</p>" not in other.get("/moderation/").text
    db.session.scalars(select(ReviewLease)).one().until = now - timedelta(seconds=1)
    assert desk.post(f"/moderation/comments/{held.id}/lease").get_json() == {"looking": ""}
    assert db.session.scalars(select(ReviewLease)).one().until > now + leases.LASTS - timedelta(minutes=1)


def test_what_arrives_is_said_and_comes_after_what_is_there(desk: FlaskClient, held: Comment, article: Article) -> None:
    newer = factories.comment(article, factories.guest())
    regions = desk.get(f"/moderation/waiting?place=held&end={held.id}").get_json()["regions"]
    link = BeautifulSoup(regions["arrived"], "lxml").select_one("a")
    assert link is not None
    assert link.get_text() == "1 new: show it below"
    items = BeautifulSoup(desk.get(str(link["href"])).text, "lxml").select("[data-item]")
    assert [item["id"] for item in items] == [f"item-{newer.id}"]


def test_texts_can_be_folded_away_until_one_presses(desk: FlaskClient, held: Comment) -> None:
    for is_veiled in (False, True, False):
        page = BeautifulSoup(desk.get("/moderation/").text, "lxml")
        assert (page.select_one("details[data-veil] .comment__text") is not None) is is_veiled
        desk.post("/moderation/veil?place=held")


def test_a_moderator_who_loses_the_role_is_told_that_there_is_nothing(
    desk: FlaskClient, held: Comment, moderator: Reader
) -> None:
    moderator.role = Role.READER
    assert decide(desk, held, "approval").status_code == 404
    assert held.state is HELD


def test_what_is_gone_is_not_decided(desk: FlaskClient, held: Comment) -> None:
    factories.put(held, CommentState.WITHDRAWN)
    assert "withdrawn" in decide(desk, held, "approval").get_json()["said"]
    assert desk.post("/moderation/comments/999999/approval", data={"version": "1"}, headers=JSON).status_code == 404


def test_approving_a_new_name_takes_it_out_of_the_queue(desk: FlaskClient, article: Article, reader: Reader) -> None:
    comment = factories.comment(article, reader)
    assert queues.counts(datetime.now(UTC))[queues.Queue.NEW_NAMES] == 1
    assert decide(desk, comment, "approval").status_code == 200
    assert queues.counts(datetime.now(UTC))[queues.Queue.NEW_NAMES] == 0


def test_a_filter_stands_among_the_queues_with_its_count(desk: FlaskClient, held: Comment) -> None:
    desk.post("/moderation/filters?place=held&words=thought", data={"name": "Thinkers"})
    page = BeautifulSoup(desk.get("/moderation/").text, "lxml")
    link = next(link for link in page.select("#queues a") if "Thinkers" in link.get_text())
    assert link.get_text(" ", strip=True) == "Thinkers 1"
    found = BeautifulSoup(desk.get(str(link["href"])).text, "lxml")
    assert [item["id"] for item in found.select("[data-item]")] == [f"item-{held.id}"]


def test_the_desk_says_which_checks_are_failing(desk: FlaskClient, held: Comment, now: datetime) -> None:
    assert "Checks are failing" not in desk.get("/moderation/").text
    failed = {"comment_id": held.id, "check": "classifier", "finding": Finding.FAILED, "check_version": 1, "made_at": now}
    db.session.add_all(ScreeningVerdict(**failed, detail="TimeoutError: too late") for _ in range(2))
    banner = BeautifulSoup(desk.get("/moderation/reported").text, "lxml").select_one(".desk__failing")
    assert banner is not None
    assert "2 times in the last hour" in banner.get_text()
    assert "TimeoutError: too late" in banner.get_text()


def test_a_decision_has_those_it_concerns_told_when_its_delay_is_over(desk: FlaskClient, held: Comment) -> None:
    before = queue.pending_count()
    decide(desk, held, "removal")
    assert queue.pending_count() == before + 1
