from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update

from domain import articles, boardkeeping, boards, leaderboards, legal, scorekeeping, verifying
from domain.articles import ArticleDraft
from domain.leaderboards import Period
from extensions import db
from jobs import tasks
from models import Leaderboard, LeaderboardPlace, LegalState, Prediction, Reader, ReaderSkill, ResolutionAct, Role
from tests import factories, ledgers
from tests.statements import counted_statements

pytestmark = pytest.mark.usefixtures("stage")


@pytest.fixture
def scored(reader: Reader, now: datetime) -> list[Prediction]:
    """Return ten questions of the section City in which the reader was alone, final and scored."""
    return ledgers.records(now, reader, [], 10)


def names(section: str = "City", period: Period = Period.ALL) -> list[str | None]:
    return [place.reader.name for place in leaderboards.board(section=section, period=period)]


def everywhere() -> list[list[str | None]]:
    """Return who stands on each board, of all sections and of the one."""
    return [names(section, period) for section in ("", "City") for period in Period]


def test_the_job_that_scores_makes_the_boards(scored: list[Prediction]) -> None:
    rival = factories.account()
    for number in range(10):
        prediction = ledgers.question(scored[0].closes_at, headline=f"Late {number}")
        ledgers.say(prediction, rival, 0, (0.8, 0.1, 0.1))
        ledgers.end(prediction)
    db.session.commit()
    assert rival.name not in names()
    tasks.score_due.call_local()
    assert rival.name in names()


def test_scores_that_are_taken_back_leave_the_boards(scored: list[Prediction], reader: Reader, now: datetime) -> None:
    assert everywhere() == [[reader.name]] * 8
    ledgers.end(scored[0], act=ResolutionAct.ANNULLED)
    scorekeeping.score(scored[0], now=now)
    boardkeeping.renew(now=now)
    assert everywhere() == [[]] * 8


@pytest.mark.usefixtures("scored")
def test_a_board_is_made_anew_as_time_goes_by(reader: Reader, now: datetime) -> None:
    assert names(period=Period.MONTH) == [reader.name]
    boardkeeping.renew(now=now + timedelta(minutes=59))
    assert boards.due(now=now + timedelta(minutes=59)) is None
    boardkeeping.renew(now=now + timedelta(days=40))
    assert (names(period=Period.MONTH), names()) == ([], [reader.name])


def test_what_a_law_hides_leaves_the_boards_at_once(scored: list[Prediction], now: datetime) -> None:
    editor = factories.account(role=Role.EDITOR)
    setting = legal.LegalSetting(state=LegalState.COURT_ORDER, jurisdiction="Norway", hides_counts=True)
    legal.change(scored[0].article, setting, by=editor, now=now)
    assert everywhere() == [[]] * 8


def test_an_article_takes_its_scores_into_another_section(scored: list[Prediction], now: datetime) -> None:
    for prediction in scored:
        article = prediction.article
        articles.revise(article, ArticleDraft(headline=article.headline, body="Text.", byline="", section="Sport"))
    boardkeeping.renew(now=now)
    assert (leaderboards.sections(), len(names("Sport")), names()) == (["Sport"], 1, [])


@pytest.mark.usefixtures("scored")
def test_a_board_shows_the_name_an_account_has_now(reader: Reader) -> None:
    reader.name = "another name"
    db.session.flush()
    assert names() == ["another name"]


@pytest.mark.usefixtures("scored")
def test_a_board_that_was_asked_for_meanwhile_is_not_kept(reader: Reader, now: datetime) -> None:
    board = db.session.scalars(select(Leaderboard).filter_by(section="City", period=Period.ALL)).one()
    seen = replace(boardkeeping.made(board, now=now), places=())
    boards.make_due(["City"])
    boardkeeping.keep(seen, now=now)
    assert (names(), boards.waits(board, now=now)) == ([reader.name], True)


@pytest.mark.usefixtures("scored")
def test_a_board_is_read_without_a_score(now: datetime) -> None:
    with counted_statements() as statements:
        names(period=Period.YEAR)
        leaderboards.sections()
    assert len(statements) == 2
    assert not [statement for statement in statements if "forecast_score" in str(statement)]


@pytest.mark.usefixtures("scored")
def test_places_that_do_not_follow_are_named(now: datetime) -> None:
    look = verifying.LOOKS[Leaderboard][0]
    kept = db.session.scalars(select(Leaderboard).order_by(Leaderboard.id)).all()
    assert not [one for board in kept for one in look(board, now)]
    db.session.execute(update(LeaderboardPlace).values(called=3))
    assert [str(one) for one in look(kept[0], now)] == ["leaderboard of all sections, month: is not what its scores say"]


@pytest.mark.usefixtures("scored")
def test_a_board_that_waits_is_no_fault(now: datetime) -> None:
    boards.make_due(["City"])
    board = db.session.scalars(select(Leaderboard)).first()
    assert [one.is_waiting for one in verifying.LOOKS[Leaderboard][0](board, now)] == [True]


def test_sums_that_do_not_follow_are_named(scored: list[Prediction], reader: Reader, now: datetime) -> None:
    look = verifying.LOOKS[Prediction][-2]
    assert not list(look(scored[0], now))
    db.session.execute(update(ReaderSkill).values(called=3))
    [found] = look(scored[0], now)
    assert str(found).startswith(f"reader_skill of reader {reader.id}: is ")
