"""What moderators and authors do in the demo besides what stands with each remark."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commands.demo.stage import Act, RemarkKey, Stage
from commands.demo.stories import FILES, span
from domain import appeals, clauses, legalnotices, moderation, rulekeeping, ruleyaml, sanctions, statements, wordlists
from domain.entries import Why
from domain.legalnotices import Filing
from domain.sanctions import Measure
from models import ReferralKind, SanctionKind, WordList

SITE = "https://foresay.example"  # where the demo would stand, for addresses within it


@dataclass(frozen=True)
class PutAside:
    """The moderator puts a comment behind a notice."""

    at: datetime
    remark: RemarkKey
    reason: str
    note: str

    def perform(self, stage: Stage) -> None:
        """Put it aside."""
        clause, by = clauses.current(self.reason), stage.people["moderator"]
        moderation.limit(stage.judged(self.remark), clause, by=by, now=self.at, note=self.note)


@dataclass(frozen=True)
class Refer:
    """The second editor puts a comment before others."""

    at: datetime
    remark: RemarkKey
    to: ReferralKind
    note: str

    def perform(self, stage: Stage) -> None:
        """Refer it."""
        moderation.refer(stage.judged(self.remark), self.to, by=stage.people["deputy"], now=self.at, note=self.note)


@dataclass(frozen=True)
class Impose:
    """The moderator sanctions a reader."""

    at: datetime
    reader: str
    measure: Measure
    why: tuple[str, str]

    def perform(self, stage: Stage) -> None:
        """Impose it."""
        reason, note = self.why
        why, by = Why(clause=clauses.current(reason), note=note), stage.people["moderator"]
        sanctions.impose(stage.people[self.reader], self.measure, by=by, now=self.at, why=why)


@dataclass(frozen=True)
class Appeal:
    """An author appeals about what became of a comment."""

    at: datetime
    remark: RemarkKey
    text: str

    def perform(self, stage: Stage) -> None:
        """Appeal."""
        comment = stage.comments[self.remark]
        statement = statements.live_of(comment)
        assert statement is not None  # noqa: S101 - the demo's own order of things
        appeals.make(statement, self.text, by=comment.reader, now=self.at)


@dataclass(frozen=True)
class Refuse:
    """The editor refuses an appeal."""

    at: datetime
    remark: RemarkKey
    answer: str

    def perform(self, stage: Stage) -> None:
        """Refuse it."""
        statement = statements.live_of(stage.comments[self.remark])
        assert statement is not None  # noqa: S101 - the demo's own order of things
        appeal = appeals.of_statement(statement)
        assert appeal is not None  # noqa: S101 - the same
        appeals.refuse(appeal.id, self.answer, by=stage.people["editor"], now=self.at)


@dataclass(frozen=True)
class Notify:
    """Somebody's lawyers say that a comment is against the law."""

    at: datetime
    remark: RemarkKey
    sender: tuple[str, str]
    text: str

    def perform(self, stage: Stage) -> None:
        """Send the notice."""
        name, email = self.sender
        place = f"{SITE}/comments/{stage.comments[self.remark].id}"
        filing = Filing(name=name, email=email, place=place, explanation=self.text, is_in_good_faith=True)
        legalnotices.file(filing, site_url=SITE, now=self.at)


@dataclass(frozen=True)
class List:
    """The editor puts words on a list."""

    at: datetime
    name: WordList
    words: Sequence[str]

    def perform(self, stage: Stage) -> None:
        """List them."""
        wordlists.add(self.name, self.words, by=stage.people["editor"], now=self.at)


@dataclass(frozen=True)
class MakeRule:
    """The editor makes a rule."""

    at: datetime
    source: str

    def perform(self, stage: Stage) -> None:
        """Make it."""
        rulekeeping.make(ruleyaml.parse(self.source), clause=None, by=stage.people["editor"], now=self.at)


def read(now: datetime) -> list[Act]:
    """Return what happens at the desk, as it looks at `now`."""
    told = tomllib.loads((FILES / "desk.toml").read_text(encoding="utf-8"))
    return list(_acts(told, now))


def _acts(told: Mapping[str, Any], now: datetime) -> Iterator[Act]:
    makers: Mapping[str, Callable[[Mapping[str, Any], datetime], Act]] = {
        "aside": lambda one, at: PutAside(at, _remark(one), one["reason"], one["note"]),
        "refer": lambda one, at: Refer(at, _remark(one), ReferralKind(one["to"]), one["note"]),
        "legal": lambda one, at: Notify(at, _remark(one), (one["name"], one["email"]), one["text"]),
        "words": lambda one, at: List(at, WordList(one["list"]), one["words"]),
        "rule": lambda one, at: MakeRule(at, one["source"]),
        "sanction": lambda one, at: Impose(at, one["reader"], _measure(one), (one["reason"], one["note"])),
        "appeal": lambda one, at: Appeal(at, _remark(one), one["text"]),
    }
    for kind, make in makers.items():
        yield from (make(one, now - span(one["ago"])) for one in told[kind])
    for one in told["appeal"]:
        if "refused" in one:
            yield Refuse(now - span(one["ago"]) + span(one["refused"]), _remark(one), one["answer"])


def _measure(one: Mapping[str, Any]) -> Measure:
    return Measure(kind=SanctionKind(one["kind"]), approvals=one.get("approvals", 0))


def _remark(one: Mapping[str, str]) -> RemarkKey:
    return one["story"], one["remark"]
