"""What a question may say: how long, how many answers, which kinds take how many. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from domain import text
from domain.drafts import LONGEST_QUESTION
from domain.errors import N_, Invalid
from models import PollKind

LONGEST_LINE = 200  # characters of a byline, a section or an answer, as their columns hold
LONGEST_CRITERIA = 5_000  # characters: readers have to be able to take them in
ANSWERS = range(2, 17)  # a question with one answer asks nothing; more than sixteen fit no phone
STEPS = 5  # of a scale
MOST_RANKED = 6  # answers: at most 1,956 different rankings, which a tally can hold and a thumb can sort


def question(typed: str) -> str:
    """Return a question as it is kept. Raises `Invalid` for none, and for one that is too long."""
    words = text.line(typed)
    if not words or len(words) > LONGEST_QUESTION:
        raise Invalid(N_("A question needs a wording of at most %(most)s characters."), most=LONGEST_QUESTION)
    return words


def answers(typed: Sequence[str]) -> list[str]:
    """Return the answers of a question as they are kept. Raises `Invalid` for too few or too many, empty, alike or too long."""
    labels = [text.line(label) for label in typed]
    if len(labels) not in ANSWERS or not all(labels):
        raise Invalid(N_("A question needs from 2 to 16 answers, none of them empty."))
    if len({label.casefold() for label in labels}) < len(labels):
        raise Invalid(N_("Two answers of a question are the same."))
    if any(len(label) > LONGEST_LINE for label in labels):
        raise Invalid(N_("An answer is too long: at most %(most)s characters."), most=LONGEST_LINE)
    return labels


def criteria(typed: str) -> str:
    """Return what decides a prediction as it is kept. Raises `Invalid` for nothing, and for too much of it."""
    words = text.plain(typed)
    if not words:
        raise Invalid(N_("Write what decides the prediction: readers have to know how it is resolved."))
    if len(words) > LONGEST_CRITERIA:
        raise Invalid(N_("What decides the prediction is too long: at most %(most)s characters."), most=LONGEST_CRITERIA)
    return words


def check_kind(kind: PollKind, count: int) -> None:
    """Raise `Invalid` where a poll of this kind cannot have so many answers."""
    if kind is PollKind.SCALE and count != STEPS:
        raise Invalid(N_("A scale has five steps."))
    if kind is PollKind.RANKED and count > MOST_RANKED:
        raise Invalid(N_("A ranked question has at most %(most)s answers: more cannot be ranked by hand."), most=MOST_RANKED)
