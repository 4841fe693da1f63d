"""What the gallery's components show: rows that are in no database."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from flask_babel import lazy_gettext

from domain import runoff
from domain.commentviews import Author, CommentView, Shown
from domain.differences import Kind, Piece
from domain.ranking import SCALE
from domain.runoff import TieBreak
from domain.tallies import Seen, Share, Tally
from domain.trees import DEEPEST, Node
from models import (
    Article,
    Camp,
    ClauseVersion,
    Comment,
    CommentState,
    Forecast,
    ForecastProbability,
    ModerationEntry,
    OpinionChoice,
    Outcome,
    Reader,
    Role,
    Tier,
    Verdict,
)

GUEST = Author(id=1, public_id="99fedcba", name=None, role=Role.READER, is_guest=True)
LONG_AGO = datetime(2024, 2, 29, 23, 59, tzinfo=UTC)
NAME = "Ada Byron"
REFUSAL = lazy_gettext("This discussion is closed, so your comment was not posted.")
LONG_TEXT = "Longer than it may be, and with aWordThatIsSoLongThatItWouldBreakTheLayoutIfItCouldNotBeBroken in it. 🌉🌉🌉"
TEXT_HTML = f"<p>{LONG_TEXT}</p><blockquote><p>Quoted.</p></blockquote><p>A second <em>paragraph</em>.</p>"
CHANGED = [Piece(kind, LONG_TEXT) for kind in Kind]
TONES = ("", "for", "against", "unsure", "other", "foresight")
SHARES = (0.0, 0.004, 0.01, 0.5, 1.0)
LABELS = ("Agree", "Disagree", "Not sure", LONG_TEXT)
CHOICES = [
    OpinionChoice(id=place, label=label, camp=camp) for place, (label, camp) in enumerate(zip(LABELS, Camp, strict=True))
]
FORECASTS = [
    Forecast(id=1, outcome_id=1, outcome=Outcome(id=1, label="A settlement"), probabilities=[]),
    Forecast(
        id=2,
        outcome_id=2,
        outcome=Outcome(id=2, label=f"Dismissed. {LONG_TEXT}"),
        probabilities=[ForecastProbability(outcome_id=2, probability=0.7), ForecastProbability(outcome_id=1, probability=0.3)],
    ),
]
BOX = Tally(
    shares=tuple(
        Share(
            id=place,
            label=label,
            count=count,
            share=count / 1_250,
            by_tier={Tier.VERIFIED: count // 2, Tier.REGISTERED: 0, Tier.GUEST: count - count // 2, Tier.SET_ASIDE: place},
            camp=camp,
            crowd=chance,
        )
        for place, (label, count, camp, chance) in enumerate(
            [("Agree", 1_000, Camp.FOR, 0.62), ("Disagree", 250, Camp.AGAINST, 0.38), ("Not sure", 0, Camp.UNSURE, None)]
        )
    ),
    total=1_250,
    tiers=(Tier.VERIFIED, Tier.REGISTERED, Tier.GUEST),
    by_tier={Tier.VERIFIED: 625, Tier.REGISTERED: 0, Tier.GUEST: 625, Tier.SET_ASIDE: 3},
    forecasts_in_crowd=12,
)
COUNTED = [((0, 1), 400), ((1,), 350), ((2, 0), 300), ((2,), 180), ((3, 1), 20)]
RUN_OFF = replace(
    BOX,
    shares=tuple(replace(BOX.shares[place % 3], id=place, label=f"Dish {place}") for place in range(4)),
    rounds=runoff.rounds(dict(COUNTED), range(4)),
)
LEVEL = replace(BOX, rounds=runoff.rounds({(0,): 2, (1,): 2}, range(3)))
SETTLED = [replace(RUN_OFF.rounds[0], eliminated=(2, 3), tie_break=tie_break) for tie_break in TieBreak]
PAGE = {
    "article": Article(id=1, slug="sample", opened_at=LONG_AGO),
    "seen": Seen(takes=True, outcomes=True),
    "is_whole_discussion": True,
}


def author(role: Role) -> Reader:
    """Return an account with this role."""
    return Reader(public_id="a1b2c3d4", name=f"{NAME} ({role.value})", role=role, registered_at=LONG_AGO)


def comment(
    number: int, by: Reader, state: CommentState = CommentState.PUBLISHED, *, choice: int = 0, forecast: int = 0
) -> Comment:
    """Return a comment in a state, with a take and a forecast."""
    return Comment(
        id=number,
        parent_id=1,
        reader=by,
        state=state,
        choice=CHOICES[choice],
        forecast=FORECASTS[forecast],
        body_html=TEXT_HTML,
        posted_at=LONG_AGO,
    )


def view(number: int, state: CommentState = CommentState.PUBLISHED, **given: Any) -> CommentView:
    """Return a comment as somebody sees it, with a take and a forecast."""
    choice, forecast = CHOICES[number % len(CHOICES)], FORECASTS[number % len(FORECASTS)]
    usual = {
        "id": number,
        "article_id": 1,
        "parent_id": None,
        "root_id": None,
        "number": None,
        "shown": Shown.TEXT,
        "state": state,
        "author": GUEST,
        "is_article_author": False,
        "answers": None,
        "body_html": TEXT_HTML,
        "language": None,
        "posted_at": LONG_AGO,
        "edited_at": None,
        "is_picked": False,
        "good": number,
        "replies": 0,
        "best_rank": 0,
        "common_rank": 0,
        "take": choice.label,
        "camp": choice.camp,
        "outcome": forecast.outcome.label,
        "chance": 0.7 if forecast.probabilities else None,
        "is_called": False,
        "entry": None,
        "verdict": None,
        "is_own": False,
        "is_muted": False,
    }
    return CommentView(**{**usual, **given})


CLAUSES = [ClauseVersion(title=NAME), ClauseVersion(title=LONG_TEXT), None]


def comments() -> list[Node]:
    """Return a comment by every kind of reader, at every depth, and in every state for whoever sees something of it."""
    staff = [Author(id=9, public_id="a1b2c3d4", name=f"{NAME} ({role.value})", role=role, is_guest=False) for role in Role]
    nodes = [Node(view=view(place, author=one)) for place, one in enumerate(staff, 1)]
    nodes += [Node(view=view(5, is_article_author=True, is_picked=True, replies=9, common_rank=SCALE * 2)), _chain(10, 1)]
    nodes += [
        Node(view=view(6, verdict=Verdict.GOOD)),
        Node(view=view(7, verdict=Verdict.POOR)),
        Node(view=view(8, is_muted=True)),
    ]
    nodes += [
        Node(view=view(20 + place, state, shown=Shown.PLACE, entry=_entry(CLAUSES[0])))
        for place, state in enumerate([CommentState.HELD, CommentState.REMOVED, CommentState.WITHDRAWN])
    ]
    nodes.append(Node(view=view(30, CommentState.HELD, shown=Shown.OWN, is_own=True)))
    nodes.append(Node(view=view(31, is_own=True, edit_waits=True, edited_at=LONG_AGO)))
    nodes += [
        Node(view=view(40 + place, CommentState.REMOVED, shown=Shown.OWN, is_own=True, entry=_entry(clause)))
        for place, clause in enumerate(CLAUSES)
    ]
    return nodes


def _chain(number: int, level: int) -> Node:
    """Return a comment with an answer to its answer, down to where comments follow flat."""
    below = (
        [_chain(number + 1, level + 1)] if level < DEEPEST else [Node(view=view(19, answers=GUEST, parent_id=1), is_apart=True)]
    )
    return Node(view=view(number), level=level, children=below)


def _entry(clause: ClauseVersion | None) -> ModerationEntry:
    return ModerationEntry(clause=clause)
