"""What moderators and authors do in the demo besides what stands with each remark."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from commands.demo.stage import Act, RemarkKey, Stage
from commands.demo.stories import FILES, span
from domain import appeals, clauses, moderation, sanctions, statements
from domain.entries import Why
from domain.sanctions import Measure
from models import ReferralKind, SanctionKind


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


def read(now: datetime) -> list[Act]:
    """Return what happens at the desk, as it looks at `now`."""
    told = tomllib.loads((FILES / "desk.toml").read_text(encoding="utf-8"))
    return list(_acts(told, now))


def _acts(told: Mapping[str, Any], now: datetime) -> Iterator[Act]:
    for one in told["aside"]:
        yield PutAside(now - span(one["ago"]), _remark(one), one["reason"], one["note"])
    for one in told["refer"]:
        yield Refer(now - span(one["ago"]), _remark(one), ReferralKind(one["to"]), one["note"])
    for one in told["sanction"]:
        measure = Measure(kind=SanctionKind(one["kind"]), approvals=one.get("approvals", 0))
        yield Impose(now - span(one["ago"]), one["reader"], measure, (one["reason"], one["note"]))
    for one in told["appeal"]:
        made_at = now - span(one["ago"])
        yield Appeal(made_at, _remark(one), one["text"])
        if "refused" in one:
            yield Refuse(made_at + span(one["refused"]), _remark(one), one["answer"])


def _remark(one: Mapping[str, str]) -> RemarkKey:
    return one["story"], one["remark"]
