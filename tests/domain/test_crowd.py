from __future__ import annotations

import math
import random

import pytest

from domain import crowd


def stated(forecasts: list[list[float]]) -> list[float]:
    """The definition, said a second way: by cutting the weights into many equal grains."""
    count, outcomes = len(forecasts), len(forecasts[0])
    weights = [1.0] * count if count <= 2 else [math.exp(math.sqrt(n + 1) - math.sqrt(count)) for n in range(count)]
    shares = []
    for column in range(1 if outcomes == 2 else outcomes):
        odds = sorted(
            (math.log(p / (1 - p)), w)
            for p, w in ((min(max(row[column], 0.01), 0.99), w) for row, w in zip(forecasts, weights, strict=True))
        )
        total = sum(weights)
        edges, mean = 0.0, 0.0
        for value, weight in odds:
            inside = max(0.0, min(edges + weight, 0.75 * total) - max(edges, 0.25 * total))
            mean += value * inside / (0.5 * total)
            edges += weight
        shares.append(1 / (1 + math.exp(-1.25 * mean)))
    return [shares[0], 1 - shares[0]] if outcomes == 2 else [share / sum(shares) for share in shares]


@pytest.mark.parametrize("count", [1, 2, 5, 100])
@pytest.mark.parametrize("outcomes", [2, 3, 6])
def test_the_crowd_forecast_agrees_with_its_definition(count: int, outcomes: int) -> None:
    dice = random.Random(count * 10 + outcomes)
    rows = [[dice.random() for _ in range(outcomes)] for _ in range(count)]
    forecasts = [[value / sum(row) for value in row] for row in rows]
    assert crowd.crowd_forecast(forecasts) == pytest.approx(stated(forecasts), abs=1e-12)


def test_one_forecaster_is_made_bolder() -> None:
    assert crowd.crowd_forecast([[0.7, 0.3]])[0] == pytest.approx(1 / (1 + math.exp(-1.25 * math.log(0.7 / 0.3))))


def test_the_shares_of_many_outcomes_add_up_to_one() -> None:
    assert math.fsum(crowd.crowd_forecast([[0.5, 0.3, 0.2], [0.1, 0.1, 0.8]])) == pytest.approx(1, abs=1e-15)


def test_certainty_is_clipped_so_nobody_decides_alone() -> None:
    assert 0 < crowd.crowd_forecast([[1.0, 0.0]] * 3)[1] < 0.01


def test_a_wild_minority_at_the_edge_changes_nothing() -> None:
    calm = [[0.6, 0.4]] * 8
    assert crowd.crowd_forecast([[0.01, 0.99], *calm])[0] == pytest.approx(crowd.crowd_forecast(calm)[0])


def test_a_later_forecast_weighs_more() -> None:
    weights = crowd.recency_weights(5)
    assert weights == sorted(weights)
    assert weights[-1] == 1


def test_two_forecasters_weigh_the_same() -> None:
    assert crowd.recency_weights(2) == [1.0, 1.0]


def test_no_forecasts_make_no_crowd() -> None:
    with pytest.raises(ValueError, match="at least one"):
        crowd.crowd_forecast([])
