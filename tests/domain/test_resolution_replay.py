"""Whatever happens to predictions, in whatever order: what follows from it is what a fresh replay of the ledger finds."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from domain import disputes, finality, following, participation, questions, resolutions
from domain.disputes import Objection
from domain.errors import DomainError
from domain.participation import Answer
from domain.resolutions import Finding
from extensions import db
from models import Dispute, Prediction, Reader, ResolutionAct, Role
from tests import factories
from tests.replaying import begin_anew, derived, keep_up

BEGAN = datetime(2031, 3, 1, 9, tzinfo=UTC)
FAR_AWAY = BEGAN + timedelta(days=36_500)
SEQUENCES, STEPS = 6, 20
READERS, EARLY, EDITORS = 5, 3, 3
DECLARED = [ResolutionAct.REOPENED, ResolutionAct.ANNULLED, ResolutionAct.AMBIGUOUS]
sureness = st.sampled_from([0.7, None, 0.4, 0.95])
place, who, which, decider = (st.integers(0, most - 1) for most in (3, READERS, 2, EDITORS))


@dataclass(frozen=True, kw_only=True)
class Cast:
    """Who and what the histories are about, by their ids."""

    predictions: list[int]
    readers: list[int]
    editors: list[int]


class Desk(RuleBasedStateMachine):
    """Two predictions, readers who forecast, follow and dispute, and editors. A refusal leaves everything as it was."""

    cast: Cast

    def __init__(self) -> None:
        super().__init__()
        self.now = BEGAN
        self.history = db.session.begin_nested()

    @initialize(first=st.lists(st.tuples(place, sureness), min_size=2 * EARLY, max_size=2 * EARLY))
    def most_predict(self, first: list[tuple[int, float | None]]) -> None:
        for number, (picked, sure) in enumerate(first):
            self.now += timedelta(minutes=7)
            self.forecast(number % 2, number // 2, picked, sure)
        self.now += timedelta(hours=5)
        self.resolve(0, 0, 0, 1)

    def prediction(self, number: int) -> Prediction:
        return db.session.get_one(Prediction, self.cast.predictions[number])

    def reader(self, number: int) -> Reader:
        return db.session.get_one(Reader, self.cast.readers[number])

    def editor(self, number: int) -> Reader:
        return db.session.get_one(Reader, self.cast.editors[number])

    def attempt(self, act: Callable[..., object], *given: Any, **named: Any) -> None:
        with suppress(DomainError), db.session.begin_nested():
            act(*given, now=self.now, **named)
        db.session.expire_all()

    @rule(hours=st.integers(1, 80))
    def time_passes(self, hours: int) -> None:
        keep_up(self.now)  # as each minute
        self.now += timedelta(hours=hours)

    @rule(number=which, reader=who, picked=place, sure=sureness)
    def forecast(self, number: int, reader: int, picked: int, sure: float | None) -> None:
        prediction = self.prediction(number)
        outcome = prediction.outcomes[picked]
        others = [other for other in prediction.outcomes if other is not outcome]
        chances = {outcome.id: sure, **{other.id: (1 - sure) / len(others) for other in others}} if sure else None
        answer = Answer(outcome=outcome, probabilities=chances)
        self.attempt(participation.submit, prediction.article, answer, by=self.reader(reader))

    @rule(number=which, reader=who)
    def withdraw(self, number: int, reader: int) -> None:
        self.attempt(participation.withdraw_forecast, self.prediction(number).article, by=self.reader(reader))

    @rule(number=which, reader=who)
    def follow(self, number: int, reader: int) -> None:
        self.now += timedelta(microseconds=1)  # at the very instant of a step, either answer would do
        self.attempt(following.follow, self.prediction(number), by=self.reader(reader))

    @rule(number=which, editor=decider, outcome=place, ago=st.sampled_from([0, 1, 24]))
    def resolve(self, number: int, editor: int, outcome: int, ago: int) -> None:
        prediction = self.prediction(number)
        self.attempt(resolutions.resolve, prediction, self.found(prediction, outcome, ago), by=self.editor(editor))

    @precondition(lambda self: any(self.prediction(number).verdict for number in range(2)))
    @rule(number=which, editor=decider, act=st.sampled_from(DECLARED))
    def declare(self, number: int, editor: int, act: ResolutionAct) -> None:
        self.attempt(resolutions.declare, self.prediction(number), act, "Because.", by=self.editor(editor))

    @rule(number=which, reader=who)
    def dispute(self, number: int, reader: int) -> None:
        objection = Objection(source_url="https://a.example/", argument="It was otherwise.")
        self.attempt(disputes.dispute, self.prediction(number), objection, by=self.reader(reader))

    @precondition(lambda _: bool(db.session.query(Dispute).count()))
    @rule(editor=decider, follows=st.sampled_from([None, 0, 1, *DECLARED]))
    def decide(self, editor: int, follows: ResolutionAct | int | None) -> None:
        one = db.session.scalars(select(Dispute).order_by(Dispute.id.desc())).first()
        assert one is not None
        if follows is None:
            self.attempt(disputes.dismiss, one, "No.", by=self.editor(editor))
            return
        then = follows if isinstance(follows, ResolutionAct) else self.found(one.resolution.prediction, follows, 1)
        self.attempt(disputes.uphold, one, "Yes.", by=self.editor(editor), follows=then)

    @precondition(lambda _: finality.count_due(FAR_AWAY) > 0)
    @rule()
    def disputes_end(self) -> None:
        keep_up(self.now)
        self.now += resolutions.TIME_TO_DISPUTE
        for number in range(2):
            self.attempt(finality.finalise, self.prediction(number))

    @rule(number=which, editor=decider, days=st.integers(-3, 60))
    def reschedule(self, number: int, editor: int, days: int) -> None:
        closes_at = self.now + timedelta(days=days)
        self.attempt(questions.reschedule, self.prediction(number), closes_at, by=self.editor(editor))

    @rule()
    def jobs_run(self) -> None:
        keep_up(self.now)

    def found(self, prediction: Prediction, outcome: int, ago: int) -> Finding:
        at = self.now - timedelta(hours=ago)
        return Finding(
            outcome=prediction.outcomes[outcome],
            source_url="https://a.example/",
            evidence="",
            happened_at=at - timedelta(hours=1),
            known_at=at,
        )

    def teardown(self) -> None:
        """Let the jobs catch up, somebody come who was never here, and everything be found anew."""
        try:
            keep_up(self.now)
            kept = derived()
            self.now += timedelta(hours=1)
            for number in range(2):
                self.follow(number, READERS)
                self.forecast(number, READERS, 0, None)
            begin_anew(self.now)
            assert derived() == kept
        finally:
            self.history.rollback()
            db.session.expire_all()


@pytest.mark.usefixtures("stage")
def test_any_history_ends_as_a_fresh_replay_does() -> None:
    articles = [factories.open_article(BEGAN, f"Article {number}") for number in range(2)]
    cast = Cast(
        predictions=[factories.asked(article)[1].id for article in articles],
        readers=[factories.account().id for _ in range(READERS + 1)],
        editors=[factories.account(role=Role.EDITOR).id for _ in range(EDITORS)],
    )
    bounds = settings(
        max_examples=SEQUENCES,
        stateful_step_count=STEPS,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],  # to make a failure shorter takes minutes
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(type("DeskOfCast", (Desk,), {"cast": cast}), settings=bounds)
