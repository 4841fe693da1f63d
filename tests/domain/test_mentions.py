from __future__ import annotations

from datetime import datetime

import pytest
from sqlalchemy import select

from domain import mentions, text
from extensions import db
from models import Article, Comment, CommentMention, CommentState, Reader, Role
from tests import factories
from tests.statements import counted_statements

pytestmark = pytest.mark.usefixtures("stage")

ANN, ANN_LEE = {"Ann": "/readers/a1"}, {"Ann": "/readers/a1", "Ann Lee": "/readers/a2"}


@pytest.fixture
def ann(article: Article) -> Reader:
    """Return somebody who can be read in the discussion."""
    reader = factories.account("Ann Lee")
    factories.comment(article, reader)
    return reader


def told(comment: Comment) -> list[int]:
    found = select(CommentMention.reader_id).where(CommentMention.comment_id == comment.id)
    return sorted(db.session.scalars(found))


def linked(source: str, people: dict[str, str] = ANN_LEE) -> list[str]:
    """Return the names that are links, whatever else is."""
    html = text.comment_html(source, people)
    names = text.mentioned_in(source, people)
    assert all(f'<a href="{people[name]}" rel="nofollow ugc noopener">@{name}</a>' in html for name in names)
    assert html.count("/readers/") >= len(names)
    return names


@pytest.mark.parametrize(
    "source",
    [
        "@Ann",
        "Hello @Ann!",
        "(@Ann)",
        "*@Ann*",
        "_@Ann_",
        "**@ann**",
        "@ANN, look",
        "@Ann's point",
        "> @Ann",
        "- @Ann",
        "“@Ann”",
    ],
)
def test_a_name_after_an_at_sign_is_a_link(source: str) -> None:
    assert linked(source) == ["Ann"]


def test_of_two_names_that_fit_the_longer_is_meant() -> None:
    assert linked("@Ann Lee and @Ann Leery") == ["Ann Lee", "Ann"]


@pytest.mark.parametrize(
    "source",
    [
        "`@Ann`",
        "```\n@Ann\n```",
        "    @Ann",
        "[see @Ann](https://example.org)",
        "<https://example.org/@Ann>",
        "https://example.org/@Ann",
        "mail@Ann.example",
        "me@Ann",
        "\\@Ann",
        "@Anna",
        "@Ann-Marie",
        "@Ann_2",
        "@ Ann",
        "@\nAnn",
        "Ann",
    ],
)
def test_what_only_looks_like_a_mention_is_none(source: str) -> None:
    assert linked(source, ANN) == []
    assert "/readers/" not in text.comment_html(source, ANN)


def test_names_of_any_script_are_found() -> None:
    people = {
        "प्रिया": "/readers/1",
        "佐々木": "/readers/2",
        "مريم": "/readers/3",
        "O’Brien": "/readers/4",
        "_ann_": "/readers/5",
    }
    assert linked("@प्रिया @佐々木, @مريم? @O’Brien. @_ann_", people) == list(people)


def test_a_name_is_no_way_around_the_sanitiser() -> None:
    html = text.comment_html("@<b>x</b>", {"<b>x</b>": "javascript:alert(1)"})
    assert "<b>" not in html
    assert "javascript" not in html


def test_a_text_of_at_signs_alone_is_rendered_soon(article: Article, ann: Reader) -> None:
    with counted_statements() as statements:
        assert mentions.rendered(article, "@Ann Lee " * 500).mentioned == (ann.id,)
    assert len(statements) == 1


def test_posting_writes_down_whom_it_mentions(article: Article, ann: Reader, reader: Reader) -> None:
    comment = factories.comment(article, reader, "I think @ann lee is right.")
    assert told(comment) == [ann.id]
    assert f'<a href="/readers/{ann.public_id}"' in comment.body_html


def test_a_text_without_an_at_sign_asks_for_nobody(article: Article) -> None:
    with counted_statements() as statements:
        mentions.rendered(article, "A plain text.")
    assert statements == []


def test_only_people_of_this_discussion_are_mentioned(article: Article, reader: Reader, now: datetime) -> None:
    elsewhere = factories.account("Bea Moss")
    factories.comment(factories.open_article(now, "Another"), elsewhere)
    assert told(factories.comment(article, reader, "@Bea Moss")) == []


@pytest.mark.parametrize("state", [CommentState.HELD, CommentState.REMOVED, CommentState.WITHDRAWN])
def test_who_cannot_be_read_here_is_not_mentioned(article: Article, reader: Reader, state: CommentState) -> None:
    factories.put(factories.comment(article, factories.account("Bea Moss")), state)
    assert told(factories.comment(article, reader, "@Bea Moss")) == []


def test_the_author_of_the_article_can_be_mentioned_from_the_start(article: Article, reader: Reader) -> None:
    author = factories.account("Wri Ter")
    article.author_id = author.id
    assert told(factories.comment(article, reader, "@Wri Ter")) == [author.id]


def test_nobody_is_told_of_their_own_comment(article: Article, ann: Reader) -> None:
    assert told(factories.comment(article, ann, "I, @Ann Lee, say so.")) == []


def test_a_name_that_only_looks_like_it_is_not_meant(article: Article, reader: Reader) -> None:
    factories.comment(article, factories.account("Pau1"))
    assert told(factories.comment(article, reader, "@Paul")) == []


def test_only_so_many_are_told_of_one_comment(article: Article, reader: Reader) -> None:
    crowd = [factories.account() for _ in range(mentions.MOST_MENTIONED + 2)]
    for one in crowd:
        factories.comment(article, one)
    comment = factories.comment(article, reader, " ".join(f"@{one.name}," for one in crowd))
    assert told(comment) == [one.id for one in crowd[: mentions.MOST_MENTIONED]]


def test_mentions_are_replaced_and_the_new_ones_are_noticed(article: Article, ann: Reader, reader: Reader) -> None:
    comment = factories.comment(article, reader, "@Ann Lee")
    other = factories.account()
    assert not mentions.note(comment, (ann.id,))
    assert mentions.note(comment, (other.id,))
    assert told(comment) == [other.id]


@pytest.mark.parametrize("start", ["a", "A", "ann", "ANN L", "ánn", "  ann"])
def test_people_are_found_by_how_their_names_begin(article: Article, ann: Reader, start: str) -> None:
    assert mentions.people_called(article, start) == [ann]


@pytest.mark.parametrize("start", ["", " ", "%", "_", "\\", "nn", "b", "a%", "a" * 31, "\x00", "\ud800", "ann_"])
def test_what_begins_no_name_finds_nobody(article: Article, ann: Reader, start: str) -> None:
    assert ann.name
    assert mentions.people_called(article, start) == []


@pytest.mark.parametrize(("name", "start"), [("Vernon", "Ver"), ("Torn", "tor"), ("Özlem", "öz"), ("Łukasz", "ł")])
def test_letters_that_look_alike_together_do_not_hide_a_name(article: Article, name: str, start: str) -> None:
    factories.comment(article, factories.account(name))
    assert [person.name for person in mentions.people_called(article, start)] == [name]


def test_guests_and_strangers_are_not_offered(article: Article, now: datetime) -> None:
    guest = factories.guest()
    factories.put(factories.comment(article, guest), CommentState.PUBLISHED)
    factories.comment(factories.open_article(now, "Another"), factories.account("Bea Moss"))
    assert mentions.people_called(article, "b") == mentions.people_called(article, "g") == []


def test_at_most_eight_are_offered_in_the_order_of_their_names(article: Article) -> None:
    people = [
        factories.account(f"bea {letters}", role=Role.READER) for letters in ["k", "j", "h", "g", "f", "e", "d", "c", "b"]
    ]
    for person in people:
        factories.comment(article, person)
    assert mentions.people_called(article, "bea") == people[:0:-1][: mentions.MOST_OFFERED]
