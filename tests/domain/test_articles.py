from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from domain import articles
from domain.articles import LONGEST_BODY, LONGEST_CRITERIA, ArticleDraft, PollDraft, PredictionDraft
from domain.errors import Conflict, Invalid, Missing
from extensions import db
from models import Article, Camp, OpinionChoice, OpinionPoll, Outcome, Prediction, Reader
from tests import factories
from tests.statements import counted_statements

pytestmark = pytest.mark.usefixtures("stage")


@pytest.fixture
def written(now: datetime) -> ArticleDraft:
    return factories.draft(now)


@pytest.fixture
def drafted(written: ArticleDraft, now: datetime) -> Article:
    return articles.create(written, now=now)


def poll_of(draft: ArticleDraft) -> PollDraft:
    assert draft.poll is not None
    return draft.poll


def prediction_of(draft: ArticleDraft) -> PredictionDraft:
    assert draft.prediction is not None
    return draft.prediction


def poll_in(article: Article) -> OpinionPoll:
    return factories.asked(article)[0]


def prediction_in(article: Article) -> Prediction:
    return factories.asked(article)[1]


def count(table: type[Article | OpinionPoll | OpinionChoice | Outcome | Prediction]) -> int:
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_a_new_article_is_a_draft_with_its_questions_in_order(drafted: Article) -> None:
    assert drafted.is_draft
    assert [choice.label for choice in poll_in(drafted).choices] == ["Agree", "Disagree", "Not sure"]
    assert [outcome.position for outcome in prediction_in(drafted).outcomes] == [0, 1, 2]


def test_a_new_article_is_not_asked_for_questions_that_it_cannot_have(written: ArticleDraft, now: datetime) -> None:
    with counted_statements() as statements:
        articles.create(written, now=now)
    assert len([statement for statement in statements if statement.startswith("SELECT")]) == 1  # for its address


def test_a_draft_is_shown_to_editors_only(drafted: Article, editor: Reader, moderator: Reader) -> None:
    assert articles.shown_to(editor, drafted.slug) is drafted
    for nosy in (moderator, None):
        with pytest.raises(Missing):
            articles.shown_to(nosy, drafted.slug)


def test_two_articles_with_one_headline_have_different_slugs(written: ArticleDraft, now: datetime) -> None:
    slugs = [articles.create(written, now=now).slug for _ in range(3)]
    stem = "harbour-bridge-tolls-to-be-dropped"
    assert slugs == [stem, f"{stem}-2", f"{stem}-3"]


@pytest.mark.parametrize("headline", ["東京の橋", "!!!", "🌉"])
def test_a_headline_without_latin_letters_still_gets_an_address(written: ArticleDraft, now: datetime, headline: str) -> None:
    assert articles.create(replace(written, headline=headline), now=now).slug == "article"


def test_control_characters_do_not_reach_the_text(written: ArticleDraft, now: datetime) -> None:
    dirty = replace(written, headline="Tolls\x00 to\n end", body="One\x00 line\r\nand another", byline="\x07Ann")
    article = articles.create(dirty, now=now)
    assert (article.headline, article.body_source, article.byline) == ("Tolls to end", "One line\nand another", "Ann")


@pytest.mark.parametrize(
    "change",
    [
        {"headline": " \x00 "},
        {"headline": "x" * 201},
        {"body": "\n\n"},
        {"body": "x" * (LONGEST_BODY + 1)},
        {"byline": "x" * 201},
        {"section": "x" * 201},
    ],
    ids=str,
)
def test_an_unusable_text_is_refused(written: ArticleDraft, now: datetime, change: dict[str, str]) -> None:
    with pytest.raises(Invalid):
        articles.create(replace(written, **change), now=now)  # type: ignore[arg-type] # only texts are changed


ALIKE = [("Agree", Camp.FOR), ("AGREE ", Camp.AGAINST)]
SEVENTEEN = [(f"choice {number}", Camp.OTHER) for number in range(17)]


@pytest.mark.parametrize("choices", [[("Agree", Camp.FOR)], ALIKE, SEVENTEEN, [("", Camp.FOR), ("No", Camp.AGAINST)]], ids=len)
def test_a_poll_readers_could_not_answer_is_refused(
    written: ArticleDraft, now: datetime, choices: list[tuple[str, Camp]]
) -> None:
    with pytest.raises(Invalid):
        articles.create(replace(written, poll=replace(poll_of(written), choices=choices)), now=now)


@pytest.mark.parametrize("criteria", ["", " \x00\n", "x" * (LONGEST_CRITERIA + 1)], ids=len)
def test_a_prediction_without_usable_criteria_is_refused(written: ArticleDraft, now: datetime, criteria: str) -> None:
    with pytest.raises(Invalid):
        articles.create(replace(written, prediction=replace(prediction_of(written), criteria=criteria)), now=now)


def test_the_same_source_makes_one_article(written: ArticleDraft, now: datetime) -> None:
    once = articles.create_once(replace(written, source_digest="a" * 64), now=now)
    again = articles.create_once(replace(written, source_digest="a" * 64, headline="Something else"), now=now)
    assert (again, count(Article)) == (once, 1)


def test_revising_a_draft_replaces_text_and_questions(drafted: Article, written: ArticleDraft) -> None:
    poll = replace(poll_of(written), question="Keep the tolls?", choices=[("Keep", Camp.FOR), ("End", Camp.AGAINST)])
    articles.revise(drafted, replace(written, headline="Tolls stay", body="They *stay*.", poll=poll))
    db.session.expire_all()
    assert (drafted.headline, drafted.body_html) == ("Tolls stay", "<p>They <em>stay</em>.</p>")
    assert [(choice.label, choice.camp) for choice in poll_in(drafted).choices] == [("Keep", Camp.FOR), ("End", Camp.AGAINST)]


def test_a_question_can_be_removed_from_a_draft_altogether(drafted: Article, written: ArticleDraft) -> None:
    articles.revise(drafted, replace(written, poll=None, prediction=None))
    assert [count(table) for table in (OpinionPoll, OpinionChoice, Prediction, Outcome)] == [0, 0, 0, 0]


def test_answers_can_change_places(drafted: Article, written: ArticleDraft) -> None:
    turned = list(reversed(poll_of(written).choices))
    articles.revise(drafted, replace(written, poll=replace(poll_of(written), choices=turned)))
    assert [choice.label for choice in poll_in(drafted).choices] == ["Not sure", "Disagree", "Agree"]


def test_the_second_of_two_editors_is_refused(drafted: Article, written: ArticleDraft) -> None:
    seen = articles.edition_of(drafted)
    articles.revise(drafted, replace(written, headline="The first editor's"), expected=seen)
    with pytest.raises(Conflict):
        articles.revise(drafted, replace(written, headline="The second editor's"), expected=seen)
    assert drafted.headline == "The first editor's"


def test_a_comment_does_not_make_an_editors_form_stale(article: Article, reader: Reader, written: ArticleDraft) -> None:
    seen = articles.edition_of(article)
    factories.comment(article, reader)
    articles.revise(article, replace(written, headline="Mended", poll=None, prediction=None), expected=seen)
    assert article.headline == "Mended"


@pytest.mark.parametrize("change", ["text", "choices", "criteria", "closing time", "opening"])
def test_whatever_an_editor_changes_makes_another_edition(
    drafted: Article, written: ArticleDraft, now: datetime, change: str
) -> None:
    seen = articles.edition_of(drafted)
    poll, prediction = poll_of(written), prediction_of(written)
    if change == "opening":
        articles.open_to_readers(drafted, now=now)
    else:
        changed = {
            "text": replace(written, body="Another text."),
            "choices": replace(written, poll=replace(poll, choices=[*poll.choices, ("Never mind", Camp.OTHER)])),
            "criteria": replace(written, prediction=replace(prediction, criteria="The mayor decides.")),
            "closing time": replace(written, poll=replace(poll, closes_at=poll.closes_at + timedelta(minutes=1))),
        }
        articles.revise(drafted, changed[change])
    assert articles.edition_of(drafted) != seen


def test_after_opening_the_text_can_be_mended(article: Article, written: ArticleDraft) -> None:
    before = article.version
    articles.revise(article, replace(written, body="Mended.", poll=None, prediction=None))
    assert (article.body_html, len(poll_in(article).choices), article.version) == ("<p>Mended.</p>", 3, before + 1)


def test_after_opening_the_questions_stay(article: Article, written: ArticleDraft) -> None:
    with pytest.raises(Conflict):
        articles.revise(article, written)


def test_opening_opens_the_discussion_and_both_questions(drafted: Article, now: datetime) -> None:
    articles.open_to_readers(drafted, now=now)
    assert drafted.is_open
    assert poll_in(drafted).is_open(now)
    assert prediction_in(drafted).is_open(now)


def test_an_article_is_opened_once(article: Article, now: datetime) -> None:
    opened_at = article.opened_at
    with pytest.raises(Conflict):
        articles.open_to_readers(article, now=now)
    assert article.opened_at == opened_at


def test_what_is_opened_is_what_the_editor_read(drafted: Article, written: ArticleDraft, now: datetime) -> None:
    seen = articles.edition_of(drafted)
    articles.revise(drafted, replace(written, headline="Changed by somebody else"))
    with pytest.raises(Conflict):
        articles.open_to_readers(drafted, now=now, expected=seen)
    assert drafted.is_draft


@pytest.mark.parametrize("question", ["poll", "prediction"])
def test_a_question_that_would_close_before_it_opens_keeps_the_article_a_draft(
    drafted: Article, now: datetime, question: str
) -> None:
    getattr(drafted, question).closes_at = now
    with pytest.raises(Invalid):
        articles.open_to_readers(drafted, now=now)
    assert (drafted.is_draft, poll_in(drafted).opened_at) == (True, None)


def test_an_article_that_asks_nothing_can_be_opened(written: ArticleDraft, now: datetime) -> None:
    article = articles.create(replace(written, poll=None, prediction=None), now=now)
    articles.open_to_readers(article, now=now)
    assert article.is_open


def test_closing_ends_the_discussion_and_both_questions(article: Article, now: datetime) -> None:
    articles.close(article, now=now)
    assert not article.is_open
    assert (poll_in(article).closed_at, prediction_in(article).closed_at) == (now, now)


def test_closing_leaves_the_earlier_end_of_a_question_alone(article: Article, now: datetime) -> None:
    poll_in(article).closes_at = poll_in(article).closed_at = earlier = now - timedelta(minutes=1)
    articles.close(article, now=now)
    assert poll_in(article).closed_at == earlier


def test_a_draft_cannot_be_closed(drafted: Article, now: datetime) -> None:
    with pytest.raises(Conflict):
        articles.close(drafted, now=now)


def test_an_article_is_closed_once(article: Article, now: datetime) -> None:
    articles.close(article, now=now)
    with pytest.raises(Conflict):
        articles.close(article, now=now + timedelta(minutes=1))
    assert article.closed_at == now


def test_a_poll_whose_time_is_over_is_recorded_as_closed_then(article: Article, now: datetime) -> None:
    poll_in(article).closes_at = over = now - timedelta(seconds=1)
    before = article.version
    assert articles.close_due_polls(now) == 1
    db.session.expire_all()
    assert (poll_in(article).closed_at, article.version) == (over, before + 1)


def test_an_article_without_an_id_of_its_own_is_missing() -> None:
    with pytest.raises(Missing):
        articles.by_id(999_999)
