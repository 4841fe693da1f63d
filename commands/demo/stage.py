"""The acts of the demo. Each calls the verb of the domain that a page would call, at its own time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Protocol

from sqlalchemy import func, select

from commands.demo.cast import Person
from commands.demo.stories import Complaint, Opinion, Remark, Removal, Story
from domain import (
    articles,
    clauses,
    comments,
    mailing,
    merging,
    moderation,
    participation,
    picks,
    predictions,
    ratings,
    readers,
    resolutions,
)
from domain.moderation import Judged
from domain.permissions import can_rate
from domain.resolutions import Finding
from extensions import db
from models import (
    Article,
    Comment,
    CommentState,
    MailPace,
    ModerationEntry,
    OpinionChoice,
    OpinionPoll,
    Outcome,
    Prediction,
    Reader,
    Report,
    Role,
    Verdict,
)

WRITING = timedelta(hours=5)  # from the draft of an article to its opening
RemarkKey = tuple[str, str]  # of the story and the remark


@dataclass(kw_only=True)
class Stage:
    """Who and what there is so far, by the names the stories use."""

    roles: Mapping[str, Role]
    password_hashes: Mapping[str, str]
    other_hash: str
    chance: Random
    people: dict[str, Reader] = field(default_factory=dict)
    articles: dict[str, Article] = field(default_factory=dict)
    comments: dict[RemarkKey, Comment] = field(default_factory=dict)
    decisions: dict[RemarkKey, ModerationEntry] = field(default_factory=dict)

    def person(self, key: str, now: datetime) -> Reader:
        """Return the reader; one who is not known yet comes as a guest."""
        if key not in self.people:
            self.people[key] = self.known(readers.welcome_guest(readers.new_key(), now=now))
        return self.people[key]

    def known(self, reader: Reader) -> Reader:
        """Give a new reader the public number they have each time the demo is loaded."""
        reader.public_id = self.chance.randbytes(5).hex()
        return reader

    def judged(self, key: RemarkKey) -> Judged:
        """Return what a moderator has before them."""
        comment = self.comments[key]
        newest = db.session.scalar(select(func.max(Report.id)).where(Report.comment_id == comment.id))
        return Judged(comment_id=comment.id, version=comment.version, report_id=newest or 0)


class Act(Protocol):
    """Something that happens at a time."""

    @property
    def at(self) -> datetime:
        """When it happens."""

    def perform(self, stage: Stage) -> None:
        """Let it happen."""


@dataclass(frozen=True)
class Join:
    """Somebody makes an account, perhaps a guest who has taken part."""

    at: datetime
    person: Person

    def perform(self, stage: Stage) -> None:
        """Register them."""
        key, guest = self.person.key, stage.people.get(self.person.key)
        account = readers.register(
            name=self.person.name,
            email=self.person.email,
            password_hash=stage.password_hashes.get(key, stage.other_hash),
            now=self.at,
        )
        stage.people[key] = stage.known(account)
        readers.give_role(account, stage.roles.get(key, Role.READER), now=self.at)
        if guest is not None:
            merging.absorb(guest, account, now=self.at)


@dataclass(frozen=True)
class Confirm:
    """Somebody follows the link in the mail."""

    at: datetime
    key: str

    def perform(self, stage: Stage) -> None:
        """Confirm their address."""
        readers.confirm_email(stage.people[self.key], now=self.at)
        mailing.set_pace(stage.people[self.key], MailPace.NEVER, now=self.at)  # nobody reads mail at a made-up address


@dataclass(frozen=True)
class Publish:
    """The newsroom drafts an article and opens it."""

    at: datetime
    story: Story

    def perform(self, stage: Stage) -> None:
        """Make the article."""
        article = articles.create(self.story.draft, now=self.at - WRITING)
        articles.open_to_readers(article, now=self.at)
        stage.articles[self.story.key] = article


@dataclass(frozen=True)
class CloseQuestions:
    """The time of a poll and a prediction is over."""

    at: datetime

    def perform(self, _stage: Stage) -> None:
        """Record it."""
        articles.close_due_polls(self.at)
        predictions.close_due(self.at)


@dataclass(frozen=True)
class Close:
    """The newsroom ends a discussion."""

    at: datetime
    story: str

    def perform(self, stage: Stage) -> None:
        """Close the article."""
        articles.close(stage.articles[self.story], now=self.at)


@dataclass(frozen=True)
class Resolve:
    """The newsroom says what happened."""

    at: datetime
    story: Story

    def perform(self, stage: Stage) -> None:
        """Resolve the prediction."""
        prediction, ending = stage.articles[self.story.key].prediction, self.story.ending
        if prediction is None or ending is None:
            return
        finding = Finding(
            outcome=_outcome(prediction, ending.outcome),
            source_url=ending.source_url,
            evidence=ending.evidence,
            happened_at=ending.happened_at,
            known_at=ending.known_at,
        )
        resolutions.resolve(prediction, finding, by=stage.people["editor"], now=self.at)


@dataclass(frozen=True)
class Answer:
    """Somebody answers from the card without a word, or changes what they answered."""

    at: datetime
    story: str
    key: str
    opinion: Opinion

    def perform(self, stage: Stage) -> None:
        """Submit it."""
        article = stage.articles[self.story]
        participation.submit(article, _answer(article, self.opinion), by=stage.person(self.key, self.at), now=self.at)


@dataclass(frozen=True)
class Say:
    """Somebody writes a comment or a reply, and answers with it if they have something new to answer."""

    at: datetime
    story: Story
    remark: Remark

    def perform(self, stage: Stage) -> None:
        """Submit or post it."""
        article, remark = stage.articles[self.story.key], self.remark
        by = stage.person(remark.by, self.at)
        if remark.opinion != Opinion():
            participation.submit(article, _answer(article, remark.opinion), by=by, now=self.at)
        held = participation.standing_of(article, by)
        parent = stage.comments[self.story.key, remark.to] if remark.to else None
        if parent is not None and parent.state is CommentState.HELD:  # whatever a check had against it: it was answered
            Approve(self.at, (self.story.key, str(remark.to))).perform(stage)
        comment = comments.post(article, remark.text, by=by, now=self.at, parent=parent, standing=(held.vote, held.forecast))
        stage.comments[self.story.key, remark.key] = comment


@dataclass(frozen=True)
class Complain:
    """Somebody reports a comment."""

    at: datetime
    remark: RemarkKey
    complaint: Complaint

    def perform(self, stage: Stage) -> None:
        """Report it."""
        by = stage.person(self.complaint.by, self.at)
        moderation.report(stage.comments[self.remark], self.complaint.reason, self.complaint.note, by=by, now=self.at)


@dataclass(frozen=True)
class Approve:
    """The moderator lets a comment pass."""

    at: datetime
    remark: RemarkKey

    def perform(self, stage: Stage) -> None:
        """Approve it."""
        moderation.approve(stage.judged(self.remark), by=stage.people["moderator"], now=self.at)


@dataclass(frozen=True)
class Rate:
    """Somebody finds a comment a good point, or not convincing. What they cannot see they do not rate."""

    at: datetime
    remark: RemarkKey
    key: str
    verdict: Verdict

    def perform(self, stage: Stage) -> None:
        """Rate it."""
        comment, by = stage.comments[self.remark], stage.person(self.key, self.at)
        if can_rate(by, comment):
            ratings.rate(comment, self.verdict, by=by, now=self.at)


@dataclass(frozen=True)
class Pick:
    """The newsroom picks a comment."""

    at: datetime
    remark: RemarkKey

    def perform(self, stage: Stage) -> None:
        """Pick it."""
        picks.pick(stage.comments[self.remark], by=stage.people["editor"], now=self.at, is_picked=True)


@dataclass(frozen=True)
class Remove:
    """The moderator takes a comment down."""

    at: datetime
    remark: RemarkKey
    removal: Removal

    def perform(self, stage: Stage) -> None:
        """Remove it."""
        judged, moderator = stage.judged(self.remark), stage.people["moderator"]
        entry = moderation.remove(
            judged, clauses.current(self.removal.clause), by=moderator, now=self.at, note=self.removal.note
        )
        stage.decisions[self.remark] = entry


@dataclass(frozen=True)
class Undo:
    """The moderator sees a mistake."""

    at: datetime
    remark: RemarkKey

    def perform(self, stage: Stage) -> None:
        """Take the decision back."""
        moderation.undo(stage.decisions[self.remark].id, by=stage.people["moderator"], now=self.at)


def _answer(article: Article, opinion: Opinion) -> participation.Answer:
    poll, prediction = article.poll, article.prediction
    outcome = _outcome(prediction, opinion.expects) if prediction and opinion.expects else None
    return participation.Answer(
        choices=[_choice(poll, label) for label in opinion.takes] if poll else [],
        outcome=outcome,
        probabilities=_probabilities(prediction, outcome, opinion) if prediction and outcome else None,
    )


def _probabilities(prediction: Prediction, outcome: Outcome, opinion: Opinion) -> Mapping[int, float] | None:
    if opinion.chances is not None:
        paired = zip(prediction.outcomes, opinion.chances, strict=True)
        return {each.id: percent / 100 for each, percent in paired}
    return None if opinion.sure is None else predictions.spread(prediction, outcome, opinion.sure / 100)


def _choice(poll: OpinionPoll, label: str) -> OpinionChoice:
    return next(choice for choice in poll.choices if choice.label == label)


def _outcome(prediction: Prediction, label: str) -> Outcome:
    return next(outcome for outcome in prediction.outcomes if outcome.label == label)
