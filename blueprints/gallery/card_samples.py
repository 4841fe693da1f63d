"""What the gallery shows of the card: ballots and forecasts as the card's own fields would give them to the templates."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field

from blueprints.gallery.samples import LONG_AGO, LONG_TEXT
from domain.ownforecasts import Moment
from models import Camp, Forecast, OpinionChoice, Outcome, PollKind

PLACES = ("1st", "2nd", "3rd", "4th", "5th", "6th")
STEPS = ("Strongly against", "Against", "In between", "For", "Strongly for")
SIDES = (Camp.AGAINST, Camp.AGAINST, Camp.UNSURE, Camp.FOR, Camp.FOR)
DISHES = ("Soup", "Salad", "Stew", LONG_TEXT)
MOVING = "/gallery"
_numbers = itertools.count(1_000)


@dataclass(frozen=True, kw_only=True)
class SampleBallot:
    """A ballot in one state."""

    kind: str
    choices: Sequence[OpinionChoice]
    data: Sequence[int] = ()
    errors: Sequence[str] = ()
    places: Sequence[str] = PLACES[:4]
    name: str = field(default_factory=lambda: f"choice-{next(_numbers)}")

    @property
    def id(self) -> str:
        """Return the name, as forms do."""
        return self.name

    @property
    def ranks(self) -> dict[int, str]:
        """Return the place of each choice given."""
        return {choice_id: str(place) for place, choice_id in enumerate(self.data, 1)}

    def rank_name(self, choice: OpinionChoice) -> str:
        """Return the name of the input for one choice's place."""
        return f"rank-{choice.id}"


@dataclass(frozen=True, kw_only=True)
class SampleChances:
    """A distribution in one state."""

    outcomes: Sequence[Outcome]
    data: dict[int, str]
    errors: Sequence[str] = ()

    @property
    def drawn(self) -> dict[int, int]:
        """Return the length of each bar."""
        return {key: int(text or 0) for key, text in self.data.items()}

    @property
    def likeliest(self) -> int | None:
        """Return the outcome that is ahead."""
        return max(self.drawn, key=self.drawn.__getitem__) if any(self.drawn.values()) else None

    def input_name(self, outcome: Outcome) -> str:
        """Return the name of one outcome's input."""
        return f"chances-{outcome.id}"


@dataclass(frozen=True, kw_only=True)
class SamplePick:
    """A pick in one state."""

    outcomes: Sequence[Outcome]
    data: int | None = None
    errors: Sequence[str] = ()
    name: str = "gallery-outcome"
    id: str = "gallery-outcome"


def ballots() -> list[SampleBallot]:
    """Return a ballot of each kind: not touched, filled in, and sent back."""
    found = []
    for kind in PollKind:
        labels, camps = (STEPS, SIDES) if kind is PollKind.SCALE else (DISHES, tuple(Camp))
        for given, errors in ((0, ()), (2 if kind in {PollKind.APPROVAL, PollKind.RANKED} else 1, ()), (0, ("Wrong.",))):
            choices = [
                OpinionChoice(id=next(_numbers), label=label, camp=camp) for label, camp in zip(labels, camps, strict=True)
            ]
            data = [choice.id for choice in reversed(choices[1 : given + 1])]
            found.append(SampleBallot(kind=kind.value, choices=choices, data=data, errors=errors))
    return found


def distributions() -> list[SampleChances]:
    """Return a distribution that is empty, one that is given, and one that was sent back."""
    found = []
    for percents in (("", "", "", ""), ("5", "70", "25", "0"), ("100", "1", "", "")):
        outcomes = _outcomes()
        data = {outcome.id: percent for outcome, percent in zip(outcomes, percents, strict=True)}
        found.append(SampleChances(outcomes=outcomes, data=data))
    return found


def pick() -> SamplePick:
    """Return a pick."""
    outcomes = _outcomes()
    return SamplePick(outcomes=outcomes, data=outcomes[1].id)


def moments() -> list[Moment]:
    """Return everything that a history can hold."""
    outcomes = _outcomes()
    percents = tuple(zip(outcomes, (5, 70, 25, 0), strict=True))
    current, ended = (Forecast(outcome=outcomes[1], superseded_at=end) for end in (None, LONG_AGO))
    return [
        Moment(at=LONG_AGO, forecast=current, percents=percents),
        Moment(at=LONG_AGO, added=outcomes[3]),
        Moment(at=LONG_AGO, taken_back=ended),
        Moment(at=LONG_AGO, forecast=ended),
    ]


def _outcomes() -> list[Outcome]:
    return [Outcome(id=next(_numbers), label=label) for label in ("Before June", "In June", LONG_TEXT, "Never")]
