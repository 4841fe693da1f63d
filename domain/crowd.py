"""The crowd forecast: one distribution from many. Arithmetic only."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

LEAST, MOST = 0.01, 0.99  # nobody is allowed to be certain on behalf of the crowd
TRIM = 0.25  # of the weight, at each end
EXTREMISING = 1.25  # averages of log-odds are too timid by about this factor
EARLY, CROWD = 5, 10  # forecasts from which a crowd forecast is shown, and from which it is called one


def crowd_forecast(forecasts: Sequence[Sequence[float]]) -> list[float]:
    """Return the aggregate probability of each of K outcomes, summing to 1.

    `forecasts` holds each reader's latest probabilities (K each), oldest forecast first. Weighted interquartile mean of
    the log-odds per outcome, extremised and normalised, as `docs/numbers.md` defines it; with two outcomes it is done
    once, on the first. Raises `ValueError` for no forecasts.
    """
    if not forecasts:
        message = "a crowd needs at least one forecast"
        raise ValueError(message)
    weights = recency_weights(len(forecasts))
    count = len(forecasts[0])
    columns = range(1 if count == 2 else count)  # noqa: PLR2004 - two outcomes are one question
    shares = [_aggregate([row[column] for row in forecasts], weights) for column in columns]
    if count == 2:  # noqa: PLR2004
        return [shares[0], 1 - shares[0]]
    total = math.fsum(shares)
    return [share / total for share in shares]


def recency_weights(count: int) -> list[float]:
    """Return the weight of the n-th oldest of `count`: exp(sqrt(n) - sqrt(count)); all equal for one or two."""
    if count <= 2:  # noqa: PLR2004
        return [1.0] * count
    return [math.exp(math.sqrt(place) - math.sqrt(count)) for place in range(1, count + 1)]


def interquartile_mean(values: Sequence[float], weights: Sequence[float]) -> float:
    """Return the weighted mean of `values` between the quartiles of the weight; a value on an edge counts in part."""
    total = math.fsum(weights)
    low, high = TRIM * total, (1 - TRIM) * total
    passed, kept_sum, kept_weight = 0.0, 0.0, 0.0
    for value, weight in sorted(zip(values, weights, strict=True)):
        kept = max(0.0, min(passed + weight, high) - max(passed, low))
        kept_sum += kept * value
        kept_weight += kept
        passed += weight
    return kept_sum / kept_weight


def _aggregate(probabilities: Sequence[float], weights: Sequence[float]) -> float:
    clipped = (min(max(probability, LEAST), MOST) for probability in probabilities)
    log_odds = [math.log(probability / (1 - probability)) for probability in clipped]
    return 1 / (1 + math.exp(-EXTREMISING * interquartile_mean(log_odds, weights)))


def interquartile_band(forecasts: Sequence[Sequence[float]]) -> list[tuple[float, float]]:
    """Return per outcome the quartiles of the probabilities."""
    columns = [sorted(column) for column in zip(*forecasts, strict=True)]
    return [(column[len(column) // 4], column[3 * (len(column) - 1) // 4]) for column in columns]


def mean(forecasts: Sequence[Sequence[float]]) -> list[float]:
    """Return the mean of each outcome."""
    return [math.fsum(column) / len(column) for column in zip(*forecasts, strict=True)]


def median(forecasts: Sequence[Sequence[float]]) -> list[float]:
    """Return the median of each outcome."""
    return [sorted(column)[len(column) // 2] for column in zip(*forecasts, strict=True)]


def recency_weighted_median(forecasts: Sequence[Sequence[float]]) -> list[float]:
    """Return the median of each outcome."""
    return median(forecasts)


def stance_balanced(by_camp: Mapping[str, Sequence[Sequence[float]]]) -> list[float]:
    """Return the mean of the camps' crowd forecasts."""
    return mean([crowd_forecast(rows) for rows in by_camp.values()])


def wishful_gap(for_rows: Sequence[Sequence[float]], against_rows: Sequence[Sequence[float]]) -> list[float]:
    """Return the difference of the means."""
    return [one - other for one, other in zip(mean(for_rows), mean(against_rows), strict=True)]


def completed(probabilities: Mapping[int, float], outcomes: Sequence[tuple[int, int | None]]) -> list[float]:
    """Return the chances in the order of the outcomes."""
    return [probabilities.get(outcome_id, 0.0) for outcome_id, _ in outcomes]
