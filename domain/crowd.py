"""The crowd forecast and its relatives: one distribution from many. Pure arithmetic, defined in `docs/numbers.md`.

`Rows` are forecasts, each with its probabilities of the K outcomes, the oldest first. Of a large crowd only the newest
forecasts weigh anything: what weighs by recency takes `total`, and then needs just the last `newest_that_count(total)`.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TypeVar

from domain.arrays import ArrayLike, Floats, np

LEAST, MOST = 0.01, 0.99  # nobody is allowed to be certain on behalf of the crowd
TRIM = 0.25  # of the weight, at each end
EXTREMISING = 1.25  # averages of log-odds are too timid by about this factor
EARLY, CROWD = 5, 10  # forecasts from which a crowd forecast is shown, and from which it is called one
REACH = 34.0  # in square roots: all older forecasts together weigh less than exp(-34) of the whole, which a float cannot tell

Rows = Sequence[Sequence[float]] | Floats
Key = TypeVar("Key")


def crowd_forecast(forecasts: Rows, *, total: int | None = None) -> list[float]:
    """Return the crowd's probability of each of K outcomes, summing to 1.

    The weighted interquartile mean of the log-odds per outcome, extremised and normalised; with two outcomes it is done
    once, on the first. Raises `ValueError` for no forecasts, or for fewer of `total` than count.
    """
    newest, weights = _weighed(forecasts, total)
    return _distribution(_logistic(EXTREMISING * _interquartile_means(_log_odds(newest), weights)))


def stance_balanced(by_camp: Mapping[Key, Rows], *, totals: Mapping[Key, int] | None = None) -> list[float]:
    """Return the crowd forecast in which every camp has the same say, however many forecasts it has.

    `totals` says how many forecasts a camp has where only its newest are given. Raises `ValueError` for no camps, and
    for a camp without forecasts.
    """
    if not by_camp:
        raise ValueError("a balance needs at least one camp")
    weighed = (_weighed(rows, totals[camp] if totals else None) for camp, rows in by_camp.items())
    means = [_interquartile_means(_log_odds(newest), weights) for newest, weights in weighed]
    return _distribution(_logistic(EXTREMISING * np.mean(means, axis=0)))


def interquartile_band(forecasts: Rows, *, total: int | None = None) -> list[tuple[float, float]]:
    """Return, per outcome, the probabilities between which the middle half of the crowd's weight lies."""
    newest, weights = _weighed(forecasts, total)
    low, high = (_quantiles(_told_apart(newest), weights, part) for part in (TRIM, 1 - TRIM))
    band = [(float(least), float(most)) for least, most in zip(low, high, strict=True)]
    return [*band, (1 - band[0][1], 1 - band[0][0])] if len(band) == 1 else band


def mean(forecasts: Rows) -> list[float]:
    """Return the plain mean of the clipped probabilities, summing to 1."""
    return _distribution(_told_apart(_some(forecasts)).mean(axis=0))


def median(forecasts: Rows) -> list[float]:
    """Return the plain median of the clipped probabilities per outcome, divided by their sum."""
    return _distribution(np.median(_told_apart(_some(forecasts)), axis=0))


def recency_weighted_median(forecasts: Rows, *, total: int | None = None) -> list[float]:
    """Return the median by recency of the clipped probabilities per outcome, divided by their sum.

    The least value up to which lies half of the weight; where exactly half does, the midpoint with the next value.
    """
    newest, weights = _weighed(forecasts, total)
    return _distribution(_quantiles(_told_apart(newest), weights, 0.5))


def mean_log_odds(forecasts: Rows) -> list[float]:
    """Return the plain mean of the log-odds per outcome; of two, the second is minus the first."""
    means: list[float] = _log_odds(_some(forecasts)).mean(axis=0).tolist()
    return [means[0], -means[0]] if len(means) == 1 else means


def wishful_gap(supporters: Rows, opponents: Rows) -> list[float]:
    """Return, per outcome, by how much likelier those for it think it than those against, in log-odds."""
    return [ours - theirs for ours, theirs in zip(mean_log_odds(supporters), mean_log_odds(opponents), strict=True)]


def newest_that_count(total: int) -> int:
    """Return how many of `total` forecasts, from the newest back, can move a crowd forecast by 1e-12 or more."""
    beyond = max(0.0, math.sqrt(total) - REACH)
    return total - max(0, int(beyond**2) - 1)


def recency_weights(count: int) -> list[float]:
    """Return the weight of the n-th oldest of `count`: exp(sqrt(n) - sqrt(count)); all equal for one or two."""
    weights: list[float] = _recency(count, count).tolist()
    return weights


def interquartile_mean(values: ArrayLike, weights: ArrayLike) -> float:
    """Return the weighted mean of `values` between the quartiles of the weight; a value on an edge counts in part."""
    column = np.asarray(values, dtype=np.float64)[:, np.newaxis]
    return float(_interquartile_means(column, np.asarray(weights, dtype=np.float64))[0])


def completed(probabilities: Mapping[int, float], outcomes: Sequence[tuple[int, int | None]]) -> list[float]:
    """Return a forecast in the order of `outcomes`, of which some may have been added after it was made.

    `outcomes` are ids, each with the one it was split from, in the order in which they were added. One that the forecast
    does not know takes half of what is then its parent's; without a parent it has nothing. Raises `ValueError` for a
    probability of an outcome that is not there, and for a parent that does not come before.
    """
    shares: dict[int, float] = {}
    if probabilities.keys() - {outcome for outcome, _ in outcomes}:
        raise ValueError("a forecast of an outcome that is not there")
    for outcome, parent in outcomes:
        if parent is not None and parent not in shares:
            raise ValueError("an outcome cannot be split from a later one")
        if outcome in probabilities:
            shares[outcome] = probabilities[outcome]
        elif parent is None:
            shares[outcome] = 0.0
        else:
            shares[outcome] = shares[parent] = shares[parent] / 2
    return list(shares.values())


def completed_rows(rows: Floats, parents: Sequence[int | None]) -> Floats:
    """Return what `completed` does, of many forecasts at once: a column for each outcome in the order of adding.

    What a forecast does not know is not a number; `parents` are the columns that columns were split from.
    """
    full = np.array(rows, dtype=np.float64)
    for child, parent in enumerate(parents):
        unknown = np.isnan(full[:, child])
        if parent is not None:
            full[unknown, parent] /= 2
        full[unknown, child] = 0.0 if parent is None else full[unknown, parent]
    return full


def _some(forecasts: Rows) -> Floats:
    if len(forecasts) == 0:
        raise ValueError("a crowd needs at least one forecast")
    return np.asarray(forecasts, dtype=np.float64)


def _weighed(forecasts: Rows, total: int | None) -> tuple[Floats, Floats]:
    """Return the forecasts that count, and their weights."""
    total = len(forecasts) if total is None else total
    count = newest_that_count(total)
    if not count <= len(forecasts) <= total:
        raise ValueError("of all forecasts at least the newest that count are needed, and no more than all")
    return _some(forecasts[len(forecasts) - count :]), _recency(total, count)


def _recency(total: int, newest: int) -> Floats:
    """Return the weights of the last `newest` of `total` forecasts."""
    if total <= 2:  # noqa: PLR2004 - two readers are equals
        return np.ones(newest)
    weights: Floats = np.exp(np.sqrt(np.arange(total - newest + 1, total + 1)) - math.sqrt(total))
    return weights


def _told_apart(rows: Floats) -> Floats:
    """Return the clipped probabilities of the outcomes to be reckoned with: of two the first says it all."""
    columns = rows[:, :1] if rows.shape[1] == 2 else rows  # noqa: PLR2004
    return np.clip(columns, LEAST, MOST)


def _log_odds(rows: Floats) -> Floats:
    clipped = _told_apart(rows)
    odds: Floats = np.log(clipped / (1 - clipped))
    return odds


def _logistic(log_odds: Floats) -> Floats:
    shares: Floats = 1 / (1 + np.exp(-log_odds))
    return shares


def _distribution(shares: Floats) -> list[float]:
    """Return shares of one as plain numbers: the second of two is what the first leaves, more are divided by their sum."""
    if len(shares) == 1:
        return [float(shares[0]), 1 - float(shares[0])]
    distribution: list[float] = (shares / math.fsum(shares)).tolist()
    return distribution


def _sorted(columns: Floats, weights: Floats) -> tuple[Floats, Floats, Floats]:
    """Return each column in order, the weights beside it and their running sum."""
    order = np.argsort(columns, axis=0, kind="stable")
    beside = weights[order]
    return np.take_along_axis(columns, order, axis=0), beside, np.cumsum(beside, axis=0)


def _interquartile_means(columns: Floats, weights: Floats) -> Floats:
    values, beside, passed = _sorted(columns, weights)
    low, high = TRIM * passed[-1], (1 - TRIM) * passed[-1]
    kept = np.clip(np.minimum(passed, high) - np.maximum(passed - beside, low), 0, None)
    means: Floats = (kept * values).sum(axis=0) / kept.sum(axis=0)
    return means


def _quantiles(columns: Floats, weights: Floats, part: float) -> Floats:
    """Return, per column, the least value up to which lies `part` of the weight; the midpoint with the next if exactly."""
    values, _, passed = _sorted(columns, weights)
    return np.array([_quantile(values[:, place], passed[:, place], part) for place in range(values.shape[1])])


def _quantile(values: Floats, passed: Floats, part: float) -> float:
    wanted = part * passed[-1]
    place = int(np.searchsorted(passed, wanted))
    is_exact = passed[place] == wanted and place + 1 < len(values)
    return float((values[place] + values[place + 1]) / 2 if is_exact else values[place])
