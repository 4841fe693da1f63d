"""The formulas of `docs/numbers.md` said a second time, plainly and slowly, for the tests to compare with."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def clipped(rows: Floats) -> Floats:
    return np.minimum(np.maximum(rows, 0.01), 0.99)


def log_odds(rows: Floats) -> Floats:
    odds: Floats = np.log(clipped(rows) / (1 - clipped(rows)))
    return odds


def recency_weights(count: int) -> Floats:
    return np.ones(count) if count <= 2 else np.exp(np.sqrt(np.arange(1, count + 1)) - np.sqrt(count))


def interquartile_mean(values: Floats, weights: Floats) -> float:
    """Return the integral of the sorted values over the middle half of the weight, divided by that half."""
    order = np.lexsort((weights, values))
    edges = np.concatenate([[0], np.cumsum(weights[order])])
    cuts = np.clip(edges, 0.25 * edges[-1], 0.75 * edges[-1])
    return float(np.diff(cuts) @ values[order] / (cuts[-1] - cuts[0]))


def crowd_forecast(rows: Floats) -> list[float]:
    weights = recency_weights(len(rows))
    shares = [1 / (1 + math.exp(-1.25 * interquartile_mean(column, weights))) for column in log_odds(rows).T]
    return [shares[0], 1 - shares[0]] if len(shares) == 2 else [share / sum(shares) for share in shares]


def random_rows(count: int, outcomes: int) -> Floats:
    return np.random.default_rng(count * 10 + outcomes).dirichlet(np.ones(outcomes), count)
