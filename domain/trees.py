"""How comments on a page hang together: replies under what they answer, flat where indenting would no longer help."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from domain.commentviews import CommentView, Shown

DEEPEST = 4  # levels that are set in; what is deeper follows flat and says what it answers


@dataclass(kw_only=True)
class Node:
    """A comment on a page with what stands under it.

    `is_apart` says that what it answers does not stand right above it: it names and links that instead.
    """

    view: CommentView
    level: int = 0
    is_apart: bool = False
    children: list[Node] = field(default_factory=list)

    @property
    def below(self) -> int:
        """Return how many comments stand under this one on the page."""
        return sum(1 + child.below for child in self.children)

    @property
    def fresh(self) -> int:
        """Return how many comments under this one on the page are new to the viewer."""
        return sum(child.view.is_new + child.fresh for child in self.children)

    @property
    def unseen(self) -> int:
        """Return how many published replies of its thread the page does not show; of a thread's first comment only."""
        return max(0, self.view.replies - _published_below(self)) if self.view.root_id is None else 0


def arranged(
    roots: Sequence[CommentView],
    replies: Sequence[CommentView],
    order: Callable[[CommentView], tuple[int, ...]],
    *,
    keep_roots: bool = False,
) -> list[Node]:
    """Set replies under the roots they belong to, siblings in an order. Copes with chains of any length.

    A comment that nobody here may read keeps its place only while something that can be read stands under it.
    """
    present = {view.id: view for view in (*roots, *replies)}
    answers: defaultdict[int, list[CommentView]] = defaultdict(list)
    for reply in replies:
        answers[reply.parent_id if reply.parent_id in present else reply.root_id or 0].append(reply)
    kept = _kept(present, answers, roots if keep_roots else ())
    return [_grown(root, answers, order, kept) for root in roots if root.id in kept]


def in_reading_order(nodes: Sequence[Node]) -> Iterator[Node]:
    """Yield the nodes and everything under them as they stand on a page."""
    for node in nodes:
        yield node
        yield from in_reading_order(node.children)


def _kept(present: dict[int, CommentView], answers: dict[int, list[CommentView]], certain: Sequence[CommentView]) -> set[int]:
    """Return the ids of what stays: what can be read, and what stands above it. An answer is always younger, so ids suffice."""
    kept = {view.id for view in certain}
    holder = {answer.id: above for above, below in answers.items() for answer in below}
    for comment_id in sorted(present, reverse=True):
        if comment_id in kept or present[comment_id].shown is not Shown.PLACE:
            kept.add(comment_id)
            kept.add(holder.get(comment_id, comment_id))
    return kept


def _grown(
    root: CommentView,
    answers: dict[int, list[CommentView]],
    order: Callable[[CommentView], tuple[int, ...]],
    kept: set[int],
) -> Node:
    """Return the tree under a root. Walks with a list of its own: a thousand answers in a row are deeper than Python calls."""
    top = Node(view=root)
    # each entry: a comment, the node whose children it joins, and whether what it answers is that node
    waiting = [(view, top, True) for view in _in_reverse(answers.get(root.id, []), order, kept)]
    while waiting:
        view, under, is_direct = waiting.pop()
        is_apart = not is_direct or view.parent_id != under.view.id
        node = Node(view=view, level=under.level + 1, is_apart=is_apart)
        under.children.append(node)
        is_deepest = node.level == DEEPEST
        below = _in_reverse(answers.get(view.id, []), order, kept)
        waiting += [(one, under if is_deepest else node, not is_deepest) for one in below]
    return top


def _in_reverse(
    views: Sequence[CommentView], order: Callable[[CommentView], tuple[int, ...]], kept: set[int]
) -> list[CommentView]:
    return sorted((view for view in views if view.id in kept), key=order, reverse=True)


def _published_below(node: Node) -> int:
    return sum((child.view.shown is Shown.TEXT) + _published_below(child) for child in node.children)
