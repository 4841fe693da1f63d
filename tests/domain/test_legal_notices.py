from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select

from domain import clauses, legalnotices
from domain.errors import Conflict, Forbidden, Invalid, Missing, TooSoon
from domain.legalnotices import MOST_A_DAY, TIME_TO_DECIDE, Ruling
from extensions import db
from models import Article, Comment, CommentState, LegalNotice, ModerationAct, ModerationEntry, Reader
from tests import factories
from tests.scene_of_oversight import SITE, filing

pytestmark = pytest.mark.usefixtures("stage")

REFUSED = Ruling(is_upheld=False, answer="It is an opinion.")


@pytest.fixture
def published(article: Article, reader: Reader) -> Comment:
    return factories.comment(article, reader)


@pytest.fixture
def notice(published: Comment, now: datetime) -> LegalNotice:
    return legalnotices.file(filing(f"/comments/{published.id}"), site_url=SITE, now=now)[0]


def upheld(comment: Comment, act: ModerationAct = ModerationAct.DISABLED) -> Ruling:
    clause = clauses.current("abuse")
    return Ruling(is_upheld=True, answer="You are right.", act=act, clause=clause, version=comment.version)


@pytest.mark.parametrize(
    "place", ["/comments/{id}", "/comments/{id}/", "/articles/{slug}#comment-{id}", "/comments/{id}?page=2"]
)
def test_the_comment_is_found_from_its_address(article: Article, published: Comment, now: datetime, place: str) -> None:
    address = place.format(id=published.id, slug=article.slug)
    notice, _ = legalnotices.file(filing(address), site_url=SITE, now=now)
    assert notice.comment_id == published.id


@pytest.mark.parametrize("place", ["/", "/comments/999999", "/articles/nowhere#comment-x", "/comments/٣"])
def test_a_page_without_a_comment_is_a_place_too(place: str, now: datetime) -> None:
    notice, _ = legalnotices.file(filing(place), site_url=SITE, now=now)
    assert notice.comment_id is None


@pytest.mark.parametrize(
    "change",
    [
        {"place": "https://example.org/comments/1"},
        {"place": "not an address"},
        {"place": "http://[::1"},
        {"place": f"{SITE}/{'x' * 2_000}"},
        {"name": " "},
        {"email": "nobody"},
        {"explanation": "\n"},
        {"explanation": "x" * 10_001},
        {"is_in_good_faith": False},
    ],
)
def test_what_nobody_could_answer_or_look_at_is_refused(now: datetime, change: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        legalnotices.file(replace(filing("/"), **change), site_url=SITE, now=now)  # type: ignore[arg-type]


def test_only_the_token_opens_the_receipt_and_we_do_not_keep_it(now: datetime) -> None:
    notice, token = legalnotices.file(filing("/"), site_url=SITE, now=now)
    assert (legalnotices.of_token(token), token in (notice.token_hash, notice.place)) == (notice, False)
    with pytest.raises(Missing):
        legalnotices.of_token(notice.token_hash)


def test_one_address_sends_so_many_a_day_and_no_more(now: datetime) -> None:
    for _ in range(MOST_A_DAY):
        legalnotices.file(filing("/"), site_url=SITE, now=now)
    with pytest.raises(TooSoon):
        legalnotices.file(filing("/"), site_url=SITE, now=now)


@pytest.mark.parametrize(
    ("act", "state"),
    [
        (ModerationAct.DISABLED, CommentState.DISABLED),
        (ModerationAct.REMOVED, CommentState.REMOVED),
        (ModerationAct.LIMITED, CommentState.LIMITED),
    ],
)
def test_an_upheld_notice_restricts_the_comment_and_is_an_entry(
    article: Article, moderator: Reader, now: datetime, act: ModerationAct, state: CommentState
) -> None:
    published = factories.comment(article, factories.account())
    notice, _ = legalnotices.file(filing(f"/comments/{published.id}"), site_url=SITE, now=now)
    legalnotices.decide(notice.id, upheld(published, act), by=moderator, now=now)
    rows = db.session.scalars(
        select(ModerationEntry).where(ModerationEntry.comment_id == published.id).order_by(ModerationEntry.id)
    )
    assert (published.state, [row.act for row in rows][-2:]) == (state, [act, ModerationAct.LEGAL_NOTICE_DECIDED])


def test_a_refused_notice_changes_nothing_but_itself(
    notice: LegalNotice, published: Comment, moderator: Reader, now: datetime
) -> None:
    legalnotices.decide(notice.id, REFUSED, by=moderator, now=now)
    assert (published.state, notice.is_upheld, notice.decided_at) == (CommentState.PUBLISHED, False, now)


def test_a_notice_is_decided_once(notice: LegalNotice, moderator: Reader, editor: Reader, now: datetime) -> None:
    legalnotices.decide(notice.id, REFUSED, by=moderator, now=now)
    with pytest.raises(Conflict):
        legalnotices.decide(notice.id, REFUSED, by=editor, now=now)


def test_what_changed_meanwhile_is_looked_at_again(
    notice: LegalNotice, published: Comment, moderator: Reader, now: datetime
) -> None:
    with pytest.raises(Conflict):
        legalnotices.decide(notice.id, replace(upheld(published), version=99), by=moderator, now=now)


def test_nobody_decides_about_their_own_comment(article: Article, moderator: Reader, now: datetime) -> None:
    own = factories.comment(article, moderator)
    notice, _ = legalnotices.file(filing(f"/comments/{own.id}"), site_url=SITE, now=now)
    with pytest.raises(Forbidden):
        legalnotices.decide(notice.id, REFUSED, by=moderator, now=now)


@pytest.mark.parametrize("ruling", [replace(REFUSED, answer=" "), Ruling(is_upheld=True, answer="Right.")])
def test_a_decision_that_says_too_little_is_refused(
    notice: LegalNotice, moderator: Reader, now: datetime, ruling: Ruling
) -> None:
    with pytest.raises(Invalid):
        legalnotices.decide(notice.id, ruling, by=moderator, now=now)


def test_the_oldest_stands_first_and_has_a_deadline(notice: LegalNotice, now: datetime) -> None:
    legalnotices.file(filing("/"), site_url=SITE, now=now)
    first = legalnotices.waiting().notices[0]
    assert (first, legalnotices.deadline(first)) == (notice, now + TIME_TO_DECIDE)
