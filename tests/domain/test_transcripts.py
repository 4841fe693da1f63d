from __future__ import annotations

from datetime import datetime

import pytest

from domain import following, transcripts
from domain.transcripts import Line
from models import Article, CommentState, Reader
from tests import factories, talks
from tests.statements import counted_statements
from tests.talks import Shape

pytestmark = pytest.mark.usefixtures("stage")


def lines(article: Article, viewer: Reader | None = None) -> list[Line]:
    return transcripts.transcript_of(article, viewer=viewer).lines


def test_comments_stand_in_the_order_of_their_writing_replies_among_them(article: Article) -> None:
    written = talks.fill(article, 30, [factories.account()], shape=Shape.LIVELY)
    assert [line.id for line in lines(article)] == sorted(written)


def test_a_long_discussion_goes_on_behind_its_first_page(article: Article, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transcripts, "MOST", 10)
    monkeypatch.setattr(transcripts, "_LINES", transcripts._LINES.limit(11))  # noqa: SLF001 - the same bound
    written, read = sorted(talks.fill(article, 25, [factories.account()])), []
    after: int | None = 0
    while after is not None:
        page = transcripts.transcript_of(article, viewer=None, after=after)
        read.append([line.id for line in page.lines])
        after = page.next_after
    assert read == [written[:10], written[10:20], written[20:]]


@pytest.mark.parametrize("state", [state for state in CommentState if state.value not in {"published", "limited"}])
def test_what_cannot_be_read_is_not_in_it(article: Article, reader: Reader, state: CommentState) -> None:
    factories.put(factories.comment(article, reader), state)
    assert lines(article) == []


def test_what_was_put_aside_has_a_place_without_its_text(article: Article, reader: Reader) -> None:
    factories.put(factories.comment(article, reader, "An unkind word."), CommentState.LIMITED)
    assert [(line.is_put_aside, line.body_html) for line in lines(article)] == [(True, "")]


def test_what_a_muted_reader_wrote_has_a_place_without_its_text(article: Article, reader: Reader, now: datetime) -> None:
    factories.comment(article, reader, "What nobody need read.")
    other = factories.account()
    following.mute(reader, by=other, now=now)
    assert [(line.is_muted, line.body_html) for line in lines(article, other)] == [(True, "")]


def test_a_reply_says_whom_it_answers(article: Article, reader: Reader) -> None:
    first = factories.comment(article, reader, "One.")
    factories.comment(article, factories.account(), "Two.", parent=first)
    _, reply = lines(article)
    assert reply.answers is not None
    assert (reply.answers.id, reply.answered_id) == (reader.id, first.id)


def test_a_reply_to_what_was_removed_names_nobody(article: Article, reader: Reader) -> None:
    first = factories.comment(article, reader, "One.")
    factories.comment(article, factories.account(), "Two.", parent=first)
    factories.put(first, CommentState.REMOVED)
    (reply,) = lines(article)
    assert reply.answers is None


@pytest.mark.parametrize("count", [5, 100])
def test_a_page_is_one_statement_however_much_is_on_it(article: Article, count: int) -> None:
    talks.fill(article, count, [factories.account()])
    with counted_statements() as statements:
        lines(article)
    assert len(statements) == 1
