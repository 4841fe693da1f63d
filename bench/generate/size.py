"""How much of what a site has, and which article has how much of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

ARTICLES_AT_LEAST = 80  # a front page and some
PREDICTING = 4  # one of so many articles asks what will happen
COMMENTS_EACH = 600  # on average, on a large site
MIDDLING = 3_300  # comments of the whole site for each article that is much discussed
VIRAL_SHARE = 0.012  # of all comments: 12,000 of a million
VIRAL_AT_LEAST = 2_000  # comments, and no article has more: twice what any page shows
MOST_VIRAL = 0.3  # of the comments of a site that has few
MIDDLING_SHARE = 0.3  # of all comments, on the articles that are much discussed
TAKES, RATINGS = 0.4, 0.5  # of the votes; the rest are forecasts
WAITING = 200  # of each thing that waits for moderators, and some more for a million comments: all that a page looks through
MOST_WAITING = 0.15  # of the comments of a site that has few


@dataclass(frozen=True)
class Share:
    """What one article has."""

    comments: int
    takes: int
    forecasts: int  # 0 where nothing is predicted
    ratings: int


STANDARD = Share(comments=60, takes=80, forecasts=60, ratings=240)  # one article that is the same on every site


@dataclass(frozen=True)
class Size:
    """How large a site is."""

    comments: int
    readers: int
    votes: int
    seed: int = 1
    articles_at_least: int = ARTICLES_AT_LEAST

    def of_each(self, portion: float) -> float:
        """Return the probability with which a comment is of a kind of which there are so many among all, and some at least."""
        return portion + min(WAITING / self.comments, MOST_WAITING)


def shares(size: Size) -> list[Share]:
    """Return what each article has, the oldest first: one viral and still open, one that is `STANDARD`, many small ones."""
    count = max(size.articles_at_least, size.comments // COMMENTS_EACH)
    comments = _comments(size, count)
    takes = _spread(round(size.votes * TAKES), comments, size.readers)
    asked = [0 if place % PREDICTING else wanted for place, wanted in enumerate(comments)]
    forecasts = _spread(round(size.votes * (1 - TAKES - RATINGS)), asked, size.readers)
    ratings = _spread(round(size.votes * RATINGS), comments, size.votes)
    found = [
        Share(comments=said, takes=given, forecasts=min(made, given), ratings=rated)
        for said, given, made, rated in zip(comments, takes, forecasts, ratings, strict=True)
    ]
    return [*found[: count // 2], STANDARD, *found[count // 2 :]]


def viral_place(count: int) -> int:
    """Return which of so many articles is the viral one: new, and with a prediction."""
    return (count - 3) // PREDICTING * PREDICTING


def _comments(size: Size, count: int) -> list[int]:
    dice = Random(size.seed)  # noqa: S311 - the same each time, not a secret
    viral = max(min(VIRAL_AT_LEAST, round(size.comments * MOST_VIRAL)), round(size.comments * VIRAL_SHARE))
    middling = max(min(3, count // 3), size.comments // MIDDLING)
    weights = [dice.uniform(0.5, 1.5) for _ in range(count)]
    chosen = set(dice.sample(range(count), middling))
    much, few = MIDDLING_SHARE * size.comments, size.comments - viral - MIDDLING_SHARE * size.comments
    of_much = sum(weight for place, weight in enumerate(weights) if place in chosen)
    of_few = sum(weights) - of_much
    found = [
        max(1, round(weight * (much / of_much if place in chosen else few / of_few))) for place, weight in enumerate(weights)
    ]
    found[viral_place(count)] = viral
    return found


def _spread(total: int, weights: Sequence[int], most: int) -> list[int]:
    """Return how `total` is spread by weights, no more than `most` to one: what is too much goes to the others."""
    given = [0] * len(weights)
    for _ in range(5):
        left = total - sum(given)
        room = [weight if have < most else 0 for weight, have in zip(weights, given, strict=True)]
        if left <= 0 or not sum(room):
            break
        part = left / sum(room)
        given = [min(most, have + round(weight * part)) for have, weight in zip(given, room, strict=True)]
    return given
