from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from domain import factfinding, revisions, rulechecks, screened, screening, wordkeeping
from domain.classifier import Advice, Score
from domain.errors import Closed
from domain.factfinding import Means, Occasion
from domain.screened import Text
from extensions import db
from models import (
    Article,
    ArticleSubject,
    Comment,
    CommentState,
    Finding,
    LegalState,
    ModerationAct,
    ModerationEntry,
    Notice,
    Reader,
    ReferralKind,
    RevisionState,
    Role,
    StatementOfReasons,
    WordList,
)
from tests import factories, screens

pytestmark = pytest.mark.usefixtures("stage")

HELD, PUBLISHED, LIMITED = CommentState.HELD, CommentState.PUBLISHED, CommentState.LIMITED
PASSED = [("all", Finding.PASSED)]


@pytest.fixture(autouse=True)
def unplugged() -> Iterator[None]:
    yield
    wordkeeping.plug(None)


@pytest.fixture
def trusted(another_reader: Reader, article: Article, moderator: Reader) -> Reader:
    """Return a reader of whom a comment was approved."""
    comment = factories.comment(article, another_reader, "See https://example.org")
    factories.approve(comment, moderator)
    return another_reader


def post(article: Article, by: Reader, body: str) -> Comment:
    return factories.comment(article, by, body)


def entry_of(comment: Comment) -> ModerationEntry:
    return db.session.scalars(select(ModerationEntry).where(ModerationEntry.comment_id == comment.id)).one()


def test_what_no_check_minds_is_published_and_that_is_written_down(article: Article, reader: Reader) -> None:
    word = screens.listed("fool")
    comment = post(article, reader, "The tolls should end.")
    assert (comment.state, screens.verdicts(comment)) == (PUBLISHED, PASSED)
    evidence = screens.verdict(comment, "all").evidence
    assert evidence is not None
    assert (evidence["words"], "rules" in evidence["checks"]) == (word.id, True)


@pytest.mark.parametrize(
    ("listed", "name", "body", "expected"),
    [
        ("fool", WordList.BANNED, "You f0ol!", [("banned_words", Finding.HOLD)]),
        ("fool", WordList.SUSPECT, "You f.o.o.l!", [("suspect_words", Finding.HOLD)]),
        ("fool", WordList.ALLOWED, "You fool!", PASSED),
        ("spam.example", WordList.BANNED, "https://www.spam.example/x", [("link_domains", Finding.HOLD)]),
        ("news.example", WordList.ALLOWED, "https://news.example/x", PASSED),
    ],
)
def test_listed_words_and_domains_are_held(
    article: Article, reader: Reader, *, listed: str, name: WordList, body: str, expected: list[tuple[str, Finding]]
) -> None:
    screens.listed(listed, name)
    found = screens.verdicts(post(article, reader, body))
    assert [one for one in found if one[0] not in {"links", "banned_words"} or one in expected] == expected


def test_the_card_can_mark_the_words_where_they_stand(article: Article, reader: Reader) -> None:
    screens.listed("fool")
    comment = post(article, reader, "You f\u200b0ol!")
    assert screens.verdict(comment, "banned_words").evidence == {"places": [[4, 9, "fool"]]}


def test_a_suspect_word_of_a_trusted_author_is_only_flagged(article: Article, trusted: Reader) -> None:
    screens.listed("fool", WordList.SUSPECT)
    comment = post(article, trusted, "What a fool I was.")
    assert (comment.state, screens.verdicts(comment)) == (PUBLISHED, [("suspect_words", Finding.FLAG)])
    assert screens.referrals(comment) == [ReferralKind.FLAGGED]


def test_a_word_taken_off_the_list_is_looked_for_no_more(article: Article, reader: Reader, now: datetime) -> None:
    word = screens.listed("fool")
    assert post(article, reader, "You fool!").state is HELD
    word.removed_at = now
    assert post(article, reader, "What a fool!").state is PUBLISHED


@pytest.mark.parametrize(
    ("marks", "waits"),
    [
        ({}, False),
        ({"is_sensitive": True}, True),
        ({"legal_state": LegalState.PROCEEDINGS}, True),
    ],
)
def test_an_allegation_against_a_named_person_waits_where_it_can_do_harm(
    article: Article, reader: Reader, *, marks: dict[str, Any], waits: bool
) -> None:
    db.session.add(ArticleSubject(article_id=article.id, name="Marta Holm"))
    for name, value in marks.items():
        setattr(article, name, value)
    comment = post(article, reader, "Holm is a thief.")
    assert screens.verdicts(comment) == ([("allegation", Finding.HOLD)] if waits else PASSED)
    assert post(article, reader, "Holm spoke for an hour.").state is PUBLISHED


def test_the_law_can_have_every_comment_wait_or_none_taken(article: Article, reader: Reader) -> None:
    article.forces_review = True
    assert screens.verdicts(post(article, reader, "Let us wait for the court.")) == [("legal", Finding.HOLD)]
    article.closes_comments = True
    with pytest.raises(Closed):
        post(article, reader, "Let us wait.")


@pytest.mark.parametrize("times", [1, 5])
def test_too_many_links_wait_even_from_a_trusted_author(article: Article, trusted: Reader, times: int) -> None:
    comment = post(article, trusted, " ".join(f"https://a{number}.example" for number in range(times)))
    assert screens.verdicts(comment) == ([("many_links", Finding.HOLD)] if times > 4 else PASSED)


def test_an_account_whose_only_comment_was_removed_is_looked_at_first(article: Article, reader: Reader) -> None:
    factories.put(post(article, reader, "The tolls should end."), CommentState.REMOVED)
    assert screens.verdicts(post(article, reader, "Toll the bells.")) == [("low_trust", Finding.HOLD)]


@pytest.mark.parametrize(
    ("then", "clause", "state", "referred"),
    [
        ("hold", "", HELD, []),
        ("flag", "", PUBLISHED, [ReferralKind.FLAGGED]),
        ("limit", "abuse", LIMITED, []),
        ("limit", "", HELD, []),
        ("{route: legal}", "", HELD, [ReferralKind.LEGAL]),
        ("{route: second_opinion}", "", HELD, [ReferralKind.SECOND_OPINION]),
        ("{nudge: Think again.}", "", PUBLISHED, []),
    ],
)
def test_a_rule_does_what_it_says(
    article: Article, reader: Reader, *, then: str, clause: str, state: CommentState, referred: list[ReferralKind]
) -> None:
    rule = screens.rule("text: {contains: [fool, rat]}", then, clause=clause)
    comment = post(article, reader, "You f00l.")
    assert (comment.state, screens.referrals(comment)) == (state, referred)
    if "nudge" not in then:
        assert screens.verdict(comment, "rules").rule_id == rule.id
    assert post(article, reader, "You foul.").state is PUBLISHED


def test_a_limited_comment_has_the_entry_that_says_by_what_and_its_author_is_told(article: Article, reader: Reader) -> None:
    rule = screens.rule("text: {contains: fool}", "limit", clause="abuse")
    entry = entry_of(post(article, reader, "You fool."))
    assert (entry.act, entry.to_state, entry.rule_id) == (ModerationAct.LIMITED, LIMITED, rule.id)
    assert entry.clause is not None
    assert entry.clause.clause_id == rule.clause_id
    told = db.session.scalars(select(StatementOfReasons)).one()
    assert (told.entry_id, told.is_detected_by_machine, told.is_decided_by_machine) == (entry.id, True, True)
    assert db.session.scalars(select(Notice.reader_id)).all() == [reader.id]


def test_a_rule_sees_every_fact_and_says_what_it_saw(article: Article, reader: Reader, now: datetime) -> None:
    facts = rulechecks.facts_of(Text("SEE a: https://b.example", reader, now, article))
    assert (facts.links, facts.link_domains, facts.section, facts.legal_state) == (1, ("b.example",), "City", "none")
    screens.rule("capitals: {above: 10}")
    evidence = screens.verdict(post(article, reader, "WHAT A DAY"), "rules").evidence
    assert evidence is not None
    assert evidence["reasons"] == [{"fact": "capitals", "comparison": "above", "value": 10, "seen": 100.0, "held": True}]


def test_a_rule_that_cannot_be_read_lets_nothing_pass(article: Article, reader: Reader) -> None:
    rule = screens.rule("links: {above: 9}")
    rule.source = "name: ["
    comment = post(article, reader, "The tolls should end.")
    assert (comment.state, ("rules", Finding.FAILED) in screens.verdicts(comment)) == (HELD, True)


@pytest.mark.parametrize(
    ("advice", "state", "finding"),
    [
        (Advice.PASS, PUBLISHED, Finding.PASSED),
        (Advice.FLAG, PUBLISHED, Finding.FLAG),
        (Advice.HOLD, HELD, Finding.HOLD),
    ],
)
def test_the_classifier_advises(
    article: Article, reader: Reader, advice: Advice, state: CommentState, finding: Finding
) -> None:
    wordkeeping.plug(screens.advising(advice))
    comment = post(article, reader, "The tolls should end.")
    verdict = screens.verdict(comment, "all" if advice is Advice.PASS else "classifier")
    assert (comment.state, verdict.finding, verdict.score) == (state, finding, 0.9)


def test_a_rule_can_ask_for_the_score(article: Article, reader: Reader) -> None:
    screens.rule("score: {above: 80}")
    assert post(article, reader, "The tolls should end.").state is PUBLISHED
    wordkeeping.plug(screens.advising(Advice.PASS))
    assert post(article, reader, "The tolls must end.").state is HELD


def raises(_: str) -> Score:
    raise ZeroDivisionError


FAULTS: dict[str, Callable[[str], Any]] = {
    "raises": raises,
    "a number": lambda _: 0.1,
    "nothing": lambda _: None,
    "no probability": lambda _: Score(float("nan"), Advice.PASS),
    "an exit": lambda _: sys.exit(1),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_while_the_classifier_fails_every_comment_waits_and_none_is_lost(
    article: Article, reader: Reader, trusted: Reader, now: datetime, fault: str
) -> None:
    wordkeeping.plug(screens.Says(FAULTS[fault]))
    written = [post(article, by, f"Thought {number} of {by.name}.") for by in (reader, trusted) for number in range(3)]
    assert [comment.state for comment in written] == [HELD] * 6
    assert all(("classifier", Finding.FAILED) in screens.verdicts(comment) for comment in written)
    assert [(one.check, one.times) for one in screening.failures(now - timedelta(minutes=1))] == [("classifier", 6)]


def test_while_the_classifier_hangs_every_comment_waits(
    article: Article, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()
    monkeypatch.setattr(screened, "PATIENCE", timedelta(milliseconds=20))
    wordkeeping.plug(screens.Says(lambda _: gate.wait(60)))
    screens.rule("score: {above: 80}")  # which asks as well, and waits no second time
    written = [post(article, reader, f"Thought {number}.") for number in range(6)]
    gate.set()
    for thread in threading.enumerate():
        if thread.name == "deadline":
            thread.join(60)  # or the next test would find no place free
    assert [comment.state for comment in written] == [HELD] * 6
    details = {screens.verdict(comment, "classifier").detail for comment in written}
    assert details == {"Overdue: ", "Busy: "}


@pytest.mark.parametrize("nonsense", [lambda _: None, lambda _: [None], lambda _: 7, raises])
def test_a_check_that_fails_lets_nothing_pass(article: Article, reader: Reader, now: datetime, nonsense: Any) -> None:
    said = screening.screen(Text("Fine.", reader, now, article), (("odd", nonsense),))
    assert (said.state, said.verdicts[0].finding) == (HELD, Finding.FAILED)


def test_an_edit_is_screened_as_well(article: Article, reader: Reader, now: datetime) -> None:
    comment = post(article, reader, "The tolls should end.")
    screens.rule("text: {contains: fool}", "limit", clause="abuse")
    revision = revisions.edit(comment, "You fool.", by=reader, now=now, window=timedelta(minutes=10))
    assert revision is not None
    assert (revision.state, comment.state) == (RevisionState.HELD, PUBLISHED)
    assert screens.verdict(comment, "rules").revision_id == revision.id


def test_moderators_are_not_screened(article: Article, moderator: Reader) -> None:
    screens.listed("fool")
    comment = post(article, moderator, "You fool: https://a.example")
    assert (comment.state, screens.verdicts(comment), moderator.role) == (PUBLISHED, [], Role.MODERATOR)


def test_a_dry_run_knows_what_screening_knows(article: Article, trusted: Reader, now: datetime) -> None:
    for fact in ("author_approved: {above: 9}", "heat: {above: 9}", "score: {above: 90}"):
        screens.rule(fact)
    wordkeeping.plug(screens.advising(Advice.PASS))
    body, later = "THE fool: https://a.example", now + timedelta(minutes=1)
    screened_now = vars(rulechecks.facts_of(Text(body, trusted, later, article)))
    occasion = Occasion(body=body, reader=trusted, article=article, at=later, is_reply=False)
    tried = vars(factfinding.facts_of(occasion, Means(score=lambda _: 0.9)))
    apart = {"contains", "report_weight", "author_removed"}  # which is asked for by no rule here
    assert {name: fact for name, fact in screened_now.items() if name not in apart} == {
        name: fact for name, fact in tried.items() if name not in apart
    }
