"""What a guest forecast and thought, once it is an account's."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from domain import histories, merging, participation, series, verifying
from domain.participation import Answer
from extensions import db
from models import Article, Camp, Reader
from tests import factories
from tests.recount import assert_counters_equal_a_recount

pytestmark = pytest.mark.usefixtures("stage")
DAY = timedelta(days=1)


@pytest.fixture
def opened(article: Article, now: datetime) -> datetime:
    """Return when the article and its questions were opened: ten days ago."""
    for one in (article, *factories.asked(article)):
        one.opened_at = now - 10 * DAY
    db.session.flush()
    return now - 10 * DAY


def think(article: Article, by: Reader, at: datetime, camp: Camp | None) -> None:
    poll, _ = factories.asked(article)
    if camp is None:
        participation.withdraw_take(article, by=by, now=at)
        return
    choices = [choice for choice in poll.choices if choice.camp is camp]
    participation.submit(article, Answer(choices=choices), by=by, now=at)


def predict(article: Article, by: Reader, at: datetime, until: datetime | None = None) -> None:
    _, prediction = factories.asked(article)
    participation.submit(article, Answer(outcome=prediction.outcomes[0]), by=by, now=at)
    if until is not None:
        participation.withdraw_forecast(article, by=by, now=until)


def camps_of(article: Article, reader: Reader) -> list[Camp | None]:
    """Return a reader's camp in the middle of each of ten days."""
    found = histories.stances_of(factories.asked(article)[1])
    mine = [(at, camp) for who, at, camp in zip(found.reader, found.since, found.camp, strict=True) if who == reader.id]
    middles = [(day + 0.5) * DAY.total_seconds() for day in range(10)]
    held = [([-1] + [int(camp) for at, camp in mine if at <= middle])[-1] for middle in middles]
    return [tuple(Camp)[place] if place >= 0 else None for place in held]


def spans_of(article: Article, reader: Reader) -> list[tuple[float, float]]:
    """Return from which to which day each forecast of a reader's counts, in the order of making."""
    found = histories.history_of(factories.asked(article)[1])
    days = zip(found.reader, found.start / DAY.total_seconds(), found.end / DAY.total_seconds(), strict=True)
    return [(round(start, 6), round(end, 6)) for who, start, end in days if who == reader.id]


def test_an_account_held_what_its_guest_held_when_the_guest_held_it(
    article: Article, stranger: Reader, reader: Reader, opened: datetime
) -> None:
    think(article, stranger, opened + DAY, Camp.FOR)
    think(article, stranger, opened + 5 * DAY, Camp.AGAINST)
    merging.absorb(stranger, reader, now=opened + 8 * DAY)
    assert camps_of(article, reader) == [None] + [Camp.FOR] * 4 + [Camp.AGAINST] * 5


def test_what_it_thinks_later_changes_nothing_before(
    article: Article, stranger: Reader, reader: Reader, opened: datetime
) -> None:
    think(article, stranger, opened + DAY, Camp.FOR)
    merging.absorb(stranger, reader, now=opened + 3 * DAY)
    think(article, reader, opened + 5 * DAY, Camp.AGAINST)
    think(article, reader, opened + 7 * DAY, None)
    assert camps_of(article, reader) == [None] + [Camp.FOR] * 4 + [Camp.AGAINST] * 2 + [None] * 3


def test_a_guest_held_it_until_it_moved(article: Article, stranger: Reader, reader: Reader, opened: datetime) -> None:
    think(article, stranger, opened + DAY, Camp.FOR)
    merging.absorb(stranger, reader, now=opened + 8 * DAY)
    assert camps_of(article, stranger) == [None] + [Camp.FOR] * 7 + [None] * 2


def test_each_account_is_given_its_own_guests_past(article: Article, opened: datetime) -> None:
    pairs = [(factories.guest(), factories.account()) for _ in range(3)]
    for day, (guest, _) in enumerate(pairs, 1):
        think(article, guest, opened + day * DAY, Camp.UNSURE)
        think(article, guest, opened + 5 * DAY, Camp.FOR)
    for guest, account in reversed(pairs):
        merging.absorb(guest, account, now=opened + 8 * DAY)
    told = [camps_of(article, account) for _, account in pairs]
    assert told == [[None] * day + [Camp.UNSURE] * (5 - day) + [Camp.FOR] * 5 for day in (1, 2, 3)]


def test_where_the_account_has_a_take_the_guests_is_not_held(
    article: Article, stranger: Reader, reader: Reader, opened: datetime
) -> None:
    think(article, stranger, opened + DAY, Camp.FOR)
    think(article, reader, opened + 5 * DAY, Camp.AGAINST)
    merging.absorb(stranger, reader, now=opened + 8 * DAY)
    assert camps_of(article, reader) == [None] * 5 + [Camp.AGAINST] * 5


def test_a_withdrawn_forecast_counts_for_the_account(
    article: Article, stranger: Reader, reader: Reader, opened: datetime
) -> None:
    predict(article, stranger, opened + DAY, until=opened + 6 * DAY)
    merging.absorb(stranger, reader, now=opened + 8 * DAY)
    assert (spans_of(article, reader), spans_of(article, stranger)) == ([(1, 6)], [])
    assert_counters_equal_a_recount()


def test_of_two_withdrawn_forecasts_the_earlier_ends_where_the_later_begins(
    article: Article, stranger: Reader, reader: Reader, opened: datetime
) -> None:
    predict(article, reader, opened + DAY, until=opened + 4 * DAY)
    predict(article, stranger, opened + 2 * DAY, until=opened + 6 * DAY)
    merging.absorb(stranger, reader, now=opened + 8 * DAY)
    assert spans_of(article, reader) == [(1, 2), (2, 6)]


def test_beside_a_forecast_of_the_accounts_a_withdrawn_one_stays_the_guests(
    article: Article, stranger: Reader, reader: Reader, opened: datetime
) -> None:
    predict(article, stranger, opened + DAY, until=opened + 4 * DAY)
    predict(article, reader, opened + 2 * DAY)
    merging.absorb(stranger, reader, now=opened + 8 * DAY)
    assert (spans_of(article, reader), spans_of(article, stranger)) == ([(2, float("inf"))], [(1, 4)])


def test_what_is_counted_stays_what_the_ledgers_say(
    article: Article, stranger: Reader, reader: Reader, opened: datetime, now: datetime
) -> None:
    think(article, stranger, opened + DAY, Camp.FOR)
    think(article, stranger, opened + 5 * DAY, Camp.AGAINST)
    predict(article, stranger, opened + DAY, until=opened + 6 * DAY)
    merging.absorb(stranger, reader, now=opened + 8 * DAY)
    for question in factories.asked(article):
        series.extend(question, now=now)
    found = [one for check in verifying.checks() for one in verifying.findings(check, now=now)]
    assert [one for one in found if not one.is_waiting] == []
