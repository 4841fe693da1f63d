"""What rules are told of a text and its place."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from domain import clauses, moderation, rulechecks, trials
from domain.dryrun import Fate
from domain.factfinding import Means, Occasion, capitals, facts_of, site
from domain.moderation import Judged
from domain.rulefacts import Fact
from domain.screened import Text
from domain.words import WordList
from extensions import db
from models import Article, CommentState, Reader, Report, ReportReason
from tests import factories
from tests.statements import counted_statements

LATER = timedelta(minutes=1)


def occasion(article: Article, by: Reader, at: datetime, body: str = "Go to https://example.org NOW.") -> Occasion:
    return Occasion(body=body, reader=by, article=article, at=at, is_reply=False)


def test_every_fact_but_two_is_known_of_a_text(article: Article, reader: Reader, now: datetime) -> None:
    facts = facts_of(occasion(article, reader, now, "Смотри"), Means())
    assert [str(fact) for fact in Fact if getattr(facts, fact) is None] == ["report_weight", "score"]


def test_facts_say_what_stands_there(article: Article, reader: Reader, now: datetime) -> None:
    means = Means(words=WordList(("idiot",)), score=lambda _: 0.25, zone=ZoneInfo("Asia/Tokyo"))
    facts = facts_of(occasion(article, reader, now, "You IDIOT: https://www.example.org/a"), means)
    assert (facts.links, facts.link_domains, facts.score, facts.section) == (1, ("example.org",), 25.0, "City")
    assert facts.contains
    assert list(facts.contains(("idiot", "rose"))) == ["idiot"]
    assert facts.time_of_day == now.astimezone(ZoneInfo("Asia/Tokyo")).time()


def test_a_time_of_day_is_the_sites_in_a_dry_run_as_in_screening(
    article: Article, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site, "zone", ZoneInfo("Asia/Tokyo"))
    at = datetime(2026, 11, 29, 20, tzinfo=UTC)
    screened = rulechecks.facts_of(Text("A text.", reader, at, article))
    tried = facts_of(occasion(article, reader, at), Means())
    assert (screened.time_of_day, tried.time_of_day) == (time(5), time(5))


@pytest.mark.parametrize(("body", "share"), [("", 0), ("ABcd", 50), ("日本", 0), ("A1!", 100)])
def test_capitals_are_a_share_of_the_letters_that_have_a_case(body: str, share: float) -> None:
    assert capitals(body) == share


def test_an_author_is_known_as_they_were_at_that_moment(
    article: Article, reader: Reader, moderator: Reader, now: datetime
) -> None:
    factories.put(first := factories.comment(article, reader), CommentState.HELD)
    factories.approve(first, moderator)
    after, before = now + LATER, now - LATER
    counts = [facts_of(occasion(article, reader, at), Means()).author_approved for at in (before, after)]
    own = facts_of(replace(occasion(article, reader, after), comment=first), Means()).author_approved
    assert (counts, own) == ([0, 1], 0)


def test_an_approval_that_was_undone_is_none_of_the_authors(
    article: Article, reader: Reader, moderator: Reader, now: datetime
) -> None:
    first = factories.comment(article, reader)
    moderation.report(first, ReportReason.SPAM, "", by=factories.account(), now=now)
    report = db.session.scalars(select(Report.id)).one()
    judged = Judged(comment_id=first.id, version=first.version, report_id=report)
    moderation.undo(moderation.approve(judged, by=moderator, now=now).id, by=moderator, now=now)
    assert facts_of(occasion(article, reader, now + LATER), Means()).author_approved == 0


def test_heat_is_what_was_posted_shortly_before(article: Article, reader: Reader, now: datetime) -> None:
    for minutes in (1, 5, 11):
        factories.comment(article, reader).posted_at = now - timedelta(minutes=minutes)
    assert facts_of(occasion(article, reader, now), Means()).heat == 2


def test_reports_that_are_settled_count_only_in_hindsight(
    article: Article, reader: Reader, stranger: Reader, moderator: Reader, now: datetime
) -> None:
    comment = factories.comment(article, reader)
    moderation.report(comment, ReportReason.ABUSE, "", by=stranger, now=now)
    moderation.approve(Judged(comment_id=comment.id, version=comment.version, report_id=10**6), by=moderator, now=now)
    one = replace(occasion(article, reader, now), comment=comment)
    assert [facts_of(one, Means(is_hindsight=past)).reports for past in (False, True)] == [0, 1]


def test_past_comments_come_with_what_people_decided(
    article: Article, reader: Reader, moderator: Reader, now: datetime
) -> None:
    kept, gone, left, taken_back = [factories.comment(article, reader) for _ in range(4)]
    factories.put(kept, CommentState.HELD)
    factories.approve(kept, moderator)
    judged = Judged(comment_id=gone.id, version=gone.version)
    moderation.remove(judged, clauses.current("abuse"), by=moderator, now=now)
    factories.put(taken_back, CommentState.WITHDRAWN)
    found = [(one.comment, one.fate) for one in trials.past(Means())]
    assert found == [(left.id, Fate.UNDECIDED), (gone.id, Fate.REMOVED), (kept.id, Fate.APPROVED)]


def test_more_comments_cost_no_more_queries(article: Article, reader: Reader) -> None:
    counts = []
    for _ in range(2):
        for _ in range(5):
            factories.comment(article, reader)
        db.session.flush()
        with counted_statements() as statements:
            list(trials.past(Means()))
        counts.append(len(statements))
    assert counts[0] == counts[1]
