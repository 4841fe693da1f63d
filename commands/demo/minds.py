"""What those think who answer without a word. Pure: drawn by chance from the weights a story gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from commands.demo.stories import Opinion, Story

HOW_SURE = {35: 3, 55: 7, 70: 8, 85: 4, 95: 1}  # the percents that the card offers in words, by how often they are taken
IN_WORDS, IN_FULL = 0.46, 0.14  # the part of forecasts with a confidence, and with a chance for each outcome
WHOLE = 100  # percent


def made_up(story: Story, chance: Random) -> Opinion:
    """Return what somebody thinks: most give a take and a prediction, some only one of them."""
    crowd = story.crowd
    take = chance.choices(list(crowd.takes), list(crowd.takes.values()))[0]
    part = chance.random()
    if part < crowd.only_take:
        return Opinion(take=take)
    opinion = _expectation(story, take, chance)
    return opinion if part < crowd.only_take + crowd.only_forecast else replace(opinion, take=take)


def changed(story: Story, opinion: Opinion, chance: Random) -> Opinion:
    """Return what the same reader thinks later: the other take, or the same one with another prediction."""
    takes = [take for take in story.crowd.takes if take != opinion.take]
    take = chance.choice(takes) if opinion.take and chance.random() < 0.4 else opinion.take  # noqa: PLR2004 - two in five
    return replace(_expectation(story, take or takes[0], chance), take=take)


def _expectation(story: Story, take: str, chance: Random) -> Opinion:
    weights = story.crowd.expects[take]
    outcome = chance.choices(story.outcomes, weights)[0]
    manner = chance.random()
    if manner < IN_FULL:
        return Opinion(expects=outcome, chances=_chances(weights, story.outcomes.index(outcome), chance))
    sure = chance.choices(list(HOW_SURE), list(HOW_SURE.values()))[0] if manner < IN_FULL + IN_WORDS else None
    return Opinion(expects=outcome, sure=sure)


def _chances(weights: Sequence[int], picked: int, chance: Random) -> tuple[int, ...]:
    """Return whole percents around the camp's own weights, the picked outcome's the highest of them."""
    swayed = [weight * chance.uniform(0.4, 1.6) for weight in weights]
    shares = [int(WHOLE * weight / sum(swayed)) for weight in swayed]
    highest = shares.index(max(shares))
    shares[picked], shares[highest] = shares[highest], shares[picked]
    shares[picked] += WHOLE - sum(shares)
    return tuple(shares)
