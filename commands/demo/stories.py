"""What the demo tells: articles, their discussions and the readers' names, as the files under `demo/` have them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from domain.articles import ArticleDraft, PollDraft, PredictionDraft
from models import Camp, PollKind, PredictionKind, ReportReason

FILES = Path(__file__).resolve().parents[2] / "demo"
FOLDERS = ("lantern-prize", "old-town", "night-train", "harbour-ferry", "suing-prosecutors")  # oldest first
_UNITS = {"d": "days", "h": "hours", "m": "minutes"}


@dataclass(frozen=True, kw_only=True)
class Opinion:
    """What a reader sends: a take, an expected outcome, and how sure they are of it or a chance for each, in percent.

    `takes` are several where the poll takes several, in order of preference where it is ranked.
    """

    takes: tuple[str, ...] = ()
    expects: str | None = None
    sure: int | None = None
    chances: tuple[int, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class Complaint:
    """A reader's report of a remark."""

    by: str
    made_at: datetime
    reason: ReportReason
    note: str


@dataclass(frozen=True, kw_only=True)
class Removal:
    """A moderator's removal of a remark, undone where they saw their mistake."""

    made_at: datetime
    clause: str
    note: str
    undone_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Remark:
    """One comment with what became of it. `key` and `to` link replies to what they answer."""

    key: str
    to: str | None
    by: str
    text: str
    posted_at: datetime
    opinion: Opinion
    complaints: Sequence[Complaint] = ()
    approved_at: datetime | None = None
    picked_at: datetime | None = None
    removal: Removal | None = None


@dataclass(frozen=True, kw_only=True)
class Crowd:
    """Those who answer without a word: how many, what they think, and what each camp expects, by weights."""

    accounts: int
    guests: int
    only_take: float
    only_forecast: float
    changes_mind: float
    takes: Mapping[str, int]
    expects: Mapping[str, Sequence[int]]


@dataclass(frozen=True, kw_only=True)
class Objected:
    """A reader's dispute of how a prediction was resolved, which was dismissed."""

    by: str
    source_url: str
    argument: str
    made_at: datetime
    decided_at: datetime
    note: str


@dataclass(frozen=True, kw_only=True)
class Ending:
    """How a prediction was resolved."""

    outcome: str
    source_url: str
    evidence: str
    happened_at: datetime
    known_at: datetime
    resolved_at: datetime
    dispute: Objected | None


@dataclass(frozen=True, kw_only=True)
class Story:
    """An article with everything that happens on its page."""

    key: str
    draft: ArticleDraft
    poll_kind: PollKind
    prediction_kind: PredictionKind
    outcomes: Sequence[str]
    opened_at: datetime
    closes_at: datetime
    closed_at: datetime | None
    ending: Ending | None
    crowd: Crowd
    remarks: Sequence[Remark] = field(repr=False)


def read(now: datetime) -> list[Story]:
    """Return the stories with their times as seen from `now`."""
    return [_story(FILES / folder, now) for folder in FOLDERS]


def read_names() -> dict[str, Any]:
    """Return how many readers there are and where their names come from."""
    return _table(FILES / "readers.toml")


def _story(folder: Path, now: datetime) -> Story:
    table = _table(folder / "article.toml")
    opened_at = now - span(table["opened"])
    closes_at = opened_at + span(table["lasts"])
    ending = table.get("resolution")
    draft = _draft(table, (folder / "article.md").read_text(encoding="utf-8"), closes_at)
    return Story(
        key=folder.name,
        draft=draft,
        poll_kind=draft.poll.kind if draft.poll else PollKind.SINGLE,
        prediction_kind=draft.prediction.kind if draft.prediction else PredictionKind.OUTCOMES,
        outcomes=table["prediction"]["outcomes"],
        opened_at=opened_at,
        closes_at=closes_at,
        closed_at=now - span(table["closed"]) if "closed" in table else None,
        ending=_ending(ending, now) if ending else None,
        crowd=Crowd(**table["crowd"]),
        remarks=_remarks(folder, now),
    )


def _draft(table: Mapping[str, Any], body: str, closes_at: datetime) -> ArticleDraft:
    poll, prediction = table["poll"], table["prediction"]
    return ArticleDraft(
        headline=table["headline"],
        body=body,
        byline=table["byline"],
        section=table["section"],
        poll=PollDraft(
            question=poll["question"],
            choices=[(label, Camp(camp)) for label, camp in poll["choices"]],
            closes_at=closes_at,
            kind=PollKind(poll.get("kind", PollKind.SINGLE.value)),
            is_shuffled=poll.get("shuffled", False),
        ),
        prediction=PredictionDraft(
            question=prediction["question"],
            outcomes=prediction["outcomes"],
            criteria=prediction["criteria"],
            closes_at=closes_at,
            kind=PredictionKind(prediction.get("kind", PredictionKind.OUTCOMES.value)),
        ),
    )


def _ending(table: Mapping[str, Any], now: datetime) -> Ending:
    resolved_at = now - span(table["resolved"])
    return Ending(
        outcome=table["outcome"],
        source_url=table["source_url"],
        evidence=table["evidence"],
        happened_at=now - span(table["happened"]),
        known_at=now - span(table["known"]),
        resolved_at=resolved_at,
        dispute=_objected(table["dispute"], resolved_at) if "dispute" in table else None,
    )


def _objected(table: Mapping[str, str], resolved_at: datetime) -> Objected:
    made_at = resolved_at + span(table["after"])
    return Objected(
        by=table["by"],
        source_url=table["source_url"],
        argument=table["argument"],
        made_at=made_at,
        decided_at=made_at + span(table["decided"]),
        note=table["note"],
    )


def _remarks(folder: Path, now: datetime) -> list[Remark]:
    remarks: dict[str, Remark] = {}
    for place, table in enumerate(_table(folder / "comments.toml")["comment"]):
        to = table.get("to")
        posted_at = remarks[to].posted_at + span(table["after"]) if to else now - span(table["ago"])
        key = table.get("id", f"{place}")
        remarks[key] = _remark(table, key, posted_at)
    return list(remarks.values())


def _remark(table: Mapping[str, Any], key: str, posted_at: datetime) -> Remark:
    removed = table.get("removed")
    return Remark(
        key=key,
        to=table.get("to"),
        by=table["by"],
        text=table["text"],
        posted_at=posted_at,
        opinion=Opinion(
            takes=_takes(table.get("take", [])),
            expects=table.get("expects"),
            sure=table.get("sure"),
            chances=tuple(table["chances"]) if "chances" in table else None,
        ),
        complaints=[_complaint(report, posted_at) for report in table.get("reports", ())],
        approved_at=posted_at + span(table["approved"]) if "approved" in table else None,
        picked_at=posted_at + span(table["picked"]) if "picked" in table else None,
        removal=_removal(removed, posted_at) if removed else None,
    )


def _takes(written: str | Sequence[str]) -> tuple[str, ...]:
    return (written,) if isinstance(written, str) else tuple(written)


def _complaint(table: Mapping[str, str], posted_at: datetime) -> Complaint:
    made_at = posted_at + span(table["after"])
    return Complaint(by=table["by"], made_at=made_at, reason=ReportReason(table["reason"]), note=table.get("note", ""))


def _removal(table: Mapping[str, str], posted_at: datetime) -> Removal:
    made_at = posted_at + span(table["after"])
    undone_at = made_at + span(table["undone"]) if "undone" in table else None
    return Removal(made_at=made_at, clause=table["reason"], note=table.get("note", ""), undone_at=undone_at)


def span(text: str) -> timedelta:
    """Return a span such as "5d 23h 10m"."""
    parts = [re.fullmatch(r"(\d+)([dhm])", part) for part in text.split()]
    if not parts or None in parts:
        message = f"{text!r} is no span of time; write it like 5d 23h 10m"
        raise ValueError(message)
    return timedelta(**{_UNITS[part[2]]: int(part[1]) for part in parts if part})


def _table(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))
