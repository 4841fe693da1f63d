"""What readers vote and forecast on one article: current rows, ledgers and counters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from random import Random

from bench.generate.asking import Asked
from bench.generate.loading import Loader, Row, instant
from bench.generate.people import People
from domain.counting import SLOTS

CHANGED, REVISED, SURE = 0.05, 0.1, 0.9  # of takes, of forecasts, and of forecasts with chances
DAY = 86_400
LEANING = (45, 40, 15)
EVENT = "id, poll_id, reader_id, act, choice_id, ballot, tier, happened_at"
VOTE = "poll_id, reader_id, choice_id, ballot, tier, cast_at, changed_at"
FORECAST = "id, prediction_id, reader_id, outcome_id, tier, gives_chances, made_at, superseded_at"
CHANCE = "forecast_id, outcome_id, prediction_id, probability"

Act = tuple[float, int, str, int]  # when, who, what, and which place among the choices
Guess = tuple[float, int, int, float]  # when, who, which place among the outcomes, and until when it stood; 0: it stands


@dataclass(frozen=True)
class Held:
    """What a reader holds: the place of a choice, that of the one before, and since when each."""

    choice: int
    since: float
    earlier: int
    changed: float | None

    def at(self, time: float) -> int | None:
        """Return the place of the choice they held at a time; nothing before the first."""
        if time < self.since:
            return None
        return self.earlier if self.changed is not None and time < self.changed else self.choice


@dataclass
class Answers:
    """Who holds what on one article: takes by reader, and each reader's forecasts in order, with their ids."""

    held: dict[int, Held] = field(default_factory=dict)
    forecasts: dict[int, list[tuple[float, int]]] = field(default_factory=dict)


class Answering:
    """Writes answers, article by article, and numbers what is numbered across articles."""

    def __init__(self, loader: Loader, people: People, dice: Random) -> None:
        self._loader, self._people, self._dice = loader, people, dice
        self._events, self._forecasts = count(1), count(1)

    def answer(self, asked: Asked) -> Answers:
        """Write what is answered on an article, and return it."""
        given = Answers()
        voters = self._dice.sample(self._people.everybody, asked.share.takes)
        length = asked.voting_until - asked.opened
        times = sorted(asked.opened + 1 + self._dice.random() ** 2 * (length - 2) for _ in voters)
        self._vote(asked, voters, times, given)
        last = [(reader, given.held[reader].since) for reader in voters[: asked.share.forecasts]]
        self._count(asked, given, dict(self._guesses(asked, last, given)) if asked.outcomes else {})
        return given

    def _vote(self, asked: Asked, voters: list[int], times: list[float], given: Answers) -> None:
        """Let each voter vote, and a few change their mind, and write the ledger and what they hold."""
        acts: list[Act] = []
        for reader, time in zip(voters, times, strict=True):
            first = choice = self._dice.choices(range(3), LEANING)[0]
            changed = time + self._dice.uniform(60, DAY) if self._dice.random() < CHANGED else None
            acts.append((time, reader, "cast", first))
            if changed is not None and changed < asked.voting_until:
                choice = (first + 1) % 3
                acts.append((changed, reader, "changed", choice))
            else:
                changed = None
            given.held[reader] = Held(choice, time, first, changed)
        self._keep_ledger(asked, sorted(acts))
        self._keep_takes(asked, sorted(given.held.items()))

    def _keep_ledger(self, asked: Asked, acts: list[Act]) -> None:
        tier, ids = self._people.tier, [choice_id for choice_id, _ in asked.choices]
        rows = (
            (next(self._events), asked.poll_id, who, act, ids[place], "", tier(who), instant(at))
            for at, who, act, place in acts
        )
        self._loader.put("opinion_vote_event", EVENT, rows)

    def _keep_takes(self, asked: Asked, current: list[tuple[int, Held]]) -> None:
        began, votes = [], []
        for who, one in current:
            at, changed = instant(one.since), instant(one.changed) if one.changed else None
            began.append((asked.article_id, who, at))
            votes.append((asked.poll_id, who, asked.choices[one.choice][0], "", self._people.tier(who), at, changed))
        self._loader.put("opinion_vote", VOTE, votes)
        self._loader.put("participation", "article_id, reader_id, began_at", began)

    def _guesses(self, asked: Asked, last: list[tuple[int, float]], given: Answers) -> Iterator[tuple[int, int]]:
        """Write the forecasts and yield, of each reader, the place of the outcome that stands."""
        rows: list[Row] = []
        chances: list[Row] = []
        for at, who, place, until in sorted(self._made(asked, last)):
            number, gives = next(self._forecasts), self._dice.random() < SURE
            given.forecasts.setdefault(who, []).append((at, number))
            times = instant(at), instant(until) if until else None
            rows.append((number, asked.prediction_id, who, asked.outcomes[place], self._people.tier(who), int(gives), *times))
            of_each = zip(asked.outcomes, self._chances(place), strict=True) if gives else ()
            chances += [(number, one, asked.prediction_id, chance) for one, chance in of_each]
            if until == 0:
                yield who, place
        self._loader.put("forecast", FORECAST, rows)
        self._loader.put("forecast_probability", CHANCE, chances)

    def _made(self, asked: Asked, last: list[tuple[int, float]]) -> Iterator[Guess]:
        for reader, time in last:
            if (at := time + 30) >= asked.predicting_until:
                continue
            place, later = self._dice.choices(range(3), (5, 3, 2))[0], at + self._dice.uniform(60, 3 * DAY)
            is_revised = self._dice.random() < REVISED and later < asked.predicting_until
            yield at, reader, place, later if is_revised else 0
            if is_revised:
                yield later, reader, (place + 1) % 3, 0

    def _chances(self, place: int) -> list[float]:
        """Return whole percents that sum to 100, most for the picked outcome."""
        most = self._dice.randint(45, 94)
        other = self._dice.randint(0, min(44, 100 - most))
        rest = [other, 100 - most - other]
        return [(most if one == place else rest.pop()) / 100 for one in range(3)]

    def _count(self, asked: Asked, given: Answers, picked: dict[int, int]) -> None:
        takes: Counter[tuple[int, str, int]] = Counter()
        picks: Counter[tuple[int, str, int]] = Counter()
        both: Counter[tuple[int, int, int]] = Counter()
        for who, one in given.held.items():
            takes[one.choice, self._people.tier(who), who % SLOTS] += 1
        for who, place in picked.items():
            picks[place, self._people.tier(who), who % SLOTS] += 1
            both[given.held[who].choice, place, who % SLOTS] += 1
        ids = [choice_id for choice_id, _ in asked.choices]
        votes = sorted((asked.poll_id, ids[place], tier, slot, votes) for (place, tier, slot), votes in takes.items())
        self._loader.put("opinion_tally", "poll_id, choice_id, tier, slot, votes", votes)
        outcomes = asked.outcomes
        forecasts = sorted(
            (asked.prediction_id, outcomes[place], tier, slot, many) for (place, tier, slot), many in picks.items()
        )
        self._loader.put("outcome_tally", "prediction_id, outcome_id, tier, slot, forecasts", forecasts)
        cross = sorted((asked.article_id, ids[take], outcomes[pick], slot, many) for (take, pick, slot), many in both.items())
        self._loader.put("cross_tally", "article_id, choice_id, outcome_id, slot, readers", cross)
