"""What a comment's own page shows."""

from __future__ import annotations

from dataclasses import dataclass

from blueprints.comments.forms import CommentForm
from blueprints.support.caching import about
from blueprints.support.readers import current_reader
from blueprints.support.site import utc_now
from domain import following, participation, threads
from domain.tallies import Seen, seen_by
from domain.threads import Thread
from models import Article, Comment


@dataclass(frozen=True, kw_only=True)
class CommentPage:
    """A comment, the form to answer it, and which page of its thread is asked for; its own where none is named."""

    comment: Comment
    article: Article
    seen: Seen
    form: CommentForm
    number: int | None
    quotes: bool = False  # whether the form begins with a quote of the comment
    is_followed: bool = False  # its thread

    @property
    def is_whole_discussion(self) -> bool:
        """Whether threads are shown in short: here one is shown page by page."""
        return False

    @property
    def version(self) -> tuple[object, ...]:
        """Return what changes whenever the page of a reader who never took part does."""
        return self.comment.id, self.number, self.quotes, self.article.version, self.seen, self.article.verdict_number


def comment_page(comment: Comment, form: CommentForm, *, number: int | None = None, quotes: bool = False) -> CommentPage:
    """Return the page as whoever asks may see it."""
    article, reader = comment.article, current_reader()
    about(article)
    standing = participation.standing_of(article, reader)
    seen = seen_by(article, has_voted=standing.has_voted, has_predicted=standing.has_predicted, now=utc_now())
    return CommentPage(
        comment=comment,
        article=article,
        seen=seen,
        form=form,
        number=number,
        quotes=quotes,
        is_followed=comment in following.followed_among(reader, [comment]),
    )


def thread_of(page: CommentPage) -> Thread:
    """Return the part of the thread the page shows."""
    return threads.thread_around(page.comment, viewer=current_reader(), page=page.number)
