"""What follows on a prediction's having been resolved in the demo."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from commands.demo.stage import Stage
from commands.demo.stories import Objected
from domain import disputes, finality
from domain.disputes import Objection
from models import Prediction


@dataclass(frozen=True)
class Dispute:
    """A reader disputes what was said."""

    at: datetime
    story: str
    told: Objected

    def perform(self, stage: Stage) -> None:
        """Dispute it."""
        objection = Objection(source_url=self.told.source_url, argument=self.told.argument)
        disputes.dispute(_prediction(stage, self.story), objection, by=stage.person(self.told.by, self.at), now=self.at)


@dataclass(frozen=True)
class Dismiss:
    """The second editor dismisses it."""

    at: datetime
    story: str
    told: Objected

    def perform(self, stage: Stage) -> None:
        """Decide it."""
        one = disputes.of(_prediction(stage, self.story))[-1]
        disputes.dismiss(one, self.told.note, by=stage.people["deputy"], now=self.at)


@dataclass(frozen=True)
class Finalise:
    """The time to dispute is over."""

    at: datetime
    story: str

    def perform(self, stage: Stage) -> None:
        """Make it final."""
        finality.finalise(_prediction(stage, self.story), now=self.at)


def _prediction(stage: Stage, story: str) -> Prediction:
    prediction = stage.articles[story].prediction
    assert prediction is not None  # noqa: S101 - for the type checker: each story asks for one
    return prediction
