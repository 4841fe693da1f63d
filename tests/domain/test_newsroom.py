from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event

from domain import articles, disputes, newsroom, participation, resolutions
from domain.newsroom import ARTICLES_A_PAGE, Stage
from domain.participation import Answer
from domain.resolutions import Finding
from extensions import db
from models import Article, Reader, ResolutionAct, Role
from tests import factories
from tests.resolving import dispute, resolve

pytestmark = pytest.mark.usefixtures("stage")


def made(stage: Stage, editor: Reader, now: datetime) -> Article:
    """Return an article that stands at this stage."""
    if stage is Stage.DRAFT:
        return articles.create(factories.draft(now), now=now)
    if stage is Stage.CLOSED:
        article = articles.create(replace(factories.draft(now), prediction=None), now=now)
        articles.open_to_readers(article, now=now)
        articles.close(article, now=now)
        return article
    article = factories.open_article(now)
    prediction = factories.asked(article)[1]
    if stage is Stage.AWAITING:
        prediction.closes_at = now
    if stage in {Stage.RESOLVED, Stage.DISPUTED}:
        finding = Finding(
            outcome=prediction.outcomes[0], source_url="https://a.example", evidence="", happened_at=now, known_at=now
        )
        resolutions.resolve(prediction, finding, by=editor, now=now)
    if stage is Stage.DISPUTED:
        dispute(prediction, factories.guest(), now)
    return article


@contextmanager
def queries() -> Iterator[list[str]]:
    """Give the statements that were sent inside the block."""
    sent: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield sent
    event.remove(db.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("kind", Stage, ids=lambda kind: kind.value)
def test_the_list_and_the_single_article_tell_the_same_stage(editor: Reader, now: datetime, kind: Stage) -> None:
    article = made(kind, editor, now)
    assert [entry.stage for entry in newsroom.listing(now).entries] == [newsroom.stage_of(article, now)] == [kind]


@pytest.mark.parametrize("kind", Stage, ids=lambda kind: kind.value)
def test_the_list_of_a_stage_has_its_articles_alone(editor: Reader, now: datetime, kind: Stage) -> None:
    by_stage = {each: made(each, editor, now) for each in Stage}
    assert [entry.article for entry in newsroom.listing(now, stage=kind).entries] == [by_stage[kind]]


def test_the_totals_count_all_articles_by_stage(editor: Reader, now: datetime) -> None:
    for stage in (Stage.DRAFT, Stage.DRAFT, Stage.AWAITING):
        made(stage, editor, now)
    totals = newsroom.listing(now, stage=Stage.OPEN).totals
    assert totals == {**dict.fromkeys(Stage, 0), Stage.DRAFT: 2, Stage.AWAITING: 1}


def test_an_article_closed_with_its_prediction_open_waits_for_the_outcome(article: Article, now: datetime) -> None:
    articles.close(article, now=now)
    assert newsroom.stage_of(article, now) is Stage.AWAITING


@pytest.mark.parametrize("act", [ResolutionAct.ANNULLED, ResolutionAct.AMBIGUOUS], ids=lambda act: act.value)
def test_what_ended_without_an_outcome_has_nothing_to_resolve(
    article: Article, editor: Reader, now: datetime, act: ResolutionAct
) -> None:
    resolutions.declare(factories.asked(article)[1], act, "Because.", by=editor, now=now)
    assert [entry.stage for entry in newsroom.listing(now).entries] == [newsroom.stage_of(article, now)] == [Stage.RESOLVED]


def test_what_was_reopened_waits_for_the_outcome_again(article: Article, editor: Reader, now: datetime) -> None:
    articles.close(article, now=now)
    resolve(article, editor, now)
    dispute(factories.asked(article)[1], factories.guest(), now)
    resolutions.reopen(factories.asked(article)[1], "It was premature.", by=editor, now=now)
    (entry,) = newsroom.listing(now).entries
    assert (entry.stage, newsroom.stage_of(article, now), entry.disputes) == (Stage.AWAITING, Stage.AWAITING, 0)


def test_disputes_of_what_is_said_are_counted_until_they_are_decided(article: Article, editor: Reader, now: datetime) -> None:
    resolve(article, editor, now)
    rows = [dispute(factories.asked(article)[1], factories.guest(), now) for _ in range(2)]
    assert newsroom.listing(now).entries[0].disputes == 2
    for one in rows:
        disputes.dismiss(one, "No.", by=factories.account(role=Role.EDITOR), now=now)
    (entry,) = newsroom.listing(now).entries
    assert (entry.disputes, entry.stage) == (0, Stage.RESOLVED)


def test_takes_predictions_and_published_comments_are_counted(
    article: Article, reader: Reader, stranger: Reader, now: datetime
) -> None:
    poll, prediction = factories.asked(article)
    participation.submit(article, Answer(choices=[poll.choices[0]], outcome=prediction.outcomes[0]), by=reader, now=now)
    participation.submit(article, Answer(choices=[poll.choices[1]]), by=stranger, now=now)
    factories.comment(article, reader)
    factories.comment(article, stranger, "Held, because it is a guest's first.")
    db.session.expire_all()
    (entry,) = newsroom.listing(now).entries
    assert (entry.takes, entry.forecasts, entry.comments) == (2, 1, 1)


def test_the_list_is_turned_page_by_page_without_gaps(now: datetime) -> None:
    made_ids = [articles.create(factories.draft(now), now=now).id for _ in range(2 * ARTICLES_A_PAGE + 1)]
    seen: list[int] = []
    before = None
    while True:
        page = newsroom.listing(now, before=before)
        seen += [entry.article.id for entry in page.entries]
        before = page.next_before
        if before is None:
            break
    assert seen == made_ids[::-1]


def test_a_last_page_that_is_full_leads_nowhere(now: datetime) -> None:
    for _ in range(ARTICLES_A_PAGE):
        articles.create(factories.draft(now), now=now)
    assert newsroom.listing(now).next_before is None


def test_an_empty_newsroom_has_an_empty_list(now: datetime) -> None:
    page = newsroom.listing(now)
    assert (page.entries, page.next_before, set(page.totals.values())) == ([], None, {0})


def test_the_number_of_queries_does_not_grow_with_the_articles(editor: Reader, now: datetime) -> None:
    counts = []
    for articles_more in (1, 10):
        for _ in range(articles_more):
            made(Stage.RESOLVED, editor, now)
        db.session.expire_all()
        with queries() as sent:
            for entry in newsroom.listing(now + timedelta(minutes=1)).entries:
                assert entry.article.prediction
                assert entry.article.prediction.resolution
                assert entry.article.prediction.resolution.outcome
                assert entry.article.prediction.resolution.outcome.label
        counts.append(len(sent))
    assert counts[0] == counts[1] <= 7
