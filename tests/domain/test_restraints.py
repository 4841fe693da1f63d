from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from domain import clauses, comments, disputes, merging, moderation, participation, ratings, restraints
from domain.errors import DomainError, Restrained, Slowed
from domain.participation import Answer
from extensions import db
from models import Article, Reader, ReportReason, Role, Sanction, SanctionKind, Verdict
from tests import factories

pytestmark = pytest.mark.usefixtures("stage")

WARNED, HELD, SLOWED, MUTED, SUSPENDED, BANNED = SanctionKind


def under(reader: Reader, kind: SanctionKind, now: datetime, *, ends: timedelta = timedelta(days=7)) -> Sanction:
    """Put a reader under a sanction, however it came about."""
    by, clause = factories.account(role=Role.ADMIN), clauses.current("abuse")
    row = Sanction(reader_id=reader.id, kind=kind, clause_id=clause.id, by_id=by.id, made_at=now, ends_at=now + ends)
    row.approvals = 2 if kind is HELD else 0
    db.session.add(row)
    db.session.flush()
    return row


def deeds(article: Article, by: Reader, now: datetime) -> dict[str, Callable[[], object]]:
    """Return everything a reader can do on an article, by name."""
    poll, prediction = factories.asked(article)
    theirs, own = factories.comment(article, factories.account()), factories.comment(article, by)
    objection = disputes.Objection(source_url="https://example.org/", argument="It was otherwise.")
    take, call = Answer(choices=[poll.choices[0]]), Answer(outcome=prediction.outcomes[0])
    return {
        "comment": lambda: comments.post(article, "A new one.", by=by, now=now + timedelta(hours=1)),
        "reply": lambda: comments.post(article, "An answer.", by=by, now=now + timedelta(hours=2), parent=theirs),
        "take": lambda: participation.submit(article, take, by=by, now=now),
        "forecast": lambda: participation.submit(article, call, by=by, now=now),
        "reason": lambda: participation.submit(article, Answer(reason="So."), by=by, now=now + timedelta(hours=3)),
        "rate": lambda: ratings.rate(theirs, Verdict.GOOD, by=by, now=now),
        "report": lambda: moderation.report(theirs, ReportReason.SPAM, "", by=by, now=now),
        "dispute": lambda: disputes.dispute(prediction, objection, by=by, now=now),
        "unrate": lambda: ratings.rate(theirs, None, by=by, now=now),
        "take back": lambda: participation.withdraw_take(article, by=by, now=now),
        "withdraw": lambda: comments.withdraw(own, by=by, now=now),
    }


def is_restrained(deed: Callable[[], object]) -> bool:
    try:
        deed()
    except Restrained:
        return True
    except DomainError:  # there is nothing to dispute yet
        return False
    return False


WRITING = {"comment", "reply", "reason", "dispute"}
REFUSED = {
    WARNED: set[str](),
    HELD: set[str](),
    SLOWED: set[str](),
    MUTED: WRITING,
    SUSPENDED: WRITING | {"take", "forecast", "rate", "report"},
    BANNED: WRITING | {"take", "forecast", "rate", "report"},
}


@pytest.mark.parametrize("kind", SanctionKind)
@pytest.mark.parametrize("is_guest", [False, True])
def test_a_sanction_keeps_from_what_it_says_and_from_nothing_else(
    article: Article, now: datetime, kind: SanctionKind, *, is_guest: bool
) -> None:
    somebody = factories.guest() if is_guest else factories.account()
    possible = deeds(article, somebody, now)
    under(somebody, kind, now)
    assert {name for name, deed in possible.items() if is_restrained(deed)} == REFUSED[kind]


def test_a_refusal_says_until_when_and_why(article: Article, reader: Reader, now: datetime) -> None:
    sanction = under(reader, MUTED, now)
    with pytest.raises(Restrained) as refusal:
        factories.comment(article, reader)
    assert refusal.value.values == {"until": sanction.ends_at, "reason": "Insults and threats"}


def test_a_sanction_ends_with_its_time_whether_or_not_a_clock_has_struck(
    article: Article, reader: Reader, now: datetime
) -> None:
    under(reader, MUTED, now - timedelta(days=7))
    assert factories.comment(article, reader).id


def test_a_ban_goes_on_after_its_review_is_due(reader: Reader, now: datetime) -> None:
    under(reader, BANNED, now - timedelta(days=7))
    assert restraints.of(reader, now).of_kind(BANNED)


def test_a_slowed_reader_comments_once_in_a_while_on_the_whole_site(article: Article, reader: Reader, now: datetime) -> None:
    another = factories.open_article(now, "Another bridge")
    under(reader, SLOWED, now)
    comments.post(article, "The first.", by=reader, now=now)
    with pytest.raises(Slowed) as refusal:
        comments.post(another, "The second.", by=reader, now=now + restraints.PAUSE - timedelta(seconds=1))
    assert refusal.value.values["again"] == now + restraints.PAUSE
    assert comments.post(another, "The second.", by=reader, now=now + restraints.PAUSE).id


def test_the_gravest_of_several_sanctions_is_told_first(reader: Reader, now: datetime) -> None:
    for kind in (MUTED, HELD, SUSPENDED):
        under(reader, kind, now)
    assert [one.kind for one in restraints.of(reader, now).sanctions] == [SUSPENDED, MUTED, HELD]


def test_a_sanction_does_not_stand_in_the_way_of_signing_in(
    article: Article, stranger: Reader, reader: Reader, now: datetime
) -> None:
    poll, _ = factories.asked(article)
    participation.submit(article, Answer(choices=[poll.choices[0]]), by=stranger, now=now)
    for one in (stranger, reader):
        under(one, BANNED, now)
    assert merging.absorb(stranger, reader, now=now)
