"""Who may do what, in words. Pure: asked by the verbs, and by templates to hide what would be refused."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Protocol

from models import SHOWN, Appeal, Article, Comment, CommentState, ModerationEntry, Reader, Role, Sanction

MODERATORS = {Role.MODERATOR, Role.EDITOR, Role.ADMIN}
EDITORS = {Role.EDITOR, Role.ADMIN}
RANK = {role: place for place, role in enumerate(Role)}
STILL_THERE = {CommentState.HELD, CommentState.PUBLISHED, CommentState.LIMITED}
GONE = {CommentState.DISABLED, CommentState.WITHDRAWN, CommentState.ERASED}  # even for whoever wrote it


class Written(Protocol):
    """What has to be known of a comment to say what its author may do: a row has it, and a read model."""

    @property
    def reader_id(self) -> int:
        """Who wrote it."""

    @property
    def state(self) -> CommentState:
        """What the public sees of it."""

    @property
    def posted_at(self) -> datetime:
        """When it was posted."""


def can_moderate(reader: Reader | None) -> bool:
    """Whether `reader` may enter the moderation desk."""
    return reader is not None and reader.role in MODERATORS


def can_edit(reader: Reader | None) -> bool:
    """Whether `reader` may enter the newsroom."""
    return reader is not None and reader.role in EDITORS


def can_see_article(reader: Reader | None, article: Article) -> bool:
    """Whether `reader` may read `article`: drafts are the newsroom's."""
    return not article.is_draft or can_edit(reader)


def can_see_comment(reader: Reader | None, comment: Comment) -> bool:
    """Whether `reader` may read the text of `comment`."""
    is_author = reader is not None and comment.reader_id == reader.id and comment.state not in GONE
    return comment.state in SHOWN or is_author or can_moderate(reader)


def can_decide(reader: Reader | None, comment: Comment) -> bool:
    """Whether `reader` may judge `comment`: nobody judges their own text."""
    return can_moderate(reader) and reader is not None and comment.reader_id != reader.id


def can_undo(reader: Reader | None, entry: ModerationEntry) -> bool:
    """Whether `reader` may take back a decision: their own, an editor anyone's, nobody one about their own text."""
    if reader is None or not can_decide(reader, entry.subject):
        return False
    return entry.actor_id == reader.id or can_edit(reader)


def can_override(reader: Reader | None, entry: ModerationEntry) -> bool:
    """Whether `reader` may decide otherwise than somebody else did: an editor, where it is not about their own text."""
    return can_edit(reader) and can_undo(reader, entry)


def can_erase(reader: Reader | None, comment: Comment) -> bool:
    """Whether `reader` may erase what `comment` says for ever: an editor, but not their own."""
    return can_decide(reader, comment) and can_edit(reader)


def can_sanction(moderator: Reader | None, reader: Reader) -> bool:
    """Whether `moderator` may restrict what `reader` does, or note something about them: somebody else, of a lower role."""
    if moderator is None or moderator.id == reader.id:
        return False
    return can_moderate(moderator) and RANK[reader.role] < RANK[moderator.role]


def can_lift(moderator: Reader | None, sanction: Sanction) -> bool:
    """Whether `moderator` may end `sanction`: whoever could have imposed it, unless a higher role did."""
    if moderator is None or not can_sanction(moderator, sanction.reader):
        return False
    return RANK[sanction.by.role] <= RANK[moderator.role]


def can_decide_appeal(moderator: Reader | None, appeal: Appeal) -> bool:
    """Whether `moderator` may decide about `appeal`: one who neither wrote it nor decided what it is about.

    About a sanction, one who could have imposed it.
    """
    statement = appeal.statement
    if moderator is None or not can_moderate(moderator) or moderator.id in {statement.reader_id, statement.entry.actor_id}:
        return False
    return statement.comment_id is not None or can_sanction(moderator, statement.reader)


def can_edit_text(reader: Reader | None, comment: Written, *, article: Article, now: datetime, window: timedelta) -> bool:
    """Whether `reader` may change what `comment` says, as long as nobody has answered it (`revisions.is_answered`).

    A `window` of nothing is never open, even where two clocks do not agree.
    """
    is_in_time = bool(window) and now < comment.posted_at + window
    return article.takes_comments and is_in_time and can_withdraw(reader, comment)


def can_withdraw(reader: Reader | None, comment: Written) -> bool:
    """Whether `reader` may take `comment` back: their own, while it is there."""
    return reader is not None and comment.reader_id == reader.id and comment.state in STILL_THERE


def can_rate(reader: Reader | None, comment: Comment) -> bool:
    """Whether `reader` may rate `comment`: what is published in an open discussion and is not their own."""
    is_own = reader is not None and comment.reader_id == reader.id
    return comment.state is CommentState.PUBLISHED and not is_own


def can_pick(reader: Reader | None) -> bool:
    """Whether `reader` may make a comment one of the newsroom's picks."""
    return can_edit(reader)
