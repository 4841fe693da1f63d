from __future__ import annotations

from datetime import UTC, datetime

import pytest
from bs4 import BeautifulSoup, Tag
from flask import Flask, get_template_attribute
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from domain import clauses, moderation, queues
from domain.moderation import Judged
from domain.queues import Queue
from extensions import db
from models import Article, Comment, CommentState, ModerationAct, ModerationEntry, Reader, Report, ReportReason, Role
from tests import factories
from tests.statements import counted_statements

JSON = {"Accept": "application/json"}


@pytest.fixture
def desk(app: Flask, moderator: Reader) -> FlaskClient:
    return factories.browser_of(app, moderator)


@pytest.fixture
def held(article: Article, stranger: Reader) -> Comment:
    return factories.comment(article, stranger, "See https://example.org/why")


@pytest.fixture
def reported(article: Article, reader: Reader, another_reader: Reader, now: datetime) -> Comment:
    comment = factories.comment(article, reader)
    moderation.report(comment, ReportReason.ACCUSATION, "no source given", by=another_reader, now=now)
    return comment


def item_in(answer: TestResponse, comment: Comment) -> Tag:
    item = BeautifulSoup(answer.text, "lxml").find(id=f"item-{comment.id}")
    assert isinstance(item, Tag)
    return item


def test_what_an_item_answers_is_shown_without_markup(
    desk: FlaskClient, article: Article, reader: Reader, stranger: Reader
) -> None:
    parent = factories.comment(article, reader, "> So it is.\n\nI agree with **this**.")
    held = factories.comment(article, stranger, "See https://example.org/why", parent=parent)
    quoted = item_in(desk.get(f"/moderation/comments/{held.id}"), held).select_one(".desk-item__parent [translate=no]")
    assert quoted is not None
    assert quoted.get_text() == "I agree with this."


def send(desk: FlaskClient, answer: TestResponse, kind: str, **fields: str) -> TestResponse:
    """Send the first form of this kind on a page, as a browser without scripts does."""
    form = BeautifulSoup(answer.text, "lxml").select_one(f"form[action*='/{kind}']")
    assert form is not None
    values = {str(field["name"]): str(field["value"]) for field in form.select("input[type=hidden]")}
    return desk.post(str(form["action"]), data={**values, **fields})


def approve_by_other(comment: Comment, other: Reader) -> ModerationEntry:
    return moderation.approve(Judged(comment_id=comment.id, version=comment.version), by=other, now=datetime.now(UTC))


def entry_count() -> int:
    return db.session.scalar(select(func.count()).select_from(ModerationEntry)) or 0


PAGES = ["/moderation/", "/moderation/reported", "/moderation/edited", "/moderation/decisions", "/moderation/waiting"]


@pytest.mark.parametrize("path", PAGES)
def test_a_moderator_gets_in(desk: FlaskClient, path: str) -> None:
    assert desk.get(path).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_a_reader_is_told_that_there_is_nothing(app: Flask, reader: Reader, path: str) -> None:
    assert factories.browser_of(app, reader).get(path).status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_who_is_not_signed_in_is_asked_to(app: Flask, client: FlaskClient, stranger: Reader, path: str) -> None:
    for browser in (client, factories.browser_of(app, stranger)):
        answer = browser.get(path)
        assert (answer.status_code, "/moderation" in answer.location) == (302, True)


@pytest.mark.parametrize("path", ["/moderation/comments/{}/approval", "/moderation/comments/{}/removal"])
def test_only_moderators_decide(app: Flask, client: FlaskClient, reader: Reader, held: Comment, path: str) -> None:
    fields = {"version": "1", "reason": "spam"}
    assert factories.browser_of(app, reader).post(path.format(held.id), data=fields).status_code == 404
    refused = client.post(path.format(held.id), data=fields)
    assert (refused.status_code, held.body_source in refused.text) == (403, False)
    assert (held.state, entry_count()) == (CommentState.HELD, 1)


def test_only_moderators_undo(app: Flask, client: FlaskClient, reader: Reader, held: Comment, moderator: Reader) -> None:
    path = f"/moderation/entries/{approve_by_other(held, moderator).id}/reversal"
    assert factories.browser_of(app, reader).post(path).status_code == 404
    assert client.post(path).status_code == 403
    assert held.state is CommentState.PUBLISHED


def test_a_held_comment_shows_why_it_is_held(desk: FlaskClient, held: Comment) -> None:
    text = " ".join(item_in(desk.get("/moderation/"), held).get_text(" ").split())
    assert "guest · first comment · on “Harbour bridge tolls to be dropped” · waiting for" in text
    assert "Held because Link from an author without an approved comment: https" in text
    assert "First comment of a guest" in text


def test_a_reported_comment_shows_who_complains_and_why(desk: FlaskClient, reported: Comment) -> None:
    text = " ".join(item_in(desk.get("/moderation/reported"), reported).get_text(" ").split())
    assert "Reported by 1 reader · weight 1.50 Accusation stated as proven 1" in text
    assert "severity 3 × trust 0.50 of 1 reader = 1.50 no source given" in text


def test_a_reply_shows_what_it_answers(desk: FlaskClient, article: Article, reported: Comment, stranger: Reader) -> None:
    reply = factories.comment(article, stranger, "I differ.", parent=reported)
    assert reported.body_source in item_in(desk.get("/moderation/"), reply).get_text(" ", strip=True)


def test_what_readers_type_is_shown_as_text(desk: FlaskClient, article: Article, stranger: Reader) -> None:
    held = factories.comment(article, stranger, "<script>alert(1)</script> <b>bold</b>")
    assert not item_in(desk.get("/moderation/"), held).find(["script", "b"], string=["alert(1)", "bold"])


@pytest.mark.usefixtures("held", "reported")
def test_the_queues_say_how_much_waits(desk: FlaskClient) -> None:
    queues = BeautifulSoup(desk.get("/moderation/").text, "lxml").select("#queues a")
    assert [link.get_text(" ", strip=True) for link in queues][:9] == [
        *("Held 1", "Reported 1", "Edited 0", "Flagged 0", "Legal 0", "Second opinion 0", "New names 1", "All 2"),
        "My recent decisions",
    ]


@pytest.mark.parametrize(
    ("path", "words"),
    [("/", "Nothing is held"), ("/reported", "Nobody reports"), ("/edited", "No edit waits"), ("/decisions", "not decided")],
)
def test_an_empty_list_says_what_to_do_next(desk: FlaskClient, path: str, words: str) -> None:
    page = BeautifulSoup(desk.get(f"/moderation{path}").text, "lxml").select_one(".empty")
    assert page is not None
    assert words in page.get_text()


def test_approving_leads_back_to_the_queue(desk: FlaskClient, held: Comment) -> None:
    answer = send(desk, desk.get("/moderation/"), "approval")
    assert (answer.status_code, answer.location) == (303, "/moderation/")
    assert held.state is CommentState.PUBLISHED


def test_after_a_decision_the_next_page_offers_to_undo_it(desk: FlaskClient, held: Comment) -> None:
    send(desk, desk.get("/moderation/"), "removal", reason="spam")
    page = desk.get("/moderation/")
    assert "Removed." in page.text
    assert send(desk, page, "reversal").status_code == 303
    assert held.state is CommentState.HELD


@pytest.mark.usefixtures("reported")
def test_keeping_a_reported_comment_leads_back_to_the_reported(desk: FlaskClient) -> None:
    answer = send(desk, desk.get("/moderation/reported"), "approval")
    assert answer.location == "/moderation/reported"
    assert db.session.scalars(select(Report.settled_by_id)).one() is not None


def test_a_removal_takes_its_reason_and_note(desk: FlaskClient, held: Comment, moderator: Reader) -> None:
    send(desk, desk.get("/moderation/"), "removal", reason="off_topic", note="see the other thread")
    entry = moderation.decisions_about([held.id])[held.id]
    assert (entry.actor_id, entry.clause, entry.note) == (moderator.id, clauses.current("off_topic"), "see the other thread")


@pytest.mark.parametrize("reason", ["", "because"])
def test_a_removal_without_a_reason_is_sent_back_with_its_note(desk: FlaskClient, held: Comment, reason: str) -> None:
    answer = send(desk, desk.get("/moderation/"), "removal", reason=reason, note="my words")
    assert (answer.status_code, "my words" in answer.text, held.state) == (422, True, CommentState.HELD)
    assert entry_count() == 1


@pytest.mark.usefixtures("held")
def test_a_note_that_is_too_long_is_kept(desk: FlaskClient) -> None:
    answer = send(desk, desk.get("/moderation/"), "removal", reason="spam", note="word " * 201)
    assert (answer.status_code, "word word" in answer.text) == (422, True)


@pytest.mark.parametrize("version", ["", "x", "0", "-1", "9" * 30])
def test_a_decision_that_does_not_say_what_it_judged_is_refused(desk: FlaskClient, held: Comment, version: str) -> None:
    answer = desk.post(f"/moderation/comments/{held.id}/approval", data={"version": version})
    assert (answer.status_code, held.state) == (422, CommentState.HELD)


def test_a_stale_decision_is_told_what_was_decided(desk: FlaskClient, held: Comment, editor: Reader) -> None:
    page = desk.get("/moderation/")
    approve_by_other(held, editor)
    answer = send(desk, page, "removal", reason="spam", note="my words")
    assert answer.status_code == 409
    assert "Ed has approved this comment meanwhile" in answer.text
    assert "my words" in answer.text
    assert held.state is CommentState.PUBLISHED


def test_ones_own_comment_has_no_buttons_and_is_refused(desk: FlaskClient, article: Article, moderator: Reader) -> None:
    own = factories.comment(article, moderator)
    assert item_in(desk.get(f"/moderation/comments/{own.id}"), own).find("form") is None
    fields = {"version": "1", "reason": "spam"}
    assert desk.post(f"/moderation/comments/{own.id}/removal", data=fields).status_code == 403


@pytest.mark.parametrize("path", ["comments/999999/approval", "comments/999999/removal", "entries/999999/reversal"])
def test_what_is_not_there_is_not_decided(desk: FlaskClient, path: str) -> None:
    assert desk.post(f"/moderation/{path}", data={"version": "1", "reason": "spam"}).status_code == 404


def test_undoing_twice_is_refused_and_shows_the_comment(desk: FlaskClient, held: Comment) -> None:
    send(desk, desk.get("/moderation/"), "approval")
    page = desk.get("/moderation/decisions")
    send(desk, page, "reversal")
    answer = send(desk, page, "reversal")
    assert (answer.status_code, "already been undone" in answer.text) == (409, True)
    assert held.body_source.split()[0] in answer.text


@pytest.mark.usefixtures("held")
def test_ones_decisions_are_listed_and_can_be_undone(desk: FlaskClient) -> None:
    send(desk, desk.get("/moderation/"), "removal", reason="spam")
    page = desk.get("/moderation/decisions")
    assert 'Removed: <bdi translate="no">Advertising or repetition</bdi>' in page.text
    assert send(desk, page, "reversal").location == "/moderation/decisions"
    assert "Decision undone" in desk.get("/moderation/decisions").text


@pytest.mark.parametrize("act", ModerationAct)
def test_every_act_has_words_of_its_own(app: Flask, act: ModerationAct) -> None:
    with app.test_request_context():
        words = get_template_attribute("macros/moderation.html", "verdict")(ModerationEntry(act=act, actor_id=1))
    assert words not in {"", act.value, "Held by a check"}


@pytest.mark.usefixtures("reported")
def test_a_referral_of_what_nobody_decided_about_is_among_ones_decisions(desk: FlaskClient) -> None:
    send(desk, desk.get("/moderation/reported"), "referrals/legal")
    assert "Referred to others" in desk.get("/moderation/decisions").text


def test_only_of_what_could_be_undone_is_it_said_that_it_no_longer_can(
    desk: FlaskClient, held: Comment, moderator: Reader, editor: Reader
) -> None:
    send(desk, desk.get("/moderation/"), "referrals/legal")
    assert "has changed since" not in desk.get("/moderation/decisions").text
    entry = approve_by_other(held, moderator)
    assert "has changed since" not in desk.get("/moderation/decisions").text
    moderation.undo(entry.id, by=editor, now=datetime.now(UTC))
    assert desk.get("/moderation/decisions").text.count("has changed since") == 1


def test_who_asked_for_a_second_opinion_is_told_that_another_decides(
    app: Flask, desk: FlaskClient, held: Comment, editor: Reader
) -> None:
    send(desk, desk.get("/moderation/"), "referrals/second-opinion")
    own, others = (item_in(browser.get("/moderation/"), held) for browser in (desk, factories.browser_of(app, editor)))
    refused = "form[action*='/approval'], form[action*='/removal'], [data-select]"
    assert [len(item.select(refused)) for item in (own, others)] == [0, 3]
    assert ["so another moderator decides" in item.get_text() for item in (own, others)] == [True, False]


def test_another_moderators_decision_offers_no_undo(app: Flask, held: Comment, editor: Reader, desk: FlaskClient) -> None:
    approve_by_other(held, editor)
    path = f"/moderation/comments/{held.id}"
    assert "/reversal" not in desk.get(path).text
    assert "/reversal" in factories.browser_of(app, editor).get(path).text


def test_a_page_that_stays_open_gets_what_changed(desk: FlaskClient, held: Comment) -> None:
    path = f"/moderation/comments/{held.id}/approval?place=held"
    answer = desk.post(path, data={"version": "1"}, headers=JSON).get_json()
    assert answer["said"] == "Approved: everybody can read it now."
    assert answer["regions"].keys() == {f"item-{held.id}", "queues", "last"}
    assert answer["regions"][f"item-{held.id}"] == ""
    assert "/reversal?place=held" in answer["regions"]["last"]


def test_a_page_that_stays_open_gets_the_item_back_when_undone(desk: FlaskClient, held: Comment, moderator: Reader) -> None:
    entry = approve_by_other(held, moderator)
    answer = desk.post(f"/moderation/entries/{entry.id}/reversal", headers=JSON).get_json()
    assert "/approval" in answer["regions"][f"item-{held.id}"]


def test_a_page_that_stays_open_is_told_of_a_conflict(desk: FlaskClient, held: Comment, editor: Reader) -> None:
    approve_by_other(held, editor)
    answer = desk.post(f"/moderation/comments/{held.id}/approval", data={"version": "1"}, headers=JSON)
    assert answer.status_code == 409
    assert answer.get_json()["said"].startswith("Ed has approved this comment")
    assert "Nobody reports it" in answer.get_json()["regions"][f"item-{held.id}"]


@pytest.mark.parametrize("path", ["/moderation/?after=x", "/moderation/waiting?after=-1", "/moderation/decisions?after=1e3"])
def test_a_cursor_that_is_none_is_refused(desk: FlaskClient, path: str) -> None:
    assert desk.get(path).status_code == 400


@pytest.mark.parametrize("name", ["held", "reported"])
def test_a_queue_is_read_page_by_page(desk: FlaskClient, article: Article, name: str, now: datetime) -> None:
    comments = [waiting_comment(article, name, now) for _ in range(queues.ITEMS_A_PAGE + 1)]
    first = BeautifulSoup(desk.get(f"/moderation/{name}", follow_redirects=True).text, "lxml")
    more = first.select_one(".more a")
    assert more is not None
    rest = BeautifulSoup(desk.get(str(more["href"])).text, "lxml")
    ids = [item["id"] for page in (first, rest) for item in page.select("[data-item]")]
    assert ids == [f"item-{comment.id}" for comment in comments]
    assert rest.select_one(".more") is None


@pytest.mark.parametrize("name", ["held", "reported"])
def test_a_queue_takes_the_same_queries_however_long_it_is(
    desk: FlaskClient, article: Article, name: str, now: datetime
) -> None:
    counts = []
    for size in (2, 20):
        while queues.counts(datetime.now(UTC))[Queue(name)] < size:
            waiting_comment(article, name, now)
        with counted_statements() as statements:
            page = desk.get(f"/moderation/{name}", follow_redirects=True)
        assert page.text.count("data-item tabindex") == size
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_the_decisions_take_the_same_queries_however_many_they_are(
    desk: FlaskClient, article: Article, moderator: Reader, now: datetime
) -> None:
    counts: list[int] = []
    for size in (2, 18):
        for _ in range(size):
            approve_by_other(waiting_comment(article, "held", now), moderator)
        with counted_statements() as statements:
            assert desk.get("/moderation/decisions").text.count("/reversal") == len(counts) * 2 + size
        counts.append(len(statements))
    assert counts[0] == counts[1]


def waiting_comment(article: Article, name: str, now: datetime) -> Comment:
    """Return a reply with a take that is held, or reported twice."""
    parent = factories.comment(article, factories.account())
    author = factories.guest() if name == "held" else factories.account()
    comment = factories.comment(article, author, parent=parent)
    if name == "reported":
        for reason in (ReportReason.SPAM, ReportReason.OTHER):
            moderation.report(comment, reason, "a note", by=factories.guest(), now=now)
    return comment


def test_a_moderator_who_is_an_editor_or_admin_gets_in(app: Flask, editor: Reader) -> None:
    for reader in (editor, factories.account("Addy", role=Role.ADMIN)):
        assert factories.browser_of(app, reader).get("/moderation/").status_code == 200
