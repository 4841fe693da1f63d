"""A moderator at work in a real browser, by keys alone: what they pressed, and what has to have become of each comment."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from time import monotonic

from playwright.sync_api import Page, expect

from domain import moderation
from extensions import db
from models import Comment, CommentState, ReportReason
from tests import factories

KEPT, REMOVED = CommentState.PUBLISHED, CommentState.REMOVED
REMOVAL = ("r", "5", "Enter")
LOOK = 300  # ms in which the desk takes no decision about what has just come up


@dataclass
class Work:
    """What was done: keys pressed, decisions made, and the state each comment has to be in afterwards."""

    keys: int = 0
    decisions: int = 0
    seconds: float = 0.0
    states: dict[int, CommentState] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return how fast it went."""
        pace, each = len(self.states) / self.seconds * 60, self.keys / self.decisions
        return f"{len(self.states)} items, {pace:.0f} a minute, {each:.2f} keys a decision"


def put_before(count: int) -> list[int]:
    """Let comments wait, held and reported in turns, and return them. The caller commits."""
    now = datetime.now(UTC)
    article = factories.open_article(now)
    found: list[int] = []
    for number in range(count):
        comment = factories.comment(article, factories.account() if number % 2 else factories.guest())
        if number % 2:
            moderation.report(comment, ReportReason.SPAM, "", by=factories.guest(), now=now)
        found.append(comment.id)
    return found


def clear(page: Page, count: int) -> Work:
    """Decide about as many items of the queue on the page: every third is removed, and every tenth decision undone first."""
    work = Work()
    began = monotonic()
    page.keyboard.press("j")
    while len(work.states) < count:
        keys, state = (REMOVAL, REMOVED) if work.decisions % 3 == 0 else (("a",), KEPT)
        comment_id = _decide(page, work, keys)
        if work.decisions % 10 == 0:
            _undo(page, work, comment_id)
            keys, state = (("a",), KEPT) if state is REMOVED else (REMOVAL, REMOVED)
            _decide(page, work, keys)
        work.states[comment_id] = state
    work.seconds = monotonic() - began
    return work


def wrong_states(work: Work) -> dict[int, CommentState]:
    """Return what is not as it was decided, in the database."""
    db.session.rollback()
    there = {comment_id: db.session.get_one(Comment, comment_id).state for comment_id in work.states}
    return {comment_id: state for comment_id, state in there.items() if state is not work.states[comment_id]}


def _decide(page: Page, work: Work, keys: tuple[str, ...]) -> int:
    item = page.locator("[data-item][aria-current]")
    name = str(item.get_attribute("id"))
    page.wait_for_timeout(LOOK)
    for key in keys:
        page.keyboard.press(key)
    work.keys += len(keys)
    work.decisions += 1
    expect(page.locator(f"#{name}")).to_have_count(0)
    return int(name.removeprefix("item-"))


def _undo(page: Page, work: Work, comment_id: int) -> None:
    page.keyboard.press("u")
    work.keys += 1
    expect(page.locator(f"#item-{comment_id}")).to_be_focused()
