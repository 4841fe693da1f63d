"""What those think who answer without a word. Pure: drawn by chance from the weights a story gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from commands.demo.stories import Opinion, Story
from models import PollKind, PredictionKind

HOW_SURE = {35: 3, 55: 7, 70: 8, 85: 4, 95: 1}  # the percents that the card offers in words, by how often they are taken
IN_WORDS, IN_FULL = 0.46, 0.14  # the part of forecasts with a confidence, and with a chance for each outcome
WHOLE = 100  # percent
ALSO = 0.6  # how often the most wanted of several is wanted besides another
NEARNESS = 0.5  # of each span further from the picked one, what is left of its weight


def made_up(story: Story, chance: Random) -> Opinion:
    """Return what somebody thinks: most give a take and a prediction, some only one of them."""
    crowd = story.crowd
    take = chance.choices(list(crowd.takes), list(crowd.takes.values()))[0]
    part = chance.random()
    takes = _with_others(story, take, chance)
    if part < crowd.only_take:
        return Opinion(takes=takes)
    opinion = _expectation(story, take, chance)
    return opinion if part < crowd.only_take + crowd.only_forecast else replace(opinion, takes=takes)


def changed(story: Story, opinion: Opinion, chance: Random) -> Opinion:
    """Return what the same reader thinks later: the other take, or the same one with another prediction."""
    others = [take for take in story.crowd.takes if take not in opinion.takes[:1]]
    take = next(iter(opinion.takes), others[0])
    if opinion.takes and chance.random() < 0.4:  # noqa: PLR2004 - two in five
        take = chance.choice(others)
        opinion = replace(opinion, takes=_with_others(story, take, chance))
    return replace(_expectation(story, take, chance), takes=opinion.takes)


def _with_others(story: Story, take: str, chance: Random) -> tuple[str, ...]:
    """Return the take with those that go with it, where the poll takes several: the likelier, the more there are for it."""
    if story.poll_kind not in {PollKind.APPROVAL, PollKind.RANKED}:
        return (take,)
    weights = story.crowd.takes
    others = sorted((other for other in weights if other != take), key=lambda other: chance.random() ** (1 / weights[other]))
    if story.poll_kind is PollKind.APPROVAL:
        highest = max(weights.values())
        return (take, *(other for other in others if chance.random() < ALSO * weights[other] / highest))
    return (take, *others[::-1][: chance.randint(1, len(others))])


def _expectation(story: Story, take: str, chance: Random) -> Opinion:
    weights: Sequence[float] = story.crowd.expects[take]
    outcome = chance.choices(story.outcomes, weights)[0]
    manner = chance.random()
    if story.prediction_kind is not PredictionKind.OUTCOMES:
        picked = story.outcomes.index(outcome)
        weights = [weight * NEARNESS ** abs(place - picked) for place, weight in enumerate(weights)]
    if manner < IN_FULL:
        return Opinion(expects=outcome, chances=_chances(weights, story.outcomes.index(outcome), chance))
    sure = chance.choices(list(HOW_SURE), list(HOW_SURE.values()))[0] if manner < IN_FULL + IN_WORDS else None
    return Opinion(expects=outcome, sure=sure)


def _chances(weights: Sequence[float], picked: int, chance: Random) -> tuple[int, ...]:
    """Return whole percents around the camp's own weights, the picked outcome's the highest of them."""
    swayed = [weight * chance.uniform(0.4, 1.6) for weight in weights]
    shares = [int(WHOLE * weight / sum(swayed)) for weight in swayed]
    highest = shares.index(max(shares))
    shares[picked], shares[highest] = shares[highest], shares[picked]
    shares[picked] += WHOLE - sum(shares)
    return tuple(shares)
