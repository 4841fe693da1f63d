from __future__ import annotations

from datetime import UTC, datetime

import pytest

from domain import moderation, narrowing, queues, savedfilters
from domain.errors import Conflict, Forbidden, Invalid, Missing
from domain.narrowing import EVERYTHING, Conditions
from domain.queues import REFERRED, Queue
from extensions import db
from models import Article, Comment, CommentState, Reader, Referral, ReferralKind, ReportReason, Tier
from tests import factories

pytestmark = pytest.mark.usefixtures("stage")


def ids(queue: Queue, conditions: Conditions = EVERYTHING, after: int = 0) -> list[int]:
    return queues.waiting(queue, now=datetime.now(UTC), after=after, conditions=conditions).comment_ids


def refer(comment: Comment, kind: ReferralKind) -> None:
    db.session.add(Referral(comment_id=comment.id, kind=kind, made_at=datetime.now(UTC)))
    db.session.flush()


@pytest.mark.parametrize(("queue", "kind"), list(REFERRED.items()))
def test_what_was_referred_waits_in_the_queue_of_its_kind(
    article: Article, reader: Reader, queue: Queue, kind: ReferralKind
) -> None:
    comment = factories.comment(article, reader)
    refer(comment, kind)
    assert {one for one in Queue if comment.id in ids(one)} == {queue, Queue.ALL, Queue.NEW_NAMES}


def test_all_holds_what_waits_for_whatever_reason_once_the_oldest_first(
    article: Article, reader: Reader, stranger: Reader, now: datetime
) -> None:
    held, reported = factories.comment(article, stranger), factories.comment(article, reader)
    referred, calm = factories.comment(article, reader), factories.comment(article, reader)
    for comment in (referred, reported):
        refer(comment, ReferralKind.LEGAL)
    for _ in range(2):
        moderation.report(reported, ReportReason.SPAM, "", by=factories.guest(), now=now)
    assert calm.id not in ids(Queue.ALL)
    assert ids(Queue.ALL) == [held.id, reported.id, referred.id]


def test_new_names_are_first_comments_of_new_accounts_until_they_are_judged(
    article: Article, moderator: Reader, now: datetime
) -> None:
    known, new, judged = factories.account(), factories.account(), factories.account()
    known.registered_at = now - queues.NEW_FOR
    first, _, _ = (factories.comment(article, author) for author in (new, new, known))
    decided = factories.comment(article, judged)
    moderation.report(decided, ReportReason.SPAM, "", by=known, now=now)
    seen = moderation.Judged(comment_id=decided.id, version=decided.version, report_id=10**9)
    moderation.approve(seen, by=moderator, now=now)
    assert ids(Queue.NEW_NAMES) == [first.id]


def test_a_queue_is_narrowed_down_by_what_is_asked(article: Article, reader: Reader, stranger: Reader, now: datetime) -> None:
    by_guest = factories.comment(article, stranger, "The tolls are 100 % wrong.")
    by_account = factories.comment(article, reader, "Ferries cost more than tolls.")
    article.section = "Transport"
    moderation.report(by_account, ReportReason.PRIVACY, "", by=factories.guest(), now=now)
    both, guests, accounts = [by_guest.id, by_account.id], [by_guest.id], [by_account.id]
    asked = {
        Conditions(words="TOLLS"): both,
        Conditions(words="100 %"): guests,
        Conditions(words="1_0"): [],
        Conditions(article=article.slug, section="Transport"): both,
        Conditions(section="Sport"): [],
        Conditions(language="ar"): [],
        Conditions(reason=ReportReason.PRIVACY): accounts,
        Conditions(tier=Tier.GUEST): guests,
        Conditions(tier=Tier.VERIFIED, words="ferries"): accounts,
        Conditions(hours=1): [],
    }
    assert {one: ids(Queue.ALL, one) for one in asked} == asked


def test_what_a_filter_looks_for_survives_being_kept() -> None:
    asked = Conditions(words="a  b", reason=ReportReason.SPAM, tier=Tier.GUEST, hours=3)
    assert narrowing.conditions(asked.kept()) == Conditions(words="a b", reason=ReportReason.SPAM, tier=Tier.GUEST, hours=3)


def test_conditions_that_are_none_ask_nothing() -> None:
    given = {"reason": "x", "tier": "set_aside", "hours": "-1", "words": "\x00", "unknown": "y"}
    assert narrowing.conditions(given) == EVERYTHING


def test_a_page_of_a_narrowed_queue_looks_through_so_many_and_says_where_to_go_on(
    article: Article, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queues, "LOOKED_THROUGH", 2)
    comments = [factories.comment(article, factories.guest(), text) for text in ("one", "two", "three")]
    wanted = Conditions(words="three")
    first = queues.waiting(Queue.HELD, now=datetime.now(UTC), conditions=wanted)
    assert (first.comment_ids, first.next_after) == ([], comments[1].id)
    assert ids(Queue.HELD, wanted, after=comments[1].id) == [comments[2].id]


def test_what_was_withdrawn_waits_nowhere(article: Article, reader: Reader, now: datetime) -> None:
    comment = factories.comment(article, reader)
    moderation.report(comment, ReportReason.SPAM, "", by=factories.guest(), now=now)
    refer(comment, ReferralKind.FLAGGED)
    factories.put(comment, CommentState.WITHDRAWN)
    assert queues.counts(now) == dict.fromkeys(Queue, 0)


def test_a_filter_is_its_makers_unless_it_is_shared(moderator: Reader, editor: Reader, now: datetime) -> None:
    own, shared = (
        savedfilters.save(name, Queue.HELD, Conditions(words="a"), by=moderator, now=now, is_shared=name == "shared")
        for name in ("own", "shared")
    )
    assert savedfilters.seen_by(moderator) == [own, shared]
    assert savedfilters.seen_by(editor) == [shared]
    with pytest.raises(Missing):
        savedfilters.seen(own.id, editor)


def test_a_filter_of_the_same_name_replaces_the_one_before(moderator: Reader, now: datetime) -> None:
    for words in ("a", "b"):
        savedfilters.save(" mine ", Queue.HELD, Conditions(words=words), by=moderator, now=now, is_shared=False)
    (kept,) = savedfilters.seen_by(moderator)
    assert (kept.name, savedfilters.queue_of(kept), savedfilters.conditions_of(kept).words) == ("mine", Queue.HELD, "b")


def test_filters_have_names_and_are_not_too_many(moderator: Reader, now: datetime) -> None:
    def save(name: str) -> None:
        savedfilters.save(name, Queue.HELD, Conditions(words="a"), by=moderator, now=now, is_shared=False)

    for number in range(savedfilters.MOST_FILTERS):
        save(str(number))
    with pytest.raises(Conflict):
        save("another")
    for name in (" ", "x" * (savedfilters.LONGEST_NAME + 1)):
        with pytest.raises(Invalid):
            save(name)


def test_a_shared_filter_is_taken_away_by_its_maker_or_an_editor(moderator: Reader, editor: Reader, now: datetime) -> None:
    kept = savedfilters.save("a", Queue.HELD, Conditions(words="a"), by=editor, now=now, is_shared=True)
    with pytest.raises(Forbidden):
        savedfilters.forget(kept.id, by=moderator)
    savedfilters.forget(kept.id, by=editor)
    assert savedfilters.seen_by(moderator) == []


def test_a_queue_goes_on_after_a_place(article: Article, now: datetime) -> None:
    first, second = (factories.comment(article, factories.guest()) for _ in range(2))
    assert queues.sizes([(Queue.HELD, EVERYTHING)], now=now, after=first.id) == [1]
    assert ids(Queue.HELD, after=first.id) == [second.id]
