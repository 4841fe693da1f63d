"""Everything that happens in the demo, in the order of time. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from commands.demo import desk, minds
from commands.demo.cast import Cast, Person
from commands.demo.endings import Dismiss, Dispute, Finalise
from commands.demo.stage import (
    Act,
    Answer,
    Approve,
    Close,
    CloseQuestions,
    Complain,
    Confirm,
    Join,
    Pick,
    Publish,
    Rate,
    Remove,
    Resolve,
    Say,
    Undo,
)
from commands.demo.stories import Ending, Remark, Story
from domain.resolutions import TIME_TO_DISPUTE
from models import Verdict

EAGER = 1.6  # above one: more answers come soon after opening than later
SETTLING = timedelta(minutes=15)  # from making an account to its first answer, and from a guest's answer to an account
RATERS = 7  # of a remark, on average; some get many times as many
WIT = (0.35, 0.9)  # the part of readers not on its side whom a remark convinces, from the weakest to the best
FRIENDLINESS = 0.15  # how many more it convinces on its own side
QUIET = timedelta(minutes=12)  # nothing has happened for this long


def in_order(told: Sequence[Story], people: Cast, *, now: datetime, chance: Random) -> list[Act]:
    """Return every act of the demo, the earliest first."""
    acts = [act for person in people.accounts for act in _arrival(person)]
    newest = max(told, key=lambda story: story.opened_at)
    for story in told:
        acts += _frame(story, now)
        acts += [act for remark in story.remarks for act in _remark(story, remark)]
        answers = list(_answers(story, people if story is newest else _without_newcomers(people), now, chance))
        acts += [*answers, *_ratings(story, answers, now, chance)]
    return sorted([*acts, *desk.read(now)], key=lambda act: act.at)


def _arrival(person: Person) -> Iterator[Act]:
    yield Join(person.joined_at, person)
    if person.confirmed_at is not None:
        yield Confirm(person.confirmed_at, person.key)


def _frame(story: Story, now: datetime) -> Iterator[Act]:
    yield Publish(story.opened_at, story)
    if story.closes_at <= now:
        yield CloseQuestions(story.closes_at)
    if story.closed_at is not None:
        yield Close(story.closed_at, story.key)
    if story.ending is not None:
        yield from _ending(story, story.ending, now)


def _ending(story: Story, ending: Ending, now: datetime) -> Iterator[Act]:
    yield Resolve(ending.resolved_at, story)
    if ending.dispute is not None:
        yield Dispute(ending.dispute.made_at, story.key, ending.dispute)
        yield Dismiss(ending.dispute.decided_at, story.key, ending.dispute)
    if ending.resolved_at + TIME_TO_DISPUTE <= now:
        yield Finalise(ending.resolved_at + TIME_TO_DISPUTE, story.key)


def _remark(story: Story, remark: Remark) -> Iterator[Act]:
    yield Say(remark.posted_at, story, remark)
    for complaint in remark.complaints:
        yield Complain(complaint.made_at, (story.key, remark.key), complaint)
    if remark.picked_at is not None:
        yield Pick(remark.picked_at, (story.key, remark.key))
    if remark.approved_at is not None:
        yield Approve(remark.approved_at, (story.key, remark.key))
    if remark.removal is not None:
        yield Remove(remark.removal.made_at, (story.key, remark.key), remark.removal)
        if remark.removal.undone_at is not None:
            yield Undo(remark.removal.undone_at, (story.key, remark.key))


def _without_newcomers(people: Cast) -> Cast:
    """Return those who were there before the newest story, which is what brought the others."""
    return replace(people, accounts=[person for person in people.accounts if not person.is_newcomer])


def _answers(story: Story, people: Cast, now: datetime, chance: Random) -> Iterator[Answer]:
    """Yield the answers of those who say nothing: newcomers first, then whoever the draw falls on."""
    end = min(story.closes_at, story.closed_at or now, now) - QUIET
    speakers = {remark.by for remark in story.remarks} | {"moderator", "editor", "deputy"}
    silent = [person for person in people.accounts if person.key not in speakers and person.joined_at + 2 * SETTLING < end]
    lately = [person for person in silent if person.is_newcomer]
    others = [person for person in silent if not person.is_newcomer]
    for person in [*lately, *chance.sample(others, story.crowd.accounts - len(lately))]:
        if person.was_guest:
            first_at = person.joined_at - SETTLING * chance.uniform(0.2, 1)
        else:
            first_at = _moment(max(story.opened_at, person.joined_at + SETTLING), end, chance)
        yield from _answer(story, person.key, first_at, end, chance)
    guests = [key for key in people.guests if key not in speakers]
    for key in chance.sample(guests, story.crowd.guests):
        yield from _answer(story, key, _moment(story.opened_at, end, chance), end, chance)


def _answer(story: Story, key: str, at: datetime, end: datetime, chance: Random) -> Iterator[Answer]:
    opinion = minds.made_up(story, chance)
    yield Answer(at, story.key, key, opinion)
    if chance.random() < story.crowd.changes_mind:
        later = at + (end - at) * chance.random()
        yield Answer(later, story.key, key, minds.changed(story, opinion, chance))


def _ratings(story: Story, answers: Sequence[Answer], now: datetime, chance: Random) -> Iterator[Act]:
    """Yield what those who answered think of the remarks: a few of most, many of some, and better of those on their side."""
    end = min(story.closed_at or now, now) - QUIET
    for remark in story.remarks:
        wit = chance.uniform(*WIT)
        for answer in chance.sample(answers, min(len(answers), int(chance.expovariate(1 / RATERS)))):
            start = max(remark.posted_at, answer.at) + QUIET
            if start < end:
                is_ally = answer.opinion.takes[:1] == remark.opinion.takes[:1] != ()
                verdict = Verdict.GOOD if chance.random() < wit + (FRIENDLINESS if is_ally else 0) else Verdict.POOR
                yield Rate(_moment(start, end, chance), (story.key, remark.key), answer.key, verdict)


def _moment(start: datetime, end: datetime, chance: Random) -> datetime:
    return start + (end - start) * float(chance.random() ** EAGER)
