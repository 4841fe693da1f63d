"""What the gallery's components show: rows that are in no database."""

from __future__ import annotations

from datetime import UTC, datetime

from flask_babel import lazy_gettext

from domain.comments import Row, View
from domain.tallies import Seen, Share, Tally
from models import (
    Article,
    Camp,
    Comment,
    CommentState,
    Forecast,
    ForecastProbability,
    ModerationEntry,
    OpinionChoice,
    Outcome,
    Reader,
    RemovalReason,
    Role,
    Tier,
)

LONG_AGO = datetime(2024, 2, 29, 23, 59, tzinfo=UTC)
NAME = "Ada Byron"
REFUSAL = lazy_gettext("This discussion is closed, so your comment was not posted.")
LONG_TEXT = "Longer than it may be, and with aWordThatIsSoLongThatItWouldBreakTheLayoutIfItCouldNotBeBroken in it. 🌉🌉🌉"
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
PAGE = {"article": Article(id=1, slug="sample", opened_at=LONG_AGO), "seen": Seen(takes=True, outcomes=True)}


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
        body_html=f"<p>{LONG_TEXT}</p><blockquote><p>Quoted.</p></blockquote><p>A second <em>paragraph</em>.</p>",
        posted_at=LONG_AGO,
    )


def comments() -> list[Row]:
    """Return a comment by every kind of reader, at every depth, and in every state for whoever sees something of it."""
    guest = Reader(public_id="99fedcba", role=Role.READER)
    by_role = [comment(place, author(role), choice=place - 1, forecast=place % 2) for place, role in enumerate(Role, 1)]
    rows = [Row(comment=one, depth=0, view=View.TEXT) for one in (*by_role, comment(9, guest))]
    rows += [Row(comment=comment(10 + depth, guest), depth=depth, view=View.TEXT) for depth in range(1, 7)]
    rows += [
        Row(comment=comment(20 + place, guest, state), depth=0, view=View.PLACE, entry=_entry(RemovalReason.HATE))
        for place, state in enumerate([CommentState.HELD, CommentState.REMOVED, CommentState.WITHDRAWN])
    ]
    rows.append(Row(comment=comment(30, guest, CommentState.HELD), depth=0, view=View.OWN))
    rows += [
        Row(comment=comment(40 + place, guest, CommentState.REMOVED), depth=0, view=View.OWN, entry=_entry(reason))
        for place, reason in enumerate(RemovalReason)
    ]
    return rows


def _entry(reason: RemovalReason) -> ModerationEntry:
    return ModerationEntry(reason=reason)
